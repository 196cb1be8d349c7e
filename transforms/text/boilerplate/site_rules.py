"""Rules for one site: records from `configs/sites/`, and rows known to be frequent there."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from transforms.text.boilerplate.line_rules import compile_pattern
from transforms.text.layout import Row
from transforms.text.records import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRule:
    """What one site puts around its articles.

    Attributes:
        id: reason written to the audit.
        hosts: host names of the site; `*` stands for any characters.
        text_any: phrases that give the site away where the page has no address, in simplified,
            half-width, lower-case text.
        drop: re2 patterns of rows to take out, wherever they stand.
        cut_from: re2 pattern of the first row that is below the article, or empty.
        match: a row that a pattern must find.
        no_match: a row that all patterns must leave alone.

    Raises:
        ValueError: a pattern is no re2 pattern, or an example does not behave.
    """

    id: str
    hosts: tuple[str, ...] = ()
    text_any: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    cut_from: str = ""
    match: str
    no_match: str

    def __post_init__(self) -> None:
        patterns = [*self.drop, *([self.cut_from] if self.cut_from else [])]
        compiled = [compile_pattern(pattern) for pattern in patterns]
        found = [
            any(pattern.search(Row(0, len(row), row).tight) for pattern in compiled)
            for row in (self.match, self.no_match)
        ]
        if found != [True, False]:
            raise ValueError(f"{self.id}: the patterns must find match, and not no_match")

    def applies(self, host: str, edges: Sequence[Row]) -> bool:
        """Return whether the page is from this site; phrases are sought outside its body."""
        if host:
            return any(fnmatchcase(host, pattern) for pattern in self.hosts)
        return bool(self.text_any) and any(
            phrase in row.tight
            for row in edges
            if len(row.raw) <= _LONGEST
            for phrase in self.text_any
        )

    def doomed(self, page_rows: Sequence[Row]) -> list[int]:
        """Return the indices of the rows that the rule takes out."""
        cut = next(
            (at for at, row in enumerate(page_rows) if _finds(self.cut_from, row)), len(page_rows)
        )
        return [
            at
            for at, row in enumerate(page_rows)
            if at >= cut or any(_finds(pattern, row) for pattern in self.drop)
        ]


_LONGEST = 220


def _finds(pattern: str, row: Row) -> bool:
    return bool(pattern) and len(row.raw) <= _LONGEST and bool(_compiled(pattern).search(row.tight))


@functools.lru_cache(maxsize=1024)
def _compiled(pattern: str) -> Any:
    return compile_pattern(pattern)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLines:
    """Rows that many pages of one site share.

    Attributes:
        id: host of the site, or its name where its pages have no address.
        lines: the rows as `normal_line` writes them.
    """

    id: str
    lines: tuple[str, ...]


_DATE_RE = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
_DIGITS_RE = re.compile(r"\d+")


def normal_line(row: Row) -> str:
    """Return the form under which a row is counted: folded, without spaces, dates `D`, digits `0`.

    >>> normal_line(Row(0, 16, "发布：2024-08-06 第12版"))
    '发布:D第0版'
    """
    tight = row.tight.replace(" ", "")
    return _DIGITS_RE.sub("0", _DATE_RE.sub("D", tight))


def host_of(page: Page) -> str:
    """Return the host of the page's address, or nothing."""
    return (urlsplit(page.origin.url).hostname or "") if page.origin.url else ""
