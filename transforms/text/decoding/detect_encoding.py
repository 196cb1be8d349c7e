"""Find out how a page's bytes are encoded, and decode them."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Annotated

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
        n_undecodable: U+FFFD that stand in the text for bytes that say nothing.
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
    flags = [Flag.MIXED_ENCODING] if result.basis == "mixed" else []
    if result.n_undecodable:
        flags.append(Flag.UNDECODABLE_BYTES)
    return Page(
        raw.origin,
        result.text,
        encoding=result.encoding,
        encoding_basis=result.basis,
        html=raw.html,
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
    if encoding.startswith("utf-16"):
        text = _replaced(data[length:], encoding)
        if len(text) >= 8 and plausibility(text[:4000]) < -15:
            return Refusal(Reason.BINARY, "utf16-bom-garbage")
        return _decoded(text, encoding, "bom")
    if encoding == "utf-8":
        return _decode_lines(data[length:], UTF8.codec, encoding, "bom")
    if encoding:
        return _decoded(_replaced(data[length:], encoding), encoding, "bom")
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
    sure = verdict["confidence"] >= config.min_chardet_confidence or encoding == label
    if sure and encoding not in ("gb18030", "big5", "big5hkscs", "utf-8"):
        return _decoded(_replaced(data, encoding), encoding, "chardet")
    if _is_western(data):
        return _decoded(_replaced(data, "cp1252"), "cp1252", "scored")
    return Refusal(
        Reason.UNDECODABLE, detail=f"first undecodable byte at offset {_first_bad_byte(data)}"
    )


def _is_western(data: bytes) -> bool:
    """Tell whether `data` reads as a western language: mostly ASCII letters, some with accents."""
    n_letters = sum(map(bytes.isalpha, map(bytes, zip(data[:4000]))))
    n_high = len(data[:4000]) - len(data[:4000].translate(None, bytes(range(0x80, 0x100))))
    return n_letters > 3 * n_high and plausibility(_replaced(data[:4000], "cp1252"), "latin") > -8


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
    texts = {c.name: _best_lines(data, c.codec)[0] for c in (GB18030, BIG5)}
    name = max(texts, key=lambda n: plausibility(texts[n]))
    if texts[name].isascii() or plausibility(texts[name]) < config.min_plausibility:
        return None
    return _decoded(texts[name], name, "mixed")


def _decode_lines(data: bytes, codec: str, name: str, basis: str) -> Decoded:
    """Decode with one codec, but each line of another encoding with its own."""
    if name not in (UTF8.name, GB18030.name, BIG5.name):
        return _decoded(_replaced(data, codec), name, basis)
    text, mixed = _best_lines(data, codec)
    return _decoded(text, name, "mixed" if mixed else basis)


_UTF8_RE = re.compile(rb"[\xe1-\xef][\x80-\xbf]{2}[\xe1-\xef][\x80-\xbf]{2}")


def _best_lines(data: bytes, codec: str) -> tuple[str, bool]:
    """Return the text, and whether a line reads better in another encoding than `codec`."""
    if codec != "utf-8" and not _UTF8_RE.search(data):
        return _replaced(data, codec), False
    others = [c for c in ("utf-8", "gb18030", "cp950") if c != codec][
        : 2 if codec == "utf-8" else 1
    ]
    lines = data.split(b"\n")
    foreign = {}
    for at, line in enumerate(lines):
        if line.isascii() or (codec == "utf-8" and _decodes(line, codec)):
            continue
        other = [line.decode(o) for o in others if _decodes(line, o)]
        if other:
            best = max(other, key=line_score)
            if line_score(best) > line_score(_replaced(line, codec)) + 4:
                foreign[at] = best
    if not foreign:
        return _replaced(data, codec), False
    return (
        "\n".join(foreign.get(at) or _replaced(line, codec) for at, line in enumerate(lines)),
        True,
    )


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(text: str, encoding: str, basis: str) -> Decoded:
    return Decoded(text, encoding, basis, text.count("\ufffd"))


_ALTERNATIVES = {
    "big5hkscs": ("cp950", "big5hkscs"),
    "cp950": ("cp950", "big5hkscs"),
    "cp949": ("euc_kr", "cp949"),
    "euc_jp": ("euc_jp", "euc_jisx0213"),
    "cp932": ("cp932", "shift_jisx0213"),
}
"""Codecs of one family, the commoner first: each reads what the others cannot."""


def _replaced(data: bytes, codec: str) -> str:
    """Decode with U+FFFD for what does not decode; a cut tail is left out.

    Of a family the first codec that reads all is taken, or the second where it reads much more.
    """
    if codec == GB18030.codec:
        return codecs.getincrementaldecoder(codec)("newsclean_gb").decode(data)
    names = _ALTERNATIVES.get(codec, (codec,))
    for name in names:
        try:
            return codecs.getincrementaldecoder(name)().decode(data)
        except UnicodeDecodeError:
            continue
    texts = [codecs.getincrementaldecoder(name)("replace").decode(data) for name in names]
    first, last = texts[0].count("\ufffd"), texts[-1].count("\ufffd")
    return texts[-1] if first - last >= 3 and last < first / 2 else texts[0]


def _euro_or_replacement(error: UnicodeError) -> tuple[str, int]:
    """Turn a lone 0x80 into €, as browsers do, and any other bad byte into U+FFFD."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    byte = error.object[error.start]
    return ("€" if byte == 0x80 else "\ufffd"), error.start + 1


codecs.register_error("newsclean_gb", _euro_or_replacement)
