"""Whether and where a text may be damaged: array passes that cost clean text next to nothing."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.text import charmodel
from transforms.text.charmodel import RARE_COST
from transforms.text.tables import characters

Codes = NDArray[np.uint32]


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
_HALF_WIDTH_MARKS = "!,:;?"


def codes_of(text: str) -> Codes | NDArray[np.uint16]:
    """Return one code per character of `text`; a half surrogate stands for those above U+FFFF."""
    units = charmodel.units_of(text)
    if units.size == len(text):
        return units
    codes = np.frombuffer(text.encode("utf-32-le"), "<u4")
    return np.where(codes > 0xFFFF, np.uint32(0xD840), codes)


@functools.cache
def _set_of(members: str) -> NDArray[np.bool_]:
    table = np.zeros(0x10000, np.bool_)
    table[charmodel.units_of(members)] = True
    return table


def holds_any(text: str, members: str) -> bool:
    """Tell whether one of `members` is in `text`, or half of its code in UTF-16."""
    return bool(_set_of(members).take(charmodel.units_of(text)).any())


def is_quiet(text: str, odd: str) -> bool:
    """Tell whether `text` has no suspicious line and none of the characters in `odd`.

    Stands before the exact tests, to spare them: may say no to text that has neither.

    >>> is_quiet("今天天气很好，", odd="＆"), is_quiet("今天天气＆很好，", odd="＆")
    (True, False)
    """
    units = charmodel.units_of(text)
    if units.size < 2:
        return False
    excess = _excess(odd).take(units)
    lines = np.concatenate(([0], np.flatnonzero(units == 0x0A)))
    if excess.max() >= _ODD or np.add.reduceat(excess, lines).max() > 0:
        return False
    sums = excess[units >= 0x80].cumsum()
    windows = sums[WINDOW:] - sums[:-WINDOW]
    if windows.max(initial=0) > 10 * WINDOW * (REPAIR.line - REPAIR.window):
        return False
    rare = np.flatnonzero(excess > RARE_COST + 10 * REPAIR.line)
    if rare.size and _set_of(_HALF_WIDTH_MARKS).take(units[[rare - 1, rare - 2]]).any():
        return False
    return not _DOUBLE_MARK_RE.search(text)


@functools.cache
def _excess(odd: str) -> NDArray[np.int32]:
    """Return by how much (tenths of a nat) each unit costs more than those of a line may."""
    table = _COSTS + np.int32(10 * REPAIR.line)
    table[:0x80] = 0
    table[_set_of(odd)] = table[0xD800:0xE000] = _ODD
    return table


_ODD = 1 << 20
"""More than a unit can cost."""

_DOUBLE_MARK_RE = re.compile(r"\?[!,:;]")


def is_foreign(text: str) -> bool:
    """Tell whether a page is Japanese or Korean, which looks damaged to a model of Chinese.

    Kana side by side are 18 % of Japanese pages and more, and 6 % at most of Big5 read as GBK;
    Hangul are 74 % of Korean ones, and 59 % of GBK read as EUC-KR.
    """
    if not holds_any(text, "のいをっアン다이의"):
        return False
    codes = codes_of(text)
    n = np.count_nonzero(codes >= 0x80)
    kana = ((codes >= 0x3041) & (codes <= 0x30FC)).astype(np.int8)
    hangul = (codes >= 0xAC00) & (codes <= 0xD7A3)
    n_pairs = np.count_nonzero(kana[1:] & kana[:-1])
    return bool(n_pairs > MIN_KANA_PAIRS * n or np.count_nonzero(hangul) > MIN_HANGUL * n)


MIN_KANA_PAIRS = 0.1
MIN_HANGUL = 0.65
"""Shares of the non-ASCII characters that make a page Japanese or Korean."""


def suspicious_lines(text: str, limits: Limits = REPAIR) -> list[tuple[int, int]]:
    r"""Return the spans of the lines of `text` that may be damaged, the line feeds not counted.

    >>> suspicious_lines("今天天气很好。\n鎴戜滑鍘诲叕鍥\ue160\n明天见。")
    [(8, 16)]
    """
    return [] if is_quiet(text, odd="\ufffd") else checked_lines(text, limits)


def checked_lines(text: str, limits: Limits) -> list[tuple[int, int]]:
    """Return what `suspicious_lines` does, without its quick way out."""
    codes = codes_of(text)
    costs = _COSTS[codes]
    counted = (codes >= 0x80) & (codes != 0xFFFD)
    if limits is REPORT:
        counted &= ~_set_of(_OTHER_LETTERS).take(codes)
    at_counted = np.flatnonzero(counted)
    ends = np.append(np.flatnonzero(codes == 0x0A), len(text))
    bad = _bad_lines(costs[at_counted], at_counted, ends, limits)
    if limits is REPAIR:
        bad = np.union1d(bad, np.searchsorted(ends, _marks_of_slips(codes, costs)))
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


def _marks_of_slips(codes: NDArray[np.integer], costs: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Return where U+FFFD stands, or a mark before another or soon before a rare character."""
    if codes.size < 3:
        return np.zeros(0, np.intp)
    lost = np.flatnonzero(codes == 0xFFFD)
    is_mark = _set_of(_HALF_WIDTH_MARKS).take(codes)
    marks = np.flatnonzero(is_mark[:-2])
    near = marks[:, None] + [1, 2]
    rare = (costs[near] > RARE_COST) & (codes[near] >= 0x2E80) & (codes[near] != 0xFFFD)
    double = (codes[marks] == 0x3F) & is_mark[marks + 1] & (codes[marks + 1] != 0x3F)
    return np.concatenate((lost, marks[rare.any(axis=1) | double]))
