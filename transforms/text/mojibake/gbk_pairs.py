"""The two bytes of GBK characters, and what they may have been where one of them is lost."""

from __future__ import annotations

import functools
import itertools
import re

PUNCTUATION = ";,:!；，：！？"
"""Marks whose full-width form begins with the byte A3."""

FULL_WIDTH = dict(zip(";,:!(?", "；，：！（？", strict=True))
"""Marks that later steps of a site may have made half-width, and how GBK had them."""

LOST_LEAD_RE = re.compile("\\?(?<=([\u4e00-\u9fff]).)([@-~])([\u4e00-\u9fff])")
"""A lost first byte and a second one that is a letter, between hanzi; groups are these three."""

LEADS = bytes(range(0x81, 0xFF))
TRAILS = bytes((*range(0x40, 0x7F), *range(0x80, 0xFF)))
"""What the first and the second byte of a character may be (GB 18030, two-byte part)."""

_COMMON_LEADS = bytes((0xA1, 0xA3, *range(0xB0, 0xF8)))
"""First bytes of the punctuation and the hanzi of GB 2312, which running text is made of."""


@functools.lru_cache(8192)
def two_bytes(character: str) -> bytes:
    """Return the two GBK bytes of a character, or nothing if it has another number of them."""
    data = character.encode("gb18030")
    return data if len(data) == 2 else b""


@functools.lru_cache(8192)
def characters(leads: bytes, trails: bytes) -> tuple[str, ...]:
    r"""Return the characters whose first byte is one of `leads` and whose second one of `trails`.

    >>> characters(b"\xd6", b"\xd0")
    ('中',)
    """
    pairs = (bytes(pair) for pair in itertools.product(leads, trails))
    texts = (pair.decode("gb18030", "ignore") for pair in pairs)
    return tuple(t for t in texts if len(t) == 1 and t >= "\x80" and not "\ue000" <= t <= "\uf8ff")


@functools.cache
def lost_trails(after: int | None = None) -> bytes:
    """Return the second bytes that are lost when the pairs are one byte late.

    There each begins a pair, and only what makes none with the byte behind it is lost.

    Args:
        after: that byte; None where it is lost too, but began a character.
    """
    behind = _COMMON_LEADS if after is None else bytes((after,))
    return bytes(t for t in TRAILS if t >= 0x80 and any(not _is_pair(t, b) for b in behind))


def _is_pair(lead: int, trail: int) -> bool:
    try:
        bytes((lead, trail)).decode("gbk")
    except UnicodeDecodeError:
        return False
    return True
