"""Read again what was read one byte off: GBK text that lost a lead byte.

From the lost byte on, every pair of bytes is one byte late, until an ASCII byte or a second damage
ends the shift: `。“這` without its first byte reads `！斑@`. The run is taken apart into bytes and
paired again; the character model decides.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from transforms.text import charmodel
from transforms.text.charmodel import is_rare
from transforms.text.mojibake.budget import Budget
from transforms.text.mojibake.draft import Change
from transforms.text.mojibake.holes import Filler, Token
from transforms.text.mojibake.lost_bytes import partners

MIN_GAIN_MARKED = 8.0
MIN_GAIN_LOST = 14.0
MIN_GAIN_UNMARKED = 35.0
"""Nats a run must gain behind `?` or a punctuation mark, behind U+FFFD, and behind nothing.
Measured on every line of 0.6 million characters of news, as it is and with half-width marks: no
false edit behind marks even at 0. U+FFFD is common in damaged text, and lists of fish names come
close to 35 (0 false edits in 12.7 million characters)."""

MIN_GAIN_PER_CHARACTER = 2.5
MAX_RUN = 400
MAX_TRIES = 40
"""Runs tried per line, and characters looked at in each: bounds the time of hostile input."""

TRY_STEPS = 50
"""Steps of a try at a run, beside one for each of its characters."""

MAX_LOST = 0.2
"""Share of U+FFFD above which a line is no good text with a slip in it."""

_FULL_WIDTH = dict(zip(";,:!(?", "；，：！（？", strict=True))
_MARKS = "?\ufffd"
_PUNCTUATION = ";,:!；，：！？"
WINDOW = 8


class _Run(NamedTuple):
    """A stretch that may be one byte late.

    Attributes:
        data: its bytes with the lost lead byte in front; None for an unknown byte.
        stop: the character behind the last one it uses.
        is_closed: a mark stands for the byte that ended the shift.
        ate_ascii: the last byte is a letter that was the second half of a character.
    """

    data: list[int | None]
    stop: int
    is_closed: bool = False
    ate_ascii: bool = False


class _Start(NamedTuple):
    """Where a run may begin.

    Attributes:
        first: the first character that is replaced: a mark of damage, or the run's own.
        run: the first character whose bytes are one late.
        min_gain: nats.
    """

    first: int
    run: int
    min_gain: float

    @property
    def is_marked(self) -> bool:
        """Whether a mark, of damage or of punctuation, vouches for the slip."""
        return self.min_gain < MIN_GAIN_UNMARKED


class _Reading(NamedTuple):
    start: int
    stop: int
    after: str
    gain: float


def byte_slips(line: str, fill: Filler, budget: Budget) -> Iterator[Change]:
    """Yield the repair of each run of `line` that reads better one byte earlier.

    Args:
        line: one suspicious line.
        fill: makes text of characters and holes.
        budget: of the page.
    """
    if len(line) < 4 or line.count("\ufffd") > MAX_LOST * len(line):
        return
    rare = [is_rare(c) for c in line]
    at = tries = 0
    while at < len(line) - 2 and tries < MAX_TRIES and not budget.is_spent:
        starts = _starts(line, rare, at)
        tries += bool(starts)
        budget.spend(sum(TRY_STEPS + min(len(line) - start.run, MAX_RUN) for start in starts))
        best = max(_accepted(line, starts, fill), key=lambda r: r.gain, default=None)
        if best is None:
            at += 1
            continue
        yield Change(best.start, best.stop, best.after, "byte_slip")
        at = best.stop


def slip_traces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of each slip that shows but is too short to be read again with certainty.

    A letter stands glued to a hanzi behind a punctuation mark, and their bytes read one earlier are
    a pair of common characters; or the mark of a lost byte, a punctuation mark and a rare character
    stand in a row.

    >>> list(slip_traces("在?h政府的領導下")), list(slip_traces("他问：B型血的人多吗"))
    ([(1, 4)], [])
    """
    if _LETTER_RE.search(text):
        yield from (found.span() for found in _GLUED_RE.finditer(text) if _is_slip(*found.groups()))
    if "?" in text:
        for found in _DOUBLE_RE.finditer(text):
            if charmodel.log_p_of(found[1]) < MIN_TRACE:
                yield found.span()


def _is_slip(mark: str, shown: str, letter: str, behind: str) -> bool:
    data = b"".join(map(two_bytes, _FULL_WIDTH.get(mark, mark) + shown)) + letter.encode()
    if len(data) % 2 == 0:
        return False
    read = [_character(*pair) for pair in zip(data[1::2], data[2::2], strict=True)]
    if not all(read):
        return False
    alone = [charmodel.log_p_of(c) for c in (*read, *behind)]
    gain = sum(charmodel.chain_log_p("".join(read) + behind)) - sum(alone)
    return min(alone) > MIN_TRACE and (gain > MIN_TRACE_GAIN or any(map(is_rare, shown)))


_LETTER_RE = re.compile("[@-~](?![ -~])")
_GLUED_RE = re.compile(
    f"([?{_PUNCTUATION}])([\u4e00-\u9fff]{{0,4}})([@-~])([\u4e00-\u9fff]?)(?![ -~])"
)
_DOUBLE_RE = re.compile(f"\\?[{_PUNCTUATION}]([\u4e00-\u9fff])")

MIN_TRACE = -11.5
MIN_TRACE_GAIN = 1.5
"""Nats each character of a trace must have, and what being neighbours must add. In 24 million
characters of clean pages 3 traces have the first, at −0.3 and less; those of real pages 2 to 7."""


def _starts(line: str, rare: list[bool], at: int) -> list[_Start]:
    """Return the runs that may begin at `at`.

    Behind a mark of damage any run may; behind nothing only one of rare characters, or one that
    begins with a punctuation mark, as nine of ten slips found on real pages do: `。“` lost A1.
    """
    shown = line[at]
    if shown in _MARKS:
        first = line[at + 1]
        if (two_bytes(first) or first in _FULL_WIDTH) and two_bytes(line[at + 2]):
            return [_Start(at, at + 1, MIN_GAIN_MARKED if shown == "?" else MIN_GAIN_LOST)]
        return []
    if shown in _PUNCTUATION and two_bytes(line[at + 1]):
        return [_Start(at, at, MIN_GAIN_MARKED)]
    if rare[at] and not (at and rare[at - 1]) and sum(rare[at : at + WINDOW]) >= WINDOW // 2:
        return [_Start(s, s, MIN_GAIN_UNMARKED) for s in range(max(at - 3, 0), at + 2)]
    return []


def _accepted(line: str, starts: list[_Start], fill: Filler) -> Iterator[_Reading]:
    for start in starts:
        for reading in _readings(line, start, fill):
            if reading.gain > max(start.min_gain, MIN_GAIN_PER_CHARACTER * len(reading.after)):
                yield reading


def _readings(line: str, start: _Start, fill: Filler) -> Iterator[_Reading]:
    """Yield a run read one byte earlier: the whole of it, and up to where that gains most."""
    first, at, marked = start.first, start.run, start.is_marked
    run = _collect(line, at, marked)
    tokens = _paired(run.data)
    known = "".join(token for token in tokens if isinstance(token, str))
    if len(tokens) < 2 or charmodel.mean(known) < charmodel.mean(line[at : run.stop]):
        return
    left = line[max(first - 1, 0) : first]
    after = fill([left, *tokens])[len(left) :]
    whole = len(tokens) == (len(run.data) + 1) // 2
    ends = [(len(tokens), run.stop if whole else at + len(tokens))]
    if len(tokens) > 6:
        n = _best_end(line[at : at + len(tokens)], after)
        ends.append((n, at + n))
    for n, stop in ends:
        n_exact = sum(isinstance(t, str) for t in tokens[:n])
        ate = run.ate_ascii and stop == run.stop
        closed = marked and (run.is_closed or run.ate_ascii) and stop == run.stop
        least = (1 if line[first] != "\ufffd" else 2) if closed else 3
        enough = n_exact >= (least if marked else max(6, n / 2))
        shown = line[at + (line[at] in _PUNCTUATION) : stop - ate]
        if n >= 2 and enough and 2 * _n_hanzi(shown) >= max(len(shown), 1):
            right = line[stop : stop + 1]
            gain = _log_p(left + after[:n] + right) - _log_p(left + line[first:stop] + right)
            yield _Reading(first, stop, after[:n], gain - 8 * (not marked) - 4 * ate)


def _collect(line: str, start: int, marked: bool) -> _Run:
    data: list[int | None] = [None]
    end = min(len(line), start + MAX_RUN)
    at = start
    while at < end:
        shown = line[at]
        pair = two_bytes(_FULL_WIDTH.get(shown, shown) if marked and at == start else shown)
        if pair:
            data += pair
        elif shown == "?" and at + 1 < end and two_bytes(line[at + 1]):
            data += (None, None)
        elif shown in _MARKS:
            return _Run([*data, None], at + 1, is_closed=True)
        else:
            break
        at += 1
    last = data[-1]
    if at < end and "@" <= line[at] <= "~" and last and _character(last, ord(line[at])):
        return _Run([*data, ord(line[at])], at + 1, ate_ascii=True)
    return _Run([*data, None], at)


def _paired(data: list[int | None]) -> list[Token]:
    """Return the characters of the bytes two by two, up to the first pair that is none."""
    tokens: list[Token] = []
    for lead, trail in zip(data[::2], data[1::2], strict=False):
        if lead is not None and trail is not None:
            character = _character(lead, trail)
            if not character:
                break
            tokens.append(character)
        elif lead is None and trail is None:
            tokens.append(())
        elif lead is None:
            tokens.append(partners(bytes([trail or 0]), False))
        else:
            tokens.append(partners(bytes([lead]), True))
    return tokens


def _best_end(shown: str, after: str) -> int:
    """Return the number of characters after which the new reading leads by most."""
    lead = best = 0.0
    end = 0
    for at, (new, old) in enumerate(zip(_scores(after), _scores(shown), strict=False), 1):
        lead += new - old
        if lead > best:
            best, end = lead, at
    return end


def _scores(text: str) -> list[float]:
    """Return log-probabilities, marks of damage and ASCII at a price of their own."""
    scores = charmodel.chain_log_p(text)
    return [
        -9.0 if c in _MARKS else -5.0 if c < "\x80" else score
        for c, score in zip(text, scores, strict=True)
    ]


def _log_p(text: str) -> float:
    return sum(_scores(text))


def _n_hanzi(text: str) -> int:
    return sum("\u4e00" <= c <= "\u9fff" for c in text)


@functools.lru_cache(8192)
def two_bytes(character: str) -> bytes:
    """Return the two GBK bytes of a character, or nothing if it has another number of them."""
    data = character.encode("gb18030")
    return data if len(data) == 2 else b""


def _character(lead: int, trail: int) -> str:
    text = bytes((lead, trail)).decode("gb18030", "ignore")
    return text if len(text) == 1 and text >= "\x80" and not "\ue000" <= text <= "\uf8ff" else ""
