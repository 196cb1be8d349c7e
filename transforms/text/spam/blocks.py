"""Spam that comes as a list: pool tails, title lines, titles with a line each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from transforms.text.spam.segments import (
    SENTENCE_MARKS,
    Segment,
    Span,
    echo,
    hard_separators,
    is_prose_like,
    repeated_share,
    segments_of,
    sentence_marks,
    split,
    traits,
    unmarked_pieces,
)
from transforms.text.spam.sheet import EDGE_LINES, Finding, Sheet


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
        if line.start < done or not (sheet.alarmed or sheet.at_edge(number)):
            continue
        for piece in _candidates(sheet, line):
            for finding in _block(sheet, number, piece):
                done = finding.stop
                yield finding


def _candidates(sheet: Sheet, line: Span) -> Iterator[Span]:
    """Yield the pieces of a line that have no sentence mark and may be a list."""
    source = sheet.text[slice(*line)].rstrip()
    closed = not SENTENCE_MARKS.isdisjoint(source[-2:])
    if len(source) < SHORTEST_BLOCK or (closed and "。" in source[-2:] and not sheet.alarmed):
        return
    joined = hard_separators(source) > 1
    pieces = [
        piece
        for piece in unmarked_pieces(sheet.text, *line)
        if piece.stop - piece.start >= SHORTEST_BLOCK
    ]
    if len(pieces) == 1 and sentence_marks(source) < 2 and "。" not in source[-2:]:
        yield line
    elif joined:
        yield from pieces
    elif not closed and pieces and pieces[-1].stop == line.stop:
        yield pieces[-1]


SHORTEST_BLOCK = 10
"""Code points of the shortest list of three segments that is looked at."""


def _block(sheet: Sheet, number: int, piece: Span) -> Iterator[Finding]:
    spans = split(sheet.text, *piece)
    whole = piece == sheet.lines[number]
    if not whole and sheet.alarmed:
        spans = _between_words(sheet, spans)
    if len(spans) < sheet.config.min_segments:
        return
    foreign = sheet.foreign(Span(spans[0].start, spans[-1].stop))
    if not (foreign or sheet.alarmed or len(spans) >= LIST_OF_STRANGERS):
        return
    segments = segments_of(sheet.text, spans[:: 1 + len(spans) // MOST_SEGMENTS])
    if len(segments) < sheet.config.min_segments or not _convicted(
        sheet, segments, foreign, sheet.at_edge(number)
    ):
        return
    first, last = _without_headline(sheet, spans)
    start = spans[first - 1].stop if first else spans[0].start
    stop = spans[last].start if last < len(spans) else spans[-1].stop
    if whole and first == 0:
        start = _grown(sheet, number, -1)
    if whole and last == len(spans):
        stop = _grown(sheet, number, 1)
    if not whole and not sheet.text[piece.start : start].strip():
        ends_piece = not sheet.text[stop : piece.stop].strip(JOINTS + " ")
        stop = min(piece.stop + 1, sheet.lines[number].stop) if ends_piece else stop
    at_head = number < min(EDGE_LINES, len(sheet.lines) // 2)
    yield Finding(start, stop, "spam_title_line" if at_head else "spam_block")


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


MOST_SEGMENTS = 250
"""Segments a block is judged by; a longer one is sampled evenly."""


def _convicted(sheet: Sheet, segments: Sequence[Segment], foreign: bool, at_edge: bool) -> bool:
    config = sheet.config
    block = traits(segments, [sheet.lexicon.weigh(segment.folded) for segment in segments])
    if block.length > LONGEST_SEGMENT:
        return False
    if block.strong >= config.strong_share and block.any >= config.any_share:
        return block.length >= SHORT_SEGMENT or block.strong >= config.any_share
    if block.length < SHORT_SEGMENT:
        return False
    if foreign and block.any >= config.foreign_share:
        return True
    source = sheet.text[segments[0].start : segments[-1].stop]
    if is_prose_like(source, block.size):
        return False
    if not foreign and (not at_edge or block.size < LIST_OF_STRANGERS):
        return False
    needed = config.foreign_repeated_share if foreign else config.repeated_share
    repeated = repeated_share([segment.folded for segment in segments])
    return repeated >= needed and _unheard(sheet, segments)


LONGEST_SEGMENT = 22
"""Code points of the median segment, from which a block is clauses rather than titles.

Segments of seed 002 have 7 to 17, of the 21 title lines of `contamination.md` 1.1 5 to 20.
"""

SHORT_SEGMENT = 4
"""Code points of the median segment, below which a block is a menu or a row of names."""


def _unheard(sheet: Sheet, segments: Sequence[Segment]) -> bool:
    """Return whether the prose of the page says nothing of what a block says."""
    if len(sheet.prose) < ENOUGH_PROSE:
        return False
    echoes = sum(echo(segment.folded, sheet.known) for segment in segments)
    return echoes <= FAINT_ECHO * len(segments)


ENOUGH_PROSE = 100
"""Code points of prose without which nothing can be said to be strange to it."""

LIST_OF_STRANGERS = 10
"""Segments of a block without a known word, in the script of the page."""

FAINT_ECHO = 0.25
"""Share of the bigrams of a block that the article may have by chance.

Headlines have 0.63 of theirs in their article in the median, spam segments less than 0.17.
"""


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
    joints = set(JOINTS).intersection(sheet.text[slice(*end)])
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

JOINTS = "|｜丨_＿¦‖/／·・•～~+=#★☆◆◇■□●○※→»-"
"""Marks that join the parts of a wrapped list; punctuation would join any two lines."""


def title_lists(sheet: Sheet) -> Iterator[Finding]:
    """A list of titles with a line for each, without the dates of an honest list."""
    weights = [
        0 if weight and DATED_RE.search(sheet.text[slice(*line)]) else weight
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


DATED_RE = re.compile(r"(?:\d{4}[-./年])?\d{1,2}[-./月]\d{1,2}日?[\])）】]?\s*$")
"""A day at the end of a line, with or without its year."""
