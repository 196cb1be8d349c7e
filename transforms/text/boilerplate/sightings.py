"""On how many pages of its site a row stands, counted exactly from packed sightings.

A sighting says that a row stands on a page. Rows and pages go by 64-bit hashes, so that a million
pages fit into memory; sightings may be split by row in any way, for no two parts share a row.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import numpy as np
from annotated_types import Ge, Le

from transforms.text.boilerplate.disclaimers import disclaimers
from transforms.text.boilerplate.frequent_lines import (
    LONG,
    LONGEST_NOTICE,
    is_countable,
    is_prompt,
)
from transforms.text.boilerplate.line_rules import RuleSet
from transforms.text.boilerplate.row_shapes import n_hanzi
from transforms.text.boilerplate.site_rules import SiteLines, normal_lines, site_of
from transforms.text.duplicates.packed_rows import Rows, Words, distinct, find, groups
from transforms.text.layout import Row, rows, zones
from transforms.text.records import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLinesConfig:
    """Settings of the counting of rows that a site puts around its articles.

    Attributes:
        min_pages: pages of a site, copies of one article counted once, below which nothing is
            learned of it.
        min_share: share of these pages (0–1) that a row must stand on.
        min_share_short: the same for a row of less than eight hanzi, which may be a subhead.

    Of the frame rows of 22 generated sites (`benchmarks/quality/site_lines.py --sites 22 --seed 2`)
    26.6 % are left without counting. With shares of .02 and .2 3.8 % are left and 5 articles of
    2,152 lose a row, with .05 and .4 3.9 % and 1, with .1 and .5 5.5 % and none, with .2 and .8
    13.3 %.
    """

    enabled: bool = True
    min_pages: Annotated[int, Ge(2)] = 30
    min_share: Annotated[float, Ge(0), Le(1)] = 0.05
    min_share_short: Annotated[float, Ge(0), Le(1)] = 0.4


SIGHTING = np.dtype(
    [
        ("line", "<u8"),  # the row, of its site; the empty row stands on every page
        ("page", "<u4"),  # the page; copies of one article are one
        ("edge", "u1"),  # 1 where it is no title, and above or below all paragraphs of the article
        ("new", "u1"),  # 0 where an earlier run has counted the page
    ]
)

COUNT = np.dtype(
    [
        ("line", "<u8"),
        ("pages", "<u4"),  # pages it stands on
        ("edge", "<u4"),  # pages at whose edge it stands
    ]
)

TOTAL = np.dtype([*COUNT.descr, ("new_pages", "<u4"), ("new_edge", "<u4")])
"""Counts over all runs, and those of this run alone."""


class Sighted(NamedTuple):
    """What a page shows of its site.

    Attributes:
        site: host, or name.
        page: hash of the longest paragraph, which the copies of an article share.
        lines: normal rows of its frame, perhaps, and whether they stand at an edge of the page.
    """

    site: str
    page: int
    lines: dict[str, bool]


def sight(page: Page, terms: RuleSet) -> Sighted | None:
    """Return what a page shows of its site, or nothing.

    Pages that name no site, have no paragraph or are endless lists show nothing. Of paragraphs,
    those are counted that would be disclaimers if they were frequent.

    Args:
        page: as it enters `strip_boilerplate`.
        terms: the sentences of disclaimers.
    """
    site = site_of(page)
    page_rows = rows(page.text)
    if not site or not 0 < len(page_rows) <= _MOST_ROWS:
        return None
    notices = disclaimers(page_rows, terms, range(len(page_rows)))
    where = zones(page_rows, notices)
    if not page_rows[where.body].is_prose:
        return None
    seen: list[tuple[Row, bool]] = [
        (row, row.raw != page.meta.title and (where.name(at) != "body" or is_prompt(row.raw)))
        for at, row in enumerate(page_rows)
        if is_countable(row) or (at in notices and len(row.raw) <= LONGEST_NOTICE)
    ]
    lines: dict[str, bool] = {}
    for line, (row, edge) in zip(normal_lines([row.raw for row, _ in seen]), seen, strict=True):
        for form in (line, credit_label(row.raw)):
            if form and not form.startswith("D"):
                lines[form] = lines.get(form, True) and edge
    story = max((row.raw for row in page_rows[where.body : where.tail] if row.is_prose), key=len)
    return Sighted(site, _hash("".join(filter(str.isalnum, story))), lines)


_MOST_ROWS = 1000
"""Rows of the longest page that is counted; those of the map have fewer than 100."""


def credit_label(raw: str) -> str:
    """Return the label of a row of credits with `*` for the names, or nothing.

    >>> credit_label("【值守 李湖】"), credit_label("编发：李湖、王船"), credit_label("气温:12度")
    ('【值守*', '编发:*', '')
    """
    found = _CREDIT_RE.fullmatch(raw)
    return f"{normal_lines([found[1]])[0]}*" if found else ""


_CREDIT_RE = re.compile(
    r"([\[(（【]?[\u3400-\u9fff]{2,6}[:：/／ 　])[ 　]?[\u3400-\u9fff·]{2,4}"
    r"(?:[,，、/ 　][\u3400-\u9fff·]{2,4}){0,2}(?: ?\d{4}[-/.年\d月日]{4,7})?[\])）】]?"
)
"""At most six hanzi, a separator, and one to three names; a day may follow."""


def line_key(site: str, line: str) -> int:
    """Return what stands for a row of a site in sightings; for all its pages, if it is empty."""
    return _hash(f"{site}\0{line}")


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def pack(sighted: Sequence[Sighted], counted: Words | None = None) -> Rows:
    """Return the sightings of pages, of dtype `SIGHTING`.

    Args:
        sighted: what the pages show.
        counted: the `page_keys` of earlier runs, sorted.
    """
    known = find(page_keys(sighted), counted)[1] if counted is not None else [False] * len(sighted)
    return np.array(
        [
            (line_key(seen.site, line), seen.page & 0xFFFFFFFF, edge, not old)
            for seen, old in zip(sighted, known, strict=True)
            for line, edge in {"": True, **seen.lines}.items()
        ],
        dtype=SIGHTING,
    )


def page_keys(sighted: Iterable[Sighted]) -> Words:
    """Return what stands for the pages of different sites, to tell those counted before."""
    return np.array([_hash(f"{seen.site}\0\0{seen.page}") for seen in sighted], dtype="<u8")


def count(sightings: Rows) -> Rows:
    """Return the number of different new pages for each row, of dtype `COUNT`, sorted by row."""
    once = distinct(sightings, "line", "page", "edge", "new")
    starts, _ = groups(once["line"], once["page"])
    once = once[starts]
    starts, _ = groups(once["line"])
    counts = np.zeros(len(starts), dtype=COUNT)
    counts["line"] = once["line"][starts]
    if len(starts):
        counts["pages"] = np.add.reduceat(once["new"].astype("<u4"), starts)
        counts["edge"] = np.add.reduceat((once["new"] & once["edge"]).astype("<u4"), starts)
    return counts


def total(new: Rows, earlier: Rows) -> Rows:
    """Return the sums of counts of this run and of earlier ones, of dtype `TOTAL`, by row.

    Left out are rows that no page of this run shows, and rows that one page shows and no earlier
    run has kept: most are titles and headlines, and will not be seen again.

    Args:
        new: what `count` returned.
        earlier: of dtype `COUNT`, in any order; rows may repeat.
    """
    both = np.zeros(len(new) + len(earlier), dtype=TOTAL)
    for name in COUNT.names or ():
        both[name] = np.concatenate((new[name], earlier[name]))
    both["new_pages"][: len(new)], both["new_edge"][: len(new)] = new["pages"], new["edge"]
    both = both[np.argsort(both["line"], kind="stable")]
    starts, _ = groups(both["line"])
    sums = both[starts]
    if len(starts):
        for name in ("pages", "edge", "new_pages", "new_edge"):
            sums[name] = np.add.reduceat(both[name], starts)
    _, shown = find(sums["line"], new["line"])
    return sums[shown & ((sums["new_pages"] > 1) | (sums["pages"] > sums["new_pages"]))]


MIN_PAGES_OF_LINE = 5
"""Pages a row must stand on, whatever its share (contamination map, 5.7)."""
MIN_EDGE = 0.6
"""Share of them at whose edge it must stand. The map asks for .8, but on pages without a title a
slogan or a breadcrumb is taken for one, and counts as none at the edge (rows left of 22 generated
sites, seed 2: 4.9 % with .8, 3.9 % with .6, the same losses)."""
MIN_PAGES_OF_NAME = 3
"""Pages on which one person is named behind a label that the whole site has: staff, not a guest."""


def learn(
    seen: Mapping[str, Iterable[str]], totals: Rows, config: SiteLinesConfig
) -> Iterator[SiteLines]:
    """Yield which of the rows seen are frequent on their site.

    Args:
        seen: normal rows by site.
        totals: of dtype `TOTAL`, sorted by row.
        config: thresholds.
    """
    for site, lines in seen.items():
        known = sorted(lines)
        keys = np.array([line_key(site, line) for line in ("", *known)], dtype="<u8")
        at, found = find(keys, totals["line"])
        pages = int(totals["pages"][at[0]]) if found[0] else 0
        if pages >= config.min_pages:
            facts = totals[at[1:][found[1:]]]
            counts = dict(zip(np.array(known, dtype=object)[found[1:]], facts, strict=True))
            frequent = _frequent(counts, pages, config)
            if frequent:
                yield SiteLines(id=site, pages=pages, lines=frequent)


def _frequent(counts: Mapping[str, np.void], pages: int, config: SiteLinesConfig) -> dict[str, int]:
    """Return the frequent rows of a site of so many pages, the most frequent first."""
    found = {
        line: int(fact["pages"])
        for line, fact in counts.items()
        if fact["edge"] >= MIN_EDGE * fact["pages"]
    }
    common = {line for line, on in found.items() if on >= _least_pages(line, pages, config)}
    labels = tuple(line[:-1] for line in common if line.endswith("*"))
    frequent = {
        line: on
        for line, on in found.items()
        if (line in common or (on >= MIN_PAGES_OF_NAME and line.startswith(labels)))
        and not line.endswith("*")
    }
    return dict(sorted(frequent.items(), key=lambda item: (-item[1], item[0])))


def _least_pages(line: str, pages: int, config: SiteLinesConfig) -> float:
    share = config.min_share if n_hanzi(line) >= LONG else config.min_share_short
    return max(MIN_PAGES_OF_LINE, share * pages)
