"""Whether a list of segments is spam."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence, Set
from statistics import median

from transforms.text.spam.segments import (
    Segment,
    Span,
    echo,
    is_form,
    is_prose_like,
    pairs,
    repeated_share,
    traits,
)
from transforms.text.spam.sheet import Sheet


def is_spam(sheet: Sheet, segments: Sequence[Segment], foreign: bool, at_edge: bool) -> bool:
    """Return whether a block is spam: by the words that the lists know, or by being strange.

    Args:
        sheet: its page.
        segments: of the block.
        foreign: whether it is in the other script than the prose.
        at_edge: whether it stands among the first or last lines.
    """
    config = sheet.config
    weights = [sheet.lexicon.weigh(segment.folded) for segment in segments]
    accounts = _accounts(sheet, segments) if 2 in weights else []
    for number in accounts:
        weights[number] = 2
    block = traits(segments, weights)
    if block.length > LONGEST_SEGMENT:
        return False
    any_share = config.foreign_share if accounts else config.any_share
    if block.strong >= config.strong_share and block.any >= any_share:
        return block.length >= SHORT_SEGMENT or block.strong >= config.any_share
    if block.length < SHORT_SEGMENT:
        return False
    if (
        block.strong * 2 >= config.strong_share
        and block.any >= NEARLY_ALL
        and _unheard(sheet, segments)
    ):
        return True
    if foreign and block.any >= config.foreign_share:
        return True
    return _asks(sheet, segments) or is_strange(sheet, segments, foreign, at_edge)


LONGEST_SEGMENT = 22
"""Code points of the median segment, from which a block is clauses rather than titles.

Segments of seed 002 have 7 to 17, of the 21 title lines of `contamination.md` 1.1 5 to 20.
"""

NEARLY_ALL = 0.9
"""Share of segments with any word, from which half as many strong ones convict a block that the
article says nothing of. No strong word stands in the 10,543 clean pages of `../shared/data`.
"""

SHORT_SEGMENT = 4
"""Code points of the median segment, below which a block is a menu or a row of names."""


def _accounts(sheet: Sheet, segments: Sequence[Segment]) -> list[int]:
    """Return the numbers of the segments that name an account to write to."""
    account = sheet.lexicon.account
    if not account.search("\n".join(segment.folded for segment in segments)):
        return []
    return [number for number, segment in enumerate(segments) if account.search(segment.folded)]


def _asks(sheet: Sheet, segments: Sequence[Segment]) -> bool:
    """Return whether a block is a list of searches that have nothing to do with the article.

    Its titles end in different questions of searchers (哪家好, 多少钱), or in what they ask for.
    """
    lexicon, size = sheet.lexicon, len(segments)
    questions = [hit.group() for s in segments if (hit := lexicon.question.search(s.folded))]
    if len(set(questions)) < 2 or len(questions) < ASKING * size:
        return False
    searches = sum(bool(lexicon.query.search(segment.folded)) for segment in segments)
    joined = sheet.text[segments[0].start : segments[-1].stop]
    return (
        searches >= SEARCHES * size
        and not is_prose_like(joined, size)
        and _unheard(sheet, segments)
    )


ASKING = 0.4
"""Share of the segments of a list of searches that ask a question, in two ways at least.

None of the lists in `../shared/data` has two such questions at the ends of its members.
"""

SEARCHES = 0.7
"""Share of its segments that end as searches do; the rest are cut or plain names of goods."""


def is_strange(sheet: Sheet, segments: Sequence[Segment], foreign: bool, at_edge: bool) -> bool:
    """Return whether a block of unknown words is no list of the article.

    Its words wander from title to title, or it is in the other script, and the prose has none of
    them. Digits count for nothing, because those of dates repeat each other, and a title once.
    """
    bare = dict.fromkeys(_DIGITS_RE.sub("", segment.folded) for segment in segments)
    pieces = [piece for piece in bare if len(piece) > 1]
    if len(pieces) < sheet.config.min_segments or is_form(pieces):
        return False
    needed = _needed_share(sheet, segments, pieces, foreign, at_edge)
    return repeated_share(pieces) >= needed and _unheard(sheet, segments)


def _needed_share(
    sheet: Sheet, segments: Sequence[Segment], pieces: Sequence[str], foreign: bool, at_edge: bool
) -> float:
    """Return the share (0–1) of segments whose words must wander; more where no share is enough."""
    config, size = sheet.config, len(pieces)
    length = median(map(len, pieces))
    short = KEYWORDS[0] <= length <= KEYWORDS[1]
    prose_like = is_prose_like(sheet.text[segments[0].start : segments[-1].stop], size)
    if not foreign:
        least = FEW_STRANGERS if short else LIST_OF_STRANGERS
        told = not prose_like and size >= least and (short or at_edge)
        return config.repeated_share if told else math.inf
    if prose_like or length < KEYWORDS[0]:
        return config.repeated_share
    own = any(sheet.is_headline(Span(one.start, one.stop)) for one in segments)
    return 0.0 if short and not own else config.foreign_repeated_share


_DIGITS_RE = re.compile(r"[0-9]+")

KEYWORDS = (5, 12)
"""Code points of the median segment of a block of keywords, which are shorter than headlines.

Headlines of clean news have 19 in the median; of lists of four joined ones 8 in 100 are as short,
of fifteen 1. Most tags, dishes and subjects are terms of four.
"""

FEW_STRANGERS = 4
"""Segments of a block of such keywords that repeat each other's words.

No list in `../shared/data` has as many that repeat each other as `repeated_share` demands and that
its article does not speak of; of lists of joined headlines, less than 1 in 1,000.
"""


def _unheard(sheet: Sheet, segments: Sequence[Segment]) -> bool:
    """Return whether the prose of the page says nothing of what a block says.

    A block glued to a sentence is part of the prose: its own words are not counted.
    """
    if len(sheet.prose) < ENOUGH_PROSE:
        return False
    known: Set[str] = sheet.known
    if sheet.marks[sheet.line_at(segments[0].start)]:
        own = Counter(pair for segment in segments for pair in pairs(segment.folded))
        known = {pair for pair, times in own.items() if sheet.known_times[pair] > times}
    echoes = sum(echo(segment.folded, known) for segment in segments)
    return echoes <= FAINT_ECHO * len(segments)


ENOUGH_PROSE = 100
"""Code points of prose without which nothing can be said to be strange to it."""

LIST_OF_STRANGERS = 10
"""Segments of a block without a known word, in the script of the page."""

FAINT_ECHO = 0.25
"""Share of the bigrams of a block that the article may have by chance.

Headlines have 0.63 of theirs in their article in the median, spam segments less than 0.17.
"""
