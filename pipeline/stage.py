"""Put what comes out of the steps into staged Parquet files, so that no text is ever shuffled.

A staged file holds rows of one dataset, sorted into buckets by id, one row group per bucket. The
shards are later made of whole buckets, read from all staged files.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.pvalue import TaggedOutput
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from pipeline.datasets import DATASETS, article_row, audit_rows, failed_row, rejected_row
from pipeline.index import SKETCHED
from pipeline.progress import Tally
from transforms.text.duplicates.fingerprint import hex_ids, sketch_pages
from transforms.text.duplicates.rules import Duplicate, NearConfig, Ref
from transforms.text.duplicates.semijoin import RUN_SHIFT
from transforms.text.records import Edit, Failed, Origin, Page, Rejected

_FLUSH_BYTES = 24 << 20
"""Text held in memory per dataset and worker, in bytes of UTF-8, before a file is written."""

_FLUSH_ROWS = 20_000
_STAGED = 1 << 63
"""Marks numbers of staged files; the others are of shards of earlier runs."""

_SHARD = (1 << RUN_SHIFT) - 1
_ROW_BYTES = 400
"""What the columns beside the long texts take, about."""


class Group(NamedTuple):
    """A row group of a staged file: the rows of one bucket."""

    bucket: int
    number: int
    rows: int
    size: int


class StagedFile(NamedTuple):
    """A staged file. `groups` are in the order of their buckets."""

    dataset: str
    path: str
    groups: tuple[Group, ...]


class Earlier(NamedTuple):
    """An earlier run, and its shards of articles by their numbers."""

    run_id: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunContext:
    """What every worker of a run must know.

    Attributes:
        run_id: name of the run.
        ingest_date: the day the run was started.
        staging: directory of this attempt, under the output.
        buckets: number of parts the ids are dealt into.
        audit: whether edits are written.
        sequence: number of the run; those of earlier runs are smaller.
        earlier: the runs whose articles the new pages may repeat, by their numbers.
        site_counts: what earlier runs have counted of their sites: files of the index.
    """

    run_id: str
    ingest_date: date
    staging: str
    buckets: int
    audit: bool
    sequence: int = 1
    earlier: Mapping[int, Earlier] = field(default_factory=dict)
    site_counts: tuple[str, ...] = ()

    @property
    def progress(self) -> Path:
        """Directory of the live counts."""
        return Path(self.staging, "progress")

    def run_of(self, duplicate: Duplicate) -> str:
        """Return the run in which the page was kept that `duplicate` repeats."""
        if not duplicate.of_committed:
            return self.run_id
        return self.earlier[duplicate.of_ref.unit >> RUN_SHIFT].run_id

    def path_of(self, unit: int) -> Path:
        """Return the file of articles that goes by the number `unit`: staged or of earlier runs."""
        if unit & _STAGED:
            return staged_path(self.staging, "articles", unit)
        return Path(self.earlier[unit >> RUN_SHIFT].articles[unit & _SHARD])


def bucket_of(page_id: str, buckets: int) -> int:
    """Return the bucket, from 0, that the page with this id is dealt into."""
    return int(page_id[:8], 16) % buckets


def staged_path(staging: str, dataset: str, unit: int) -> Path:
    """Return where the staged file number `unit` of a dataset lies."""
    return Path(staging, "staged", f"{dataset}-{unit:016x}.parquet")


class _Buffer:
    """Rows of one dataset that wait to be written."""

    def __init__(self, dataset: str, context: RunContext) -> None:
        self._dataset = dataset
        self._context = context
        self._rows: list[tuple[int, int, dict[str, Any]]] = []
        self._size = 0

    def add(self, row: dict[str, Any], text_bytes: int) -> None:
        """Take a row in; `text_bytes` is the size of its long texts."""
        size = text_bytes + _ROW_BYTES
        self._rows.append((bucket_of(row["id"], self._context.buckets), size, row))
        self._size += size

    @property
    def full(self) -> bool:
        """Whether the rows should be written now."""
        return self._size >= _FLUSH_BYTES or len(self._rows) >= _FLUSH_ROWS

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows in the order in which they will be written."""
        self._rows.sort(key=lambda item: item[0])
        return [row for *_, row in self._rows]

    def write(self, unit: int) -> StagedFile:
        """Write the rows to the staged file number `unit` and forget them."""
        self._rows.sort(key=lambda item: item[0])
        path = staged_path(self._context.staging, self._dataset, unit)
        path.parent.mkdir(parents=True, exist_ok=True)
        schema = DATASETS[self._dataset].staged
        groups: list[Group] = []
        with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
            for bucket, members in groupby(self._rows, key=lambda item: item[0]):
                rows = list(members)
                writer.write_table(pa.Table.from_pylist([row for *_, row in rows], schema))
                size = sum(size for _, size, _ in rows)
                groups.append(Group(bucket, len(groups), len(rows), size))
        self._rows, self._size = [], 0
        return StagedFile(self._dataset, str(path), tuple(groups))


class Stage(beam.DoFn):
    """Write pages, refusals and failures, and their edits, to staged files.

    Outputs: blocks of sketches of the pages (main), and `staged` files.
    """

    def __init__(self, context: RunContext, near: NearConfig) -> None:
        self._context = context
        self._near = near

    def setup(self) -> None:
        self._tally = Tally(str(self._context.progress))

    def start_bundle(self) -> None:
        self._buffers: dict[str, _Buffer] = {}

    def process(self, outcome: Page | Rejected | Failed) -> Iterator[Any]:
        run_id = self._context.run_id
        match outcome:
            case Page():
                row = article_row(outcome, self._context.ingest_date, run_id)
                yield from self._add("articles", row, 3 * len(outcome.text))
                yield from self._add_edits(outcome.origin, outcome.edits)
            case Rejected(page=page):
                yield from self._add("rejected", rejected_row(outcome, run_id), 0)
                if isinstance(page, Page):
                    yield from self._add_edits(page.origin, page.edits)
            case Failed():
                row = failed_row(outcome, run_id)
                yield from self._add("failed", row, 3 * len(outcome.traceback))
                yield from self._add_edits(outcome.origin, outcome.edits)

    def finish_bundle(self) -> Iterator[Any]:
        for dataset in self._buffers:
            for output in self._flush(dataset):
                if isinstance(output, TaggedOutput):
                    yield TaggedOutput(output.tag, _in_global_window(output.value))
                else:
                    yield _in_global_window(output)
        self._tally.write()

    def _add(self, dataset: str, row: dict[str, Any], text_bytes: int) -> Iterator[Any]:
        buffer = self._buffers.setdefault(dataset, _Buffer(dataset, self._context))
        buffer.add(row, text_bytes)
        if dataset != "audit":
            self._tally.add(dataset)
        if buffer.full:
            yield from self._flush(dataset)

    def _add_edits(self, origin: Origin, edits: tuple[Edit, ...]) -> Iterator[Any]:
        if self._context.audit:
            for row in audit_rows(origin, edits, self._context.run_id):
                yield from self._add("audit", row, 3 * len(row["before"] + row["after"]))

    def _flush(self, dataset: str) -> Iterator[Any]:
        buffer = self._buffers[dataset]
        rows = buffer.rows()
        if not rows:
            return
        unit = uuid.uuid4().int >> 64 | _STAGED
        if dataset == "articles":
            yield self._sketch(rows, unit)
        yield TaggedOutput("staged", buffer.write(unit))

    def _sketch(self, rows: list[dict[str, Any]], unit: int) -> bytes:
        """Return the packed sketches of `rows`, and fill in their text hashes."""
        sketches = sketch_pages(
            *([row[name] for row in rows] for name in SKETCHED),
            undated=self._context.ingest_date,
            bands=self._near.bands,
            rows=self._near.rows,
        )
        sketches["page"]["unit"] = unit
        sketches["page"]["row"] = range(len(rows))
        for row, text_hash in zip(rows, hex_ids(sketches["text_hash"]), strict=True):
            row["text_hash"] = text_hash
        packed: bytes = sketches.tobytes()
        return packed


def _in_global_window(value: Any) -> WindowedValue:
    return WindowedValue(value, GlobalWindow().max_timestamp(), (GlobalWindow(),))


@dataclass(frozen=True, slots=True)
class FetchTexts:
    """Read the texts of articles, for the few pairs that must be compared in full."""

    context: RunContext

    def __call__(self, refs: Sequence[Ref]) -> list[str]:
        """Return the texts at `refs`, which are sorted by unit and row, in their order."""
        texts: list[str] = []
        for unit, members in groupby(refs, key=lambda ref: ref.unit):
            texts += _read_texts(self.context.path_of(unit), [ref.row for ref in members])
        return texts


def _read_texts(path: Path, rows: list[int]) -> Iterator[str]:
    """Yield the texts of ascending `rows` of a file, one row group in memory at a time."""
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        group = start = stop = 0
        texts: pa.ChunkedArray | None = None
        for row in rows:
            while row >= stop:
                start, stop = stop, stop + file.metadata.row_group(group).num_rows
                group += 1
                texts = None
            if texts is None:
                texts = file.read_row_group(group - 1, columns=["text"])["text"]
            yield texts[row - start].as_py()
