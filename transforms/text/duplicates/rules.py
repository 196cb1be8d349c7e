"""Which pages are duplicates of which: the rules, on the fingerprints of pages.

Everything works on structured arrays of rows and gives the same answer for the same set of rows,
in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Annotated, NamedTuple

import numpy as np
from annotated_types import Ge, Interval
from numpy.typing import NDArray

from transforms.text.duplicates.fingerprint import (
    HASHES,
    PAGE,
    hex_ids,
    is_committed,
    overlap,
    shingle_sets,
)
from transforms.text.duplicates.packed_rows import Indices, Rows, groups

STEP = "dedupe"

Share = Annotated[float, Interval(ge=0.0, le=1.0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactConfig:
    """Pages with equal normalised title and text.

    Attributes:
        enabled: find them.
        window_days: only within so many days of 24 hours of each other; None for ever. A yearly
            notice in the same words is one text and two events.
    """

    enabled: bool = True
    window_days: Annotated[int, Ge(0)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NearConfig:
    """Pages whose texts share most of their character 5-grams; similarity is exact Jaccard, 0–1.

    `benchmarks/quality/dedupe.py` lists what these thresholds drop among 10,167 articles of two
    collections: six, each of them one story posted twice. Without the window three more go, each
    another event in the words of an older one; with `same_site_threshold` at 0, 25 more: by their
    titles 19 stories under a new headline, five stubs of a paywall and one template.

    Attributes:
        enabled: find them.
        bands: bands of the signature.
        rows: min-hashes of a band. 32 bands of 4 find 99.98 % of the pairs at .70; 20 of 6 find
            99.8 % at .80 and a quarter of the other candidates.
        window_days: published at most so many days of 24 hours apart. News from one template is
            similar for ever: of 46 natural pairs above .80, 44 lay more than 30 days apart, and
            those that were read told of different events.
        min_shingles: texts below this many shingles have exact duplicates only.
        threshold: similarity from which a pair counts.
        short_shingles: below this many shingles, `short_threshold` counts instead.
        short_threshold: the threshold of short texts.
        same_site_threshold: the threshold of two pages of one site under different titles: they may
            be one outlet's template, filled in twice.
    """

    enabled: bool = True
    bands: Annotated[int, Interval(ge=1, le=HASHES)] = 32
    rows: Annotated[int, Interval(ge=1, le=HASHES)] = 4
    window_days: Annotated[int, Ge(0)] = 30
    min_shingles: Annotated[int, Ge(1)] = 50
    threshold: Share = 0.70
    short_shingles: Annotated[int, Ge(0)] = 200
    short_threshold: Share = 0.85
    same_site_threshold: Share = 0.97

    def __post_init__(self) -> None:
        if self.bands * self.rows > HASHES:
            raise ValueError(f"bands * rows must be at most {HASHES}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainedConfig:
    """Pages that stand almost whole inside a longer one: truncated reprints, digests.

    A digest that embeds an article is not a copy of it, so this is off unless asked for.

    Attributes:
        enabled: find and drop them.
        threshold: share of the shorter text's shingles that the longer one has, 0–1.
        min_ratio: shingles of the shorter text over those of the longer one, 0–1.
        min_shingles: least number of shingles of the shorter text.
    """

    enabled: bool = False
    threshold: Share = 0.90
    min_ratio: Share = 0.45
    min_shingles: Annotated[int, Ge(1)] = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DedupeConfig:
    """Settings of `dedupe`."""

    enabled: bool = True
    exact: ExactConfig = field(default_factory=ExactConfig)
    near: NearConfig = field(default_factory=NearConfig)
    contained: ContainedConfig = field(default_factory=ContainedConfig)

    def __post_init__(self) -> None:
        if self.contained.enabled and not self.near.enabled:
            raise ValueError("contained.enabled needs near.enabled")


class Kind(IntEnum):
    """How a page is a duplicate. The lower-case names are column values."""

    EXACT = 0
    NEAR = 1
    CONTAINED = 2


PAIR = np.dtype([("better", PAGE), ("worse", PAGE)])
"""Two pages that may be duplicates; `better` is the one that would stay."""

EDGE = np.dtype([("better", PAGE), ("worse", PAGE), ("similarity", "<f8"), ("kind", "u1")])
"""Two pages that are duplicates by the rules."""

DAY = 86_400


class Ref(NamedTuple):
    """Where the text of a page lies, in terms of whoever wrote it there."""

    unit: int
    row: int


class Duplicate(NamedTuple):
    """A page that is dropped, and the one that is kept instead.

    Attributes:
        id: of the dropped page.
        duplicate_of: id of a page that is kept, in this run or (`of_committed`) an earlier one.
        kind: exact, near or contained.
        similarity: Jaccard of the two texts' shingles; for `contained`, the share of the shorter's.
        ref: where the dropped page lies.
        of_ref: where the kept page lies.
        of_committed: the kept page was kept by an earlier run.
    """

    id: str
    duplicate_of: str
    kind: str
    similarity: float
    ref: Ref
    of_ref: Ref
    of_committed: bool


def name_duplicates(edges: Rows) -> list[Duplicate]:
    """Return edges, one per dropped page, as `Duplicate`s."""
    worse, better = edges["worse"], edges["better"]
    return [
        Duplicate(dropped, kept, Kind(kind).name.lower(), similarity, at, of, committed)
        for dropped, kept, kind, similarity, at, of, committed in zip(
            hex_ids(worse["id"]),
            hex_ids(better["id"]),
            edges["kind"].tolist(),
            edges["similarity"].tolist(),
            refs(worse),
            refs(better),
            is_committed(better["key"]).tolist(),
            strict=True,
        )
    ]


def required_similarity(
    a: Rows, b: Rows, config: NearConfig, shingles: NDArray[np.int64] | None = None
) -> NDArray[np.float64]:
    """Return the Jaccard similarity that pairs need to be near-duplicates; infinity for never.

    Args:
        a: rows of `PAGE`.
        b: the other page of each pair.
        config: the thresholds.
        shingles: distinct shingles of the shorter text of each pair, where they are known.
    """
    least = np.minimum(a["n_shingles"], b["n_shingles"]) if shingles is None else shingles
    needed = np.where(least < config.short_shingles, config.short_threshold, config.threshold)
    strict = np.maximum(needed, config.same_site_threshold)
    needed = np.where(may_be_one_template(a, b), strict, needed)
    apart = np.abs(a["published"] - b["published"]) > config.window_days * DAY
    never = (
        apart | (least < config.min_shingles) | (is_committed(a["key"]) & is_committed(b["key"]))
    )
    return np.where(never, np.inf, needed)


def may_be_one_template(a: Rows, b: Rows) -> NDArray[np.bool_]:
    """Tell which pairs may be one outlet's template, filled in twice.

    Pages of one site may be, unless they are known to have the same title; pages of which one has
    no known site may be, if they are known to have different ones.
    """
    no_site = (a["site"] == 0) | (b["site"] == 0)
    one_site = (a["site"] == b["site"]) & ~no_site
    no_title = (a["title"] == 0) | (b["title"] == 0)
    one_title = (a["title"] == b["title"]) & ~no_title
    risk: NDArray[np.bool_] = (one_site & ~one_title) | (no_site & ~one_title & ~no_title)
    return risk


def verify(pairs: Rows, texts: dict[Ref, str], config: DedupeConfig) -> Rows:
    """Return the pairs that are duplicates by the exact similarity of their texts, as `EDGE` rows.

    Args:
        pairs: of `PAIR`.
        texts: text of every page in `pairs`.
        config: the rules.
    """
    sets = dict(zip(texts, shingle_sets(list(texts.values())), strict=True))
    sides = [[sets[ref] for ref in refs(pairs[side])] for side in ("better", "worse")]
    sizes = np.array([[len(one) for one in side] for side in sides], dtype=np.int64)
    few, many = sizes.min(axis=0), sizes.max(axis=0)
    shared = np.array([overlap(*pair) for pair in zip(*sides, strict=True)], dtype=np.int64)
    jaccard = shared / (few + many - shared)
    needed = required_similarity(pairs["better"], pairs["worse"], config.near, few)
    near = jaccard >= needed
    inside = _contained(shared, few, many, config.contained) & np.isfinite(needed) & ~near
    inside &= ~may_be_one_template(pairs["better"], pairs["worse"])
    edges = np.zeros(len(pairs), dtype=EDGE)
    edges["better"], edges["worse"] = pairs["better"], pairs["worse"]
    edges["similarity"] = np.where(near, jaccard, shared / few)
    edges["kind"] = np.where(near, Kind.NEAR, Kind.CONTAINED)
    accepted: Rows = edges[near | inside]
    return accepted


def _contained(
    shared: Indices, few: Indices, many: Indices, config: ContainedConfig
) -> NDArray[np.bool_]:
    large = (few >= config.min_shingles) & (few >= config.min_ratio * many)
    inside: NDArray[np.bool_] = large & (shared >= config.threshold * few) & config.enabled
    return inside


def refs(pages: Rows) -> list[Ref]:
    """Return where the texts of pages lie."""
    return list(map(Ref, pages["unit"].tolist(), pages["row"].tolist()))


def batches(pairs: Rows, max_chars: int) -> Iterator[Rows]:
    """Cut pairs so that the texts of a batch hold about `max_chars` code points at most."""
    sizes = pairs["better"]["n_chars"].astype(np.int64) + pairs["worse"]["n_chars"]
    number = np.cumsum(sizes) // max_chars
    starts, lengths = groups(number)
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        yield pairs[start : start + length]
