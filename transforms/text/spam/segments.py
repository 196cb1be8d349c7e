"""Blocks of segments: how spam lists are cut, counted and told from prose."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence, Set
from statistics import median
from typing import NamedTuple

from transforms.text.shadow import fold

SENTENCE_MARKS = frozenset("。！？!?")
_SENTENCE_RE = re.compile("[。！？!?]")
STUFFING = "*＊\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Characters that are put inside words so that filters do not find them."""
_QUOTES = "“”‘’「」『』《》"
_ODD_LETTERS = "_丨〡ㅣǀ\u2460-\u24ff\u2776-\u2793\u3220-\u32ff"
"""Bars and numbers in rings, which count as letters and join titles as marks do."""
_MARK_RE = re.compile(rf"[^\w\s{STUFFING}{_QUOTES}]|[{_ODD_LETTERS}\n\t\u3000]| {{2,}}")
_SPACE_RE = re.compile(rf"[^\w{STUFFING}{_QUOTES}]|[{_ODD_LETTERS}]")
_HARD_RE = re.compile("[|｜丨_＿¦‖/／\\\\·・•～~+=#★☆◆◇■□●○※→»›>^-]")


class Span(NamedTuple):
    """A half-open span of code points of the page."""

    start: int
    stop: int


class Segment(NamedTuple):
    """A piece between two separators, folded, without the stuffing that breaks words."""

    start: int
    stop: int
    folded: str


def line_spans(text: str) -> list[Span]:
    r"""Return the lines of `text` that hold more than white space, without their line breaks."""
    spans = []
    at = 0
    for line in text.split("\n"):
        stop = at + len(line)
        if line and not line.isspace():
            spans.append(Span(at, stop))
        at = stop + 1
    return spans


def sentence_marks(text: str) -> int:
    """Return the number of marks that end a sentence.

    A question mark behind a space at the very end is none: title lines of spam end so.
    """
    return len(_SENTENCE_RE.findall(text)) - text.endswith((" ?", " ？"))


def hard_separators(text: str) -> int:
    """Return the number of marks that join titles and menus and are rare in prose."""
    return len(_HARD_RE.findall(text))


def loose_marks(text: str) -> int:
    """Return the number of marks and spaces in `text` that are not those of clauses and sentences.

    A list that is not like prose has one for every segment but the first.
    """
    return len(_LOOSE_MARK_RE.findall(text))


def is_all_prose(text: str, loose: int) -> bool:
    """Return whether `is_prose_like` holds of `text`, `loose` marks in it, however it is cut."""
    clauses = len(_CLAUSE_RE.findall(text))
    return clauses * 5 > clauses + loose + 1


def joints_in(text: str) -> set[str]:
    """Return the marks in `text` that may join the lines of a wrapped list.

    Those of prose are left out: they would join any two lines.
    """
    return set(_JOINT_RE.findall(text))


def is_prose_like(text: str, size: int) -> bool:
    """Return whether a fifth of the marks that cut `text` in `size` pieces are those of prose.

    So is text that is mostly not Chinese: machine parts and English names repeat themselves too.
    """
    hanzi = len(_HANZI_RE.findall(text))
    return len(_CLAUSE_RE.findall(text)) * 5 > size or hanzi * 2 < len(text)


_CLAUSE_RE = re.compile("[，,、：:；;（()）《》“”]")
_JOINT_RE = re.compile(
    rf"[{_ODD_LETTERS}]|[^\w\s{STUFFING}{_QUOTES}，,、：:；;。．.！!？?…—（()）《》【】%％]"
)
_LOOSE_MARK_RE = re.compile(
    rf"[^0-9A-Za-z\u3400-\u4e27\u4e29-\u9fff{_QUOTES}，,、：:；;（()）。！？!?]"
)
_HANZI_RE = re.compile("[\u3400-\u9fff]")


def unmarked_pieces(text: str, start: int, stop: int) -> Iterator[Span]:
    """Yield the pieces of `text[start:stop]` between its sentence marks."""
    at = start
    for mark in _SENTENCE_RE.finditer(text, start, stop):
        yield Span(at, mark.start())
        at = mark.end()
    yield Span(at, stop)


def split(text: str, start: int, stop: int) -> list[Span]:
    """Cut `text[start:stop]` at its marks, or at spaces where it has fewer than two marks.

    Any mark but a quotation mark separates, so that a separator nobody listed cuts as well as `|`
    does: words in quotation marks are a report about them. Returns nothing where there is nothing
    to cut.
    """
    for separator in (_MARK_RE, _SPACE_RE):
        bounds = [hit.span() for hit in separator.finditer(text, start, stop)]
        if len(bounds) > 1:
            starts = [start, *(last for _, last in bounds)]
            stops = [*(first for first, _ in bounds), stop]
            spans = [Span(a, b) for a, b in zip(starts, stops, strict=True) if b - a > 1]
            if len(spans) > 2:
                return spans
    return []


def segments_of(text: str, spans: Sequence[Span]) -> list[Segment]:
    """Return the segments that stand at `spans`, without those of one character."""
    segments = [Segment(start, stop, tight(text[start:stop])) for start, stop in spans]
    return [segment for segment in segments if len(segment.folded) > 1]


@functools.lru_cache(maxsize=4096)
def tight(text: str) -> str:
    """Return `text` folded, without spaces and the stuffing that breaks words.

    >>> tight("無 *碼ＡＶ")
    '无码av'
    """
    return _STUFFED_RE.sub("", fold(text))


_STUFFED_RE = re.compile(r"[*\s]+")


class Traits(NamedTuple):
    """What a block of segments looks like. Shares are 0–1 of its segments.

    Attributes:
        size: number of segments.
        length: median length of a segment in code points.
        strong: share with a strong word.
    """

    size: int
    length: float
    strong: float
    any: float


def traits(segments: Sequence[Segment], weights: Sequence[int]) -> Traits:
    """Return the traits of a block; `weights` are what `Lexicon.weigh` says of its segments."""
    count = len(segments)
    return Traits(
        count,
        median(len(segment.folded) for segment in segments),
        sum(weight == 2 for weight in weights) / count,
        sum(weight > 0 for weight in weights) / count,
    )


def repeated_share(pieces: Sequence[str]) -> float:
    """Return the share of `pieces` with a bigram that other pieces have at another place.

    Titles made by a machine shuffle a small stock of words, so that a word stands now in front and
    now behind; the members of an honest list share a suffix (`大学`, `公司`) at one place only.

    >>> repeated_share(["甲乙丙丁", "戊己甲乙", "庚甲乙辛"])
    1.0
    >>> repeated_share(["南京大学", "苏州大学", "扬州大学"])
    0.0
    """
    places: dict[str, set[int]] = {}
    owners: dict[str, set[int]] = {}
    for number, piece in enumerate(dict.fromkeys(pieces)):
        for at in range(len(piece) - 1):
            bigram = piece[at : at + 2]
            place = 0 if at == 0 else 2 if at == len(piece) - 2 else 1
            places.setdefault(bigram, set()).add(place)
            owners.setdefault(bigram, set()).add(number)
    needed = max(2, len(pieces) // 8)
    wandering = {b for b, who in owners.items() if len(who) >= needed and len(places[b]) > 1}
    hits = sum(any(b in piece for b in wandering) for piece in pieces)
    return hits / len(pieces) if pieces else 0.0


def is_form(pieces: Sequence[str]) -> bool:
    """Return whether the pieces each set one thing against another: fixtures, routes, rates.

    What is on one side of a piece may be on the other side of the next.

    >>> is_form(["中国对日本", "日本对韩国"]), is_form(["新片在线", "在线新片"])
    (True, False)
    """
    return all(map(_RELATION_RE.search, pieces))


_RELATION_RE = re.compile("(?<=.)(?:vs?|[对兑至到战迎胜负平克比])(?=.)")


def bigrams(text: str) -> set[str]:
    """Return the distinct pairs of neighbouring characters of `text`."""
    return set(pairs(text))


def pairs(text: str) -> list[str]:
    """Return the pairs of neighbouring characters of `text`, one for each place."""
    return [text[at : at + 2] for at in range(len(text) - 1)]


def echo(piece: str, known: Set[str]) -> float:
    """Return the share of the bigrams of `piece` that are in `known`."""
    own = bigrams(piece)
    return len(own & known) / len(own) if own else 0.0
