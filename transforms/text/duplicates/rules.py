"""Which pages are duplicates of which: the rules, on the fingerprints of pages.

Everything works on structured arrays of rows and gives the same answer for the same set of rows,
in whatever order they come.
"""

from __future__ import annotations

import re
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
        threshold: similarity from which a pair counts. A copy with 2 % of its characters changed
            has about .83, with 5 % about .65; at .55, 97 % of the latter go as well, and no other
            natural article does, in these two collections.
        short_shingles: below this many shingles, `short_threshold` counts instead.
        short_threshold: the threshold of short texts. At .85, 1.7 % of the copies with 2 % of their
            characters changed stay, at .80 0.7 %; the natural articles that go are the same.
        same_site_threshold: the threshold of two pages of one site under different titles: they may
            be one outlet's template, filled in twice.
        shared_numbers: least share of the numbers in one text that stand in the other, where both
            have six different ones or more. Reports of weather, markets and cases come under one
            title every day, and differ in little else.
    """

    enabled: bool = True
    bands: Annotated[int, Interval(ge=1, le=HASHES)] = 32
    rows: Annotated[int, Interval(ge=1, le=HASHES)] = 4
    window_days: Annotated[int, Ge(0)] = 30
    min_shingles: Annotated[int, Ge(1)] = 50
    threshold: Share = 0.70
    short_shingles: Annotated[int, Ge(0)] = 200
    short_threshold: Share = 0.80
    same_site_threshold: Share = 0.97
    shared_numbers: Share = 0.5

    def __post_init__(self) -> None:
        if self.bands * self.rows > HASHES:
            raise ValueError(f"bands * rows must be at most {HASHES}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainedConfig:
    """Pages that stand almost whole inside a longer one: truncated reprints, items of a digest.

    Published within `near.window_days` of it. A digest that embeds an article is not a copy of it,
    so they are flagged, and dropped only when asked for.

    Attributes:
        enabled: find and flag them.
        drop: drop those for which a page that contains them ranks first, unless the two may be one
            outlet's template.
        threshold: share of the shorter text's shingles that the longer one has, 0–1.
        min_ratio: shingles of the shorter text over those of the longer one, 0–1.
        min_shingles: least number of shingles of the shorter text.
    """

    enabled: bool = True
    drop: bool = False
    threshold: Share = 0.90
    min_ratio: Share = 0.15
    min_shingles: Annotated[int, Ge(1)] = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DedupeConfig:
    """Settings of `dedupe`."""

    enabled: bool = True
    exact: ExactConfig = field(default_factory=ExactConfig)
    near: NearConfig = field(default_factory=NearConfig)
    contained: ContainedConfig = field(default_factory=ContainedConfig)

    def __post_init__(self) -> None:
        if self.contained.drop and not self.contained.enabled:
            raise ValueError("contained.drop needs contained.enabled")


class Kind(IntEnum):
    """How a page repeats another. The lower-case names but the last are column values."""

    EXACT = 0
    NEAR = 1
    CONTAINED = 2
    PART = 3  # contained, too, but it stays


PAIR = np.dtype([("better", PAGE), ("worse", PAGE)])
"""Two pages that may be duplicates; `better` is the one that would stay."""

EDGE = np.dtype([("better", PAGE), ("worse", PAGE), ("similarity", "<f8"), ("kind", "u1")])
"""Two pages that are duplicates by the rules. Of `Kind.PART`, `better` is the longer one."""

DAY = 86_400


class Ref(NamedTuple):
    """Where the text of a page lies, in terms of whoever wrote it there."""

    unit: int
    row: int


class Duplicate(NamedTuple):
    """A page that is dropped, and the one that is kept instead; or a part that stays.

    Attributes:
        id: of the dropped page.
        duplicate_of: id of a page that is kept, in this run or (`of_committed`) an earlier one.
        kind: exact, near or contained; part for one that stays.
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
    never = too_far_apart(a, b, config.window_days) | (least < config.min_shingles)
    return np.where(never | (not config.enabled), np.inf, needed)


def too_far_apart(a: Rows, b: Rows, window_days: int) -> NDArray[np.bool_]:
    """Tell which pairs are not compared, by the dates of the two or as both are committed."""
    apart = np.abs(a["published"] - b["published"]) > window_days * DAY
    never: NDArray[np.bool_] = apart | (is_committed(a["key"]) & is_committed(b["key"]))
    return never


def least_shared_if_contained(
    a: Rows, b: Rows, config: DedupeConfig, few: Indices, many: Indices
) -> NDArray[np.float64]:
    """Return how many shingles pairs must share for one to contain the other; infinity for never.

    Args:
        a: rows of `PAGE`.
        b: the other page of each pair.
        config: the thresholds.
        few: distinct shingles of the shorter text of each pair.
        many: of the longer one.
    """
    rule = config.contained
    may = (few >= rule.min_shingles) & (few >= rule.min_ratio * many)
    may &= ~too_far_apart(a, b, config.near.window_days)
    return np.where(may & rule.enabled, rule.threshold * few, np.inf)


def may_be_one_template(a: Rows, b: Rows) -> NDArray[np.bool_]:
    """Tell which pairs may be one outlet's template, filled in twice.

    Pages of one site may be, unless they are known to have the same title, or without a title the
    same opening; pages of which one has no known site may be, if their titles are known to differ.
    """
    no_site = (a["site"] == 0) | (b["site"] == 0)
    one_site = (a["site"] == b["site"]) & ~no_site
    one_title = (a["title"] == b["title"]) & (a["title"] != 0)
    titled = (a["title"] & b["title"] & np.uint32(1)).astype(bool)
    risk: NDArray[np.bool_] = ~one_title & (one_site | (no_site & titled))
    return risk


def verify(pairs: Rows, texts: dict[Ref, str], config: DedupeConfig) -> Rows:
    """Return the pairs that are duplicates by the exact similarity of their texts, as `EDGE` rows.

    Args:
        pairs: of `PAIR`.
        texts: text of every page in `pairs`.
        config: the rules.
    """
    sets = dict(zip(texts, shingle_sets(list(texts.values())), strict=True))
    places = [refs(pairs[side]) for side in ("better", "worse")]
    sides = [[sets[ref] for ref in side] for side in places]
    sizes = np.array([[len(one) for one in side] for side in sides], dtype=np.int64)
    few, many = sizes.min(axis=0), sizes.max(axis=0)
    shared = np.array([overlap(*pair) for pair in zip(*sides, strict=True)], dtype=np.int64)
    jaccard = shared / (few + many - shared)
    near = jaccard >= required_similarity(pairs["better"], pairs["worse"], config.near, few)
    for at in np.flatnonzero(near & (jaccard < 1)):
        a, b = (texts[side[at]] for side in places)
        near[at] = _share_numbers(a, b, config.near.shared_numbers)
    part = shared >= least_shared_if_contained(pairs["better"], pairs["worse"], config, few, many)
    part &= shared < config.contained.threshold * many  # else they are two versions of one text
    template = may_be_one_template(pairs["better"], pairs["worse"])
    part &= ~near & ~(template & (jaccard >= config.near.threshold))
    longer_first = sizes[0] >= sizes[1]
    drop = longer_first & ~template & config.contained.drop
    edges = np.zeros(len(pairs), dtype=EDGE)
    edges["better"] = np.where(near | longer_first, pairs["better"], pairs["worse"])
    edges["worse"] = np.where(near | longer_first, pairs["worse"], pairs["better"])
    edges["similarity"] = np.where(near, jaccard, shared / few)
    edges["kind"] = np.select([near, drop], [Kind.NEAR, Kind.CONTAINED], Kind.PART)
    part &= ~is_committed(edges["worse"]["key"])
    found: Rows = edges[near | part]
    return found


_NUMBER_RE = re.compile(r"\d+(?:\.\d+)?")
_MANY_NUMBERS = 6


def _share_numbers(a: str, b: str, least: float) -> bool:
    """Tell whether two texts share a part of their numbers, as far as they have many."""
    numbers = [set(map(float, _NUMBER_RE.findall(text))) for text in (a, b)]
    few = min(map(len, numbers))
    return few < _MANY_NUMBERS or len(numbers[0] & numbers[1]) >= least * few


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
