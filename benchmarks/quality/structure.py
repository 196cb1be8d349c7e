"""How well metadata, boilerplate and line structure are told from the article.

    python benchmarks/quality/structure.py [--pages 2000] [--seed 1] [--show 5] [--json]

Pages are built from clean articles (written for the project, and drawn from `../shared/data` where
it is present) with the boilerplate kinds of contamination.md 1.3, the labels of its section 2 and
the damage of its section 3 around them; every character carries a label and every page its
metadata. Two pages in five use only `seen` forms. On the others three forms in four are `unseen`,
`fresh` or `later`: wordings and labels that stand in no rule file and are not to be copied into
one. The unseen ones were written with the first rules, by another hand than the rules of today; the
fresh ones after those, the later ones before the last change of the rules on shape. Three pages in
ten are hard negatives, which must come out as they went in. Invented titles are counted on twice as
many pages more, none of which has a title.
Intervals are 95 %, by bootstrap over documents.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from intervals import Estimate, estimate
from structure_pages import (
    FIELDS,
    MARKS,
    Article,
    Built,
    generate,
    generate_framed,
    generate_untitled,
    load_articles,
)

from transforms.config import default_config
from transforms.text.boilerplate.strip_boilerplate import strip_boilerplate
from transforms.text.lines.rejoin_lines import rejoin_lines
from transforms.text.metadata.extract_metadata import extract_metadata
from transforms.text.records import Origin, Page
from transforms.text.spam.strip_spam import strip_spam

CONFIG = default_config()
STEPS = (
    (extract_metadata, CONFIG.extract_metadata),
    (strip_boilerplate, CONFIG.strip_boilerplate),
    (rejoin_lines, CONFIG.rejoin_lines),
)
CONTENT = ("content", "title")
ORIGIN = Origin("0" * 32, "bench", 0)


@dataclass
class Score:
    """What became of one page.

    Attributes:
        built: the page with its truth.
        page: what the steps made of it.
        chars: code points that are not blank, by label.
        kept: those of them that are still there.
        rows: (label, text, whether it stayed) of each line that is not content.
        mended: (whether it is mended, whether an empty line stood there) of each break.
        joins: lines that were joined.
        pairs: pairs of neighbouring lines.
        stable: whether a second run changes nothing.
    """

    built: Built
    page: Page
    chars: Counter[str]
    kept: Counter[str]
    rows: list[tuple[str, str, bool]] = field(default_factory=list)
    mended: list[tuple[bool, bool]] = field(default_factory=list)
    joins: int = 0
    pairs: int = 0
    stable: bool = True

    @property
    def recall(self) -> float:
        """Share of the content that is still there."""
        whole = sum(self.chars[label] for label in CONTENT)
        return sum(self.kept[label] for label in CONTENT) / whole if whole else 1.0

    @property
    def precision(self) -> float:
        """Share of what is still there that is content."""
        return sum(self.kept[label] for label in CONTENT) / max(1, self.kept.total())

    @property
    def changed(self) -> bool:
        """Whether a page that is all content came out changed."""
        return self.built.hard and self.page.text.split() != self.source.split()

    @property
    def source(self) -> str:
        """The lines of the page as they went in."""
        return "\n".join(line for line, _ in self.built.lines)

    def rows_left(self, mark: str) -> tuple[int, int]:
        """Return how many lines of a stratum stayed, and how many there were."""
        stayed = [
            left
            for label, _, left in self.rows
            if label.lstrip("_abcdefghijklmnopqrstuvwxyz") == mark
        ]
        return sum(stayed), len(stayed)


def clean(page: Page) -> Page:
    """Run the three steps."""
    for step, config in STEPS:
        page = step(page, config)
    return page


def places_kept(page: Page, length: int) -> np.ndarray:
    """Return for each character of the source whether it is still on the page."""
    places = np.arange(length)
    for step, _ in STEPS:
        parts, at = [], 0
        for edit in (e for e in page.edits if e.step == step.__name__):
            parts += (places[at : edit.start], np.full(len(edit.after), -1))
            at = edit.stop
        places = np.concatenate([*parts, places[at:]])
    kept = np.zeros(length, dtype=bool)
    kept[places[places >= 0]] = True
    return kept


def score(built: Built, rng: random.Random) -> Score:
    """Clean a page and count by label what is left of it."""
    gap = "\n" if built.hard else rng.choice(("\n", "\n", "\n\n"))
    text = gap.join(line for line, _ in built.lines)
    page = clean(Page(ORIGIN, text))
    kept = places_kept(page, len(text))
    result = Score(built, page, Counter(), Counter())
    at = 0
    for line, label in built.lines:
        solid = np.fromiter((not char.isspace() for char in line), bool, len(line))
        stays = kept[at : at + len(line)] & solid
        result.chars[label] += int(solid.sum())
        result.kept[label] += int(stays.sum())
        if label not in (*CONTENT, "blank"):
            result.rows.append((label, line, bool(stays.sum() * 2 > solid.sum())))
        at += len(line) + len(gap)
    result.mended = [(a + b in page.text, torn or len(gap) > 1) for a, b, torn in built.breaks]
    result.joins = sum(edit.reason == "joined_line" for edit in page.edits)
    result.pairs = max(0, sum(1 for line, _ in built.lines if line.strip()) - 1)
    result.stable = clean(dataclasses.replace(page, edits=(), flags=())).text == page.text
    return result


def metadata_of(scores: Sequence[Score], stratum: str) -> dict[str, tuple[Estimate, Estimate]]:
    """Return for each field: share exact where given, share filled where not."""
    table = {}
    members = [one for one in scores if one.built.stratum == stratum and not one.built.hard]
    for name in FIELDS:
        exact, invented = [], []
        for one in members:
            want, got = one.built.truth.get(name) or None, getattr(one.page.meta, name) or None
            (exact if want else invented).append(got == want if want else got is not None)
        table[name] = (estimate(exact), estimate(invented))
    return table


def summarise(scores: Sequence[Score]) -> dict[str, object]:
    """Return all figures of a run."""
    soft = [one for one in scores if not one.built.hard]
    left = {
        f"boilerplate rows left, {stratum}": estimate(
            *zip(*(s.rows_left(mark) for s in soft), strict=True)
        )
        for stratum, mark in MARKS.items()
    }
    return {
        "documents": len(scores),
        "content recall": estimate([one.recall for one in scores]),
        "content precision": estimate([one.precision for one in scores]),
        **{
            f"content precision, {stratum}": estimate(
                [one.precision for one in soft if one.built.stratum == stratum]
            )
            for stratum in MARKS
        },
        "documents that lose > 1 %": estimate([one.recall < 0.99 for one in scores]),
        "hard negatives changed": estimate([one.changed for one in scores if one.built.hard]),
        **left,
        "characters left by kind": _by_kind(scores),
        **{
            f"metadata on pages of {stratum} forms (exact; invented)": metadata_of(scores, stratum)
            for stratum in MARKS
        },
        "breaks mended": _mended(scores, True),
        "breaks without an empty line mended": _mended(scores, False),
        "wrong joins": estimate(
            [one.joins - sum(done for done, _ in one.mended) for one in scores],
            [one.pairs for one in scores],
        ),
        "changed by a second run": estimate([not one.stable for one in scores]),
    }


def titles_invented(pages: Iterable[Built]) -> dict[str, Estimate]:
    """Return by stratum the share of pages without a title that get one."""
    invented: dict[str, list[bool]] = {stratum: [] for stratum in MARKS}
    for built in pages:
        text = "\n".join(line for line, _ in built.lines)
        page = extract_metadata(Page(ORIGIN, text), CONFIG.extract_metadata)
        invented[built.stratum].append(page.meta.title is not None)
    return {stratum: estimate(filled) for stratum, filled in invented.items()}


def _by_kind(scores: Sequence[Score]) -> dict[str, Estimate]:
    labels = sorted({label for one in scores for label in one.chars} - {*CONTENT, "blank"})
    return {
        label: estimate([one.kept[label] for one in scores], [one.chars[label] for one in scores])
        for label in labels
    }


def _mended(scores: Sequence[Score], torn: bool) -> Estimate:
    done = [[mended for mended, was_torn in one.mended if was_torn == torn] for one in scores]
    return estimate([sum(page) for page in done], [len(page) for page in done])


def speed(
    articles: Sequence[Article], steps: Iterable[tuple[Callable[..., Page], object]]
) -> float:
    """Return clean pages of about 1,600 characters per second on one core: the best of five."""
    pages, lines = [], []
    for article in articles:
        lines += [article.title, *article.paragraphs]
        if sum(map(len, lines)) > 1600:
            pages.append(Page(ORIGIN, "\n".join(lines)[:1600].rsplit("。", 1)[0] + "。"))
            lines = []
    best = 0.0
    for _ in range(5):
        start = time.process_time()
        for page in pages[:300]:
            for step, config in steps:
                page = step(page, config)
        best = max(best, len(pages[:300]) / (time.process_time() - start))
    return best


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--show", type=int, default=0, help="rows left, content lost: so many of each"
    )
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    rng = random.Random(args.seed)
    scores = [score(built, rng) for built in generate(args.pages, args.seed)]
    figures = summarise(scores)
    framed = [score(built, rng) for built in generate_framed(args.pages, args.seed)]
    figures["hard negatives with a frame: recall"] = estimate([one.recall for one in framed])
    figures["titles invented on pages without one"] = titles_invented(
        generate_untitled(2 * args.pages, args.seed)
    )
    figures["pages per second, four steps"] = speed(
        load_articles(), ((strip_spam, CONFIG.strip_spam), *STEPS)
    )
    print(json.dumps(figures, ensure_ascii=False, indent=1) if args.json else table_of(figures))
    for line in mistakes([*scores, *framed], args.show) if args.show else ():
        print(line)
    return 0


def table_of(figures: dict[str, object]) -> str:
    """Return the figures as text."""
    lines = []
    for name, value in figures.items():
        if isinstance(value, dict):
            lines.append(name)
            lines += (f"  {key:<18}{_cell(entry)}" for key, entry in value.items())
        else:
            lines.append(f"{name:<36}{_cell(value)}")
    return "\n".join(lines)


def _cell(value: object) -> str:
    if isinstance(value, Estimate):
        return str(value)
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    return f"{value:8.0f}"


def mistakes(scores: Sequence[Score], number: int) -> Iterable[str]:
    """Yield rows of seen forms that were left, content that was lost and metadata that is wrong."""
    told: Counter[str] = Counter()
    for one in scores:
        for what, text in _mistakes_of(one):
            told[what] += 1
            if told[what] <= number:
                yield f"{what}: {text}"


def _mistakes_of(one: Score) -> Iterable[tuple[str, str]]:
    yield from (
        (f"left {label}", line) for label, line, left in one.rows if left and label[-1].isalpha()
    )
    if one.recall < 0.999 or one.changed:
        yield (
            "lost",
            str([(edit.reason, edit.before[:60], edit.after) for edit in one.page.edits][:8]),
        )
    for (a, b, _), (done, torn) in zip(one.built.breaks, one.mended, strict=True):
        if torn and not done:
            yield "broken", f"{a[-25:]}|{b[:25]}"
    for name in FIELDS if not one.built.hard else ():
        want, got = one.built.truth.get(name) or None, getattr(one.page.meta, name) or None
        if want != got and one.built.stratum == "seen":
            yield f"meta {name}", f"{want} {got} {[line for line, _ in one.built.lines[:4]]}"


if __name__ == "__main__":
    sys.exit(main())
