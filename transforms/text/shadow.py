"""The shadow: a folded copy of a text that rules match on, with the way back to the source.

A rule is written once, in simplified half-width lower case, and finds every spelling on the page:
`責任編輯：` and `责任编辑:`, `ＩＣＰ备` and `icp备`. Edits are made in the source, never here.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from transforms.text.script.conversion import CODE_SPACE, Codes, code_points, text_of
from transforms.text.script.to_simplified import simplified_characters

INVISIBLE = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff" + "".join(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x2070)))
)
_BETWEEN_HANZI_RE = re.compile(r"(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])")
_FOLDED_BLOCKS = ((0x00A0, 0x0250), (0x2000, 0x2070), (0x3000, 0x3001), (0xFF01, 0xFFEF))

_DROPPED = 0xFFFFFFFF
"""Stands in the table for a character that the shadow does not have."""


@functools.cache
def _fold_table() -> Codes:
    """Return the folded code point of every code point: width, case, script and invisibles.

    One code point becomes one or none, so that a fold costs one pass. Characters whose NFKC form
    has several (`…`, `½`) stay as they are.
    """
    table = np.arange(CODE_SPACE, dtype=np.uint32)
    simplified = simplified_characters()
    table[list(simplified)] = list(simplified.values())
    for first, stop in _FOLDED_BLOCKS:
        for code in range(first, stop):
            folded = unicodedata.normalize("NFKC", chr(code)).lower()
            if len(folded) == 1:
                table[code] = ord(folded)
    table[ord("A") : ord("Z") + 1] += 32
    table[[ord("\t"), ord("\r")]] = ord(" ")
    table[[ord(char) for char in INVISIBLE]] = _DROPPED
    return table


def fold(text: str) -> str:
    """Return `text` in simplified script, half width and lower case, without invisibles.

    >>> fold("來源：ＡＶ\u200b在線")
    '来源:av在线'
    """
    folded = _fold_table().take(code_points(text), mode="clip")
    kept = folded != _DROPPED
    return text_of(folded if kept.all() else folded[kept])


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text.

    Attributes:
        start: first code point of the line in the text.
        stop: the code point behind its last one, the line break not counted.
        folded: its shadow, without white space at both ends.
    """

    start: int
    stop: int
    folded: str

    @property
    def tight(self) -> str:
        """The shadow without the spaces between two hanzi: `责 任 编 辑` → `责任编辑`."""
        return _BETWEEN_HANZI_RE.sub("", self.folded)

    def source_span(self, text: str, start: int, stop: int) -> tuple[int, int]:
        """Return where the non-empty span `[start, stop)` of `folded` stands in `text`."""
        source = text[self.start : self.stop]
        kept = _fold_table().take(code_points(source), mode="clip") != _DROPPED
        origin = np.flatnonzero(kept)
        shadow = fold(source)
        lead = len(shadow) - len(shadow.lstrip())
        first, last = origin[lead + start], origin[lead + stop - 1]
        return self.start + int(first), self.start + int(last) + 1


def shadow_lines(text: str) -> list[Line]:
    r"""Split `text` at `\n` and fold each line.

    >>> [line.folded for line in shadow_lines("責編：王二\n　正文。")]
    ['责编:王二', '正文。']
    """
    lines = []
    at = 0
    for source, folded in zip(text.split("\n"), fold(text).split("\n"), strict=True):
        stop = at + len(source)
        lines.append(Line(at, stop, folded.strip()))
        at = stop + 1
    return lines
