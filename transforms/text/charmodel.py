"""How likely a character is in Chinese text, alone and behind another one.

Log-probabilities are in nats. The model works on UTF-16 code units, so that tables are flat and
scoring is array work; a character outside the BMP is two units.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from transforms.text.script.to_simplified import simplified_characters
from transforms.text.tables import character_pairs, characters

Floats = NDArray[np.float32]
Units = NDArray[np.uint16]

_COSTS = np.frombuffer(characters.COSTS, np.uint8)

ASCII_LOG_P = -4.5
"""What an ASCII character counts in a total: the price of a letter in a word of its own kind."""

LOST_LOG_P = -10.0
"""What U+FFFD counts in a total: it is no evidence for one reading of its neighbours or another."""


@functools.cache
def log_p() -> Floats:
    """Return the log-probability of each of the 65,536 code units."""
    table: Floats = (_COSTS / np.float32(-10)).astype(np.float32)
    table.flags.writeable = False
    return table


def units_of(text: str) -> Units:
    """Return the UTF-16 code units of `text`."""
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2")


def codes_of(text: str) -> NDArray[np.integer]:
    """Return one code per character of `text`; a half surrogate stands for those above U+FFFF."""
    units = units_of(text)
    if units.size == len(text):
        return units
    codes = np.frombuffer(text.encode("utf-32-le"), "<u4")
    return np.where(codes > 0xFFFF, np.uint32(0xD840), codes)


def total(text: str) -> float:
    """Return the log-probability of `text`, every ASCII character and every U+FFFD at one price."""
    return float(np.add.reduce(_priced().take(units_of(text))))


@functools.cache
def _priced() -> Floats:
    table = log_p().copy()
    table[:0x80] = ASCII_LOG_P
    table[0xFFFD] = LOST_LOG_P
    return table


def mean(text: str) -> float:
    """Return the mean log-probability of the non-ASCII units, U+FFFD left out; 0 without any."""
    units = units_of(text)
    counted = _counted().take(units)
    n = int(np.count_nonzero(counted))
    return float(np.add.reduce(counted)) / n if n else 0.0


@functools.cache
def _counted() -> Floats:
    table = log_p().copy()
    table[:0x80] = table[0xFFFD] = 0
    return table


def are_rare(text: str) -> NDArray[np.bool_]:
    """Tell of each character of `text` whether it is rare, as `is_rare` does."""
    codes = codes_of(text)
    rare: NDArray[np.bool_] = (_COSTS[codes] > RARE_COST) & (codes >= 0x2E80) & (codes != 0xFFFD)
    return rare


def is_rare(character: str) -> bool:
    """Tell whether a character above the symbols is hardly ever seen in running text."""
    code = ord(character)
    if code > 0xFFFF:
        return True
    return code >= 0x2E80 and code != 0xFFFD and characters.COSTS[code] > RARE_COST


RARE_COST = 130
"""Tenths of a nat: above it a character stands less than once in 400,000."""


def gain_of_pair(first: str, second: str) -> float:
    """Return `ln p(second | first) − ln p(second)`, in whatever script the two are written.

    >>> gain_of_pair("中", "国") > 2 > 0 > gain_of_pair("沐", "国")
    True
    """
    gains, back_off = _pair_tables()
    fold = simplified_characters()
    a, b = fold.get(ord(first), ord(first)), fold.get(ord(second), ord(second))
    return gains.get(a << 16 | b, back_off.get(a, 0.0))


@functools.cache
def _pair_tables() -> tuple[dict[int, float], dict[int, float]]:
    steps = np.frombuffer(character_pairs.STEPS, np.uint8).reshape(4, -1)
    keys = np.cumsum(np.ascontiguousarray(steps.T).view("<u4").ravel().astype(np.int64))
    gains = np.frombuffer(character_pairs.GAINS, np.uint8) / 2
    back_off = {0x4E00 + at: cost / -10 for at, cost in enumerate(character_pairs.BACK_OFF) if cost}
    return dict(zip(keys.tolist(), gains.tolist(), strict=True)), back_off


def log_p_of(character: str) -> float:
    """Return the log-probability of one character, whatever stands before it."""
    code = ord(character)
    if code > 0xFFFF:
        return characters.COSTS[0xD840] / -5
    return characters.COSTS[code] / -10


def chain_log_p(text: str) -> list[float]:
    """Return the log-probability of each character behind the one before it."""
    scores = []
    before = ""
    for character in text:
        gain = gain_of_pair(before, character) if before else 0.0
        scores.append(log_p_of(character) + gain)
        before = character
    return scores
