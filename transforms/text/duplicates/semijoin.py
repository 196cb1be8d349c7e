"""Which new pages repeat pages of earlier runs: a join that touches only rows that meet one.

The new pages are few and lie in memory; what earlier runs have comes past in blocks of rows, of
which only those go on that share a text hash, a band or a passage with a new page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.text.duplicates.candidates import worth_reading
from transforms.text.duplicates.fingerprint import estimate_jaccard, page_keys
from transforms.text.duplicates.packed_rows import Indices, Rows, Words, find, groups
from transforms.text.duplicates.rules import DAY, EDGE, PAIR, DedupeConfig, Kind

SEEN = np.dtype(
    [
        ("text_hash", "<u8", 2),
        ("id", "<u8", 2),  # of the article kept for it: its own, if it was kept itself
        ("published", "<i8"),  # of the page that had this text: seconds since 1970, UTC
        ("run", "<i4"),  # sequence number of the run that kept the article
        ("kind", "i1"),  # how a copy of this text repeats the article: a `Kind`
        ("similarity", "<f4"),
    ]
)
"""A text that an earlier run has seen, whether it was kept or dropped."""

RUN_SHIFT = 32
"""`unit` of a page of an earlier run: the run's sequence number, then the shard in 32 bits."""

MOST_MEETINGS = 64
"""Articles of earlier runs that a new page is compared with: those most like it by estimate. As
within a run, where larger meetings are compared with their leaders only."""

_AT_ONCE = 1 << 17
"""Meetings looked at at once, to bound memory: a hot bucket has millions."""

_HELD_PAIRS = 1 << 19
"""Pairs held at least before the ones least alike are let go: 65 MB."""

Estimated = tuple[Rows, NDArray[np.float64]]
"""Rows of `PAIR`, and the similarity of each by signature."""


class Met(NamedTuple):
    """What a join of new pages with those of earlier runs comes to.

    Attributes:
        others: sketches of the new pages whose text no earlier run has seen.
        copies: rows of `EDGE`, one for each of the rest.
        pairs: rows of `PAIR`, to be verified; `better` is the page of the earlier run.
        unpaired: how many pairs `MOST_MEETINGS` has left out.
    """

    others: Rows
    copies: Rows
    pairs: Rows
    unpaired: int


class TextHashes:
    """The text hashes of new pages, to be met by rows of `SEEN`.

    Args:
        sketches: of the new pages.
        config: the rules.
    """

    def __init__(self, sketches: Rows, config: DedupeConfig) -> None:
        whole = np.flatnonzero((sketches["page"]["n_shingles"] > 0) & config.exact.enabled)
        order = whole[np.argsort(sketches["text_hash"][whole, 0], kind="stable")]
        self._hashes = sketches["text_hash"][order]
        self._pages = sketches["page"][order]
        self._window = config.exact.window_days

    def any_within(self, least: int, most: int) -> bool:
        """Tell whether the first word of a hash lies in this range."""
        at = int(np.searchsorted(self._hashes[:, 0], np.uint64(least)))
        return at < len(self._hashes) and int(self._hashes[at, 0]) <= most

    def meet(self, first_words: Words) -> Indices:
        """Return where in `first_words` the first word of a new page's hash stands."""
        return np.flatnonzero(find(first_words, self._hashes[:, 0])[1])

    def copies(self, seen: Rows) -> Rows:
        """Return an edge for every new page that has a text of `seen`, within the window.

        Args:
            seen: rows of `SEEN`: all that `meet` has found, of every block.
        """
        seen = _in_order(seen, self._window)
        row, at = _expand(seen["text_hash"][:, 0], self._hashes[:, 0])
        apart = np.abs(seen["published"][row] - self._pages["published"][at])
        same = seen["text_hash"][row, 1] == self._hashes[at, 1]
        same &= self._window is None or apart <= self._window * DAY
        row, at = row[same], at[same]
        at, first = np.unique(at, return_index=True)
        return _copy_edges(seen[row[first]], self._pages[at])


def _in_order(seen: Rows, window_days: int | None) -> Rows:
    """Return rows of `SEEN` by rank, without texts that were themselves copies of an earlier one.

    A dropped copy widens no window: else a text that comes every month would be kept only once.
    """
    order = (seen["id"][:, 1], seen["id"][:, 0], seen["run"], seen["published"])
    seen = seen[np.lexsort(order)]
    if window_days is None:
        return seen
    kept: dict[tuple[int, int], list[int]] = defaultdict(list)
    first = np.ones(len(seen), dtype=bool)
    for at, (high, low) in enumerate(seen["text_hash"].tolist()):
        published, others = int(seen["published"][at]), kept[high, low]
        copied = any(abs(published - other) <= window_days * DAY for other in others)
        first[at] = seen["kind"][at] == Kind.EXACT or not copied
        if first[at]:
            others.append(published)
    return seen[first]


def _copy_edges(seen: Rows, pages: Rows) -> Rows:
    edges = np.zeros(len(seen), dtype=EDGE)
    better = edges["better"]
    better["id"], better["published"] = seen["id"], seen["published"]
    better["key"] = page_keys(seen["id"], committed=True)
    better["unit"] = seen["run"].astype(np.uint64) << np.uint64(RUN_SHIFT)
    edges["worse"], edges["kind"], edges["similarity"] = pages, seen["kind"], seen["similarity"]
    return edges


class Buckets:
    """The buckets of one kind that new pages fall into, to be met by the keys of earlier pages.

    Args:
        sketches: of the new pages.
        column: the field of the sketches that holds the keys; 0 is no key.
        least_shingles: pages with fewer stay out.
    """

    def __init__(self, sketches: Rows, column: str, least_shingles: int) -> None:
        self.column = column
        long = np.flatnonzero(sketches["page"]["n_shingles"] >= least_shingles)
        keys = sketches[column][long]
        row, _ = filled = np.nonzero(keys)
        order = np.argsort(keys[filled], kind="stable")
        self._keys = keys[filled][order]
        self._at = long[row][order]
        bits = min(26, max(12, len(order).bit_length() + 4))
        self._low_bits = np.uint64((1 << bits) - 1)
        self._hot = np.zeros(1 << bits, dtype=bool)
        self._hot[self._keys & self._low_bits] = True

    def meet(self, keys: Words) -> Iterator[tuple[Indices, Indices]]:
        """Yield pieces of: which rows of `keys` (a row, keys of it) meet which new pages.

        A pair is in a piece once, but may be in several.
        """
        flat = keys.reshape(-1)
        hot = np.flatnonzero(self._hot.take((flat & self._low_bits).view(np.int64)))
        hot = hot[find(flat[hot], self._keys)[1]]
        for some in _pieces(_counts(flat[hot], self._keys)):
            which, at = _expand(flat[hot[some]], self._keys)
            row = hot[some][which] // keys.shape[1]
            pairs = np.unique(row << 32 | self._at[at])
            yield pairs >> 32, pairs & 0xFFFFFFFF


def _counts(values: Words, among: Words) -> Indices:
    return np.searchsorted(among, values, "right") - np.searchsorted(among, values, "left")


def _expand(values: Words, among: Words) -> tuple[Indices, Indices]:
    """Return all (position of a value, position of its equals in the sorted array `among`)."""
    first = np.searchsorted(among, values, "left")
    count = np.searchsorted(among, values, "right") - first
    nth = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(np.arange(len(values)), count), np.repeat(first, count) + nth


def _pieces(sizes: Indices) -> Iterator[slice]:
    """Cut a row of things so that those of a piece take about `_AT_ONCE` together."""
    starts, lengths = groups((np.cumsum(sizes) - sizes) // _AT_ONCE)
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        yield slice(start, start + length)


def worthy_pairs(earlier: Rows, new: Rows, column: str, config: DedupeConfig) -> Estimated:
    """Return the pairs that are worth reading their texts, and their estimates.

    Args:
        earlier: sketches of pages of earlier runs.
        new: the sketch of the new page that each of them has met.
        column: the field whose keys they share.
        config: the rules.
    """
    passage = np.full(len(new), column == "passages")
    worth = worth_reading(earlier, new, passage, config)
    earlier, new = earlier[worth], new[worth]
    pairs = np.zeros(len(new), dtype=PAIR)
    pairs["better"], pairs["worse"] = earlier["page"], new["page"]
    return pairs, estimate_jaccard(earlier["signature"], new["signature"])


def most_alike(pieces: Iterable[Estimated]) -> tuple[Rows, int]:
    """Return each pair once, `MOST_MEETINGS` of a new page at most, and how many are left out.

    Args:
        pieces: pairs with their estimates; taken one after the other.
    """
    waiting = [(np.zeros(0, dtype=PAIR), np.zeros(0))]
    size = left_out = 0
    limit = _HELD_PAIRS
    for piece in pieces:
        waiting.append(piece)
        size += len(piece[0])
        if size > limit:
            best, more = _cut(waiting)
            waiting, size, left_out = [best], len(best[0]), left_out + more
            limit = max(_HELD_PAIRS, 2 * size)
    (pairs, _), more = _cut(waiting)
    return pairs, left_out + more


def _cut(pieces: list[Estimated]) -> tuple[Estimated, int]:
    pairs = np.concatenate([pairs for pairs, _ in pieces])
    estimates = np.concatenate([estimates for _, estimates in pieces])
    order = np.lexsort((pairs["better"]["key"], -estimates, pairs["worse"]["key"]))
    pairs, estimates = pairs[order], estimates[order]
    once, _ = groups(pairs["worse"]["key"], estimates, pairs["better"]["key"])
    pairs, estimates = pairs[once], estimates[once]
    starts, sizes = groups(pairs["worse"]["key"])
    best = np.arange(len(pairs)) - np.repeat(starts, sizes) < MOST_MEETINGS
    return (pairs[best], estimates[best]), int(np.count_nonzero(~best))
