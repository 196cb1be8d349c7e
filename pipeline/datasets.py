"""The datasets a run writes: their columns, their order, and how a page becomes a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from transforms.text.records import Edit, Failed, Origin, Page, RawPage, Rejected

SCHEMA_VERSION = "1"
SAMPLE_CHARS = 300

_UTC = pa.timestamp("us", tz="UTC")
_STRINGS = pa.list_(pa.string())


def _schema(columns: dict[str, pa.DataType]) -> pa.Schema:
    """Return a schema; a name that ends in `*` is never null."""
    return pa.schema(
        [pa.field(name.rstrip("*"), kind, not name.endswith("*")) for name, kind in columns.items()]
    )


ARTICLES = _schema(
    {
        "id*": pa.string(),
        "source_uri*": pa.string(),
        "source_id": pa.string(),
        "record*": pa.int64(),
        "url": pa.string(),
        "site": pa.string(),
        "section": pa.string(),
        "title": pa.string(),
        "published": _UTC,
        "published_text": pa.string(),
        "source": pa.string(),
        "authors*": _STRINGS,
        "editors*": _STRINGS,
        "captions*": _STRINGS,
        "text*": pa.string(),
        "n_chars*": pa.int32(),
        "n_chars_raw*": pa.int32(),
        "encoding*": pa.string(),
        "encoding_basis*": pa.string(),
        "script*": pa.string(),
        "n_pinyin*": pa.int32(),
        "n_repaired*": pa.int32(),
        "n_converted*": pa.int32(),
        "n_spam*": pa.int32(),
        "n_boilerplate*": pa.int32(),
        "flags*": _STRINGS,
        "text_hash*": pa.string(),
        "n_duplicates*": pa.int32(),
        "ingest_date*": pa.date32(),
        "run_id*": pa.string(),
    }
)

DUPLICATES = _schema(
    {
        "id*": pa.string(),
        "source_uri*": pa.string(),
        "source_id": pa.string(),
        "record*": pa.int64(),
        "url": pa.string(),
        "title": pa.string(),
        "published": _UTC,
        "duplicate_of*": pa.string(),
        "duplicate_of_run*": pa.string(),
        "kind*": pa.string(),
        "similarity*": pa.float32(),
        "n_chars*": pa.int32(),
        "text_hash*": pa.string(),
        "run_id*": pa.string(),
    }
)

_REFUSED = {
    "id*": pa.string(),
    "source_uri*": pa.string(),
    "source_id": pa.string(),
    "record*": pa.int64(),
    "url": pa.string(),
    "step*": pa.string(),
}
_RAW = {
    "sample*": pa.string(),
    "raw_sha256*": pa.string(),
    "raw_bytes*": pa.int64(),
    "run_id*": pa.string(),
}

REJECTED = _schema({**_REFUSED, "reason*": pa.string(), "detail": pa.string(), **_RAW})

FAILED = _schema(
    {
        **_REFUSED,
        "error_type*": pa.string(),
        "error*": pa.string(),
        "traceback*": pa.string(),
        **_RAW,
    }
)

AUDIT = _schema(
    {
        "id*": pa.string(),
        "step*": pa.string(),
        "reason*": pa.string(),
        "kind*": pa.string(),
        "start*": pa.int32(),
        "stop*": pa.int32(),
        "before*": pa.string(),
        "after*": pa.string(),
        "run_id*": pa.string(),
    }
)

AUDIT_STAGED = AUDIT.append(pa.field("seq", pa.int32(), nullable=False))
"""`seq` keeps the edits of a page in their order until they are written."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """How a dataset is staged, sorted and written.

    Attributes:
        staged: the columns of its staged rows.
        schema: the columns of its shards.
        sort_by: columns that put its rows in one order, whatever the order they came in.
    """

    staged: pa.Schema
    schema: pa.Schema
    sort_by: tuple[str, ...]


DATASETS = {
    "articles": Dataset(ARTICLES, ARTICLES, ("site", "published", "id")),
    "duplicates": Dataset(ARTICLES, DUPLICATES, ("duplicate_of", "id")),
    "rejected": Dataset(REJECTED, REJECTED, ("source_uri", "record", "id")),
    "failed": Dataset(FAILED, FAILED, ("source_uri", "record", "id")),
    "audit": Dataset(AUDIT_STAGED, AUDIT, ("id", "seq")),
}
"""In no order of publication: that one is in `commit.py`."""

COUNTED_STEPS = {
    "n_pinyin": "strip_pinyin",
    "n_repaired": "repair_mojibake",
    "n_converted": "to_simplified",
    "n_spam": "strip_spam",
    "n_boilerplate": "strip_boilerplate",
}
"""Column and step: code points that the step touched on the page."""


def article_row(page: Page, ingest_date: date, run_id: str) -> dict[str, Any]:
    """Return the row of a clean page; `text_hash` is filled in where sketches are made."""
    meta = page.meta
    return {
        **_origin_columns(page.origin),
        "site": meta.site,
        "section": meta.section,
        "title": meta.title,
        "published": meta.published,
        "published_text": meta.published_text,
        "source": meta.source,
        "authors": meta.authors,
        "editors": meta.editors,
        "captions": meta.captions,
        "text": page.text,
        "n_chars": len(page.text),
        "n_chars_raw": page.n_chars_raw,
        "encoding": page.encoding,
        "encoding_basis": page.encoding_basis,
        "script": page.script,
        **{column: page.touched(step) for column, step in COUNTED_STEPS.items()},
        "flags": list(map(str, page.flags)),
        "n_duplicates": 0,
        "ingest_date": ingest_date,
        "run_id": run_id,
    }


def rejected_row(rejected: Rejected, run_id: str) -> dict[str, Any]:
    """Return the row of a page that a rule turned away."""
    origin = rejected.page.origin
    return {
        **_origin_columns(origin),
        **_raw_columns(origin, sample_of(rejected.page)),
        "step": rejected.step,
        "reason": rejected.code,
        "detail": rejected.detail or None,
        "run_id": run_id,
    }


def sample_of(page: Page | RawPage) -> str:
    """Return how a page begins, as it stands."""
    if isinstance(page, Page):
        return page.text[:SAMPLE_CHARS]
    return page.data[: 4 * SAMPLE_CHARS].decode("utf-8", "replace")[:SAMPLE_CHARS]


def failed_row(failed: Failed, run_id: str) -> dict[str, Any]:
    """Return the row of a page on which a step broke, or of an unreadable input."""
    return {
        **_origin_columns(failed.origin),
        **_raw_columns(failed.origin, failed.sample[:SAMPLE_CHARS]),
        "step": failed.step,
        "error_type": failed.error_type,
        "error": _utf8(failed.error),
        "traceback": _utf8(failed.traceback),
        "run_id": run_id,
    }


def audit_rows(origin: Origin, edits: tuple[Edit, ...], run_id: str) -> list[dict[str, Any]]:
    """Return one row per edit of a page, in the order they were made."""
    return [
        {
            "id": origin.id,
            "step": edit.step,
            "reason": edit.reason,
            "kind": edit.kind,
            "start": edit.start,
            "stop": edit.stop,
            "before": edit.before,
            "after": edit.after,
            "run_id": run_id,
            "seq": seq,
        }
        for seq, edit in enumerate(edits)
    ]


def _origin_columns(origin: Origin) -> dict[str, Any]:
    return {
        "id": origin.id,
        "source_uri": origin.source_uri,
        "source_id": origin.source_id,
        "record": origin.record,
        "url": origin.url,
    }


def _raw_columns(origin: Origin, sample: str) -> dict[str, Any]:
    return {"sample": sample, "raw_sha256": origin.raw_sha256, "raw_bytes": origin.raw_bytes}


def _utf8(text: str) -> str:
    """Return `text` as Parquet takes it: lone surrogates are replaced."""
    return text.encode("utf-8", "replace").decode()
