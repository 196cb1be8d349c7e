"""WARC and WET: HTTP responses, and what was stored or made of them, as pages."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from pipeline.config import ReadConfig
from pipeline.inputs import Cut, Unit
from pipeline.read.http_response import (
    BodyTooLargeError,
    BrokenBodyError,
    Response,
    decode_body,
    parse_response,
)
from pipeline.read.outcomes import Outcome, failed, origin_of, rejected, too_large
from pipeline.read.warc_records import MAX_HEAD_BYTES, Record, read_records
from transforms.text.html.sniff import is_html
from transforms.text.records import RawPage, Reason

_PAGE_TYPES = {"response", "resource", "conversion"}
"""Types of records that are counted as pages; requests, metadata, revisits and the like are not."""

_SPLIT_COMPRESSIONS = {"", "gz", "zst"}

_HTML_TYPES = {"text/html", "application/xhtml+xml"}
_VAGUE_TYPES = {"", "text/plain", "text/xml", "application/xml", "application/octet-stream"}
"""Media types under which HTML is found, too: how it begins decides."""

_SNIFFED_BYTES = 4096
_CHARSET_RE = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]{1,40})", re.ASCII | re.IGNORECASE)


def cut_warc(stream: BinaryIO, compression: str, config: ReadConfig) -> Cut:
    """Return the bytes at which pieces begin, and the number of pages.

    The whole file is decompressed for it, because nothing less is safe: a page that holds a
    compressed WARC has members inside that look like those of the file. That costs 0.33 ms of CPU
    a page for .gz, 0.2 for .zst and 0.04 for a plain file (responses of 84 KB;
    `benchmarks/warc.py --mb 300 --read-only`).
    """
    starts, pages = [(0, 0)], 0
    if compression not in _SPLIT_COMPRESSIONS:
        return Cut(starts, None)
    for record in read_records(stream, compression, 0, _max_block_bytes(config)):
        if not record.error and record.offset >= starts[-1][0] + config.split_bytes:
            starts.append((record.offset, pages))
        pages += _is_counted(record)
    return Cut(starts, pages)


def read_warc(unit: Unit, stream: BinaryIO, config: ReadConfig) -> Iterator[Outcome]:
    """Yield the pages of a file, each with its position among them, and what broke."""
    position = unit.record
    records = read_records(stream, unit.file.compression, unit.start, _max_block_bytes(config))
    for record in records:
        if 0 <= unit.stop <= record.offset:
            return
        if _is_counted(record):
            yield _outcome(record, (unit.file.uri, position), config)
            position += 1


def _max_block_bytes(config: ReadConfig) -> int:
    return config.max_page_bytes + MAX_HEAD_BYTES


def _is_counted(record: Record) -> bool:
    """Return whether a record should be a page; wget keeps its log under a metadata: address."""
    own = record.headers.get("warc-target-uri", "").strip("<").startswith("metadata:")
    return bool(record.error) or not record.type or (record.type in _PAGE_TYPES and not own)


def _outcome(record: Record, place: tuple[str, int], config: ReadConfig) -> Outcome:
    """Return the page in a record, or why there is none."""

    def raw(data: bytes, **known: Any) -> RawPage:
        source_id = record.headers.get("warc-record-id", "").strip("<>") or None
        url = record.headers.get("warc-target-uri", "").strip("<>") or None
        return RawPage(origin_of(*place, data, source_id, url), data, **known)

    response = None if record.error else _response(record)
    if response is None:
        error = record.error or "no type, or no HTTP response in a response"
        return failed(raw(record.block).origin, "BrokenRecord", error, record.block)
    media_type, charset = _content_type(response.headers.get("content-type", ""))
    refusal = _refusal(response.status, media_type)
    if refusal:
        return rejected(raw(record.block), Reason.NOT_A_PAGE, *refusal)
    if record.length > len(record.block):
        return too_large(raw(record.block), config)
    try:
        body, whole = decode_body(response, config.max_page_bytes)
    except BodyTooLargeError:
        return too_large(raw(record.block), config)
    except BrokenBodyError as error:
        return failed(raw(record.block).origin, "BrokenBody", str(error), record.block)
    html = media_type in _HTML_TYPES or _looks_like_html(body)
    if not html and media_type != "text/plain":
        detail = f"{media_type or 'no media type'}, and no HTML"
        return rejected(raw(body), Reason.NOT_A_PAGE, "media_type", detail)
    truncated = not whole or "warc-truncated" in record.headers
    return raw(body, html=html, declared=charset, truncated=truncated)


def _response(record: Record) -> Response | None:
    """Return what a record holds as a response: what is no HTTP counts as one that went well."""
    content_type = record.headers.get("content-type", "")
    if record.type == "response" and content_type.lower().startswith("application/http"):
        return parse_response(record.block)
    return Response(200, {"content-type": content_type}, record.block) if record.type else None


def _refusal(status: int, media_type: str) -> tuple[str, str] | None:
    """Return kind and detail of a response that is no page: another status than 2xx, or a type."""
    if 300 <= status < 400:
        return "redirect", f"HTTP {status}"
    if not 200 <= status < 300:
        return "http_error", f"HTTP {status}"
    if media_type not in _HTML_TYPES | _VAGUE_TYPES:
        return "media_type", media_type
    return None


def _content_type(value: str) -> tuple[str, str | None]:
    """Return the media type and the charset of a Content-Type.

    >>> _content_type('Text/HTML; charset="GB2312"')
    ('text/html', 'GB2312')
    """
    charset = _CHARSET_RE.search(value)
    return value.partition(";")[0].strip().lower()[:100], charset[1] if charset else None


def _looks_like_html(body: bytes) -> bool:
    """Return whether HTML begins here, in an encoding of one, two or four bytes."""
    head = body[:_SNIFFED_BYTES].lstrip(codecs.BOM_UTF8 + codecs.BOM_UTF16)
    return is_html(head.replace(b"\0", b"").decode("latin-1"))
