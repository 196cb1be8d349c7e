"""The records of a WARC file, where some of them may be broken.

Neither fastwarc nor warcio goes on behind every broken record. Of 100 records whose eleventh and
fifty-first are broken (a wrong, negative or missing Content-Length, no blank line, a cut payload,
garbage between records, an endless header; a changed byte, a wrong checksum or a cut in a gzip
member) fastwarc 2.0.1 gives 10 or 11 in all of 24 cases, warcio 1.8.1 in 13; here it is at least 98
in all. `benchmarks/warc.py` counts again. So the records are found here; it takes two rules:

- a compressed member that begins with a record is the end of the record before it;
- a Content-Length is believed when two line ends, a record or the end follow where it says.
  Otherwise the record is broken, and ends where the next one begins.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pipeline.read.decompress import Block, open_blocks

MAX_HEAD_BYTES = 1 << 16
"""The most that the header of a record, or that of an HTTP response, may take."""

_SAMPLE_BYTES = 2048
"""What is held of a broken record."""

_BEGINS = b"WARC/"
_RECORD_RE = re.compile(rb"WARC/[01]\.\d\d?[ \t]{0,8}\r?\n")
_NEXT_RECORD_RE = re.compile(rb"WARC/[01]\.\d\d?[ \t]{0,8}\r?\n[A-Za-z-]{1,40}:")
_HEAD_END_RE = re.compile(rb"\r?\n\r?\n|(?P<next>" + _NEXT_RECORD_RE.pattern + rb")")
_TEXT_RE = re.compile(rb"[^\r\n]")
_LENGTH_RE = re.compile(r"[0-9]{1,18}")
_BLANK_LINE_RE = re.compile(rb"\r?\n\r?\n")
_FOLD_RE = re.compile(r"\r?\n[ \t]+")
_LINE_BYTES = 64
"""More than the line that begins a record and the name in the next one take."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record, or what lies where one should be.

    Attributes:
        offset: byte of the file from which it can be read; -1 inside a compressed member.
        headers: by name in lower case.
        block: what follows the header; of one above the limit its beginning.
        length: bytes of the whole block.
        error: what is broken, or empty.
    """

    offset: int
    headers: dict[str, str]
    block: bytes
    length: int
    error: str = ""

    @property
    def type(self) -> str:
        """The record's WARC-Type in lower case."""
        return self.headers.get("warc-type", "").lower()


def read_records(
    stream: BinaryIO, compression: str, start: int, max_block_bytes: int
) -> Iterator[Record]:
    """Yield the records of a file from byte `start` on, where one begins; each broken one once.

    Args:
        stream: a seekable file.
        compression: of the file; records of .gz and .zst can be compressed one by one.
        start: place in the file: 0, or the `offset` of a record.
        max_block_bytes: of a larger block only the beginning is held.
    """
    window = _Window(open_blocks(stream, compression, start, _BEGINS), plain=not compression)
    while window.open():
        while window.skip_line_ends():
            yield _read_record(window, max_block_bytes)
        if error := window.take_error():
            yield Record(window.offset, {}, b"", 0, error)


def parse_headers(lines: bytes) -> dict[str, str]:
    r"""Return header fields by their names in lower case; of a repeated one the first.

    >>> parse_headers(b"Content-Type: text/html;\r\n charset=gbk\r\nX: 1")
    {'content-type': 'text/html; charset=gbk', 'x': '1'}
    """
    text = _FOLD_RE.sub(" ", lines.decode("utf-8", "replace"))
    fields: dict[str, str] = {}
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return fields


def split_head(data: bytes) -> tuple[bytes, int] | None:
    """Return what stands before the first blank line, and where what follows it begins."""
    match = _BLANK_LINE_RE.search(data, 0, MAX_HEAD_BYTES)
    return (data[: match.start()], match.end()) if match else None


def _read_record(window: _Window, max_block_bytes: int) -> Record:
    """Take the next record, or what lies there instead, out of the window."""
    offset = window.offset
    window.fill(MAX_HEAD_BYTES)
    if not _RECORD_RE.match(window.data):
        return _broken(window, offset, "no record begins here")
    end = _HEAD_END_RE.search(window.data, len(_BEGINS), MAX_HEAD_BYTES)
    if end is None or end["next"] is not None:
        window.drop(len(_BEGINS))
        return _broken(window, offset, "the header of the record has no end")
    headers = parse_headers(bytes(window.data[: end.start()]))
    window.drop(end.end())
    digits = headers.get("content-length", "")
    if not _LENGTH_RE.fullmatch(digits):
        return _broken(window, offset, f"Content-Length is {digits[:40]!r}", headers)
    length = int(digits)
    whole = length <= max_block_bytes
    window.fill((length if whole else MAX_HEAD_BYTES) + _LINE_BYTES)
    block = bytes(window.data[: length if whole else MAX_HEAD_BYTES])
    if whole and window.ends_at(length):
        window.drop(length)
    elif whole or window.drop_to_record(length) < length or not window.ends_at(0):
        return _broken(window, offset, f"Content-Length is wrong: {length}", headers, block)
    error = "" if window.skip_line_ends() else window.take_error()
    return Record(offset, headers, block, length, error)


def _broken(
    window: _Window,
    offset: int,
    error: str,
    headers: dict[str, str] | None = None,
    block: bytes = b"",
) -> Record:
    """Drop what is left of a broken record; an error of the file says more than `error`."""
    block = block or bytes(window.data[:_SAMPLE_BYTES])
    window.drop_to_record()
    if not window.data:
        error = window.take_error() or error
    return Record(offset, headers or {}, block, len(block), error)


class _Window:
    """The bytes from one sure boundary of records to the next, as far as they are wanted."""

    def __init__(self, blocks: Iterator[Block], plain: bool) -> None:
        self.data = bytearray()
        self._start = self._passed = 0
        self._error = ""
        self._blocks = blocks
        self._next = next(blocks, None)
        self._more: Block | None = None
        self._plain = plain

    def open(self) -> bool:
        """Go to the next boundary; false at the end of the file."""
        if self._next is None:
            return False
        self._start, self._passed = self._next.offset, 0
        self._pull(self._next)
        return True

    @property
    def offset(self) -> int:
        """Byte of the file from which `data` can be read; -1 inside a compressed member."""
        return self._start + self._passed if self._plain or not self._passed else -1

    def fill(self, size: int) -> None:
        """Hold at least `size` bytes, or all there are before the boundary."""
        while len(self.data) < size and self._more is not None:
            self._pull(self._more)

    def drop(self, size: int) -> None:
        """Let go of the first `size` bytes."""
        del self.data[:size]
        self._passed += size

    def skip_line_ends(self) -> bool:
        """Drop the ends of lines that come first; false when nothing follows them."""
        self.fill(1)
        while self.data:
            text = _TEXT_RE.search(self.data)
            self.drop(text.start() if text else len(self.data))
            if text:
                return True
            self.fill(1)
        return False

    def ends_at(self, length: int) -> bool:
        """Whether a record ends behind `length` of the bytes that are held."""
        tail = self.data[length : length + _LINE_BYTES]
        follows = tail.lstrip(b"\r\n").startswith(_BEGINS) or tail.startswith(b"\r\n\r\n")
        return len(self.data) >= length and (follows or not tail.strip(b"\r\n"))

    def drop_to_record(self, most: int = sys.maxsize) -> int:
        """Drop bytes up to the next line that begins a record; return how many, at most `most`."""
        passed = 0
        while passed < most:
            self.fill(len(self.data) + _LINE_BYTES)
            match = _NEXT_RECORD_RE.search(self.data)
            if match and passed + match.start() <= most:
                self.drop(match.start())
                return passed + match.start()
            unclear = _LINE_BYTES if self._more else 0
            size = min(len(self.data) - unclear, most - passed)
            if size <= 0:
                break
            self.drop(size)
            passed += size
        return passed

    def take_error(self) -> str:
        """Return, once, why the bytes go no further; empty when they simply end."""
        error, self._error = self._error, ""
        return error

    def _pull(self, block: Block) -> None:
        self.data += block.data
        self._error = block.error
        self._next = following = next(self._blocks, None)
        ends = block.error or (following is not None and _is_boundary(following))
        self._more = None if ends else following


def _is_boundary(block: Block) -> bool:
    return block.offset >= 0 and (bool(block.error) or block.data.startswith(_BEGINS))
