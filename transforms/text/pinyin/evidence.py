"""What tells the annotations of a mirror from the glosses of a person.

A mirror annotates familiar characters of one script, each of them wherever it stands, with its
usual reading, in running text. A person explains a rare or ambiguous character, once; a textbook
and a dictionary list what they explain. A page is judged as a whole.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable
from typing import NamedTuple

import numpy as np

from transforms.text.charmodel import log_p, units_of
from transforms.text.pinyin.readings import (
    LETTERS,
    Pair,
    has_tone,
    is_usual,
    readings,
    toneless_readings,
)
from transforms.text.script.to_simplified import count_scripts, simplified_only, traditional_only

COMMON_LOG_P = -10.6
"""Log-probability above which nobody needs a character explained: the 627 most frequent
traditional ones."""

MIRROR_ORDER = (
    "業發創優區態內環監絡網導應戰標節規貿鎮學數現當統經術設關構權準穩轉預領務產質衛調據認嚴團復揚續習協礎"
    "結風達進點濟護機計驗強項實價時個運報動會識臺級過評見勢場競來國長對開萬門頁"
)
"""Annotated characters of 26 mirrored pages, in the order in which longer lists take them up: the
list of a page is the beginning of this one, in all but 3 of the 300 pairs of pages."""

_READING = rf"[(（] ?[{LETTERS}]{{1,7}} ?[)）]"
_READING_RE = re.compile(_READING)
_ITEM_RE = re.compile(
    rf"(?<=[“「『‘])[㐀-鿿]{_READING}(?=[”」』’])"
    r"|(?<![^\s、，；：.,;:/|])(?:"
    + "|".join(f"[㐀-鿿]{{{n}}}{_READING}[㐀-鿿]{{0,{4 - n}}}" for n in range(1, 5))
    + r")(?![^\s、，；：。,;:/|])"
)
"""An item of a list, one to four hanzi between marks, or a quoted character; with one reading."""

_RUN_RE = re.compile(r"(?<=([㐀-鿿]))((?:[(（][a-zü]{1,6}[)）]){2,})")
_TONELESS_RE = re.compile(r"[a-zü]+")


class _Evidence(NamedTuple):
    """What speaks for a mirror that annotates characters of one script.

    Attributes:
        text: of the page.
        n_toned: all annotations with a tone.
        n_pairs: those on characters that only this script has.
        n_foreign: those on others, or with a reading that is not the character's usual one.
        per_thousand: pairs per 1,000 hanzi.
        kinds: each annotated character with the number of its annotations.
        n_everywhere: occurrences of these characters, annotated or not.
        n_ambiguous: readings that they are annotated with besides their first one.
    """

    text: str
    n_toned: int
    n_pairs: int
    n_foreign: int
    per_thousand: float
    kinds: dict[str, int]
    n_everywhere: int
    n_ambiguous: int

    @property
    def share(self) -> float:
        return 1 - self.n_foreign / self.n_toned

    @property
    def consistency(self) -> float:
        return self.n_pairs / self.n_everywhere

    @property
    def n_mixed(self) -> int:
        """Characters that are annotated here and not there."""
        return sum(self.text.count(char) > n for char, n in self.kinds.items())

    @property
    def n_common(self) -> int:
        return len(_common().intersection(self.kinds))


def mirrored_characters(text: str, pairs: Counter[Pair]) -> Container[str] | None:
    """Return the characters that a mirror annotates on this page; None if it is no mirror's.

    Args:
        text: of the page.
        pairs: its hanzi with one of their own readings behind them.
    """
    toned = {pair: n for pair, n in pairs.items() if has_tone(pair[1])}
    if not toned:
        return None
    n_hanzi = count_scripts(text).hanzi
    for own, judge in _JUDGES:
        evidence = _weigh(text, toned, own(), n_hanzi)
        if evidence.n_pairs and judge(evidence):
            return None if _is_list(evidence) else own()
    return None


def _weigh(text: str, toned: dict[Pair, int], own: Container[str], n_hanzi: int) -> _Evidence:
    kinds: dict[str, int] = {}
    n_ours = n_usual = n_pairs = 0
    for pair, n in toned.items():
        if pair[0] in own:
            kinds[pair[0]] = kinds.get(pair[0], 0) + n
            n_ours += 1
            n_pairs += n
            n_usual += n * is_usual(pair)
    n_toned = sum(toned.values())
    return _Evidence(
        text=text,
        n_toned=n_toned,
        n_pairs=n_pairs,
        n_foreign=n_toned - n_usual,
        per_thousand=1000 * n_pairs / max(1, n_hanzi),
        kinds=kinds,
        n_everywhere=_count_all(text, kinds),
        n_ambiguous=n_ours - len(kinds),
    )


def _count_all(text: str, chars: Iterable[str]) -> int:
    """Return how often characters of the BMP stand in `text` together."""
    table = np.zeros(0x10000, bool)
    table[units_of("".join(chars))] = True
    return int(np.count_nonzero(table[units_of(text)]))


@functools.cache
def _common() -> frozenset[str]:
    return frozenset(map(chr, (log_p() > COMMON_LOG_P).nonzero()[0].tolist()))


def _is_mirror(evidence: _Evidence) -> bool:
    """Six annotations may have a gloss among them; fewer must all be a mirror's."""
    return _is_dense(evidence, 6, 12) or _is_pure(evidence) or _is_repeated(evidence)


def _is_simplified_mirror(evidence: _Evidence) -> bool:
    return _is_dense(evidence, 6, 20)


def _is_mirror_of_both(evidence: _Evidence) -> bool:
    """Common characters of any script, again and again; but not all of them, as in a primer."""
    return (
        _is_repeated(evidence)
        and evidence.n_pairs >= 3 * len(evidence.kinds)
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
        and (evidence.n_pairs >= 12 or evidence.n_mixed <= 1)
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


MIN_SCORE = 1.5
MIN_SCORE_PER_KIND = 0.4
"""Weight of evidence that convicts a page without any annotation but a mirror's: so much, and so
much more for each annotated character, of which a familiar one weighs 1.2."""

MIN_SCORE_IN_ORDER = 1.6
"""The same where the annotated characters are those of `MIRROR_ORDER`, as far as it has them.

In eight draws 85–96 % of the annotations of imitated mirrors with 2 to 3 of them go, 25–71 % where
their list is in no known order, of which none was seen. Of glosses put behind one to three
characters chosen blindly, many of them in texts of one sentence, 0–0.9 % are lost in Taiwanese and
0.4–2.1 % in converted text; at 1.6 for all lists it would be 0.6–2.9 and 2.4–5.2 %
(`benchmarks/quality/pinyin.py`)."""

MIN_WEIGHT_OF_NAME = 1.0
"""Weight of a character that is no name: 1.2 is the most familiar with one reading, 0.6 a surname
such as 歐."""

MIN_PER_THOUSAND = 8
"""Annotations per 1,000 hanzi: a mirror's short list gives 15 and more, a reader's gloss 1."""


def _is_pure(evidence: _Evidence) -> bool:
    """Few annotations, but each wherever its character stands, and none that is a person's."""
    if evidence.n_foreign or evidence.n_pairs != evidence.n_everywhere:
        return False
    if _is_in_order(evidence):
        needed = MIN_SCORE_IN_ORDER
    elif _is_name(evidence):
        return False
    else:
        needed = MIN_SCORE + MIN_SCORE_PER_KIND * len(evidence.kinds)
    score = sum(_weight(char, n) for char, n in evidence.kinds.items())
    return score >= needed and (evidence.per_thousand >= MIN_PER_THOUSAND or score >= needed + 1)


def _is_in_order(evidence: _Evidence) -> bool:
    """Tell whether `MIRROR_ORDER` has annotated characters, and none before them that is not."""
    last = max(map(MIRROR_ORDER.find, evidence.kinds))
    earlier = set(MIRROR_ORDER[: last + 1]) - evidence.kinds.keys()
    return last >= 0 and earlier.isdisjoint(evidence.text)


def _is_name(evidence: _Evidence) -> bool:
    """Tell whether the only annotated character always has the same neighbour, as in 歐陽."""
    char, *others = evidence.kinds
    if others or evidence.n_pairs >= 4 or _weight(char, 1) >= MIN_WEIGHT_OF_NAME:
        return False
    places = re.findall(f"(.?){char}{_READING}(.?)", evidence.text, re.DOTALL)
    return any(len(set(neighbours)) == 1 for neighbours in zip(*places, strict=True))


def _weight(char: str, n: int) -> float:
    """Return what `n` annotations of `char` weigh: the more familiar it is, the less it needs one.

    The first weighs from 0 at once in 160,000 characters to 1.2 at once in 4,500. Each further one
    of a common character weighs 1.2 again: nobody explains such a character twice.
    """
    familiar = min(1.2, max(0.0, (float(log_p()[ord(char)]) + 12) / 3))
    first = familiar if len(readings()[char]) == 1 else 0.6 * familiar
    return first + min(n - 1, 3) * (1.2 if char in _common() else 0.6)


def _is_list(evidence: _Evidence) -> bool:
    """Tell whether annotations stand in a list: in short items, or in short lines, one each.

    So do those of a vocabulary, of surnames, of a lesson, which name a character once or twice; a
    mirror annotates running text.
    """
    if 2 * len(evidence.kinds) < evidence.n_pairs:
        return False
    if 2 * len(_ITEM_RE.findall(evidence.text)) > evidence.n_toned:
        return True
    lines = [line for line in evidence.text.split("\n") if len(line) <= MAX_LINE]
    counts = [n for n in (len(_READING_RE.findall(line)) for line in lines) if n]
    return len(counts) >= 5 and evidence.n_toned // 2 < sum(counts) <= 4 * len(counts) // 3


MAX_LINE = 30
"""Code points of a line that may be a sentence of a lesson; a paragraph of news has more."""


def is_toneless_mirror(text: str, pairs: Counter[Pair]) -> bool:
    """Tell whether the page annotates without tones, once more for every replacement before.

    Without such repetitions it takes many common characters, each wherever it stands.
    """
    flat = {pair: n for pair, n in pairs.items() if not has_tone(pair[1])}
    n_flat = sum(flat.values())
    if n_flat < 4 or n_flat < 0.9 * pairs.total():
        return False
    if sum(map(_is_stutter, _RUN_RE.findall(text))) >= 3:
        return True
    kinds = {char for char, _ in flat}
    return n_flat >= max(20, 3 * len(kinds)) and n_flat >= 0.95 * _count_all(text, kinds)


def _is_stutter(run: tuple[str, str]) -> bool:
    """Tell whether a character has one of its readings behind it more than once."""
    char, brackets = run
    spelled = _TONELESS_RE.findall(brackets)
    return any(spelled.count(reading) > 1 for reading in toneless_readings(char))
