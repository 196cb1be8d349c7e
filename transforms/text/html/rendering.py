"""The element tree of a page as lines: one for each block of text, as a reader sees them."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from transforms.text.html.markup import Element
from transforms.text.html.parts import PART_OF_TAG, part_of_names
from transforms.text.html.visibility import (
    colours,
    hidden_names,
    hides,
    hides_by_class,
    shows_again,
)

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
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


@dataclass(slots=True)
class Line:
    """One line of the rendered page.

    Attributes:
        text: without the white space that HTML does not show.
        n_linked: code points of it that are links.
        depth: number of blocks around it.
        low: the least depth between the line before and this one; what both have in common.
        tag: the block it is in.
        part: the part of the page it is in, where an element or its name says one.
        namer: number of the element that says so, from 1.
        hidden: the property that hides it; empty if it is seen.
        hider: number of the element that hides it, from 1.
        block: the element it is in.
        weight: code points that count as prose, once they were counted.
    """

    text: str
    n_linked: int
    depth: int
    low: int
    tag: str
    part: str
    namer: int
    hidden: str
    hider: int
    block: Element
    weight: float = -1.0


class _Inherited(NamedTuple):
    """What few elements change, and hand down to all that stands in them."""

    part: str = ""
    namer: int = 0
    hidden: str = ""
    hider: int = 0
    linked: bool = False
    preformatted: bool = False
    ground: str = ""
    in_article: bool = False


_State: TypeAlias = tuple[Element, str, int, _Inherited]
"""Where the walk is: the block, its tag, the number of blocks around it, what they hand down."""


class _Traits(NamedTuple):
    """What class, id and style of an element say: its part, what hides it, the style itself."""

    part: str
    hidden: str
    style: str


_Broken: TypeAlias = tuple[list[str], int, list[tuple[list[str], int]]]
"""A line that a hidden span broke off: its pieces, code points linked, and cells before them."""

_Close: TypeAlias = tuple[Element, _State, str, _Broken | None]
"""The end of an element: the state to go back to, its tag, and the line that it broke off."""


@functools.lru_cache(maxsize=4096)
def _traits_of(attributes: tuple[str | None, ...]) -> _Traits | None:
    """Return what attributes say, None for nothing; the pages of a site have the same ones."""
    classes, identity, style = (value or "" for value in attributes[:3])
    hidden, aria_hidden = attributes[3:]
    if hidden is not None and hidden != "until-found":
        hider = "hidden"
    elif aria_hidden == "true":
        hider = "aria-hidden"
    else:
        hider = hides(style) or ("class" if hides_by_class(classes) else "")
    part = part_of_names(classes, identity)
    return _Traits(part, hider, style) if part or hider or style else None


def render(root: Element) -> list[Line]:
    """Return the lines of a page in the order of its source, hidden ones too."""
    sheets = [sheet.text or "" for sheet in root.iter("style")]
    return _Renderer(hidden_names(sheets)).render(root)


class _Renderer:
    """One walk over the tree, without recursion: pages nest thousands deep.

    The line at hand is `_pieces`, with the cells before it where it is a row of a table.
    """

    def __init__(self, hidden: frozenset[str]) -> None:
        self._hidden_names = hidden
        self._lines: list[Line] = []
        self._pieces: list[str] = []
        self._n_linked = 0
        self._cells: list[tuple[list[str], int]] = []
        self._low = 0
        self._n_named = 0
        self._known: dict[tuple[str | None, ...], _Traits | None] = {}

    def render(self, root: Element) -> list[Line]:
        state: _State = (root, "html", 0, _Inherited())
        stack: list[Element | _Close] = [root]
        while stack:
            top = stack.pop()
            if isinstance(top, tuple):
                element, outer, tag, broken = top
                if tag in _PLACES or broken is not None:
                    self._end(tag, broken, state, outer[2])
                else:
                    self._pieces.append(_CLOSE)
                state, text = outer, element.tail
            elif (tag := top.tag) in _UNSEEN:
                text = top.tail
            elif tag == "br":
                self._flush(state)
                text = top.tail
            else:
                traits = self._traits(top)
                if traits is None and tag not in _PLACES and not len(top):
                    self._add_leaf(top.text, state, tag == "a")
                    text = top.tail
                else:
                    outer, state = state, self._begin(top, tag, traits, state)
                    broken = None
                    if tag not in _BLOCKS and state[3].hidden and not outer[3].hidden:
                        broken = self._broken_off()
                    stack.append((top, outer, tag, broken))
                    text = top.text
                    stack.extend(top[::-1])
            if text and (self._pieces or state[3].preformatted or text.strip(_SPACES)):
                self._add(text, state)
        return self._lines

    def _traits(self, element: Element) -> _Traits | None:
        """Return what the attributes of an element say; None where they say nothing."""
        get = element.get
        key = (get("class"), get("id"), get("style"), get("hidden"), get("aria-hidden"))
        try:
            return self._known[key]
        except KeyError:
            known = _traits_of(tuple([value and value[:_MAX_NAMES] for value in key]))
            self._known[key] = self._by_sheet(key[0] or "", key[1] or "", known)
            return self._known[key]

    def _by_sheet(self, classes: str, identity: str, known: _Traits | None) -> _Traits | None:
        """Return the traits of an element with what the page's own style sheets hide."""
        if not self._hidden_names or (known and known.hidden):
            return known
        names = {f"#{identity}", *(f".{name}" for name in classes.split())}
        if names.isdisjoint(self._hidden_names):
            return known
        return (known or _Traits("", "", ""))._replace(hidden="style sheet")

    def _begin(self, element: Element, tag: str, traits: _Traits | None, state: _State) -> _State:
        """Return the state inside `element`, with the line before it ended where it is a block."""
        block, name, depth, inherited = state
        if tag in _BLOCKS:
            if self._pieces or self._cells:
                self._flush(state)
        elif tag in _CELLS:
            self._next_cell()
        else:
            self._pieces.append(_OPEN)
        if traits is not None or tag in _TELLING:
            inherited = self._inherited(tag, traits, inherited)
        if tag in _PLACES:
            return element, tag, depth + 1, inherited
        return block, name, depth, inherited

    def _inherited(self, tag: str, traits: _Traits | None, outer: _Inherited) -> _Inherited:
        """Return what an element hands down, whose tag or attributes say something."""
        part, namer, hidden, hider, linked, pre, ground, article = outer
        article = article or tag == "article"
        named = PART_OF_TAG.get(tag, "") if tag != "footer" or not article else ""
        if traits is not None:
            named = named or traits.part
            text, own = colours(traits.style)
            if hidden and shows_again(hidden, traits.style):
                hidden = ""
            if not hidden:
                hidden = traits.hidden or ("color" if text and text == ground and not own else "")
                hider = self._number() if hidden else hider
            ground = own or ground
        if named:
            part, namer = named, self._number()
        linked, pre = linked or tag == "a", pre or tag in _PREFORMATTED
        return _Inherited(part, namer, hidden, hider, linked, pre, ground, article)

    def _number(self) -> int:
        self._n_named += 1
        return self._n_named

    def _broken_off(self) -> _Broken:
        """Put the line at hand aside, for a hidden element inside it."""
        broken = self._pieces, self._n_linked, self._cells
        self._pieces, self._n_linked, self._cells = [], 0, []
        return broken

    def _end(self, tag: str, broken: _Broken | None, state: _State, depth: int) -> None:
        if broken is not None:
            self._flush(state)
            self._pieces, self._n_linked, self._cells = broken
        elif tag in _CELLS:
            self._next_cell()
        elif self._pieces or self._cells:
            self._flush(state)
        if depth < self._low:
            self._low = depth

    def _add(self, text: str, state: _State) -> None:
        if state[3].preformatted and "\n" in text:
            for line in text.split("\n"):
                self._pieces.append(line)
                self._flush(state)
            return
        self._pieces.append(text)
        if state[3].linked:
            self._n_linked += len(text.strip(_SPACES))

    def _add_leaf(self, text: str | None, state: _State, linked: bool) -> None:
        """Add an element of a line that holds nothing but text."""
        if text and not state[3].preformatted:
            self._pieces += (_OPEN, text, _CLOSE)
            if linked or state[3].linked:
                self._n_linked += len(text.strip(_SPACES))
        elif text:
            self._add(text, state)

    def _next_cell(self) -> None:
        if self._pieces:
            self._cells.append((self._pieces, self._n_linked))
            self._pieces, self._n_linked = [], 0

    def _flush(self, state: _State) -> None:
        """End the line: short cells share one, parted by tabs, long ones have one each."""
        if self._cells:
            self._next_cell()
            cells = [(joined(pieces), n_linked) for pieces, n_linked in self._cells]
            cells = [(text, n_linked) for text, n_linked in cells if text]
            self._cells = []
            if len(cells) > 1 and max(len(text) for text, _ in cells) <= MAX_CELL:
                cells = [("\t".join(text for text, _ in cells), sum(n for _, n in cells))]
            for text, n_linked in cells:
                self._put(text, n_linked, state)
        elif self._pieces:
            text = joined(self._pieces)
            if text:
                self._put(text, self._n_linked, state)
            self._pieces, self._n_linked = [], 0

    def _put(self, text: str, n_linked: int, state: _State) -> None:
        block, tag, depth, (part, namer, hidden, hider, *_) = state
        low = min(self._low, depth)
        n_linked = min(n_linked, len(text))
        self._lines.append(Line(text, n_linked, depth, low, tag, part, namer, hidden, hider, block))
        self._low = depth


_MAX_NAMES = 2000
"""Code points of a class, an id or a style that are read; they are kept for the next page."""
_PREFORMATTED = frozenset(("pre", "textarea"))
_TELLING = frozenset(("a", "article", *PART_OF_TAG, *_PREFORMATTED))
"""Elements that hand something down without an attribute."""
MAX_CELL = 60
"""Code points of the longest cell that shares a line with the others of its row; tables that lay
out a page have longer ones."""
_OPEN, _CLOSE = "\x01", "\x02"
"""Stand in a line for the ends of the elements inside it; HTML has no such characters."""
_ENDS_RE = re.compile(f"[{_OPEN}{_CLOSE}]+")
_GAP_RE = re.compile(f"[ \t\n\r\f]*{_CLOSE}[ \t\n\r\f{_OPEN}{_CLOSE}]*|(?<![:：{_CLOSE}]){_OPEN}+")
LABELS_RE = re.compile(
    r"(?:19|20)\d\d ?[-/.年] ?\d|[来來]源|作者|[记記]者|[编編][辑輯]|[责責][编編]|[发發][布表]"
)
_MAX_LABELS = 150


def joined(pieces: list[str]) -> str:
    """Return a line; in a row of labels two spaces stand where an element ends.

    Such rows are set apart by style sheets: `<span>2024-08-06</span><span>江城日报</span>`.
    """
    text = "".join(pieces)
    plain = squeeze(text.replace(_OPEN, "").replace(_CLOSE, ""))
    if _CLOSE not in text or len(plain) > _MAX_LABELS or "。" in plain:
        return plain
    text = text.strip(_SPACES + _OPEN + _CLOSE)
    if not (_OPEN in text or _CLOSE in text) or not LABELS_RE.search(plain):
        return plain
    parts = (squeeze(_ENDS_RE.sub("", part)) for part in _GAP_RE.split(text))
    return "  ".join(filter(None, parts))


_SPACES = " \t\n\r\f"
_SPACE_RE = re.compile(r"[ \t\n\r\f]+")
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_BREAK_RE = re.compile(rf"(?<=[{_WIDE}])[ \t]*[\n\r][ \t\n\r\f]*(?=[{_WIDE}])")


def squeeze(text: str) -> str:
    r"""Return `text` as HTML shows it: white space is one space, a break inside Chinese is none.

    >>> squeeze(" 会议\n  强调 　要 ")
    '会议强调 　要'
    """
    text = text.strip(_SPACES)
    if "\n" in text or "\r" in text:
        text = _BREAK_RE.sub("", text)
    elif "  " not in text and "\t" not in text:
        return text
    return _SPACE_RE.sub(" ", text)
