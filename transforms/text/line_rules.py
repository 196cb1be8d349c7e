"""Rules about whole rows: records from `configs/boilerplate/`, matched all at once.

A row costs one call whatever the number of rules, in time linear in its length (`re2.Set`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import re2
from annotated_types import Ge

from transforms.text.layout import Row

Zone = Literal["any", "head", "tail", "edge"]
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
            `edge` in both, `any` also between them (only exact patterns deserve that).
        effect: `row` takes the row out; `tail` also all rows below it, where none of them is prose
            of the article; `suffix` takes the match out at the end of a row of prose; `term` is
            one vote for a disclaimer, two different votes convict.
        max_chars: longest row it applies to, in code points.
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
    match: str
    no_match: str

    def __post_init__(self) -> None:
        rules = RuleSet((self,))
        if not rules.find(Row(0, len(self.match), self.match)):
            raise ValueError(f"{self.id}: does not match its example {self.match!r}")
        if rules.find(Row(0, len(self.no_match), self.no_match)):
            raise ValueError(f"{self.id}: matches what it must not: {self.no_match!r}")


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
        self._set = re2.Set.SearchSet()
        for rule in rules:
            compile_pattern(rule.pattern)
            self._set.Add(rule.pattern)
        if rules:
            self._set.Compile()

    def find(self, row: Row, zone: str | None = None) -> list[LineRule]:
        """Return the rules that find the row, in their order.

        Args:
            row: its shadow is searched as it is and without the spaces between hanzi.
            zone: head, body or tail; nothing for any.
        """
        if not self.rules or len(row.folded) > 2 * self._longest:
            return []
        hits = set(self._set.Match(row.folded) or ())
        if row.tight != row.folded:
            hits.update(self._set.Match(row.tight) or ())
        return [
            rule
            for rule in map(self.rules.__getitem__, sorted(hits))
            if len(row.tight) <= rule.max_chars and (zone is None or in_zone(rule.zone, zone))
        ]


def in_zone(wanted: Zone, zone: str) -> bool:
    """Return whether a rule for `wanted` applies in `zone`.

    >>> in_zone("edge", "tail"), in_zone("edge", "body")
    (True, False)
    """
    return wanted in ("any", zone) or (wanted == "edge" and zone != "body")

