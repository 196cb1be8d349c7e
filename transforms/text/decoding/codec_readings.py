"""Candidate encodings, and how well a page's bytes read in each of them."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

import numpy as np

from transforms.text import charmodel
from transforms.text.charmodel import Floats


class Candidate(NamedTuple):
    """An encoding to try.

    Attributes:
        name: what the page is recorded as.
        codec: Python codec, a superset of the encoding.
        language: weights that its text is scored with.
        prior: nats; how much less likely than UTF-8 and GBK a page of this kind is.
    """

    name: str
    codec: str
    language: str
    prior: float

    @property
    def is_double_byte(self) -> bool:
        """Whether a head cut inside a character puts every pair out of step."""
        return self.name in ("gb18030", "big5", "euc_jp", "cp949")


class Reading(NamedTuple):
    """The bytes as one candidate reads them.

    Attributes:
        text: the sample as text.
        score: its log-probability and the candidate's prior, nats.
        skip: 1 if the page reads better without its first byte (a head cut inside a character).
    """

    candidate: Candidate
    text: str
    score: float
    skip: int = 0


UTF8 = Candidate("utf-8", "utf-8", "zh", 0)
GB18030 = Candidate("gb18030", "gb18030", "zh", 0)
BIG5 = Candidate("big5", "big5hkscs", "zh", -2)
CHINESE = (UTF8, GB18030, BIG5)
OTHERS = (
    Candidate("euc_jp", "euc_jp", "ja", -7),
    Candidate("cp932", "cp932", "ja", -7),
    Candidate("cp949", "cp949", "ko", -9),
    Candidate("cp1252", "cp1252", "latin", -5),
)
WIDE = (
    Candidate("utf-16-le", "utf-16-le", "zh", -6),
    Candidate("utf-16-be", "utf-16-be", "zh", -7),
)

_LABELS = {
    "utf-8": ("utf-8", "utf8"),
    "gb18030": ("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936", "euc-cn"),
    "big5": ("big5", "big5-hkscs", "x-x-big5", "cn-big5", "cp950"),
    "euc_jp": ("euc-jp",),
    "cp932": ("shift_jis", "shift-jis", "x-sjis", "windows-31j"),
    "cp949": ("euc-kr", "ks_c_5601-1987"),
    "cp1252": ("iso-8859-1", "windows-1252", "latin1"),
    "utf-16-le": ("utf-16", "utf-16le"),
    "utf-16-be": ("utf-16be",),
}
NAME_OF_LABEL = {label: name for name, labels in _LABELS.items() for label in labels}
"""Charset labels found on Chinese sites, to candidate names (WHATWG Encoding, section 4.2)."""

CLEAR_BYTES = 200
CLEAR_SCORE = -4.2
CLEAR_LEAD = 60.0
"""A sample of so many bytes whose best Chinese reading scores better than this per byte and leads
by so many nats needs no others. Chinese scores −2.4 (UTF-8) to −3.8 (GBK, Big5) a byte."""

SAMPLES = ((2048, 300), (0x10000, 2000))
"""Bytes looked at, and bytes kept of each of three pieces. The small sample decides nearly every
clean page, at a fifth of the cost."""

SKIP_COST = 8.0
"""Nats a reading pays for leaving the first byte out."""

MAX_SLIPPED_BYTES = 600
"""Up to this size one lost byte may put most of a page out of step; in longer ones a line feed or
other ASCII byte sets the pairs right again soon enough."""

SLIP_COST = 12.0
"""Nats a reading pays for a change of step."""

_ASCII_RUN_RE = re.compile(rb"(?<=[\x00-\x7f]{2})[\x00-\x7f]{3,}")


def rank(data: bytes, hint: str, hint_bonus: float, wide: bool = False) -> list[Reading]:
    """Return the readings of a sample of `data`, best first.

    A small sample of Chinese bytes is clear; only the others pay for a large one and more codecs.

    Args:
        data: the page's bytes, not valid UTF-8.
        hint: name of the candidate that the page or its transport declares, or "".
        hint_bonus: nats added for it.
        wide: it holds too many control bytes for anything but UTF-16.
    """
    if wide:
        return _sorted(_read_wide(data, len(data)), hint, hint_bonus)
    seen = b""
    readings: list[Reading] = []
    for span, piece in SAMPLES:
        if len(seen) < len(data):
            seen = _sample(data, span, piece)
            readings = _sorted([_read(seen, c) for c in _chinese(seen)], hint, hint_bonus)
            if _is_clear(readings, len(seen)):
                return readings
    readings += [_read(seen, c) for c in OTHERS]
    readings += _read_wide(data, len(seen))
    if len(seen) <= MAX_SLIPPED_BYTES:
        readings += [_read_slipped(seen, c) for c in (GB18030, BIG5)]
    return _sorted(readings, hint, hint_bonus)


def _sample(data: bytes, span: int, piece: int) -> bytes:
    """Return at most three pieces of `data` that say most about its encoding.

    Runs of ASCII shrink to two bytes and a line feed; the first byte may be half a character. The
    later pieces begin at a byte below 0x30, which is never inside a character.

    Args:
        data: not empty.
        span: bytes of it to look at, half of them at its head.
        piece: bytes of each of the three pieces.
    """
    if len(data) > span:
        middle, quarter = len(data) // 2, span // 4
        data = data[: span // 2] + data[middle : middle + quarter] + data[-quarter:]
    data = _ASCII_RUN_RE.sub(b"\n", data)
    if len(data) <= 3 * piece:
        return data
    pieces = [data[:piece]]
    for at in (len(data) // 2, len(data) - piece - 200):
        start = next((i for i in range(max(at, 0), at + 200) if data[i] < 0x30), at)
        pieces.append(data[start : start + piece])
    return b"\n\n".join(pieces)


def _chinese(data: bytes) -> tuple[Candidate, ...]:
    """Return the Chinese candidates; UTF-8 only if most of `data` can be that."""
    n_wrong = data.decode("utf-8", "replace").count("\ufffd")
    return CHINESE if 3 * n_wrong <= 0.4 * len(data) else CHINESE[1:]


def _sorted(readings: list[Reading], hint: str, bonus: float) -> list[Reading]:
    return sorted(
        readings, key=lambda r: r.score + bonus * (r.candidate.name == hint), reverse=True
    )


def _is_clear(readings: list[Reading], n_bytes: int) -> bool:
    best, second = readings[:2]
    return (
        n_bytes >= CLEAR_BYTES
        and best.score > CLEAR_SCORE * n_bytes
        and best.score - second.score > CLEAR_LEAD
    )


def _read(data: bytes, candidate: Candidate) -> Reading:
    text = data.decode(candidate.codec, "replace")
    whole = Reading(candidate, text, _log_p(text, candidate) + candidate.prior)
    may_be_cut = len(data) > 1 and data[0] >= 0x80 and data[1] >= 0x80
    if not candidate.is_double_byte or not may_be_cut:
        return whole
    text = data[1:].decode(candidate.codec, "replace")
    score = _log_p(text, candidate) + candidate.prior - SKIP_COST
    return Reading(candidate, text, score, skip=1) if score > whole.score else whole


def _read_slipped(data: bytes, candidate: Candidate) -> Reading:
    """Read as if a byte were damaged, so that the pairs are out of step before or behind it.

    Every seventh byte is tried, so that both parities are.
    """
    codec = candidate.codec
    texts = [
        data[:at].decode(codec, "replace") + data[at:].decode(codec, "replace")
        for at in range(0, len(data), 7)
    ]
    text = max(texts, key=lambda t: _log_p(t, candidate))
    return Reading(candidate, text, _log_p(text, candidate) + candidate.prior - SLIP_COST)


def _read_wide(data: bytes, n_sampled: int) -> list[Reading]:
    """Read as UTF-16, scored as if over as many bytes as the other candidates saw."""
    raw = data[: min(len(data), 6000) & ~1] or b"\n\0"
    texts = [raw.decode(c.codec, "replace") for c in WIDE]
    scale = n_sampled / len(raw)
    return [
        Reading(c, text, _log_p(text, c) * scale + c.prior)
        for c, text in zip(WIDE, texts, strict=True)
    ]


def _log_p(text: str, candidate: Candidate) -> float:
    return float(np.add.reduce(_weights(candidate.language).take(charmodel.units_of(text))))


def line_score(text: str) -> float:
    """Return the log-probability (nats) of one line as Chinese."""
    return float(np.add.reduce(_weights("zh").take(charmodel.units_of(text))))


def plausibility(text: str, language: str = "zh") -> float:
    """Return the mean log-probability (nats) of the non-ASCII characters of `text`.

    Real text has −6 to −9, a wrong reading −13 or less; text without any non-ASCII character has 0.
    A quarter of U+FFFD costs 4; fewer than 30 characters gain 1, as a short text may be unusual.
    """
    units = charmodel.units_of(text)
    units = units[units >= 0x80]
    kept = units[units != 0xFFFD]
    lost = units.size - kept.size
    if not kept.size:
        return -20.0 if lost else 0.0
    quality = float(np.maximum(_weights(language)[kept], -16).mean())
    if lost > max(2, units.size / 4):
        quality -= 4
    return quality + (units.size < 30)


_LATIN_LETTERS = "éèàáíóúüöäñçêôûßåøæœîïâëãõ"
_LATIN_MARKS = "“”‘’–—…©®°·»«€£§¶•™ \u00a0"


@functools.cache
def _weights(language: str) -> Floats:
    """Return the character table as a text in `language` would have it."""
    table = charmodel.log_p().copy()
    table[0x20:0x7F] = table[[9, 10, 13]] = -4.2
    hanzi = slice(0x4E00, 0xA000)
    if language == "ja":
        table[hanzi] -= 1
        table[0x3041:0x3094] = -5
        table[0x30A1:0x30FB] = -6
        table[0x30FC] = -4.8
        table[0x3001:0x3003] = -4.5
        table[0xFF61:0xFFA0] = -9
    elif language == "ko":
        table[hanzi] -= 3
        table[0xAC00:0xD7A4] = -11
        common = bytes(
            b for lead in range(0xB0, 0xC9) for t in range(0xA1, 0xFF) for b in (lead, t)
        )
        table[charmodel.units_of(common.decode("euc_kr"))] = -8
    elif language == "latin":
        table[hanzi] -= 3
        table[0xC0:0x180] = -7.5
        table[charmodel.units_of(_LATIN_LETTERS)] = -5.2
        table[charmodel.units_of(_LATIN_MARKS)] = -7
    table.flags.writeable = False
    return table
