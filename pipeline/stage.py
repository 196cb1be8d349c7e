"""Put what comes out of the steps into staged Parquet files, so that no text is ever shuffled.

A staged file holds rows of one dataset, sorted into buckets by id, one row group per bucket. The
shards are later made of whole buckets, read from all staged files.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.datasets import DATASETS

_FLUSH_BYTES = 24 << 20
"""Text held in memory per dataset and worker, in bytes of UTF-8, before a file is written."""

_FLUSH_ROWS = 20_000
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


class Ref(NamedTuple):
    """Where the text of a staged page lies."""

    path: str
    group: int
    row: int


@dataclass(frozen=True, slots=True)
class RunContext:
    """What every worker of a run must know.

    Attributes:
        run_id: name of the run.
        ingest_date: the day the run was started.
        staging: directory of this attempt, under the output.
        buckets: number of parts the ids are dealt into.
        audit: whether edits are written.
    """

    run_id: str
    ingest_date: date
    staging: str
    buckets: int
    audit: bool

    @property
    def progress(self) -> Path:
        """Directory of the live counts."""
        return Path(self.staging, "progress")


def bucket_of(page_id: str, buckets: int) -> int:
    """Return the bucket, from 0, that the page with this id is dealt into."""
    return int(page_id[:8], 16) % buckets


class _Buffer:
    """Rows of one dataset that wait to be written."""

    def __init__(self, dataset: str, context: RunContext) -> None:
        self.rows: list[tuple[int, int, dict[str, Any]]] = []
        self.size = 0
        self._dataset = dataset
        self._context = context

    def add(self, row: dict[str, Any], text_bytes: int) -> None:
        size = text_bytes + _ROW_BYTES
        self.rows.append((bucket_of(row["id"], self._context.buckets), size, row))
        self.size += size

    @property
    def full(self) -> bool:
        return self.size >= _FLUSH_BYTES or len(self.rows) >= _FLUSH_ROWS

    def write(self) -> StagedFile:
        """Write the rows, sorted by bucket, to a file of their own and forget them."""
        self.rows.sort(key=lambda item: item[0])
        path = Path(self._context.staging, "staged", f"{self._dataset}-{uuid.uuid4().hex}.parquet")
        path.parent.mkdir(parents=True, exist_ok=True)
        schema = DATASETS[self._dataset].staged
        groups: list[Group] = []
        with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
            for bucket, members in groupby(self.rows, key=lambda item: item[0]):
                rows = list(members)
                writer.write_table(pa.Table.from_pylist([row for *_, row in rows], schema))
                size = sum(size for _, size, _ in rows)
                groups.append(Group(bucket, len(groups), len(rows), size))
        self.rows, self.size = [], 0
        return StagedFile(self._dataset, str(path), tuple(groups))
