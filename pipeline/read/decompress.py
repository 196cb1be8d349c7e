"""Bytes of compressed files, as a stream or member by member."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple

import zstandard

MAX_WINDOW_BYTES = 1 << 27
"""A zstd frame that asks for a larger window is refused."""

OPENERS: dict[str, Callable[[BinaryIO], Any]] = {
    "": lambda stream: stream,
    "gz": lambda stream: gzip.GzipFile(fileobj=stream),
    "bz2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
    "zst": lambda stream: io.BufferedReader(
        zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES).stream_reader(
            stream, read_across_frames=True, closefd=False
        )
    ),
}
"""By compression. Each decompresses as it is read."""

READ_ERRORS = (OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError)

_RAW_BYTES = 1 << 14
_OUT_BYTES = 1 << 18
ZSTD_FEED_BYTES = 1024
"""Bytes given to zstd at a time: a block of 4 bytes may stand for 128 KiB, so at most 32 MiB."""

_PROBE_BYTES = 1 << 18
"""Compressed bytes from which the beginning of a member must come out: a zstd block is shorter."""

_PROBE_STEP_BYTES = 1024
_REREAD_BYTES = 64 << 20
"""Bytes that may be read again behind broken members, beside as many as the file has: nested
members that all break at one place would otherwise cost the square of the file's size."""

_DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"
_MAX_DICTIONARY_BYTES = 16 << 20


class Block(NamedTuple):
    """A piece of what comes out of a compressed file.

    Attributes:
        offset: place in the file of the member that begins with this block; -1 inside one.
        error: why the member goes no further, or empty.
    """

    data: bytes
    offset: int = -1
    error: str = ""


class _Codec(NamedTuple):
    """A compression whose files are chains of members that stand for themselves."""

    header: re.Pattern[bytes]
    make: Callable[[], Any]
    feed: Callable[[Any, bytes], tuple[bytes, bytes]]


def open_blocks(stream: BinaryIO, compression: str, start: int, begins: bytes) -> Iterator[Block]:
    """Yield what is in `stream` from byte `start` on, at which a member begins.

    Behind a broken member of a .gz or .zst reading goes on at the next one.

    Args:
        stream: a seekable file.
        compression: one of `OPENERS`.
        start: place in the file.
        begins: how the contents of a member begin that is looked for behind a broken one.
    """
    if compression in _CODECS:
        codec = _CODECS[compression](stream)
        return _member_blocks(stream, start, codec, begins)
    stream.seek(start)
    return _stream_blocks(OPENERS[compression](stream), start)


def _stream_blocks(stream: Any, start: int) -> Iterator[Block]:
    offset = start
    try:
        while data := stream.read(_OUT_BYTES):
            yield Block(data, offset)
            offset = -1
    except READ_ERRORS as error:
        yield Block(b"", offset, _message(error))


def _member_blocks(stream: BinaryIO, start: int, codec: _Codec, begins: bytes) -> Iterator[Block]:
    at, reread = start, 0
    stream.seek(at)
    raw = stream.read(_RAW_BYTES)
    while raw:
        member = at
        offset = member
        held = b""
        decoder = codec.make()
        try:
            while not decoder.eof:
                if not raw:
                    raise EOFError("the file ends inside a compressed member")
                out, rest = codec.feed(decoder, raw)
                at += len(raw) - len(rest)
                raw = rest or stream.read(_RAW_BYTES)
                held += out
                if len(held) >= len(begins) or decoder.eof:
                    yield Block(held, offset)
                    held, offset = b"", -1
        except READ_ERRORS as error:
            yield Block(held, offset, _message(error))
            back = member + 1
            if reread + at - back > _REREAD_BYTES + back - start:
                back = at
            reread += at - back
            at = _find_member(stream, back, codec, begins)
            stream.seek(at)
            raw = stream.read(_RAW_BYTES)


def _find_member(stream: BinaryIO, start: int, codec: _Codec, begins: bytes) -> int:
    """Return the next place from `start` on where a member begins with `begins`, or the end."""
    stream.seek(start)
    data, at = b"", start
    while True:
        block = stream.read(_PROBE_BYTES)
        data += block
        known = max(0, len(data) - _PROBE_BYTES) if block else len(data)
        for match in codec.header.finditer(data):
            if match.start() >= known:
                break
            if _begins(memoryview(data)[match.start() :], codec, begins):
                return at + match.start()
        if not block:
            return at + len(data)
        data, at = data[known:], at + known


def _begins(raw: memoryview, codec: _Codec, begins: bytes) -> bool:
    decoder, out = codec.make(), b""
    try:
        for at in range(0, min(len(raw), _PROBE_BYTES), _PROBE_STEP_BYTES):
            out += codec.feed(decoder, bytes(raw[at : at + _PROBE_STEP_BYTES]))[0]
            if len(out) >= len(begins) or decoder.eof:
                break
    except READ_ERRORS:
        return False
    return out.startswith(begins)


def _message(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _feed_gzip(decoder: Any, raw: bytes) -> tuple[bytes, bytes]:
    out = decoder.decompress(raw, _OUT_BYTES)
    return out, decoder.unused_data if decoder.eof else decoder.unconsumed_tail


def _feed_zstd(decoder: Any, raw: bytes) -> tuple[bytes, bytes]:
    out = decoder.decompress(raw[:ZSTD_FEED_BYTES])
    return out, decoder.unused_data + raw[ZSTD_FEED_BYTES:]


def _gzip_codec(_: BinaryIO) -> _Codec:
    header = re.compile(rb"\x1f\x8b\x08[\0-\x1f].{4}[\0\x02\x04][\0-\x0d\xff]", re.DOTALL)
    return _Codec(header, lambda: zlib.decompressobj(31), _feed_gzip)


def _zstd_codec(stream: BinaryIO) -> _Codec:
    made = zstandard.ZstdDecompressor(_dictionary(stream), max_window_size=MAX_WINDOW_BYTES)
    return _Codec(re.compile(rb"\x28\xb5\x2f\xfd"), made.decompressobj, _feed_zstd)


def _dictionary(stream: BinaryIO) -> zstandard.ZstdCompressionDict | None:
    """Return the dictionary in the first frame, if there is one.

    It lies there as the WARC extension of the IIPC for zstd has it: in a frame that is skipped,
    itself compressed or not.
    """
    stream.seek(0)
    head = stream.read(8)
    if len(head) < 8 or not head.startswith(_DICTIONARY_MAGIC):
        return None
    (size,) = struct.unpack("<I", head[4:])
    data = stream.read(min(size, _MAX_DICTIONARY_BYTES))
    if data.startswith(zstandard.FRAME_HEADER):
        data = OPENERS["zst"](io.BytesIO(data)).read(_MAX_DICTIONARY_BYTES)
    return zstandard.ZstdCompressionDict(data)


_CODECS: dict[str, Callable[[BinaryIO], _Codec]] = {"gz": _gzip_codec, "zst": _zstd_codec}
