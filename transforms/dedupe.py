"""Finding duplicates among any number of pages, without their texts crossing a shuffle.

Fingerprints are shuffled, in packed blocks of rows and by number of partition; the texts of the
few candidate pairs are read where they lie. The rules are `transforms/text/duplicates/rules.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import NamedTuple

import apache_beam as beam
from apache_beam.pvalue import AsDict, AsList, PCollection

from transforms import dedupe_stages as stages
from transforms.dedupe_stages import (
    FetchTexts,
    MeetEarlier,
    Part,
    Shuffled,
    Store,
    Tagged,
)
from transforms.text.duplicates.fingerprint import (
    id_words,
    page_keys,
    sketch_pages,
)
from transforms.text.duplicates.packed_rows import Rows, unpack
from transforms.text.duplicates.rules import (
    PAIR,
    DedupeConfig,
    Duplicate,
    Ref,
)
from transforms.text.records import Flag, Page


class Found(NamedTuple):
    """What is known of the pages that repeat others.

    Attributes:
        duplicates: the pages to drop, each once, with the page that is kept instead.
        contained: the pages that stay though they stand almost whole in a longer page that stays,
            each once, with such a page.
    """

    duplicates: PCollection[Duplicate]
    contained: PCollection[Duplicate]


@dataclass
class FindDuplicates(beam.PTransform[PCollection[bytes], Found]):
    """Find the pages to drop, and for each the page that is kept instead of it.

    The input are packed blocks of sketches, `sketch_pages(…).tobytes()`, of any size (some
    thousand pages each is best), made with `config.near.bands` and `config.near.rows`. The result
    depends on the set of sketches alone.

    Pages kept by earlier runs rank first and stay. A few of them may come as sketches that are made
    `committed`, with the others; any number is joined by `meet_earlier`, which also knows the texts
    that earlier runs have dropped.

    Args:
        config: the rules.
        fetch_texts: called with at most some thousand places at a time, sorted by unit and row.
        meet_earlier: tells which new pages repeat pages of earlier runs.
        parts: into how many parts the new pages are dealt for that; each reads the whole index.
        store: keeps what is shuffled; a local runner has every shuffle in memory, four times.
    """

    config: DedupeConfig
    fetch_texts: FetchTexts
    meet_earlier: MeetEarlier | None = None
    parts: int = 1
    store: Store = field(default_factory=Shuffled)

    def expand(self, blocks: PCollection[bytes]) -> Found:
        if self.meet_earlier is None or not self.config.enabled:
            copies, pairs = _compare(blocks, self.config, self.store)
        else:
            met = (
                blocks
                | "DealBlocks"
                >> beam.Map(stages.deal, self.parts, self.store).with_output_types(Part)
                | "GroupByPart" >> beam.GroupByKey()
                | "MeetEarlier"
                >> beam.FlatMap(stages.join_earlier, self.meet_earlier, self.config, self.store)
                .with_output_types(bytes, copies=Part, pairs=Part)
                .with_outputs("copies", "pairs", main="others")
            )
            copies, pairs = _compare(met.others, self.config, self.store)
            copies = (copies, met.copies) | "AllCopies" >> beam.Flatten()
            pairs = (pairs, met.pairs) | "AllPairs" >> beam.Flatten()
        edges = _distinct(copies, pairs) | "VerifyPairs" >> beam.FlatMap(
            stages.verify_block, self.fetch_texts, self.config
        ).with_output_types(Part)
        return _settle(copies, edges)


class DedupeOutput(NamedTuple):
    """The two ways out of `Dedupe`. Every input page is in exactly one of them.

    Pages that stay though a longer page contains them are flagged.
    """

    pages: PCollection[Page]
    duplicates: PCollection[Duplicate]


@dataclass
class Dedupe(beam.PTransform[PCollection[Page], DedupeOutput]):
    """Take out pages that repeat another page of the collection.

    For bounded collections of cleaned pages with different ids, in any pipeline. Pages are kept
    until the duplicates are known; where there are too many for that, stage them as files, make
    sketches on the way and use `FindDuplicates`.

    Args:
        undated: the day that pages without `published` count as published on.
        config: the rules.
    """

    undated: date
    config: DedupeConfig = field(default_factory=DedupeConfig)

    def expand(self, pages: PCollection[Page]) -> DedupeOutput:
        blocks = (
            pages
            | "BatchPages" >> beam.BatchElements(min_batch_size=64, max_batch_size=256)
            | "SketchPages" >> beam.Map(_sketch_block, self.undated, self.config)
        )
        copies, pairs = _compare(blocks, self.config, Shuffled())
        distinct = _distinct(copies, pairs)
        wanted = distinct | "NameTexts" >> beam.FlatMap(_wanted)
        texts = pages | "PickTexts" >> beam.FlatMap(_pick_text, AsDict(wanted))
        edges = distinct | "VerifyPairs" >> beam.FlatMap(
            _verify_among, AsDict(texts), self.config
        ).with_output_types(Part)
        found = _settle(copies, edges)
        dropped = found.duplicates | "NameDropped" >> beam.Map(_name_page)
        contained = found.contained | "NameContained" >> beam.Map(_name_page)
        kept = pages | "KeepOthers" >> beam.FlatMap(_keep, AsDict(dropped), AsDict(contained))
        return DedupeOutput(kept, found.duplicates)


def _compare(
    blocks: PCollection[bytes], config: DedupeConfig, store: Store
) -> tuple[PCollection[Part], PCollection[Part]]:
    """Return edges between exact copies, and the pairs whose texts are to be compared."""
    rules = (config.exact, config.near, config.contained)
    if not (config.enabled and any(rule.enabled for rule in rules)):
        nothing = blocks.pipeline | "Nothing" >> beam.Create([]).with_output_types(Part)
        return nothing, nothing
    met = (
        blocks
        | "EnterBuckets"
        >> beam.FlatMap(stages.enter_buckets, config, store).with_output_types(Part)
        | "GroupByBucket" >> beam.GroupByKey()
        | "Meet" >> beam.FlatMap(stages.meet, store).with_output_types(Tagged)
    )
    facts = blocks | "NameFacts" >> beam.FlatMap(
        stages.name_facts, config, store
    ).with_output_types(Tagged)
    found = (
        (met, facts)
        | "MeetingsAndFacts" >> beam.Flatten()
        | "GroupByPage" >> beam.GroupByKey()
        | "JoinFacts" >> beam.FlatMap(stages.join_facts, store).with_output_types(Part)
        | "GroupByMeeting" >> beam.GroupByKey()
        | "PairUp"
        >> beam.FlatMap(stages.pair_up, config, store)
        .with_output_types(Part, copies=Part, pairs=Part)
        .with_outputs("copies", "pairs")
    )
    return found.copies, found.pairs


def _distinct(copies: PCollection[Part], pairs: PCollection[Part]) -> PCollection[bytes]:
    """Return blocks of pairs, each pair once, without pages that copy another."""
    copied = copies | "NameCopies" >> beam.Map(stages.name_copies)
    return (
        pairs
        | "GroupByFile" >> beam.GroupByKey()
        | "DistinctPairs" >> beam.Map(stages.distinct_block, AsList(copied))
    )


def _settle(copies: PCollection[Part], edges: PCollection[Part]) -> Found:
    """Return what is dropped for what, each chain followed to a page that is kept."""
    decided = (
        edges
        | "GatherEdges" >> beam.GroupByKey()
        | "Decide"
        >> beam.FlatMap(stages.decide_block)
        .with_output_types(bytes, contained=bytes)
        .with_outputs("contained", main="decisions")
    )
    decisions = decided.decisions
    followed = (
        copies
        | "GroupByCopy" >> beam.GroupByKey()
        | "FollowCopies" >> beam.Map(stages.follow_block, AsList(decisions))
    )
    duplicates = (
        (decisions, followed)
        | "AllDecisions" >> beam.Flatten()
        | "NameDuplicates" >> beam.FlatMap(stages.name_block)
    )
    return Found(duplicates, decided.contained | "NameParts" >> beam.FlatMap(stages.name_block))


def sketch_cleaned(pages: Sequence[Page], undated: date, config: DedupeConfig) -> Rows:
    """Return the sketches of cleaned pages; see `sketch_pages`."""
    return sketch_pages(
        [page.origin.id for page in pages],
        [page.meta.title for page in pages],
        [page.text for page in pages],
        [page.meta.published for page in pages],
        [page.meta.site for page in pages],
        undated=undated,
        bands=config.near.bands,
        rows=config.near.rows,
    )


def _sketch_block(pages: list[Page], undated: date, config: DedupeConfig) -> bytes:
    sketches = sketch_cleaned(pages, undated, config)
    sketches["page"]["unit"] = sketches["page"]["key"]
    packed: bytes = sketches.tobytes()
    return packed


def _wanted(block: bytes) -> Iterator[tuple[int, bool]]:
    pairs = unpack([block], PAIR)
    for unit in {*pairs["better"]["unit"].tolist(), *pairs["worse"]["unit"].tolist()}:
        yield unit, True


def _pick_text(page: Page, wanted: dict[int, bool]) -> Iterator[tuple[int, str]]:
    unit = int(page_keys(id_words([page.origin.id]))[0])
    if unit in wanted:
        yield unit, page.text


def _verify_among(block: bytes, texts: dict[int, str], config: DedupeConfig) -> Iterator[Part]:
    return stages.verify_block(block, partial(_look_up, texts), config)


def _look_up(texts: dict[int, str], places: Sequence[Ref]) -> list[str]:
    return [texts[place.unit] for place in places]


def _name_page(duplicate: Duplicate) -> tuple[str, bool]:
    return duplicate.id, True


def _keep(page: Page, dropped: dict[str, bool], contained: dict[str, bool]) -> Iterator[Page]:
    if page.origin.id not in dropped:
        yield page.revised(flags=[Flag.CONTAINED] if page.origin.id in contained else [])
