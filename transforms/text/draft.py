"""A text under repair in several passes, and the one list of edits that leads from source to end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from transforms.text.records import Edit


class Change(NamedTuple):
    """One repair: `[start, stop)` of the text as it is now becomes `after`."""

    start: int
    stop: int
    after: str
    reason: str


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
        self._changes: list[Change] = []
        """Offsets into the source, ascending, disjoint."""

    def apply(self, changes: Iterable[Change]) -> bool:
        """Carry out one pass: ascending, disjoint changes of the text; tell whether there was one."""
        now = self.text
        fresh = [c for c in changes if now[c.start : c.stop] != c.after]
        if not fresh:
            return False
        composed: list[Change] = []
        shift = 0
        for group in _overlapping(_seen_from_now(self._changes), fresh):
            start = min(start for start, _, _, _ in group)
            stop = max(stop for _, stop, _, _ in group)
            grown = sum(gain for _, _, _, gain in group)
            changed = [change for _, _, change, gain in group if change in fresh or gain is not None]
            composed.append(_merge(now, start, stop, shift, grown, changed))
            shift += grown
        self._changes = composed
        self.text = _rewritten(now, fresh)
        return True

    def edits(self, step: str) -> tuple[Edit, ...]:
        """Return the edits of the source, as those of `step`."""
        return tuple(
            Edit(step, c.reason, c.start, c.stop, self._source[c.start : c.stop], c.after)
            for c in self._changes
            if self._source[c.start : c.stop] != c.after
        )
