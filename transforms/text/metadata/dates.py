"""Dates of publication, in the forms that news pages write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from transforms.text.layout import has_any

_WEEKDAY = r"(?:[\s,]{0,2}\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
_TIME = (
    _WEEKDAY + r"(?:[\st,|·\-]{0,4}(?:hkt )?"
    r"(?P<half>上午|下午|凌晨|早上|早晨|清晨|中午|傍晚|晚上|晚间|深夜)?"
    r"\s{0,2}(?P<H>\d{1,2})\s{0,2}[:时點点]\s{0,2}(?P<M>\d{1,2})(?:\s{0,2}[:分]"
    r"\s{0,2}(?P<S>\d{1,2})?)?(?:\.\d{3}(?=z|[+-]))?"
    r"(?P<zone>z|(?:(?<=:\d\d:\d\d)|(?<=\.\d{3}))[+-]\d\d:?\d\d(?!\d))?"
    r"(?: ?(?P<noon>[ap])\.?m\b)?)?"
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|"
    r"t|tember|ober|ember)?\.?"
)
_PATTERNS = tuple(
    (signs, re.compile(pattern))
    for signs, pattern in (
        # 12:19 2026-01-25
        (
            ":",
            r"(?<!\d)(?P<H>\d{1,2}):(?P<M>\d\d)(?::(?P<S>\d\d))? {1,3}"
            r"(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)",
        ),
        # 2024-08-06 11:54, 2009年09月27日 22:24, 2017-03-28-00:00:00, 2020年09月03日09:14,
        # 2023-04-06T08:30:00+08:00, 2023年4月6日 周四 下午8:30
        (
            "-/.年",
            r"(?<!\d)(?P<y>(?:19|20)\d\d) {0,2}[-/.年] {0,2}(?P<m>\d{1,2}) {0,2}[-/.月] {0,2}"
            r"(?P<d>\d{1,2})(?:(?!\d)|(?= ?\d{1,2}:)) {0,2}日?" + _TIME,
        ),
        # 26/01/2026 15:07: Hong Kong writes the day first
        (
            "/.",
            r"(?<!\d)(?P<d>\d{1,2})(?P<s>[/.])(?P<m>\d{1,2})(?P=s)(?P<y>(?:19|20)\d\d)(?!\d)"
            + _TIME,
        ),
        # 中华民国91年3月19日
        (
            "民",
            r"民国 {0,2}(?P<roc>\d{2,3}) {0,2}年 {0,2}(?P<m>\d{1,2}) {0,2}月 {0,2}"
            r"(?P<d>\d{1,2}) {0,2}日" + _TIME,
        ),
        # 112/04/06 08:30
        (
            "-/.",
            r"(?<![\d/.-])(?P<roc>1[0-4]\d)(?P<s>[-/.])(?P<m>[01]\d)(?P=s)(?P<d>[0-3]\d)(?![\d/.-])"
            + _TIME,
        ),
        # April 6, 2023 8:30 AM
        (
            "aeou",
            rf"(?<![a-z]){_MONTH} {{0,2}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? {{1,2}}"
            r"(?P<y>(?:19|20)\d\d)(?!\d)(?: at)?" + _TIME,
        ),
        # 6 April 2023
        (
            "aeou",
            rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ -]{_MONTH},?[ -](?P<y>(?:19|20)\d\d)(?!\d)"
            r"(?: at)?" + _TIME,
        ),
        # 20230406 08:30
        (
            ":",
            r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d) {1,2}(?P<H>\d\d):(?P<M>\d\d)"
            r"(?::(?P<S>\d\d))?(?!\d)",
        ),
        # 二〇二三年四月六日
        (
            "〇○零",
            r"(?P<hanzi>二[〇○零][〇○零一二三四五六七八九]{2})年"
            r"(?P<hm>[一二三四五六七八九十]{1,2})月(?P<hd>[一二三四五六七八九十]{1,3})日",
        ),
    )
)
"""The forms of the contamination map, 2.1, on folded text, most specific first, each behind
characters of which the text must have one."""
_AFTERNOON = frozenset(("下午", "傍晚", "晚上", "晚间", "深夜", "中午", "p"))
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
        when: the time, with a zone only where the page names one.
        has_time: whether the page gives the time of day.
    """

    start: int
    stop: int
    when: datetime
    has_time: bool


_GATE_RE = re.compile(r"\d[\d/]|[〇○零]")


def find_dates(folded: str) -> list[DateFound]:
    """Return the full dates in a folded text, in order; dates without a year are none.

    >>> find_dates("发布时间:2020年09月03日09:14")[0].when.isoformat()
    '2020-09-03T09:14:00'
    """
    found: list[DateFound] = []
    if not _GATE_RE.search(folded):
        return found
    for pattern in [pattern for signs, pattern in _PATTERNS if has_any(folded, signs)]:
        for match in pattern.finditer(folded):
            date = _read(match)
            if date and all(date.stop <= d.start or d.stop <= date.start for d in found):
                found.append(date)
    return sorted(found)


def _read(match: re.Match[str]) -> DateFound | None:
    parts = match.groupdict()
    hour, minute, second = (int(parts.get(name) or 0) for name in "HMS")
    half = parts.get("half") or parts.get("noon")
    if half in _AFTERNOON and hour < _NOON - (half == "中午"):
        hour += _NOON
    elif half == "a" and hour == _NOON:
        hour = 0
    try:
        when = datetime(*_day(parts), hour, minute, second, tzinfo=_zone(parts.get("zone")))
    except ValueError:
        return None
    return DateFound(match.start(), match.end(), when, parts.get("H") is not None)


_NOON = 12
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def _day(parts: dict[str, str | None]) -> tuple[int, int, int]:
    """Return year, month and day; month 0 where there is no such one."""
    if written := parts.get("hanzi"):
        month, day = parts["hm"] or "", parts["hd"] or ""
        return int(written.translate(_DIGITS)), _number(month), _number(day)
    year = int(parts.get("y") or 0) or int(parts["roc"] or 0) + _ROC_EPOCH
    name = parts.get("month")
    number = _MONTHS.index(name) + 1 if name else int(parts["m"] or 0)
    return year, number, int(parts["d"] or 0)


def _number(hanzi: str) -> int:
    """Return the number up to 99 that is written in hanzi.

    >>> _number("六"), _number("十二"), _number("二十"), _number("三十一")
    (6, 12, 20, 31)
    """
    tens, ten, ones = hanzi.rpartition("十")
    return int(tens.translate(_DIGITS) or bool(ten)) * 10 + int(ones.translate(_DIGITS) or 0)


def _zone(sign: str | None) -> tzinfo | None:
    if not sign:
        return None
    hours, minutes = (0, 0) if sign == "z" else (int(sign[1:3]), int(sign[-2:]))
    return timezone((-1 if sign[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))


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
    """Return a page time as an aware UTC time; `timezone` is that of a time without one.

    >>> in_zone(datetime(2024, 8, 6, 11, 54), "Asia/Shanghai").isoformat()
    '2024-08-06T03:54:00+00:00'
    """
    aware = when if when.tzinfo else when.replace(tzinfo=ZoneInfo(timezone))
    return aware.astimezone(UTC)
