"""Paragraphs that say who may use a page and who answers for it, and are no part of the article."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from transforms.text.boilerplate.line_rules import RuleSet
from transforms.text.layout import Row
from transforms.text.metadata.headline import overlap

_LEGAL_RE = re.compile(
    r"[权權载載侵责責]|[声聲]明|[观觀][点點]|[参參]考|本[站网網]|平[台臺]|承[担擔]|"
    r"[许許]可|著作"
)
_GATE_RE = re.compile("[权權载載侵责責声聲观觀参參站网網台臺承许許著]")
"""A character of each word of `_LEGAL_RE`: a class of characters is found ten times as fast."""
_REPORT_RE = re.compile(r"\d月\d{1,2}日|告[诉訴]|律[师師]|法院|介[绍紹]|指出|[记記]者[从從说說在]")
"""Signs of a report on rights, which is no disclaimer."""
_ONE_SENTENCE = 60
_SENTENCES_RE = re.compile("[。!?;]")
_MIN_SAID = 0.5
"""Share of a disclaimer's sentences that speak of rights; an article may have one or two."""
_NUMBERED_RE = re.compile(r"[(（]?[\d一二三四五六七八九十]{1,2}[、.．)）]")


def disclaimers(
    page_rows: Sequence[Row], terms: RuleSet, frequent: Collection[int] = ()
) -> set[int]:
    """Return the indices of the disclaimers above and below the article.

    Args:
        page_rows: all rows of the page.
        terms: sentences of disclaimers, a vote each.
        frequent: indices of rows that many pages of the site have, which is a vote, too.
    """
    order = range(len(page_rows))
    found = _notices_from(page_rows, order[::-1], terms, frequent, 2)
    return found | _notices_from(page_rows, order, terms, frequent, 3)


def _notices_from(
    page_rows: Sequence[Row],
    order: range,
    terms: RuleSet,
    frequent: Collection[int],
    enough: int,
) -> set[int]:
    """Walk from one end until a row of prose that is no disclaimer.

    A disclaimer has `enough` votes, or one and speaks of nothing that the page speaks of; a
    sentence below the article that is too short for prose needs none then. A numbered paragraph
    with one vote goes with the numbered disclaimers beside it.
    """
    found: set[int] = set()
    pending: list[int] = []
    for at in order:
        row = page_rows[at]
        votes = _votes(row, terms, at in frequent)
        may_be = votes or (row.ends_sentence and not row.is_prose)
        if votes >= enough or (may_be and order.step < 0 and _is_foreign(page_rows, at)):
            found.update((at, *pending))
            pending = []
        elif votes and _NUMBERED_RE.match(row.raw):
            near = at - order.step in found
            (found.add if near else pending.append)(at)
        elif row.is_prose:
            break
    return found


def _is_foreign(page_rows: Sequence[Row], at: int) -> bool:
    """Return whether a row speaks of texts and shares hardly a word with the prose above it."""
    raw = page_rows[at].raw
    if len(raw) > _LONGEST_FOREIGN or "《" in raw or not _WORK_RE.search(raw):
        return False
    above = ""
    for row in page_rows[:at]:
        if len(above) > _ENOUGH:
            break
        above += row.raw[:_ENOUGH] if len(row.raw) >= _SHORTEST_STORY else ""
    return len(above) > _MIN_STORY and overlap(raw, above) < _FOREIGN


_WORK_RE = re.compile(
    "稿|作品|本[网網站页頁栏欄文刊]|[图圖照]片|[编編][辑輯]部|著作[权權]|版[权權]|"
    "[转轉][载載]|平[台臺]"
)
_LONGEST_FOREIGN = 120
"""Code points of the longest disclaimer with one vote: a sentence or two."""
_ENOUGH = 5000
_MIN_STORY = 200
_SHORTEST_STORY = 30
"""Code points of the shortest row that counts as story; it may be half a paragraph."""
_FOREIGN = 0.1
"""Share of a paragraph's pairs of characters that the article has; its own paragraphs have more."""


def _votes(row: Row, terms: RuleSet, is_frequent: bool) -> int:
    """Return the votes of a row: the sentences of disclaimers that stand in it, and frequency."""
    gate = _GATE_RE.search(row.raw)
    if not gate or not _LEGAL_RE.search(row.raw, max(0, gate.start() - 1)):
        return 0
    if _REPORT_RE.search(row.raw):
        return 0
    votes = terms.find(row)
    if len(votes) > 1 and len(row.raw) > _ONE_SENTENCE:
        said = [Row(0, 0, part) for part in _SENTENCES_RE.split(row.tight) if len(part) > 5]
        if sum(bool(terms.find(part)) for part in said) < _MIN_SAID * len(said):
            votes = []
    return len(votes) + is_frequent
