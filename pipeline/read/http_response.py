"""HTTP responses as crawlers store them: the head, and the body with its codings undone."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import brotli
import zstandard

from pipeline.read.decompress import MAX_WINDOW_BYTES, ZSTD_FEED_BYTES
from pipeline.read.warc_records import parse_headers, split_head

_STATUS_RE = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)")
_CHUNK_RE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\n]{0,1000})?\r?\n")
_LAST_CHUNK_RE = re.compile(rb"\n0+[ \t]*(?:;[^\n]{0,1000})?\r?\n\r?\n\Z")
_LINE_END_RE = re.compile(rb"\r?\n")
_MAX_CODINGS = 4


class BrokenBodyError(ValueError):
    """A body is not in the coding that it is said and seems to be in."""


class BodyTooLargeError(ValueError):
    """A body is larger than a page may be."""


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response.

    Attributes:
        headers: by name in lower case.
        body: as stored.
    """

    status: int
    headers: dict[str, str]
    body: bytes


def parse_response(data: bytes) -> Response | None:
    r"""Return the response in `data`; nothing where it has no status line or its head no end.

    >>> parse_response(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>").body
    b'<p>'
    """
    status = _STATUS_RE.match(data)
    head = split_head(data)
    if status is None or head is None:
        return None
    _, _, fields = head[0].partition(b"\n")
    return Response(int(status[1]), parse_headers(fields), data[head[1] :])


def decode_body(response: Response, max_bytes: int) -> tuple[bytes, bool]:
    """Return the body without its transfer and content codings, and whether it is whole.

    Of a body that is cut off there is what came before. Many crawlers undo a coding and keep its
    header: a body without the signs of a coding is taken as it is.

    Raises:
        BrokenBodyError: it breaks inside a coding.
        BodyTooLargeError: more than `max_bytes` come out.
    """
    body, whole = response.body, True
    if "chunked" in response.headers.get("transfer-encoding", "").lower():
        body, whole = join_chunks(body)
    codings = response.headers.get("content-encoding", "").lower().split(",")
    for coding in reversed(codings[-_MAX_CODINGS:]):
        if body and (undo := _CODINGS.get(coding.strip())):
            body, ended = undo(body, max_bytes)
            whole &= ended
        if len(body) > max_bytes:
            raise BodyTooLargeError
    return body, whole


def join_chunks(body: bytes) -> tuple[bytes, bool]:
    r"""Return a chunked body in one piece, and whether its last chunk is there.

    One that neither begins nor ends as chunks do is returned as it is.

    >>> join_chunks(b"3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\n")
    (b'abcde', True)

    Raises:
        BrokenBodyError: a chunk has no size, or another one than it says.
    """
    if not _CHUNK_RE.match(body) and not _LAST_CHUNK_RE.search(body[-1024:]):
        return body, True
    chunks: list[bytes] = []
    at = 0
    while match := _CHUNK_RE.match(body, at):
        stop = match.end() + int(match[1], 16)
        if stop == match.end():
            return b"".join(chunks), True
        chunks.append(body[match.end() : stop])
        line_end = _LINE_END_RE.match(body, stop)
        at = line_end.end() if line_end else stop
        if line_end is None:
            break
    if at < len(body):
        raise BrokenBodyError("a chunk of the body has no size, or another one than it says")
    return b"".join(chunks), False


def _inflate(body: bytes, max_bytes: int, window_bits: int) -> tuple[bytes, bool]:
    decoder = zlib.decompressobj(window_bits)
    try:
        return decoder.decompress(body, max_bytes + 1), decoder.eof
    except zlib.error as error:
        raise BrokenBodyError(str(error)) from error


def _undo_gzip(body: bytes, max_bytes: int) -> tuple[bytes, bool]:
    return _inflate(body, max_bytes, 31) if body.startswith(b"\x1f\x8b") else (body, True)


def _undo_deflate(body: bytes, max_bytes: int) -> tuple[bytes, bool]:
    """Undo zlib's format, or the bare one that some servers send under the same name."""
    if _is_markup(body):
        return body, True
    zlib_format = body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    return _inflate(body, max_bytes, 15 if zlib_format else -15)


def _undo_brotli(body: bytes, max_bytes: int) -> tuple[bytes, bool]:
    if _is_markup(body):
        return body, True
    decoder = brotli.Decompressor()
    try:
        out = decoder.process(body, output_buffer_limit=max_bytes + 1)
    except brotli.error as error:
        raise BrokenBodyError(str(error)) from error
    return out, decoder.is_finished()


def _undo_zstd(body: bytes, max_bytes: int) -> tuple[bytes, bool]:
    if not body.startswith(zstandard.FRAME_HEADER):
        return body, True
    decoder = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES).decompressobj()
    out, at = bytearray(), 0
    try:
        while not decoder.eof and at < len(body) and len(out) <= max_bytes:
            out += decoder.decompress(body[at : at + ZSTD_FEED_BYTES])
            at += ZSTD_FEED_BYTES
    except zstandard.ZstdError as error:
        raise BrokenBodyError(str(error)) from error
    return bytes(out), decoder.eof


def _is_markup(body: bytes) -> bool:
    return body.lstrip()[:1] == b"<"


_CODINGS: dict[str, Callable[[bytes, int], tuple[bytes, bool]]] = {
    "gzip": _undo_gzip,
    "x-gzip": _undo_gzip,
    "deflate": _undo_deflate,
    "br": _undo_brotli,
    "zstd": _undo_zstd,
}
