"""Word lists by kind, compiled once, asked about short pieces of folded text."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

import re2

from transforms.text.built_once import built_once
from transforms.text.script.to_simplified import simplified_characters
from transforms.text.shadow import fold

WordKind = Literal[
    "marker",
    "adult",
    "gambling",
    "brand",
    "suffix",
    "keyword",
    "contact",
    "account",
    "grey",
    "query",
    "protect",
]
Strength = Literal["strong", "weak"]

_DOES = (
    "[^，,。\\s]{0,4}?(?:召开|召開|举行|舉行|举办|舉辦|校长|校長|院长|院長|书记|書記|党委|黨委|学院|學院|大学|大學"
    "|师生|師生|员工|員工|团委|团|团队|顺利|順利|组织|組織|开展|開展|荣获|榮獲)"
)

_NOTHING = r"[^\x00-\x{10FFFF}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamWords:
    """A record of a word list.

    Attributes:
        id: name of the record.
        kind: what the words are about. `brand` counts only with a `suffix` right behind it;
            `account` is where to write to, and counts in blocks with another strong word;
            `protect` takes hits back; `query` ends the segments of a list of searches.
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


class Lexicon:
    """Compiled word lists.

    Attributes:
        alarm: matches any strong word, template phrase or prompt in text that is *not* folded.
        strong_anywhere: the strong words alone, in text that is not folded.
        marker: a template phrase that convicts with the shape of what follows, not folded.
        heading: a template phrase in front of a list, folded.
        contact: a prompt to write to somebody, folded.
        account: an account to write to, folded.
        question: what searchers ask, at the end of a folded segment.
        query: the same, or what they ask for.
        keyword: a betting word that is put into sentences as a clause of its own, folded.
        swapped: a betting brand that does what institutions do, not folded.
        weigh: 2 for a piece of folded text with a strong word, 1 with a weak one, else 0;
            remembers the pieces of a page, about which several rules ask.
    """

    def __init__(self, records: Iterable[SpamWords]) -> None:
        lists: dict[tuple[str, str], list[SpamWords]] = {}
        for record in records:
            lists.setdefault((record.kind, record.strength), []).append(record)

        def of(strength: Strength, *kinds: WordKind) -> list[SpamWords]:
            return [record for kind in kinds for record in lists.get((kind, strength), ())]

        strong = of("strong", "adult", "gambling", "keyword", "grey")
        weak = of("weak", "adult", "gambling", "grey", "marker")
        brands, suffixes = _words(of("strong", "brand")), _words(of("weak", "suffix"))
        branded = [f"(?:{'|'.join(brands)})(?:{'|'.join(suffixes)})"] if brands else []
        branded_raw = [unfolded(pattern) for pattern in branded]
        markers, contacts = of("strong", "marker"), of("strong", "contact")

        self.alarm = _compile(_raw([*strong, *markers, *contacts]) + branded_raw)
        self.strong_anywhere = _compile(_raw(strong) + branded_raw)
        self.marker = _compile(_raw(markers))
        self.contact = _compile(_words(contacts))
        self.heading = _compile(_words(of("weak", "marker")))
        self.account = _compile(_words(of("strong", "account")))
        questions = _words(of("strong", "query"))
        self.question = _compile(_at_end(questions))
        self.query = _compile(_at_end([*questions, *_words(of("weak", "query"))]))
        self.keyword = _compile(_words(of("strong", "keyword")) + branded)
        self.swapped = _compile([f"(?:{pattern}){_DOES}" for pattern in branded_raw])
        listed = (
            _words(strong) + branded,
            _words([*strong, *weak]) + branded,
            _words(of("strong", "protect")),
            _words(of("weak", "protect")),
        )
        self._any, self._protected, self._ordinary = map(_compile, listed[1:])
        self._groups = _compile_set(listed)
        self.weigh: Callable[[str], int] = functools.lru_cache(maxsize=4096)(self._weigh)

    def _weigh(self, folded: str) -> int:
        hits = self._groups.Match(folded) or ()
        if _ANY not in hits or _PROTECTED in hits:
            return 0
        if _ORDINARY in hits:
            hits = self._groups.Match(self._ordinary.sub(" ", folded)) or ()
        return 2 if _STRONG in hits else int(_ANY in hits)

    def is_protected(self, folded: str) -> bool:
        """Return whether a strong news word stands in a piece of folded text."""
        return bool(self._protected.search(folded))

    def coverage(self, folded: str) -> float:
        """Return the share (0–1) of a piece of folded text that lies in words of the lists."""
        covered = sum(hit.end() - hit.start() for hit in self._any.finditer(folded))
        return covered / len(folded) if folded else 0.0

    def count(self, folded: str) -> int:
        """Return the number of words of the lists in a piece of folded text."""
        return sum(1 for _ in self._any.finditer(folded))

    def is_report(self, text: str) -> bool:
        """Return whether `text` reports about the police, the courts or the trade itself."""
        found = {hit.group() for hit in self._protected.finditer(fold(text))}
        return len(found) >= REPORT_WORDS

    def strong_words(self, text: str) -> set[str]:
        """Return the strong words in `text`, which need not be folded, in folded form."""
        hits = islice(self.strong_anywhere.finditer(text), MOST_HITS)
        return set(map(fold, {hit.group() for hit in hits}))


_STRONG, _ANY, _PROTECTED, _ORDINARY = range(4)
"""Groups of words that `weigh` asks about, all at once."""
_AUTOMATON_MEMORY = 32 << 20
"""Bytes; as for the rules about rows (`transforms/text/boilerplate/line_rules.py`)."""

MOST_HITS = 4096
"""Strong words of a text that are looked at."""

REPORT_WORDS = 3
"""Distinct news words that make a text with strong words a report about them."""


@built_once
def compiled(records: tuple[SpamWords, ...]) -> Lexicon:
    """Return the lexicon of `records`, built once a process."""
    return Lexicon(records)


def unfolded(words: str) -> str:
    """Return a pattern with each character standing for all that fold to it.

    >>> unfolded("电视")
    '[电電][视視]'
    """
    return "".join(
        f"[{char}{variants}]" if (variants := _variants().get(char)) else char for char in words
    )


@functools.cache
def _variants() -> dict[str, str]:
    found = {
        chr(code): chr(code + 0xFEE0) + (chr(code - 32) + chr(code + 0xFEC0)) * (code > ord("9"))
        for code in (*range(ord("0"), ord("9") + 1), *range(ord("a"), ord("z") + 1))
    }
    for source, target in sorted(simplified_characters().items()):
        found[chr(target)] = found.get(chr(target), "") + chr(source)
    return found


def _words(records: Iterable[SpamWords]) -> list[str]:
    """Return patterns for folded text."""
    return [
        pattern
        for record in records
        for pattern in (*map(re2.escape, record.words), *record.patterns)
    ]


def _raw(records: Iterable[SpamWords]) -> list[str]:
    """Return patterns for text that is not folded."""
    return [
        pattern
        for record in records
        for pattern in (
            *(unfolded(re2.escape(word)) for word in record.words),
            *(f"(?i:{pattern})" for pattern in record.patterns),
        )
    ]


def _at_end(patterns: list[str]) -> list[str]:
    return [f"(?:{'|'.join(patterns)})$"] if patterns else []


def _compile(patterns: Iterable[str]) -> Any:
    options = re2.Options()
    options.log_errors = False
    return re2.compile("|".join(patterns) or _NOTHING, options)


def _compile_set(groups: Iterable[Iterable[str]]) -> Any:
    """Return one automaton that tells which groups of patterns are in a text."""
    options = re2.Options()
    options.max_mem = _AUTOMATON_MEMORY
    found = re2.Set.SearchSet(options)
    for patterns in groups:
        found.Add("|".join(patterns) or _NOTHING)
    found.Compile()
    return found
