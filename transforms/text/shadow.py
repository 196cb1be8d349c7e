"""The shadow: a folded copy of a text that rules match on.

A rule is written once, in simplified half-width lower case, and finds every spelling on the page:
`責任編輯：` and `责任编辑:`, `ＩＣＰ备` and `icp备`. Edits are made in the source, never here:
`Row.source` of `layout.py` is the way back.
"""

from __future__ import annotations

import functools
import unicodedata

import numpy as np

from transforms.text.script.conversion import CODE_SPACE, Codes, code_points, text_of
from transforms.text.script.to_simplified import simplified_characters

INVISIBLE = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff" + "".join(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x2070)))
)
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


@functools.cache
def _fold_list() -> list[int | None]:
    """Return `_fold_table` up to the last code point it changes, in the form of `str.translate`.

    For texts that are too short for array work; a dict of the changes takes twice as long, because
    every other character raises an error inside `translate`.
    """
    table = _fold_table()
    last = np.flatnonzero(table != np.arange(table.size, dtype=np.uint32))[-1]
    return [None if code == _DROPPED else code for code in table[: last + 1].tolist()]


_SHORT = 100
"""Code points up to which looking each one up is the faster way: 1.2 µs against 6 for 22 hanzi."""


def fold(text: str) -> str:
    """Return `text` in simplified script, half width and lower case, without invisibles.

    >>> fold("來源：ＡＶ\u200b在線")
    '来源:av在线'
    """
    if len(text) <= _SHORT:
        return text.translate(_fold_list())
    folded = _fold_table().take(code_points(text), mode="clip")
    kept = folded != _DROPPED
    return text_of(folded if kept.all() else folded[kept])
