"""Where a byte slip may stand, and those too short to be read again with certainty."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator

import numpy as np

from transforms.text import charmodel
from transforms.text.charmodel import RARE_COST, is_rare
from transforms.text.mojibake.byte_slip import may_begin
from transforms.text.mojibake.gbk_pairs import (
    FULL_WIDTH,
    LEADS,
    LOST_LEAD_RE,
    PUNCTUATION,
    characters,
    two_bytes,
)
from transforms.text.tables.characters import COSTS

_HANZI = "\u4e00-\u9fff"
_LETTER_RE = re.compile(f"[@-~](?<=[?{PUNCTUATION}{_HANZI}].)(?![ -~])")
_GLUED_RE = re.compile(f"([?{PUNCTUATION}])([{_HANZI}]{{0,4}})([@-~])([{_HANZI}]?)(?![ -~])")
_DOUBLE_RE = re.compile(f"\\?[{PUNCTUATION}]([{_HANZI}])")

MIN_TRACE = -11.5
MIN_TRACE_GAIN = 1.5
"""Nats each character of a trace must have, and what being neighbours must add. In 24 million
characters of clean pages 3 traces have the first, at −0.3 and less; those of real pages 2 to 7."""


MIN_FIT = -8.0
"""Nats of the best character between its neighbours. In 24 million clean characters 2 letters stand
there, with −6.5 and −9.6; of 26 slips all have −8.2 and more."""


_HALF_WIDTH_MARKS = "!,:;?"

MAX_CHECKED = 200
"""Letters and question marks looked at in one text: bounds the time of hostile input."""


def slip_signs(text: str) -> Iterator[int]:
    """Yield where a byte slip may stand.

    There a mark stands before another or soon before a rare character; or `?` between hanzi that
    read better one byte earlier; or a letter that is the trace of a slip.
    """
    n_checked = 0
    for found in _sign_re().finditer(text):
        at, kind = found.start(), found.lastgroup
        n_checked += kind != "mark"
        if (
            kind == "mark"
            or n_checked > MAX_CHECKED
            or (may_begin(text, at) if kind == "between" else _glued_letter(text, at))
        ):
            yield at


@functools.cache
def _sign_re() -> re.Pattern[str]:
    """Return a pattern of all signs. It begins with one class, and so is one quick pass."""
    codes = np.flatnonzero(np.frombuffer(COSTS, np.uint8) > RARE_COST)
    rare = "".join(chr(c) for c in codes if 0x2E80 <= c < 0xD800 or 0xE000 <= c < 0xFFFD)
    behind_mark = "|".join(f"(?<=[?{PUNCTUATION}][{_HANZI}]{{{n}}}.)" for n in range(5))
    return re.compile(
        f"[{_HALF_WIDTH_MARKS}@-~](?:(?<![@-~])(?:"
        f"(?P<mark>(?s:.)?[{rare}\U00010000-\U0010ffff]|(?<=\\?)[!,:;])"
        f"|(?P<between>(?<=[{_HANZI}]\\?)[?@-~]?[{_HANZI}]))"
        f"|(?P<letter>(?<=[@-~])(?![ -~])(?:{behind_mark})))"
    )


def slip_traces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of each slip that shows but is too short to be read again with certainty.

    A letter stands glued to a hanzi behind a punctuation mark, and their bytes read one earlier are
    a pair of common characters; or it stands behind the mark of a lost byte between hanzi, and can
    be half of one; or such a mark, a punctuation mark and a rare character stand in a row.

    >>> set(slip_traces("在?h政府的領導下")), set(slip_traces("他问：B型血的人多吗"))
    ({(1, 4)}, set())
    """
    for letter in itertools.islice(_LETTER_RE.finditer(text), MAX_CHECKED):
        yield from _glued_letter(text, letter.start())
    if "?" in text:
        letters = itertools.islice(LOST_LEAD_RE.finditer(text), MAX_CHECKED)
        yield from (found.span() for found in letters if _is_lost_lead(*found.groups()))
        for found in _DOUBLE_RE.finditer(text):
            if charmodel.log_p_of(found[1]) < MIN_TRACE:
                yield found.span()


def _glued_letter(text: str, at: int) -> list[tuple[int, int]]:
    """Return the span of the trace whose letter stands at `at`, if it is that of one."""
    found = _GLUED_RE.search(text, max(at - 5, 0), at + 3)
    return [found.span()] if found and _is_slip(*found.groups()) else []


def _is_lost_lead(before: str, letter: str, behind: str) -> bool:
    """Tell whether a letter is the second byte of a character that fits between two others."""
    return any(
        sum(charmodel.chain_log_p(before + c + behind)[1:]) - charmodel.log_p_of(behind) > MIN_FIT
        for c in characters(LEADS, letter.encode())
    )


def _is_slip(mark: str, shown: str, letter: str, behind: str) -> bool:
    data = b"".join(map(two_bytes, FULL_WIDTH.get(mark, mark) + shown)) + letter.encode()
    if len(data) % 2 == 0:
        return False
    read = "".join(c for at in range(1, len(data), 2) for c in characters(*_pair(data, at)))
    if len(read) < len(data) // 2:
        return False
    alone = [charmodel.log_p_of(c) for c in read + behind]
    gain = sum(charmodel.chain_log_p(read + behind)) - sum(alone)
    return min(alone) > MIN_TRACE and (gain > MIN_TRACE_GAIN or any(map(is_rare, shown)))


def _pair(data: bytes, at: int) -> tuple[bytes, bytes]:
    return data[at : at + 1], data[at + 1 : at + 2]
