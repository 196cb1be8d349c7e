"""A text under repair in several passes, and the list of edits that leads from source to end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from transforms.text.records import Edit


class Change(NamedTuple):
    """One repair: `[start, stop)` of the text as it is now becomes `after`."""

    start: int
    stop: int
    after: str
    reason: str


class _Mark(NamedTuple):
    """A stretch of the text as it is now: replaced earlier, or to be replaced (`after` given)."""

    start: int
    stop: int
    reason: str
    growth: int
    after: str | None


class Draft:
    """A text that repairs are applied to one pass after the other.

    A later repair may fall into the result of an earlier one; then both become one edit of the
    source, whose reasons are joined with `+`.

    Attributes:
        text: the text as it is now.
    """

    def __init__(self, source: str) -> None:
        self.text = source
        self._source = source
        self._done: list[Change] = []

    def apply(self, changes: Iterable[Change]) -> None:
        """Carry out one pass: ascending, disjoint changes of the text as it is now."""
        fresh = [c for c in changes if self.text[c.start : c.stop] != c.after]
        if not fresh:
            return
        marks = [_Mark(c.start, c.stop, c.reason, 0, c.after) for c in fresh]
        done = []
        shift = 0
        for group in _overlapping(sorted([*self._marks(), *marks], key=lambda m: m[:2])):
            start, stop = group[0].start, max(m.stop for m in group)
            new = [Change(m.start, m.stop, m.after, m.reason) for m in group if m.after is not None]
            growth = sum(m.growth for m in group)
            reason = "+".join(dict.fromkeys(part for m in group for part in m.reason.split("+")))
            after = _replaced(self.text, start, stop, new)
            done.append(Change(start - shift, stop - shift - growth, after, reason))
            shift += growth
        self._done = done
        self.text = _replaced(self.text, 0, len(self.text), fresh)

    def edits(self, step: str) -> tuple[Edit, ...]:
        """Return the edits of the source, as those of `step`."""
        return tuple(
            Edit(step, c.reason, c.start, c.stop, self._source[c.start : c.stop], c.after)
            for c in self._done
            if self._source[c.start : c.stop] != c.after
        )

    def _marks(self) -> Iterator[_Mark]:
        """Yield where the earlier changes stand now."""
        shift = 0
        for start, stop, after, reason in self._done:
            growth = len(after) - (stop - start)
            yield _Mark(start + shift, stop + shift + growth, reason, growth, None)
            shift += growth


def _overlapping(marks: list[_Mark]) -> Iterator[list[_Mark]]:
    """Yield ascending marks in groups of those that overlap."""
    group: list[_Mark] = []
    end = 0
    for mark in marks:
        if group and mark.start >= end:
            yield group
            group = []
        group.append(mark)
        end = max(end, mark.stop) if len(group) > 1 else mark.stop
    if group:
        yield group


def _replaced(text: str, start: int, stop: int, changes: list[Change]) -> str:
    """Return `text[start:stop]` with `changes`, whose offsets are those of `text`, carried out."""
    parts: list[str] = []
    for change in changes:
        parts += (text[start : change.start], change.after)
        start = change.stop
    parts.append(text[start:stop])
    return "".join(parts)
