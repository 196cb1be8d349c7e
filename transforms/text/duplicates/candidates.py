"""Which pages are exact copies, and which pairs are worth reading their texts: by sketches alone.

Pages that share a bucket meet; the members of a meeting are compared. A bucket is a value of the
text hash, of one band of the signature or of a passage.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.text.duplicates.fingerprint import FACTS, HASHES, estimate_jaccard
from transforms.text.duplicates.leader import copies, rank
from transforms.text.duplicates.packed_rows import Indices, Rows, Words, distinct, find, groups
from transforms.text.duplicates.rules import (
    EDGE,
    PAIR,
    DedupeConfig,
    ExactConfig,
    Kind,
    least_shared_if_contained,
    required_similarity,
)

MEMBER = np.dtype([("center", "<u4"), *[(name, FACTS[name]) for name in FACTS.names or ()]])
"""A member of a meeting, with its facts."""

BUCKET_ENTRY = np.dtype([("bucket", "<u4"), ("alias", "<u4")])
"""A page in a bucket. Both are 32 bits of longer hashes, to halve what is shuffled: pages that
share one by chance meet for nothing, and are told apart by their facts. The lowest bit of `bucket`
is set for passages, and the four above it hold the size class of the page."""

MEETING = np.dtype([("center", "<u4"), ("alias", "<u4")])
"""A page in a meeting: pages to be compared with each other. The lowest bit of `center` is set
where they share a passage; for these it is asked only whether one contains the other."""

_PASSAGE = np.uint64(1 << 32)
"""The bit of a key that marks a passage."""

_SIZE = np.uint32(0b11110)
"""The bits of a passage's bucket that hold a size class: quarters of a power of two, modulo 16."""

_APART = 2 << 1
"""Difference in `_SIZE` from which pages that share a passage meet. Below, their similarity is at
least .63 if one contains the other, and they share bands."""

ALL_PAIRS_LIMIT = 64
"""Meetings up to this size are compared pair by pair; above, only with their leaders."""

MAX_LEADERS = 256
"""Leaders of one meeting. 20,000 near-copies of one page need about 80."""

STANDARD_ERRORS = 4
"""A pair is dropped unread only if its estimate is so many standard errors below what it needs: 3
in 100,000 pairs at the threshold are lost."""


def alias(keys: Words) -> NDArray[np.uint32]:
    """Return the names of pages in buckets and meetings."""
    return (keys >> np.uint64(1)).astype(np.uint32)


def bucket_keys(sketches: Rows, config: DedupeConfig) -> tuple[Words, NDArray[np.uint32]]:
    """Return the buckets that pages fall into, and the pages' aliases.

    A page falls into one bucket for its text hash, and into one for each band and each passage.
    The upper half of a key becomes the bucket of a `BUCKET_ENTRY`.

    Args:
        sketches: of `sketch_dtype`.
        config: what to find.
    """
    facts = sketches["page"]
    keys, names = [], []
    if config.exact.enabled:
        whole = facts["n_shingles"] > 0
        keys.append(sketches["text_hash"][whole, 0] & ~_PASSAGE)
        names.append(alias(facts["key"][whole]))
    for column, least in similarity_keys(config):
        long = np.flatnonzero(facts["n_shingles"] >= least)
        filled = sketches[column][long] != 0
        page = long[np.nonzero(filled)[0]]
        found = sketches[column][long][filled] & ~_PASSAGE
        if column == "passages":
            size = (4 * np.log2(facts["n_shingles"][page])).astype(np.uint64) << np.uint64(33)
            mask = np.uint64(_SIZE) << np.uint64(32)
            found = found & ~mask | size & mask | _PASSAGE
        keys.append(found)
        names.append(alias(facts["key"][page]))
    return np.concatenate(keys), np.concatenate(names)


def similarity_keys(config: DedupeConfig) -> Iterator[tuple[str, int]]:
    """Yield the columns of keys to be used, each with the least number of shingles of a text."""
    near, contained = config.near, config.contained
    least = [rule.min_shingles for rule in (near, contained) if rule.enabled]
    if least:
        yield "bands", min(least)
    if contained.enabled:
        yield "passages", contained.min_shingles


def meetings(rows: Rows) -> Rows:
    """Return who is to be compared with whom, of dtype `MEETING`.

    The pages of a bucket meet under the smallest alias among them. Near-copies share many buckets,
    mostly with the same smallest alias, so that a cluster of n pages costs a few times n rows, not
    n² pairs for every band. What shares a passage meets apart, so that a phrase of many pages does
    not crowd out the near-copies of one of them, and only where sizes differ.

    Args:
        rows: of `BUCKET_ENTRY`, all entries of every bucket in it.
    """
    passage = rows["bucket"] & np.uint32(1)
    size = rows["bucket"] & (passage * _SIZE)
    bucket = rows["bucket"] - size
    order = np.lexsort((rows["alias"], bucket))
    rows, passage, size = rows[order], passage[order], size[order]
    starts, sizes = groups(bucket[order])
    if not len(starts):
        return np.zeros(0, dtype=MEETING)
    apart = np.maximum.reduceat(size, starts) - np.minimum.reduceat(size, starts)
    meet = (sizes > 1) & ((passage[starts] == 0) | (apart >= _APART))
    centers = np.repeat(rows["alias"][starts] & ~np.uint32(1) | passage[starts], sizes)
    shared = np.repeat(meet, sizes)
    found = np.zeros(int(shared.sum()), dtype=MEETING)
    found["center"], found["alias"] = centers[shared], rows["alias"][shared]
    return distinct(found, "center", "alias")


def members(found: Rows, facts: Rows) -> Rows:
    """Return `found` (of `MEETING`) with the facts of its pages (of `FACTS`), as `MEMBER` rows."""
    found = distinct(found, "center", "alias")
    facts = facts[np.argsort(alias(facts["page"]["key"]), kind="stable")]
    names = alias(facts["page"]["key"])
    first = np.searchsorted(names, found["alias"], "left")
    count = np.searchsorted(names, found["alias"], "right") - first
    nth = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    joined = np.zeros(len(nth), dtype=MEMBER)
    joined["center"] = np.repeat(found["center"], count)
    for name in FACTS.names or ():
        joined[name] = facts[name][np.repeat(first, count) + nth]
    return joined


class Candidates(NamedTuple):
    """What meetings come to.

    Attributes:
        copies: rows of `EDGE`, from exact copies; the same from every meeting they are in.
        pairs: rows of `PAIR`, to be verified, each pair once.
        large_meetings: meetings above `ALL_PAIRS_LIMIT`.
        unpaired: members of those that `MAX_LEADERS` leaders left unpaired.
    """

    copies: Rows
    pairs: Rows
    large_meetings: int
    unpaired: int


def candidates(rows: Rows, config: DedupeConfig) -> Candidates:
    """Return the exact copies, and the pairs that are similar enough to read their texts.

    An exact copy takes no part in the near stage: whatever is like it is like the page it copies.

    Args:
        rows: of `MEMBER`, all members of every meeting in it.
        config: the rules.
    """
    copies = np.zeros(0, dtype=EDGE)
    if config.exact.enabled:
        copies, rows = split_copies(rows, config.exact)
    rows = rows[np.lexsort((*rank(rows["page"]), rows["center"]))]
    starts, sizes = groups(rows["center"])
    better, worse = _all_pairs(rows, np.repeat(sizes <= ALL_PAIRS_LIMIT, sizes), config)
    large = np.flatnonzero(sizes > ALL_PAIRS_LIMIT)
    unpaired = 0
    for start, size in zip(starts[large].tolist(), sizes[large].tolist(), strict=True):
        led, left = _led_pairs(rows[start : start + size], config)
        better += [a + start for a, _ in led]
        worse += [b + start for _, b in led]
        unpaired += left
    pairs = np.zeros(sum(map(len, worse)), dtype=PAIR)
    if len(pairs):
        pairs["better"] = rows["page"][np.concatenate(better)]
        pairs["worse"] = rows["page"][np.concatenate(worse)]
    return Candidates(copies, distinct_pairs(pairs), len(large), unpaired)


def split_copies(rows: Rows, config: ExactConfig) -> tuple[Rows, Rows]:
    """Return the exact copies among the members of meetings as edges, and the other members.

    Copies share every bucket, so they are together in every meeting that has one of them.

    Args:
        rows: of `MEMBER`.
        config: the window.
    """
    high, low = rows["text_hash"][:, 0], rows["text_hash"][:, 1]
    rows = rows[np.lexsort((*rank(rows["page"]), low, high, rows["center"]))]
    starts, sizes = groups(rows["center"], rows["text_hash"][:, 0], rows["text_hash"][:, 1])
    several = (sizes > 1) & (rows["page"]["n_shingles"][starts] > 0)
    found: list[tuple[int, int]] = []
    copied = np.zeros(len(rows), dtype=bool)
    for start, size in zip(starts[several].tolist(), sizes[several].tolist(), strict=True):
        same = slice(start, start + size)
        pairs = [(start + a, start + b) for a, b in copies(rows["page"][same], config.window_days)]
        copied[[worse for _, worse in pairs]] = True
        found += pairs
    edges = np.zeros(len(found), dtype=EDGE)
    at = np.array(found, dtype=np.int64).reshape(-1, 2)
    edges["better"], edges["worse"] = rows["page"][at[:, 0]], rows["page"][at[:, 1]]
    edges["similarity"], edges["kind"] = 1.0, Kind.EXACT
    return edges, rows[~copied]


def distinct_pairs(pairs: Rows) -> Rows:
    """Return each pair once, sorted by where the texts lie."""
    a, b = pairs["better"], pairs["worse"]
    order = np.lexsort((b["key"], a["key"], b["row"], b["unit"], a["row"], a["unit"]))
    pairs = pairs[order]
    starts, _ = groups(pairs["better"]["key"], pairs["worse"]["key"])
    return pairs[starts]


def without_copies(pairs: Rows, copied: Words) -> Rows:
    """Return the pairs of which neither page is an exact copy; `copied` are the copies' keys.

    `candidates` leaves out copies itself; in pairs with pages of earlier runs they are still there.
    """
    copied = np.unique(copied)
    found = [find(pairs[side]["key"], copied)[1] for side in ("better", "worse")]
    others: Rows = pairs[~(found[0] | found[1])]
    return others


def worth_reading(
    a: Rows, b: Rows, passage: NDArray[np.bool_], config: DedupeConfig
) -> NDArray[np.bool_]:
    """Tell which pairs may be duplicates, or one contain the other, by their estimated similarity.

    Args:
        a: rows of `FACTS`.
        b: the other page of each pair.
        passage: whether no more is known of a pair than that it shares a passage.
        config: the rules.
    """
    near = np.where(passage, np.inf, required_similarity(a["page"], b["page"], config.near))
    part = _part_similarity(a, b, passage, config)
    estimate = estimate_jaccard(a["signature"], b["signature"])
    worth: NDArray[np.bool_] = estimate >= _least_estimate(np.minimum(near, part))
    return worth


def _all_pairs(
    rows: Rows, small: NDArray[np.bool_], config: DedupeConfig
) -> tuple[list[Indices], list[Indices]]:
    """Compare every two members of the small meetings; rows are sorted by meeting and rank."""
    better: list[Indices] = []
    worse: list[Indices] = []
    for apart in range(1, ALL_PAIRS_LIMIT):
        together = (rows["center"][apart:] == rows["center"][:-apart]) & small[apart:]
        a = np.flatnonzero(together)
        if not len(a):
            break
        a = a[worth_reading(rows[a], rows[a + apart], _by_passage(rows[a]), config)]
        better.append(a)
        worse.append(a + apart)
    return better, worse


def _least_estimate(needed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the estimates from which pairs that need these similarities are read."""
    share = np.minimum(needed, 1.0)
    least: NDArray[np.float64] = needed - STANDARD_ERRORS * np.sqrt(share * (1 - share) / HASHES)
    return least


def _part_similarity(
    a: Rows, b: Rows, passage: NDArray[np.bool_], config: DedupeConfig
) -> NDArray[np.float64]:
    """Return the Jaccard similarity that pairs have if one page contains the other.

    Where that is above the threshold of near-duplicates, they share bands as well as a passage.
    """
    sizes = a["page"]["n_shingles"].astype(np.int64), b["page"]["n_shingles"].astype(np.int64)
    few, many = np.minimum(*sizes), np.maximum(*sizes)
    shared = least_shared_if_contained(a["page"], b["page"], config, few, many)
    needed = np.where(np.isinf(shared), np.inf, shared / np.maximum(few + many - shared, 1))
    return np.where(passage & (needed >= config.near.threshold), np.inf, needed)


def _by_passage(rows: Rows) -> NDArray[np.bool_]:
    shared: NDArray[np.bool_] = (rows["center"] & np.uint32(1)).astype(bool)
    return shared


def _led_pairs(rows: Rows, config: DedupeConfig) -> tuple[list[tuple[Indices, Indices]], int]:
    """Compare a large meeting with its first member, then those unlike it with theirs.

    The first is the best-ranked; where a passage is shared, the longest. Returns the pairs, better
    rank first, and how many members no leader reached.
    """
    passage = _by_passage(rows[1:])
    rest = np.arange(len(rows))
    if passage[0]:
        rest = rest[np.argsort(-rows["page"]["n_shingles"].astype(np.int64), kind="stable")]
    pairs: list[tuple[Indices, Indices]] = []
    while len(rest) > 1 and len(pairs) < MAX_LEADERS:
        leader, others = rest[:1], rest[1:]
        a, b = np.broadcast_to(rows[leader], len(others)), rows[others]
        estimate = estimate_jaccard(a["signature"], b["signature"])
        if passage[0]:
            needed = _part_similarity(a, b, passage[: len(others)], config)
            found = others[estimate >= _least_estimate(needed)]
        else:
            needed = required_similarity(a["page"], b["page"], config.near)
            found = others[estimate >= needed]
        pairs.append((np.minimum(leader, found), np.maximum(leader, found)))
        rest = others[estimate < needed]
    return pairs, len(rest) if len(rest) > 1 else 0
