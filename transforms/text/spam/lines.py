"""Spam that is a line, a clause or a word: told by its words together with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from transforms.text.shadow import fold
from transforms.text.spam.blocks import DATED_RE
from transforms.text.spam.segments import Span, echo, sentence_marks, unmarked_pieces
from transforms.text.spam.sheet import EDGE_LINES, SHORT_HEADLINE, Finding, Sheet
from transforms.text.spam.verdict import ENOUGH_PROSE, FAINT_ECHO


def list_items(sheet: Sheet) -> Iterator[Finding]:
    """Single titles between the headlines of a list, told by the date that ends each line."""
    if not (sheet.alarmed or sheet.bilingual):
        return
    dated = [bool(DATED_RE.search(sheet.text[start:stop])) for start, stop in sheet.lines]
    numbers = [
        number
        for number, is_dated in enumerate(dated)
        if is_dated and True in dated[max(number - 1, 0) : number] + dated[number + 1 : number + 2]
    ]
    strangers = {
        number
        for number in numbers
        if sheet.is_title(number) and sheet.foreign_characters(sheet.lines[number]) > 0
    }
    if len(strangers) * 2 > len(numbers):
        strangers = set()
    for number in numbers:
        if _is_spam_title(sheet, number, number in strangers):
            yield Finding(*sheet.lines[number], "spam_list_item")


def _is_spam_title(sheet: Sheet, number: int, foreign: bool) -> bool:
    """Return whether a headline is all listed words, or strange to the list and the article."""
    weight = sheet.title_weights[number]
    line = sheet.lines[number]
    if weight == 2 or (foreign and weight):
        return True
    title = DATED_RE.sub("", sheet.folded(line))
    if foreign and len(title) >= SHORT_HEADLINE:
        return echo(title, sheet.known) <= FAINT_ECHO
    return weight > 0 and sheet.lexicon.coverage(title) >= COVERED_TITLE


COVERED_TITLE = 0.7
"""Share of a title in listed words that makes it spam without a strong one."""


def headlines(sheet: Sheet) -> Iterator[Finding]:
    """Keywords that a mark joins to the headline of the article."""
    for number, line in enumerate(sheet.lines[:EDGE_LINES]):
        joint = _JOINT_RE.search(sheet.text, *line)
        if sheet.marks[number] or not joint:
            continue
        front, rest = Span(line.start, joint.start()), Span(joint.end(), line.stop)
        if sheet.is_headline(rest) and _is_keyword(sheet, front):
            yield Finding(front.start, rest.start, "spam_keyword")
        elif sheet.is_headline(front) and _is_keyword(sheet, rest):
            yield Finding(front.stop, rest.stop, "spam_keyword")


def _is_keyword(sheet: Sheet, span: Span) -> bool:
    folded = sheet.folded(span)
    return sheet.lexicon.weigh(folded) == 2 and sheet.lexicon.coverage(folded) >= COVERED_TITLE


_JOINT_RE = re.compile(r"\s*[|｜丨_＿—–-]+\s*")


def contacts(sheet: Sheet) -> Iterator[Finding]:
    """Calls to write to an account, which name it and repeat themselves."""
    if not sheet.lexicon.contact.search(fold(sheet.text)):
        return
    for line in sheet.lines:
        pieces = list(unmarked_pieces(sheet.text, *line))
        prompts = [_prompts(sheet, piece) for piece in pieces]
        for touched, group in groupby(range(len(pieces)), key=lambda at: bool(prompts[at])):
            run = list(group)
            signs = [sign for at in run for sign in prompts[at]]
            if touched and len(signs) > 1 and any(map(_ACCOUNT_RE.match, signs)):
                stop = min(pieces[run[-1]].stop + 1, line.stop)
                yield Finding(pieces[run[0]].start, stop, "spam_contact")


def _prompts(sheet: Sheet, piece: Span) -> list[str]:
    """Return the prompts in a piece, and the accounts when there is a prompt."""
    folded = fold(sheet.text[slice(*piece)])
    if _NOTICE_RE.search(folded) or sheet.lexicon.is_protected(folded):
        return []
    prompts = [hit.group() for hit in sheet.lexicon.contact.finditer(folded)]
    return prompts + [hit.group() for hit in _ACCOUNT_RE.finditer(folded)] if prompts else []


_NOTICE_RE = re.compile(
    "公众号|(?:报名|投稿|订票|购票|咨询|预约|联系|参与)(?:方式|办法|渠道|途径)|征稿|志愿者"
)
"""What a piece speaks of that tells readers how to take part in what the article is about."""

_ACCOUNT_RE = re.compile(r"(?:微信|薇信|威信|vx|wx|v信|qq)(?:号码?)?[:：]?\s?[a-z0-9_-]{5,20}")


def lone_titles(sheet: Sheet) -> Iterator[Finding]:
    """A line of nothing but listed words, one of them strong, that the article says nothing of."""
    for number, weight in enumerate(sheet.title_weights):
        line = sheet.lines[number]
        if weight == 2 and _is_all_words(sheet, sheet.folded(line)):
            yield Finding(*line, "spam_title_line")


def _is_all_words(sheet: Sheet, folded: str) -> bool:
    return (
        len(folded) >= LONE_TITLE
        and folded.isalnum()
        and sheet.lexicon.coverage(folded) >= COVERED_TITLE
        and sheet.lexicon.count(folded) >= LONE_WORDS
        and len(sheet.prose) >= ENOUGH_PROSE
        and echo(folded, sheet.known) <= FAINT_ECHO
        and not sheet.lexicon.is_report(sheet.prose)
    )


LONE_TITLE = 10
"""Code points of the shortest title that is spam by itself.

It needs a strong word, and none stands in the 10,543 clean pages of `../shared/data`.
"""

LONE_WORDS = 3
"""Listed words in it, the same one counted again."""


def datelines(sheet: Sheet) -> Iterator[Finding]:
    """Keywords in front of the agency line that opens an article."""
    if not _DATELINE_RE.search(sheet.text):
        return
    for line in sheet.lines:
        source = sheet.text[line.start : min(line.stop, line.start + 80)]
        opening = _DATELINE_RE.search(source)
        front = source[: opening.start()] if opening else ""
        if not sentence_marks(front) and sheet.lexicon.weigh(fold(front)) == 2:
            yield Finding(line.start, line.start + len(front), "spam_keyword")


_DATELINE_RE = re.compile(
    "(?:中新网|中新社|新华社|新华网|人民网|央视网|中国网)[^\\s。]{1,20}?(?:日电|日讯|电)"
)


def keywords(sheet: Sheet) -> Iterator[Finding]:
    """Betting words that are a clause of their own in an article about something else."""
    if _TOPIC_RE.search(fold(sheet.prose)):
        return
    for clause in _CLAUSE_RE.finditer(sheet.text):
        start, stop = clause.span(2)
        folded = fold(clause.group(2))
        hit = sheet.lexicon.keyword.search(folded)
        if hit and hit.span() == (0, len(folded)):
            after_comma = clause.group(1) in ",，"
            yield Finding(start - after_comma, stop + (not after_comma), "spam_keyword")


_CLAUSE_RE = re.compile(r"(?<=[\w”」])?([,，。])([^\s\W]{2,10})(?=[,，。])")
_TOPIC_RE = re.compile("赌|博彩|投注|色情|淫秽|诈骗|扫黄|开奖|黑客")


def jammers(sheet: Sheet) -> Iterator[Finding]:
    """Random Latin tokens that forum software puts between lines against copying.

    Once is enough for those of Discuz. Where there are two on a page, less random ones go too.
    """
    if sheet.text.count(" ") < _FEWEST_SPACES or not _TOKEN_PAIR_RE.search(sheet.text):
        return
    runs = [run for run in _TOKENS_RE.finditer(sheet.text) if _ends_line(run)]
    found = [run for run in _DISCUZ_RE.finditer(sheet.text) if _ends_line(run) and _is_discuz(run)]
    if len(found) + sum(map(_is_random, runs)) > 1:
        found += filter(_is_jumbled, runs)
    yield from (Finding(*run.span(), "spam_jammer") for run in found)


_FEWEST_SPACES = 4
_TOKEN_PAIR_RE = re.compile("(?:^|\\s)[!-~]{1,3} +[!-~]{1,3} ")
_TOKENS_RE = re.compile(r"(?<![!-~])(?:[!-~]{1,3} +){4,}[!-~]{1,3}(?![!-~])")
_DISCUZ_RE = re.compile(r"(?<![!-~])(?:[!-;] +)?(?:[?-~][!-;]? +){4,}[?-~][!-;]?(?![!-~])")
"""What Discuz writes: by turns a character from 32 to 59, a space, and one from 63 to 126."""


def _ends_line(run: re.Match[str]) -> bool:
    """Return whether a run stands where a line was broken: at its ends, or behind a sentence."""
    text, start = run.string, run.start()
    before = text[max(0, start - 2) : start].strip(" \xa0\u3000")
    return before[-1:] in _BREAKS or bool(_BREAK_RE.match(text, run.end()))


_BREAKS = "\n。！？…”」』；;"
_BREAK_RE = re.compile(r"[^\S\n]*(?:\n|\Z)")


def _is_jumbled(run: re.Match[str]) -> bool:
    """Return whether a run of tokens is no list of numbers and no English."""
    tokens = run.group()
    return len(set(tokens)) > len(tokens) // 3 and bool(_MIXED_RE.search(tokens.replace(" ", "")))


_MIXED_RE = re.compile("[a-z][A-Z]|[a-zA-Z][^a-zA-Z]|[^a-zA-Z.,-][a-zA-Z]")


def _is_random(run: re.Match[str]) -> bool:
    """Return whether a fifth of the tokens mix cases, letters, digits and signs as words never do.

    A digit or sign behind letters is left out, which chords, moves and names of goods have too.
    """
    pieces = run.group().split()
    return sum(bool(_ODD_RE.search(piece)) for piece in pieces) * 5 >= len(pieces)


_ODD_RE = re.compile("[a-z][A-Z]|[0-9][A-Za-z]|[!$%&+:][A-Za-z0-9]|[A-Za-z0-9][!$%&:]")


def _is_discuz(run: re.Match[str]) -> bool:
    """Return whether half of the tokens are pairs in all variety.

    Chords and moves have letters from A to H, formulas those of one case, serial numbers no signs.
    """
    tokens = run.group()
    pieces = tokens.split()
    pairs = [piece for piece in pieces if len(piece) == 2]
    ends = {piece[1] for piece in pairs}
    kinds = ("0123456789", "!\"#$%&'*+-/")
    letters = {char for char in tokens if char.isalpha()}
    return (
        len(pairs) * 2 >= len(pieces)
        and len(ends) > 2
        and not any(map(ends.isdisjoint, kinds))
        and len({char for char in letters if char.lower() > "h"}) > 1
        and not (tokens.isupper() or tokens.islower())
    )
