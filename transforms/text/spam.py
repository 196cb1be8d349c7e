"""Take out what somebody put on the page to be found by search engines.

Words alone never delete prose: a block goes by its shape together with its words, its script or
its repetitions, a single line by its words together with its place. What cannot be cut out raises
a flag (`transforms/text/suspicion.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Annotated, NamedTuple

from annotated_types import Ge, Le

from transforms.text.lexicon import Lexicon, SpamWords, compiled
from transforms.text.records import Edit, Flag, Page, Rejected
from transforms.text.script import count_scripts
from transforms.text.segments import (
    Segment,
    Span,
    bigrams,
    echo,
    foreign_script,
    hard_separators,
    line_spans,
    sentence_marks,
    split,
    traits,
    unmarked_pieces,
)
from transforms.text.shadow import fold

STEP = "strip_spam"

Share = Annotated[float, Ge(0), Le(1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamConfig:
    """Settings of `strip_spam`.

    Attributes:
        lexicon: word lists.
        min_segments: segments a block has at least.
        strong_share: share of segments with a strong word that convicts a block …
        any_share: … together with this share with any word.
        foreign_share: share with any word that convicts a block in the other script at the edge
            of the page.
        repeated_share: share of segments with wandering bigrams that convicts a block without a
            known word, where script or length speak against it too.
    """

    enabled: bool = True
    lexicon: tuple[SpamWords, ...] = ()
    min_segments: Annotated[int, Ge(2)] = 3
    strong_share: Share = 0.3
    any_share: Share = 0.6
    foreign_share: Share = 0.4
    repeated_share: Share = 0.5


class Finding(NamedTuple):
    """A span to take out, and the rule that says so."""

    start: int
    stop: int
    reason: str


class Sheet:
    """A page as the rules of this step look at it."""

    def __init__(self, text: str, config: SpamConfig) -> None:
        self.text = text
        self.config = config
        self.lexicon: Lexicon = compiled(config.lexicon)
        self.lines = line_spans(text)
        self.marks = [sentence_marks(text[line.start : line.stop]) for line in self.lines]

    @cached_property
    def prose(self) -> str:
        """The lines that have a sentence mark, in which a block is a stranger."""
        return "\n".join(
            self.text[line.start : line.stop]
            for line, marks in zip(self.lines, self.marks, strict=True)
            if marks
        )

    @cached_property
    def known(self) -> set[str]:
        """The bigrams of the prose, folded."""
        return bigrams(fold(self.prose))

    @cached_property
    def has_strong_word(self) -> bool:
        """Whether a strong word stands anywhere."""
        return bool(self.lexicon.strong_anywhere.search(self.text))

    def at_edge(self, line: int) -> bool:
        """Return whether line number `line` is among the first or last three."""
        return line < EDGE_LINES or line >= len(self.lines) - EDGE_LINES

    def foreign(self, span: Span) -> bool:
        """Return whether `span` is written in the other script than the prose."""
        block = count_scripts(self.text[span.start : span.stop])
        return foreign_script(block, count_scripts(self.prose))


EDGE_LINES = 3
"""Non-blank lines at either end of a page that count as its edge.

Blocks stand in the first or last line in 21 of 22 pages of `contamination.md` 1.1; a mirror's own
title or footer may come before or after.
"""


def strip_spam(page: Page, config: SpamConfig) -> Page | Rejected:
    """Take spam blocks out."""
    sheet = Sheet(page.text, config)
    found = _merged([finding for rule in RULES for finding in rule(sheet)])
    if not found:
        return page
    edits = [
        Edit(STEP, reason, start, stop, page.text[start:stop])
        for start, stop, reason in _whole_lines(page.text, found)
    ]
    jammed = any(finding.reason == "spam_jammer" for finding in found)
    return page.revised(edits, flags=[Flag.JAMMER_TEXT] if jammed else [])


def _merged(found: list[Finding]) -> list[Finding]:
    """Return the findings in order, those that overlap as one under the rule that comes first."""
    merged: list[Finding] = []
    for finding in sorted(found, key=lambda finding: finding.start):
        if merged and finding.start < merged[-1].stop:
            last = merged[-1]
            merged[-1] = Finding(last.start, max(last.stop, finding.stop), last.reason)
        else:
            merged.append(finding)
    return merged


def _whole_lines(text: str, found: list[Finding]) -> Iterator[Finding]:
    """Widen findings that leave nothing of a line to the line with its break."""
    done = 0
    for start, stop, reason in found:
        head = text.rfind("\n", 0, start) + 1
        foot = text.find("\n", stop)
        foot = len(text) if foot < 0 else foot
        lead, tail = text[max(head, done) : start], text[stop:foot]
        if not tail.strip():
            stop = foot
        if not lead.strip():
            start = max(head, done)
        if start == head and stop == foot:
            stop, start = (foot + 1, start) if foot < len(text) else (foot, max(start - 1, done))
        done = stop
        yield Finding(start, stop, reason)


def marked_tails(sheet: Sheet) -> Iterator[Finding]:
    """A template phrase of a spider pool and the list behind it, to the end of its lines."""
    for marker in sheet.lexicon.marker.finditer(sheet.text):
        number = next(n for n, line in enumerate(sheet.lines) if line.stop >= marker.end())
        line = sheet.lines[number]
        block = sheet.text[marker.start() : line.stop]
        segments = split(sheet.text, marker.end(), line.stop)
        if len(segments) < sheet.config.min_segments or sentence_marks(block) > 1:
            continue
        start = _back_to_break(sheet.text, line.start, marker.start())
        yield Finding(start, _grown(sheet, number, 1), "spam_marker")


def _back_to_break(text: str, floor: int, start: int) -> int:
    """Return where the phrase begins that a marker is part of."""
    while start > floor and text[start - 1].isalnum():
        start -= 1
    return start


def blocks(sheet: Sheet) -> Iterator[Finding]:
    """Lists of segments: titles joined by any mark, in a line or between two sentences."""
    for number, (line, marks) in enumerate(zip(sheet.lines, sheet.marks, strict=True)):
        for piece in _candidates(sheet.text, line, marks):
            yield from _block(sheet, number, piece)


def _candidates(text: str, line: Span, marks: int) -> Iterator[Span]:
    """Yield the pieces of a line that have no sentence mark and may be a list."""
    if line.stop - line.start < SHORTEST_BLOCK:
        return
    source = text[line.start : line.stop]
    if not marks or (marks == 1 and source.rstrip()[-1] in "?？!！"):
        yield line
    elif hard_separators(source) > 1:
        yield from unmarked_pieces(text, *line)
    else:
        *_, tail = unmarked_pieces(text, *line)
        if tail.stop - tail.start >= SHORTEST_BLOCK:
            yield tail


SHORTEST_BLOCK = 10
"""Code points of the shortest list of three segments that is looked at."""


def _block(sheet: Sheet, number: int, piece: Span) -> Iterator[Finding]:
    segments = split(sheet.text, *piece)
    if len(segments) < sheet.config.min_segments:
        return
    weights = [sheet.lexicon.weigh(segment.folded) for segment in segments]
    if not _convicted(sheet, number, piece, segments, weights):
        return
    first, last = _without_headline(sheet, segments, weights)
    whole = first == 0 and last == len(segments) and piece == sheet.lines[number]
    if whole:
        start, stop = _grown(sheet, number, -1), _grown(sheet, number, 1)
    else:
        start, stop = segments[first].start, segments[last - 1].stop
        start = piece.start if first == 0 else start
        stop = piece.stop if last == len(segments) else segments[last].start
    yield Finding(start, stop, "spam_title_line" if number < EDGE_LINES else "spam_block")


def _convicted(
    sheet: Sheet,
    number: int,
    piece: Span,
    segments: Sequence[Segment],
    weights: Sequence[int],
) -> bool:
    config = sheet.config
    block = traits(segments, weights)
    if block.length > LONGEST_SEGMENT:
        return False
    if block.strong >= config.strong_share and block.any >= config.any_share:
        return block.length >= SHORT_SEGMENT or block.strong >= config.any_share
    if block.length < SHORT_SEGMENT or not sheet.at_edge(number):
        return False
    foreign = sheet.foreign(piece)
    if foreign and block.any >= config.foreign_share:
        return True
    return block.repeated >= config.repeated_share and _stranger(sheet, segments, foreign)


LONGEST_SEGMENT = 22
SHORT_SEGMENT = 4


def _stranger(sheet: Sheet, segments: Sequence[Segment], foreign: bool) -> bool:
    """Return whether a block without known words has nothing to do with the prose of the page."""
    if len(sheet.prose) < ENOUGH_PROSE:
        return False
    if len(segments) < (LIST_OF_STRANGERS if foreign else LONG_LIST_OF_STRANGERS):
        return False
    echoes = sum(echo(segment.folded, sheet.known) for segment in segments) / len(segments)
    return echoes <= FAINT_ECHO


ENOUGH_PROSE = 100
LIST_OF_STRANGERS = 4
LONG_LIST_OF_STRANGERS = 10
FAINT_ECHO = 0.25


def _without_headline(
    sheet: Sheet, segments: Sequence[Segment], weights: Sequence[int]
) -> tuple[int, int]:
    """Return the part of a block between headlines of the page that its ends may hold."""
    first, last = 0, len(segments)
    while first < last - 1 and _is_headline(sheet, segments[first], weights[first]):
        first += 1
    while last > first + 1 and _is_headline(sheet, segments[last - 1], weights[last - 1]):
        last -= 1
    return first, last


def _is_headline(sheet: Sheet, segment: Segment, weight: int) -> bool:
    return (
        weight == 0
        and len(segment.folded) >= SHORT_HEADLINE
        and echo(segment.folded, sheet.known) >= LOUD_ECHO
    )


SHORT_HEADLINE = 6
LOUD_ECHO = 0.5


def _grown(sheet: Sheet, number: int, direction: int) -> int:
    """Return the end of a block that goes on in the lines before (-1) or after (1) it."""
    text = sheet.text
    line = sheet.lines[number]
    joints = _joints(text[line.start : line.stop])
    end = line
    while 0 <= (number := number + direction) < len(sheet.lines):
        line = sheet.lines[number]
        source = text[line.start : line.stop]
        weight = sheet.lexicon.weigh(re.sub(r"[*\s]", "", fold(source)))
        adjacent = "\n\n" not in text[min(line.stop, end.stop) : max(line.start, end.start)]
        goes_on = bool(joints & _joints(source)) and (weight > 0 or adjacent)
        if sheet.marks[number] or not (goes_on or weight == 2):
            break
        end = line
    return end.stop if direction > 0 else end.start


def _joints(source: str) -> set[str]:
    return {char for char in source if not char.isalnum() and not char.isspace()} & set(JOINTS)


JOINTS = "|｜丨_＿¦‖/／·・•～~+=#★☆◆◇■□●○※→»-"


def short_lines(sheet: Sheet) -> Iterator[Finding]:
    """A list of titles with a line for each."""
    if not sheet.has_strong_word:
        return
    weights = [_line_weight(sheet, number) for number in range(len(sheet.lines))]
    numbers = range(len(weights))
    for suspect, group in groupby(numbers, key=lambda number: weights[number] > 0):
        run = list(group)
        while run and weights[run[0]] < 2:
            run.pop(0)
        while run and weights[run[-1]] < 2:
            run.pop()
        strong = sum(weights[number] == 2 for number in run)
        if suspect and len(run) >= 3 and strong >= sheet.config.strong_share * len(run):
            yield Finding(sheet.lines[run[0]].start, sheet.lines[run[-1]].stop, "spam_block")


def _line_weight(sheet: Sheet, number: int) -> int:
    start, stop = sheet.lines[number]
    if sheet.marks[number] or stop - start > LONGEST_LIST_ITEM:
        return 0
    return sheet.lexicon.weigh(re.sub(r"[*\s]", "", fold(sheet.text[start:stop])))


LONGEST_LIST_ITEM = 40


def list_items(sheet: Sheet) -> Iterator[Finding]:
    """Single titles between the headlines of a list, told by the date that ends each line."""
    if not sheet.has_strong_word:
        return
    dated = [bool(_DATED_RE.search(sheet.text[start:stop])) for start, stop in sheet.lines]
    for number, line in enumerate(sheet.lines):
        beside = dated[max(number - 1, 0) : number] + dated[number + 1 : number + 2]
        if dated[number] and any(beside) and _line_weight(sheet, number) == 2:
            yield Finding(*line, "spam_list_item")


_DATED_RE = re.compile(r"(?:\d{4}[-./年])?\d{1,2}[-./月]\d{1,2}日?[\])）】]?\s*$")


def contacts(sheet: Sheet) -> Iterator[Finding]:
    """Calls to write to an account: two prompts, or a prompt and an account, in one place."""
    for line in sheet.lines:
        source = sheet.text[line.start : line.stop]
        if not _ACCOUNT_HINT_RE.search(source):
            continue
        pieces = list(unmarked_pieces(sheet.text, *line))
        signs = [_contact_signs(sheet, piece) for piece in pieces]
        for touched, group in groupby(range(len(pieces)), key=lambda at: signs[at] > 0):
            run = list(group)
            if touched and sum(signs[at] for at in run) > 1:
                stop = min(pieces[run[-1]].stop + 1, line.stop)
                yield Finding(pieces[run[0]].start, stop, "spam_contact")


def _contact_signs(sheet: Sheet, piece: Span) -> int:
    folded = fold(sheet.text[piece.start : piece.stop])
    if "公众号" in folded:
        return 0
    prompts = sum(1 for _ in sheet.lexicon.contact.finditer(folded))
    return prompts + len(_ACCOUNT_RE.findall(folded)) if prompts else 0


_ACCOUNT_HINT_RE = re.compile("微信|薇信|威信|[Qq]{2}群|加群|[复複]制")
_ACCOUNT_RE = re.compile(r"(?:微信|薇信|威信|vx|wx|v信|qq)(?:号|号码)?[:：]?\s?[a-z0-9_-]{5,20}")


def datelines(sheet: Sheet) -> Iterator[Finding]:
    """Keywords in front of the agency line that opens an article."""
    if not sheet.has_strong_word:
        return
    for number, line in enumerate(sheet.lines):
        source = sheet.text[line.start : min(line.stop, line.start + 80)]
        opening = _DATELINE_RE.search(source)
        if opening and opening.start() > 1 and not sentence_marks(source[: opening.start()]):
            if sheet.lexicon.weigh(fold(source[: opening.start()])) == 2:
                yield Finding(line.start, line.start + opening.start(), "spam_keyword")


_DATELINE_RE = re.compile("(?:中新网|中新社|新华社|新华网|人民网|央视网|中国网)[^\\s。]{1,20}?(?:日电|日讯|电)")


def keywords(sheet: Sheet) -> Iterator[Finding]:
    """Betting words that are a clause of their own in an article about something else."""
    if not sheet.has_strong_word or _TOPIC_RE.search(fold(sheet.prose)):
        return
    for clause in _CLAUSE_RE.finditer(sheet.text):
        start, stop = clause.span(2)
        folded = fold(clause.group(2))
        hit = sheet.lexicon.keyword.search(folded)
        if hit and hit.span() == (0, len(folded)):
            after_comma = clause.group(1) in ",，、"
            yield Finding(
                start - after_comma, stop + (not after_comma), "spam_keyword"
            )


_CLAUSE_RE = re.compile(r"(?<=[\w”」])?([,，、。])([^\s\W]{2,10})(?=[,，、。])")
_TOPIC_RE = re.compile("赌|博彩|投注|色情|淫秽|诈骗|扫黄|开奖|黑客")


def jammers(sheet: Sheet) -> Iterator[Finding]:
    """Random Latin tokens that forum software puts between lines against copying."""
    found = [
        Finding(line.start + hit.start(), line.start + hit.end(), "spam_jammer")
        for line in sheet.lines
        for hit in _TOKENS_RE.finditer(sheet.text, *line)
        if _is_jammer(hit.group())
    ]
    if len(found) > 1:
        yield from found


_TOKENS_RE = re.compile(r"(?<![!-~])(?:[!-~]{1,3} +){3,}[!-~]{1,3}(?![!-~])")


def _is_jammer(tokens: str) -> bool:
    pieces = tokens.split()
    mixed = sum(bool(re.search(r"[a-zA-Z]", p)) and bool(re.search(r"[^a-zA-Z]", p)) for p in pieces)
    return mixed * 3 >= len(pieces) and len({*tokens}) * 2 > len(pieces)


RULES: tuple[Callable[[Sheet], Iterator[Finding]], ...] = (
    marked_tails,
    blocks,
    short_lines,
    list_items,
    contacts,
    datelines,
    keywords,
    jammers,
)
"""The rules, in the order in which they name what more than one of them finds."""
