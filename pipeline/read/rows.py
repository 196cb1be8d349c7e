"""Pages that are rows with named fields: the lines of JSONL, the rows of Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.config import FieldNames, ReadConfig
from pipeline.read.outcomes import Outcome, origin_of, scalar_text, too_large
from transforms.text.records import Metadata, RawPage


def body_of(row: Mapping[str, Any], names: FieldNames) -> tuple[str, Any] | None:
    """Return the name and the value of the field that holds the page; nothing where none does.

    `html` comes before `text`: it is the page itself, and the text beside it is what somebody's
    extraction has left of it. An empty or missing field gives way to the other.
    """
    held = [(name, row[name]) for name in (names.html, names.text) if row.get(name) is not None]
    filled = [field for field in held if field[1]]
    return next(iter(filled + held), None)


def other_name(placeholder: str) -> str:
    """Return how to say where the pages are when they are under another name."""
    return (
        f"if it is there under another name, give --set read.fields.html={placeholder} "
        f"(or read.fields.text={placeholder} where it is plain text)"
    )


def page_of_row(
    row: Mapping[str, Any],
    data: bytes,
    place: tuple[str, int],
    config: ReadConfig,
    *,
    html: bool,
    read_as: tuple[str, str] | None = None,
) -> Outcome:
    """Return the page that a row holds.

    Args:
        row: its fields, under the names of the input.
        data: the bytes of the page.
        place: the input's name, and the position of the row in it.
        config: names the fields, and the size a page may have.
        html: whether `data` is an HTML page.
        read_as: encoding and basis, where the row had to be decoded to be read.
    """
    names = config.fields
    origin = origin_of(
        *place,
        data,
        source_id=scalar_text(row.get(names.id)),
        url=scalar_text(row.get(names.url)),
    )
    given = Metadata(
        title=scalar_text(row.get(names.title)),
        published_text=scalar_text(row.get(names.published)),
    )
    raw = RawPage(origin, data, html=html, read_as=read_as, given=given)
    return raw if len(data) <= config.max_page_bytes else too_large(raw, config)
