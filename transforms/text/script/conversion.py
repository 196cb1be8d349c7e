"""Conversion by dictionaries, exactly as `opencc-python-reimplemented` does it, but faster.

The package looks in every piece of text for the longest key first, leftmost among equals, then in
what is left of the piece on both sides; what no key of a dictionary matches goes to the next
dictionary of the group, and every stage reads the output of the one before. Here characters that
are their own key go through one table over all code points, and a bigram test finds the few
places where a phrase may stand; only where phrases overlap is the package's order acted out.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

CODE_SPACE = 0x110000
"""Number of Unicode code points."""

Codes = npt.NDArray[np.uint32]
Dictionary = Mapping[str, str]
Hit = tuple[int, int]


def code_points(text: str) -> Codes:
    """Return the code points of `text`, lone surrogates included."""
    return np.frombuffer(codecs.utf_32_le_encode(text, "surrogatepass")[0], np.uint32)


def text_of(codes: Codes) -> str:
    """Return the text of an array of code points; the inverse of `code_points`."""
    return codecs.utf_32_le_decode(codes.tobytes(), "surrogatepass")[0]


class _Stage:
    """One stage of a conversion: the dictionaries of a group, in order of priority."""

    def __init__(self, levels: Sequence[Dictionary]) -> None:
        self._levels = [(max(map(len, level), default=0), level) for level in levels]
        merged: dict[str, str] = {}
        for level in reversed(levels):
            merged |= level
        single = {key: value for key, value in merged.items() if len(key) == 1 == len(value)}
        self._table = np.arange(CODE_SPACE, dtype=np.uint32)
        self._table[[ord(key) for key in single]] = [ord(value) for value in single.values()]
        self._phrases = {key: value for key, value in merged.items() if key not in single}
        self._first = marked(phrase[0] for phrase in self._phrases if len(phrase) > 1)
        self._second = marked(phrase[1] for phrase in self._phrases if len(phrase) > 1)
        self._alone = marked(phrase for phrase in self._phrases if len(phrase) == 1)
        self._has_alone = bool(self._alone.any())
        self._lengths = _lengths_by_pair(self._phrases)
        rivals = {at for at, level in enumerate(levels) if self._phrases.keys() & level}
        rivals |= {at for at, level in enumerate(levels[:-1]) if single.keys() & level}
        self._is_ordered = len(rivals) > 1
        self.triggers = {key for key, value in merged.items() if len(key) == 1 and key != value}
        self.triggers |= {
            _changed_character(key, value)
            for key, value in self._phrases.items()
            if key != value and self.triggers.isdisjoint(key)
        }

    def convert(self, text: str) -> str:
        codes = code_points(text)
        plain = text_of(self._table.take(codes, mode="clip"))
        parts: list[str] = []
        at = 0
        for start, stop, is_simple in _clusters(self._find(text, codes)):
            window = text[start:stop]
            is_first = not self._is_ordered or window in self._levels[0][1]
            known = self._phrases[window] if is_simple and is_first else self._resolve(window)
            parts += (plain[at:start], known)
            at = stop
        return "".join((*parts, plain[at:])) if parts else plain

    def _find(self, text: str, codes: Codes) -> list[Hit]:
        """Return the spans of all phrases in `text`, by start, the longer first."""
        first = self._first.take(codes, mode="clip")
        second = self._second.take(codes, mode="clip")
        starts = (first[:-1] & second[1:]).nonzero()[0]
        hits = [
            (start, start + length)
            for start in starts.tolist()
            for length in self._lengths.get(text[start : start + 2], ())
            if text[start : start + length] in self._phrases
        ]
        if self._has_alone:
            alone = self._alone.take(codes, mode="clip").nonzero()[0]
            hits += ((at, at + 1) for at in alone.tolist())
            hits.sort(key=lambda hit: (hit[0], -hit[1]))
        return hits

    def _resolve(self, window: str) -> str:
        """Convert a short text in the package's own order of matches."""
        pieces = [(window, True)]
        for longest, level in self._levels:
            pieces = [
                part
                for piece, is_open in pieces
                for part in (_split(piece, level, longest) if is_open else [(piece, False)])
            ]
        return "".join(piece for piece, _ in pieces)


def marked(chars: Iterable[str]) -> npt.NDArray[np.bool_]:
    """Return a table over all code points that is true for `chars`."""
    table = np.zeros(CODE_SPACE, bool)
    table[[ord(char) for char in chars]] = True
    return table


def _lengths_by_pair(phrases: Iterable[str]) -> dict[str, list[int]]:
    """Return the lengths of the phrases of two and more by their first two, the longer first."""
    lengths: dict[str, set[int]] = {}
    for phrase in phrases:
        if len(phrase) > 1:
            lengths.setdefault(phrase[:2], set()).add(len(phrase))
    return {pair: sorted(found, reverse=True) for pair, found in lengths.items()}


def _changed_character(key: str, value: str) -> str:
    """Return a character of `key` that its `value` replaces: 覆 of 答覆, which is rarer than 答."""
    return next((old for old, new in zip(key, value, strict=False) if old != new), key[-1])


def _clusters(hits: list[Hit]) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, stop, is_simple) of each run of overlapping hits.

    A run is simple when all of it lies inside its first hit, which is then the one that counts.
    """
    if not hits:
        return
    start, stop = hits[0]
    is_simple = True
    for first, last in hits[1:]:
        if first >= stop:
            yield start, stop, is_simple
            start, stop, is_simple = first, last, True
        elif last > stop:
            stop, is_simple = last, False
    yield start, stop, is_simple


def _split(piece: str, level: Dictionary, longest: int) -> list[tuple[str, bool]]:
    """Split `piece` into what `level` matches, converted, and what lies between and stays open."""
    matches = [
        (-length, start)
        for length in range(1, min(longest, len(piece)) + 1)
        for start in range(len(piece) - length + 1)
        if piece[start : start + length] in level
    ]
    taken: list[Hit] = []
    is_taken = bytearray(len(piece))
    for negative, start in sorted(matches):
        stop = start - negative
        if not any(is_taken[start:stop]):
            taken.append((start, stop))
            is_taken[start:stop] = b"\1" * (stop - start)
    parts: list[tuple[str, bool]] = []
    at = 0
    for start, stop in sorted(taken):
        parts += ((piece[at:start], True), (level[piece[start:stop]], False))
        at = stop
    parts.append((piece[at:], True))
    return parts


class Converter:
    """Converts text by stages of dictionaries.

    Args:
        stages: in the order they run; a stage is a group of dictionaries in order of priority.
    """

    def __init__(self, stages: Sequence[Sequence[Dictionary]]) -> None:
        self._stages = [_Stage(levels) for levels in stages]
        self._triggers = marked(char for stage in self._stages for char in stage.triggers)

    def convert(self, text: str) -> str:
        """Return `text` converted; at once where no character of it can start a change."""
        if b"\x01" in self._triggers.take(code_points(text), mode="clip").tobytes():
            for stage in self._stages:
                text = stage.convert(text)
        return text
