"""Pages with blocks of spam that were written whole, about trades no word list knew then.

The `fresh` blocks have been looked at since, to find what shapes were missed, and clinics and
forged papers went into `grey.yaml`; the `last` ones were written after that, and scored as they
are. Used by `spam.py`, which describes what for.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from spam_pages import TEXTS, Case, Piece, Speaker, base_articles, dressed, place, to_traditional

STRATA = ("fresh", "last")


def fresh_cases(seed: int, times: int) -> Iterator[Case]:
    """Yield `times` pages for each block, in articles and scripts drawn anew."""
    dice = random.Random(seed)
    bases = base_articles(600)
    blocks = [(stratum, b) for stratum in STRATA for b in TEXTS[f"{stratum}_blocks"]]
    for stratum, block in blocks:
        for _ in range(times):
            lines = dice.choice(bases).split("\n")
            lines = dressed(lines, dice) if dice.random() < 0.5 else lines
            mirrored = dice.random() < 0.5
            turned = {"segment": mirrored and dice.random() < 0.15, "other": mirrored}
            case = Case(block["kind"], stratum, block["place"])
            spam = [
                Piece(to_traditional(text) if turned.get(label) else text, label)
                for text, label in pieces_of(block, bases, dice)
            ]
            lines = list(map(to_traditional, lines)) if mirrored else lines
            place(case, lines, spam, Speaker("adult", "blind", dice))
            yield case


def pieces_of(block: dict[str, Any], bases: list[str], dice: random.Random) -> Iterator[Piece]:
    """Yield the pieces of a written block: joined titles, or items between dated headlines."""
    if block["kind"] == "S4":
        yield from _list_items(block, bases, dice)
        return
    yield Piece(block.get("marker", ""), "spam")
    for number, title in enumerate(block["titles"]):
        wraps = number and number % block.get("wrap", 99) == 0
        yield Piece("\n" if wraps else block["mark"] if number else "", "spam")
        yield Piece(title, "segment")


def _list_items(block: dict[str, Any], bases: list[str], dice: random.Random) -> Iterator[Piece]:
    """Yield titles between headlines of other articles, all with a date glued on."""
    closing = "]" if "[" in block["mark"] else ""
    for title in block["titles"]:
        headline = dice.choice(bases).partition("\n")[0][:25]
        for text, label in ((headline, "other"), (title, "segment")):
            yield Piece(f"{text}{block['mark']}{dice.randrange(10, 29)}{closing}", label)
            yield Piece("\n", "other")
