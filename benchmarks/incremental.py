"""Whether pages that come day by day end as they would in one run.

    python benchmarks/incremental.py --splits 50

Takes news of `../shared/data` (without it, made-up pages) and copies of it: exact, edited, cut,
reframed. Each split deals them into days of different size, runs `newsclean` for every day on one
output, and compares with one run of all pages:

- days in order of publication: the same articles are kept, each dropped page is dropped in both
  (required: difference 0);
- the same days, some of them late: the same as in a run in which pages rank by arrival, which is
  worked out by comparing all pages with all (required: difference 0);
- a day that is fed twice: no new article;
- every dropped page names an article that was kept, in the run that kept it.

The steps before `dedupe` are switched off, for speed; what is run is otherwise the whole pipeline.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.dataset as ds
from generate import pages
from rich.console import Console

from pipeline.config import Settings, load_config
from pipeline.index import SKETCHED
from pipeline.run import RunRequest, run_pipeline
from transforms.text.duplicates.fingerprint import sketch_pages
from transforms.text.duplicates.rules import PAIR, Kind, Ref, verify

DATA = Path(__file__).parents[2] / "shared" / "data" / "news_hans_cctv_2022_2024.jsonl.gz"
OFF = (
    "extract_html repair_mojibake strip_pinyin strip_spam strip_boilerplate rejoin_lines "
    "to_simplified judge_page"
).split()
QUIET = Console(quiet=True)

Item = dict[str, Any]
"""A line of JSONL."""


def settings(*more: str) -> Settings:
    """Return a configuration in which `dedupe` is the only step, with some assignments more."""
    off = (f"{step}.enabled=false" for step in OFF)
    return load_config(None, [*off, "output.audit=false", *more])


def stories(count: int, dice: random.Random) -> list[tuple[str, str, datetime]]:
    """Return (title, text, time) of different news within some weeks."""
    if DATA.exists():
        with gzip.open(DATA, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        start = dice.randrange(len(rows) - count)
        days = (datetime.fromisoformat(row["date"][:10]) for row in rows[start:])
        some = [(r["title"], r["text"], d) for r, d in zip(rows[start:], days, strict=False)]
        return [story for story in some if story[1].strip()][:count]
    day = datetime(2024, 8, 6)
    made = pages(count, 500, dice.randrange(1 << 30))
    return [(text[:12], text, day + timedelta(days=dice.randrange(40))) for text in made]


def edited(text: str, share: float, dice: random.Random) -> str:
    """Replace, drop or double a share of the characters."""
    letters = list(text)
    for at in dice.sample(range(len(letters)), int(share * len(letters))):
        letters[at] = dice.choice((dice.choice(text), "", letters[at] * 2))
    return "".join(letters)


def changes(dice: random.Random) -> list[str]:
    """Return the ways in which copies of a text differ from it, in random order."""
    ways = ["same", "same", "1 %", "3 %", "5 %", "cut", "reframed"]
    return dice.sample(ways, len(ways))


def copy_of(text: str, way: str, dice: random.Random) -> str:
    """Return a copy of a text, changed in one of the ways of `changes`."""
    match way:
        case "same":
            return text
        case "cut":
            return text[: len(text) * 8 // 10]
        case "reframed":
            return f"本站首页 新闻 正文 {text}"
    return edited(text, int(way[0]) / 100, dice)


def crawl(count: int, dice: random.Random) -> list[Item]:
    """Return about `count` pages, half of them copies up to 45 days younger; no two of one time."""
    items = []
    for number, (title, text, day) in enumerate(stories(count // 2, dice)):
        copies = changes(dice)[: dice.choice((0, 0, 1, 1, 1, 3))]
        for at, way in enumerate(["same", *copies]):
            days = dice.choice((0, 0, 1, 5, 29, 31, 45)) if at else 0
            published = day + timedelta(days=days, seconds=10 * number + at)
            items.append(
                {
                    "id": f"{number}-{at}",
                    "title": dice.choice((title, title, "转载")) if at else title,
                    "text": copy_of(text, way, dice),
                    "url": f"https://{dice.choice('abc')}.cn/{number}",
                    "published": published.isoformat(),
                }
            )
    return sorted(items, key=lambda item: item["published"])


def run(items: Iterable[Item], source: Path, output: Path, *more: str) -> None:
    """Run the pipeline on pages, as the run that is called like the file."""
    with source.open("w", encoding="utf-8") as stream:
        for item in items:
            stream.write(json.dumps(item, ensure_ascii=False) + "\n")
    request = RunRequest((str(source),), output, settings(*more), source.stem)
    if run_pipeline(request, QUIET, QUIET):
        raise SystemExit(f"the run of {source} failed")


def table(output: Path, dataset: str) -> list[dict[str, Any]]:
    """Return the rows of a dataset."""
    return ds.dataset(output / dataset, partitioning="hive").to_table().to_pylist()


def kept(output: Path) -> set[str]:
    """Return the ids, as the input gives them, of the pages that are articles."""
    return {row["source_id"] for row in table(output, "articles")}


def dangling(output: Path) -> int:
    """Return how many dropped pages do not name an article of the run they name."""
    articles = {(row["id"], row["run_id"]) for row in table(output, "articles")}
    dropped = table(output, "duplicates")
    return sum((row["duplicate_of"], row["duplicate_of_run"]) not in articles for row in dropped)


class Reference:
    """All pages compared with all, and the keep rule in plain Python.

    Args:
        output: of a run without `dedupe`, of all pages.
    """

    def __init__(self, output: Path) -> None:
        rows = sorted(table(output, "articles"), key=lambda row: row["published"])
        self.names = [row["source_id"] for row in rows]
        config = settings().config.dedupe
        sketches = sketch_pages(
            *([row[name] for row in rows] for name in SKETCHED),
            undated=datetime(2024, 1, 1, tzinfo=UTC).date(),
            bands=config.near.bands,
            rows=config.near.rows,
        )
        sketches["page"]["unit"] = np.arange(len(rows))
        self._hashes = list(map(tuple, sketches["text_hash"].tolist()))
        a, b = np.triu_indices(len(rows), 1)
        pairs = np.zeros(len(a), dtype=PAIR)
        pairs["better"], pairs["worse"] = sketches["page"][a], sketches["page"][b]
        texts = {Ref(at, 0): row["text"] for at, row in enumerate(rows)}
        edges = verify(pairs, texts, config)
        near = edges[edges["kind"] == Kind.NEAR]
        self._near: dict[int, set[int]] = {at: set() for at in range(len(rows))}
        for one, other in zip(
            *(near[side]["unit"].tolist() for side in near.dtype.names[:2]), strict=True
        ):
            self._near[one].add(other)
            self._near[other].add(one)

    def kept(self, arrival: dict[str, int]) -> set[str]:
        """Return which pages stay if they rank by the number of their day, then by time."""
        order = sorted(range(len(self.names)), key=lambda at: (arrival[self.names[at]], at))
        texts: set[tuple[int, int]] = set()
        stay: set[int] = set()
        for at in order:
            if self._hashes[at] not in texts and not self._near[at] & stay:
                stay.add(at)
            texts.add(self._hashes[at])
        return {self.names[at] for at in stay}


def cut(items: Sequence[Item], most_days: int, dice: random.Random) -> list[Sequence[Item]]:
    """Deal pages into three or more days, in order."""
    cuts = sorted(dice.sample(range(1, len(items)), dice.randrange(2, most_days)))
    return [items[start:stop] for start, stop in pairwise([0, *cuts, len(items)])]


def day_by_day(days: Iterable[tuple[int, Sequence[Item]]], scratch: Path) -> Path:
    """Run days one after the other into one output, and return it."""
    for number, items in days:
        run(items, scratch / f"day{number}.jsonl", scratch / "out")
    return scratch / "out"


def try_splits(splits: int, count: int, seed: int, most_days: int = 8) -> dict[str, int]:
    """Return the differences found, and how much there was to find; every split its own days."""
    dice = random.Random(seed)
    found = dict.fromkeys(("pages", "dropped", "runs", "in order", "late", "twice", "dangling"), 0)
    for split in range(splits):
        with tempfile.TemporaryDirectory() as scratch:
            items = crawl(count, dice)
            days = list(enumerate(cut(items, most_days, dice)))
            try_split(items, days, Path(scratch), dice, found, late=split % 5 == 0)
    return found


def try_split(
    items: list[Item],
    days: list[tuple[int, Sequence[Item]]],
    scratch: Path,
    dice: random.Random,
    found: dict[str, int],
    late: bool,
) -> None:
    """Compare one split with one run of all, and add the differences to `found`."""
    run(items, scratch / "whole.jsonl", scratch / "whole")
    whole = kept(scratch / "whole")
    output = day_by_day(days, scratch)
    found["pages"] += len(items)
    found["dropped"] += len(items) - len(whole)
    found["runs"] += len(days)
    found["in order"] += len(kept(output) ^ whole)
    again = dice.choice(days)[1]
    run(again, scratch / "again.jsonl", output)
    found["twice"] += len(table(output, "articles")) - len(kept(output))
    found["dangling"] += dangling(output)
    if late:
        run(items, scratch / "all.jsonl", scratch / "all", "dedupe.enabled=false")
        (scratch / "late").mkdir()
        shuffled = list(enumerate(day for _, day in dice.sample(days, len(days))))
        arrival = {item["id"]: number for number, day in shuffled for item in day}
        output = day_by_day(shuffled, scratch / "late")
        found["late"] += len(kept(output) ^ Reference(scratch / "all").kept(arrival))
        found["dangling"] += dangling(output)


def main() -> int:
    """Run the benchmark; the exit code is 1 when there is a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--splits", type=int, default=50)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    begun = time.monotonic()
    found = try_splits(given.splits, given.pages, given.seed)
    print(
        f"{given.splits} splits, {found['runs']} runs, {found['pages']:,} pages, "
        f"{found['dropped']:,} dropped; {time.monotonic() - begun:.0f} s"
    )
    differences = {name: found[name] for name in ("in order", "late", "twice", "dangling")}
    print(f"differences: {differences}")
    return int(any(differences.values()))


if __name__ == "__main__":
    sys.exit(main())
