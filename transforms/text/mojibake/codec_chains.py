"""Undo a wrong decoding: encode with the codec that was used, decode with the right one."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from transforms.text import charmodel
from transforms.text.mojibake.budget import Budget
from transforms.text.mojibake.holes import left_open
from transforms.text.mojibake.lost_bytes import LOST, Fill, Mended, decode_double_byte, decode_utf8

MIN_QUALITY = -10.0
"""Nats a character: what a repaired text must reach. Clean lines of ten characters have −8.8 or
more, damaged ones −10.7 or less (3,000 lines of simplified news, eight kinds)."""

MIN_GAIN = 12.0
MIN_GAIN_PER_CHARACTER = 4.5
"""Nats a repair must gain in all and per damaged character. True repairs gain 8 to 15."""

MAX_LOST = 0.4
"""Share of lost characters above which a reading counts as a coincidence."""

SAMPLE = 2000
"""Characters on which chains are compared."""

TRY_STEPS = 150
STEPS_PER_CHARACTER = 3
"""Steps of a try at a chain, and more for each character."""


class Chain(NamedTuple):
    """A wrong decoding that can be undone.

    Attributes:
        name: `<what the bytes were>_as_<what they were read as>`: the reason of the edit.
        scripts: classes of lines it is tried on: han, latin, cyrillic.
        inverse: name of the chain that would lead back.
    """

    name: str
    wrong: str
    right: str
    script: str
    inverse: str = ""


class Repair(NamedTuple):
    """What a line reads after one or two chains.

    Attributes:
        chains: in the order they were undone.
        gain: nats.
        n_lost: characters that had lost a byte.
    """

    text: str
    chains: tuple[Chain, ...]
    gain: float
    n_lost: int

    @property
    def reason(self) -> str:
        """The names of the chains, as the reason of an edit."""
        return "+".join(dict.fromkeys(chain.name for chain in self.chains))

    @property
    def rank(self) -> float:
        """The gain, less what lost characters and a second chain cost in belief."""
        return self.gain - 6 * self.n_lost - 8 * (len(self.chains) - 1)


CHAINS = (
    Chain("utf8_as_gbk", "gb18030", "utf-8", "han"),
    Chain("gbk_as_big5", "cp950", "gb18030", "han", "big5_as_gbk"),
    Chain("big5_as_gbk", "gb18030", "cp950", "han", "gbk_as_big5"),
    Chain("utf8_as_cp1252", "cp1252", "utf-8", "latin"),
    Chain("utf8_as_latin1", "latin-1", "utf-8", "latin"),
    Chain("gbk_as_cp1252", "cp1252", "gb18030", "latin"),
    Chain("gbk_as_latin1", "latin-1", "gb18030", "latin"),
    Chain("big5_as_cp1252", "cp1252", "cp950", "latin"),
    Chain("big5_as_latin1", "latin-1", "cp950", "latin"),
    Chain("gbk_as_cp1250", "cp1250", "gb18030", "latin"),
    Chain("utf8_as_cp437", "cp437", "utf-8", "latin"),
    Chain("gbk_as_cp437", "cp437", "gb18030", "latin"),
    Chain("utf8_as_mac_roman", "mac_roman", "utf-8", "latin"),
    Chain("gbk_as_cp1251", "cp1251", "gb18030", "cyrillic"),
    Chain("utf8_as_cp1251", "cp1251", "utf-8", "cyrillic"),
)
"""Shift_JIS and EUC-KR chains would make false edits in Japanese and Korean; UTF-8 read as Big5 has
lost half its bytes."""

_LATIN = "\u0080-\u024f\u02c6\u02dc\u2013-\u203a€™\u0391-\u03c9\u2200-\u22ff\u2500-\u25ff"
_SCRIPT_RE = {
    "han": re.compile("[\u4e00-\u9fff\ue000-\uf8ff]"),
    "latin": re.compile(f"[{_LATIN}]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
}
HANZI_RE = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_SIDE_BY_SIDE_RE = re.compile("[^\x00-\x7f]{2}")
_NON_ASCII_RE = re.compile("[^\x00-\x7f]")


def count(pattern: re.Pattern[str], text: str) -> int:
    """Return how often `pattern` matches."""
    return len(pattern.findall(text))


def n_non_ascii(text: str) -> int:
    """Return the number of characters above U+007F."""
    return count(_NON_ASCII_RE, text)


def best_repair(text: str, budget: Budget) -> Repair | None:
    """Return the best accepted reading of a damaged text, its holes left open, or None.

    A lossless single chain wins over a lossy one, and that over two chains in a row. What a long
    text was misread as is found on its beginning. Hanzi have two bytes and more, so that what they
    were misread as stands side by side, and single letters with accents are no damage.
    """
    if not _SIDE_BY_SIDE_RE.search(text):
        return None
    if len(text) <= 2 * SAMPLE:
        return _best_repair(text, budget)
    found = _best_repair(text[:SAMPLE], budget)
    repair = undo_chains(text, found.chains) if found else None
    return repair if repair and is_accepted(text, repair) else None


def _best_repair(text: str, budget: Budget) -> Repair | None:
    single = list(_undone(text, budget))
    accepted = [r for r in single if is_accepted(text, r)]
    if not accepted:
        accepted = [r for first in single for r in _undone_twice(text, first, budget)]
    lossless = [r for r in accepted if not r.n_lost and len(r.chains) == 1]
    if lossless:
        return max(lossless, key=lambda r: r.gain)
    return max(accepted, key=lambda r: r.rank, default=None)


def fill_repair(text: str, repair: Repair, fill: Fill) -> str:
    """Return what `text` reads after `repair`, its holes filled."""
    if not repair.n_lost:
        return repair.text
    for chain in repair.chains:
        mended = _undo(text, chain, fill)
        text = mended.text if mended else text
    return text


def undo_chains(text: str, chains: tuple[Chain, ...]) -> Repair | None:
    """Return what `text` reads when given chains are undone, whether or not that is better."""
    after, n_lost = text, 0
    for chain in chains:
        mended = _undo(after, chain, left_open)
        if mended is None:
            return None
        after, n_lost = mended.text, n_lost + mended.n_lost
    gain = charmodel.total(after) - charmodel.total(text)
    return Repair(after, chains, gain, n_lost) if after != text else None


def _undone_twice(text: str, first: Repair, budget: Budget) -> Iterator[Repair]:
    if (
        charmodel.mean(first.text) >= MIN_QUALITY
        or len(first.text) >= 0.9 * len(text)
        or first.n_lost > 0.25 * len(first.text)
    ):
        return
    for last in _undone(first.text, budget):
        repair = Repair(
            last.text,
            first.chains + last.chains,
            first.gain + last.gain,
            first.n_lost + last.n_lost,
        )
        if last.chains[0].name != first.chains[0].inverse and is_accepted(text, repair):
            yield repair


def _undone(text: str, budget: Budget) -> Iterator[Repair]:
    """Yield what `text` reads when each chain that fits its script is undone, holes left open."""
    n = n_non_ascii(text)
    here = {s for s, p in _SCRIPT_RE.items() if count(p, text) > (0 if s == "han" else 0.3 * n)}
    before = charmodel.total(text)
    for chain in CHAINS:
        if chain.script not in here or budget.is_spent:
            continue
        budget.spend(TRY_STEPS + STEPS_PER_CHARACTER * len(text))
        mended = _undo(text, chain, left_open)
        if mended is not None and mended.text != text:
            yield Repair(
                mended.text, (chain,), charmodel.total(mended.text) - before, mended.n_lost
            )


def _undo(text: str, chain: Chain, fill: Fill) -> Mended | None:
    """Return what `text` reads without one wrong decoding, or None.

    € is a lone 0x80 in what browsers read as GBK, and a character in what others do.
    """
    readings = [
        mended
        for euro in ((b"\x80", b"\xa2\xe3") if "€" in text else (b"",))
        if (data := encode(text, chain.wrong, euro)) is not None
        and (mended := _decode(data, chain, fill)) is not None
    ]
    return min(readings, key=lambda r: r.n_lost, default=None)


def _decode(data: bytes, chain: Chain, fill: Fill) -> Mended | None:
    if chain.right == "utf-8":
        return decode_utf8(data, fill, chain.wrong)
    return decode_double_byte(data, fill, chain.right)


def is_accepted(text: str, repair: Repair) -> bool:
    """Tell whether a reading is Chinese, gains enough over `text`, and has not lost too much."""
    n_after = n_non_ascii(repair.text)
    return (
        count(HANZI_RE, repair.text) >= 0.4 * n_after
        and charmodel.mean(repair.text) > MIN_QUALITY
        and repair.gain > max(MIN_GAIN, MIN_GAIN_PER_CHARACTER * n_non_ascii(text))
        and repair.n_lost <= MAX_LOST * n_after
    )


def encode(text: str, codec: str, euro: bytes = b"\x80") -> bytes | None:
    """Return the bytes that `text` was decoded from with `codec`, U+FFFD as a lost byte, or None.

    Args:
        text: misread text; what `codec` does not define may stand there as a C1 character.
        codec: the one it was read with.
        euro: bytes of € in GBK.
    """
    if codec == "gb18030":
        parts = (part.split("€") for part in text.split("\ufffd"))
        return LOST.join(euro.join(p.encode(codec) for p in part) for part in parts)
    try:
        return text.encode(codec, "newsclean_lost")
    except UnicodeEncodeError:
        return None


def _lost_or_c1(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    character = error.object[error.start]
    if character == "\ufffd":
        return LOST, error.start + 1
    if error.encoding == "charmap" and "\x80" <= character <= "\x9f":
        return character.encode("latin-1"), error.start + 1
    if error.encoding == "cp950":
        return character.encode("big5hkscs"), error.start + 1
    raise error


codecs.register_error("newsclean_lost", _lost_or_c1)
