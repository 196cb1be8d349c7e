"""Which pages are exact copies, and which pairs are worth reading their texts: by sketches alone.

Pages that share a bucket meet; the members of a meeting are compared. A bucket is a value of the
text hash or of one band of the signature.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.text.duplicates.fingerprint import FACTS, estimate_jaccard
from transforms.text.duplicates.leader import copies, rank
from transforms.text.duplicates.packed_rows import Indices, Rows, Words, distinct, find, groups
from transforms.text.duplicates.rules import (
    EDGE,
    PAIR,
    DedupeConfig,
    ExactConfig,
    Kind,
    may_be_one_template,
    required_similarity,
)

MEMBER = np.dtype([("center", "<u4"), *[(name, FACTS[name]) for name in FACTS.names or ()]])
"""A member of a meeting, with its facts."""

BUCKET_ENTRY = np.dtype([("bucket", "<u4"), ("alias", "<u4")])
"""A page in a bucket. Both are 32 bits of longer hashes, to halve what is shuffled: pages that
share one by chance meet for nothing, and are told apart by their facts."""

MEETING = np.dtype([("center", "<u4"), ("alias", "<u4")])
"""A page in a meeting: pages to be compared with each other."""

ALL_PAIRS_LIMIT = 64
"""Meetings up to this size are compared pair by pair; above, only with their leaders."""

MAX_LEADERS = 256
"""Leaders of one meeting. 20,000 near-copies of one page need about 80."""

ESTIMATE_MARGIN = 0.16
"""A pair is dropped unread only if its estimate is this far below what it needs: four standard
errors of 128 min-hashes at .70 (3 in 100,000 pairs at the threshold are lost)."""


def alias(keys: Words) -> NDArray[np.uint32]:
    """Return the names of pages in buckets and meetings."""
    return (keys >> np.uint64(1)).astype(np.uint32)


def bucket_keys(sketches: Rows, config: DedupeConfig) -> tuple[Words, NDArray[np.uint32]]:
    """Return the buckets that pages fall into, and the pages' aliases.

    A page falls into one bucket for each band, and into one for its text hash.

    Args:
        sketches: of `sketch_dtype`.
        config: what to find.
    """
    facts = sketches["page"]
    keys, names = [], []
    if config.exact.enabled:
        whole = facts["n_shingles"] > 0
        keys.append(sketches["text_hash"][whole, 0])
        names.append(alias(facts["key"][whole]))
    if config.near.enabled:
        long = facts["n_shingles"] >= config.near.min_shingles
        keys.append(sketches["bands"][long].ravel())
        names.append(np.repeat(alias(facts["key"][long]), config.near.bands))
    return np.concatenate(keys), np.concatenate(names)


def meetings(rows: Rows) -> Rows:
    """Return who is to be compared with whom, of dtype `MEETING`.

    The pages of a bucket meet under the smallest alias among them. Near-copies share many buckets,
    mostly with the same smallest alias, so that a cluster of n pages costs a few times n rows, not
    n² pairs for every band.

    Args:
        rows: of `BUCKET_ENTRY`, all entries of every bucket in it.
    """
    rows = rows[np.lexsort((rows["alias"], rows["bucket"]))]
    starts, sizes = groups(rows["bucket"])
    centers = np.repeat(rows["alias"][starts], sizes)
    shared = np.repeat(sizes > 1, sizes)
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
    if not config.near.enabled:
        return Candidates(copies, np.zeros(0, dtype=PAIR), 0, 0)
    rows = rows[np.lexsort((*rank(rows["page"]), rows["center"]))]
    starts, sizes = groups(rows["center"])
    better, worse = _all_pairs(rows, np.repeat(sizes <= ALL_PAIRS_LIMIT, sizes), config)
    large = np.flatnonzero(sizes > ALL_PAIRS_LIMIT)
    unpaired = 0
    for start, size in zip(starts[large].tolist(), sizes[large].tolist(), strict=True):
        led, left = _led_pairs(rows[start : start + size], config)
        better += [leader + start for leader, _ in led]
        worse += [others + start for _, others in led]
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

    `candidates` leaves out the copies it sees, which are all but those of pages of earlier runs
    whose text hash alone is known.
    """
    copied = np.unique(copied)
    found = [find(pairs[side]["key"], copied)[1] for side in ("better", "worse")]
    others: Rows = pairs[~(found[0] | found[1])]
    return others


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
        a = a[_worth_reading(rows[a], rows[a + apart], config)]
        better.append(a)
        worse.append(a + apart)
    return better, worse


def _worth_reading(a: Rows, b: Rows, config: DedupeConfig) -> NDArray[np.bool_]:
    needed = required_similarity(a["page"], b["page"], config.near)
    if config.contained.enabled:
        part = config.contained.threshold * config.contained.min_ratio
        least = part / (config.contained.min_ratio + 1 - part)
        contained = np.isfinite(needed) & ~may_be_one_template(a["page"], b["page"])
        needed = np.where(contained, np.minimum(needed, least), needed)
    return estimate_jaccard(a["signature"], b["signature"]) >= needed - ESTIMATE_MARGIN


def _led_pairs(rows: Rows, config: DedupeConfig) -> tuple[list[tuple[Indices, Indices]], int]:
    """Compare a large meeting with its best-ranked member, then those unlike it with theirs.

    Returns the pairs, and how many members no leader reached.
    """
    rest = np.arange(len(rows))
    pairs: list[tuple[Indices, Indices]] = []
    while len(rest) > 1 and len(pairs) < MAX_LEADERS:
        leader, others = rest[:1], rest[1:]
        a = np.broadcast_to(rows[leader], len(others))
        needed = required_similarity(a["page"], rows["page"][others], config.near)
        like = estimate_jaccard(a["signature"], rows["signature"][others]) >= needed
        pairs.append((np.repeat(leader, np.count_nonzero(like)), others[like]))
        rest = others[~like]
    return pairs, len(rest) if len(rest) > 1 else 0
