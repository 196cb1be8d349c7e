"""Spam that comes as a list: pool tails, title lines, titles with a line each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from transforms.text.shadow import fold
from transforms.text.spam.segments import (
    SENTENCE_MARKS,
    Span,
    echo,
    hard_separators,
    is_all_prose,
    is_prose_like,
    joints_in,
    loose_marks,
    segments_of,
    sentence_marks,
    split,
    unmarked_pieces,
)
from transforms.text.spam.sheet import EDGE_LINES, Finding, Sheet
from transforms.text.spam.verdict import FAINT_ECHO, FEW_STRANGERS, is_spam, is_strange


def marked_tails(sheet: Sheet) -> Iterator[Finding]:
    """A template phrase of a spider pool and the list behind it, to the end of its lines."""
    done = 0
    for marker in sheet.lexicon.marker.finditer(sheet.text):
        if marker.start() < done:
            continue
        number = sheet.line_at(marker.start())
        line = sheet.lines[number]
        done = line.stop
        spans = split(sheet.text, marker.end(), line.stop)
        marks = sentence_marks(sheet.text[marker.start() : line.stop])
        if len(spans) >= sheet.config.min_segments and marks < 2:
            start = _back_to_break(sheet.text, line.start, marker.start())
            done = _grown(sheet, number, 1)
            yield Finding(start, done, "spam_marker")


def _back_to_break(text: str, floor: int, start: int) -> int:
    """Return where the phrase begins that a marker is part of."""
    while start > floor and text[start - 1].isalnum():
        start -= 1
    return start


def blocks(sheet: Sheet) -> Iterator[Finding]:
    """Lists of segments: titles joined by any mark, in a line or between two sentences."""
    done = 0
    for number, line in enumerate(sheet.lines):
        if line.start < done or line.stop - line.start < SHORTEST_BLOCK:
            continue
        near = sheet.alarmed or sheet.unstopped[number] or sheet.at_edge(number)
        if not near or not _may_hold_list(sheet, line):
            continue
        for piece in _candidates(sheet, line):
            for finding in _block(sheet, number, piece):
                done = finding.stop
                yield finding


def _may_hold_list(sheet: Sheet, span: Span) -> bool:
    """Return whether one of the pieces in `span` is worth a closer look."""
    if sheet.alarmed or sheet.bilingual:
        return True
    return loose_marks(sheet.text[slice(*span)]) >= LOOSE_MARKS


def _may_be_list(sheet: Sheet, piece: Span) -> bool:
    """Return whether a piece without a sentence mark is worth a closer look."""
    if sheet.alarmed or sheet.bilingual:
        return True
    source = sheet.text[slice(*piece)]
    loose = loose_marks(source)
    return loose >= LOOSE_MARKS and not is_all_prose(source, loose)


LOOSE_MARKS = 3
"""Marks other than those of prose in the shortest list of unknown words in the page's script."""


def _candidates(sheet: Sheet, line: Span) -> Iterator[Span]:
    """Yield the pieces of a line that have no sentence mark and may be a list."""
    source = sheet.text[slice(*line)].rstrip()
    stopped = "。" in source[-2:]
    if len(source) < SHORTEST_BLOCK or (stopped and not sheet.alarmed):
        return
    pieces = [
        piece
        for piece in unmarked_pieces(sheet.text, *line)
        if piece.stop - piece.start >= SHORTEST_BLOCK
    ]
    if len(pieces) == 1 and not stopped and sentence_marks(source) < 2:
        yield line
    elif hard_separators(source) > 1:
        yield from pieces
    elif pieces and pieces[-1].stop == line.stop and SENTENCE_MARKS.isdisjoint(source[-2:]):
        yield pieces[-1]


SHORTEST_BLOCK = 10
"""Code points of the shortest list of three segments that is looked at."""


def _block(sheet: Sheet, number: int, piece: Span) -> Iterator[Finding]:
    if not _may_be_list(sheet, piece):
        return
    spans = split(sheet.text, *piece)
    whole = piece == sheet.lines[number]
    if not whole and sheet.alarmed:
        spans = _between_words(sheet, spans)
    if len(spans) < sheet.config.min_segments:
        return
    foreign = sheet.foreign(Span(spans[0].start, spans[-1].stop))
    if not (foreign or sheet.alarmed or len(spans) >= FEW_STRANGERS):
        return
    segments = segments_of(sheet.text, spans[:: 1 + len(spans) // MOST_SEGMENTS])
    if len(segments) < sheet.config.min_segments or not is_spam(
        sheet, segments, foreign, sheet.at_edge(number)
    ):
        return
    if _is_enumeration(sheet, piece):
        return
    first, last = _without_headline(sheet, spans)
    start = spans[first - 1].stop if first else spans[0].start
    stop = spans[last].start if last < len(spans) else spans[-1].stop
    if whole and first == 0:
        start = _grown(sheet, number, -1)
    if whole and last == len(spans):
        stop = _grown(sheet, number, 1)
    if not whole and not sheet.text[piece.start : start].strip():
        ends_piece = not _WORD_RE.search(sheet.text, stop, piece.stop)
        stop = min(piece.stop + 1, sheet.lines[number].stop) if ends_piece else stop
    at_head = number < min(EDGE_LINES, len(sheet.lines) // 2)
    yield Finding(start, stop, "spam_title_line" if at_head else "spam_block")


def _is_enumeration(sheet: Sheet, piece: Span) -> bool:
    """Return whether a piece tells what it lists, as articles do: `被查网站：甲、乙、丙`."""
    label = _LABEL_RE.match(sheet.text, *piece)
    if not label or sheet.lexicon.heading.search(fold(label.group())):
        return False
    listed = sheet.text[label.end() : piece.stop]
    return "、" in listed and not hard_separators(listed)


_LABEL_RE = re.compile(
    r"\s*(?:[(（]?[\d一二三四五六七八九十]{1,3}[.．、)）])?[\u3400-\u9fff]{2,16}[:：]"
)


def _between_words(sheet: Sheet, spans: list[Span]) -> list[Span]:
    """Return the part of a piece of a sentence that may be a list.

    It goes from the first to the last span with a listed word: the rest is the sentence's. It must
    be the whole of the piece, or joined by marks that are rare in prose.
    """
    hits = [n for n, span in enumerate(spans) if sheet.lexicon.weigh(sheet.folded(span))]
    part = spans[hits[0] : hits[-1] + 1] if hits else []
    if not part or part == spans:
        return spans
    source = sheet.text[part[0].start : part[-1].stop]
    return part if hard_separators(source) * 2 >= len(part) else []


_WORD_RE = re.compile(r"[^\W_]")

MOST_SEGMENTS = 250
"""Segments a block is judged by; a longer one is sampled evenly."""


def _without_headline(sheet: Sheet, spans: Sequence[Span]) -> tuple[int, int]:
    """Return the part of a block between headlines of the page that its ends may hold."""
    first, last = 0, len(spans)
    while first < last - 1 and sheet.is_headline(spans[first]):
        first += 1
    while last > first + 1 and sheet.is_headline(spans[last - 1]):
        last -= 1
    return first, last


def _grown(sheet: Sheet, number: int, direction: int) -> int:
    """Return the end of a block that goes on in the lines before (-1) or after (1) it."""
    end = sheet.lines[number]
    joints = joints_in(sheet.text[slice(*end)])
    while 0 <= (number := number + direction) < len(sheet.lines):
        if sheet.marks[number] or not _goes_on(sheet, sheet.lines[number], joints):
            break
        end = sheet.lines[number]
    return end.stop if direction > 0 else end.start


def _goes_on(sheet: Sheet, line: Span, joints: set[str]) -> bool:
    """Return whether a line is more of a block joined by `joints`."""
    source, folded = sheet.text[slice(*line)], sheet.folded(line)
    if sheet.lexicon.weigh(folded) == 2:
        return True
    joined = sum(source.count(joint) for joint in joints)
    if joined and sheet.lexicon.weigh(folded) and sheet.lexicon.coverage(folded) >= COVERED_LINE:
        return True
    strange = echo(folded, sheet.known) <= FAINT_ECHO
    return joined > 1 and strange and not is_prose_like(source, joined)


COVERED_LINE = 0.5
"""Share of a line in listed words that makes it more of the block beside it."""


def foreign_lists(sheet: Sheet) -> Iterator[Finding]:
    """A list in the other script than the prose, with a line for each title."""
    if not sheet.bilingual:
        return
    telling = [
        sheet.foreign_characters(line) if sheet.is_title(number) else -1
        for number, line in enumerate(sheet.lines)
    ]
    for _, group in groupby(range(len(telling)), key=lambda at: telling[at] >= 0):
        told = [at for at in group if telling[at] > 0]
        lines = sheet.lines[told[0] : told[-1] + 1] if told else []
        if len(lines) < sheet.config.min_segments:
            continue
        run = Span(lines[0].start, lines[-1].stop)
        if sheet.foreign(run) and is_spam(sheet, segments_of(sheet.text, lines), True, False):
            yield Finding(*run, "spam_block")


def wrapped_lists(sheet: Sheet) -> Iterator[Finding]:
    """A list of unknown words that goes over several lines, joined by a mark that all of them have.

    Each line alone may have too few segments to be judged by.
    """
    for lines in _joined_lines(sheet):
        run = Span(lines[0].start, lines[-1].stop)
        spans = split(sheet.text, *run)
        segments = segments_of(sheet.text, spans[:: 1 + len(spans) // MOST_SEGMENTS])
        if len(segments) >= FEW_STRANGERS and is_strange(sheet, segments, False, False):
            yield Finding(*run, "spam_block")


def _joined_lines(sheet: Sheet) -> Iterator[list[Span]]:
    """Yield the runs of lines without sentence marks in which the same marks join titles."""
    for unstopped, group in groupby(range(len(sheet.lines)), key=sheet.unstopped.__getitem__):
        numbers = list(group)
        if not unstopped or len(numbers) < 2:
            continue
        for joints, part in groupby(numbers, key=sheet.joints):
            lines = [sheet.lines[number] for number in part]
            if joints and len(lines) > 1:
                yield lines


def title_lists(sheet: Sheet) -> Iterator[Finding]:
    """A list of titles with a line for each, without the dates of an honest list."""
    weights = [
        0 if weight and _is_listing(sheet, line) else weight
        for weight, line in zip(sheet.title_weights, sheet.lines, strict=True)
    ]
    for suspect, group in groupby(range(len(weights)), key=lambda number: weights[number] > 0):
        run = list(group)
        strong = [number for number in run if weights[number] == 2]
        if not suspect or len(strong) < max(1, sheet.config.strong_share * len(run)):
            continue
        first, last = strong[0], run[-1] if run[-1] == len(weights) - 1 else strong[-1]
        if last - first + 1 >= sheet.config.min_segments:
            yield Finding(sheet.lines[first].start, sheet.lines[last].stop, "spam_block")


def _is_listing(sheet: Sheet, line: Span) -> bool:
    return bool(DATED_RE.search(sheet.text[slice(*line)])) or _is_enumeration(sheet, line)


DATED_RE = re.compile(r"(?:\d{4}[-./年])?\d{1,2}[-./月]\d{1,2}日?[\])）】]?\s*$")
"""A day at the end of a line, with or without its year."""
