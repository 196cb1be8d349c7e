"""The rows of a page, and where its head, body and tail are.

Rules on structure look at rows: lines, and the parts of a long line that wide gaps set apart.
Only rows that a rule asks for are folded, because folding a whole page costs more than all rules.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from transforms.text.shadow import INVISIBLE, fold

SENTENCE_END = "。！？!?…；;"
_ENDS = frozenset(SENTENCE_END)
_CLOSERS = "”’」』）)】]\"'"
_MIN_PROSE = 30
"""Full-width characters of a row that is prose: no headline, caption or list item of the five seed
pages has both 30 and a final sentence mark (contamination map, 5.5)."""
_MIN_OPEN_PROSE = 50
"""Code points of a row that is prose without a final mark: a caption may follow it, or its rest be
lost. No row of a menu holds a full stop."""
_LONG_LINE = 120
"""Code points from which a line with wide gaps is taken apart. Date and credit lines use wide gaps
too and stay whole; the longest of the 303 news pages of the map had 70."""
_OPENING_RE = re.compile(r"[(（【〔][^(（【〔]*$")
_BETWEEN_HANZI_RE = re.compile(r"(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])")
_GAP_RE = re.compile(r"(?:[ \t\u00a0\u3000]|&nbsp;){3,}|\u3000{2}")
BLANK = "".join(filter(str.isspace, map(chr, range(0x3001)))) + INVISIBLE
_LEADING_RE = re.compile(rf"^(?:[{BLANK}]|&nbsp;)+")
_TRAILING_RE = re.compile(rf"(?:[{BLANK}]|&nbsp;){{1,200}}$")
_OTHER_BREAKS = "\r\u0085\u2028\u2029\v\f"
_LINE_RE = re.compile(r"[^\r\u0085\u2028\u2029\v\f]+")


@dataclass(slots=True)
class Row:
    """One row of a text, without the white space at its ends.

    Attributes:
        start: first code point in the text.
        stop: the code point behind the last one.
        raw: the row as it stands.
        whole: whether it is a whole line.
    """

    start: int
    stop: int
    raw: str
    whole: bool = True
    _folded: str | None = field(default=None, repr=False, compare=False)
    _tight: str | None = field(default=None, repr=False, compare=False)
    _prose: bool | None = field(default=None, repr=False, compare=False)

    @property
    def folded(self) -> str:
        """Simplified, half width, lower case."""
        if self._folded is None:
            self._folded = fold(self.raw)
        return self._folded

    @property
    def tight(self) -> str:
        """`folded` without the spaces between two hanzi."""
        if self._tight is None:
            folded = self.folded
            self._tight = _BETWEEN_HANZI_RE.sub("", folded) if " " in folded else folded
        return self._tight

    def source(self, start: int, stop: int) -> str:
        """Return what stands in the row itself where `folded` has `[start, stop)`."""
        if len(self.folded) == len(self.raw):
            return self.raw[start:stop]
        return "".join([char for char in self.raw if fold(char)][start:stop])

    @property
    def ends_sentence(self) -> bool:
        """Whether the row ends in a sentence mark; quotes and a byline in brackets may follow."""
        raw = self.raw
        if raw[-1:] in _ENDS:
            return True
        if raw[-1:] in ")）】〕" and (opened := _OPENING_RE.search(raw, max(0, len(raw) - 100))):
            raw = raw[: opened.start()].rstrip() or raw
        return raw.rstrip(_CLOSERS)[-1:] in _ENDS

    @property
    def is_prose(self) -> bool:
        """Whether the row has 30 full-width characters and a final sentence mark."""
        if self._prose is None:
            wide = (len(self.raw.encode()) - len(self.raw)) // 2 if self.ends_sentence else 0
            self._prose = wide >= _MIN_PROSE
        return self._prose

    @property
    def is_open_prose(self) -> bool:
        """Whether the row is long and holds an ended sentence, though its own end is cut off."""
        return len(self.raw) >= _MIN_OPEN_PROSE and has_any(self.raw[:-1], "。！？")


def has_any(text: str, signs: str) -> bool:
    """Return whether one of a few rare characters is in `text`; a regex takes three times as long.

    >>> has_any("a<b", "<>"), has_any("a+b", "<>")
    (True, False)
    """
    return any(map(text.__contains__, signs))


@functools.lru_cache(maxsize=2)
def rows(text: str) -> tuple[Row, ...]:
    r"""Return the rows of `text` that are not blank; kept for the step that reads it next.

    >>> [row.raw for row in rows("　　题目\n\n正文。\r\n")]
    ['题目', '正文。']
    """
    found: list[Row] = []
    at = 0
    odd = has_any(text, _OTHER_BREAKS)
    for line in text.split("\n"):
        if odd and has_any(line, _OTHER_BREAKS):
            for part in _LINE_RE.finditer(line):
                _add_rows(part.group(), at + part.start(), found)
        elif len(line) > _LONG_LINE or "&" in line:
            _add_rows(line, at, found)
        elif line:
            kept = line.strip(BLANK)
            if len(kept) == len(line):
                found.append(Row(at, at + len(line), line))
            else:
                _add_row(line, at, True, found)
        at += len(line) + 1
    return tuple(found)


def _add_rows(line: str, start: int, found: list[Row]) -> None:
    whole = True
    if len(line) > _LONG_LINE and ("   " in line or "\u3000\u3000" in line or "\xa0" in line):
        at = 0
        for gap in _GAP_RE.finditer(line.rstrip(BLANK), len(line) - len(line.lstrip(BLANK))):
            whole = False
            _add_row(line[at : gap.start()], start + at, whole, found)
            at = gap.end()
        line, start = line[at:], start + at
    _add_row(line, start, whole, found)


def _add_row(raw: str, start: int, whole: bool, found: list[Row]) -> None:
    if "&" in raw and "&nbsp;" in raw:
        bare = _LEADING_RE.sub("", raw)
        start += len(raw) - len(bare)
        raw = _TRAILING_RE.sub("", bare)
    kept = raw.strip(BLANK)
    if len(kept) != len(raw):
        start += len(raw) - len(raw.lstrip(BLANK))
    if kept:
        found.append(Row(start, start + len(kept), kept, whole))


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

    Where no row of prose has its end, open ones count. A page without prose is all body, so that
    only rules that convict alone apply to it.

    Args:
        page_rows: all rows of the page.
        notices: indices of prose that is not the article's: disclaimers.
    """
    own = [at for at in range(len(page_rows)) if at not in notices]
    for counts in (_is_prose, _is_open_prose):
        first = next((at for at in own if counts(page_rows[at])), None)
        if first is not None:
            return Zones(first, next(at for at in reversed(own) if counts(page_rows[at])) + 1)
    return Zones(0, len(page_rows))


_is_prose = operator.attrgetter("is_prose")
_is_open_prose = operator.attrgetter("is_open_prose")
