"""Word lists by kind, compiled once, asked about short pieces of folded text."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import re2

from transforms.text.shadow import fold
from transforms.text.script import simplified_characters

WordKind = Literal["marker", "adult", "gambling", "brand", "suffix", "contact", "grey", "protect"]
Strength = Literal["strong", "weak"]

_NOTHING = r"[^\x00-\x{10FFFF}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamWords:
    """A record of a word list.

    Attributes:
        id: name of the record.
        kind: what the words are about. `brand` counts only with a `suffix` right behind it;
            `protect` takes hits back.
        strength: strong words have no other use in news; weak words count only inside a block.
            A weak `protect` word takes back the hits inside it, a strong one all of a segment.
        source: where the words are from.
        words: literal, in the form `fold` gives (simplified, half width, lower case).
        patterns: in re2 syntax, matched on folded text.
    """

    id: str
    kind: WordKind
    strength: Strength
    source: str
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the words and patterns.

        Raises:
            ValueError: a word is empty or not in folded form, or a pattern is not valid re2.
        """
        for word in self.words:
            if not word or fold(word) != word:
                raise ValueError(f"{self.id}: {word!r} must be written {fold(word)!r}")
        for pattern in self.patterns:
            try:
                _compile([pattern])
            except re2.error as error:
                raise ValueError(f"{self.id}: {pattern!r}: {error}") from error

    def __hash__(self) -> int:
        """Hash the id alone: the lists are long, and looked up on every page."""
        return hash(self.id)


class Lexicon:
    """Compiled word lists.

    Attributes:
        marker: matches a template phrase that convicts with the shape of what follows.
        contact: matches a prompt to write to somebody.
        strong_anywhere: matches a strong word in text that is *not* folded.
    """

    def __init__(self, records: Iterable[SpamWords]) -> None:
        words: dict[tuple[str, str], list[str]] = {}
        for record in records:
            escaped = [re2.escape(word) for word in record.words]
            words.setdefault((record.kind, record.strength), []).extend(
                [*escaped, *record.patterns]
            )

        def of(strength: str, *kinds: str) -> list[str]:
            return [word for kind in kinds for word in words.get((kind, strength), ())]

        brands = of("strong", "brand")
        suffixes = of("weak", "suffix")
        branded = [f"(?:{'|'.join(brands)})(?:{'|'.join(suffixes)})"] if brands and suffixes else []
        topics = ("adult", "gambling", "grey")
        strong = [*of("strong", *topics), *branded]
        self.marker = _compile(map(unfolded, of("strong", "marker")))
        self.contact = _compile(of("strong", "contact"))
        self.keyword = _compile([*of("strong", "gambling"), *branded])
        self.branded = _compile(branded)
        self.strong_anywhere = _compile(map(unfolded, strong))
        self._strong = _compile(strong)
        self._any = _compile([*strong, *of("weak", *topics, "marker")])
        self._protected = _compile(of("strong", "protect"))
        self._ordinary = _compile(of("weak", "protect"))

    def weigh(self, folded: str) -> int:
        """Return 2 for a piece of folded text with a strong word, 1 with a weak one, else 0."""
        if not self._any.search(folded) or self._protected.search(folded):
            return 0
        rest = self._ordinary.sub(" ", folded)
        if self._strong.search(rest):
            return 2
        return 1 if self._any.search(rest) else 0

    def strong_words(self, text: str) -> set[str]:
        """Return the strong words in `text`, which need not be folded, in folded form."""
        return {fold(hit.group()) for hit in self.strong_anywhere.finditer(text)}


@functools.lru_cache(maxsize=8)
def compiled(records: tuple[SpamWords, ...]) -> Lexicon:
    """Return the lexicon of `records`, built once a process."""
    return Lexicon(records)


def unfolded(pattern: str) -> str:
    """Return `pattern` with each hanzi standing for all characters that fold to it.

    >>> unfolded("百家乐")
    '百家[乐樂]'
    """
    return "".join(
        f"[{char}{variants}]" if (variants := _variants().get(char)) else char for char in pattern
    )


@functools.cache
def _variants() -> dict[str, str]:
    found: dict[str, str] = {}
    for source, target in sorted(simplified_characters().items()):
        found[chr(target)] = found.get(chr(target), "") + chr(source)
    return found


def _compile(patterns: Iterable[str]) -> Any:
    options = re2.Options()
    options.log_errors = False
    return re2.compile("|".join(patterns) or _NOTHING, options)
