"""Read units of work as pages: bounded bytes, and one bad record costs one record."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, TypeAlias

import apache_beam as beam
import zstandard
from apache_beam.pvalue import TaggedOutput

from pipeline.config import FieldNames, ReadConfig
from pipeline.inputs import Unit, open_regular
from pipeline.progress import Tally
from pipeline.stage import RunContext
from transforms.text.decoding.detect_encoding import EncodingConfig, detect_encoding
from transforms.text.records import Failed, Metadata, Origin, RawPage, Reason, Rejected

STEP = "read"

Outcome: TypeAlias = RawPage | Rejected | Failed

_SKIP_LIMIT_BYTES = 1 << 30
"""A line that goes on for this long ends the reading of its file: it is no text."""

_OPENERS: dict[str, Callable[[BinaryIO], Any]] = {
    "": lambda stream: stream,
    "gz": lambda stream: gzip.GzipFile(fileobj=stream),
    "bz2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
    "zst": lambda stream: io.BufferedReader(
        zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(
            stream, read_across_frames=True
        )
    ),
}
"""By compression. Each decompresses as it is read; zstd windows above 128 MiB are refused."""

_READ_ERRORS = (OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError)
_SURROGATE_RE = re.compile("[\ud800-\udfff]")


class ReadPages(beam.DoFn):
    """Read units of work.

    Outputs: pages (main), `rejected`, `failed`, and `read`: (uri, number of pages found).
    """

    def __init__(self, config: ReadConfig, context: RunContext) -> None:
        self._config = config
        self._context = context

    def setup(self) -> None:
        self._tally = Tally(str(self._context.progress))

    def process(self, unit: Unit) -> Iterator[Any]:
        count = 0
        for outcome in read_unit(unit, self._config):
            count += 1
            self._tally.add("read")
            match outcome:
                case Rejected():
                    yield TaggedOutput("rejected", outcome)
                case Failed():
                    yield TaggedOutput("failed", outcome)
                case _:
                    yield outcome
        yield TaggedOutput("read", (unit.file.uri, count))

    def finish_bundle(self) -> None:
        self._tally.write()


def read_unit(unit: Unit, config: ReadConfig) -> Iterator[Outcome]:
    """Yield what stands in `unit`; an input that breaks off ends with a `Failed`."""
    try:
        with open_regular(unit.file.path) as stream:
            opened = _OPENERS[unit.file.compression](stream)
            yield from _FORMATS[unit.file.format](unit, opened, config)
    except _READ_ERRORS as error:
        yield unreadable(unit.file.uri, type(error).__name__, str(error), unit.start)


def unreadable(uri: str, error_type: str, error: str, start: int = 0) -> Failed:
    """Return the one row that stands for an input, or the rest of one, that cannot be read."""
    return Failed(_origin(uri, -1, str(start).encode()), STEP, error_type, error)


def _origin(uri: str, record: int, data: bytes, **known: str | None) -> Origin:
    """Return where a page came from; its id hangs on the input's name, the place and the bytes."""
    digest = hashlib.sha256(data).hexdigest()
    name = "\0".join((uri, str(record), digest))
    page_id = hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
    return Origin(page_id, uri, record, digest, len(data), **known)


def _read_text(unit: Unit, stream: Any, config: ReadConfig) -> Iterator[Outcome]:
    data = stream.read(config.max_page_bytes + 1)
    raw = RawPage(_origin(unit.file.uri, unit.record, data), data)
    yield raw if len(data) <= config.max_page_bytes else _too_large(raw, config)


def _too_large(raw: RawPage, config: ReadConfig) -> Rejected:
    cut = RawPage(raw.origin, raw.data[:1200])
    detail = f"more than {config.max_page_bytes} bytes (read.max_page_bytes)"
    return Rejected(cut, STEP, Reason.TOO_LARGE, detail=detail)


def _read_jsonl(unit: Unit, stream: Any, config: ReadConfig) -> Iterator[Outcome]:
    for at, line in enumerate(_bounded_lines(unit, stream, config.max_page_bytes)):
        record = unit.record + at
        if len(line) > config.max_page_bytes:
            yield _too_large(RawPage(_origin(unit.file.uri, record, line), line), config)
        elif line:
            yield _parse_line(line, unit.file.uri, record, config.fields)


def _bounded_lines(unit: Unit, stream: Any, max_bytes: int) -> Iterator[bytes]:
    """Yield the lines of a unit without their ends; of one above `max_bytes`, its beginning."""
    if unit.start:
        stream.seek(unit.start)
    at = unit.start
    while at < unit.stop or unit.stop < 0:
        line = stream.readline(max_bytes + 2)
        if not line:
            return
        at += len(line)
        whole = line.endswith(b"\n")
        yield line.strip(b" \t\r\n") if whole or len(line) <= max_bytes else line
        skipped = 0
        while not whole and len(line) > max_bytes:
            rest = stream.readline(1 << 20)
            at += len(rest)
            skipped += len(rest)
            if skipped > _SKIP_LIMIT_BYTES:
                raise OSError(f"a line goes on for more than {_SKIP_LIMIT_BYTES} bytes")
            whole = not rest or rest.endswith(b"\n")


def _parse_line(line: bytes, uri: str, record: int, names: FieldNames) -> Outcome:
    """Return the page in a line of JSON. A line that is not UTF-8 is decoded like a page."""
    origin = _origin(uri, record, line)
    read_as = None
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        decoded = detect_encoding(RawPage(origin, line), EncodingConfig())
        if isinstance(decoded, Rejected):
            return decoded
        text, read_as = decoded.text, (decoded.encoding, decoded.encoding_basis)
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Failed(origin, STEP, type(error).__name__, str(error), sample=text[:300])
    if not isinstance(row, dict) or not isinstance(row.get(names.text), str):
        keys = ", ".join(list(row)[:20]) if isinstance(row, dict) else type(row).__name__
        wanted = f"expected an object with a string in the field {names.text!r}, got: {keys}"
        return Failed(origin, STEP, "MissingField", wanted, sample=text[:300])
    return _page_of_row(row, origin, names, read_as)


def _page_of_row(
    row: dict[str, Any], origin: Origin, names: FieldNames, read_as: tuple[str, str] | None
) -> RawPage:
    data = _SURROGATE_RE.sub("\ufffd", row[names.text]).encode()
    return RawPage(
        _origin(
            origin.source_uri,
            origin.record,
            data,
            source_id=_scalar(row.get(names.id)),
            url=_scalar(row.get(names.url)),
        ),
        data,
        read_as=read_as,
        given=Metadata(
            title=_scalar(row.get(names.title)),
            published_text=_scalar(row.get(names.published)),
        ),
    )


def _scalar(value: Any) -> str | None:
    """Return a string or a number as text; nothing for what is empty or no scalar."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return _SURROGATE_RE.sub("\ufffd", str(value)).strip() or None


_FORMATS: dict[str, Callable[[Unit, Any, ReadConfig], Iterator[Outcome]]] = {
    "txt": _read_text,
    "jsonl": _read_jsonl,
}
