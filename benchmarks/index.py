"""What an index of a million articles costs a run of 20,000 new pages, in time and memory.

    python benchmarks/index.py --articles 1000000 --pages 20000

Publishes thirty days of made-up articles, all within the window of the new pages, and then runs
`newsclean run` on the same new pages twice, in processes of their own: into an empty directory, and
into that one. One new page in ten is an exact copy of an old article and one in ten a near copy, on
random days. Every figure is the best of `--repeat` runs. Needs 2.5 GB of disk for a million.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
from generate import pages

from pipeline.commit import Output
from pipeline.config import load_config
from pipeline.datasets import DATASETS
from pipeline.index import IndexSource, write_index
from pipeline.write import Shard, ShardOptions, ShardPlan, seal, write_table

DAYS = 30
LAST_DAY = date(2024, 8, 6)
CHARS = 500
MOST_SECONDS = 5.0
MOST_MEGABYTES = 500.0
CONFIG = load_config().config


def made_up(count: int, seed: int) -> Iterator[str]:
    """Yield texts of random characters: unlike each other, as different news are."""
    points = np.random.default_rng(seed).integers(0x4E00, 0x6200, (count, CHARS), dtype=np.uint16)
    return (row.tobytes().decode("utf-16-le") for row in points)


def articles(texts: list[str], day: date, seed: int) -> pa.Table:
    """Return rows of `articles`, all published on one day."""
    schema = DATASETS["articles"].schema
    rows = len(texts)
    published = datetime(day.year, day.month, day.day, tzinfo=UTC)
    values = {
        "id": [f"{seed:08x}{at:024x}" for at in range(rows)],
        "title": [text[:16] for text in texts],
        "site": [f"{at % 50}.cn" for at in range(rows)],
        "published": [published] * rows,
        "text": texts,
        "ingest_date": [day] * rows,
    }
    blank = {
        "string": "",
        "int32": 0,
        "int64": 0,
        "list<element: string>": [],
        "list<item: string>": [],
    }
    columns = [
        pa.array(values[field.name], field.type)
        if field.name in values
        else pa.array([blank[str(field.type)]] * rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def publish_day(output: Output, texts: list[str], number: int) -> None:
    """Publish articles as run `number` would have, with their index."""
    run_id, day = f"day{number:02}", LAST_DAY - timedelta(days=DAYS - number)
    with output.locked():
        staging = output.stage(run_id, "made")
        options = ShardOptions(str(staging), run_id, (), 20_000)
        plan = ShardPlan("articles", 0, 1, (), ())
        old = articles(texts, day, number)
        none = old.slice(0, 0)
        for name in ("duplicate_of", "duplicate_of_run", "kind", "similarity"):
            none = none.append_column(
                name, pa.array([], DATASETS["duplicates"].schema.field(name).type)
            )
        kept, _ = write_table(old, plan, options, "articles")
        dropped, _ = write_table(none, plan, options, "duplicates")
        source = IndexSource(number, {}, run_id, day, CONFIG.dedupe.near)
        shards = [kept, dropped]
        made = write_index(staging / kept.path, staging / dropped.path, source, staging / "made")
        for path, rows in made.items():
            final = Path("index", f"run={run_id}", path.name)
            shards.append(seal(path, "index", final, str(staging))._replace(rows=rows))
        output.publish(staging, manifest(run_id, number, day, shards), {})


def manifest(run_id: str, number: int, day: date, shards: list[Shard]) -> dict:
    """Return the manifest of a made-up run."""
    names = {"size": "bytes"}
    files = [{names.get(k, k): v for k, v in shard._asdict().items()} for shard in shards]
    return {
        "run_id": run_id,
        "sequence": number,
        "started": day.isoformat(),
        "identity": "",
        "files": files,
    }


def write_new(path: Path, originals: list[str], others: Iterator[str]) -> None:
    """Write the new pages: exact copies, near copies and news."""
    with path.open("w", encoding="utf-8") as stream:
        for at, text in enumerate([*originals, *others]):
            near = at % 2 and at < len(originals)
            text = text[:200] + text[206:] if near else text
            title = "转载" if near else text[:16]
            row = {"text": text, "title": title, "url": f"https://{at % 50}.com/{at}"}
            row["published"] = LAST_DAY.isoformat()
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")


def measure(source: Path, output: Path) -> tuple[float, float, float]:
    """Run `newsclean` once; return its seconds, seconds of processor and peak memory in MB."""
    command = [sys.executable, "-m", "pipeline", "run", str(source), "-o", str(output)]
    begun = time.monotonic()
    child = subprocess.Popen([*command, "--run-id", "new"], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    seconds = time.monotonic() - begun
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> int:
    """Run the benchmark; the exit code is 1 when a limit is passed or a copy is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        source, old = Path(scratch, "new.jsonl"), Path(scratch, "old")
        news = list(pages(given.pages, CHARS))
        originals = news[: given.pages // 5]
        write_new(source, originals, iter(news[len(originals) :]))
        begun = time.process_time()
        for number in range(1, DAYS + 1):
            texts = [*made_up(given.articles // DAYS, number), *originals[number - 1 :: DAYS]]
            publish_day(Output(old), texts, number)
        size = sum(path.stat().st_size for path in old.glob("index/*/*")) / 1e6
        print(
            f"made {given.articles:,} articles and their index ({size:.0f} MB) in "
            f"{time.process_time() - begun:.0f} s of processor time"
        )
        return compare(source, old, Path(scratch), given.repeat, len(originals))


def compare(source: Path, old: Path, scratch: Path, repeat: int, copies: int) -> int:
    """Measure with and without the index, and say what it costs."""
    best = {}
    for name in ("without", "with"):
        runs = []
        for attempt in range(repeat):
            output = scratch / f"{name}{attempt}"
            if name == "with":
                shutil.copytree(old, output, copy_function=os.link)
            runs.append(measure(source, output))
        best[name] = [min(figures) for figures in zip(*runs, strict=True)]
        print(
            f"{name} index: {best[name][0]:.1f} s, {best[name][1]:.1f} s of processor time, "
            f"peak {best[name][2]:.0f} MB"
        )
    more = [a - b for a, b in zip(best["with"], best["without"], strict=True)]
    found = ds.dataset(output / "duplicates/run=new").to_table().to_pylist()
    kinds = Counter(row["kind"] for row in found if row["duplicate_of_run"] != "new")
    print(
        f"the index costs {more[0]:.1f} s, {more[1]:.1f} s of processor time, {more[2]:.0f} MB; "
        f"found of {copies} copies: {dict(kinds)}"
    )
    return int(more[1] > MOST_SECONDS or more[2] > MOST_MEGABYTES or sum(kinds.values()) < copies)


if __name__ == "__main__":
    sys.exit(main())
