"""The element tree of a page as lines: one for each block of text, as a reader sees them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from transforms.text.html.line import CLOSE, HEADINGS, OPEN, Line, joined
from transforms.text.html.markup import BETWEEN_RE, SPACES, Element, unescape, written
from transforms.text.html.parts import PART_OF_TAG
from transforms.text.html.table_row import MAX_CELL, Cell, is_of_data, text_of
from transforms.text.html.traits import Traits, traits_of
from transforms.text.html.visibility import hidden_names, shows_again

_UNSEEN = frozenset(
    "script style noscript head title template svg math iframe object embed audio video canvas map"
    " datalist input img link meta param source track rt rp".split()
)
"""Elements that hold no text to read; `rt` is a reading above a character, an annotation."""
_BLOCKS = HEADINGS | frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt"
    " fieldset figcaption figure footer form frameset header hgroup hr html legend li main menu nav"
    " ol optgroup option p pre search section select summary table tbody textarea tfoot thead tr"
    " ul".split()
)
"""Elements that begin and end a line."""
_CELLS = frozenset(("td", "th"))
_PLACES = _BLOCKS | _CELLS
"""Elements that a line can be in."""
_PREFORMATTED = frozenset(("pre", "textarea"))
_TELLING = frozenset(("article", *PART_OF_TAG, *_PREFORMATTED))
"""Elements that hand something down without an attribute."""


class _Inside(NamedTuple):
    """What few elements change, and hand down to all that stands in them."""

    part: str = ""
    namer: int = 0
    hidden: str = ""
    hider: int = 0
    ruled: str = ""
    preformatted: bool = False
    ground: str = ""
    in_article: bool = False


_Broken: TypeAlias = tuple[list[str], int, list[Cell]]
"""A line that a hidden span broke off: its pieces, code points linked, and cells before them."""
_TellingSpan: TypeAlias = tuple[_Inside, bool, _Broken | None]
"""An open element of a line that changes something: state and link around it, what it broke off."""
_SPAN, _LINK = "", "a"
"""Open elements that change nothing, or nothing but that there is a link now."""


def render(root: Element) -> list[Line]:
    """Return the lines of a page in the order of its source, hidden ones too.

    The tree is used up (`written`).
    """
    sheets = [sheet.text or "" for sheet in root.iter("style")]
    return _Renderer(hidden_names(sheets)).render(written(root))


class _Renderer:
    """One walk over a page as libxml2 writes it. The methods with one name are what a tag does.

    The line at hand is `_pieces`, with the cells before it where it is a row of a table.
    """

    def __init__(self, hidden: frozenset[str]) -> None:
        self._hidden_names = hidden
        self._lines: list[Line] = []
        self._pieces: list[str] = []
        self._n_linked = 0
        self._cells: list[Cell] = []
        self._rows: list[tuple[list[Line], list[Cell]]] = []
        self._spans: list[_TellingSpan | str] = []
        self._places: list[tuple[str, _Inside, bool]] = []
        self._tag, self._depth, self._low = "html", 0, 0
        self._inside, self._linked = _Inside(), False
        self._n_named = self._n_unseen = 0

    def render(self, parts: list[str]) -> list[Line]:
        """Return the lines.

        Args:
            parts: of the page, tags and texts by turns.
        """
        texts = iter(parts[1::2])
        for tags in parts[::2]:
            seen = self._beyond(tags) if self._n_unseen else tags
            acts_of = _acts_of if len(seen) <= _MAX_KEPT else _acts_of.__wrapped__
            for do, name, traits in acts_of(seen, self._hidden_names):
                do(self, name, traits)
            text = next(texts, "")
            if text and not self._n_unseen:
                self._add(unescape(text) if "&" in text else text)
        return self._lines

    def _beyond(self, tags: str) -> str:
        """Return what stands behind the end of elements that are not seen, with an empty one."""
        at = 0
        for space in BETWEEN_RE.finditer(tags):
            self._n_unseen += _step(tags[at : space.start()])
            at = space.end()
            if not self._n_unseen:
                return _EMPTY + tags[space.start() :]
        self._n_unseen += _step(tags[at:])
        return "" if self._n_unseen else _EMPTY

    def void(self, _: str, __: Traits | None) -> None:
        self._pieces.append("")

    def unseen(self, depth: str, _: Traits | None) -> None:
        self._n_unseen = len(depth)

    def gap(self, space: str, _: Traits | None) -> None:
        if self._pieces or self._inside.preformatted:
            self._add(space)

    def line_break(self, _: str, __: Traits | None) -> None:
        self._flush()

    def cell_break(self, _: str, __: Traits | None) -> None:
        self._next_cell()

    def block(self, tag: str, _: Traits | None) -> None:
        if self._pieces or self._cells:
            self._flush()
        self._places.append((self._tag, self._inside, self._linked))
        self._tag = tag
        self._depth += 1

    def telling_block(self, tag: str, traits: Traits | None) -> None:
        self.block(tag, traits)
        self._inside = self._handed_down(tag, traits)

    def end_block(self, _: str, __: Traits | None) -> None:
        if self._pieces or self._cells:
            self._flush()
        self._leave()

    def cell(self, tag: str, traits: Traits | None) -> None:
        self._next_cell()
        self._places.append((self._tag, self._inside, self._linked))
        if traits is not None:
            self._inside = self._handed_down(tag, traits)
        self._tag = tag
        self._depth += 1
        self._rows.append((self._lines, self._cells))
        self._lines, self._cells = [], []

    def end_cell(self, _: str, __: Traits | None) -> None:
        if self._lines or self._cells or self._inside.hidden:
            self._flush()
        lines = self._lines
        self._lines, self._cells = self._rows.pop()
        if lines:
            self._cells.append(([], 0, lines))
        self._next_cell()
        self._leave()

    def _leave(self) -> None:
        self._tag, self._inside, self._linked = self._places.pop()
        self._depth -= 1
        if self._depth < self._low:
            self._low = self._depth

    def span(self, _: str, __: Traits | None) -> None:
        self._pieces.append(OPEN)
        self._spans.append(_SPAN)

    def link(self, _: str, __: Traits | None) -> None:
        self._pieces.append(OPEN)
        self._spans.append(_SPAN if self._linked else _LINK)
        self._linked = True

    def telling_span(self, tag: str, traits: Traits | None) -> None:
        """Begin an element of a line that says something of what stands in it."""
        outer, broken = self._inside, None
        self._pieces.append(OPEN)
        self._inside = self._handed_down(tag, traits)
        if self._inside.hidden and not outer.hidden:
            broken = self._pieces, self._n_linked, self._cells
            self._pieces, self._n_linked, self._cells = [], 0, []
        self._spans.append((outer, self._linked, broken))
        self._linked = self._linked or tag == "a"

    def end_span(self, _: str, __: Traits | None) -> None:
        opened = self._spans.pop()
        if isinstance(opened, str):
            if self._pieces and self._pieces[-1] is OPEN:
                self._pieces[-1] = ""
            else:
                self._pieces.append(CLOSE)
            if opened:
                self._linked = False
            return
        inside, linked, broken = opened
        if broken is None:
            self._pieces.append(CLOSE)
        else:
            self._flush()
            self._pieces, self._n_linked, self._cells = broken
        self._inside, self._linked = inside, linked

    def empty_span(self, tag: str, traits: Traits | None) -> None:
        self.telling_span(tag, traits)
        self.end_span(tag, traits)

    def _handed_down(self, tag: str, traits: Traits | None) -> _Inside:
        """Return what an element hands down whose tag or attributes say something."""
        part, namer, hidden, hider, ruled, pre, ground, article = self._inside
        article = article or tag == "article"
        named = PART_OF_TAG.get(tag, "") if tag != "footer" or not article else ""
        if traits is not None:
            named = named or traits.part
            ruled = ruled if ruled == "noise" else traits.ruled or ruled
            if hidden and shows_again(hidden, traits.style):
                hidden = ""
            if not hidden:
                is_ground = traits.colour and traits.colour == ground and not traits.ground
                hidden = traits.hidden or ("color" if is_ground else "")
                hider = self._number() if hidden else hider
            ground = traits.ground or ground
        if named:
            part, namer = named, self._number()
        pre = pre or tag in _PREFORMATTED
        return _Inside(part, namer, hidden, hider, ruled, pre, ground, article)

    def _number(self) -> int:
        self._n_named += 1
        return self._n_named

    def _add(self, text: str) -> None:
        if self._inside.preformatted and "\n" in text:
            for line in text.split("\n"):
                self._pieces.append(line)
                self._flush()
            return
        self._pieces.append(text)
        if self._linked:
            self._n_linked += len(text.strip(SPACES))

    def _next_cell(self) -> None:
        if self._pieces:
            self._cells.append((self._pieces, self._n_linked, []))
            self._pieces, self._n_linked = [], 0

    def _flush(self) -> None:
        """End the line."""
        if self._cells:
            self._next_cell()
            cells, self._cells = self._cells, []
            blocks = [line for _, _, lines in cells for line in lines]
            if not blocks:
                self._put_cells(cells)
            elif is_of_data(cells, self._inside.part, self._inside.ruled):
                self._low = min(self._low, *(line.low for line in blocks))
                self._lines += [line for line in blocks if line.hidden]
                self._put_cells(cells)
            else:
                self._put_blocks(cells, blocks[0].low)
        elif self._pieces:
            text = joined(self._pieces)
            if text:
                self._put(text, self._n_linked)
            self._pieces, self._n_linked = [], 0

    def _put_cells(self, cells: list[Cell]) -> None:
        """Put a row of data: short cells share a line, parted by tabs, long ones have one each."""
        texts = [cell for cell in map(text_of, cells) if cell[0]]
        if len(texts) > 1 and max(len(text) for text, _ in texts) <= MAX_CELL:
            texts = [("\t".join(text for text, _ in texts), sum(n for _, n in texts))]
        for text, n_linked in texts:
            self._put(text, n_linked)

    def _put_blocks(self, cells: list[Cell], low: int) -> None:
        """Put a row that lays out a page: the plain cells between those with blocks, and these."""
        plain: list[Cell] = []
        self._low = low
        for cell in [*cells, ([], 0, [])]:
            if cell[0]:
                plain.append(cell)
                continue
            self._put_cells(plain)
            plain = []
            if cell[2]:
                cell[2][0].low = min(cell[2][0].low, self._low)
                self._lines += cell[2]
                self._low = self._depth

    def _put(self, text: str, n_linked: int) -> None:
        part, namer, hidden, hider, ruled = self._inside[:5]
        depth = self._depth
        low = min(depth, self._low)
        n_linked = n_linked and min(n_linked, len(text))
        self._lines.append(
            Line(text, n_linked, depth, low, self._tag, part, namer, hidden, hider, ruled)
        )
        self._low = depth


_Do: TypeAlias = Callable[[_Renderer, str, Traits | None], None]
_Act: TypeAlias = tuple[_Do, str, Traits | None]
"""What a tag does: the method, name of the element, and what its attributes say."""


@functools.lru_cache(maxsize=4096)
def _acts_of(tags: str, hidden_names: frozenset[str]) -> tuple[_Act, ...]:
    """Return what the tags between two texts do; the pages of a site have the same ones.

    White space between two tags is text, unless a line ends there anyway.
    """
    acts: list[_Act] = []
    depth, at_end = 0, False
    parts = BETWEEN_RE.split(tags) if tags else []
    for tag, space in zip(parts[::2], ["", *parts[1::2]], strict=False):
        if depth:
            depth += _step(tag)
            continue
        act = _act_of(tag, hidden_names)
        is_end, is_void = act[1] in _ENDING, act[0] is _Renderer.void
        if space and not is_end and not at_end:
            acts.append((_Renderer.gap, space, None))
        if not is_void or (acts and acts[-1][0] in _SPANS):
            acts.append(act)
        depth = _step(tag) if is_void else 0
        at_end = is_end or (at_end and is_void)
    return (*acts, (_Renderer.unseen, " " * depth, None)) if depth else tuple(acts)


_MAX_KEPT = 2000
"""Code points of the longest tags that are kept for the next page."""
_EMPTY = "script/"
_ENDING = _PLACES | {"br"}
_SPANS = (_Renderer.span, _Renderer.link, _Renderer.telling_span)


def _step(tag: str) -> int:
    """Return by how much a tag changes the number of open elements."""
    return 0 if tag[-1] == "/" else -1 if tag[0] == "/" else 1


@functools.lru_cache(maxsize=4096)
def _act_of(tag: str, hidden_names: frozenset[str]) -> _Act:
    """Return what a tag does."""
    name = tag.strip("/").split(None, 1)[0]
    if name in _UNSEEN:
        return _Renderer.void, name, None
    if name == "br":
        return _Renderer.line_break, name, None
    if tag[0] == "/":
        return _end_of(name), name, None
    traits = traits_of(tag, hidden_names) if " " in tag else None
    if tag[-1] == "/":
        return _empty_of(name, traits), name, traits
    return _begin_of(name, traits), name, traits


def _empty_of(name: str, traits: Traits | None) -> _Do:
    """Return what an element does that holds nothing."""
    if name in _PLACES:
        return _Renderer.cell_break if name in _CELLS else _Renderer.line_break
    return _Renderer.void if traits is None else _Renderer.empty_span


def _begin_of(name: str, traits: Traits | None) -> _Do:
    if name in _CELLS:
        return _Renderer.cell
    if name in _BLOCKS:
        tells = traits is not None or name in _TELLING
        return _Renderer.telling_block if tells else _Renderer.block
    if traits is not None:
        return _Renderer.telling_span
    return _Renderer.link if name == "a" else _Renderer.span


def _end_of(name: str) -> _Do:
    if name in _PLACES:
        return _Renderer.end_cell if name in _CELLS else _Renderer.end_block
    return _Renderer.end_span
