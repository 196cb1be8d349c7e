"""Spam that is a line, a clause or a word: told by its words together with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from transforms.text.shadow import fold
from transforms.text.spam.blocks import DATED_RE
from transforms.text.spam.segments import Span, sentence_marks, unmarked_pieces
from transforms.text.spam.sheet import EDGE_LINES, Finding, Sheet


def list_items(sheet: Sheet) -> Iterator[Finding]:
    """Single titles between the headlines of a list, told by the date that ends each line."""
    dated = [bool(DATED_RE.search(sheet.text[start:stop])) for start, stop in sheet.lines]
    numbers = [
        number
        for number, is_dated in enumerate(dated)
        if is_dated and True in dated[max(number - 1, 0) : number] + dated[number + 1 : number + 2]
    ]
    strangers = {number for number in numbers if sheet.foreign(sheet.lines[number])}
    if len(strangers) * 2 > len(numbers):
        strangers = set()
    for number in numbers:
        if _is_spam_title(sheet, number, number in strangers):
            yield Finding(*sheet.lines[number], "spam_list_item")


def _is_spam_title(sheet: Sheet, number: int, foreign: bool) -> bool:
    """Return whether a headline is all listed words, or has one and does not fit the list."""
    weight = sheet.title_weights[number]
    if weight != 1 or foreign:
        return weight > 0
    title = DATED_RE.sub("", sheet.folded(sheet.lines[number]))
    return sheet.lexicon.coverage(title) >= COVERED_TITLE


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
    if "公众号" in folded or sheet.lexicon.is_protected(folded):
        return []
    prompts = [hit.group() for hit in sheet.lexicon.contact.finditer(folded)]
    return prompts + [hit.group() for hit in _ACCOUNT_RE.finditer(folded)] if prompts else []


_ACCOUNT_RE = re.compile(r"(?:微信|薇信|威信|vx|wx|v信|qq)(?:号码?)?[:：]?\s?[a-z0-9_-]{5,20}")


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
    """Random Latin tokens that forum software puts between lines against copying."""
    if not _TOKEN_PAIR_RE.search(sheet.text):
        return
    runs = [hit for hit in _TOKENS_RE.finditer(sheet.text) if _is_jumbled(hit.group())]
    if sum(_is_random(run.group()) for run in runs) > 1:
        yield from (Finding(*run.span(), "spam_jammer") for run in runs)


_TOKEN_PAIR_RE = re.compile(" [!-~]{1,3} +[!-~]{1,3} ")
_TOKENS_RE = re.compile(r"(?<![!-~])(?:[!-~]{1,3} +){4,}[!-~]{1,3}(?![!-~])")
_ODD_RE = re.compile(r"[a-z][A-Z]|[a-zA-Z][^a-zA-Z]|[^a-zA-Z.,-][a-zA-Z]")


def _is_jumbled(tokens: str) -> bool:
    """Return whether a run of tokens is no list of numbers and no English."""
    return len(set(tokens)) > len(tokens) // 3 and bool(_ODD_RE.search(tokens.replace(" ", "")))


def _is_random(tokens: str) -> bool:
    """Return whether a third of the tokens mix cases, letters, digits or signs."""
    pieces = tokens.split()
    return sum(bool(_ODD_RE.search(piece)) for piece in pieces) * 3 >= len(pieces)
