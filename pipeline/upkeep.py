"""Looking after the index: verify, rebuild, compact, expire. Articles are only read."""

from __future__ import annotations

import hashlib
import itertools
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipeline.commit import Output, sha256_of
from pipeline.earlier import check_files, first_word, row_groups, what_is_wrong
from pipeline.errors import PipelineError
from pipeline.index import (
    KINDS,
    ROW_GROUP_ROWS,
    RUN,
    SHAPE_KEYS,
    IndexSource,
    check_layout,
    index_rows,
    kind_of,
    open_writer,
    read_near,
    seen_table,
    to_seen,
    to_sketches,
    write_index,
)
from transforms.text.duplicates.packed_rows import Rows
from transforms.text.duplicates.rules import NearConfig
from transforms.text.duplicates.semijoin import RUN_SHIFT, SEEN

SMALL_BYTES = 64 << 20
"""Files of the index below this size are merged by `compact`; larger ones stay as they are."""

_MERGED_AT_ONCE = 500_000
_EVER = -(1 << 62)

Entry = dict[str, Any]
"""A file, as manifests name it, or the manifest of a run."""


def rebuild(output: Output, near: NearConfig) -> int:
    """Make the index of all runs anew from their articles; return how many runs there are.

    What comes out as it was published takes its place again. What does not, because an older
    version published no index or another configuration shaped it, becomes a revision. Damaged
    counts of site lines cannot be made from articles and are dropped.

    Raises:
        PipelineError: a shard of articles is not as it was published.
    """
    staging = output.stage("index", secrets.token_hex(2))
    old = output.revision()
    number = old["number"] + 1
    covers: list[int] = []
    replaces: list[Entry] = []
    files: list[Entry] = []
    runs = output.manifests()
    for run in runs:
        home = Path("index", f"run={run['run_id']}")
        published = {file["path"]: file for file in run["files"] if kind_of(file["path"])}
        made = []
        source = _source(output, run, near)
        for shards in _shards(output, run):
            for path, rows in write_index(*shards, source, staging / home).items():
                made.append(_entry(path, home / path.name, rows))
        if all(published.get(file["path"]) == file for file in made):
            continue
        covers.append(run["sequence"])
        replaces += published.values()
        revised = Path("index", f"revision-{number:05d}")
        (staging / revised).mkdir(exist_ok=True)
        for file in made:
            kind, _, rest = Path(file["path"]).name.partition("-")
            path = revised / f"{kind}-{run['sequence']:05d}-{rest}"
            (staging / file["path"]).rename(staging / path)
            files.append({**file, "path": str(path)})
    replaces += [file for file in old["replaces"] if not kind_of(file["path"])]
    replaces += [
        file
        for file in output.index_files()
        if not kind_of(file["path"]) and what_is_wrong(output.root / file["path"], file["sha256"])
    ]
    output.revise_index(
        staging, {"number": number, "covers": covers, "replaces": replaces, "files": files}
    )
    return len(runs)


def _shards(output: Output, run: Entry) -> Iterator[tuple[Path, Path]]:
    """Yield the shards of a run's articles, each with that of the pages dropped from it."""
    digests = {file["path"]: file["sha256"] for file in run["files"]}
    for name in sorted(digests):
        if not name.startswith("articles/"):
            continue
        pair = name, name.replace("articles", "duplicates", 1)
        for path in pair:
            wrong = what_is_wrong(output.root / path, digests[path])
            if wrong:
                raise PipelineError(
                    f"{output.root / path} {wrong}; no index can be made of it. Put the file back, "
                    f"or run {run['run_id']} again with --replace"
                )
        yield output.root / pair[0], output.root / pair[1]


def _source(output: Output, run: Entry, near: NearConfig) -> IndexSource:
    others = ((other["run_id"], other["sequence"]) for other in output.manifests())
    earlier = {run_id: sequence for run_id, sequence in others if sequence < run["sequence"]}
    undated = date.fromisoformat(run["started"][:10])
    return IndexSource(run["sequence"], earlier, run["run_id"], undated, near)


def _entry(path: Path, name: Path, rows: int) -> Entry:
    return {
        "dataset": "index",
        "path": str(name),
        "rows": rows,
        "bytes": path.stat().st_size,
        "sha256": sha256_of(path),
    }


def compact(output: Output) -> tuple[int, int]:
    """Merge the small files of the index into one of each kind, for faster reading.

    Returns:
        How many files the index had, and how many it has now.

    Raises:
        IndexDamagedError: a file of the index is not what was published.
    """
    files = _checked(output)
    small = [file for file in files if kind_of(file["path"]) and file["bytes"] < SMALL_BYTES]
    if len(small) > len(KINDS):
        _merge(output, small)
    return len(files), len(output.index_files())


def expire(output: Output, before: date) -> tuple[int, int]:
    """Drop the sketches of articles published before a day; texts are known for ever.

    Returns:
        How many sketches the index had, and how many it has now.

    Raises:
        IndexDamagedError: a file of the index is not what was published.
    """
    first = int(datetime.combine(before, time(), UTC).timestamp())
    bands = [file for file in _checked(output) if kind_of(file["path"]) == "bands"]
    old = [file for file in bands if _first_published(output.root / file["path"]) < first]
    if old:
        _merge(output, old, first)
    left = (f["rows"] for f in output.index_files() if kind_of(f["path"]) == "bands")
    return sum(file["rows"] for file in bands), sum(left)


def _checked(output: Output) -> list[Entry]:
    files = output.index_files()
    check_files(output, files)
    for file in files:
        if kind_of(file["path"]):
            check_layout(output.root / file["path"])
    return files


def _first_published(path: Path) -> int:
    with pq.ParquetFile(path) as file:
        ranges = [published for _, published in row_groups(file, "published")]
    return min((least for least, _ in ranges), default=np.iinfo(np.int64).max)


def _merge(output: Output, inputs: list[Entry], first_published: int | None = None) -> None:
    """Put one file of each kind in place of `inputs`, without the rows of replaced runs.

    Args:
        output: the output directory.
        inputs: files of the index.
        first_published: seconds since 1970; sketches published before are left out.
    """
    staging = output.stage("index", secrets.token_hex(2))
    old = output.revision()
    home = Path("index", f"revision-{old['number'] + 1:05d}")
    runs = output.manifests()
    current = [run["sequence"] for run in runs]
    files = []
    for kind, merged in zip(KINDS, (_merged_texts, _merged_sketches), strict=True):
        paths = [output.root / file["path"] for file in inputs if kind_of(file["path"]) == kind]
        if paths:
            name = home / f"{kind}-00000.parquet"
            tables = merged(paths, current, first_published)
            rows = _write_tables(staging / name, kind, paths[0], tables)
            files.append(_entry(staging / name, name, rows))
    owners = [(file, run["sequence"]) for run in runs for file in run["files"]]
    replaced = [(f, sequence) for f, sequence in owners if f in inputs or f in old["replaces"]]
    revision = {
        "number": old["number"] + 1,
        "covers": sorted({*old["covers"], *(sequence for _, sequence in replaced)}),
        "replaces": [file for file, _ in replaced],
        "files": [file for file in old["files"] if file not in inputs] + files,
        "expired_before": max(old.get("expired_before", _EVER), first_published or _EVER),
    }
    output.revise_index(staging, revision)


def _merged_texts(paths: list[Path], current: list[int], _: int | None) -> Iterator[pa.Table]:
    """Yield the texts of several files by their hashes, some range of hashes at a time."""
    parts = 1 + sum(map(_count_rows, paths)) // _MERGED_AT_ONCE
    for start, stop in itertools.pairwise((part << 64) // parts for part in range(parts + 1)):
        some = [rows for path in paths for rows in _texts_between(path, start, stop)]
        rows = np.concatenate([np.zeros(0, dtype=SEEN), *some])
        yield seen_table(rows[np.isin(rows["run"], current)])


def _count_rows(path: Path) -> int:
    return pq.read_metadata(path).num_rows


def _texts_between(path: Path, start: int, stop: int) -> Iterator[Rows]:
    """Yield the texts of a file with the first word of their hashes in `[start, stop)`."""
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        for group, (least, most) in row_groups(file, "text_hash"):
            if first_word(least) < stop and first_word(most) >= start:
                rows = to_seen(file.read_row_group(group))
                words = rows["text_hash"][:, 0]
                yield rows[(words >= np.uint64(start)) & (words <= np.uint64(stop - 1))]


def _merged_sketches(
    paths: list[Path], current: list[int], first_published: int | None
) -> Iterator[pa.Table]:
    """Yield the sketches of several files, in row groups of neighbouring days."""
    waiting: list[pa.Table] = []
    for path in sorted(paths, key=_first_published):
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            for group in range(file.num_row_groups):
                rows = file.read_row_group(group)
                wanted = pc.is_in(rows[RUN], pa.array(current, rows[RUN].type))
                if first_published is not None:
                    wanted = pc.and_(wanted, pc.greater_equal(rows["published"], first_published))
                waiting.append(rows.filter(wanted))
                if sum(map(len, waiting)) >= ROW_GROUP_ROWS:
                    yield _by_time(waiting)
                    waiting = []
    if waiting:
        yield _by_time(waiting)


def _by_time(tables: list[pa.Table]) -> pa.Table:
    return pa.concat_tables(tables).sort_by([("published", "ascending"), ("id", "ascending")])


def _write_tables(path: Path, kind: str, like: Path, tables: Iterable[pa.Table]) -> int:
    schema = pq.read_schema(like)
    shape = {key: value for key, value in schema.metadata.items() if key in SHAPE_KEYS}
    rows = 0
    with open_writer(path, kind, schema.with_metadata(shape)) as writer:
        for table in tables:
            if len(table):
                writer.write_table(table, row_group_size=ROW_GROUP_ROWS)
            rows += len(table)
    return rows


def verify(output: Output) -> tuple[int, list[str]]:
    """Hold the index against the articles it was made from.

    Returns:
        How many files it has, and what is wrong with it, if anything is.

    Raises:
        PipelineError: a shard of articles is not as it was published.
        UsageError: another version has made the index.
    """
    files = output.index_files()
    broken = [
        (file["path"], what_is_wrong(output.root / file["path"], file["sha256"])) for file in files
    ]
    problems = [f"{output.root / path} {wrong}" for path, wrong in broken if wrong]
    ours = [output.root / file["path"] for file in files if kind_of(file["path"])]
    if problems or not ours:
        return len(files), problems
    for path in ours:
        check_layout(path)
    runs = {run["sequence"]: run["run_id"] for run in output.manifests()}
    near = read_near(ours[0])
    since = output.revision().get("expired_before", _EVER)
    made, held = _Digests(since), _Digests(since)
    for run in output.manifests():
        for shards in _shards(output, run):
            made.add(*index_rows(*shards, _source(output, run, near)))
    for path in ours:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            for group in range(file.num_row_groups):
                table = file.read_row_group(group)
                if kind_of(path.name) == "seen":
                    held.add_texts(to_seen(table))
                else:
                    held.add_sketches(to_sketches(table, near.bands))
    return len(files), [
        f"the {kind} of run {runs[sequence]} are not those of its articles"
        for kind, sequence in sorted(made.differing(held))
        if sequence in runs
    ]


class _Digests:
    """Digests of the rows of an index that no order of them changes, by kind and run.

    Args:
        since: seconds since 1970; sketches published before do not count.
    """

    def __init__(self, since: int) -> None:
        self._since = since
        self._sums: Counter[tuple[str, int]] = Counter()

    def add(self, texts: Rows, sketches: Rows) -> None:
        """Add what one shard has."""
        self.add_texts(texts)
        self.add_sketches(sketches)

    def add_texts(self, rows: Rows) -> None:
        """Add rows of `SEEN`."""
        self._add("texts", rows["run"], rows)

    def add_sketches(self, rows: Rows) -> None:
        """Add sketches."""
        rows = rows[rows["page"]["published"] >= self._since].copy()
        rows["text_hash"] = 0
        self._add("sketches", rows["page"]["unit"] >> np.uint64(RUN_SHIFT), rows)

    def _add(self, kind: str, runs: NDArray[Any], rows: Rows) -> None:
        for run in np.unique(runs).tolist():
            for row in rows[runs == run]:
                digest = hashlib.blake2b(row.tobytes(), digest_size=8).digest()
                self._sums[kind, run] += int.from_bytes(digest)

    def differing(self, other: _Digests) -> set[tuple[str, int]]:
        """Return the kinds and runs in which the two are not the same."""
        keys = self._sums.keys() | other._sums.keys()
        return {key for key in keys if self._sums[key] != other._sums[key]}
