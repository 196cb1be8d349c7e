"""Write the shards of every dataset from the staged files.

Same pages and configuration give the same bytes: rows are dealt by id and sorted, and nothing that
changes between two attempts is written.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from transforms.text.leader import Duplicate

from pipeline.datasets import DATASETS
from pipeline.stage import StagedFile

_ROW_GROUP_BYTES = 128 << 20
_DICTIONARY_COLUMNS = (
    "site",
    "section",
    "source",
    "encoding",
    "encoding_basis",
    "script",
    "step",
    "reason",
    "kind",
    "error_type",
    "run_id",
)
"""Columns of few different values; the others hold texts and ids, which a dictionary only slows."""

_BLOOM_COLUMNS = ("id", "text_hash")
_REASON_COLUMN = {"rejected": "reason", "failed": "error_type", "duplicates": "kind"}


class ShardPlan(NamedTuple):
    """A shard to be written.

    Attributes:
        dataset: which one; `articles` stands for articles and duplicates, which are staged as one.
        number: from 0.
        total: how many shards the dataset has.
        pieces: (path, row groups) of the staged files that hold its rows.
    """

    dataset: str
    number: int
    total: int
    pieces: tuple[tuple[str, tuple[int, ...]], ...]


class Shard(NamedTuple):
    """A shard as written. `path` is relative to the output directory."""

    dataset: str
    path: str
    rows: int
    size: int
    sha256: str


class Count(NamedTuple):
    """How many pages of a file left by a door; `reason` says why, or is empty."""

    uri: str
    door: str
    reason: str
    pages: int


@dataclass(frozen=True, slots=True)
class ShardOptions:
    """What every shard of a run is written with.

    Attributes:
        staging: directory of this attempt; shards lie there until the run is published.
        run_id: name of the run.
        metadata: key-value pairs of the file footers.
        row_group_rows: most rows of a row group.
    """

    staging: str
    run_id: str
    metadata: tuple[tuple[str, str], ...]
    row_group_rows: int


def plan_shards(
    files: Iterable[StagedFile], datasets: Iterable[str], shard_bytes: int
) -> list[ShardPlan]:
    """Return the shards of `datasets`: whole buckets, about `shard_bytes` bytes of rows each."""
    groups: dict[str, dict[int, list[tuple[str, int, int]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for file in files:
        for group in file.groups:
            groups[file.dataset][group.bucket].append((file.path, group.number, group.size))
    plans = []
    for dataset in datasets:
        shards: list[list[int]] = [[]]
        filled = 0
        for bucket in sorted(groups[dataset]):
            if filled >= shard_bytes:
                shards.append([])
                filled = 0
            shards[-1].append(bucket)
            filled += sum(size for *_, size in groups[dataset][bucket])
        plans += [
            ShardPlan(dataset, number, len(shards), _pieces(groups[dataset], buckets))
            for number, buckets in enumerate(shards)
        ]
    return plans


def _pieces(
    groups: dict[int, list[tuple[str, int, int]]], buckets: list[int]
) -> tuple[tuple[str, tuple[int, ...]], ...]:
    pieces: dict[str, list[int]] = defaultdict(list)
    for bucket in buckets:
        for path, index, _ in groups[bucket]:
            pieces[path].append(index)
    return tuple((path, tuple(indices)) for path, indices in sorted(pieces.items()))


def read_plan(plan: ShardPlan) -> pa.Table:
    """Return the staged rows of a shard, in the order of the dataset."""
    dataset = DATASETS[plan.dataset]
    tables = []
    for path, indices in plan.pieces:
        with pq.ParquetFile(path) as file:
            tables.append(file.read_row_groups(list(indices)))
    if not tables:
        return dataset.staged.empty_table()
    return pa.concat_tables(tables).cast(dataset.staged)


def write_table(
    table: pa.Table, plan: ShardPlan, options: ShardOptions, dataset: str
) -> tuple[Shard, list[Count]]:
    """Write a shard of `dataset`, whole and synced, under its final name in the staging area."""
    kind = DATASETS[dataset]
    name = f"part-{plan.number:05d}-of-{plan.total:05d}.parquet"
    relative = Path(dataset, f"run={options.run_id}", name)
    path = Path(options.staging, relative)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{name}.{os.getpid()}.tmp")
    order = pc.sort_indices(table, sort_keys=[(column, "ascending") for column in kind.sort_by])
    schema = kind.schema.with_metadata(dict(options.metadata))
    with pq.ParquetWriter(fresh, schema, **_writer_options(kind.schema, table.num_rows)) as writer:
        step = _rows_per_group(table, options.row_group_rows)
        for start in range(0, table.num_rows, step):
            rows = table.take(order.slice(start, step)).select(schema.names)
            writer.write_table(rows.cast(schema), row_group_size=step)
    with fresh.open("rb") as stream:
        os.fsync(stream.fileno())
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    size = fresh.stat().st_size
    fresh.replace(path)
    return Shard(dataset, str(relative), table.num_rows, size, digest), _count(table, dataset)


def _rows_per_group(table: pa.Table, most_rows: int) -> int:
    by_size = table.num_rows * _ROW_GROUP_BYTES // max(table.nbytes, 1)
    return max(1, min(most_rows, by_size))


def _writer_options(schema: pa.Schema, rows: int) -> dict[str, Any]:
    names = schema.names
    return {
        "compression": "zstd",
        "compression_level": 3,
        "use_dictionary": [name for name in _DICTIONARY_COLUMNS if name in names],
        "write_statistics": [name for name in names if name not in ("text", "before", "after")],
        "write_page_index": True,
        "write_page_checksum": True,
        "data_page_version": "1.0",
        "bloom_filter_options": {
            name: {"ndv": max(rows, 1), "fpp": 0.01} for name in _BLOOM_COLUMNS if name in names
        },
    }


def _count(table: pa.Table, dataset: str) -> list[Count]:
    if dataset == "audit":
        return []
    reason = _REASON_COLUMN.get(dataset)
    keys = ["source_uri", *([reason] if reason else [])]
    counted = table.group_by(keys).aggregate([([], "count_all")]).to_pylist()
    return [
        Count(row["source_uri"], dataset, row[reason] if reason else "", row["count_all"])
        for row in counted
    ]


def split_duplicates(
    table: pa.Table, duplicates: list[Duplicate], kept: dict[str, int], run_id: str
) -> tuple[pa.Table, pa.Table]:
    """Return (articles, duplicates) of the staged pages of a shard.

    Args:
        table: staged pages.
        duplicates: those of them that are dropped.
        kept: number of pages dropped in favour of an article, by its id.
        run_id: stands in `duplicate_of_run` of a duplicate whose leader was kept in this run.
    """
    verdicts = {duplicate.id: duplicate for duplicate in duplicates}
    ids = table["id"].to_pylist()
    is_duplicate = pa.array([page_id in verdicts for page_id in ids], pa.bool_())
    counts = pa.array([kept.get(page_id, 0) for page_id in ids], pa.int32())
    column = table.schema.get_field_index("n_duplicates")
    table = table.set_column(column, table.schema.field(column), counts)
    dropped = table.filter(is_duplicate)
    found = [verdicts[page_id] for page_id in dropped["id"].to_pylist()]
    for name, values in (
        ("duplicate_of", pa.array([d.duplicate_of for d in found], pa.string())),
        ("duplicate_of_run", pa.array([d.duplicate_of_run or run_id for d in found], pa.string())),
        ("kind", pa.array([d.kind for d in found], pa.string())),
        ("similarity", pa.array([d.similarity for d in found], pa.float32())),
    ):
        dropped = dropped.append_column(name, values)
    return table.filter(pc.invert(is_duplicate)), dropped
