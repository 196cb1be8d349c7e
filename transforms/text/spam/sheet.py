"""A page as the spam rules look at it, and the settings of the step."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, NamedTuple

import numpy as np
from annotated_types import Ge, Le

from transforms.text.layout import has_any
from transforms.text.script.to_simplified import ScriptCounts, count_scripts, script_classes
from transforms.text.shadow import fold
from transforms.text.spam.lexicon import Lexicon, SpamWords, compiled
from transforms.text.spam.segments import (
    STUFFING,
    Span,
    bigrams,
    echo,
    joints_in,
    line_spans,
    pairs,
    sentence_marks,
    tight,
)

Share = Annotated[float, Ge(0), Le(1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamConfig:
    """Settings of `strip_spam`.

    Attributes:
        lexicon: word lists.
        min_segments: segments a block has at least.
        strong_share: share of segments with a strong word that convicts a block …
        any_share: … together with this share with any word.
        foreign_share: share with any word that convicts a block in the other script than the prose
            around it; in place of `any_share` for one that names an account.
        repeated_share: share of segments with wandering bigrams that convicts a block without a
            known word: one of keywords (`verdict.py`) anywhere, a long one of any titles at the
            edge of the page. Joined headlines of clean news stay below 0.74 in 99 of 100 lists of
            15, spam of unknown words is above in 3 of 4.
        foreign_repeated_share: the same for a block of headlines in the other script; one of
            keywords needs none. Joined headlines stay below 0.33 in 3 of 4 lists of four to six.
    """

    enabled: bool = True
    lexicon: tuple[SpamWords, ...] = ()
    min_segments: Annotated[int, Ge(2)] = 3
    strong_share: Share = 0.3
    any_share: Share = 0.6
    foreign_share: Share = 0.4
    repeated_share: Share = 0.75
    foreign_repeated_share: Share = 0.35


class Finding(NamedTuple):
    """A span to take out, and the rule that says so."""

    start: int
    stop: int
    reason: str


class Sheet:
    """A page as the rules of this step look at it."""

    def __init__(self, text: str, config: SpamConfig) -> None:
        self.text = text
        self.config = config
        self.lexicon: Lexicon = compiled(config.lexicon)
        self.lines = line_spans(text)
        self.alarmed = any(map(self.lexicon.alarm.search, _readings(text)))

    @cached_property
    def marks(self) -> list[int]:
        """Number of sentence marks in each line."""
        return [sentence_marks(self.text[line.start : line.stop]) for line in self.lines]

    @cached_property
    def prose(self) -> str:
        """The lines that have a sentence mark, in which a block is a stranger."""
        return "\n".join(
            self.text[line.start : line.stop]
            for line, marks in zip(self.lines, self.marks, strict=True)
            if marks
        )

    @cached_property
    def bilingual(self) -> bool:
        """Whether the page has enough of both scripts for a piece to be in the other one."""
        counts = count_scripts(self.text)
        return min(counts.traditional, counts.simplified) >= FOREIGN

    @cached_property
    def known(self) -> set[str]:
        """The bigrams of the prose, folded."""
        return bigrams(fold(self.prose))

    @cached_property
    def known_times(self) -> Counter[str]:
        """How often each of them is there."""
        return Counter(pairs(fold(self.prose)))

    def line_at(self, offset: int) -> int:
        """Return the number of the line that `offset` is in."""
        return bisect.bisect(self.lines, offset, key=lambda line: line.start) - 1

    def at_edge(self, line: int) -> bool:
        """Return whether line number `line` is among the first or last three."""
        return line < EDGE_LINES or line >= len(self.lines) - EDGE_LINES

    def foreign(self, span: Span) -> bool:
        """Return whether `span` is written in the other script than the prose."""
        return self.foreign_characters(span) >= FOREIGN

    def foreign_characters(self, span: Span) -> int:
        """Return the characters at `span` that are of the other script than the prose.

        -1 where the prose does not tell its script, or `span` has a character of it. A mirror
        converts the article to traditional script and pastes its spam in simplified; a block for
        Taiwan on a simplified page is the other way round.
        """
        if not self._own_and_other:
            return -1
        own, other = self._own_and_other
        return -1 if own[span.stop] > own[span.start] else other[span.stop] - other[span.start]

    @cached_property
    def _own_and_other(self) -> tuple[list[int], list[int]] | None:
        """How many characters of the script of the prose, and of the other, precede each offset."""
        if not self.bilingual:
            return None
        prose, told = count_scripts(self.prose), script_classes(self.text)
        least = max(TELLING, MARKED_SHARE * prose.shared)
        traditional, simplified = (
            [0, *np.cumsum(told == ScriptCounts._fields.index(script)).tolist()]
            for script in ("traditional", "simplified")
        )
        if prose.traditional >= least and prose.simplified * 4 < prose.traditional:
            return traditional, simplified
        if prose.simplified >= least and prose.traditional * 20 < prose.simplified:
            return simplified, traditional
        return None

    @cached_property
    def unstopped(self) -> list[bool]:
        """Whether each line has no full stop."""
        return [self.text.find("。", *line) < 0 for line in self.lines]

    def joints(self, line: int) -> set[str]:
        """Return the marks that may join a line without a sentence mark to the next."""
        return set() if self.marks[line] else joints_in(self.text[slice(*self.lines[line])])

    def is_title(self, line: int) -> bool:
        """Return whether line number `line` is short and has no sentence mark."""
        start, stop = self.lines[line]
        return not self.marks[line] and stop - start <= LONGEST_TITLE

    def folded(self, span: Span) -> str:
        """Return the text at `span`, folded and without what breaks its words."""
        return tight(self.text[slice(*span)])

    @cached_property
    def title_weights(self) -> list[int]:
        """What the lexicon says of each line that may be a title, 0 for other lines."""
        return [
            self.lexicon.weigh(self.folded(line)) if self.is_title(number) else 0
            for number, line in enumerate(self.lines)
        ]

    def is_headline(self, span: Span) -> bool:
        """Return whether the article speaks of what stands at `span`, and no list does."""
        folded = self.folded(span)
        return (
            len(folded) >= SHORT_HEADLINE
            and echo(folded, self.known) >= LOUD_ECHO
            and not self.lexicon.weigh(folded)
        )


def _readings(text: str) -> Iterator[str]:
    """Yield `text`, and without the characters that hide words where it has any."""
    yield text
    if has_any(text, STUFFING):
        yield text.translate(_UNSTUFFED)


_UNSTUFFED = dict.fromkeys(map(ord, STUFFING))

EDGE_LINES = 3
"""Non-blank lines at either end of a page that count as its edge.

Blocks stand in the first or last line in 21 of 22 pages of `contamination.md` 1.1; a mirror's own
title or footer may come before or after.
"""

FOREIGN = 2
"""Characters of the other script, without any of the prose's, that make a piece foreign."""

TELLING = 10
"""Characters of one script only that a text needs before its script is taken for known."""

MARKED_SHARE = 0.08
"""The same per character of both scripts. Clean news in its own script has 0.33 to 0.77."""

LONGEST_TITLE = 40
"""Code points of a title on a line of its own, with its date."""

SHORT_HEADLINE = 6
"""Code points of the shortest headline: two words can be in the article by chance."""

LOUD_ECHO = 0.35
"""Share of a headline's bigrams that are in the article, from which it is the article's own.

Headlines of clean news have 0.63 in the median and less than 0.4 in one of four; spam segments
have less than 0.17 in 999 of 1,000.
"""
