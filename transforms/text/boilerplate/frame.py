"""The frame of a page: rows in words that no rule knows, told by shape, place and company.

Rows of a frame stand together, are short, end no sentence and speak of nothing that the article
speaks of. Each of these alone is true of subheads, lists and last lines too, so all are asked for.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from transforms.text.boilerplate.row_shapes import (
    LONGEST_CHROME,
    LONGEST_WORDS,
    PLAIN,
    TINY,
    first_headlines,
    is_item,
    is_loose,
    is_numbered,
    is_set_off,
    is_words,
    labels_headline,
    menus,
    points_away,
    shape_of,
    speaks_for_site,
)
from transforms.text.layout import Row, Zones
from transforms.text.lines.joins import goes_on
from transforms.text.metadata.headline import pairs


class Article:
    """The pairs of characters of a page's paragraphs, read only where a rule needs them."""

    def __init__(self, page_rows: Sequence[Row], where: Zones) -> None:
        self._rows = page_rows
        self._where = where
        self._shares: dict[str, float] = {}

    @functools.cached_property
    def _pairs(self) -> set[str]:
        first = self._where.body
        while first and goes_on(self._rows, first - 1):
            first -= 1
        body = self._rows[first : self._where.tail]
        told = [row.raw for row in body if len(row.raw) > _SUBHEAD]
        text = "\n".join(told)[:_ENOUGH]
        return set(map(str.__add__, text, text[1:]))

    def share(self, *asked_rows: Row) -> float:
        """Return the share (0–1) of the rows' pairs of characters that the article has."""
        asked = set().union(*(pairs(row.raw) for row in asked_rows))
        return len(asked & self._pairs) / len(asked) if asked else 0.0

    def knows(self, row: Row) -> bool:
        """Return whether the article uses words of the row."""
        return self._share(row) > KNOWN

    def lacks(self, row: Row) -> bool:
        """Return whether the article uses none of the words of the row."""
        return self._share(row) <= STRANGE

    def _share(self, row: Row) -> float:
        share = self._shares.get(row.raw)
        if share is None:
            share = self._shares[row.raw] = self.share(row)
        return share


_ENOUGH = 5000
_SUBHEAD = 16
"""Code points up to which a row of the body may be a prompt itself and is no evidence."""
KNOWN = 0.34
"""Share of a row's pairs of characters from which it speaks of what the article speaks of."""
STRANGE = 0.12
"""Share below which it does not at all: 98.5 % of the headlines of news_hant_taiwan, all of
news_hans_cctv_2022_2024 and 99.9 % of the 4,658 short rows between paragraphs there have more of
theirs in their article."""


def convict_frame(
    page_rows: Sequence[Row],
    where: Zones,
    article: Article,
    moved: Sequence[int],
    hinted: Collection[int],
    title: str | None,
    doomed: dict[int, str],
) -> None:
    """Take out rows among those that went, where they share no words with the article.

    Args:
        page_rows: all rows of the page.
        where: its zones; a page without prose is left alone.
        article: its paragraphs.
        moved: offsets at which rows of dates and credits stood that became metadata.
        hinted: rows with words of a frame, too few to convict them.
        title: the page's title, which stays.
        doomed: reason for each row that goes, by index; extended.
    """
    if not (page_rows and page_rows[where.body].is_prose):
        return
    frame = _Frame(page_rows, where, article, moved, hinted, title, doomed)
    for _ in range(_ROUNDS):
        found = [at for at in frame.rows() if at not in doomed]
        if not found:
            return
        doomed.update(dict.fromkeys(found, "page_frame"))


_ROUNDS = 4
"""What went no longer speaks for the rows beside it, so they are judged again, so often at most; of
4,000 generated pages none needed more than 3."""


def heads_text(page_rows: Sequence[Row], at: int, doomed: Collection[int]) -> bool:
    """Return whether a sentence of the article's stands below a row, which may be its heading."""
    near = range(at + 1, min(len(page_rows), at + _MOST_LISTED))
    below = next((page_rows[place] for place in near if place not in doomed), None)
    return below is not None and below.ends_sentence and not speaks_for_site(below)


class _Frame:
    """The rows around one article, and what is known of them."""

    def __init__(
        self,
        page_rows: Sequence[Row],
        where: Zones,
        article: Article,
        moved: Sequence[int],
        hinted: Collection[int],
        title: str | None,
        doomed: Collection[int],
    ) -> None:
        self._rows = page_rows
        self._article = article
        self._hinted = hinted
        self._doomed = doomed
        self._head = range(where.body)
        self._tail = range(where.tail, len(page_rows))
        self._short = [
            at
            for at, row in enumerate(page_rows[where.body : where.tail], where.body)
            if len(row.raw) <= LONGEST_WORDS
        ]
        self._moved = moved
        self._sure = sure = [*moved, *(page_rows[at].start for at in doomed)]
        self._end = page_rows[where.tail - 1].stop
        self._sure_below = min((sign for sign in sure if sign >= self._end), default=None)
        self._title = next((at for at in self._head if page_rows[at].raw == title), None)

    def rows(self) -> Iterator[int]:
        """Yield the indices of the rows of the frame."""
        yield from self._marked(self._tail, points_away)
        if not self._sure:
            return
        hinted = self._staying(sorted(self._hinted))
        hints = [at for at in hinted if self._is_foreign(at, LONGEST_CHROME, True)]
        gone = (self._rows[at].start for at in (*self._doomed, *hints))
        signs = sorted([*self._sure, *gone])
        body = self._rows[self._head.stop].start
        above = [sign for sign in signs if sign < body]
        below = [sign for sign in signs if sign >= self._end]
        found = itertools.chain(
            hints,
            self._in_head(above[-1]) if above else (),
            self._in_tail(below[0] if below else None),
            self._in_menus(),
            self._marked(self._tail, labels_headline),
            self._marked(self._short, is_set_off),
        )
        yield from (at for at in found if at != self._title)

    def _staying(self, places: Iterable[int]) -> list[int]:
        return [at for at in places if at not in self._doomed]

    def _marked(self, places: Iterable[int], has_marks: Callable[[str], bool]) -> Iterator[int]:
        """Yield the rows with marks of a frame that the article has no words of."""
        for at in self._staying(places):
            if has_marks(self._rows[at].raw) and self._is_foreign(at):
                yield at

    def _is_foreign(self, at: int, longest: int = LONGEST_CHROME, counts: bool = False) -> bool:
        """Return whether a row is no fact, no list's, and the article has none of its words."""
        row = self._rows[at]
        return (
            len(row.raw) <= longest
            and is_loose(row, counts)
            and self._article.lacks(row)
            and not (self._is_own(at) or heads_text(self._rows, at, self._doomed))
        )

    def _in_head(self, last_sign: int) -> Iterator[int]:
        """Yield the strange rows of a head that has rows of a frame.

        Where the title is not known, a row above the last of these may be it if it is long enough;
        a row below it may be the article's own.
        """
        opening = self._opening()
        for at in self._staying(self._head):
            row = self._rows[at]
            if at in opening:
                continue
            inside = row.start < last_sign
            longest = TINY if self._title is None and inside else LONGEST_WORDS
            if (
                len(row.raw) <= longest
                and is_loose(row, True)
                and self._is_strange(row)
                and (inside or not self._is_own(at))
            ):
                yield at

    def _opening(self) -> set[int]:
        """Return the rows right above the body that may open the article: verse, names, a subhead.

        They are plain words, one row below another, up to the title, the dates and credits, or a
        row of the frame. Where the title is not known, the lowest row above them may be it.
        """
        opening: set[int] = set()
        plain = [at for at in self._head if at not in self._hinted and is_words(self._rows[at])]
        top = max((s for s in self._moved if s <= self._rows[self._head.stop].start), default=0)
        for at in reversed(self._head):
            if at not in plain or at in (self._title, *self._doomed) or self._rows[at].start < top:
                break
            opening.add(at)
        if self._title is None:
            above = [at for at in self._staying(plain) if at not in opening]
            opening.update([at for at in above if len(self._rows[at].raw) >= _SHORTEST_TITLE][-1:])
        return opening

    def _is_strange(self, row: Row) -> bool:
        """Return whether a row is no item of a list and the article speaks of something else."""
        if is_item(row.raw):
            return False
        if len(row.raw) <= TINY and self._title is not None:
            return not self._article.knows(row)
        return not _CLAUSES_RE.search(row.raw) and self._article.lacks(row)

    def _in_tail(self, first_sign: int | None) -> Iterator[int]:
        """Yield the strange rows below the first row of a frame.

        A list of headlines of other articles is such a row, with a heading that has a word of one;
        without, it may be an agenda of the article's own.
        """
        tail = self._staying(self._tail)
        above = [at for at in tail if first_sign is None or self._rows[at].start < first_sign]
        listed = self._headlines(above[:_MOST_LISTED])
        if listed is not None:
            above = above[:listed]
        elif first_sign is None:
            return
        yield from filter(self._is_below, tail[len(above) :])

    def _headlines(self, places: Sequence[int]) -> int | None:
        """Return where in `places` a heading stands with headlines of other articles below it."""
        run = [self._rows[at] for at in places]
        for at, heading in enumerate(run[:-_FEWEST_HEADLINES]):
            if places[at] in self._hinted and len(heading.raw) <= _LONGEST_HEADING:
                listed = first_headlines(run[at + 1 :])
                if (
                    len(listed) >= _FEWEST_HEADLINES
                    and self._article.share(heading, *listed) <= _STRANGE_LIST
                ):
                    return at
        return None

    def _is_below(self, at: int) -> bool:
        """Return whether a row below the first row of a frame is part of it.

        Sentences and facts are so only below one that is sure, and if they speak for the site.
        """
        row = self._rows[at]
        if row.is_prose or len(row.raw) > LONGEST_CHROME or goes_on(self._rows, at):
            return False
        if is_loose(row):
            return not (self._article.knows(row) or heads_text(self._rows, at, self._doomed))
        above = self._rows[at - 1]
        ended = above.ends_sentence or len(above.raw) <= LONGEST_WORDS
        sure = self._sure_below is not None and self._sure_below < row.start
        return sure and ended and speaks_for_site(row) and self._article.lacks(row)

    def _is_own(self, at: int) -> bool:
        """Return whether a row is one of a list, a table or a verse of the article's own.

        It looks like a row near it that stays, or stands beside a numbered one; or it is plain
        words, and the article has subheads, two rows above are plain words, too, or the row may be
        its title.
        """
        near = [
            place
            for place in range(max(0, at - 2), min(len(self._rows), at + 3))
            if place not in (at, self._title)
            and place not in self._doomed
            and len(self._rows[place].raw) <= _LONGEST_ITEM
        ]
        if any(is_numbered(self._rows[place].raw) for place in near):
            return True
        shape = shape_of(self._rows[at].raw)
        alike = [place for place in near if shape_of(self._rows[place].raw) == shape]
        if shape != PLAIN:
            return bool(alike)
        listed = [
            place
            for place in alike
            if place not in self._hinted and (place < at or len(self._rows[place].raw) <= TINY)
        ]
        return len(listed) > 1 or self._has_subheads() or self._may_be_heading(at)

    def _may_be_heading(self, at: int) -> bool:
        """Return whether a row stands right above the body of a page whose title is not known."""
        return self._title is None and at + 1 == self._head.stop and at not in self._hinted

    def _has_subheads(self) -> bool:
        """Return whether two short rows stay between paragraphs, or one in the article's words."""
        short = [self._rows[at] for at in self._staying(self._short[:_MOST_LISTED])]
        heads = [row for row in short if is_loose(row)]
        return len(heads) > 1 or any(not self._article.lacks(row) for row in heads)

    def _in_menus(self) -> Iterator[int]:
        """Yield the menus of a head that hold a known word, or stand on top of it.

        A list below an article may be the article's own.
        """
        for run in menus(self._rows, self._head):
            if len(run) == 1 and self._is_own(run.start):
                continue
            on_top = run.stop <= (self._head.stop if self._title is None else self._title)
            known = on_top or any(at in self._doomed for at in run)
            if known and self._article.share(*self._rows[run.start : run.stop]) <= KNOWN:
                yield from (at for at in run if not self._may_be_title(self._rows[at]))

    def _may_be_title(self, row: Row) -> bool:
        return len(row.raw) >= _SHORTEST_TITLE and self._article.knows(row)


_SHORTEST_TITLE = 5
_LONGEST_ITEM = 30
"""Code points of the longest row of the article's own lists."""
_MOST_LISTED = 60
"""Rows that are looked through for a heading with its headlines; the map has lists of 0 to 15."""
_LONGEST_HEADING = 12
_FEWEST_HEADLINES = 2
_STRANGE_LIST = 0.2
"""Share of the pairs of characters of a heading and its headlines that the article may have: they
are many, and some are in every article."""
_CLAUSES_RE = re.compile(r"[，,]\D")
