"""Write the shards of every dataset from the staged files.

Same pages and configuration give the same bytes: rows are dealt by id and sorted, and nothing that
changes between two attempts is written.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from apache_beam.pvalue import TaggedOutput

from pipeline.datasets import DATASETS
from pipeline.index import IndexSource, write_index
from pipeline.progress import Tally
from pipeline.stage import RunContext, StagedFile
from transforms.text.duplicates.rules import Duplicate
from transforms.text.records import Flag

_ROW_GROUP_BYTES = 32 << 20
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
        buckets: whose rows it holds.
        pieces: (path, row groups) of the staged files that hold its rows.
    """

    dataset: str
    number: int
    total: int
    buckets: tuple[int, ...]
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
            ShardPlan(
                dataset, number, len(shards), tuple(buckets), _pieces(groups[dataset], buckets)
            )
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
    fresh = Path(options.staging, f"{dataset}-{name}.{os.getpid()}.tmp")
    order = pc.sort_indices(table, sort_keys=[(column, "ascending") for column in kind.sort_by])
    schema = kind.schema.with_metadata(dict(options.metadata))
    with pq.ParquetWriter(fresh, schema, **_writer_options(kind.schema, table.num_rows)) as writer:
        step = _rows_per_group(table, options.row_group_rows)
        for start in range(0, table.num_rows, step):
            rows = table.take(order.slice(start, step)).select(schema.names)
            writer.write_table(rows.cast(schema), row_group_size=step)
    shard = seal(fresh, dataset, Path(dataset, f"run={options.run_id}", name), options.staging)
    return shard._replace(rows=table.num_rows), _count(table, dataset)


def seal(fresh: Path, dataset: str, path: Path, staging: str) -> Shard:
    """Sync a finished file and put it where it is published from; its `rows` are left at 0.

    Args:
        fresh: the file, anywhere in the staging area.
        dataset: which one it belongs to.
        path: its final name, relative to the output directory.
        staging: directory of this attempt.
    """
    with fresh.open("rb") as stream:
        os.fsync(stream.fileno())
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    final = Path(staging, path)
    final.parent.mkdir(parents=True, exist_ok=True)
    fresh.replace(final)
    return Shard(dataset, str(path), 0, final.stat().st_size, digest)


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


class WriteShard(beam.DoFn):
    """Write the shards of a plan: (key, {plan, decisions}) in, `Shard`s and `counts` out.

    Beside a shard of articles the index is written that later runs deduplicate against.
    """

    def __init__(self, options: ShardOptions, context: RunContext, source: IndexSource) -> None:
        self._options = options
        self._context = context
        self._source = source

    def setup(self) -> None:
        self._tally = Tally(str(self._context.progress))

    def process(self, element: tuple[str, dict[str, Iterable[Any]]]) -> Iterator[Any]:
        (plan,) = element[1]["plan"]
        tables = {plan.dataset: read_plan(plan)}
        if plan.dataset == "articles":
            tables = split_duplicates(tables["articles"], element[1]["decisions"], self._context)
        paths = {}
        for dataset, table in tables.items():
            shard, counts = write_table(table, plan, self._options, dataset)
            self._tally.add("shards")
            paths[dataset] = Path(self._options.staging, shard.path)
            yield shard
            yield from (TaggedOutput("counts", count) for count in counts)
        if plan.dataset == "articles":
            yield from self._write_index(paths["articles"], paths["duplicates"])

    def _write_index(self, articles: Path, duplicates: Path) -> Iterator[Shard]:
        staging = self._options.staging
        fresh = Path(staging, f"index.{os.getpid()}.tmp")
        for path, rows in write_index(articles, duplicates, self._source, fresh).items():
            final = Path("index", f"run={self._options.run_id}", path.name)
            yield seal(path, "index", final, staging)._replace(rows=rows)


def split_duplicates(
    table: pa.Table, decisions: Iterable[tuple[str, Any]], context: RunContext
) -> dict[str, pa.Table]:
    """Return the articles and the duplicates among the staged pages of a shard.

    Args:
        table: staged pages.
        decisions: ("dropped", the `Duplicate`) for each of them that is dropped, ("contained", the
            `Duplicate`) for each that stays and is flagged, and ("kept", id) for each page anywhere
            that is dropped in favour of one of them.
        context: knows the run that a kept page belongs to.
    """
    dropped: dict[str, Duplicate] = {}
    repeats: Counter[str] = Counter()
    contained: set[str] = set()
    for verdict, value in decisions:
        if verdict == "dropped":
            dropped[value.id] = value
        elif verdict == "contained":
            contained.add(value.id)
        else:
            repeats[value] += 1
    ids = table["id"].to_pylist()
    at = table.schema.get_field_index("n_duplicates")
    counts = pa.array([repeats[page_id] for page_id in ids], pa.int32())
    table = table.set_column(at, table.schema.field(at), counts)
    table = _flag(table, [page_id in contained for page_id in ids], Flag.CONTAINED)
    gone = pa.array([page_id in dropped for page_id in ids], pa.bool_())
    duplicates = table.filter(gone)
    found = [dropped[page_id] for page_id in duplicates["id"].to_pylist()]
    columns = {
        "duplicate_of": [d.duplicate_of for d in found],
        "duplicate_of_run": [context.run_of(d) for d in found],
        "kind": [d.kind for d in found],
        "similarity": [d.similarity for d in found],
    }
    for name, values in columns.items():
        kind = DATASETS["duplicates"].schema.field(name).type
        duplicates = duplicates.append_column(name, pa.array(values, kind))
    return {"articles": table.filter(pc.invert(gone)), "duplicates": duplicates}


def _flag(table: pa.Table, flagged: list[bool], flag: Flag) -> pa.Table:
    if not any(flagged):
        return table
    at = table.schema.get_field_index("flags")
    flags = [
        [*raised, flag] if here else raised
        for raised, here in zip(table["flags"].to_pylist(), flagged, strict=True)
    ]
    column = pa.array(flags, table.schema.field(at).type)
    return table.set_column(at, table.schema.field(at), column)
