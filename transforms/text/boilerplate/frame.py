"""The frame of a page: rows in words that no rule knows, told by shape, place and company.

Rows of a frame stand together, are short, end no sentence and speak of nothing that the article
speaks of. Each of these alone is true of subheads, lists and last lines too, so all are asked for.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from transforms.text.layout import Row, Zones
from transforms.text.lines.joins import goes_on
from transforms.text.metadata.headline import pairs


class Article:
    """The pairs of characters of a page's paragraphs, read only where a rule needs them."""

    def __init__(self, page_rows: Sequence[Row], where: Zones) -> None:
        self._rows = page_rows[where.body : where.tail]
        self._pairs: set[str] | None = None

    def share(self, *asked_rows: Row) -> float:
        """Return the share (0–1) of the rows' pairs of characters that the article has."""
        if self._pairs is None:
            told = [row.raw for row in self._rows if len(row.raw) > _SUBHEAD]
            text = "\n".join(told)[:_ENOUGH]
            self._pairs = set(map(str.__add__, text, text[1:]))
        asked = set().union(*(pairs(row.raw) for row in asked_rows))
        return len(asked & self._pairs) / len(asked) if asked else 0.0

    def knows(self, row: Row) -> bool:
        """Return whether the article uses words of the row."""
        return self.share(row) > KNOWN


_ENOUGH = 5000
_SUBHEAD = 16
"""Code points up to which a row of the body may be a prompt itself and is no evidence."""
KNOWN = 0.34
"""Share of a row's pairs of characters from which it speaks of what the article speaks of."""
STRANGE = 0.12
"""Share below which it does not at all: 98.5 % of the headlines of news_hant_taiwan and all of
news_hans_cctv_2022_2024 have more of theirs in their article."""


def convict_frame(
    page_rows: Sequence[Row],
    where: Zones,
    moved: Sequence[int],
    title: str | None,
    doomed: dict[int, str],
) -> None:
    """Take out rows among those that went, where they share no words with the article.

    Args:
        page_rows: all rows of the page.
        where: its zones; a page without prose is left alone.
        moved: offsets at which rows of dates and credits stood that became metadata.
        title: the page's title, which stays.
        doomed: reason for each row that goes, by index; extended.
    """
    if page_rows and page_rows[where.body].is_prose:
        for at in [*_Frame(page_rows, where, moved, title, doomed).rows()]:
            doomed.setdefault(at, "page_frame")


class _Frame:
    """The rows around one article, and what is known of them."""

    def __init__(
        self,
        page_rows: Sequence[Row],
        where: Zones,
        moved: Sequence[int],
        title: str | None,
        doomed: dict[int, str],
    ) -> None:
        self._rows = page_rows
        self._doomed = doomed
        self._head = range(where.body)
        self._tail = range(where.tail, len(page_rows))
        self._signs = sorted([*moved, *(page_rows[at].start for at in doomed)])
        self._article = Article(page_rows, where)
        self._title = next((at for at in self._head if page_rows[at].raw == title), None)

    def rows(self) -> Iterator[int]:
        """Yield the indices of the rows of the frame."""
        body = self._rows[self._head.stop].start
        above = [sign for sign in self._signs if sign < body]
        below = [sign for sign in self._signs if sign >= self._rows[self._tail.start - 1].stop]
        found = itertools.chain(
            self._in_head(above[-1]) if above else (),
            self._in_tail(below[0]) if below else (),
            self._in_menus(bool(self._signs)),
            (at for at in self._tail if self._is_pointer(at)),
        )
        yield from (at for at in found if at != self._title)

    def _in_head(self, last_sign: int) -> Iterator[int]:
        """Yield the strange rows of a head that has rows of a frame.

        Where the title is not known, a row above the last of these may be it if it is long enough.
        """
        for at in self._head:
            row = self._rows[at]
            longest = _TINY if self._title is None and row.start < last_sign else _LONGEST_WORDS
            known = KNOWN if len(row.raw) <= _TINY else STRANGE
            if len(row.raw) <= longest and _is_loose(row, True) and self._is_strange(row, known):
                yield at

    def _in_tail(self, first_sign: int) -> Iterator[int]:
        """Yield the strange rows below the first row of a frame, and the one or two above it."""
        above = [at for at in self._tail if self._rows[at].start < first_sign]
        for at in range(self._tail.start + len(above), len(self._rows)):
            row = self._rows[at]
            if len(row.raw) > LONGEST_CHROME or not _is_loose(row) or self._article.knows(row):
                continue
            if not goes_on(self._rows, at):
                yield at
        for at in above if len(above) <= _MOST_ABOVE else ():
            row = self._rows[at]
            if len(row.raw) <= _LONGEST_WORDS and _is_loose(row) and self._is_strange(row, STRANGE):
                yield at

    def _is_strange(self, row: Row, known: float) -> bool:
        """Return whether a row is no item of a list and the article speaks of something else."""
        if _ITEM_RE.search(row.raw) or (len(row.raw) > _TINY and _CLAUSES_RE.search(row.raw)):
            return False
        return self._article.share(row) <= known

    def _in_menus(self, framed: bool) -> Iterator[int]:
        """Yield the menus of a head that hold a known word, or stand on top of a framed page.

        A list below an article may be the article's own.
        """
        for run in menus(self._rows, self._head):
            on_top = run.stop <= (self._head.stop if self._title is None else self._title)
            known = any(at in self._doomed for at in run) or (framed and on_top)
            if known and self._article.share(*self._rows[run.start : run.stop]) <= KNOWN:
                yield from (at for at in run if not self._may_be_title(self._rows[at]))

    def _may_be_title(self, row: Row) -> bool:
        return len(row.raw) >= _SHORTEST_TITLE and self._article.knows(row)

    def _is_pointer(self, at: int) -> bool:
        """Return whether a row points at another page: an arrow and words the article has not."""
        row = self._rows[at]
        return (
            len(row.raw) <= LONGEST_CHROME
            and _POINTER_RE.search(row.raw) is not None
            and _is_loose(row)
            and self._article.share(row) <= STRANGE
        )


_TINY = 8
"""Code points of the longest row that may be one word of a menu: headlines are longer."""
_SHORTEST_TITLE = 5
_LONGEST_WORDS = 20
"""Code points of the longest row of a frame that no shape tells."""
LONGEST_CHROME = 60
"""Code points of the longest row of a list of other articles; those of the map had 12 to 35."""
_MOST_ABOVE = 2
"""Rows between the last paragraph and the first row of the frame: more are a list of the article's
own, e.g. of names."""
_POINTER_RE = re.compile(r"^(?:[←→«»‹›↑↓▲▼▶◀]|<<|>>)|(?:[←→«»‹›↑↓▲▼▶◀]|<<|>>)$")


def _is_loose(row: Row, counts: bool = False) -> bool:
    """Return whether a row ends no sentence and states no fact; `counts`: a mere count is none."""
    if row.ends_sentence or row.raw[-1] in ":：":
        return False
    return not FACT_RE.search(row.raw) or (counts and bool(_COUNT_RE.search(row.raw)))


FACT_RE = re.compile(r"^[^:：]{1,8}[:：].*(?:\d{2}|@)")
"""A label with its value, as in a box of facts below the article, which stays."""
_COUNT_RE = re.compile(r"^[^:：]{1,8}[:：][^\u3400-\u9fff@]{0,16}(?:[\u3400-\u9fff]\d{0,4}){0,2}$")
"""A label with a count, a clock or a choice of sizes."""
_ITEM_RE = re.compile(
    r"\d月\d{1,2}日|年\d{1,2}月|^[(（]?[\d一二三四五六七八九十]{1,2}[、.．)）]|、"
)
"""A day, a numbered heading, an enumeration."""
_CLAUSES_RE = re.compile(r"[，,]\D")


def menus(page_rows: Sequence[Row], zone: range) -> Iterator[range]:
    """Yield the menus in a zone: rows of many words, and runs of rows of one word."""
    for tiny, run in itertools.groupby(zone, key=lambda at: _is_word(page_rows[at])):
        places = list(run)
        if tiny and len(places) >= MIN_MENU:
            yield range(places[0], places[-1] + 1)
        elif not tiny:
            yield from (range(at, at + 1) for at in places if is_menu(page_rows[at].raw))


def _is_word(row: Row) -> bool:
    if len(row.raw) > _TINY or not _is_loose(row) or is_menu(row.raw):
        return False
    return _ITEM_RE.search(row.raw) is None


MIN_MENU = 4


def is_menu(raw: str) -> bool:
    """Return whether a row is a menu by its shape: short words between separators.

    >>> is_menu("要闻 时评 民生 影像"), is_menu("江城网 | 要闻 | 民生"), is_menu("三地通车")
    (True, True, False)
    """
    if len(raw) > _LONGEST_MENU or not _SEPARATOR_RE.search(raw, 0, _TINY + 1):
        return False
    parts = [part for part in _SEPARATOR_RE.split(raw) if part]
    if len(parts) < _MIN_CRUMBS or max(map(len, parts)) > _TINY:
        return False
    if len(_HARD_RE.findall(raw)) >= len(parts) - 1:
        return True
    return len(parts) >= MIN_MENU and max(map(len, parts)) <= _LONGEST_WORD


_SEPARATOR_RE = re.compile(r"[\s|｜·•丨/>»›\\_→—:：-]+")
_HARD_RE = re.compile(r"[|｜·•丨>»›\\→]")
_MIN_CRUMBS = 3
_LONGEST_MENU = 200
_LONGEST_WORD = 6
"""Code points of the longest word of a menu (contamination map, B3)."""
