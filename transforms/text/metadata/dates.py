"""Dates of publication, in the forms that news pages write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

_TIME = (
    r"(?:[\sT,\-]*(?P<H>\d{1,2})\s{0,2}[:时點点]\s{0,2}(?P<M>\d{1,2})(?:\s{0,2}[:分]"
    r"\s{0,2}(?P<S>\d{1,2})?)?)?"
)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # 12:19 2026-01-25
        r"(?<!\d)(?P<H>\d{1,2}):(?P<M>\d\d)(?::(?P<S>\d\d))? {1,3}"
        r"(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)",
        # 2024-08-06 11:54, 2009年09月27日 22:24, 2017-03-28-00:00:00, 2020年09月03日09:14
        r"(?<!\d)(?P<y>(?:19|20)\d\d) {0,2}[-/.年] {0,2}(?P<m>\d{1,2}) {0,2}[-/.月] {0,2}"
        r"(?P<d>\d{1,2})(?:(?!\d)|(?= ?\d{1,2}:)) {0,2}日?" + _TIME,
        # 26/01/2026 15:07: Hong Kong writes the day first
        r"(?<!\d)(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>(?:19|20)\d\d)(?!\d)" + _TIME,
        # 中华民国91年3月19日
        r"民国 {0,2}(?P<roc>\d{2,3}) {0,2}年 {0,2}(?P<m>\d{1,2}) {0,2}月 {0,2}"
        r"(?P<d>\d{1,2}) {0,2}日" + _TIME,
    )
)
"""The forms of the contamination map, 2.1, on folded text, most specific first."""
_ROC_EPOCH = 1911
_YEARS = (1900, 2099)
_EPOCH_RE = re.compile(r"1\d{9}(?:\d{3})?")
_CNA_RE = re.compile(r"[。)」](?P<roc>1[01]\d|\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)$")
_URL_RE = re.compile(
    r"(?<!\d)(?P<y>20[0-4]\d|199\d)(?:(?P<s>[-/_]?)(?P<m>0[1-9]|"
    r"1[0-2])(?:[-/_]?)(?P<d>[0-3]\d))(?!\d)"
)


class DateFound(NamedTuple):
    """A date on a page.

    Attributes:
        start: first code point in the text that was searched.
        stop: the code point behind the last one.
        when: the time, without a zone.
        has_time: whether the page gives the time of day.
    """

    start: int
    stop: int
    when: datetime
    has_time: bool


def find_dates(folded: str) -> list[DateFound]:
    """Return the full dates in a folded text, in order; dates without a year are none.

    >>> find_dates("发布时间:2020年09月03日09:14")[0].when.isoformat()
    '2020-09-03T09:14:00'
    """
    found: list[DateFound] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(folded):
            date = _read(match)
            if date and all(date.stop <= d.start or d.stop <= date.start for d in found):
                found.append(date)
    return sorted(found)


def _read(match: re.Match[str]) -> DateFound | None:
    parts = match.groupdict()
    year = int(parts["y"]) if parts.get("y") else int(parts["roc"]) + _ROC_EPOCH
    hour, minute, second = (int(parts.get(name) or 0) for name in "HMS")
    try:
        when = datetime(year, int(parts["m"]), int(parts["d"]), hour, minute, second)
    except ValueError:
        return None
    return DateFound(match.start(), match.end(), when, parts.get("H") is not None)


def cna_date(folded: str) -> DateFound | None:
    """Return the date that Taiwan's Central News Agency writes behind its last full stop.

    >>> cna_date("这是3年。1050805").when.isoformat()
    '2016-08-05T00:00:00'
    """
    match = _CNA_RE.search(folded[-12:])
    return _read(match) if match else None


def url_date(url: str) -> datetime | None:
    """Return the date in an address, without a zone.

    >>> url_date("https://news.example.cn/2023/11/10/c_12.htm").isoformat()
    '2023-11-10T00:00:00'
    >>> url_date("https://news.example.cn/a/2023/c_12.htm") is None
    True
    """
    for match in _URL_RE.finditer(url):
        date = _read(match)
        if date:
            return date.when
    return None


def given_date(text: str, timezone: str) -> datetime | None:
    """Return the time that came with a page in its container, as aware UTC time.

    Reads ISO 8601, seconds or milliseconds since 1970, and the forms of pages; what has no zone
    of its own is in `timezone`.

    >>> given_date("2024-08-06T11:54:00+08:00", "UTC").isoformat()
    '2024-08-06T03:54:00+00:00'
    >>> given_date("20240806", "Asia/Shanghai").isoformat()
    '2024-08-05T16:00:00+00:00'
    >>> given_date("1722916440", "UTC").isoformat()
    '2024-08-06T03:54:00+00:00'
    """
    if _EPOCH_RE.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        found = find_dates(text)
        return in_zone(found[0].when, timezone) if found else None
    if not _YEARS[0] <= when.year <= _YEARS[1]:
        return None
    return when.astimezone(UTC) if when.tzinfo else in_zone(when, timezone)


def in_zone(when: datetime, timezone: str) -> datetime:
    """Return a naive page time as an aware UTC time.

    >>> in_zone(datetime(2024, 8, 6, 11, 54), "Asia/Shanghai").isoformat()
    '2024-08-06T03:54:00+00:00'
    """
    return when.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def iterate(dates: list[DateFound], text: str) -> Iterator[str]:
    """Yield the parts of `text` between the dates."""
    at = 0
    for date in dates:
        yield text[at : date.start]
        at = date.stop
    yield text[at:]
