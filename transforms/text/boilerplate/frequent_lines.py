"""Rows that many pages of a site share: which may be counted, and where they are taken out.

Frequency is one vote, shape and place are the other. A bulletin has rows that stand on every page
too, so a frequent row goes only where it touches the edge of the page, through rows that go.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import takewhile

from transforms.text.boilerplate.frame import KNOWN, Article
from transforms.text.boilerplate.row_shapes import FACT_RE, LONGEST_CHROME, MIN_MENU, n_hanzi
from transforms.text.boilerplate.site_rules import normal_lines
from transforms.text.layout import Row, Zones

LONGEST_LINE = 80
"""Code points of the longest row that is counted (contamination map, 5.7)."""
LONGEST_NOTICE = 300
"""Code points of the longest disclaimer of the map."""

_WORD_RE = re.compile("[\u3400-\u9fff]{2}|[A-Za-z]{2}")
_ITEM_RE = re.compile(
    r"[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]?[、.．]|第.{1,3}[章节条]"
)
"""A numbered heading, which every article may have."""


def is_countable(row: Row) -> bool:
    """Return whether a row may be part of a frame by its shape: a phrase, and no sentence."""
    raw = row.raw
    return (
        2 <= len(raw) <= LONGEST_LINE
        and not row.ends_sentence
        and raw[-1] not in ",，、"
        and bool(_WORD_RE.search(raw))
        and not _ITEM_RE.match(raw)
    )


def is_prompt(raw: str) -> bool:
    """Return whether a row points somewhere else, so that it may go between two paragraphs, too.

    >>> is_prompt("更多精彩尽在湖报 >>"), is_prompt("事件回放")
    (True, False)
    """
    return bool(_PROMPT_RE.search(raw))


_PROMPT_RE = re.compile(r">>|＞＞|»|→|☞|👉|[↓▼]$|https?:|www\.|(?i:(?<![a-z])app(?![a-z]))|[@＠]\w")


def frequent_rows(page_rows: Sequence[Row], listed: Collection[str]) -> frozenset[int]:
    """Return the indices of the rows that are among the `listed` ones of the page's site."""
    if not listed:
        return frozenset()
    places = [
        at
        for at, row in enumerate(page_rows)
        if is_countable(row) or (row.is_prose and len(row.raw) <= LONGEST_NOTICE)
    ]
    lines = normal_lines([page_rows[at].raw for at in places])
    return frozenset(at for at, line in zip(places, lines, strict=True) if line in listed)


def convict_frequent(
    page_rows: Sequence[Row],
    where: Zones,
    frequent: Collection[int],
    title: str | None,
    article: Article,
    doomed: dict[int, str],
) -> None:
    """Take out frequent rows at the edges of a page, and prompts among its paragraphs.

    Args:
        page_rows: all rows of the page.
        where: its zones.
        frequent: what `frequent_rows` returned.
        title: the page's title. A frequent row in words that the article lacks is none.
        article: its paragraphs.
        doomed: reason for each row that goes, by index; extended.
    """
    frequent = {
        at
        for at in frequent
        if not page_rows[at].is_prose
        and not (page_rows[at].raw == title and article.knows(page_rows[at]))
    }
    if not frequent:
        return
    going = {*doomed, *frequent}
    if page_rows[where.body].is_prose:
        found = [
            *_of_head(page_rows, where.body, title, going),
            *_of_tail(page_rows, where.tail, frequent, article, doomed),
            *(at for at in frequent if where.name(at) == "body" and is_prompt(page_rows[at].raw)),
        ]
    else:
        found = [*_run(range(len(page_rows)), going), *_run(range(len(page_rows))[::-1], going)]
    for at in found:
        doomed.setdefault(at, "frequent_line")


def _run(order: Iterable[int], going: Collection[int]) -> Iterator[int]:
    """Yield rows from an edge on, up to the first that stays."""
    for at in order:
        if at not in going:
            return
        yield at


def _of_head(
    page_rows: Sequence[Row], body: int, title: str | None, going: Collection[int]
) -> Iterator[int]:
    """Yield the rows above the title, and the tools between it and the body.

    On a page without title, one to three short rows right above the body may be subheads.
    """
    places = (at for at in range(body) if page_rows[at].raw == title and at not in going)
    top = next(places, None)
    if top is None:
        near = len(list(takewhile(_is_short, reversed(page_rows[:body]))))
        yield from _run(range(body - near if near < MIN_MENU else body), going)
        return
    yield from (at for at in range(top) if at in going)
    below = range(top + 1, body)
    if all(_is_tool(page_rows[at]) if at in going else _counts(page_rows[at]) for at in below):
        yield from (at for at in below if at in going)


def _is_short(row: Row) -> bool:
    return n_hanzi(row.raw) < LONG and not _TOOL_RE.search(row.raw)


def _is_tool(row: Row) -> bool:
    return bool(_TOOL_RE.search(row.raw)) or _counts(row)


_TOOL_RE = re.compile(r"[|｜丨>＞»›/_#@©→↑↓▲▼\[\]【】·]|\S\s+\S+\s+\S|[A-Za-z]{2}")


def _counts(row: Row) -> bool:
    """Return whether a row may count readers: it is short, and has one number."""
    return len(row.raw) <= _LONGEST_COUNTER and len(_NUMBER_RE.findall(row.raw)) == 1


_NUMBER_RE = re.compile(r"\d+")
_LONGEST_COUNTER = 15


def _is_subhead(row: Row) -> bool:
    return len(row.raw) < LONG and bool(_PLAIN_RE.fullmatch(row.raw))


_PLAIN_RE = re.compile("[\u3400-\u9fff，、·“”《》]+")


LONG = 8
"""Hanzi from which a row is more than one or two words: most subheads have fewer, and so have the
rows that bulletins and tables repeat."""


def _of_tail(
    page_rows: Sequence[Row],
    tail: int,
    frequent: Collection[int],
    article: Article,
    doomed: Collection[int],
) -> Iterator[int]:
    """Yield the rows from the end of the page up, with the headlines below a heading of theirs.

    One to three plain words right below the body may be its last ones, e.g. a refrain.
    """
    words = len(list(takewhile(_is_subhead, page_rows[tail:])))
    body = tail + words if words < MIN_MENU else tail
    staying: list[int] = []
    for at in range(len(page_rows) - 1, tail - 1, -1):
        if at in doomed:
            staying.clear()
        elif (
            at in frequent
            and (at >= body or staying)
            and _are_headlines([page_rows[below] for below in staying], article)
        ):
            yield from (at, *staying)
            staying.clear()
        else:
            staying.append(at)


def _are_headlines(staying: Sequence[Row], article: Article) -> bool:
    """Return whether rows may be headlines of other articles, if there are any."""
    if len(staying) > _MOST_HEADLINES or article.share(*staying) > KNOWN:
        return False
    return all(
        n_hanzi(row.raw) >= LONG
        and len(row.raw) <= LONGEST_CHROME
        and not row.ends_sentence
        and not FACT_RE.search(row.raw)
        for row in staying
    )


_MOST_HEADLINES = 20
"""Rows below one heading; the map has 0 to 15."""
