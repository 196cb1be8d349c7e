"""Pinyin readings of characters, and how they are written on pages."""

from __future__ import annotations

import functools
import unicodedata

from transforms.text.script.to_simplified import traditional_only
from transforms.text.tables.readings import READINGS

TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"

LETTERS = "a-zA-Zɑɡüêăĕĭŏŭ" + "ÜÊ" + TONED + TONED.upper()
"""Content of a character class: every letter a reading is written with, either case."""

Pair = tuple[str, str]
"""A character and a normalised reading that it is annotated with."""

_TONED = frozenset(TONED)
_LOOKALIKES = str.maketrans("ɑɡăĕĭŏŭv", "agǎěǐǒǔü")
_TONE_MARKS = frozenset("\u0300\u0301\u0304\u030c")


@functools.lru_cache(maxsize=8192)
def normalised(reading: str) -> str:
    """Return a reading as the table writes it: composed, lower case, with the usual letters.

    >>> normalised("LŬ"), normalised("lv")
    ('lǔ', 'lü')
    """
    return unicodedata.normalize("NFC", reading).lower().translate(_LOOKALIKES)


def toneless(reading: str) -> str:
    """Return a reading without its tone: `lǜ` → `lü`."""
    letters = unicodedata.normalize("NFD", reading)
    return unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONE_MARKS))


@functools.lru_cache(maxsize=8192)
def has_tone(reading: str) -> bool:
    """Tell whether a normalised reading carries a tone mark."""
    return not _TONED.isdisjoint(reading)


@functools.cache
def readings() -> dict[str, tuple[str, ...]]:
    """Return the readings of each known character, the usual one first."""
    return {line[0]: tuple(line[1:].split(",")) for line in READINGS.split("\n")}


@functools.cache
def toneless_readings(char: str) -> frozenset[str]:
    """Return the readings of `char` without tones; empty for an unknown character."""
    return frozenset(map(toneless, readings().get(char, ())))


@functools.lru_cache(maxsize=8192)
def is_pair(pair: Pair) -> bool:
    """Tell whether a character has this reading, with its tone or without any.

    >>> is_pair(("長", "cháng")), is_pair(("長", "chang")), is_pair(("長", "chàng"))
    (True, True, False)
    """
    char, reading = pair
    return reading in (readings().get(char, ()) if has_tone(reading) else toneless_readings(char))


def is_usual(pair: Pair) -> bool:
    """Tell whether a known character has this reading before all others."""
    return readings()[pair[0]][0] == pair[1]


@functools.cache
def _keys() -> dict[str, tuple[tuple[str, bytes], ...]]:
    known = readings()
    keys: dict[str, list[tuple[str, bytes]]] = {}
    for char in sorted(traditional_only() & known.keys()):
        keys.setdefault(known[char][0], []).append((char, char.encode("gbk")))
    return {reading: tuple(found) for reading, found in keys.items()}


def keys_of(reading: str) -> tuple[tuple[str, bytes], ...]:
    """Return the traditional characters with this usual reading, each with its two GBK bytes."""
    return _keys().get(reading, ())
