"""Finding duplicates among any number of pages, without their texts crossing a shuffle.

Fingerprints are shuffled, in packed blocks of rows and by number of partition; the texts of the
few candidate pairs are read where they lie. The rules are `transforms/text/duplicates/rules.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import NamedTuple

import apache_beam as beam
import numpy as np
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import AsDict, AsList, PCollection, TaggedOutput
from numpy.typing import NDArray

from transforms.text.duplicates.candidates import (
    BUCKET_ENTRY,
    MEETING,
    MEMBER,
    alias,
    bucket_keys,
    candidates,
    distinct_pairs,
    meetings,
    members,
    without_copies,
)
from transforms.text.duplicates.fingerprint import (
    FACTS,
    id_words,
    page_keys,
    sketch_dtype,
    sketch_pages,
)
from transforms.text.duplicates.leader import decide, resolve
from transforms.text.duplicates.packed_rows import Rows, unpack
from transforms.text.duplicates.rules import (
    EDGE,
    PAIR,
    STEP,
    DedupeConfig,
    Duplicate,
    Ref,
    batches,
    name_duplicates,
    refs,
    verify,
)
from transforms.text.records import Page

PARTITIONS = 32
"""Parts of every shuffle: how many workers can share it, and how small its parts are."""

READING_PARTITIONS = 8
"""Parts of the pairs to be verified; fewer, because every part opens most of the files."""

READ_CHARS = 4_000_000
"""Code points of text held at once by a worker that verifies pairs (about 60 MB with shingles)."""

FetchTexts = Callable[[Sequence[Ref]], Sequence[str]]
"""Returns the texts that lie at the given places, in their order; picklable."""

Part = tuple[int, bytes]
"""A packed block of rows, behind the partition it goes to."""

Tagged = tuple[int, tuple[bool, bytes]]
"""The same, of meetings (True) or of facts."""


@dataclass
class FindDuplicates(beam.PTransform[PCollection[bytes], PCollection[Duplicate]]):
    """Find the pages to drop, and for each the page that is kept instead of it.

    The input are packed blocks of sketches, `sketch_pages(…).tobytes()`, of any size (some
    thousand pages each is best), made with `config.near.bands` and `config.near.rows`. The result
    depends on the set of sketches alone.

    Sketches of pages kept by earlier runs are made `committed` and come with the others. A text
    that an earlier run dropped is known by a sketch of the page kept instead of it, with the
    dropped text's `text_hash` and with `n_shingles` 1.

    Args:
        config: the rules.
        fetch_texts: called with at most some thousand places at a time, sorted by unit and row.
    """

    config: DedupeConfig
    fetch_texts: FetchTexts

    def expand(self, blocks: PCollection[bytes]) -> PCollection[Duplicate]:
        copies, pairs = _compare(blocks, self.config)
        edges = pairs | "VerifyPairs" >> beam.FlatMap(
            _verify_part, self.fetch_texts, self.config
        ).with_output_types(Part)
        return _settle(copies, edges)


class DedupeOutput(NamedTuple):
    """The two ways out of `Dedupe`. Every input page is in exactly one of them."""

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
        copies, pairs = _compare(blocks, self.config)
        wanted = pairs | "NameTexts" >> beam.FlatMap(_wanted)
        texts = pages | "PickTexts" >> beam.FlatMap(_pick_text, AsDict(wanted))
        edges = pairs | "VerifyPairs" >> beam.FlatMap(
            _verify_among, AsDict(texts), self.config
        ).with_output_types(Part)
        found = _settle(copies, edges)
        dropped = found | "NameDropped" >> beam.Map(_dropped_id)
        kept = pages | "KeepOthers" >> beam.Filter(_is_kept, AsDict(dropped))
        return DedupeOutput(kept, found)


def _compare(
    blocks: PCollection[bytes], config: DedupeConfig
) -> tuple[PCollection[Part], PCollection[bytes]]:
    """Return edges between exact copies, and blocks of the pairs whose texts are to be compared."""
    if not (config.enabled and (config.exact.enabled or config.near.enabled)):
        nothing = blocks.pipeline | "Nothing" >> beam.Create([]).with_output_types(Part)
        return nothing, nothing
    met = (
        blocks
        | "EnterBuckets" >> beam.FlatMap(_enter_buckets, config).with_output_types(Part)
        | "GroupByBucket" >> beam.GroupByKey()
        | "Meet" >> beam.FlatMap(_meet).with_output_types(Tagged)
    )
    facts = blocks | "NameFacts" >> beam.FlatMap(_facts, config).with_output_types(Tagged)
    found = (
        (met, facts)
        | "MeetingsAndFacts" >> beam.Flatten()
        | "GroupByPage" >> beam.GroupByKey()
        | "JoinFacts" >> beam.FlatMap(_join_facts).with_output_types(Part)
        | "GroupByMeeting" >> beam.GroupByKey()
        | "PairUp"
        >> beam.FlatMap(_pair_up, config)
        .with_output_types(Part, copies=Part)
        .with_outputs("copies", main="pairs")
    )
    copied = found.copies | "NameCopies" >> beam.Map(_copied_keys)
    pairs = (
        found.pairs
        | "GroupByFile" >> beam.GroupByKey()
        | "DistinctPairs" >> beam.Map(_distinct_pairs, AsList(copied))
    )
    return found.copies, pairs


def _settle(copies: PCollection[Part], edges: PCollection[Part]) -> PCollection[Duplicate]:
    """Return what is dropped for what, each chain followed to a page that is kept."""
    decisions = edges | "GatherEdges" >> beam.GroupByKey() | "Decide" >> beam.Map(_decide)
    followed = (
        copies
        | "GroupByCopy" >> beam.GroupByKey()
        | "FollowCopies" >> beam.Map(_follow, AsList(decisions))
    )
    return (
        (decisions, followed)
        | "AllDecisions" >> beam.Flatten()
        | "NameDuplicates" >> beam.FlatMap(_name)
    )


def _scatter(
    rows: Rows, by: NDArray[np.unsignedinteger], parts: int = PARTITIONS
) -> Iterator[Part]:
    """Yield `rows` in one packed block per partition: the remainder of `by` over `parts`."""
    if not len(rows):
        return
    part = by % by.dtype.type(parts)
    order = np.argsort(part, kind="stable")
    rows, part = rows[order], part[order]
    starts = np.flatnonzero(np.diff(part, prepend=part[:1] + by.dtype.type(1)))
    for block, at in zip(np.split(rows, starts[1:]), starts, strict=True):
        yield int(part[at]), block.tobytes()


def _enter_buckets(block: bytes, config: DedupeConfig) -> Iterator[Part]:
    keys, names = bucket_keys(unpack([block], sketch_dtype(config.near.bands)), config)
    rows = np.zeros(len(keys), dtype=BUCKET_ENTRY)
    rows["bucket"], rows["alias"] = keys >> np.uint64(32), names
    return _scatter(rows, keys)


def _meet(group: tuple[int, Iterable[bytes]]) -> Iterator[Tagged]:
    found = meetings(unpack(group[1], BUCKET_ENTRY))
    for part, block in _scatter(found, found["alias"]):
        yield part, (True, block)


def _facts(block: bytes, config: DedupeConfig) -> Iterator[Tagged]:
    sketches = unpack([block], sketch_dtype(config.near.bands))
    rows = sketches[list(FACTS.names or ())].astype(FACTS)
    for part, packed in _scatter(rows, alias(rows["page"]["key"])):
        yield part, (False, packed)


def _join_facts(group: tuple[int, Iterable[tuple[bool, bytes]]]) -> Iterator[Part]:
    tagged = list(group[1])
    found = unpack((block for met, block in tagged if met), MEETING)
    facts = unpack((block for met, block in tagged if not met), FACTS)
    rows = members(found, facts)
    return _scatter(rows, rows["center"])


def _pair_up(
    group: tuple[int, Iterable[bytes]], config: DedupeConfig
) -> Iterator[Part | TaggedOutput[str, Part]]:
    found = candidates(unpack(group[1], MEMBER), config)
    Metrics.counter(STEP, "large_meetings").inc(found.large_meetings)
    Metrics.counter(STEP, "unpaired_members").inc(found.unpaired)
    for copies in _scatter(found.copies, alias(found.copies["worse"]["key"])):
        yield TaggedOutput("copies", copies)
    yield from _scatter(found.pairs, found.pairs["better"]["unit"], READING_PARTITIONS)


def _copied_keys(part: Part) -> bytes:
    packed: bytes = unpack([part[1]], EDGE)["worse"]["key"].tobytes()
    return packed


def _distinct_pairs(group: tuple[int, Iterable[bytes]], copied: list[bytes]) -> bytes:
    pairs = without_copies(unpack(group[1], PAIR), np.frombuffer(b"".join(copied), dtype="<u8"))
    packed: bytes = distinct_pairs(pairs).tobytes()
    return packed


def _verify_part(block: bytes, fetch_texts: FetchTexts, config: DedupeConfig) -> Iterator[Part]:
    """Yield the edges among the pairs of a block, all for one worker to decide on."""
    pairs = unpack([block], PAIR)
    Metrics.counter(STEP, "pairs_read").inc(len(pairs))
    for batch in batches(pairs, READ_CHARS):
        places = sorted({*refs(batch["better"]), *refs(batch["worse"])})
        texts = dict(zip(places, fetch_texts(places), strict=True))
        edges = verify(batch, texts, config)
        if len(edges):
            yield 0, edges.tobytes()


def _decide(group: tuple[int, Iterable[bytes]]) -> bytes:
    packed: bytes = decide(unpack(group[1], EDGE)).tobytes()
    return packed


def _follow(group: tuple[int, Iterable[bytes]], decisions: list[bytes]) -> bytes:
    exact = unpack(group[1], EDGE)
    packed: bytes = resolve(exact, unpack(decisions, EDGE)).tobytes()
    return packed


def _name(block: bytes) -> Iterator[Duplicate]:
    for duplicate in name_duplicates(unpack([block], EDGE)):
        Metrics.counter(STEP, duplicate.kind).inc()
        yield duplicate


def _sketch_block(pages: list[Page], undated: date, config: DedupeConfig) -> bytes:
    sketches = sketch_pages(
        [page.origin.id for page in pages],
        [page.meta.title for page in pages],
        [page.text for page in pages],
        [page.meta.published for page in pages],
        [page.meta.site for page in pages],
        undated=undated,
        bands=config.near.bands,
        rows=config.near.rows,
    )
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
    return _verify_part(block, partial(_look_up, texts), config)


def _look_up(texts: dict[int, str], places: Sequence[Ref]) -> list[str]:
    return [texts[place.unit] for place in places]


def _dropped_id(duplicate: Duplicate) -> tuple[str, bool]:
    return duplicate.id, True


def _is_kept(page: Page, dropped: dict[str, bool]) -> bool:
    return page.origin.id not in dropped
