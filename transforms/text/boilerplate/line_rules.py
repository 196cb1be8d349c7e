"""Rules about whole rows: records from `configs/boilerplate/`, matched all at once.

A row costs one call whatever the number of rules, in time linear in its length (`re2.Set`).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import re2
from annotated_types import Ge, Le

from transforms.text.layout import Row

Zone = Literal["any", "head", "tail", "edge", "below"]
Effect = Literal["row", "tail", "suffix", "term"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRule:
    """One way in which a row is not part of the article.

    Patterns are written in simplified, half-width, lower-case text without spaces between hanzi.

    Attributes:
        id: reason written to the audit.
        kind: the kind of the contamination map, e.g. `share`.
        pattern: re2 pattern, searched in the row.
        zone: where it counts: `head` before the first row of prose, `tail` behind the last one,
            `edge` in both, `below` under a row that began a cut of the tail, `any` also between
            paragraphs (only exact patterns deserve that).
        effect: `row` takes the row out; `tail` also all rows below it, where none of them is prose
            of the article; `suffix` takes the match out at the end of a row of prose; `term` is
            one vote for a disclaimer, two different votes convict.
        max_chars: longest row it applies to, in code points.
        covers: share (0-1) of the hanzi of a row that must lie in matches of this rule and of
            those that ask for less: for everyday words, where the row must also end no sentence
            and share no words with the article; `FEW_WORDS` of it hint at a frame. 0 for a pattern
            that needs none of this.
        match: a row it must find.
        no_match: a row it must leave alone.

    Raises:
        ValueError: the pattern is no re2 pattern, or an example does not behave.
    """

    id: str
    kind: str
    pattern: str
    zone: Zone = "edge"
    effect: Effect = "row"
    max_chars: Annotated[int, Ge(1)] = 40
    covers: Annotated[float, Ge(0), Le(1)] = 0
    match: str
    no_match: str

    def __post_init__(self) -> None:
        rules = RuleSet((self,))
        if not rules.find(Row(0, len(self.match), self.match)):
            raise ValueError(f"{self.id}: does not match its example {self.match!r}")
        if rules.find(Row(0, len(self.no_match), self.no_match)):
            raise ValueError(f"{self.id}: matches what it must not: {self.no_match!r}")


@functools.lru_cache(maxsize=1024)
def compile_pattern(pattern: str) -> Any:
    """Return `pattern` compiled by re2.

    Raises:
        ValueError: it is no re2 pattern.
    """
    try:
        return re2.compile(pattern)
    except re2.error as error:
        raise ValueError(f"not a pattern: {pattern!r}: {error}") from None


class RuleSet:
    """Rules that are matched together."""

    def __init__(self, rules: tuple[LineRule, ...]) -> None:
        """Compile the rules.

        Raises:
            ValueError: a pattern is no re2 pattern.
        """
        self.rules = rules
        self._longest = max((rule.max_chars for rule in rules), default=0)
        options = re2.Options()
        options.max_mem = _AUTOMATON_MEMORY
        self._set = re2.Set.SearchSet(options)
        for rule in rules:
            compile_pattern(rule.pattern)
            self._set.Add(rule.pattern)
        if rules:
            self._set.Compile()

    def find(self, row: Row, zone: str | None = None) -> list[LineRule]:
        """Return the rules that find the row, in their order.

        Args:
            row: its shadow is searched as it is and without the spaces between hanzi.
            zone: head, body, tail or below; nothing for any.
        """
        if not self.rules or len(row.folded) > 2 * self._longest:
            return []
        hits = set(self._set.Match(row.folded) or ())
        if row.tight != row.folded:
            hits.update(self._set.Match(row.tight) or ())
        if not hits:
            return []
        return [
            rule
            for rule in map(self.rules.__getitem__, sorted(hits))
            if len(row.tight) <= rule.max_chars and (zone is None or in_zone(rule.zone, zone))
        ]


FEW_WORDS = 0.25
"""Share (0–1) of a row's hanzi in everyday words of pages from which they hint at a frame: half of
the frame rows in unknown words have more, one in ten of the short rows of lists and verse has."""
_AUTOMATON_MEMORY = 32 << 20
"""Bytes that the automaton of a rule set may grow to, as it meets new rows. With the 8 MB of re2 it
is thrown away again and again: 275 µs a row of 65 rules, against 5 µs (2,100 rows of menus and
headlines, once they have been met)."""


def in_zone(wanted: Zone, zone: str) -> bool:
    """Return whether a rule for `wanted` applies in `zone`; what is below is in the tail too.

    >>> in_zone("edge", "tail"), in_zone("edge", "body"), in_zone("tail", "below")
    (True, False, True)
    """
    if zone == "below" and wanted in ("below", "tail", "edge"):
        return True
    return wanted in ("any", zone) or (wanted == "edge" and zone != "body")


def is_covered(row: Row, hits: Sequence[LineRule], most: float = 1) -> bool:
    """Return whether the matches of rules for everyday words make up enough of a row.

    `分享经济走进乡村` has two of eight hanzi in such words, and is a headline.

    Args:
        row: a row.
        hits: the rules that find it.
        most: share (0–1) that is enough, whatever a rule asks for.
    """
    hanzi = {at for at, char in enumerate(row.tight) if "\u3400" <= char <= "\u9fff"}
    inside: set[int] = set()
    for rule in sorted(hits, key=lambda rule: rule.covers):
        for found in compile_pattern(rule.pattern).finditer(row.tight):
            inside.update(range(*found.span()))
        if len(hanzi & inside) >= min(most, rule.covers) * len(hanzi):
            return True
    return False
