"""A page as the spam rules look at it, and the settings of the step."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, NamedTuple

from annotated_types import Ge, Le

from transforms.text.layout import has_any
from transforms.text.script.to_simplified import ScriptCounts, count_scripts
from transforms.text.shadow import fold
from transforms.text.spam.lexicon import Lexicon, SpamWords, compiled
from transforms.text.spam.segments import (
    STUFFING,
    Span,
    bigrams,
    echo,
    foreign_script,
    line_spans,
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
            around it.
        repeated_share: share of segments with wandering bigrams that convicts a long block at the
            edge of the page without a known word. Joined headlines of clean news stay below 0.74
            in 99 of 100 lists of 15, spam of unknown words is above in 3 of 4.
        foreign_repeated_share: the same for a block in the other script. Joined headlines stay
            below 0.33 in 3 of 4 lists of four to six.
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
        self.alarmed = bool(self.lexicon.alarm.search(text)) or has_any(text, STUFFING)

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
    def prose_scripts(self) -> ScriptCounts:
        """The scripts of the prose."""
        return count_scripts(self.prose)

    @cached_property
    def known(self) -> set[str]:
        """The bigrams of the prose, folded."""
        return bigrams(fold(self.prose))

    def line_at(self, offset: int) -> int:
        """Return the number of the line that `offset` is in."""
        return bisect.bisect(self.lines, offset, key=lambda line: line.start) - 1

    def at_edge(self, line: int) -> bool:
        """Return whether line number `line` is among the first or last three."""
        return line < EDGE_LINES or line >= len(self.lines) - EDGE_LINES

    def foreign(self, span: Span) -> bool:
        """Return whether `span` is written in the other script than the prose."""
        return foreign_script(count_scripts(self.text[slice(*span)]), self.prose_scripts)

    def folded(self, span: Span) -> str:
        """Return the text at `span`, folded and without what breaks its words."""
        return tight(self.text[slice(*span)])

    @cached_property
    def title_weights(self) -> list[int]:
        """What the lexicon says of each line that may be a title, 0 for other lines."""
        return [
            0
            if marks or line.stop - line.start > LONGEST_TITLE
            else self.lexicon.weigh(self.folded(line))
            for line, marks in zip(self.lines, self.marks, strict=True)
        ]

    def is_headline(self, span: Span) -> bool:
        """Return whether the article speaks of what stands at `span`, and no list does."""
        folded = self.folded(span)
        return (
            len(folded) >= SHORT_HEADLINE
            and echo(folded, self.known) >= LOUD_ECHO
            and not self.lexicon.weigh(folded)
        )


EDGE_LINES = 3
"""Non-blank lines at either end of a page that count as its edge.

Blocks stand in the first or last line in 21 of 22 pages of `contamination.md` 1.1; a mirror's own
title or footer may come before or after.
"""

LONGEST_TITLE = 40
"""Code points of a title on a line of its own, with its date."""

SHORT_HEADLINE = 6
"""Code points of the shortest headline: two words can be in the article by chance."""

LOUD_ECHO = 0.35
"""Share of a headline's bigrams that are in the article, from which it is the article's own.

Headlines of clean news have 0.63 in the median and less than 0.4 in one of four; spam segments
have less than 0.17 in 999 of 1,000.
"""
