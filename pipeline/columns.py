"""Tables for people and for pipes: plain columns, of which nothing is ever cut."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from rich.cells import cell_len


def in_columns(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> Iterator[str]:
    """Yield `rows` as lines, their cells one below the other.

    Args:
        rows: all of one length; a wide character takes two cells.
        right: numbers of the columns that are aligned to the right.
    """
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for at, (text, width) in enumerate(zip(row, widths, strict=True)):
            space = " " * (width - cell_len(text))
            cells.append(space + text if at in right else text + space)
        yield "  ".join(cells).rstrip()
