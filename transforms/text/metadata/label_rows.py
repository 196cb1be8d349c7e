"""Rows above and below the article that hold dates, sources and credits, and what they say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.text.boilerplate.line_rules import RuleSet
from transforms.text.layout import Row
from transforms.text.metadata.dates import DateFound
from transforms.text.metadata.labels import (
    PUBLISHED,
    UPDATED,
    WRITTEN,
    WRITTEN_BARE,
    Reading,
    read_labels,
)
from transforms.text.metadata.media import is_medium
from transforms.text.metadata.names import names


@dataclass(slots=True)
class Found:
    """What was read so far. Values are as the page has them.

    Attributes:
        source: named by a label.
        dated_source: stands beside a date, without a label.
        dateline_source: named by the words with which the article opens.
        inferred_source: named by a byline that says whom somebody writes for.
        moved: reason for each row that moves out of the text, by index.
    """

    titles: list[str] = field(default_factory=list)
    dates: list[tuple[int, DateFound, str]] = field(default_factory=list)
    source: str | None = None
    dated_source: str | None = None
    dateline_source: str | None = None
    inferred_source: str | None = None
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    section: str | None = None
    site: str | None = None
    moved: dict[int, str] = field(default_factory=dict)

    def add_people(self, row: Row, named: Sequence[tuple[str, int, int]]) -> None:
        """Add authors and editors, each once."""
        for kind, start, stop in named:
            name = "".join(row.source(start, stop).split())
            group = {"author": self.authors, "editor": self.editors}.get(kind)
            if group is not None and name not in group:
                group.append(name)


HEAD_ROWS = 40
"""Rows right above the body that are read; what is above them is a menu."""
_TAIL_ROWS = 15
_MAX_LABEL_ROW = 150
"""Code points of the longest row of labels; the map's had 10 to 70."""
_SIGNS_RE = re.compile(r"[:：丨\d〇○零]")
_LABELLED_RE = re.compile(r"[:：丨]|(?:19|20)\d\d|民[国國]|\d/\d|1[01]\d-[01]\d-|二[〇○零][一二]")
_MAX_UNREAD, _MAX_UNREAD_LABELLED = 8, 20
"""Hanzi and letters that belong to no label, and as many beside a label and a time of day."""
_MEDIA_LABEL_RE = re.compile("(?:稿|首发|刊|采|编|发布|媒体)[\u3400-\u9fff]{0,3} {0,2}:")
_NOTICE_RE = re.compile("地点|地址|票价|对象|方式|内容|联系|报名|主办|人数")
"""Labels of a notice of an event, whose time is no time of publication."""
_IN_BRACKETS_RE = re.compile(r"\([^:]*\)")
"""A day alone in round brackets under a headline is the day of the event (speeches, laws)."""


def read_edges(page_rows: Sequence[Row], head: int, tail: int, found: Found) -> None:
    """Read rows of labels above the body, right below it and at the end of the page."""
    lone_dates = 0
    last = max(head, len(page_rows) - _TAIL_ROWS)
    for at in [
        *range(max(0, head - HEAD_ROWS), head),
        *range(tail, min(tail + _TAIL_ROWS, last)),
        *range(last, len(page_rows)),
    ]:
        row = page_rows[at]
        if len(row.raw) > _MAX_LABEL_ROW or at in found.moved or row.raw[-1] in "。！？!?”":
            continue
        if not (_SIGNS_RE.search(row.raw) and _LABELLED_RE.search(row.raw)):
            continue
        reading = read_labels(row)
        if not _is_label_row(row, reading, at < head):
            continue
        lone_dates += reading.labels == {"date"} and at < head
        found.moved[at] = _take(row, reading, found)
        _take_broken_credit(page_rows, at, reading, found)
        if reading.labels == {"source"} and not (reading.source or found.source):
            found.source = _take_medium(page_rows, at + 1, found)
    if lone_dates and sum(map(_is_date_row, page_rows[:tail])) > 1:
        _give_back(page_rows, found)


def _is_date_row(row: Row) -> bool:
    return len(row.raw) <= _MAX_DATE_ROW and bool(_DATE_ROW_RE.fullmatch(row.folded))


_MAX_DATE_ROW = 24
_DATE_ROW_RE = re.compile(r"[\[(]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\d: ]{0,10}[\])]?")


def _is_label_row(row: Row, reading: Reading, in_head: bool) -> bool:
    """Return whether a row is labels and values only, of the kinds that its place allows."""
    kinds = reading.labels
    ranks = {rank for rank, _ in reading.dates}
    timed = any(date.has_time for _, date in reading.dates)
    most = _MAX_UNREAD_LABELLED if timed and PUBLISHED in ranks else _MAX_UNREAD
    if not kinds or len(reading.unread) > most or "long" in kinds:
        return False
    known = (
        timed
        or reading.named
        or _MEDIA_LABEL_RE.search(row.folded)
        or "source" in kinds
        or ranks & {PUBLISHED, UPDATED, WRITTEN}
    )
    if "unknown" in kinds and (not known or _NOTICE_RE.search(row.folded)):
        return False
    if kinds == {"date"} and _IN_BRACKETS_RE.fullmatch(row.folded):
        return False
    if len(reading.unread) > 2 and "date" not in kinds:
        return False
    if in_head:
        return bool(kinds & {"date", "source", "author", "editor", "other"}) or "empty" in kinds
    strong = kinds & {"source", "author", "editor", "other"} or ranks - {WRITTEN_BARE}
    return bool(strong) and not reading.unread


def _take(row: Row, reading: Reading, found: Found) -> str:
    """Copy what a row says and return the reason for moving it."""
    for rank, date in reading.dates:
        found.dates.append((rank, date, row.source(date.start, date.stop)))
    if reading.source and "source" in reading.labels:
        found.source = found.source or row.source(*reading.source)
    elif reading.source:
        found.dated_source = found.dated_source or row.source(*reading.source)
    if reading.account and found.inferred_source is None:
        found.inferred_source = row.source(*reading.account)
    found.add_people(row, reading.people)
    return "date_line" if reading.labels & {"date", "source", "empty"} else "credit_line"


def _take_broken_credit(page_rows: Sequence[Row], at: int, reading: Reading, found: Found) -> None:
    """Take the name that stands in the row below its label: `【责任编辑:` / `某某` / `】`."""
    if reading.people or reading.labels != {"editor"} or at + 1 >= len(page_rows):
        return
    below = page_rows[at + 1]
    named = [("editor", a, b) for a, b in names(below.folded.rstrip("]】)"))]
    if len(below.raw) <= 10 and named:
        found.add_people(below, named)
        found.moved[at + 1] = "credit_line"
        if at + 2 < len(page_rows) and page_rows[at + 2].raw in "】])）":
            found.moved[at + 2] = "credit_line"


def _take_medium(page_rows: Sequence[Row], at: int, found: Found) -> str | None:
    """Take and return the medium that has a row to itself."""
    row = page_rows[at] if at < len(page_rows) else None
    if row is None or at in found.moved or not is_medium(row.folded):
        return None
    found.moved[at] = "date_line"
    return row.raw


def read_beside_dates(
    page_rows: Sequence[Row], head: int, furniture: RuleSet, found: Found
) -> None:
    """Take the medium in the row below or above a row of dates; the title is not one."""
    title = next(iter(found.titles), None)
    dated = [at for at in range(head) if found.moved.get(at) == "date_line"]
    for at in [place for date in dated for place in (date + 1, date - 1)]:
        row = page_rows[at] if 0 <= at < head and not (found.source or found.dated_source) else None
        if row and title not in (None, row.raw) and not furniture.find(row):
            found.dated_source = _take_medium(page_rows, at, found)


def _give_back(page_rows: Sequence[Row], found: Found) -> None:
    """Several rows of dates alone are a chronicle, and none of them tells the publication."""
    for at in list(found.moved):
        reading = read_labels(page_rows[at])
        if reading.labels == {"date"} and not reading.source:
            del found.moved[at]
            texts = {page_rows[at].source(d.start, d.stop) for _, d in reading.dates}
            found.dates = [entry for entry in found.dates if entry[2] not in texts]
