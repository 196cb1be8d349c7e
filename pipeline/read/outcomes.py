"""What reading gives: pages, pages turned away, and what could not be read."""

from __future__ import annotations

import hashlib
import re
from typing import Any, TypeAlias

from pipeline.config import ReadConfig
from transforms.text.records import Failed, Origin, RawPage, Reason, Rejected

STEP = "read"

Outcome: TypeAlias = RawPage | Rejected | Failed

_SAMPLE_BYTES = 1200
_SURROGATE_RE = re.compile("[\ud800-\udfff]")


def origin_of(
    uri: str, record: int, data: bytes, source_id: str | None = None, url: str | None = None
) -> Origin:
    """Return where a page came from; its id hangs on the input's name, the place and the bytes."""
    digest = hashlib.sha256(data).hexdigest()
    name = "\0".join((uri, str(record), digest))
    page_id = hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
    return Origin(page_id, uri, record, digest, len(data), source_id, url)


def place_of(outcome: Outcome) -> Origin:
    """Return where an outcome came from."""
    return outcome.page.origin if isinstance(outcome, Rejected) else outcome.origin


def reason_of(error: Exception) -> str:
    """Return why something cannot be read, without the name of it."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def unreadable(uri: str, error_type: str, error: str, start: int = 0) -> Failed:
    """Return the one row that stands for an input, or the rest of one, that cannot be read."""
    return Failed(origin_of(uri, -1, str(start).encode()), STEP, error_type, error)


def failed(origin: Origin, error_type: str, error: str, data: bytes = b"") -> Failed:
    """Return the row of a record that is broken; `data` is what there is of it."""
    sample = data[:_SAMPLE_BYTES].decode("utf-8", "replace")
    return Failed(origin, STEP, error_type, error, sample=sample)


def too_large(raw: RawPage, config: ReadConfig) -> Rejected:
    """Turn away a page above the limit, of which `raw` has the beginning."""
    detail = f"more than {config.max_page_bytes} bytes (read.max_page_bytes)"
    return rejected(raw, Reason.TOO_LARGE, detail=detail)


def rejected(raw: RawPage, reason: Reason, kind: str = "", detail: str = "") -> Rejected:
    """Turn a page away, keeping no more of it than its sample needs."""
    return Rejected(RawPage(raw.origin, raw.data[:_SAMPLE_BYTES]), STEP, reason, kind, detail)


def scalar_text(value: Any) -> str | None:
    """Return a string or a number as text; nothing for what is empty, NaN or no scalar."""
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value != value:
        return None
    return well_formed(str(value)).strip() or None


def well_formed(text: str) -> str:
    """Return `text` with lone surrogates, which no encoding has, as U+FFFD."""
    return _SURROGATE_RE.sub("\ufffd", text)
