"""What is done with packed blocks of rows between two shuffles of `FindDuplicates`."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import TaggedOutput
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
    fmix64,
    sketch_dtype,
)
from transforms.text.duplicates.leader import decide, parts, resolve
from transforms.text.duplicates.packed_rows import Rows, unpack
from transforms.text.duplicates.rules import (
    EDGE,
    PAIR,
    STEP,
    DedupeConfig,
    Duplicate,
    Kind,
    Ref,
    batches,
    name_duplicates,
    refs,
    verify,
)
from transforms.text.duplicates.semijoin import Met

PARTITIONS = 32
"""Parts of every shuffle: how many workers can share it, and how small its parts are."""

READING_PARTITIONS = 8
"""Parts of the pairs to be verified; fewer, because every part opens most of the files."""

JOINED_PAGES = 50_000
"""New pages joined with those of earlier runs at once (25 MB of sketches)."""

READ_CHARS = 4_000_000
"""Code points of text held at once by a worker that verifies pairs (about 60 MB with shingles)."""

FetchTexts = Callable[[Sequence[Ref]], Sequence[str]]
"""Returns the texts that lie at the given places, in their order; picklable."""


class Store(Protocol):
    """Where blocks of rows wait to be grouped; picklable."""

    def put(self, block: bytes) -> bytes:
        """Keep a block, and return what is shuffled instead of it."""

    def get(self, kept: bytes) -> bytes:
        """Return the block for which `put` returned `kept`."""


class Shuffled:
    """A `Store` that keeps nothing: blocks are shuffled themselves."""

    def put(self, block: bytes) -> bytes:
        return block

    def get(self, kept: bytes) -> bytes:
        return kept


MeetEarlier = Callable[[Rows], Met]
"""Joins sketches of new pages with what earlier runs have; picklable. `pipeline/earlier.py` is one,
for an index in files."""

Part = tuple[int, bytes]
"""A packed block of rows, behind the partition it goes to."""

Tagged = tuple[int, tuple[bool, bytes]]
"""The same, of meetings (True) or of facts."""


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


def deal(block: bytes, parts: int, store: Store) -> Part:
    """Send sketches to one of the parts in which they meet earlier runs."""
    return zlib.crc32(block) % parts, store.put(block)


def join_earlier(
    group: tuple[int, Iterable[bytes]],
    meet_earlier: MeetEarlier,
    config: DedupeConfig,
    store: Store,
) -> Iterator[bytes | TaggedOutput[str, Part]]:
    """Yield the sketches of texts that no earlier run has seen, with copies and pairs beside."""
    sketches = unpack(map(store.get, group[1]), sketch_dtype(config.near.bands))
    for start in range(0, len(sketches), JOINED_PAGES):
        met = meet_earlier(sketches[start : start + JOINED_PAGES])
        Metrics.counter(STEP, "unpaired_with_earlier").inc(met.unpaired)
        yield from _tag(met.copies, met.pairs)
        yield met.others.tobytes()


def _tag(copies: Rows, pairs: Rows) -> Iterator[TaggedOutput[str, Part]]:
    for block in _scatter(copies, alias(copies["worse"]["key"])):
        yield TaggedOutput("copies", block)
    for block in _scatter(pairs, fmix64(pairs["better"]["unit"].copy()), READING_PARTITIONS):
        yield TaggedOutput("pairs", block)


def enter_buckets(block: bytes, config: DedupeConfig, store: Store) -> Iterator[Part]:
    """Yield the buckets that pages fall into."""
    keys, names = bucket_keys(unpack([block], sketch_dtype(config.near.bands)), config)
    rows = np.zeros(len(keys), dtype=BUCKET_ENTRY)
    rows["bucket"], rows["alias"] = keys >> np.uint64(32), names
    return _stored(_scatter(rows, keys), store)


def _stored(parts: Iterable[Part], store: Store) -> Iterator[Part]:
    for part, block in parts:
        yield part, store.put(block)


def meet(group: tuple[int, Iterable[bytes]], store: Store) -> Iterator[Tagged]:
    """Yield the meetings that buckets lead to, by page."""
    found = meetings(unpack(map(store.get, group[1]), BUCKET_ENTRY))
    for part, block in _stored(_scatter(found, found["alias"]), store):
        yield part, (True, block)


def name_facts(block: bytes, config: DedupeConfig, store: Store) -> Iterator[Tagged]:
    """Yield what pages are compared by, by page."""
    sketches = unpack([block], sketch_dtype(config.near.bands))
    rows = sketches[list(FACTS.names or ())].astype(FACTS)
    for part, packed in _stored(_scatter(rows, alias(rows["page"]["key"])), store):
        yield part, (False, packed)


def join_facts(group: tuple[int, Iterable[tuple[bool, bytes]]], store: Store) -> Iterator[Part]:
    """Yield the members of meetings with their facts, by meeting."""
    tagged = [(met, store.get(kept)) for met, kept in group[1]]
    found = unpack((block for met, block in tagged if met), MEETING)
    facts = unpack((block for met, block in tagged if not met), FACTS)
    rows = members(found, facts)
    return _stored(_scatter(rows, rows["center"] >> np.uint32(1)), store)


def pair_up(
    group: tuple[int, Iterable[bytes]], config: DedupeConfig, store: Store
) -> Iterator[TaggedOutput[str, Part]]:
    """Yield the copies and the pairs among the members of meetings."""
    found = candidates(unpack(map(store.get, group[1]), MEMBER), config)
    Metrics.counter(STEP, "large_meetings").inc(found.large_meetings)
    Metrics.counter(STEP, "unpaired_members").inc(found.unpaired)
    yield from _tag(found.copies, found.pairs)


def name_copies(part: Part) -> bytes:
    """Return the keys of pages that copy another."""
    packed: bytes = unpack([part[1]], EDGE)["worse"]["key"].tobytes()
    return packed


def distinct_block(group: tuple[int, Iterable[bytes]], copied: list[bytes]) -> bytes:
    """Return each pair once, without pages that copy another."""
    pairs = without_copies(unpack(group[1], PAIR), np.frombuffer(b"".join(copied), dtype="<u8"))
    packed: bytes = distinct_pairs(pairs).tobytes()
    return packed


def verify_block(block: bytes, fetch_texts: FetchTexts, config: DedupeConfig) -> Iterator[Part]:
    """Yield the edges among the pairs of a block, all for one worker to decide on."""
    pairs = unpack([block], PAIR)
    Metrics.counter(STEP, "pairs_read").inc(len(pairs))
    for batch in batches(pairs, READ_CHARS):
        places = sorted({*refs(batch["better"]), *refs(batch["worse"])})
        texts = dict(zip(places, fetch_texts(places), strict=True))
        edges = verify(batch, texts, config)
        if len(edges):
            yield 0, edges.tobytes()


def decide_block(
    group: tuple[int, Iterable[bytes]],
) -> Iterator[bytes | TaggedOutput[str, bytes]]:
    """Yield who is dropped for whom, and beside that who stays though another contains it."""
    edges = unpack(group[1], EDGE)
    stays = edges["kind"] == Kind.PART
    decisions = decide(edges[~stays])
    yield decisions.tobytes()
    contained = parts(edges[stays], decisions["worse"]["key"])
    yield TaggedOutput("contained", contained.tobytes())


def follow_block(group: tuple[int, Iterable[bytes]], decisions: list[bytes]) -> bytes:
    """Return copies as edges to pages that are kept."""
    exact = unpack(group[1], EDGE)
    packed: bytes = resolve(exact, unpack(decisions, EDGE)).tobytes()
    return packed


def name_block(block: bytes) -> Iterator[Duplicate]:
    """Yield and count what a block of edges says."""
    for duplicate in name_duplicates(unpack([block], EDGE)):
        Metrics.counter(STEP, duplicate.kind).inc()
        yield duplicate
