"""Finding the rows that many pages of a site share, without their texts crossing a shuffle.

Sightings are shuffled, in packed blocks and by number of partition; the texts of the few frequent
rows are picked where they lie. The rules are `transforms/text/boilerplate/sightings.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsList, PCollection

from transforms.config import default_config
from transforms.text.boilerplate.sightings import (
    COUNT,
    SIGHTING,
    TOTAL,
    Sighted,
    SiteLinesConfig,
    count,
    learn,
    pack,
    sight,
    total,
)
from transforms.text.boilerplate.site_rules import SiteLines
from transforms.text.boilerplate.strip_boilerplate import (
    BoilerplateConfig,
    disclaimer_terms,
)
from transforms.text.duplicates.packed_rows import Rows, unpack
from transforms.text.records import Page

PARTITIONS = 32
"""Parts of the shuffle: how many workers can share it, and how small its parts are."""

Part: TypeAlias = tuple[int, tuple[bytes, bytes]]
"""Packed sightings of this run, and packed counts of earlier ones, behind their partition."""

SeenLines: TypeAlias = dict[str, list[str]]
"""Normal rows that some pages show, by site."""


@dataclass
class CountSiteLines(beam.PTransform[PCollection[Page], PCollection[tuple[str, SiteLines]]]):
    """Find the frequent rows of each site among pages, as (site, rows); for `StripBoilerplate`.

    For bounded collections of pages as `ExtractMetadata` leaves them, in any pipeline. The result
    depends on the set of pages alone.

    Args:
        config: that of `StripBoilerplate`.
    """

    config: BoilerplateConfig = field(default_factory=lambda: default_config().strip_boilerplate)

    def expand(self, pages: PCollection[Page]) -> PCollection[tuple[str, SiteLines]]:
        batches = (
            pages
            | "BatchPages" >> beam.BatchElements(min_batch_size=64, max_batch_size=256)
            | "Sight" >> beam.Map(sight_pages, self.config)
        )
        parts = batches | "Pack" >> beam.FlatMap(_pack).with_output_types(Part)
        totals = parts | "Count" >> CountSightings()
        seen = batches | "Seen" >> beam.Map(seen_lines)
        return seen | "Learn" >> LearnSiteLines(self.config.site_lines, totals)


@dataclass
class CountSightings(beam.PTransform[PCollection[Part], PCollection[bytes]]):
    """Count sightings; out come packed totals of the rows that stand on several pages."""

    def expand(self, parts: PCollection[Part]) -> PCollection[bytes]:
        return parts | "GroupByPart" >> beam.GroupByKey() | "CountPart" >> beam.Map(_count_part)


@dataclass
class LearnSiteLines(beam.PTransform[PCollection[SeenLines], PCollection[tuple[str, SiteLines]]]):
    """Pick the frequent rows among those seen, as (site, rows).

    Args:
        config: thresholds.
        totals: what `CountSightings` returned.
    """

    config: SiteLinesConfig
    totals: PCollection[bytes]

    def expand(self, seen: PCollection[SeenLines]) -> PCollection[tuple[str, SiteLines]]:
        return (
            seen
            | "PickFrequent"
            >> beam.ParDo(_PickFrequent(self.config), AsList(self.totals)).with_output_types(
                tuple[str, SiteLines]
            )
            | "GroupBySite" >> beam.GroupByKey()
            | "MergeSite" >> beam.MapTuple(_merge).with_output_types(tuple[str, SiteLines])
        )


def scatter(sightings: Rows, earlier: Rows) -> Iterator[Part]:
    """Yield sightings and counts of earlier runs in one packed block per partition."""
    by_part = [_split(rows) for rows in (sightings, earlier)]
    for part in range(PARTITIONS):
        new, old = (blocks[part] for blocks in by_part)
        if len(new) or len(old):
            yield part, (new.tobytes(), old.tobytes())


def _split(rows: Rows) -> list[Rows]:
    part = rows["line"] % np.uint64(PARTITIONS)
    order = np.argsort(part, kind="stable")
    return np.split(rows[order], np.searchsorted(part[order], np.arange(1, PARTITIONS)))


def seen_lines(sighted: Iterable[Sighted]) -> SeenLines:
    """Return the different rows that pages show, by site."""
    lines: dict[str, set[str]] = defaultdict(set)
    for seen in sighted:
        lines[seen.site].update(seen.lines)
    return {site: sorted(lines[site]) for site in sorted(lines)}


def sight_pages(pages: Iterable[Page], config: BoilerplateConfig) -> list[Sighted]:
    """Return what pages show of their sites; pages that show nothing are left out."""
    terms = disclaimer_terms(config)
    return [seen for page in pages if (seen := sight(page, terms))]


def _pack(sighted: list[Sighted]) -> Iterator[Part]:
    return scatter(pack(sighted), np.zeros(0, dtype=COUNT))


def _count_part(group: tuple[int, Iterable[tuple[bytes, bytes]]]) -> bytes:
    blocks = list(group[1])
    new = count(unpack((block for block, _ in blocks), SIGHTING))
    packed: bytes = total(new, unpack((block for _, block in blocks), COUNT)).tobytes()
    return packed


class _PickFrequent(beam.DoFn):
    def __init__(self, config: SiteLinesConfig) -> None:
        self._config = config

    def start_bundle(self) -> None:
        self._totals: Rows | None = None

    def process(self, seen: SeenLines, totals: list[bytes]) -> Iterator[tuple[str, SiteLines]]:
        if self._totals is None:
            self._totals = join_totals(totals)
        for known in learn(seen, self._totals, self._config):
            yield known.id, known


def join_totals(blocks: Iterable[bytes]) -> Rows:
    """Return the rows of packed totals, sorted by row."""
    totals = unpack(blocks, TOTAL)
    return totals[np.argsort(totals["line"])]


def _merge(site: str, found: Iterable[SiteLines]) -> tuple[str, SiteLines]:
    """Join what was picked in different places: the same counts, of different rows."""
    lines: dict[str, int] = {}
    pages = 0
    for known in found:
        lines.update(known.lines)
        pages = known.pages
    ordered = dict(sorted(lines.items(), key=lambda item: (-item[1], item[0])))
    return site, SiteLines(id=site, pages=pages, lines=ordered)
