"""Parquet: one page a row, read row group by row group."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.config import FieldNames, ReadConfig
from pipeline.inputs import Cut, Unit
from pipeline.read.decompress import OPENERS
from pipeline.read.outcomes import Outcome, failed, origin_of
from pipeline.read.rows import body_of, other_name, page_of_row

_BATCH_BYTES = 256 << 20
"""Bytes that rows decoded together can take at most, but for a single row that takes more.

Each may take as much as its whole column: a value in a dictionary stands for any number of rows.
Decoded one by one, rows of 60 KB are as fast as 64 at a time (0.21 ms, 240 MB in a row group)."""

_MAX_BATCH_ROWS = 64
_BUFFER_BYTES = 1 << 20
"""Bytes of a column that are held before they are decompressed."""

_MAX_FIELD_BYTES = 1 << 16
"""The most that is kept of a title or an address."""

_SPILL_BYTES = 64 << 20
_SPILL_RATIO = 20
"""A compressed Parquet file may take this many times its size, and `_SPILL_BYTES`, in a temporary
file: Parquet is compressed inside, so what takes more is no honest file."""

_BROKEN = (pa.ArrowException, OSError, ValueError)


def cut_parquet(stream: BinaryIO, compression: str, config: ReadConfig) -> Cut:
    """Return the row groups at which pieces begin, and the number of rows.

    Raises:
        OSError: it is no Parquet file, or a column is missing or of another type.
    """
    starts = [(0, 0)]
    if compression:
        return Cut(starts, None)
    with _opened(stream, config.fields) as file:
        rows = size = 0
        for number in range(file.num_row_groups):
            if size >= config.split_bytes:
                starts.append((number, rows))
                size = 0
            group = file.metadata.row_group(number)
            rows += group.num_rows
            size += sum(group.column(at).total_compressed_size for at in range(group.num_columns))
    return Cut(starts, rows)


def read_parquet(unit: Unit, stream: BinaryIO, config: ReadConfig) -> Iterator[Outcome]:
    """Yield a page per row; what cannot be read of a row group is one failure.

    Raises:
        OSError: it is no Parquet file, or a column is missing or of another type.
    """
    if unit.file.compression:
        stream = _spill(OPENERS[unit.file.compression](stream), stream)
    with _opened(stream, config.fields) as file:
        first = unit.record
        for number in range(unit.start, file.num_row_groups if unit.stop < 0 else unit.stop):
            yield from _read_group(file, number, (unit.file.uri, first), config)
            first += file.metadata.row_group(number).num_rows


def _spill(opened: Any, stream: BinaryIO) -> BinaryIO:
    """Return the contents of a compressed file as one that can be read from anywhere."""
    left = _SPILL_BYTES + _SPILL_RATIO * os.fstat(stream.fileno()).st_size
    spilled = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the last reference to it
    while block := opened.read(_BUFFER_BYTES):
        left -= len(block)
        if left < 0:
            raise OSError(f"Parquet expands to more than {_SPILL_RATIO} times its compressed size")
        spilled.write(block)
    return spilled


@contextmanager
def _opened(stream: BinaryIO, names: FieldNames) -> Iterator[pq.ParquetFile]:
    """Open a file and check its columns; a column is decompressed as it is read."""
    try:
        file = pq.ParquetFile(
            stream, pre_buffer=False, buffer_size=_BUFFER_BYTES, page_checksum_verification=True
        )
    except (pa.ArrowException, ValueError) as error:
        raise OSError(str(error)) from error
    with file:
        _check_columns(file.schema_arrow, names)
        yield file


def _check_columns(schema: pa.Schema, names: FieldNames) -> None:
    """Check that there are pages, and that every column that will be read has a usable type.

    Raises:
        OSError: names the column and what was expected.
    """
    pages = {names.text, names.html}
    if not pages & set(schema.names):
        have = ", ".join(schema.names[:20])
        missing = f"expected a column {names.text!r} or {names.html!r}, got: {have}"
        raise OSError(f"{missing}; {other_name('COLUMN')}")
    wanted = _columns(schema, names)
    for name in wanted:
        if wanted.count(name) > 1:
            raise OSError(f"column {name!r} stands there {wanted.count(name)} times")
        kind = schema.field(name).type
        value = kind.value_type if pa.types.is_dictionary(kind) else kind
        if name in pages and not (_is_bytes(value) or pa.types.is_null(value)):
            raise OSError(f"column {name!r} is {kind}, expected string or binary")
        if pa.types.is_nested(value):
            raise OSError(f"column {name!r} is {kind}, expected a string, a number or a time")


def _is_bytes(kind: pa.DataType) -> bool:
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    more = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view)
    return any(test(kind) for test in (*tests, *more))


def _read_group(
    file: pq.ParquetFile, number: int, place: tuple[str, int], config: ReadConfig
) -> Iterator[Outcome]:
    """Yield the rows of a row group, and one failure for those that cannot be read."""
    uri, first = place
    group = file.metadata.row_group(number)
    columns = [group.column(column) for column in range(group.num_columns)]
    largest = max((column.total_uncompressed_size for column in columns), default=0)
    at, error = 0, "there are fewer rows than the footer says"
    try:
        for batch in file.iter_batches(
            min(_MAX_BATCH_ROWS, max(1, _BATCH_BYTES // max(1, largest))),
            row_groups=[number],
            columns=_columns(file.schema_arrow, config.fields),
            use_threads=False,
        ):
            for row in range(batch.num_rows):
                yield _read_row(batch, row, (uri, first + at), config)
                at += 1
    except _BROKEN as broken:
        error = f"{type(broken).__name__}: {broken}"
    if at < group.num_rows:
        lost = f"rows {first + at} to {first + group.num_rows - 1} of row group {number}: {error}"
        yield failed(origin_of(uri, first + at, lost.encode()), "BrokenRowGroup", lost)


def _columns(schema: pa.Schema, names: FieldNames) -> list[str]:
    wanted = {names.text, names.html, names.id, names.url, names.title, names.published}
    return [name for name in schema.names if name in wanted]


def _read_row(
    batch: pa.RecordBatch, at: int, place: tuple[str, int], config: ReadConfig
) -> Outcome:
    names = config.fields
    pages = {names.html, names.text}
    row = {
        name: _buffer(value[at]) if name in pages else _plain(value[at])
        for name, value in zip(batch.schema.names, batch.columns, strict=True)
    }
    body = body_of(row, names)
    if body is None:
        wanted = f"expected a value in the column {names.html!r} or {names.text!r}"
        return failed(origin_of(*place, b""), "MissingField", wanted)
    data = body[1][: config.max_page_bytes + 1].to_pybytes()
    return page_of_row(row, data, place, config, html=body[0] == names.html)


def _buffer(scalar: pa.Scalar) -> pa.Buffer | None:
    """Return the bytes of a string or binary value, not copied."""
    value = scalar.value if isinstance(scalar, pa.DictionaryScalar) else scalar
    return value.as_buffer() if hasattr(value, "as_buffer") else None


def _plain(scalar: pa.Scalar) -> Any:
    """Return a value as text or number, times as ISO 8601; nothing for what Python cannot hold."""
    value = scalar.value if isinstance(scalar, pa.DictionaryScalar) else scalar
    if _is_bytes(value.type):
        held = value.as_buffer()
        return held and held[:_MAX_FIELD_BYTES].to_pybytes().decode("utf-8", "replace")
    if pa.types.is_timestamp(value.type):
        value = value.cast(pa.timestamp("us", value.type.tz), safe=False)
    try:
        known = value.as_py()
    except (ValueError, OverflowError, KeyError):  # no such date, no such zone
        return None
    if isinstance(known, date):
        return known.isoformat()
    return str(known) if isinstance(known, Decimal | UUID) else known
