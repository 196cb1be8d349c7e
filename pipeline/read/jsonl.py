"""JSONL: one page a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from pipeline.config import ReadConfig
from pipeline.inputs import Cut, Unit
from pipeline.read.decompress import OPENERS
from pipeline.read.outcomes import Outcome, failed, origin_of, too_large, well_formed
from pipeline.read.rows import body_of, page_of_row
from transforms.text.decoding.detect_encoding import EncodingConfig, detect_encoding
from transforms.text.records import RawPage, Rejected

_SKIP_LIMIT_BYTES = 1 << 30
"""A line that goes on for this long ends the reading of its file: it is no text."""

_BLOCK_BYTES = 1 << 20


def cut_jsonl(stream: BinaryIO, compression: str, config: ReadConfig) -> Cut:
    """Return the bytes at which pieces begin, and the number of lines.

    A compressed file stays in one piece, and its lines are not counted.
    """
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
        keys = ", ".join(list(row)[:20]) if isinstance(row, dict) else type(row).__name__
        wanted = f"a string in the field {names.text!r} or {names.html!r}"
        return failed(
            origin, "MissingField", f"expected an object with {wanted}, got: {keys}", line
        )
    data = well_formed(body[1]).encode()
    return page_of_row(row, data, place, config, html=body[0] == names.html, read_as=read_as)
