"""The rows of a page, and where its head, body and tail are.

Rules on structure look at rows: lines, and the parts of a long line that wide gaps set apart.
Only rows that a rule asks for are folded, because folding a whole page costs more than all rules.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from transforms.text.shadow import fold

SENTENCE_END = "。！？!?…；;"
_CLOSERS = "”’」』）)】]\"'"
_MIN_PROSE = 30
"""Hanzi of a row that is prose: no headline, caption or list item of the five seed pages has both
30 hanzi and a final sentence mark (contamination map, 5.5)."""
_LONG_LINE = 120
"""Code points from which a line with wide gaps is taken apart. Date and credit lines use wide gaps
too and stay whole; the longest of the 303 news pages of the map had 70."""
_HANZI_RE = re.compile(r"[\u3400-\u9fff]")
_BETWEEN_HANZI_RE = re.compile(r"(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])")
_GAP_RE = re.compile(r"[ \t\u00a0\u3000]{3,}|\u3000{2}")
_LINE_RE = re.compile(r"[^\n\u0085\u2028\u2029\v\f]+")


@dataclass(slots=True)
class Row:
    """One row of a text, without the white space at its ends.

    Attributes:
        start: first code point in the text.
        stop: the code point behind the last one.
        raw: the row as it stands.
    """

    start: int
    stop: int
    raw: str
    _folded: str | None = field(default=None, repr=False, compare=False)
    _tight: str | None = field(default=None, repr=False, compare=False)

    @property
    def folded(self) -> str:
        """Simplified, half width, lower case."""
        if self._folded is None:
            self._folded = fold(self.raw).strip()
        return self._folded

    @property
    def tight(self) -> str:
        """`folded` without the spaces between two hanzi."""
        if self._tight is None:
            self._tight = _BETWEEN_HANZI_RE.sub("", self.folded)
        return self._tight

    @property
    def ends_sentence(self) -> bool:
        """Whether the row ends in a sentence mark, closing quotes and brackets aside."""
        return self.raw.rstrip(_CLOSERS)[-1:] in SENTENCE_END and bool(self.raw)

    @property
    def is_prose(self) -> bool:
        """Whether the row has 30 hanzi and a final sentence mark."""
        return len(self.raw) > _MIN_PROSE and self.ends_sentence and self.has_hanzi(_MIN_PROSE)

    def has_hanzi(self, least: int) -> bool:
        """Return whether at least `least` of the first 10 × `least` characters are hanzi."""
        return len(_HANZI_RE.findall(self.raw, 0, 10 * least)) >= least


def rows(text: str) -> list[Row]:
    r"""Return the rows of `text` that are not blank.

    >>> [row.raw for row in rows("　　题目\n\n正文。\r\n")]
    ['题目', '正文。']
    """
    return [row for match in _LINE_RE.finditer(text) for row in _split(text, *match.span())]


def _split(text: str, start: int, stop: int) -> Iterator[Row]:
    line = text[start:stop]
    if stop - start > _LONG_LINE and ("   " in line or "\u3000\u3000" in line or "\xa0" in line):
        at = 0
        for gap in _GAP_RE.finditer(line):
            yield from _trimmed(line[at : gap.start()], start + at)
            at = gap.end()
        yield from _trimmed(line[at:], start + at)
    else:
        yield from _trimmed(line, start)


def _trimmed(raw: str, start: int) -> Iterator[Row]:
    kept = raw.strip()
    if kept:
        lead = len(raw) - len(raw.lstrip())
        yield Row(start + lead, start + lead + len(kept), kept)


@dataclass(frozen=True, slots=True)
class Zones:
    """Where the rows of the body are: head is `[0, body)`, tail is `[tail, n)`."""

    body: int
    tail: int

    def name(self, at: int) -> str:
        """Return `head`, `body` or `tail` for the row at index `at`."""
        return "head" if at < self.body else "tail" if at >= self.tail else "body"


def zones(page_rows: Sequence[Row], notices: Collection[int] = ()) -> Zones:
    """Return the zones of a page: the body is from its first to its last row of prose.

    A page without prose is all body, so that only rules that convict alone apply to it.

    Args:
        page_rows: all rows of the page.
        notices: indices of prose that is not the article's: disclaimers.
    """
    prose = (at for at, row in enumerate(page_rows) if row.is_prose and at not in notices)
    first = next(prose, None)
    if first is None:
        return Zones(0, len(page_rows))
    last = next(
        at
        for at in range(len(page_rows) - 1, -1, -1)
        if at not in notices and page_rows[at].is_prose
    )
    return Zones(first, last + 1)
