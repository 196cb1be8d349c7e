"""Read title, date, source and people off the page.

Rows that hold nothing else (date and source, credits, captions) move from the text to the columns;
bylines inside a paragraph stay and are copied. A field that the page does not give stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from annotated_types import MinLen

from transforms.text.boilerplate.line_rules import LineRule, RuleSet, is_covered
from transforms.text.layout import Row, Zones, rows, zones
from transforms.text.metadata.bylines import (
    closing_byline,
    dateline_source,
    is_bare_byline,
    names,
    opening_byline,
    own_line_source,
    people,
    taiwan_byline,
)
from transforms.text.metadata.captions import is_caption
from transforms.text.metadata.dates import cna_date, given_date, in_zone, url_date
from transforms.text.metadata.headline import (
    choose,
    clean_title,
    could_be_title,
    original_title,
    overlap,
)
from transforms.text.metadata.label_rows import HEAD_ROWS, Found, read_edges
from transforms.text.metadata.labels import WRITTEN_BARE
from transforms.text.metadata.sites import breadcrumb_section, site_name
from transforms.text.records import Edit, Flag, Metadata, Page, Rejected

STEP = "extract_metadata"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataConfig:
    """Settings of `extract_metadata`.

    Attributes:
        timezone: zone of page times that name none, as in the IANA database.
        furniture: rules for rows of the head that are no titles.

    Raises:
        ValueError: there is no such zone.
    """

    enabled: bool = True
    timezone: Annotated[str, MinLen(1)] = "Asia/Shanghai"
    furniture: tuple[LineRule, ...] = ()

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.timezone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"timezone: no such zone: {self.timezone!r}") from error


def extract_metadata(page: Page, config: MetadataConfig) -> Page | Rejected:
    """Fill the fields of `page.meta` that came without a value, and move own-line credits."""
    found = Found()
    page_rows = rows(page.text)
    where = zones(page_rows)
    head = (
        where.body if where.tail < len(page_rows) or where.body else _head_without_prose(page_rows)
    )
    read_edges(page_rows, head, found)
    _read_bylines(page_rows, where, found)
    _read_captions(page_rows, where, found)
    _read_top(page_rows, head, _furniture(config), found)
    found.site = found.site or site_name(page_rows)
    return page.revised(
        [
            Edit(STEP, found.moved[at], row.start, row.stop, row.raw)
            for at, row in enumerate(page_rows)
            if at in found.moved
        ],
        **_fill(page, found, config),
    )


def _head_without_prose(page_rows: Sequence[Row]) -> int:
    ends = (at for at, row in enumerate(page_rows[:HEAD_ROWS]) if row.ends_sentence)
    return next(ends, min(len(page_rows), 6))


def _read_bylines(page_rows: Sequence[Row], where: Zones, found: Found) -> None:
    """Copy the bylines that open and close the article, and the medium of its dateline."""
    if where.body < where.tail and page_rows:
        for row in page_rows[max(0, where.body - 2) : where.body + 1]:
            if len(row.raw) > _MIN_OPENING:
                _read_opening(Row(row.start, row.stop, row.raw[:120]), found)
        _read_closing(page_rows[where.body : where.tail + 2], found)
        _read_cna(page_rows[where.tail - 1], found)
    for at, row in enumerate(page_rows):
        if len(row.raw) <= 50 and at not in found.moved:
            _read_own_line(page_rows, at, where, found)


_MIN_OPENING = 40
"""Code points of the shortest row that can open an article; it may be broken and have no end."""


def _read_opening(opening: Row, found: Found) -> None:
    if not found.authors:
        taiwan = taiwan_byline(opening.folded)
        span = None if taiwan else opening_byline(opening.folded)
        if taiwan:
            named = names(opening.folded, *taiwan)
            found.add_people(opening, [("author", a, b) for a, b in named])
        elif span:
            found.add_people(opening, list(people(opening.folded, *span)))
    dateline = None if found.inferred_source else dateline_source(opening.folded)
    if dateline:
        found.inferred_source = opening.source(*dateline)


def _read_closing(body: Sequence[Row], found: Found) -> None:
    """Copy the byline at the end of the article; disclaimers may stand below it."""
    for last in [row for row in body if len(row.raw) >= _MIN_CLOSING][: -_LAST_PROSE - 1 : -1]:
        if last.raw[-1] not in ")）〕】" and last.raw[-2:] not in (")。", "）。"):
            continue
        ending = Row(max(last.start, last.stop - 120), last.stop, last.raw[-120:])
        span = closing_byline(ending.folded)
        if span:
            found.add_people(ending, list(people(ending.folded, *span)))
            return


_LAST_PROSE = 6
_MIN_CLOSING = 20


def _read_cna(last: Row, found: Found) -> None:
    if found.inferred_source in ("中央社", None) and last.raw[-1:].isdigit():
        date = cna_date(last.folded)
        if date and found.inferred_source == "中央社":
            found.dates.append((WRITTEN_BARE, date, last.folded[-7:]))


def _read_own_line(page_rows: Sequence[Row], at: int, where: Zones, found: Found) -> None:
    """Read a byline that has a row to itself; one inside the body belongs to a further article."""
    row = page_rows[at]
    if not _BYLINE_RE.search(row.raw):
        return
    span = own_line_source(row.folded)
    if span and not found.inferred_source:
        found.inferred_source = row.source(*span)
    if is_bare_byline(row.folded) and where.name(at) != "body":
        named = list(people(row.folded))
        if named and not row.ends_sentence:
            found.add_people(row, named)
            found.moved[at] = "credit_line"
    elif span and at < where.body:
        found.moved[at] = "credit_line"


_BYLINE_RE = re.compile("[记記]者|[评評][论論][员員]|通[讯訊][员員]|[编編][辑輯]部|[观觀]察[员員]")


def _read_captions(page_rows: Sequence[Row], where: Zones, found: Found) -> None:
    """Move captions, where prose other than captions remains."""
    captions = [
        at
        for at, row in enumerate(page_rows)
        if at not in found.moved and len(row.raw) <= 120 and is_caption(row)
    ]
    prose = (at for at, row in enumerate(page_rows) if row.is_prose and at not in captions)
    if captions and next(prose, None) is not None:
        for at in captions:
            text = page_rows[at].raw
            if text not in found.captions:
                found.captions.append(text)
            found.moved[at] = "caption_line"


def _read_top(page_rows: Sequence[Row], head: int, furniture: RuleSet, found: Found) -> None:
    """Read section and title from the rows above the body."""
    group: list[Row] = []
    under_crumb: Row | None = None
    groups: list[tuple[list[Row], bool]] = []
    for at, row in enumerate(page_rows[: min(head, HEAD_ROWS)]):
        crumb = _furniture_of(row, furniture)
        if crumb and crumb.kind in ("breadcrumb", "navigation"):
            found.section = found.section or breadcrumb_section(row)
            groups, group = [], []
            under_crumb = page_rows[at + 1] if at + 1 < head else None
        elif at in found.moved and found.moved[at] == "date_line":
            groups.append((group, True))
            group = []
        elif at not in found.moved and not crumb and could_be_title(row):
            group.append(row)
        elif _LEAD_RE.search(row.tight):
            break
    groups.append((group, False))
    original = filter(None, map(original_title, _edges(page_rows)))
    marked = [g for g, dated in groups if g and dated]
    wanted = marked[0] if marked else next((g for g, _ in groups if g), [])
    body = "".join(row.raw for row in page_rows[head : head + 8])[:3000]
    title = choose(wanted, body)
    if title is not None and (
        marked
        or not body
        or (title is under_crumb and len(title.raw) >= _SURE_TITLE)
        or overlap(title.raw, body) >= _LEAST_SHARED
    ):
        found.titles.append(clean_title(title.raw, title.folded))
        _move_alt_text(page_rows[:head], title, found)
    found.titles.extend(original)


def _edges(page_rows: Sequence[Row]) -> list[Row]:
    """Return the short rows at both ends of a page."""
    ends = (*page_rows[:_END_ROWS], *page_rows[_END_ROWS:][-_END_ROWS:])
    return [row for row in ends if len(row.raw) <= _MAX_END_ROW and "原" in row.raw]


_END_ROWS, _MAX_END_ROW = 12, 80
_SURE_TITLE = 8
"""Code points from which the row below a breadcrumb is the title whatever its words."""
_LEAST_SHARED = 0.12
"""Share of a title's pairs of characters that the article must use, where no date line follows:
98.5 % of the titles of news_hant_taiwan and all of news_hans_cctv_2022_2024 have more, nine in ten
rows of tools and menus have less."""


def _furniture_of(row: Row, furniture: RuleSet) -> LineRule | None:
    hits = furniture.find(row, "head")
    strong = next((rule for rule in hits if not rule.weak), None)
    return strong or (hits[0] if hits and is_covered(row, hits) else None)


_SAME_PICTURE = 0.6
"""Share of an alternative text's pairs of characters that its caption repeats."""


def _move_alt_text(head: Sequence[Row], title: Row, found: Found) -> None:
    """Move the alternative text of a picture, a row below the title that its caption repeats."""
    for at in range(1, len(head)):
        row = head[at - 1]
        if (
            found.moved.get(at) == "caption_line"
            and at - 1 not in found.moved
            and row.start > title.start
            and not row.ends_sentence
            and overlap(row.raw, head[at].raw) >= _SAME_PICTURE
        ):
            found.moved[at - 1] = "alt_text"


_LEAD_RE = re.compile(r"(?:消息|讯|电)(?:\([^()]{1,12}\))? ?:?$")
_furnitures: dict[int, tuple[MetadataConfig, RuleSet]] = {}


def _furniture(config: MetadataConfig) -> RuleSet:
    entry = _furnitures.get(id(config))
    if entry is None or entry[0] is not config:
        rules = tuple(rule for rule in config.furniture if rule.effect == "row")
        entry = _furnitures[id(config)] = (config, RuleSet(rules))
    return entry[1]


def _fill(page: Page, found: Found, config: MetadataConfig) -> dict[str, Any]:
    """Return the fields of the page to replace: what was given wins over what was read."""
    given, flags = page.meta, []
    published, text = given.published, given.published_text
    if published is None and text:
        published = given_date(text, config.timezone)
    if published is None and found.dates:
        _, date, text = min(found.dates, key=lambda entry: entry[0])
        published = in_zone(date.when, config.timezone)
    elif published is None and page.origin.url:
        guess = url_date(urlsplit(page.origin.url).path)
        if guess:
            published = in_zone(guess, config.timezone)
            flags.append(Flag.PUBLISHED_FROM_URL)
    source = given.source or found.source
    if source is None and found.inferred_source:
        source = found.inferred_source
        flags.append(Flag.INFERRED_SOURCE)
    host = urlsplit(page.origin.url).hostname if page.origin.url else None
    meta = Metadata(
        title=given.title or next(iter(found.titles), None),
        published=published,
        published_text=text,
        source=source,
        authors=given.authors or tuple(found.authors),
        editors=given.editors or tuple(found.editors),
        captions=given.captions or tuple(found.captions),
        site=given.site or found.site or host,
        section=given.section or found.section,
    )
    return {"meta": meta, "flags": flags}
