"""The quality gate of CI: figures on generated pages with known truth, against pinned bounds.

    python benchmarks/gate.py               # measure, compare with benchmarks/bounds.json
    python benchmarks/gate.py --tighten     # pin better bounds; one is never loosened

The pages are made of texts written for the project, and of `../shared/data` where it is there.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent / "quality")]

import spam  # noqa: E402
import spam_pages  # noqa: E402
import structure  # noqa: E402
import structure_pages  # noqa: E402

BOUNDS = Path(__file__).parent / "bounds.json"
PAGES = 400
SLACK = {"at_least": -0.002, "at_most": 0.002}
"""Room left beside a measured figure when a bound is tightened: one page in 400 is 0.0025."""
STRUCTURE = (
    "content recall",
    "content precision",
    "documents that lose > 1 %",
    "hard negatives changed",
    *(f"boilerplate rows left, {stratum}" for stratum in structure_pages.MARKS),
    "breaks mended",
    "breaks without an empty line mended",
    "wrong joins",
    "changed by a second run",
)


def structure_figures() -> dict[str, float]:
    """Measure metadata, boilerplate and lines."""
    dice = random.Random(1)
    scores = [structure.score(built, dice) for built in structure_pages.generate(PAGES, 1)]
    framed = [structure.score(built, dice) for built in structure_pages.generate_framed(PAGES, 1)]
    figures: dict[str, Any] = structure.summarise(scores)
    fields = {stratum: structure.metadata_of(scores, stratum) for stratum in structure_pages.MARKS}
    return {
        **{f"structure: {name}": figures[name].value for name in STRUCTURE},
        "structure: hard negatives with a frame, recall": sum(s.recall for s in framed) / PAGES,
        **{
            f"structure: {name} {what}, {stratum}": one.value
            for stratum, table in fields.items()
            for name, pair in table.items()
            for what, one in zip(("exact", "invented"), pair, strict=True)
        },
    }


def spam_figures() -> dict[str, float]:
    """Measure spam."""
    scores = [spam.score(case) for case in spam_pages.generate(PAGES, 1)]
    negatives = spam_pages.hard_negatives(1, 2)
    harmed = [bool(spam.stripped(text).edits) for text in negatives]
    return {f"spam: {name}": value for name, (value, _) in spam.measured(scores, harmed).items()}


def compare(figures: dict[str, float], bounds: dict[str, dict[str, float]]) -> bool:
    """Print each figure beside its bound; return whether all hold."""
    held = True
    for name, bound in bounds.items():
        ((kind, limit),) = bound.items()
        value = figures[name]
        good = value >= limit if kind == "at_least" else value <= limit
        held &= good
        print(f"{name:56} {value:.4f}  {kind} {limit:.4f}{'' if good else '  BROKEN'}")
    return held


def tightened(
    figures: dict[str, float], bounds: dict[str, dict[str, float]]
) -> dict[str, dict[str, float]]:
    """Return the bounds, each moved towards its figure where that is better."""
    result = {}
    for name, bound in bounds.items():
        ((kind, limit),) = bound.items()
        better = max if kind == "at_least" else min
        room = figures[name] + SLACK[kind]
        result[name] = {kind: round(better(limit, room), 4)}
    return result


def main() -> int:
    """Run the gate; the exit code is 1 when a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tighten", action="store_true", help="pin better bounds")
    given = parser.parse_args()
    figures = structure_figures() | spam_figures()
    bounds = json.loads(BOUNDS.read_text())
    held = compare(figures, bounds)
    if given.tighten and held:
        BOUNDS.write_text(json.dumps(tightened(figures, bounds), indent=1) + "\n")
    return int(not held)


if __name__ == "__main__":
    sys.exit(main())
