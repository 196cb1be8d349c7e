"""Take out the pinyin that a mirror put behind characters: 強(qiáng) and 的(de)(de).

Such mirrors turn a page traditional character by character, then replace the bytes of some
traditional characters by the character and its usual reading. A page is judged as a whole
(`evidence.py`); when it is not convicted, nothing goes.
"""

from __future__ import annotations

import operator
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Le

from transforms.text.pinyin.broken_annotations import is_torn, repairs
from transforms.text.pinyin.evidence import is_toneless_mirror, mirrored_characters
from transforms.text.pinyin.readings import (
    LETTERS,
    Pair,
    has_tone,
    is_pair,
    is_usual,
    normalised,
    toneless_readings,
)
from transforms.text.records import Edit, Flag, Page, Rejected, apply_edits
from transforms.text.script.rewrites import with_texts
from transforms.text.script.to_simplified import traditional_only

STEP = "strip_pinyin"

BRACKET_RE = re.compile(rf"[(（](?<=(.).) ?([{LETTERS}]{{1,7}}) ?[)）]", re.DOTALL)
"""One reading in brackets; groups are the character before it and the reading."""

RUN_RE = re.compile(r"(?:[(（][a-zü]{1,6}[)）])+")
"""Toneless readings in brackets, one or more in a row."""

_TONELESS_RE = re.compile(r"[a-zü]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PinyinConfig:
    """Settings of `strip_pinyin`.

    Attributes:
        repair: restore characters that an annotation broke; otherwise only its remnant goes.
        min_pairs: fewest whole annotations on a page that is judged by them; one that broke a
            character convicts a page with fewer.
        max_broken_share: broken annotations per annotation, above which a page is flagged.
    """

    enabled: bool = True
    repair: bool = True
    min_pairs: Annotated[int, Ge(2)] = 2
    max_broken_share: Annotated[float, Ge(0), Le(1)] = 0.02


def strip_pinyin(page: Page, config: PinyinConfig) -> Page | Rejected:
    """Take out the annotations of a convicted page, and mend what they broke."""
    if ")" not in page.text and "）" not in page.text:
        return page
    found = list(BRACKET_RE.finditer(page.text))
    pairs = _count_pairs(found)
    if pairs.total() >= config.min_pairs:
        own = mirrored_characters(page.text, pairs)
        if own is not None:
            return _strip_toned(page, found, pairs, config, own)
        if is_toneless_mirror(page.text, pairs):
            return page.revised(list(_toneless_edits(page.text)))
    if _may_be_torn(page.text, found) and is_torn(page.text):
        return _strip_toned(page, found, pairs, config, traditional_only())
    return page


def _may_be_torn(text: str, found: Iterable[re.Match[str]]) -> bool:
    """Tell whether there are marks of damage, or readings behind letters."""
    return "?" in text or "\ufffd" in text or any("@" <= match[1] <= "~" for match in found)


def _count_pairs(found: Iterable[re.Match[str]]) -> Counter[Pair]:
    """Count the hanzi that have one of their own readings in brackets behind them."""
    pairs: Counter[Pair] = Counter()
    for (char, spelled), n in Counter(map(re.Match.groups, found)).items():
        pair = char, normalised(spelled)
        if is_pair(pair):
            pairs[pair] += n
    return pairs


def _strip_toned(
    page: Page,
    found: Iterable[re.Match[str]],
    pairs: Counter[Pair],
    config: PinyinConfig,
    own: Container[str],
) -> Page:
    """Take out the readings that the mirror put behind characters of its own."""
    due = _due_pairs(pairs, own)
    gone = _annotations(found, due)
    annotated = {char for char, _ in due}
    mended = repairs(page.text, annotated, config.repair and own is traditional_only())
    flags = [Flag.PINYIN_BROKEN] if len(mended) > config.max_broken_share * len(gone) else []
    meta, hints = (
        with_texts(given, lambda value: _without_annotations(value, own))
        for given in (page.meta, page.hints)
    )
    edits = _disjoint((*mended, *gone)) if mended else gone
    return page.revised(edits, flags=flags, meta=meta, hints=hints)


def _due_pairs(pairs: Counter[Pair], own: Container[str]) -> set[Pair]:
    """Return the usual readings, and others that come again: 們 has none with a tone."""
    return {
        pair
        for pair, n in pairs.items()
        if pair[0] in own and (is_usual(pair) or (n > 1 and has_tone(pair[1])))
    }


def _annotations(found: Iterable[re.Match[str]], due: Container[Pair]) -> list[Edit]:
    return [
        Edit._make((STEP, "pinyin_annotation", match.start(), match.end(), match[0], ""))
        for match in found
        if (match[1], normalised(match[2])) in due
    ]


def _without_annotations(text: str, own: Container[str]) -> str:
    """Return a short text of a convicted page, such as its title, without annotations."""
    found = list(BRACKET_RE.finditer(text))
    return apply_edits(text, _annotations(found, _due_pairs(_count_pairs(found), own)))


def _disjoint(edits: Sequence[Edit]) -> list[Edit]:
    """Return `edits` in order, without those that begin inside an earlier one."""
    kept: list[Edit] = []
    at = 0
    for edit in sorted(edits, key=operator.attrgetter("start")):
        if edit.start >= at:
            kept.append(edit)
            at = edit.stop
    return kept


def _toneless_edits(text: str) -> Iterator[Edit]:
    for run in RUN_RE.finditer(text):
        own = toneless_readings(text[run.start() - 1 : run.start()])
        for match in _TONELESS_RE.finditer(text, run.start(), run.end()):
            if match[0] in own:
                start, stop = match.start() - 1, match.end() + 1
                yield Edit(STEP, "pinyin_annotation", start, stop, text[start:stop])
