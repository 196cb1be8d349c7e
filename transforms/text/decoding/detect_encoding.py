"""Find out how a page's bytes are encoded, and decode them."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import chardet
from annotated_types import Ge, Interval, Le
from chardet import EncodingEra

from transforms.text.decoding import byte_signs, codec_readings
from transforms.text.decoding.codec_readings import (
    BIG5,
    GB18030,
    NAME_OF_LABEL,
    UTF8,
    line_score,
    plausibility,
)
from transforms.text.html.sniff import is_html
from transforms.text.records import Flag, Page, RawPage, Reason, Rejected

STEP = "detect_encoding"


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodingConfig:
    """Settings of `detect_encoding`.

    Attributes:
        min_plausibility: nats per non-ASCII character a reading must reach. Measured: Chinese −6
            to −9, Japanese and Korean −5 to −9, wrong readings −13 or less.
        hint_bonus: nats for the declared charset: decides ties, never overrides evidence.
        max_control_share: share of control bytes above which bytes are no text.
        min_chardet_confidence: 0–1; below it chardet guesses (28 to 87 % right).
    """

    min_plausibility: Annotated[float, Le(0)] = -10.5
    hint_bonus: Annotated[float, Ge(0)] = 12.0
    max_control_share: Annotated[float, Interval(ge=0, le=1)] = 0.01
    min_chardet_confidence: Annotated[float, Interval(ge=0, le=1)] = 0.25


@dataclass(frozen=True, slots=True)
class Decoded:
    """Bytes as text.

    Attributes:
        basis: bom, ascii, utf-8, utf-8-cut, nul-pattern, escape, scored, hint, mixed or chardet.
        n_undecodable: bytes that no character could be read from, U+FFFD in their place. Half a
            character at a cut end is left out, and not counted.
    """

    text: str
    encoding: str
    basis: str
    n_undecodable: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why bytes are no text; the fields are those of `Rejected`."""

    reason: Reason
    kind: str = ""
    detail: str = ""


def detect_encoding(raw: RawPage, config: EncodingConfig) -> Page | Rejected:
    """Decode the page's bytes."""
    if raw.read_as is not None:
        text = raw.data.decode("utf-8", "replace")
        result: Decoded | Refusal = Decoded(text, *raw.read_as)
    else:
        result = decode(raw.data, raw.declared, config)
    if isinstance(result, Refusal):
        return Rejected(raw, STEP, result.reason, result.kind, result.detail)
    flags = [Flag.TRUNCATED] if raw.truncated else []
    if result.basis == "mixed":
        flags.append(Flag.MIXED_ENCODING)
    if result.n_undecodable:
        flags.append(Flag.UNDECODABLE_BYTES)
    return Page(
        raw.origin,
        result.text,
        encoding=result.encoding,
        encoding_basis=result.basis,
        html=raw.html or is_html(result.text),
        n_undecodable=result.n_undecodable,
        n_chars_raw=len(result.text),
        meta=raw.given,
        flags=tuple(flags),
    )


def decode(data: bytes, declared: str | None, config: EncodingConfig) -> Decoded | Refusal:
    """Decode `data`, or say why it is no text.

    The order is that of certainty: marks, strict UTF-8, escapes, scored readings, chardet, and last
    a reading line by line. A declared charset, by the transport or in the page, never overrides
    evidence: on real sites it is wrong too often.
    """
    if not data:
        return Refusal(Reason.EMPTY)
    kind = byte_signs.binary_kind(data)
    if kind:
        return Refusal(Reason.BINARY, kind)
    has_nul = b"\0" in data
    if has_nul and not data.strip(b"\0"):
        return Refusal(Reason.ALL_ZERO, detail=f"{len(data)} bytes")
    if has_nul:
        data = byte_signs.without_nul_padding(data)
    marked = _decode_marked(data, has_nul)
    if marked is not None:
        return marked
    if data.isascii() and not has_nul:
        return _decode_ascii(data, config)
    utf8 = None if has_nul else _decode_utf8(data)
    return utf8 or _decode_scored(data, declared, config)


def _decode_marked(data: bytes, has_nul: bool) -> Decoded | Refusal | None:
    """Decode what a byte order mark or the pattern of its NULs gives away."""
    encoding, length = byte_signs.byte_order_mark(data)
    if encoding == "utf-8":
        return _decode_lines(data[length:], UTF8.codec, encoding, "bom")
    if encoding:
        read = _replaced(data[length:], encoding)
        is_wide = encoding.startswith("utf-16") and len(read.text) >= 8
        if is_wide and plausibility(read.text[:4000]) < -15:
            return Refusal(Reason.BINARY, "utf16-bom-garbage")
        return _decoded(read, encoding, "bom")
    encoding = byte_signs.utf32_order(data) if has_nul and len(data) >= 8 else ""
    return _decoded(_replaced(data, encoding), encoding, "nul-pattern") if encoding else None


def _decode_ascii(data: bytes, config: EncodingConfig) -> Decoded | Refusal:
    if byte_signs.control_share(data) > config.max_control_share and b"\x1b" not in data:
        return Refusal(Reason.BINARY, "control")
    escapes = byte_signs.escape_encoding(data)
    if escapes == "iso-2022-cn":
        return Refusal(Reason.UNSUPPORTED_ENCODING, escapes)
    if escapes:
        return _decoded(_replaced(data, escapes), escapes, "escape")
    if _is_utf7(data):
        return Refusal(Reason.UNSUPPORTED_ENCODING, "utf-7")
    return Decoded(data.decode("ascii"), "ascii", "ascii")


def _is_utf7(data: bytes) -> bool:
    if b"+" not in data or b"-" not in data:
        return False
    try:
        text = data[:4096].decode("utf-7")
    except UnicodeDecodeError:
        return False
    return sum("\u4e00" <= c <= "\u9fff" for c in text) >= 3 and plausibility(text) > -10.5


def _decode_utf8(data: bytes) -> Decoded | None:
    """Decode UTF-8 whose ends may be cut inside a character; None if it is something else."""
    try:
        return Decoded(data.decode("utf-8"), "utf-8", "utf-8")
    except UnicodeDecodeError as error:
        if 3 < error.start < len(data) - 3:
            return None
    head = next((i for i, byte in enumerate(data[:4]) if byte & 0xC0 != 0x80), 0)
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data[head:])
    except UnicodeDecodeError:
        return None
    return None if text.isascii() else Decoded(text, "utf-8", "utf-8-cut")


def _decode_scored(data: bytes, declared: str | None, config: EncodingConfig) -> Decoded | Refusal:
    label = (declared or byte_signs.declared_charset(data)).lower()
    hint = NAME_OF_LABEL.get(label, "")
    wide = byte_signs.control_share(data.rstrip(b"\0")) > config.max_control_share
    best, *others = codec_readings.rank(data, hint, config.hint_bonus, wide)
    name, codec, language, _ = best.candidate
    is_named = name != "cp1252" or name == hint
    is_read = not best.text.isascii() or data.isascii()
    if not (is_named and is_read) or (plausibility(best.text, language) < config.min_plausibility):
        return _ask_chardet(data, label, config)
    decided = name == hint and any(r.score > best.score for r in others)
    if not name.startswith("utf-16"):
        data = data.rstrip(b"\0")
    if best.skip and not _decodes(data.split(b"\n", 1)[0], "utf-8"):
        data = data[1:]
    return _decode_lines(data, codec, name, "hint" if decided else "scored")


def _ask_chardet(data: bytes, label: str, config: EncodingConfig) -> Decoded | Refusal:
    verdict = chardet.detect(
        data, encoding_era=EncodingEra.MODERN_WEB | EncodingEra.LEGACY_ISO, compat_names=False
    )
    encoding = verdict["encoding"]
    if encoding is None:
        kind = (verdict.get("mime_type") or "application/octet-stream").split("/")[-1]
        return Refusal(Reason.BINARY, kind)
    mixed = _decode_mixed(data, config)
    if mixed is not None:
        return mixed
    sure = (
        verdict["confidence"] >= config.min_chardet_confidence
        or encoding == label
        or _fits(data, encoding, verdict["language"])
    )
    if sure and encoding not in ("gb18030", "big5", "big5hkscs", "utf-8"):
        return _decoded(_replaced(data, encoding), encoding, "chardet")
    if _is_western(data):
        return _decoded(_replaced(data, "cp1252"), "cp1252", "scored")
    return Refusal(
        Reason.UNDECODABLE, detail=f"first undecodable byte at offset {_first_bad_byte(data)}"
    )


MIN_FIT = -12.5
"""Nats per character of a reading that chardet guesses at, and that has no byte too many: wrong
readings of Japanese and Korean have −13 and less, lists of their rarest characters −11."""


def _fits(data: bytes, encoding: str, language: str | None) -> bool:
    """Tell whether bytes are Japanese or Korean text without a loss."""
    if language not in ("ja", "ko") or not _decodes(data, encoding):
        return False
    return plausibility(data.decode(encoding), language) > MIN_FIT


def _is_western(data: bytes) -> bool:
    """Tell whether `data` reads as a western language: mostly ASCII letters, some with accents."""
    n_letters = sum(map(bytes.isalpha, map(bytes, zip(data[:4000]))))
    n_high = len(data[:4000]) - len(data[:4000].translate(None, bytes(range(0x80, 0x100))))
    text = _replaced(data[:4000], "cp1252").text
    return n_letters > 3 * n_high and plausibility(text, "latin") > -8


def _first_bad_byte(data: bytes) -> int:
    """Return how far the reading gets that gets furthest."""
    offsets = []
    for codec in (UTF8.codec, GB18030.codec, BIG5.codec):
        try:
            data.decode(codec)
        except UnicodeDecodeError as error:
            offsets.append(error.start)
    return max(offsets, default=0)


def _decode_mixed(data: bytes, config: EncodingConfig) -> Decoded | None:
    """Decode a file whose lines are partly UTF-8; None if no reading makes sense."""
    readings = {c.name: _best_lines(data, c.codec)[0] for c in (GB18030, BIG5)}
    name, read = max(readings.items(), key=lambda item: plausibility(item[1].text))
    if read.text.isascii() or plausibility(read.text) < config.min_plausibility:
        return None
    return _decoded(read, name, "mixed")


def _decode_lines(data: bytes, codec: str, name: str, basis: str) -> Decoded:
    """Decode with one codec, but each line of another encoding with its own."""
    if name not in (UTF8.name, GB18030.name, BIG5.name):
        return _decoded(_replaced(data, codec), name, basis)
    read, mixed = _best_lines(data, codec)
    return _decoded(read, name, "mixed" if mixed else basis)


def _best_lines(data: bytes, codec: str) -> tuple[_Read, bool]:
    """Return the text, and whether a line reads better in another encoding than `codec`."""
    if codec != "utf-8" and not byte_signs.may_hold_utf8(data):
        return _replaced(data, codec), False
    others = ("gb18030", "cp950") if codec == "utf-8" else ("utf-8",)
    lines = data.split(b"\n")
    foreign = {}
    for at, line in enumerate(lines):
        if line.isascii() or (codec == "utf-8" and _decodes(line, codec)):
            continue
        other = [line.decode(o) for o in others if _decodes(line, o)]
        if other:
            best = max(other, key=line_score)
            if line_score(best) > line_score(_replaced(line, codec).text) + 4:
                foreign[at] = best
    if not foreign:
        return _replaced(data, codec), False
    read = [
        _Read(foreign[at]) if at in foreign else _replaced(line, codec)
        for at, line in enumerate(lines)
    ]
    return _Read("\n".join(r.text for r in read), sum(r.n_lost for r in read)), True


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


class _Read(NamedTuple):
    """Text with U+FFFD in place of `n_lost` bytes."""

    text: str
    n_lost: int = 0


def _decoded(read: _Read, encoding: str, basis: str) -> Decoded:
    return Decoded(read.text, encoding, basis, read.n_lost)


_ALTERNATIVES = {
    "big5hkscs": ("cp950", "big5hkscs"),
    "cp950": ("cp950", "big5hkscs"),
    "cp949": ("euc_kr", "cp949"),
    "euc_jp": ("euc_jp", "euc_jisx0213"),
    "cp932": ("cp932", "shift_jisx0213"),
}
"""Codecs of one family, the commoner first: each reads what the others cannot."""


def _replaced(data: bytes, codec: str) -> _Read:
    """Decode with U+FFFD for what does not decode; a cut tail is left out.

    Of a family the first codec that reads all is taken, or the second where it reads much more.
    """
    texts = []
    for name in _ALTERNATIVES.get(codec, (codec,)):
        text = codecs.getincrementaldecoder(name)("newsclean_replace").decode(data)
        if _BAD not in text:
            return _Read(text)
        texts.append(text)
    first, last = texts[0].count(_BAD), texts[-1].count(_BAD)
    text = texts[-1] if first - last >= 3 and last < first / 2 else texts[0]
    n_lost = text.count(_BAD) + text.count(_BAD_TOO)
    return _Read(text.replace(_BAD, "\ufffd").replace(_BAD_TOO, ""), n_lost)


_BAD, _BAD_TOO = "\udc80", "\udc81"
"""The first of a run of bytes that do not decode, and each further one. Lone surrogates stand in no
decoded text, so that U+FFFD which was there before is not counted (PEP 383 does it so)."""


def _mark_bad(error: UnicodeError) -> tuple[str, int]:
    """Mark bytes that do not decode, but turn a lone 0x80 in GBK into €, as browsers do."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.encoding == GB18030.codec:
        shown = "€" if error.object[error.start] == 0x80 else _BAD
        return shown, error.start + 1
    return _BAD + _BAD_TOO * (error.end - error.start - 1), error.end


codecs.register_error("newsclean_replace", _mark_bad)
