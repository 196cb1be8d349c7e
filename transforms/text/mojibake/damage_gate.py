"""Whether and where a text may be damaged: array passes that cost clean text next to nothing."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.text import charmodel
from transforms.text.charmodel import Units
from transforms.text.mojibake.slip_signs import slip_signs
from transforms.text.tables import characters


class Limits(NamedTuple):
    """Mean log-probabilities (nats) below which text is suspicious.

    Attributes:
        line: of a line's non-ASCII characters.
        window: of eight of them in a row.
    """

    line: float
    window: float


REPAIR = Limits(-10.0, -11.8)
"""What is looked at. The lowest of 3,000 clean lines of simplified news are −8.8 and −11.1; the
damage that can be repaired is at −10.7 at most, its common kinds at −11.4."""

REPORT = Limits(-11.8, -13.2)
"""What is called damage without a repair to prove it: lists of rare names stay below."""

WINDOW = 8

_OTHER_LETTERS = "".join(
    map(chr, (*range(0x370, 0x530), *range(0x3041, 0x3130), *range(0xAC00, 0xD7A4)))
)
"""Greek, Cyrillic, kana, bopomofo and Hangul: a word of another language is rare and no damage."""

_OTHER_RE = re.compile("[\u3041-\u312f\uac00-\ud7a3]")
_COSTS = np.frombuffer(characters.COSTS, np.uint8)


@functools.cache
def _set_of(members: str) -> NDArray[np.bool_]:
    table = np.zeros(0x10000, np.bool_)
    table[charmodel.units_of(members)] = True
    return table


def holds_any(text: str, members: str) -> bool:
    """Tell whether one of `members` is in `text`, or half of its code in UTF-16."""
    return bool(_set_of(members).take(charmodel.units_of(text)).any())


def is_quiet(text: str, odd: str) -> bool:
    """Tell whether `text` has no suspicious line, no sign of a slip and no character of `odd`.

    Stands before the exact tests, to spare them: may say no to text that has none of these. No
    window can be too rare where no stretch of any length is by as much.

    >>> is_quiet("今天天气很好，", odd="＆"), is_quiet("今天天气＆很好，", odd="＆")
    (True, False)
    """
    units = charmodel.units_of(f"\n{text}\n")
    sums = _excess(odd).take(units).cumsum(dtype=np.int32)
    rises = sums - np.minimum.accumulate(sums)
    if rises.max() > MAX_RISE and _worst_window(units, odd) > MAX_RISE:
        return False
    at_ends = sums.take((units == 0x0A).nonzero()[0])
    if (at_ends[1:] > at_ends[:-1]).any():
        return False
    return next(slip_signs(text), None) is None


def _worst_window(units: Units, odd: str) -> int:
    """Return by how much (tenths of a nat) the worst window costs more than a line may."""
    excess = _excess(odd).take(units[units >= 0x80])
    sums = np.concatenate((np.zeros(WINDOW, np.int32), excess.cumsum(dtype=np.int32)))
    return int((sums[WINDOW:] - sums[:-WINDOW]).max(initial=0))


MAX_RISE = round(10 * WINDOW * (REPAIR.line - REPAIR.window))
"""Tenths of a nat by which a window that is no longer quiet costs more than a line may."""


@functools.cache
def _excess(odd: str) -> NDArray[np.int32]:
    """Return by how much (tenths of a nat) each unit costs more than those of a line may."""
    table = _COSTS + np.int32(10 * REPAIR.line)
    table[:0x80] = 0
    table[_set_of(UNINITIALISED)] = MAX_RISE // 4 + 1
    table[_set_of(odd)] = table[0xD800:0xE000] = _ODD
    return table


_ODD = 1 << 10
"""More than a window of other characters can make up for."""

UNINITIALISED = "烫燙屯葺"
"""What uninitialised memory reads as; four in a row are never text."""


def is_foreign(text: str) -> bool:
    """Tell whether a page is Japanese or Korean, which looks damaged to a model of Chinese.

    Kana side by side are 18 % of Japanese pages and more, and 6 % at most of Big5 read as GBK;
    Hangul are 74 % of Korean ones, and 59 % of GBK read as EUC-KR.
    """
    if not holds_any(text, "のいをっアン다이의"):
        return False
    codes = charmodel.codes_of(text)
    n = np.count_nonzero(codes >= 0x80)
    kana = ((codes >= 0x3041) & (codes <= 0x30FC)).astype(np.int8)
    hangul = (codes >= 0xAC00) & (codes <= 0xD7A3)
    n_pairs = np.count_nonzero(kana[1:] & kana[:-1])
    return bool(n_pairs > MIN_KANA_PAIRS * n or np.count_nonzero(hangul) > MIN_HANGUL * n)


MIN_KANA_PAIRS = 0.1
MIN_HANGUL = 0.65
"""Shares of the non-ASCII characters that make a page Japanese or Korean."""


def suspicious_lines(text: str) -> list[tuple[int, int]]:
    r"""Return the spans of the lines of `text` that may be damaged, the line feeds not counted.

    >>> suspicious_lines("今天天气很好。\n鎴戜滑鍘诲叕鍥\ue160\n明天见。")
    [(8, 16)]
    """
    return [] if is_quiet(text, odd="\ufffd") else checked_lines(text, REPAIR)


def checked_lines(text: str, limits: Limits) -> list[tuple[int, int]]:
    """Return the spans of the lines of `text` that are below `limits`, without a quick way out."""
    codes = charmodel.codes_of(text)
    costs = _COSTS[codes]
    counted = (codes >= 0x80) & (codes != 0xFFFD)
    if limits is REPORT:
        counted &= ~_set_of(_OTHER_LETTERS).take(codes)
    at_counted = np.flatnonzero(counted)
    ends = np.append(np.flatnonzero(codes == 0x0A), len(text))
    bad = _bad_lines(costs[at_counted], at_counted, ends, limits)
    if limits is REPAIR:
        signs = np.fromiter(slip_signs(text), np.intp)
        signs = np.concatenate((np.flatnonzero(codes == 0xFFFD), signs))
        bad = np.union1d(bad, np.searchsorted(ends, signs))
    found = []
    for line in bad.tolist():
        start, stop = int(ends[line - 1]) + 1 if line else 0, int(ends[line])
        n_counted = int(np.searchsorted(at_counted, stop) - np.searchsorted(at_counted, start))
        if len(_OTHER_RE.findall(text, start, stop)) <= 0.35 * n_counted:
            found.append((start, stop))
    return found


def _bad_lines(
    costs: NDArray[np.uint8],
    at: NDArray[np.intp],
    ends: NDArray[np.intp],
    limits: Limits,
) -> NDArray[np.intp]:
    """Return the lines whose mean, or whose worst window, is below the limits.

    Args:
        costs: of the characters that count, tenths of a nat.
        at: where they stand.
        ends: where each line ends.
        limits: in nats.
    """
    sums = np.concatenate(([0], np.cumsum(costs, dtype=np.int64)))
    lasts = np.searchsorted(at, ends)
    firsts = np.concatenate(([0], lasts[:-1]))
    low = sums[lasts] - sums[firsts] > -10 * limits.line * (lasts - firsts)
    worst = np.flatnonzero(sums[WINDOW:] - sums[:-WINDOW] > -10 * limits.window * WINDOW)
    if not worst.size:
        return np.flatnonzero(low)
    lines = np.searchsorted(ends, at[worst])
    whole = lines == np.searchsorted(ends, at[worst + WINDOW - 1])
    return np.union1d(np.flatnonzero(low), lines[whole])
