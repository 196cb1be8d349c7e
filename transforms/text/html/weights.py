"""What the lines of a page are worth as text of an article, and what they cost."""

from __future__ import annotations

import re

from transforms.text.html.line import HEADINGS, Line

_MARK_RE = re.compile("[。！？；，：…!?;]")
_END_RE = re.compile("[。！？；…!?;”）)」』][”’」』）)】]{0,3}$")


def prose(line: Line) -> float:
    """Return the code points of a line that count as prose: own words, with sentence marks."""
    if line.weight < 0:
        line.weight = _weigh(line)
    return line.weight


def _weigh(line: Line) -> float:
    text = line.text
    n_own = len(text) - line.n_linked
    if n_own < _MIN_PROSE or n_own <= _MOST_LINKED * len(text):
        return 0.0
    if not _MARK_RE.search(text):
        n_wide = (len(text.encode()) - len(text)) // 2
        return _UNMARKED * n_wide if n_wide >= _MIN_UNMARKED and not line.n_linked else 0.0
    ends = n_own >= _LONG or _END_RE.search(text)
    return min(n_own, _MOST) * (1.0 if ends else _OPEN_END)


_MIN_PROSE, _MIN_UNMARKED, _LONG, _MOST = 10, 15, 60, 400
"""Code points: of prose at all, of prose without a mark, of prose that needs no end, that count."""
_MOST_LINKED, _UNMARKED, _OPEN_END = 0.3, 0.3, 0.5
"""Shares: of a line that are its own words, of the weight of lines without a mark or an end."""


def cost(line: Line) -> float:
    """Return what a line that is no prose takes from a run."""
    if line.part and line.part != "figure_caption":
        return _PART
    if line.n_linked >= (1 - _MOST_LINKED) * len(line.text) or is_item(line):
        return LINK_COST
    if line.tag in _ROWS:
        return _ROW
    return _HEADING if line.tag in HEADINGS else _SHORT


_PART, LINK_COST, _SHORT, _HEADING, _ROW = 30.0, 16.0, 4.0, 2.0, 1.0
_ROWS = frozenset(("tr", "td", "th", "pre"))


def score(line: Line) -> float:
    """Return what a line adds to a run."""
    named = line.part and line.part != "figure_caption"
    gain = -_PART if named else prose(line) or -cost(line)
    n_steps = line.depth - line.low - _FREE_STEPS
    return gain - _STEP * n_steps if n_steps > 0 else gain


_STEP, _FREE_STEPS = 3.0, 2
"""Cost of each level of the tree between a line and what it has in common with the one before."""


def is_item(line: Line) -> bool:
    """Return whether a line is a linked headline with its date, or its place in a list."""
    return max(_MIN_ITEM, 0.5 * len(line.text)) <= line.n_linked < len(line.text)


_MIN_ITEM = 8
"""Code points of the headline of an item."""
