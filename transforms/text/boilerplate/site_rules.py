"""Rules for one site: records from `configs/sites/`, and rows known to be frequent there."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Any

from annotated_types import Ge

from transforms.text.address import host_of
from transforms.text.boilerplate.line_rules import compile_pattern
from transforms.text.layout import Row
from transforms.text.records import Page
from transforms.text.shadow import fold


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
    """Rows that many pages of one site share, as counted by a run or written by hand.

    Attributes:
        id: host of the site, or its name where its pages have no address.
        pages: pages of the site that were counted.
        lines: the rows as `normal_lines` writes them, and on how many of the pages each stands.

    Raises:
        ValueError: a row stands on more pages than there are.
    """

    id: str
    pages: Annotated[int, Ge(1)]
    lines: dict[str, int]

    def __post_init__(self) -> None:
        if max(self.lines.values(), default=0) > self.pages:
            raise ValueError(f"{self.id}: a row stands on more than {self.pages} pages")


_DATE_RE = re.compile(
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:星期[一二三四五六日天])?"
    r"(?:\d{1,2}[:时]\d{2}(?:[:分]\d{2}秒?)?)?"
)
_COUNTER_RE = re.compile(
    r"(?<=第)\d+(?=[期版号页楼])|(?<=[(\[])\d+(?=[)\]])|\d+(?=[次人条]$)", re.MULTILINE
)
"""Numbers that count readers, comments and issues. Others stay: `最高气温12度` is no frame."""


def normal_lines(raws: Sequence[str]) -> list[str]:
    """Return the form under which rows are counted: folded, no spaces, dates `D`, counters `0`.

    >>> normal_lines(["发布 ： 2024-08-06 10:30", "湖报第12版 评论(3)", "ＡＱＩ 35"])
    ['发布:D', '湖报第0版评论(0)', 'aqi35']
    """
    if not raws:
        return []
    text = fold("\n".join(raws)).replace(" ", "")
    return _COUNTER_RE.sub("0", _DATE_RE.sub("D", text)).split("\n")


def site_of(page: Page) -> str:
    """Return the site whose rows are counted together: the host, else the name on the page."""
    return host_of(page.origin.url) or page.meta.site or ""
