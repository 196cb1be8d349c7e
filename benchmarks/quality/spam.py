"""How much injected spam `strip_spam` leaves, and what it costs the article.

    python benchmarks/quality/spam.py [--pages 2000] [--clean] [--show 5]

Spam of the kinds of contamination.md 1.1 is put into clean articles, simplified or turned to
traditional as mirrors do, with a label for every character. Three strata: `seen` uses words,
marks and markers of the word lists; in `unseen` half of the words and all marks and markers are in
no list; in `blind` every word is. `fresh` and `last` blocks were written whole, about trades no
list knows (`spam_fresh.py`). Base articles are written for the project, and drawn from
`../shared/data` where it is present. Hard negatives are clean pages that look like spam. With
`--clean`, the whole of `../shared/data` is read instead, and every edit and every strong word found
there is listed. The exit code is 1 when a limit of `spam_limits.json` is broken, or when a strong
word stands in clean news.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from intervals import estimate
from spam_fresh import fresh_cases
from spam_pages import CONFIG, LEXICON, Case, clean_articles, generate, hard_negatives

from transforms.text.records import Origin, Page
from transforms.text.spam.strip_spam import strip_spam

LIMITS = json.loads(Path(__file__).with_name("spam_limits.json").read_text(encoding="utf-8"))


class Score(NamedTuple):
    """What a step did to a case: segments left and put in, content and all characters kept."""

    case: Case
    left: int
    segments: int
    recall: float
    precision: float


def stripped(text: str) -> Page:
    """Return a page with `text` behind the step."""
    page = strip_spam(Page(Origin("0" * 32, "benchmark", 0), text), CONFIG)
    assert isinstance(page, Page)
    return page


def score(case: Case) -> Score:
    """Run the step and count what is left of every piece."""
    page = stripped(case.text)
    kept = np.ones(len(case.text), bool)
    for edit in page.edits:
        kept[edit.start : edit.stop] = False
    counts: Counter[str] = Counter()
    at = left = segments = 0
    for text, label in case.pieces:
        solid = np.fromiter((not char.isspace() for char in text), bool, len(text))
        stays = int((kept[at : at + len(text)] & solid).sum())
        counts[label] += int(solid.sum())
        counts["kept " + label] += stays
        segments += label == "segment"
        left += label == "segment" and stays * 2 > solid.sum()
        at += len(text)
    good = counts["kept content"] + counts["kept other"]
    all_good = counts["content"] + counts["other"]
    return Score(
        case,
        left,
        segments,
        good / all_good,
        good / max(1, good + counts["kept segment"] + counts["kept spam"]),
    )


def interval(values: Sequence[float], weights: Sequence[float]) -> str:
    """Return a weighted mean in percent with its 95 % bootstrap interval over documents."""
    one = estimate([v * w for v, w in zip(values, weights, strict=True)], weights)
    return f"{100 * one.value:7.3f} [{100 * one.low:.3f}, {100 * one.high:.3f}]"


def report(scores: list[Score]) -> None:
    """Print spam left, and content recall and precision, by kind, place and stratum."""
    groups: dict[str, list[Score]] = defaultdict(list)
    for one in scores:
        case = one.case
        spoken = case.stratum if case.kind in ("S1", "S2", "S4") else "seen"
        for name in (f"all {spoken}", f"{case.kind} {spoken}", f"{case.place} {spoken}"):
            groups[name].append(one)
    print(f"{'group':14}{'pages':>6}  {'spam left %':28}{'content recall %':28}{'precision %':28}")
    for name, members in sorted(groups.items()):
        ones = [1.0] * len(members)
        left = interval([m.left / m.segments for m in members], [m.segments for m in members])
        print(
            f"{name:14}{len(members):6}  {left:28}{interval([m.recall for m in members], ones):28}"
            f"{interval([m.precision for m in members], ones):28}"
        )


def measured(scores: list[Score], harmed: list[bool]) -> dict[str, tuple[float, str]]:
    """Return what the limits are about: each figure (0–1), and in percent with its interval."""

    def left(stratum: str) -> tuple[list[float], list[float]]:
        members = [m for m in scores if m.case.stratum == stratum]
        return [m.left / m.segments for m in members], [float(m.segments) for m in members]

    ones = [1.0] * len(scores)
    samples = {
        "spam left, seen": left("seen"),
        "spam left, unseen": left("unseen"),
        "spam left, blind": left("blind"),
        "content recall": ([m.recall for m in scores], ones),
        "pages that lose more than 1 % of their content": (
            [float(m.recall < 0.99) for m in scores],
            ones,
        ),
        "hard negatives changed": (list(map(float, harmed)), [1.0] * len(harmed)),
    }
    return {
        name: (float(np.average(values, weights=weights)), interval(values, weights))
        for name, (values, weights) in samples.items()
    }


def broken(figures: dict[str, tuple[float, str]]) -> bool:
    """Print each figure beside its limit; return whether one is on the wrong side."""
    failed = False
    for name, (value, text) in figures.items():
        limit = LIMITS[name]
        bad = value < limit if name == "content recall" else value > limit
        failed |= bad
        print(f"{name:48}{text} %  limit {100 * limit:g} %{'  BROKEN' if bad else ''}")
    return failed


def show(scores: list[Score], count: int) -> None:
    """Print the beginning of pages with spam left or content lost, and what was taken out."""
    bad = [one for one in scores if one.left or one.recall < 1]
    for one in random.Random(0).sample(bad, min(count, len(bad))):
        case = one.case
        print(f"{case.kind} {case.stratum} {case.place} left {one.left}/{one.segments}")
        print(case.text[:500], [edit.before[:60] for edit in stripped(case.text).edits])


def check_clean() -> int:
    """Print every edit and every strong word in clean text; return the number of strong words."""
    pages = changed = 0
    words: dict[str, str] = {}
    flags: Counter[str] = Counter()
    for name, text in clean_articles():
        page = stripped(text)
        pages, changed = pages + 1, changed + bool(page.edits)
        flags.update(page.flags)
        for edit in page.edits:
            print(f"{name} {edit.reason} {edit.before[:80]!r}")
        words |= dict.fromkeys(LEXICON.strong_words(text), name)
    print(f"{pages} clean pages, {changed} changed, flags {dict(flags)}")
    print(f"strong words found: {words}")
    return len(words)


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=2000, help="spam pages to generate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clean", action="store_true", help="read all clean text instead")
    parser.add_argument("--show", type=int, default=0, help="failures to print")
    args = parser.parse_args()
    if args.clean:
        return min(1, check_clean())
    scores = [score(case) for case in generate(args.pages, args.seed)]
    fresh = [score(case) for case in fresh_cases(args.seed, max(1, args.pages // 200))]
    report(scores + fresh)
    negatives = hard_negatives(args.seed, max(1, args.pages // 80))
    harmed = [bool(stripped(text).edits) for text in negatives]
    for text in [text for text, bad in zip(negatives, harmed, strict=True) if bad][: args.show]:
        print("hard negative:", [edit.before[:80] for edit in stripped(text).edits])
    show(scores + fresh, args.show)
    return int(broken(measured(scores, harmed)))


if __name__ == "__main__":
    sys.exit(main())
