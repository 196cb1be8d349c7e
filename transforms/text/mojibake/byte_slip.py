"""Read again what was read one byte off: GBK text that lost a lead byte.

From the lost byte on, every pair of bytes is one byte late, until an ASCII byte or a second damage
ends the shift: `。“這` without its first byte reads `！斑@`. The run is taken apart into bytes and
paired again; the character model decides.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from transforms.text import charmodel
from transforms.text.mojibake.budget import Budget
from transforms.text.mojibake.draft import Change
from transforms.text.mojibake.gbk_pairs import (
    FULL_WIDTH,
    LEADS,
    LOST_LEAD_RE,
    PUNCTUATION,
    TRAILS,
    characters,
    lost_trails,
    two_bytes,
)
from transforms.text.mojibake.holes import Filler, Token


class _Evidence(NamedTuple):
    """What vouches for a run, and what is asked of it for that.

    Attributes:
        min_gain: nats.
        min_closed: characters whose bytes are all there, where a mark stands at the end too.
        min_open: the same where none does.
        toll: nats taken off its gain.
    """

    min_gain: float
    min_closed: int
    min_open: int
    toll: float = 0.0


BEHIND_MARK = _Evidence(8.0, 1, 3)
BEHIND_LOST = _Evidence(14.0, 2, 3)
BEFORE_LOST = _Evidence(14.0, 2, 3)
LONE_LETTER = _Evidence(4.0, 1, 1)
NO_MARK = _Evidence(35.0, 6, 6, toll=8.0)
"""Behind `?` or a punctuation mark; behind U+FFFD; before it; at a letter behind `?` between hanzi;
and nothing. Measured on every line of 0.6 million characters of news, as it is and with half-width
marks: no false edit behind marks even at 0 nats. U+FFFD is common in damaged text. The letter
stands twice in 24 million clean characters, and gains 3.5 at most; in slips 4 to 9. Lists of fish
names come close to 35 (0 false edits in 12.7 million characters)."""

MIN_GAIN_PER_CHARACTER = 2.5
MAX_RUN = 400
MAX_TRIES = 40
"""Characters of a run, and places tried per line: bounds the time of hostile input."""

PLACE_STEPS = 10
TRY_STEPS = 50
"""Steps of a look at a place, and of a try at a run, beside one for each of its characters."""

MAX_LOST = 0.2
"""Share of U+FFFD above which a line is no good text with a slip in it."""

MAX_BACK = 24
"""Characters before U+FFFD in which a run that ends there begins. Of hanzi one byte late one in
seven makes no pair, so that one run in forty is longer."""

PEEK = 6
"""Characters that show whether a run is worth a try."""

WINDOW = 8
_PLACE_RE = re.compile(f"[?\ufffd{PUNCTUATION}]")
_END_RE = re.compile("[?\ufffd@-~]")


class _Start(NamedTuple):
    """Where a run may begin.

    Attributes:
        first: the first character that is replaced: a mark of damage, or the run's own.
        run: the first character whose bytes are one late.
        is_mark: whether that one is a mark which was full-width once.
    """

    first: int
    run: int
    evidence: _Evidence
    is_mark: bool = False


class _Run(NamedTuple):
    """A stretch that may be one byte late.

    Attributes:
        data: what each of its bytes may be, the lost lead byte in front.
        stop: the character behind the last one it uses.
        is_closed: a mark stands for the byte that ended the shift.
        ate_ascii: the last byte is a letter that was the second half of a character.
    """

    data: list[bytes]
    stop: int
    is_closed: bool = False
    ate_ascii: bool = False


class _Reading(NamedTuple):
    """What a run reads one byte earlier; nats gained, and nats it must gain at least."""

    start: int
    stop: int
    after: str
    gain: float
    least: float


def byte_slips(line: str, fill: Filler, budget: Budget) -> Iterator[Change]:
    """Yield the repair of each run of `line` that reads better one byte earlier.

    Args:
        line: one suspicious line.
        fill: makes text of characters and holes.
        budget: of the page.
    """
    if len(line) < 4 or line.count("\ufffd") > MAX_LOST * len(line):
        return
    done = tries = 0
    for at in _places(line):
        if at < done:
            continue
        budget.spend(PLACE_STEPS)
        starts = [s for s in _starts(line, at, done) if _is_worth_a_try(line, s)]
        tries += bool(starts)
        budget.spend(sum(TRY_STEPS + min(len(line) - start.run, MAX_RUN) for start in starts))
        if tries > MAX_TRIES or budget.is_spent:
            return
        best = _best_reading(line, starts, fill)
        if best is not None and line[at] in PUNCTUATION and "\u4e00" <= best.after[1:2] <= "\u9fff":
            later = _best_reading(line, [_Start(at + 1, at + 1, BEHIND_LOST)], fill)
            best = max(best, later or best, key=_gain)
        if best is not None and best.gain > best.least:
            yield Change(best.start, best.stop, best.after, "byte_slip")
            done = best.stop


def may_begin(text: str, at: int) -> bool:
    """Tell whether what stands behind `text[at]` reads better one byte earlier, at first glance."""
    first = max(at - 1, 0)
    piece = text[first : at + PEEK + 2]
    return any(_is_worth_a_try(piece, start) for start in _starts(piece, at - first, 0))


def _places(line: str) -> list[int]:
    """Return where a run may begin or end: at marks, and where rare characters begin to crowd."""
    marks = [found.start() for found in _PLACE_RE.finditer(line)]
    rare = np.flatnonzero(charmodel.are_rare(line))
    crowd = np.searchsorted(rare, rare + WINDOW) - np.arange(rare.size) >= WINDOW // 2
    first = np.diff(rare, prepend=-2) > 1
    return sorted({*marks, *rare[crowd & first].tolist()})


def _starts(line: str, at: int, done: int) -> Iterator[_Start]:
    """Yield the runs that may begin, or end, at `at`.

    Behind a mark of damage any run may begin; behind nothing only one of rare characters, or one
    that begins with a punctuation mark, as nine of ten slips found on real pages do: `。“` lost A1.
    Before U+FFFD one may end.
    """
    shown, behind = line[at], line[at + 1 : at + 2]
    if shown in "?\ufffd":
        evidence = BEHIND_MARK if shown == "?" else BEHIND_LOST
        if behind and (two_bytes(behind) or behind in FULL_WIDTH):
            yield _Start(at, at + 1, evidence, is_mark=True)
        if behind == "?":
            yield _Start(at, at + 1, evidence)
        if shown == "?" and LOST_LEAD_RE.match(line, at):
            yield _Start(at, at + 1, LONE_LETTER)
        if shown == "\ufffd" and (run := _run_before(line, at, done)) is not None:
            nearby = range(max(run - 1, done), min(run + 2, at))
            yield from (_Start(s, s, BEFORE_LOST) for s in nearby)
    elif shown in PUNCTUATION:
        yield _Start(at, at, BEHIND_MARK, is_mark=True)
    else:
        yield from (_Start(s, s, NO_MARK) for s in range(max(at - 3, done), at + 2))


def _run_before(line: str, stop: int, done: int) -> int | None:
    """Return where the run that `stop` ends begins: what is behind gains most one byte earlier."""
    lead = best = 0.0
    found = None
    for at in range(stop - 1, max(done, stop - MAX_BACK), -1):
        pair = _earlier(line, at)
        if not pair:
            break
        lead += charmodel.log_p_of(pair) - charmodel.log_p_of(line[at])
        if lead > best:
            best, found = lead, at - 1
    return found


def _earlier(line: str, at: int) -> str:
    """Return the character that the second byte before `at` and the first one there make, or ""."""
    before, here = two_bytes(line[at - 1]), two_bytes(line[at])
    return "".join(characters(before[1:], here[:1])) if before and here else ""


def _is_worth_a_try(line: str, start: _Start) -> bool:
    """Tell whether the first characters behind a start read better one byte earlier.

    One or two are enough if a mark or a letter ends the run.
    """
    shown = line[start.run : start.run + PEEK]
    if start.is_mark:
        shown = FULL_WIDTH.get(shown[0], shown[0]) + shown[1:]
    if not two_bytes(shown[0]):
        return True
    pairs = itertools.takewhile(bool, (_earlier(shown, at) for at in range(1, len(shown))))
    after = "".join(pairs)
    if len(after) < 2:
        return bool(_END_RE.match(shown, len(after) + 1))
    return _log_p(after) > _log_p(shown[1 : len(after) + 1])


def _best_reading(line: str, starts: list[_Start], fill: Filler) -> _Reading | None:
    readings = (reading for start in starts for reading in _readings(line, start, fill))
    return max(readings, key=_gain, default=None)


def _gain(reading: _Reading) -> float:
    return reading.gain


def _readings(line: str, start: _Start, fill: Filler) -> Iterator[_Reading]:
    """Yield a run read one byte earlier: the whole of it, and up to where that gains most."""
    first, at, evidence = start.first, start.run, start.evidence
    run = _collect(line, start)
    tokens = _paired(run.data)
    known = "".join(token for token in tokens if isinstance(token, str))
    if len(tokens) < 2 - run.ate_ascii:
        return
    if charmodel.mean(known) < charmodel.mean(line[at : run.stop]):
        return
    left = line[max(first - 1, 0) : first]
    after = fill([left, *tokens])[len(left) :]
    whole = len(tokens) == (len(run.data) + 1) // 2
    ends = [(len(tokens), run.stop if whole else at + len(tokens))]
    if len(tokens) > PEEK and evidence is not BEFORE_LOST:
        n = _best_end(line[at : at + len(tokens)], after)
        ends += [(n, at + n)] if n < len(tokens) - whole else []
    for n, stop in ends:
        n_read = n - after[:n].count("\ufffd")
        ate = run.ate_ascii and stop == run.stop
        closed = (run.is_closed or run.ate_ascii) and stop == run.stop
        least = evidence.min_closed if closed else evidence.min_open
        shown = line[at + (line[at] in PUNCTUATION) : stop - ate]
        is_hanzi = closed or 2 * _n_hanzi(shown) >= max(len(shown), 1)
        if n >= 2 - ate and n_read >= least and is_hanzi:
            right = line[stop : stop + 1]
            gain = _log_p(left + after[:n] + right) - _log_p(left + line[first:stop] + right)
            floor = max(evidence.min_gain, MIN_GAIN_PER_CHARACTER * n)
            yield _Reading(first, stop, after[:n], gain - evidence.toll - 4 * ate, floor)


def _collect(line: str, start: _Start) -> _Run:
    data = [LEADS]
    end = min(len(line), start.run + MAX_RUN)
    at = start.run
    while at < end:
        shown = line[at]
        is_mark = start.is_mark and at == start.run
        pair = two_bytes(FULL_WIDTH.get(shown, shown) if is_mark else shown)
        if pair:
            data += (pair[:1], pair[1:])
        elif shown == "?" and two_bytes(line[at + 1 : at + 2]):
            data += (lost_trails(), LEADS)
        elif shown == "\ufffd":
            return _Run([*data, lost_trails(_byte_at(line, at + 1))], at + 1, is_closed=True)
        elif shown == "?":
            return _Run([*data, TRAILS], at + 1, is_closed=True)
        else:
            break
        at += 1
    if at < end and "@" <= line[at] <= "~" and characters(data[-1], line[at].encode()):
        return _Run([*data, line[at].encode()], at + 1, ate_ascii=True)
    return _Run([*data, TRAILS], at)


def _byte_at(line: str, at: int) -> int | None:
    """Return the first byte of a character in GBK, if it is known."""
    shown = line[at : at + 1] or "\n"
    return None if shown in "?\ufffd" else shown.encode("gb18030")[0]


def _paired(data: list[bytes]) -> list[Token]:
    """Return the characters of the bytes two by two, up to the first pair that is none."""
    tokens: list[Token] = []
    for lead, trail in zip(data[::2], data[1::2], strict=False):
        if len(lead) > 1 and len(trail) > 1:
            tokens.append(())
            continue
        found = characters(lead, trail)
        if not found:
            break
        tokens.append(found[0] if len(lead) == len(trail) else found)
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
        -9.0 if c in "?\ufffd" else -5.0 if c < "\x80" else score
        for c, score in zip(text, scores, strict=True)
    ]


def _log_p(text: str) -> float:
    return sum(_scores(text))


def _n_hanzi(text: str) -> int:
    return sum("\u4e00" <= c <= "\u9fff" for c in text)
