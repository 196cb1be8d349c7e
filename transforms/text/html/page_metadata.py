"""What the markup of a page says about it: JSON-LD, Open Graph, `<meta>`, `<title>`, `<time>`.

Order of trust, for each field: a rule for the site; JSON-LD; Open Graph; `<meta>`; `itemprop` and
`<time>`; the window's title. Markup is written by the publisher's system, so it wins over what the
lines say, where it is exact: a title that a line of the page repeats, a time with its hour, a
source. What it says loosely (a day without an hour, an author's number, the window's title) is
`Page.hints`, which `extract_metadata` takes where the lines give nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from transforms.text.html.line import HEADINGS, Line, squeeze
from transforms.text.html.markup import Element
from transforms.text.html.markup_values import UPDATED_RE, Value, script_date
from transforms.text.html.window_title import window_title
from transforms.text.metadata.dates import find_dates
from transforms.text.metadata.headline import clean_title
from transforms.text.metadata.media import is_medium, is_source
from transforms.text.metadata.names import names
from transforms.text.records import Metadata
from transforms.text.shadow import fold


class PageMetadata(NamedTuple):
    """What the markup says, sorted by how far it is trusted.

    Attributes:
        sure: wins over what the lines say.
        hints: taken where the lines say nothing.
        url: address that the page gives itself.
        used: the values that were taken.
    """

    sure: Metadata
    hints: Metadata
    url: str | None
    used: tuple[Value, ...]


def choose_values(values: Iterable[Value], root: Element, lines: list[Line]) -> PageMetadata:
    """Return the metadata of a page, one value for each field."""
    sure: dict[str, Any] = {}
    hints: dict[str, Any] = {}
    used: list[Value] = []
    shown = shown_date(lines)
    for value in (*values, *_titles(root, lines), *([shown] if shown else [])):
        read = _READERS[value.field](value.text)
        if value.reason == "heading":
            read = value.text
        if not read or value.field in sure:
            continue
        target = sure if _is_sure(value, lines) else hints
        if value.field in target:
            continue
        target[value.field] = read
        used.append(value)
    if "published" not in sure and "published" not in hints:
        kept = script_date(root)
        if kept:
            hints["published"] = kept.text
            used.append(kept)
    if "authors" in hints:
        hints["authors"] = _people_only(hints["authors"], sure.get("source", ""), root)
    url = sure.pop("url", None)
    for fields in (sure, hints):
        if "published" in fields:
            fields["published_text"] = fields.pop("published")
    return PageMetadata(Metadata(**sure), Metadata(**hints), url, tuple(used))


def _people_only(people: tuple[str, ...], source: str, root: Element) -> tuple[str, ...]:
    """Return the authors that are neither the source nor the site at the end of the title."""
    window = next((squeeze("".join(e.itertext())) for e in root.iter("title")), "")
    site = window[len(_SEPARATOR_RE.split(window)[0]) :]
    return tuple(name for name in people if name not in site and name not in source)


def _is_sure(value: Value, lines: list[Line]) -> bool:
    if value.reason == "site_rule":
        return True
    if value.field == "published":
        return (
            value.reason != "shown_date"
            and value.name != "times"
            and (":" in value.text or value.text.isdigit())
            and not UPDATED_RE.search(value.name.lower())
        )
    if value.field == "title":
        return value.reason != "title_element" and (
            value.reason in ("heading", "page_state") or find_title(value.text, lines) is not None
        )
    return value.field in ("source", "url", "keywords") and value.reason != "title_element"


def shown_date(lines: list[Line]) -> Value | None:
    """Return the one date with a time of day that the short lines of a page show, if it is one."""
    found: dict[str, Value] = {}
    for line in lines:
        if len(line.text) <= _MAX_DATED and ":" in line.text and _YEAR_RE.search(line.text):
            for date in find_dates(_PARTED_RE.sub(r"\1-\2-\3 \4", fold(line.text))):
                if date.has_time:
                    text = date.when.isoformat(" ")
                    found[text] = Value("published", "shown_date", line.tag, text)
    return found.popitem()[1] if len(found) == 1 else None


_PARTED_RE = re.compile(r"(\d{4}) {1,4}(\d\d) {0,4}[/-] {0,4}(\d\d) {1,4}(\d\d:\d\d)")
"""A date whose year, day and time are elements of their own: `2024  06  /  13  08:00`."""
_MAX_DATED = 80
"""Code points of the longest line that is looked at for the only date of a page."""


def _titles(root: Element, lines: list[Line]) -> Iterator[Value]:
    """Yield the line that begins the window's title, and that title without its site."""
    window = next((squeeze("".join(e.itertext())) for e in root.iter("title")), "")
    if not window:
        return
    medium = _SEPARATOR_RE.split(window)[-1].strip()
    whole = medium == window or not is_medium(fold(medium))
    if whole and any(line.text == window and line.tag in HEADINGS for line in lines):
        yield Value("title", "heading", "title", window)
        return
    headline = window_title(window, ())
    if _SEPARATOR_RE.search(headline):
        headline = window_title(window, _section_names(lines))
    asked, own = _bare(window), _bare(headline)
    heads = [line for line in _with_halves(lines) if _is_head_of(line, window, asked)]
    if heads:
        best = max(heads, key=lambda line: (line.tag in HEADINGS, len(line.text)))
        yield Value("title", "heading", f"{best.tag}, title", best.text)
    elif len(own) > _MIN_TITLE and any(_ends_with(line, headline) for line in lines):
        yield Value("title", "heading", "title", headline)
    yield Value("title", "title_element", "title", headline)
    if medium != window and is_medium(fold(medium)) and is_source(fold(medium)):
        yield Value("source", "title_element", "title", medium)


_SEPARATOR_RE = re.compile(r"[-_|—–｜·]+")


def _section_names(lines: list[Line]) -> frozenset[str]:
    """Return the short links of a page, and the parts of its breadcrumbs."""
    short = [line for line in lines if 0 < len(line.text) <= _MAX_CRUMBS and line.n_linked]
    names = (part.strip() for line in short for part in _CRUMB_RE.split(fold(line.text)))
    return frozenset(name for name in names if 2 <= len(name) <= _MAX_NAME)


_CRUMB_RE = re.compile(r"[>»›/|\s]+")
_MAX_CRUMBS, _MAX_NAME = 60, 12
"""Code points of a row of links, and of the name of a section."""


def _with_halves(lines: list[Line]) -> Iterator[Line]:
    """Yield the lines, and headings of several lines as one."""
    whole: Line | None = None
    for line in lines:
        yield line
        short = whole is not None and len(whole.text) <= _MAX_TITLE
        if whole and short and line.tag in HEADINGS and _continues(line, whole):
            n_linked = whole.n_linked + line.n_linked
            whole = replace(whole, text=whole.text + line.text, n_linked=n_linked)
            yield whole
        else:
            whole = line


def _continues(line: Line, above: Line) -> bool:
    """Return whether a line is in the same element as the one above it."""
    return line.low == line.depth and line.tag == above.tag


def _ends_with(line: Line, headline: str) -> bool:
    """Return whether a line is the headline behind a label or a mark: `原创`, `标题：`."""
    n_before = len(line.text) - len(headline)
    return 0 < n_before <= _MAX_MARK and not line.n_linked and line.text.endswith(headline)


_MAX_MARK = 8


def _bare(text: str) -> str:
    return _NO_WORD_RE.sub("", fold(text))


_NO_WORD_RE = re.compile(r"[\W_]+")
_MIN_TITLE, _MAX_TITLE = 5, 120


def _is_head_of(line: Line, window: str, asked: str) -> bool:
    """Return whether a line begins the window's title, and something follows it there."""
    if line.tag == "h1" and window.startswith(line.text) and line.text != window:
        return bool(_SEPARATOR_RE.match(window[len(line.text) :].lstrip()))
    if line.tag not in HEADINGS and line.text not in window:
        return False
    bare = _bare(line.text)
    return _MIN_TITLE <= len(bare) < len(asked) and asked.startswith(bare)


def first_heading(lines: list[Line]) -> int | None:
    """Return the index of the first heading of the highest rank, for want of a known title."""
    return next(
        (at for at, line in enumerate(lines) if line.tag == "h1" and not line.n_linked), None
    )


def find_title(title: str, lines: list[Line]) -> int | None:
    """Return the index of the first line that is the title, and no link to the page.

    Where there is none, of the first that is a part of it, or has a mark before it.
    """
    asked = _bare(title)
    if len(asked) < _MIN_TITLE:
        return None
    loose: int | None = None
    for at, line in enumerate(lines):
        if line.n_linked > 0.5 * len(line.text):
            continue
        bare = _bare(line.text) if line.tag in HEADINGS else ""
        if line.text == title or bare == asked:
            return at
        goes_on = bare and any(_continues(below, line) for below in lines[at + 1 : at + 2])
        if loose is None and (_ends_with(line, title) or (goes_on and asked.startswith(bare))):
            loose = at
    return loose


def _read_title(text: str) -> str | None:
    return clean_title(text, fold(text)) if 2 <= len(text) <= _MAX_TITLE else None


def _read_date(text: str) -> str | None:
    return text if len(text) <= 40 and _YEAR_RE.search(text) else None


_YEAR_RE = re.compile(r"(?:19|20)\d\d|^\d{10}")


def _read_source(text: str) -> str | None:
    name = _SOURCE_LABEL_RE.sub("", text).strip()
    return name if 2 <= len(name) <= 20 and is_source(fold(name)) else None


_SOURCE_LABEL_RE = re.compile(r"^(?:稿件|文章|新闻|信息)?[来來]源\s*[:：]?\s*|\s+原创稿?$")


def _read_people(text: str) -> tuple[str, ...]:
    folded = fold(text)
    if len(folded) != len(text):
        return ()
    return tuple(dict.fromkeys(text[a:b].replace(" ", "") for a, b in names(folded)))


def _read_name(text: str) -> str | None:
    return text if 2 <= len(text) <= 20 else None


def _read_keywords(text: str) -> tuple[str, ...]:
    words = (word.strip() for word in _COMMA_RE.split(text))
    return tuple(dict.fromkeys(word for word in words if 0 < len(word) <= 30))[:30]


_COMMA_RE = re.compile(r"[,，;；、|\s]+")


def _read_url(text: str) -> str | None:
    return text if _URL_RE.fullmatch(text) else None


_URL_RE = re.compile(r"https?://[^\s/]+\.[^\s/]+/[^\s]{1,2000}")

_READERS = {
    "title": _read_title,
    "published": _read_date,
    "source": _read_source,
    "authors": _read_people,
    "editors": _read_people,
    "section": _read_name,
    "site": _read_name,
    "keywords": _read_keywords,
    "url": _read_url,
}
