"""Take out the pinyin that a mirror put behind characters: 強(qiáng) and 的(de)(de).

Such mirrors turn a page traditional character by character, then replace the bytes of some
traditional characters by the character and its usual reading. So on a page that one of them made
the annotated characters are traditional ones, each annotated always or never, and always with the
reading that stands first in a dictionary. A person's gloss is none of that: it stands once, behind
a rare or ambiguous character. A page is judged as a whole; when it is not convicted, nothing goes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

from annotated_types import Ge

from transforms.text.charmodel import log_p
from transforms.text.pinyin_repair import repairs
from transforms.text.readings import (
    LETTERS,
    has_tone,
    normalised,
    readings,
    toneless_readings,
)
from transforms.text.records import Edit, Flag, Page, Rejected
from transforms.text.script import count_scripts, simplified_only, traditional_only

STEP = "strip_pinyin"

BRACKET_RE = re.compile(rf"[(（] ?([{LETTERS}]{{1,7}}) ?[)）]")
"""One reading in brackets, whatever stands before it."""

RUN_RE = re.compile(r"(?:[(（][a-zü]{1,6}[)）])+")
"""Toneless readings in brackets, one or more in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PinyinConfig:
    """Settings of `strip_pinyin`.

    Attributes:
        mode: `auto` acts on pages that are convicted; `force` on every page.
        repair: restore characters that an annotation broke; otherwise only its remnant goes.
        min_pairs: fewest annotated characters on a page that is judged at all.
        max_broken_share: above it, broken annotations per annotation, the page is flagged.
    """

    enabled: bool = True
    repair: bool = True
    min_pairs: Annotated[int, Ge(2)] = 2


class Pair(NamedTuple):
    """A character with a reading of its own in brackets behind it; offsets are the brackets'."""

    char: str
    reading: str
    start: int
    stop: int


def strip_pinyin(page: Page, config: PinyinConfig) -> Page | Rejected:
    """Take out the annotations of a convicted page, and mend what they broke."""
    text = page.text
    if "(" not in text and "（" not in text:
        return page
    pairs = list(find_pairs(text))
    if len(pairs) < config.min_pairs:
        return page
    annotated = convicted_characters(text, pairs)
    if annotated:
        return _strip_toned(page, pairs, annotated, config)
    if is_toneless_mirror(text, pairs):
        return page.revised(list(_toneless_edits(text)))
    return page


def find_pairs(text: str) -> Iterator[Pair]:
    """Yield each hanzi that has one of its own readings in brackets behind it."""
    known = readings()
    for match in BRACKET_RE.finditer(text):
        char = text[match.start() - 1 : match.start()]
        if char not in known:
            continue
        reading = normalised(match[1])
        if reading in (known[char] if has_tone(reading) else toneless_readings(char)):
            yield Pair(char, reading, match.start(), match.end())


COMMON_LOG_P = -10.6
"""Log-probability above which nobody glosses a character: the 627 most frequent traditional ones."""


def convicted_characters(text: str, pairs: Sequence[Pair]) -> frozenset[str]:
    """Return the script's own characters, one of whose mirrors made this page; empty if none did."""
    toned = [pair for pair in pairs if has_tone(pair.reading)]
    counts = count_scripts(text)
    n_hanzi = counts.shared + counts.traditional + counts.simplified
    for own, is_traditional in ((traditional_only(), True), (simplified_only(), False)):
        ours = [pair for pair in toned if pair.char in own]
        if len(ours) < (2 if is_traditional else 6):
            continue
        if not is_traditional and 1000 * len(ours) < 30 * n_hanzi:
            continue
        if _is_toned_mirror(text, toned, ours, n_hanzi):
            return own
    return frozenset()


def _is_toned_mirror(
    text: str, toned: Sequence[Pair], ours: Sequence[Pair], n_hanzi: int
) -> bool:
    known = readings()
    annotated = Counter(pair.char for pair in ours)
    kinds = Counter(char for char, _ in {(pair.char, pair.reading) for pair in ours})
    multi = sum(1 for n in kinds.values() if n > 1)
    everywhere = {char: text.count(char) for char in annotated}
    consistency = len(ours) / sum(everywhere.values())
    share = len(ours) / len(toned)
    common = {char for char in annotated if log_p()[ord(char)] > COMMON_LOG_P}
    strong = {char for char in common if len(known[char]) == 1}
    is_constant = all(annotated[char] == everywhere[char] for char in strong)
    return (
        (
            len(ours) >= 4
            and 2 * len(common) >= len(kinds)
            and 1000 * len(ours) >= 12 * n_hanzi
            and share >= 0.85
            and consistency >= 0.75
            and 10 * multi <= len(kinds)
        )
        or (len(strong) >= 2 and share >= 0.6 and not multi and is_constant)
        or (
            len(ours) >= 12
            and share >= 0.7
            and consistency >= 0.85
            and sum(1 for n in annotated.values() if n > 1) >= 4
            and not multi
        )
    )


def _strip_toned(
    page: Page, pairs: Sequence[Pair], own: frozenset[str], config: PinyinConfig
) -> Page:
    text = page.text
    known = readings()
    seen = Counter((pair.char, pair.reading) for pair in pairs)
    mended = repairs(text, config.repair)
    taken = [
        Edit(STEP, "pinyin_annotation", pair.start, pair.stop, text[pair.start : pair.stop])
        for pair in pairs
        if pair.char in own
        and (pair.reading == known[pair.char][0] or seen[pair.char, pair.reading] > 1)
    ]
    edits = _disjoint([*mended, *taken])
    broken = sum(1 for edit in edits if edit.reason != "pinyin_annotation")
    flags = [Flag.PINYIN_BROKEN] if broken > 0.02 * len(edits) else []
    return page.revised(edits, flags=flags)


def _disjoint(edits: Sequence[Edit]) -> list[Edit]:
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.stop)):
        if not kept or edit.start >= kept[-1].stop:
            kept.append(edit)
    return kept


def is_toneless_mirror(text: str, pairs: Sequence[Pair]) -> bool:
    """Tell whether the page annotates without tones, once more for every replacement before."""
    flat = sum(1 for pair in pairs if not has_tone(pair.reading))
    if flat < 8 or flat < 0.9 * len(pairs):
        return False
    repeated = sum(1 for match in RUN_RE.finditer(text) if match[0].count(")") > 1)
    counts = count_scripts(text)
    n_hanzi = counts.shared + counts.traditional + counts.simplified
    return repeated >= 3 or (flat >= 20 and 1000 * flat >= 60 * n_hanzi)


def _toneless_edits(text: str) -> Iterator[Edit]:
    for run in RUN_RE.finditer(text):
        char = text[run.start() - 1 : run.start()]
        own = toneless_readings(char) if char in readings() else frozenset()
        for match in BRACKET_RE.finditer(text, run.start(), run.end()):
            if match[1] in own:
                yield Edit(STEP, "pinyin_annotation", match.start(), match.end(), match[0])
