"""Work on tables of fixed rows (numpy structured arrays) that travel as packed bytes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[Any]
"""A structured array: one row a page, pair or edge, of the dtype named where it is used."""

Words = NDArray[np.uint64]
Indices = NDArray[np.int64]


def unpack(blocks: Iterable[bytes], dtype: np.dtype[np.void]) -> Rows:
    """Return the rows of packed blocks."""
    return np.frombuffer(b"".join(blocks), dtype=dtype)


def groups(*columns: NDArray[np.generic]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the starts and sizes of the runs of equal rows."""
    new = np.zeros(len(columns[0]), dtype=bool)
    new[:1] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    starts = np.flatnonzero(new)
    return starts, np.diff(starts, append=len(new))


def distinct(rows: Rows, *names: str) -> Rows:
    """Return one row of those that agree in the named columns, sorted by them."""
    rows = rows[np.lexsort([rows[name] for name in reversed(names)])]
    starts, _ = groups(*(rows[name] for name in names))
    return rows[starts]


def find(values: Words, among: Words) -> tuple[Indices, NDArray[np.bool_]]:
    """Return where values stand in a sorted array, and which of them do."""
    at = np.searchsorted(among, values)
    found = at < len(among)
    found[found] = among[at[found]] == values[found]
    return at, found
