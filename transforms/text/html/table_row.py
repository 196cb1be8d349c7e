"""A row of a table whose cells hold blocks: of data, as pasted from Word, or of a page's layout."""

from __future__ import annotations

from typing import TypeAlias

from transforms.text.html.line import Line, joined

Cell: TypeAlias = tuple[list[str], int, list[Line]]
"""A cell of a row: its pieces and code points linked, or the lines of the blocks in it."""

MAX_CELL = 60
"""Code points of the longest cell that shares a line with the others of its row; tables that lay
out a page have longer ones."""


def text_of(cell: Cell) -> tuple[str, int]:
    """Return text and code points linked of a cell; the blocks in it are parted by a space."""
    pieces, n_linked, lines = cell
    if not lines:
        return joined(pieces), n_linked
    seen = [line for line in lines if not line.hidden]
    return " ".join(line.text for line in seen), sum(line.n_linked for line in seen)


def is_of_data(cells: list[Cell], part: str, ruled: str) -> bool:
    """Return whether a row is one of a table of data, whatever stands in its cells.

    A table that lays out a page has one cell in a row, links, headings or other tables in them, or
    several blocks of prose.

    Args:
        cells: of the row.
        part: of the page that the row is in.
        ruled: what a rule for the site says of the row.
    """
    if not all(_is_plain(lines, part, ruled) for _, _, lines in cells):
        return False
    texts = [(*text_of(cell), len(cell[2])) for cell in cells]
    n_chars, n_linked = sum(len(text) for text, _, _ in texts), sum(n for _, n, _ in texts)
    if sum(1 for text, _, _ in texts if text) < 2 or n_linked > _MOST_LINKED * n_chars:
        return False
    return all(
        n_blocks < 2 or (len(text) <= MAX_CELL and "。" not in text) for text, _, n_blocks in texts
    )


def _is_plain(lines: list[Line], part: str, ruled: str) -> bool:
    """Return whether the blocks of a cell may be one text."""
    return len(lines) <= _MAX_BLOCKS and all(
        line.hidden or (line.tag in _PLAIN and (line.part, line.ruled) == (part, ruled))
        for line in lines
    )


_MAX_BLOCKS, _MOST_LINKED = 6, 0.3
"""Blocks of one cell; share of a row of data that is links."""
_PLAIN = frozenset(("p", "div", "center", "section", "td", "th"))
"""Blocks that say nothing of what they hold."""
