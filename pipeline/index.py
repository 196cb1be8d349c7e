"""What later runs deduplicate against: `index/run=<id>/`, made of a run's published shards alone.

Beside each shard of articles stand two files. `seen` has a row for every text that the run has
seen, kept or dropped, and is kept for ever. `bands` has a sketch of every article, and is of use
for `dedupe.near.window_days` only. Both are sorted, so that row groups which cannot meet a new
page are never read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipeline.errors import UsageError
from transforms.text.duplicates.fingerprint import id_words, page_keys, sketch_dtype, sketch_pages
from transforms.text.duplicates.packed_rows import Rows
from transforms.text.duplicates.rules import Kind, NearConfig
from transforms.text.duplicates.semijoin import RUN_SHIFT, SEEN

KINDS = ("seen", "bands")
"""The two kinds of files, by the beginning of their names."""

SKETCHED = ("id", "title", "text", "published", "site")
"""Columns of an article that its sketch is made of."""

ROW_GROUP_ROWS = 20_000
"""Rows read at once by a join: 10 MB of sketches."""

_LAYOUT = "v2"
"""Columns of the files. In `v1` the number of a run was in a column `run`, which is also the key in
the path: pandas, pyarrow and Polars refuse a directory that has both."""

_SIGNATURE = "sig_v1"
_AT_ONCE = 4_096
_HASH = ">u8"  # bytes in the order of the hex digits
_SORTED_BY = {"seen": "text_hash", "bands": "published"}
_DROPPED = ("text_hash", "duplicate_of", "duplicate_of_run", "kind", "published", "similarity")
_PAGE_COLUMNS = ("id", "published", "row", "n_chars", "n_shingles", "site", "title")
RUN = "sequence"
"""Column with the number of a run."""

COMPARED = [*_PAGE_COLUMNS, RUN, "shard", "signature"]
"""Columns of `bands` that are needed of an article that meets a new page."""


@dataclass(frozen=True, slots=True)
class IndexSource:
    """What the index of a run is made from, beside its shards.

    Attributes:
        sequence: number of the run.
        earlier: numbers of the runs before it, by their ids.
        run_id: name of the run.
        undated: the day that pages without `published` count as published on.
        near: shape of the signatures' bands.
    """

    sequence: int
    earlier: Mapping[str, int]
    run_id: str
    undated: date
    near: NearConfig


def kind_of(path: str) -> str | None:
    """Return which of `KINDS` a file of the index is, or None for files of other makers."""
    name = path.rpartition("/")[2]
    return next((kind for kind in KINDS if name.startswith(f"{kind}-")), None)


def shape_metadata(near: NearConfig) -> dict[str, str]:
    """Return what a file's footer says of the signatures in it."""
    return {
        "newsclean.index": _LAYOUT,
        "newsclean.signature": _SIGNATURE,
        "newsclean.bands": f"{near.bands}x{near.rows}",
    }


SHAPE_KEYS = tuple(name.encode() for name in shape_metadata(NearConfig()))
"""Where it says so."""


def read_near(path: str | Path) -> NearConfig:
    """Return the bands and rows of the signatures in a file."""
    bands, rows = pq.read_schema(path).metadata[b"newsclean.bands"].decode().split("x")
    return NearConfig(bands=int(bands), rows=int(rows))


def check_layout(path: str | Path) -> None:
    """Check that a file of the index has the columns that this version knows.

    Raises:
        UsageError: another version has made it.
    """
    made = pq.read_schema(path).metadata.get(b"newsclean.index", b"v1").decode()
    if made != _LAYOUT:
        raise UsageError(
            f"{path} was made by another version of newsclean (layout {made}, this one reads "
            f"{_LAYOUT}); make the index anew by `newsclean index rebuild DIR`"
        )


def check_shape(path: str, near: NearConfig) -> None:
    """Check that a file of the index can be compared with signatures of this shape.

    Raises:
        UsageError: it was made for others, or by another version.
    """
    check_layout(path)
    metadata = pq.read_schema(path).metadata
    made = " ".join(metadata[key].decode() for key in SHAPE_KEYS)
    wanted = " ".join(shape_metadata(near).values())
    if made != wanted:
        raise UsageError(
            f"{path} was made for {made} (layout, signature, dedupe.near.bands x rows), and the "
            f"configuration now asks for {wanted}; set it back, or make the index anew by "
            "`newsclean index rebuild DIR` with the same --config and --set"
        )


def write_index(
    articles: Path, duplicates: Path, source: IndexSource, directory: Path
) -> dict[Path, int]:
    """Write the index of one shard of a run; return how many rows each file has.

    Args:
        articles: the shard, as published.
        duplicates: the pages that were dropped from it.
        source: what else it is made from.
        directory: where the files go.
    """
    footer = {**_newsclean_metadata(articles), **shape_metadata(source.near)}
    seen, sketches = index_rows(articles, duplicates, source)
    tables = {"seen": seen_table(seen), "bands": bands_table(sketches)}
    written = {}
    for kind, table in tables.items():
        path = directory / _file_name(kind, articles.name)
        with open_writer(path, kind, table.schema.with_metadata(footer)) as writer:
            if table.num_rows:
                writer.write_table(table, row_group_size=ROW_GROUP_ROWS)
        written[path] = table.num_rows
    return written


def _file_name(kind: str, articles: str) -> str:
    return articles.replace("part-", f"{kind}-", 1)


def index_rows(articles: Path, duplicates: Path, source: IndexSource) -> tuple[Rows, Rows]:
    """Return what the index of one shard holds: rows of `SEEN`, and sketches."""
    sketches = _sketch_shard(articles, int(articles.name.split("-")[1]), source)
    return _seen_rows(sketches, duplicates, source), sketches


def _newsclean_metadata(path: Path) -> dict[str, str]:
    metadata = pq.read_schema(path).metadata or {}
    pairs = ((key.decode(), value.decode()) for key, value in metadata.items())
    return {key: value for key, value in pairs if key.startswith("newsclean.")}


def _sketch_shard(articles: Path, shard: int, source: IndexSource) -> Rows:
    """Return the sketches of a shard of articles, by the time of publication."""
    blocks = [np.zeros(0, dtype=sketch_dtype(source.near.bands))]
    with pq.ParquetFile(articles, page_checksum_verification=True) as file:
        for batch in file.iter_batches(_AT_ONCE, columns=list(SKETCHED)):
            sketches = sketch_pages(
                *(batch[name].to_pylist() for name in SKETCHED),
                undated=source.undated,
                bands=source.near.bands,
                rows=source.near.rows,
                committed=True,
            )
            blocks.append(sketches)
    sketches = np.concatenate(blocks)
    sketches["page"]["unit"] = source.sequence << RUN_SHIFT | shard
    sketches["page"]["row"] = np.arange(len(sketches))
    return sketches


def _seen_rows(sketches: Rows, duplicates: Path, source: IndexSource) -> Rows:
    """Return a row of `SEEN` for each article, and for each page dropped though its text is new.

    What was dropped for an article that has been replaced since stays out.
    """
    kept = np.zeros(len(sketches), dtype=SEEN)
    kept["text_hash"], kept["run"] = sketches["text_hash"], source.sequence
    kept["id"], kept["published"] = sketches["page"]["id"], sketches["page"]["published"]
    kept["kind"], kept["similarity"] = Kind.EXACT, 1.0
    kept = kept[sketches["page"]["n_shingles"] > 0]
    runs = {**source.earlier, source.run_id: source.sequence}
    with pq.ParquetFile(duplicates, page_checksum_verification=True) as file:
        rows = file.read(columns=list(_DROPPED))
    fallback = int(datetime.combine(source.undated, time(), UTC).timestamp())
    times = rows["published"].cast(pa.int64()).fill_null(fallback * 10**6).to_numpy() // 10**6
    dropped = np.zeros(rows.num_rows, dtype=SEEN)
    dropped["text_hash"] = id_words(rows["text_hash"].to_pylist())
    dropped["id"] = id_words(rows["duplicate_of"].to_pylist())
    dropped["published"] = times
    dropped["run"] = [runs.get(run, 0) for run in rows["duplicate_of_run"].to_pylist()]
    dropped["kind"] = [Kind[kind.upper()] for kind in rows["kind"].to_pylist()]
    dropped["similarity"] = rows["similarity"].to_numpy()
    dropped = dropped[(dropped["kind"] != Kind.EXACT) & (dropped["run"] > 0)]
    return np.concatenate([kept, dropped])


def seen_table(rows: Rows) -> pa.Table:
    """Return rows of `SEEN` as they are written, by text hash."""
    order = (rows["run"], rows["published"], rows["id"][:, 1], rows["id"][:, 0])
    rows = rows[np.lexsort((*order, rows["text_hash"][:, 1], rows["text_hash"][:, 0]))]
    columns = {_column(name): rows[name] for name in SEEN.names or ()}
    columns |= {name: columns[name].astype(_HASH) for name in ("text_hash", "id")}
    return pa.table({name: _to_column(values) for name, values in columns.items()})


def bands_table(sketches: Rows) -> pa.Table:
    """Return sketches as they are written, by the time of publication."""
    pages = sketches["page"]
    order = np.lexsort((pages["id"][:, 1], pages["id"][:, 0], pages["published"]))
    sketches, pages = sketches[order], pages[order]
    columns = {name: pages[name] for name in _PAGE_COLUMNS}
    columns["id"] = columns["id"].astype(_HASH)
    columns[RUN] = (pages["unit"] >> np.uint64(RUN_SHIFT)).astype(np.int32)
    columns["shard"] = pages["unit"].astype(np.uint32)
    columns |= {name: sketches[name] for name in _key_columns(sketches.dtype)}
    return pa.table({name: _to_column(values) for name, values in columns.items()})


def _column(name: str) -> str:
    """Return under which name a field of `SEEN` is written."""
    return RUN if name == "run" else name


def _key_columns(dtype: np.dtype[np.void]) -> tuple[str, ...]:
    return tuple(name for name in dtype.names or () if name not in ("page", "text_hash"))


def to_seen(table: pa.Table) -> Rows:
    """Return rows of `SEEN` from rows as they are written."""
    rows = np.zeros(table.num_rows, dtype=SEEN)
    for name in SEEN.names or ():
        rows[name] = to_values(table[_column(name)], _HASH)
    return rows


def to_sketches(table: pa.Table, bands: int) -> Rows:
    """Return sketches from rows as they are written, without what is not there (text hashes)."""
    sketches = np.zeros(table.num_rows, dtype=sketch_dtype(bands))
    pages = sketches["page"]
    for name in _PAGE_COLUMNS:
        pages[name] = to_values(table[name], _HASH)
    pages["key"] = page_keys(pages["id"], committed=True)
    run = to_values(table[RUN]).astype(np.uint64) << np.uint64(RUN_SHIFT)
    pages["unit"] = run | to_values(table["shard"])
    for name in set(_key_columns(sketches.dtype)) & set(table.column_names):
        sketches[name] = to_values(table[name], sketches[name].dtype.str)
    return sketches


def _to_column(values: NDArray[Any]) -> pa.Array:
    """Return numbers as they are, and rows of numbers as bytes."""
    if values.ndim == 1:
        return pa.array(values)
    packed = np.ascontiguousarray(values)
    kind = pa.binary(packed.itemsize * packed.shape[1])
    return pa.FixedSizeBinaryArray.from_buffers(kind, len(packed), [None, pa.py_buffer(packed)])


def to_values(column: pa.ChunkedArray, dtype: str = "") -> NDArray[Any]:
    """Return a column as an array; of one that holds hashes, `dtype` is that of a hash."""
    if not pa.types.is_fixed_size_binary(column.type):
        return column.to_numpy()
    whole = column.combine_chunks()
    start, width = whole.offset, column.type.byte_width
    flat = np.frombuffer(whole.buffers()[1], dtype="u1")[start * width :][: len(whole) * width]
    return flat.view(dtype).reshape(len(whole), -1)


def open_writer(path: Path, kind: str, schema: pa.Schema) -> pq.ParquetWriter:
    """Open an index file; hashes are not compressed, for they cannot be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    hashes = {field.name for field in schema if pa.types.is_fixed_size_binary(field.type)}
    return pq.ParquetWriter(
        path,
        schema,
        compression={name: "none" if name in hashes else "zstd" for name in schema.names},
        use_dictionary=False,
        write_statistics=[_SORTED_BY[kind]],
        write_page_checksum=True,
    )
