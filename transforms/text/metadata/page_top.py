"""Title and section: what the rows above the article say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.text.boilerplate.frame import KNOWN
from transforms.text.boilerplate.line_rules import FEW_WORDS, LineRule, RuleSet, is_covered
from transforms.text.boilerplate.row_shapes import is_menu, menus
from transforms.text.layout import Row
from transforms.text.lines.joins import goes_on
from transforms.text.metadata.headline import (
    choose,
    clean_title,
    could_be_title,
    original_title,
    overlap,
    repeated,
    speaks_of,
)
from transforms.text.metadata.label_rows import HEAD_ROWS, Found
from transforms.text.metadata.sites import breadcrumb_section, is_path


def read_top(page_rows: Sequence[Row], head: int, furniture: RuleSet, found: Found) -> None:
    """Read section and title from the `head` rows above the body."""
    top = range(max(0, head - HEAD_ROWS), head)
    leads = [row.raw for row in page_rows[top.start : head] if _is_lead(row)]
    body = "".join(leads + [row.raw for row in page_rows[head : head + 8]])[:_ENOUGH]
    marked, others = _groups(page_rows, top, body, furniture, found)
    candidates = (
        _plausible(repeated(page_rows[:head]), body, _SURE_TITLE),
        *(_plausible(group, body, sure) for group, sure in marked),
        *(_plausible(group, body, _NEVER) for group in others),
    )
    title = choose(next(filter(None, candidates), ()), body)
    if title is not None:
        found.titles.append(clean_title(title.raw, title.folded))
        _move_alt_text(page_rows[:head], title, found)
    found.titles.extend(filter(None, map(original_title, _edges(page_rows))))


_ENOUGH = 3000


def _groups(
    page_rows: Sequence[Row], top: range, body: str, furniture: RuleSet, found: Found
) -> tuple[list[tuple[list[Row], int]], list[list[Row]]]:
    """Return the groups of rows that could be titles: those in a title's place, and others.

    A title's place is above a row of dates, or right below a breadcrumb; with each comes the
    length from which a row there is the title whatever its words.
    """
    marked: list[tuple[list[Row], int]] = []
    group: list[Row] = []
    in_menu = {
        at
        for run in menus(page_rows, top)
        for at in run
        if not body or not speaks_of(page_rows[at].raw, body, KNOWN)
    }
    crumb = -1 if top.start == 0 else top.stop
    below_path = False
    for at in top:
        row = page_rows[at]
        rule = _furniture_of(row, furniture, body)
        kind = "breadcrumb" if is_path(row) else rule.kind if rule else ""
        if not marked and (kind == "breadcrumb" or (kind == "navigation" and not below_path)):
            below_path = kind == "breadcrumb"
            found.section = found.section or breadcrumb_section(row)
            group = []
            crumb = at
        elif found.moved.get(at) == "date_line":
            between = (
                crumb + 2 == at and group == [page_rows[at - 1]] and " " not in group[0].folded
            )
            marked.append((group, _SURE_BETWEEN if between else _SURE_TITLE))
            group = []
        elif at in found.moved or rule or at in in_menu:
            continue
        elif could_be_title(row) and not (len(row.raw) > _HALF and goes_on(page_rows, at)):
            group.append(row)
        elif _LEAD_RE.search(row.tight) or _is_lead(row):
            break
    under_crumb = 0 <= crumb < top.stop - 1 and group[:1] == [page_rows[crumb + 1]]
    return ([*marked, (group, _SURE_TITLE)], []) if under_crumb else (marked, [group])


def _is_lead(row: Row) -> bool:
    """Return whether a row above the first whole paragraph is text: it leads to a table or list."""
    return len(row.raw) > _HALF and row.raw[-1] in "：。"


_HALF = 30
"""Code points from which a row may be the first half of a broken paragraph."""
_LEAD_RE = re.compile(r"(?:消息|讯|电)(?:\([^()]{1,12}\))? ?:?$")


def _furniture_of(row: Row, furniture: RuleSet, body: str) -> LineRule | None:
    """Return the rule that takes a row for a tool; few words are enough in a row of other words."""
    hits = furniture.find(row, "head")
    strong = next((rule for rule in hits if not rule.covers), None)
    if strong or not hits:
        return strong
    few = FEW_WORDS if body and not speaks_of(row.raw, body, KNOWN) else 1
    return hits[0] if is_covered(row, hits, few) else None


def _plausible(group: Sequence[Row], body: str, sure: int) -> list[Row]:
    """Return the rows of a group that speak of what the article does; else those long enough."""
    if not body:
        return list(group)
    related = [row for row in group if speaks_of(row.raw, body, _least_shared(row))]
    return related or [row for row in group if _is_headline(row, sure)]


def _is_headline(row: Row, sure: int) -> bool:
    """Return whether a row is long enough for a title, numbers aside, and names no sections."""
    if is_menu(row.raw) or _CRUMB_RE.search(row.folded):
        return False
    return sum(map(str.isalpha, clean_title(row.raw, row.folded))) >= sure


_CRUMB_RE = re.compile(r"[>»›▸▶→|/\\]")


def _least_shared(row: Row) -> float:
    return _LEAST_SHARED if len(row.tight) >= _SHORT_TITLE else _LEAST_SHARED_SHORT


_LEAST_SHARED, _LEAST_SHARED_SHORT = 0.12, 0.2
"""Share of a title's pairs of characters that the article must use; below it are 0.2 % of the
titles of news_hans_cctv_2022_2024, 1.5 % of those of news_hant_taiwan, 0.4 % of their titles of
less than ten characters, and nine in ten rows of tools and menus."""
_SURE_TITLE = 12
"""Letters and hanzi from which a row in a title's place is the title whatever its words: 14 of the
10,188 titles of both collections have fewer, and none of their words in the article."""
_SURE_BETWEEN = 5
"""Code points from which the only row between a breadcrumb and a row of dates is the title."""
_SHORT_TITLE = 10
_NEVER = 1000


def _edges(page_rows: Sequence[Row]) -> list[Row]:
    """Return the short rows at both ends of a page."""
    ends = (*page_rows[:_END_ROWS], *page_rows[_END_ROWS:][-_END_ROWS:])
    return [row for row in ends if len(row.raw) <= _MAX_END_ROW and "原" in row.raw]


_END_ROWS, _MAX_END_ROW = 12, 80


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


_SAME_PICTURE = 0.6
"""Share of an alternative text's pairs of characters that its caption repeats."""
