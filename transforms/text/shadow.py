"""The shadow: a folded copy of a text that rules match on, with the way back to the source.

A rule is written once, in simplified half-width lower case, and finds every spelling on the page:
`責任編輯：` and `责任编辑:`, `ＩＣＰ备` and `icp备`. Edits are made in the source, never here.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.text.script import simplified_characters

_INVISIBLE = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff" + "".join(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x2070)))
)
_BETWEEN_HANZI_RE = re.compile(r"(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])")
_FOLDED_BLOCKS = ((0x00A0, 0x0250), (0x2000, 0x2070), (0x3000, 0x3001), (0xFF01, 0xFFEF))


@functools.cache
def _fold_table() -> dict[int, int | None]:
    """Return the table of `str.translate` that folds width, case, script and invisibles.

    Maps one code point to one code point or to nothing, so that a fold costs one pass. Characters
    whose NFKC form has several code points (`…`, `½`) stay as they are.
    """
    table: dict[int, int | None] = dict(simplified_characters())
    for first, stop in _FOLDED_BLOCKS:
        for code in range(first, stop):
            folded = unicodedata.normalize("NFKC", chr(code)).lower()
            if len(folded) == 1 and ord(folded) != code:
                table[code] = ord(folded)
    table |= {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
    table |= {ord("\t"): ord(" "), ord("\r"): ord(" ")}
    table |= dict.fromkeys(map(ord, _INVISIBLE))
    return table


def fold(text: str) -> str:
    """Return `text` in simplified script, half width and lower case, without invisibles.

    >>> fold("來源：ＡＶ\u200b在線")
    '来源:av在线'
    """
    return text.translate(_fold_table())


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
        table = _fold_table()
        origin = [
            at for at in range(self.start, self.stop) if table.get(ord(text[at]), 0) is not None
        ]
        shadow = fold(text[self.start : self.stop])
        lead = len(shadow) - len(shadow.lstrip())
        return origin[lead + start], origin[lead + stop - 1] + 1


def shadow_lines(text: str) -> list[Line]:
    r"""Split `text` at `\n` and fold each line.

    >>> [line.folded for line in shadow_lines("責編：王二\n　正文。")]
    ['责编:王二', '正文。']
    """
    lines = []
    at = 0
    for folded, length in zip(fold(text).split("\n"), _line_lengths(text), strict=True):
        lines.append(Line(at, at + length, folded.strip()))
        at += length + 1
    return lines


def _line_lengths(text: str) -> Iterator[int]:
    return map(len, text.split("\n"))
