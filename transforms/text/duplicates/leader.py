"""The keep rule: of pages that are duplicates of each other, which stay, and which go for which."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from transforms.text.duplicates.fingerprint import is_committed
from transforms.text.duplicates.packed_rows import Rows, Words, find, groups
from transforms.text.duplicates.rules import DAY


def rank(pages: Rows) -> tuple[NDArray[np.generic], ...]:
    """Return sort keys for `np.lexsort`: who is to stay comes first.

    Committed before, then earliest published, then longest, then smallest id: a total order.
    """
    return (
        pages["id"][:, 1],
        pages["id"][:, 0],
        -pages["n_chars"].astype(np.int64),
        pages["published"],
        ~is_committed(pages["key"]),
    )


def copies(pages: Rows, window_days: int | None) -> Iterator[tuple[int, int]]:
    """Pair every page with the first kept one before it that lies within the window.

    Args:
        pages: rows of `PAGE` with one title and text, in order of rank.
        window_days: days of 24 hours; None for no window.
    """
    published = pages["published"].tolist()
    kept: list[int] = []
    for at, committed in enumerate(is_committed(pages["key"]).tolist()):
        near = (
            k
            for k in kept
            if window_days is None or abs(published[at] - published[k]) <= window_days * DAY
        )
        found = None if committed else next(near, None)
        if found is None:
            kept.append(at)
        else:
            yield found, at


def decide(edges: Rows) -> Rows:
    """Return one edge per dropped page, from it to the kept page it resembles most.

    Greedy leader: from the best rank down, a page that resembles a better page which is kept is
    dropped. So every dropped page has a kept one that it was compared with itself, which connected
    components do not give (12 of 3,844 dropped pages were below the threshold to the page kept).
    """
    if not len(edges):
        return edges
    pages = np.concatenate([edges["better"], edges["worse"]])
    _, first, where = np.unique(pages["key"], return_index=True, return_inverse=True)
    place = np.empty(len(first), dtype=np.int64)
    place[np.lexsort(rank(pages[first]))] = np.arange(len(first))
    better, worse = place[where].reshape(2, -1)
    order = np.lexsort((better, -edges["similarity"], worse))
    dropped: set[int] = set()
    chosen = []
    for at, b, w in zip(order.tolist(), better[order].tolist(), worse[order].tolist(), strict=True):
        if w not in dropped and b not in dropped:
            dropped.add(w)
            chosen.append(at)
    return edges[chosen]


def parts(edges: Rows, dropped: Words) -> Rows:
    """Return the best edge of each page that stands in a longer one, where both pages stay.

    Args:
        edges: of `Kind.PART`.
        dropped: keys of the pages that do not stay.
    """
    dropped = np.sort(dropped)
    gone = [find(edges[side]["key"], dropped)[1] for side in ("better", "worse")]
    edges = edges[~(gone[0] | gone[1])]
    order = (edges["better"]["key"], -edges["similarity"], edges["worse"]["key"])
    edges = edges[np.lexsort(order)]
    starts, _ = groups(edges["worse"]["key"])
    return edges[starts]


def resolve(exact: Rows, decisions: Rows) -> Rows:
    """Return exact edges so that each leads to a page that is kept.

    A page whose copy was kept in the exact stage and dropped in the near stage follows that copy:
    it has the same text, so its similarity is the copy's.

    Args:
        exact: edges of `candidates`; those that stand there repeatedly are returned once.
        decisions: edges of `decide`.
    """
    exact = exact[np.unique(exact["worse"]["key"], return_index=True)[1]]
    if not len(decisions):
        return exact
    decisions = decisions[np.argsort(decisions["worse"]["key"])]
    at, moved = find(exact["better"]["key"], decisions["worse"]["key"])
    resolved = exact.copy()
    for name in ("better", "similarity", "kind"):
        resolved[name][moved] = decisions[name][at[moved]]
    return resolved
