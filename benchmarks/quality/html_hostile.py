"""Pages that break parsers, and pages with bytes lost, doubled and made up."""

from __future__ import annotations

import multiprocessing
import random
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator

from html_sets import Sample
from html_tools import CONFIG

from transforms.text.records import Origin, RawPage, Rejected
from transforms.text.steps import clean_page

PROSE = "<p>会议强调，要坚持创新驱动，加快培育新质生产力，全市上下要认真落实。</p>" * 5
HOSTILE: dict[str, Callable[[], str]] = {
    "(an honest page)": lambda: PROSE,
    "200,000 nested elements": lambda: PROSE + "<div>" * 200_000,
    "50 MB attribute": lambda: f'<p title="{"x" * 50_000_000}">' + PROSE,
    "9 MB attribute": lambda: f'<p title="{"x" * 9_000_000}">' + PROSE,
    "100,000 attributes": lambda: f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>" + PROSE,
    "unclosed everything": lambda: PROSE + "<p><b><i><a href=x>" * 40_000,
    "NUL bytes": lambda: PROSE.replace("，", "\0，\0") * 200,
    "entity flood": lambda: PROSE + "&amp;&#20013;" * 200_000,
    "1 MB single line": lambda: "<p>" + "会议强调，要坚持创新驱动。" * 80_000,
    "open comments": lambda: PROSE + "<!--" * 200_000,
    "deep JSON": lambda: f'<script type="application/ld+json">{"[" * 400_000}</script>' + PROSE,
    "style sheet": lambda: f"<style>{'.a{' * 100_000}</style>" + PROSE,
    "2,400,000 tags": lambda: PROSE + "<br>" * 2_400_000,
    "29,000 tags": lambda: PROSE + "".join(f"<p class=x{n}>a" for n in range(29_000)),
    "less-than signs": lambda: PROSE + "<" * 1_000_000,
}
"""Pages that break parsers, by what is wrong with them."""


def survive(name: str) -> tuple[str, float, float, str]:
    """Return what becomes of a hostile page: name, seconds, peak MB of the process, outcome."""
    data = f"<!DOCTYPE html><html><body>{HOSTILE[name]()}".encode()
    start = time.process_time()
    page = clean_page(RawPage(Origin("0" * 32, name, 0), data, html=True), CONFIG)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    outcome = page.code if isinstance(page, Rejected) else f"{len(page.text)} code points"
    return name, seconds, peak, outcome


def hostile() -> Iterator[tuple[str, float, float, str]]:
    """Yield what becomes of each hostile page, each in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        yield from pool.imap(survive, HOSTILE)


def mutated(samples: list[Sample], n: int, seed: int) -> Counter[str]:
    """Return the outcomes of `n` pages with bytes lost, doubled and made up; a crash ends it."""
    dice = random.Random(seed)
    small = [s.data for s in samples if len(s.data) < 60_000]
    outcomes: Counter[str] = Counter()
    for _ in range(n):
        data = bytearray(dice.choice(small))
        for _ in range(dice.choice((1, 5, 30, 200))):
            at = dice.randrange(len(data))
            piece = dice.choice((b"", b"<", b">", b'"', b"</div>", b"\0", dice.randbytes(3)))
            data[at : at + dice.randrange(30)] = piece
            data = data or bytearray(b"<")
        raw = RawPage(Origin("0" * 32, "mutated", 0), bytes(data), html=True)
        page = clean_page(raw, CONFIG)
        outcomes[page.code if isinstance(page, Rejected) else "page"] += 1
    return outcomes
