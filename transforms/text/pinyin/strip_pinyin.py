"""Take out the pinyin that a mirror put behind characters: 強(qiáng) and 的(de)(de).

Such mirrors turn a page traditional character by character, then replace the bytes of some
traditional characters by the character and its usual reading. So on a page that one of them made
the annotated characters are traditional ones, each annotated always or never, and always with the
reading that stands first in a dictionary. A person's gloss is none of that: it stands once, behind
a rare or ambiguous character. A page is judged as a whole; when it is not convicted, nothing goes.
"""

from __future__ import annotations

import operator
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import numpy as np
from annotated_types import Ge, Le

from transforms.text.charmodel import log_p, units_of
from transforms.text.pinyin.broken_annotations import repairs
from transforms.text.pinyin.readings import (
    LETTERS,
    Pair,
    has_tone,
    is_pair,
    is_usual,
    normalised,
    readings,
    toneless_readings,
)
from transforms.text.records import Edit, Flag, Page, Rejected, apply_edits, removals
from transforms.text.script.rewrites import with_texts
from transforms.text.script.to_simplified import count_scripts, simplified_only, traditional_only

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
        min_pairs: fewest annotated characters on a page that is judged at all.
        max_broken_share: broken annotations per annotation, above which a page is flagged.
    """

    enabled: bool = True
    repair: bool = True
    min_pairs: Annotated[int, Ge(2)] = 2
    max_broken_share: Annotated[float, Ge(0), Le(1)] = 0.02


def strip_pinyin(page: Page, config: PinyinConfig) -> Page | Rejected:
    """Take out the annotations of a convicted page, and mend what they broke."""
    if "(" not in page.text and "（" not in page.text:
        return page
    pairs = count_pairs(page.text)
    if pairs.total() < config.min_pairs:
        return page
    n_hanzi = count_scripts(page.text).hanzi
    for own, judge in _JUDGES:
        if judge(_weigh(page.text, pairs, own(), n_hanzi)):
            return _strip_toned(page, pairs, own(), config)
    if _is_toneless_mirror(page.text, pairs, n_hanzi):
        return page.revised(list(_toneless_edits(page.text)))
    return page


def count_pairs(text: str) -> Counter[Pair]:
    """Count the hanzi that have one of their own readings in brackets behind them."""
    pairs: Counter[Pair] = Counter()
    for (char, spelled), n in Counter(BRACKET_RE.findall(text)).items():
        pair = char, normalised(spelled)
        if is_pair(pair):
            pairs[pair] += n
    return pairs


COMMON_LOG_P = -10.6
"""Log-probability above which nobody needs a character explained: the 627 most frequent
traditional ones."""


class _Evidence(NamedTuple):
    """What speaks for a mirror that annotates characters of one script.

    Attributes:
        n_toned: all annotations with a tone.
        n_pairs: those on characters that only this script has.
        n_foreign: those on others, or with a reading that is not the character's usual one.
        per_thousand: pairs per 1,000 hanzi.
        kinds: each annotated character with the number of its annotations.
        n_everywhere: occurrences of these characters, annotated or not.
        n_ambiguous: readings that they are annotated with besides their first one.
    """

    n_toned: int
    n_pairs: int
    n_foreign: int
    per_thousand: float
    kinds: Counter[str]
    n_everywhere: int
    n_ambiguous: int

    @property
    def share(self) -> float:
        return 1 - self.n_foreign / self.n_toned

    @property
    def consistency(self) -> float:
        return self.n_pairs / self.n_everywhere

    @property
    def n_common(self) -> int:
        return sum(map(_is_common, self.kinds))


def _is_common(char: str) -> bool:
    return float(log_p()[ord(char)]) > COMMON_LOG_P


def _weigh(text: str, pairs: Counter[Pair], own: Container[str], n_hanzi: int) -> _Evidence:
    toned = {pair: n for pair, n in pairs.items() if has_tone(pair[1])}
    ours = {pair: n for pair, n in toned.items() if pair[0] in own}
    kinds: Counter[str] = Counter()
    for (char, _), n in ours.items():
        kinds[char] += n
    n_toned = sum(toned.values())
    return _Evidence(
        n_toned=n_toned,
        n_pairs=kinds.total(),
        n_foreign=n_toned - sum(n for pair, n in ours.items() if is_usual(pair)),
        per_thousand=1000 * kinds.total() / max(1, n_hanzi),
        kinds=kinds,
        n_everywhere=_count_all(text, kinds),
        n_ambiguous=len(ours) - len(kinds),
    )


def _count_all(text: str, chars: Iterable[str]) -> int:
    """Return how often characters of the BMP stand in `text` together."""
    table = np.zeros(0x10000, bool)
    table[units_of("".join(chars))] = True
    return int(np.count_nonzero(table[units_of(text)]))


def _is_mirror(evidence: _Evidence) -> bool:
    return _is_dense(evidence, 4, 12) or _is_pure(evidence) or _is_repeated(evidence)


def _is_simplified_mirror(evidence: _Evidence) -> bool:
    return _is_dense(evidence, 6, 30)


def _is_mirror_of_both(evidence: _Evidence) -> bool:
    """Common characters of any script, again and again; but not all of them, as in a primer."""
    return (
        _is_repeated(evidence)
        and evidence.consistency >= 0.95
        and 10 * evidence.n_common >= 9 * len(evidence.kinds)
        and evidence.per_thousand <= 300
    )


_JUDGES: tuple[tuple[Callable[[], Container[str]], Callable[[_Evidence], bool]], ...] = (
    (traditional_only, _is_mirror),
    (simplified_only, _is_simplified_mirror),
    (readings, _is_mirror_of_both),
)
"""Characters a mirror may annotate, with what tells that it did."""


def _is_dense(evidence: _Evidence, min_pairs: int, min_per_thousand: float) -> bool:
    """Many annotations, mostly on characters that nobody needs explained."""
    return (
        evidence.n_pairs >= min_pairs
        and evidence.per_thousand >= min_per_thousand
        and 2 * evidence.n_common >= len(evidence.kinds)
        and evidence.share >= 0.85
        and evidence.consistency >= 0.75
        and 10 * evidence.n_ambiguous <= len(evidence.kinds)
    )


def _is_repeated(evidence: _Evidence) -> bool:
    """A strong block of annotations that come again and again, on a long page with glosses too."""
    return (
        evidence.n_pairs >= 12
        and evidence.share >= 0.7
        and evidence.consistency >= 0.85
        and evidence.n_ambiguous == 0
        and sum(1 for n in evidence.kinds.values() if n > 1) >= 4
    )


MIN_SCORE = 1.6
"""Weight of evidence that convicts a page without any annotation but a mirror's.

Two familiar characters with one reading each weigh 2. Of the annotations of imitated mirrors with
2 to 3 of them 89–93 % go, 75–80 % where the list is in no known order (six runs); at 1.8 the latter
are 51–74 %. Of glosses in whole articles none of a rare or ambiguous character is lost, 1–2 % of
those put behind any character, 0.04–0.1 % of all, at worst 0.2 % of those in one traditional
collection (`benchmarks/quality/pinyin.py`)."""

MIN_PER_THOUSAND = 8
"""Annotations per 1,000 hanzi: a mirror's short list gives 15 and more, a reader's gloss 1."""


def _is_pure(evidence: _Evidence) -> bool:
    """Few annotations, but each wherever its character stands, and none that is a person's."""
    if evidence.n_foreign or evidence.n_pairs != evidence.n_everywhere:
        return False
    score = sum(_weight(char, n) for char, n in evidence.kinds.items())
    return score >= MIN_SCORE and (
        evidence.per_thousand >= MIN_PER_THOUSAND or score >= MIN_SCORE + 1
    )


def _weight(char: str, n: int) -> float:
    """Return what `n` annotations of `char` weigh: the more familiar it is, the less it needs one.

    The first weighs from 0 at once in 160,000 characters to 1.2 at once in 4,500. Each further one
    of a common character weighs 1.2 again: nobody explains such a character twice.
    """
    familiar = min(1.2, max(0.0, (float(log_p()[ord(char)]) + 12) / 3))
    first = familiar if len(readings()[char]) == 1 else 0.6 * familiar
    return first + min(n - 1, 2) * (1.2 if _is_common(char) else 0.6)


def _strip_toned(
    page: Page, pairs: Counter[Pair], own: Container[str], config: PinyinConfig
) -> Page:
    """Take out the readings that the mirror put behind characters of its own."""
    due = _due_pairs(pairs, own)
    gone = _annotations(page.text, due)
    annotated = {char for char, _ in due}
    mended = repairs(page.text, annotated, config.repair and own is traditional_only())
    flags = [Flag.PINYIN_BROKEN] if len(mended) > config.max_broken_share * len(gone) else []
    meta = with_texts(page.meta, lambda value: _without_annotations(value, own))
    return page.revised(_disjoint((*mended, *gone)) if mended else gone, flags=flags, meta=meta)


def _due_pairs(pairs: Counter[Pair], own: Container[str]) -> set[Pair]:
    """Return the usual readings, and others that come again: 們 has none with a tone."""
    return {
        pair
        for pair, n in pairs.items()
        if pair[0] in own and (is_usual(pair) or (n > 1 and has_tone(pair[1])))
    }


def _annotations(text: str, due: Container[Pair]) -> tuple[Edit, ...]:
    spans = (
        match.span()
        for match in BRACKET_RE.finditer(text)
        if (match[1], normalised(match[2])) in due
    )
    return removals(text, spans, STEP, "pinyin_annotation")


def _without_annotations(text: str, own: Container[str]) -> str:
    """Return a short text of a convicted page, such as its title, without annotations."""
    return apply_edits(text, _annotations(text, _due_pairs(count_pairs(text), own)))


def _disjoint(edits: Sequence[Edit]) -> list[Edit]:
    """Return `edits` in order, without those that begin inside an earlier one."""
    kept: list[Edit] = []
    at = 0
    for edit in sorted(edits, key=operator.attrgetter("start")):
        if edit.start >= at:
            kept.append(edit)
            at = edit.stop
    return kept


def _is_toneless_mirror(text: str, pairs: Counter[Pair], n_hanzi: int) -> bool:
    """Tell whether the page annotates without tones, once more for every replacement before."""
    flat = sum(n for pair, n in pairs.items() if not has_tone(pair[1]))
    if flat < 0.9 * pairs.total():
        return False
    runs = (len(_TONELESS_RE.findall(run[0])) for run in RUN_RE.finditer(text))
    n_repeated = sum(1 for length in runs if length > 1)
    return (flat >= 4 and n_repeated >= 3) or (flat >= 20 and 1000 * flat >= 60 * n_hanzi)


def _toneless_edits(text: str) -> Iterator[Edit]:
    for run in RUN_RE.finditer(text):
        own = toneless_readings(text[run.start() - 1 : run.start()])
        for match in _TONELESS_RE.finditer(text, run.start(), run.end()):
            if match[0] in own:
                start, stop = match.start() - 1, match.end() + 1
                yield Edit(STEP, "pinyin_annotation", start, stop, text[start:stop])
