"""JSONL: one page a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from pipeline.config import FieldNames, ReadConfig
from pipeline.inputs import Cut, Unit
from pipeline.read.decompress import OPENERS, READ_ERRORS
from pipeline.read.outcomes import Outcome, failed, origin_of, too_large, well_formed
from pipeline.read.rows import body_of, other_name, page_of_row
from transforms.text.decoding.detect_encoding import EncodingConfig, detect_encoding
from transforms.text.records import RawPage, Rejected

_SKIP_LIMIT_BYTES = 1 << 30
"""A line that goes on for this long ends the reading of its file: it is no text."""

_BLOCK_BYTES = 1 << 20
_SNIFFED_BYTES = 1 << 16

_OTHERS = {
    b"PAR1": ".parquet",
    b"\x1f\x8b": ".gz",
    b"\x28\xb5\x2f\xfd": ".zst",
    b"BZh": ".bz2",
    b"\xfd7zXZ": ".xz",
    b"PK\3\4": ".zip",
    b"WARC/": ".warc",
}
"""How files begin that are something else, and the ending that they should have."""

_OPENS_ARRAY_RE = re.compile(rb"\s*\[\s*(\{[^\n]*)?(\n|$)")
_IS_ARRAY = "looks like a JSON array; one JSON object per line is expected"


def cut_jsonl(stream: BinaryIO, compression: str, config: ReadConfig) -> Cut:
    """Return the bytes at which pieces begin, and the number of lines.

    A compressed file stays in one piece, and its lines are not counted.

    Raises:
        OSError: it begins like a file of another format.
    """
    _check_beginning(_beginning(stream, compression))
    stream.seek(0)
    starts = [(0, 0)]
    if compression:
        return Cut(starts, None)
    at = lines = 0
    last = b""
    while block := stream.read(_BLOCK_BYTES):
        goal = starts[-1][0] + config.split_bytes
        while (cut := block.find(b"\n", max(0, goal - at))) >= 0:
            starts.append((at + cut + 1, lines + block.count(b"\n", 0, cut + 1)))
            goal = starts[-1][0] + config.split_bytes
        lines += block.count(b"\n")
        at += len(block)
        last = block[-1:]
    if starts[-1][0] == at and at:
        starts.pop()
    return Cut(starts, lines + (last not in (b"", b"\n")))


def _beginning(stream: BinaryIO, compression: str) -> bytes:
    """Return the first bytes; none of a file that breaks off here, whose lines are read yet."""
    with suppress(*READ_ERRORS):
        return OPENERS[compression](stream).read(_SNIFFED_BYTES)
    return b""


def _check_beginning(data: bytes) -> None:
    """Check that a file may hold one JSON object per line.

    Raises:
        OSError: it is of another format, or one JSON value over all its lines.
    """
    for magic, ending in _OTHERS.items():
        if data.startswith(magic):
            raise OSError(f"is no JSONL: it begins like a {ending} file")
    opened = _OPENS_ARRAY_RE.match(data)
    if opened and (not opened[0].rstrip().endswith(b"]") or not data[opened.end() :].strip()):
        raise OSError(_IS_ARRAY)


def read_jsonl(unit: Unit, stream: BinaryIO, config: ReadConfig) -> Iterator[Outcome]:
    """Yield a page per line; blank lines count but are none."""
    opened = OPENERS[unit.file.compression](stream)
    for at, line in enumerate(_bounded_lines(unit, opened, config.max_page_bytes)):
        place = (unit.file.uri, unit.record + at)
        if len(line) > config.max_page_bytes:
            yield too_large(RawPage(origin_of(*place, line), line), config)
        elif line:
            yield _parse_line(line, place, config)


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


def _parse_line(line: bytes, place: tuple[str, int], config: ReadConfig) -> Outcome:
    """Return the page in a line of JSON. A line that is not UTF-8 is decoded like a page."""
    origin = origin_of(*place, line)
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
        return failed(origin, type(error).__name__, str(error), line)
    names = config.fields
    body = body_of(row, names) if isinstance(row, dict) else None
    if body is None or not isinstance(body[1], str):
        return failed(origin, "MissingField", _what_is_missing(row, names), line)
    data = well_formed(body[1]).encode()
    return page_of_row(row, data, place, config, html=body[0] == names.html, read_as=read_as)


def _what_is_missing(row: Any, names: FieldNames) -> str:
    if isinstance(row, list):
        return _IS_ARRAY
    wanted = f"expected an object with a string in the field {names.text!r} or {names.html!r}"
    if not isinstance(row, dict):
        return f"{wanted}, got: {type(row).__name__}"
    return f"{wanted}, got: {', '.join(list(row)[:20])}; {other_name('FIELD')}"
