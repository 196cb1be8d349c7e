"""Read title, date, source and people off the page.

Rows that hold nothing else (date and source, credits, captions) move from the text to the columns;
bylines inside a paragraph stay and are copied. A field that the page does not give stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from annotated_types import MinLen

from transforms.text.address import host_of, path_of
from transforms.text.boilerplate.line_rules import LineRule, RuleSet
from transforms.text.built_once import built_once
from transforms.text.layout import Row, Zones, rows, zones
from transforms.text.metadata.bylines import (
    closing_byline,
    is_bare_byline,
    opening_byline,
    people,
    reported_by,
    signature,
    taiwan_byline,
)
from transforms.text.metadata.captions import is_caption
from transforms.text.metadata.credits import read_credit
from transforms.text.metadata.dates import cna_date, given_date, in_zone, url_date
from transforms.text.metadata.keywords import keyword_spans
from transforms.text.metadata.label_rows import HEAD_ROWS, Found, read_beside_dates, read_edges
from transforms.text.metadata.labels import WRITTEN_BARE
from transforms.text.metadata.media import dateline_source, own_line_source
from transforms.text.metadata.names import names
from transforms.text.metadata.page_top import read_top
from transforms.text.metadata.sites import site_name
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
    read_edges(page_rows, head, where.tail, found)
    _read_bylines(page_rows, where, found)
    _read_captions(page_rows, where, found)
    _read_keywords(page_rows, where, found)
    furniture = _furniture(config)
    read_top(page_rows, head, furniture, found)
    if found.moved:
        read_beside_dates(page_rows, head, furniture, found)
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
            long = len(row.raw) > _MIN_OPENING
            if long or (_BYLINE_RE.search(row.raw) and not is_caption(row)):
                _read_opening(Row(row.start, row.stop, row.raw[:120]), found)
        _read_closing(page_rows[where.body : where.tail + 4], found)
        _read_cna(page_rows[where.tail - 1], found)
    for at, row in enumerate(page_rows):
        raw = row.raw
        if len(raw) > _LONGEST_CREDIT or at in found.moved:
            continue
        if _CREDIT_RE.search(raw) or (raw[0] in _SET_OFF and _SET_OFF_RE.match(raw)):
            _read_credit_row(page_rows, at, where, found)
            if _BYLINE_RE.search(raw):
                _read_own_line(page_rows, at, where, found)


_LONGEST_CREDIT = 60


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
            found.add_people(opening, people(opening.folded, *span))
        else:
            named = reported_by(opening.folded)
            found.add_people(opening, [("author", a, b) for a, b in named])
    dateline = None if found.dateline_source else dateline_source(opening.folded)
    if dateline:
        found.dateline_source = opening.source(*dateline)


def _read_closing(body: Sequence[Row], found: Found) -> None:
    """Copy the byline at the end of the article; disclaimers may stand below it."""
    for last in [row for row in body if len(row.raw) >= _MIN_CLOSING][: -_LAST_PROSE - 1 : -1]:
        if last.raw[-1] not in _CLOSERS and last.raw[-2:] not in (")。", "）。"):
            continue
        ending = Row(max(last.start, last.stop - 120), last.stop, last.raw[-120:])
        span = closing_byline(ending.folded)
        if span and not is_caption(last):
            found.add_people(ending, people(ending.folded, *span))
            return
        if not found.authors:
            named = signature(ending.folded)
            found.add_people(ending, [("author", a, b) for a, b in named])


_CLOSERS = ")）〕】0123456789"
_LAST_PROSE = 12
_MIN_CLOSING = 10


def _read_cna(last: Row, found: Found) -> None:
    if found.dateline_source == "中央社" and last.raw[-1:].isdigit():
        date = cna_date(last.folded)
        if date:
            found.dates.append((WRITTEN_BARE, date, last.folded[-7:]))


def _read_credit_row(page_rows: Sequence[Row], at: int, where: Zones, found: Found) -> None:
    """Move a row that is credits and nothing else; inside the body only an editor's."""
    row = page_rows[at]
    inside = where.body <= at < where.tail
    if inside and not _EDITOR_RE.search(row.raw):
        return
    credit = read_credit(row.folded)
    if credit is None or (credit.signed and not _is_signature(page_rows, at, where)):
        return
    if inside and any(person.kind == "author" for person in credit.people):
        return
    found.add_people(row, credit.people)
    found.moved[at] = "credit_line"
    if credit.owner and not found.inferred_source:
        found.inferred_source = row.source(*credit.owner)


_CREDIT_RE = re.compile(
    "[记記评評通编編观觀责責报報作撰采採供整][者论論讯訊辑輯察编編道導员員稿文写寫访訪理]|"
    "[文图圖][ /／|｜丨:：]"
)
_SET_OFF = "□☉■◎●◇○◆(（【Bb"
_SET_OFF_RE = re.compile(r"[□☉■◎●◇○◆]|[Bb]y |[(（【][^)）】]{2,40}[)）】]$")
"""Bare names that a bullet or brackets set off, and the English word in front of one."""
_EDITOR_RE = re.compile(
    "^[(（\\[【]?(?:本[报版期文]|[责責]任|值班)?(?:[责責][编編]|[编編][辑輯])[:：丨|｜ /]"
)


def _is_signature(page_rows: Sequence[Row], at: int, where: Zones) -> bool:
    """Return whether bare names stand next to the article, and not in a list of their kind."""
    below = at >= where.body and len(page_rows[at - 1].raw) >= _MIN_ARTICLE_ROW
    if not below and at != where.body - 1:
        return False
    near = (row for row in page_rows[max(0, at - 2) : at + 3] if row is not page_rows[at])
    return not any(row.raw[0] == page_rows[at].raw[0] for row in near)


_MIN_ARTICLE_ROW = 30


def _read_own_line(page_rows: Sequence[Row], at: int, where: Zones, found: Found) -> None:
    """Read a byline that has a row to itself; one inside the body belongs to a further article."""
    row = page_rows[at]
    span = own_line_source(row.folded)
    if span and not found.inferred_source:
        found.inferred_source = row.source(*span)
    if is_bare_byline(row.folded) and where.name(at) != "body":
        named = people(row.folded)
        if named and not row.ends_sentence:
            found.add_people(row, named)
            found.moved[at] = "credit_line"
    elif span and at < where.body:
        found.moved[at] = "credit_line"


_BYLINE_RE = re.compile("[记記评評通编編观觀][者论論讯訊辑輯察]")


def _read_captions(page_rows: Sequence[Row], where: Zones, found: Found) -> None:
    """Move captions, where prose longer than any of them remains; else one may be the article."""
    captions = [
        at
        for at, row in enumerate(page_rows)
        if at not in found.moved and len(row.raw) <= 120 and is_caption(row)
    ]
    if not captions:
        return
    rest = (row for at, row in enumerate(page_rows) if at not in captions and row.is_prose)
    if sum(len(row.raw) for row in rest) > max(len(page_rows[at].raw) for at in captions):
        for at in captions:
            text = page_rows[at].raw
            if text not in found.captions:
                found.captions.append(text)
            found.moved[at] = "caption_line"


def _read_keywords(page_rows: Sequence[Row], where: Zones, found: Found) -> None:
    """Move rows of keywords above and below the article."""
    above = range(max(0, where.body - HEAD_ROWS), where.body)
    for at in (*above, *range(where.tail, len(page_rows))):
        spans = None if at in found.moved else keyword_spans(page_rows[at])
        if spans:
            words = (page_rows[at].source(*span) for span in spans)
            found.keywords += (word for word in words if word not in found.keywords)
            found.moved[at] = "keyword_line"


@built_once
def _furniture(config: MetadataConfig) -> RuleSet:
    return RuleSet(tuple(rule for rule in config.furniture if rule.effect == "row"))


def _fill(page: Page, found: Found, config: MetadataConfig) -> dict[str, Any]:
    """Return the fields of the page to replace: what was given wins over what was read.

    What the page's markup only hints at stands in where both are silent.
    """
    given, hints, flags = page.meta, page.hints, []
    published, text = given.published, given.published_text
    if published is None and text:
        published = given_date(text, config.timezone)
    if published is None and found.dates:
        _, date, text = min(found.dates, key=lambda entry: entry[0])
        published = in_zone(date.when, config.timezone)
    elif published is None and hints.published_text:
        text = hints.published_text
        published = given_date(text, config.timezone)
    elif published is None and page.origin.url:
        guess = url_date(path_of(page.origin.url))
        if guess:
            published = in_zone(guess, config.timezone)
            flags.append(Flag.PUBLISHED_FROM_URL)
    source = given.source or found.source or found.dated_source or found.dateline_source
    inferred = found.inferred_source or hints.source
    if source is None and inferred:
        source = inferred
        flags.append(Flag.INFERRED_SOURCE)
    meta = Metadata(
        title=given.title or next(iter(found.titles), hints.title),
        published=published,
        published_text=text,
        source=source,
        authors=given.authors or tuple(found.authors) or _others(hints.authors, found.editors),
        editors=given.editors or tuple(found.editors) or hints.editors,
        captions=given.captions or tuple(found.captions),
        site=given.site or found.site or hints.site or host_of(page.origin.url) or None,
        section=given.section or found.section or hints.section,
        keywords=given.keywords or tuple(found.keywords),
    )
    return {"meta": meta, "flags": flags}


def _others(people: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in people if name not in known)
