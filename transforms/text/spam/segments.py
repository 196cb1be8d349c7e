"""Blocks of segments: how spam lists are cut, counted and told from prose."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple

from transforms.text.script.to_simplified import ScriptCounts
from transforms.text.shadow import fold

SENTENCE_MARKS = frozenset("。！？!?")
_SENTENCE_RE = re.compile("[。！？!?]")
STUFFING = "*＊\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Characters that are put inside words so that filters do not find them."""
_QUOTES = "“”‘’「」『』《》"
_MARK_RE = re.compile(rf"[^\w\s{STUFFING}{_QUOTES}]|[_丨\n\t\u3000]| {{2,}}")
_SPACE_RE = re.compile(rf"[^\w{STUFFING}{_QUOTES}]|[_丨]")
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
    """Return the number of marks that end a sentence."""
    return len(_SENTENCE_RE.findall(text))


def hard_separators(text: str) -> int:
    """Return the number of marks that join titles and menus and are rare in prose."""
    return len(_HARD_RE.findall(text))


def is_prose_like(text: str, size: int) -> bool:
    """Return whether a fifth of the marks that cut `text` in `size` pieces are those of prose.

    So is text that is mostly not Chinese: machine parts and English names repeat themselves too.
    """
    hanzi = len(_HANZI_RE.findall(text))
    return len(_CLAUSE_RE.findall(text)) * 5 > size or hanzi * 2 < len(text)


_CLAUSE_RE = re.compile("[，,、：:；;（()）《》“”]")
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
    return _LOOSE_RE.sub("", fold(text))


_LOOSE_RE = re.compile(r"[*\s]+")


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


def foreign_script(block: ScriptCounts, prose: ScriptCounts) -> bool:
    """Return whether a block is written in the other script than the prose around it.

    A mirror converts the article to traditional script and pastes its spam in simplified; a block
    for Taiwan on a simplified page is the other way round.
    """
    told = max(TELLING, MARKED_SHARE * prose.shared)
    if prose.traditional >= told and prose.simplified * 4 < prose.traditional:
        return block.simplified >= 2 and not block.traditional
    if prose.simplified >= told and prose.traditional * 20 < prose.simplified:
        return block.traditional >= 2 and not block.simplified
    return False


TELLING = 10
"""Characters of one script only that a text needs before its script is taken for known."""

MARKED_SHARE = 0.08
"""The same per character of both scripts. Clean news in its own script has 0.33 to 0.77."""


def bigrams(text: str) -> set[str]:
    """Return the distinct pairs of neighbouring characters of `text`."""
    return {text[at : at + 2] for at in range(len(text) - 1)}


def echo(piece: str, known: set[str]) -> float:
    """Return the share of the bigrams of `piece` that are in `known`."""
    own = bigrams(piece)
    return len(own & known) / len(own) if own else 0.0
