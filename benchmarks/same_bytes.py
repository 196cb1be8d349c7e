"""Whether the order of the inputs or the number of workers shows in the output.

    python benchmarks/same_bytes.py --pages 20000

Deals made-up pages, one in five a copy, over 100 files and two days, and cleans them with one
worker, and with two and the files named in another order. Every Parquet file must have the same
bytes, those of the index included.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from generate import pages

FILES = 100
TWO = ("--", "--direct_num_workers=2", "--direct_running_mode=multi_processing")


def write_day(directory: Path, texts: list[str], day: str) -> list[str]:
    """Write pages into files; return the names of the files."""
    directory.mkdir()
    names = []
    for number in range(FILES):
        path = directory / f"{number:03}.jsonl"
        rows = [{"text": text, "published": day} for text in texts[number::FILES]]
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        path.write_text("".join(lines), encoding="utf-8")
        names.append(str(path))
    return names


def digests(output: Path) -> dict[str, str]:
    """Return the SHA-256 of every Parquet file by its name."""
    return {
        str(path.relative_to(output)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(output.rglob("*.parquet"))
    }


def main() -> int:
    """Run the benchmark; the exit code is 1 when a byte differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--chars", type=int, default=500, help="code points of a page")
    given = parser.parse_args()
    dice = random.Random(1)
    texts = list(pages(given.pages, given.chars))
    for at in dice.sample(range(given.pages // 2, given.pages), given.pages // 5):
        original = texts[dice.randrange(given.pages // 2)]
        texts[at] = original[:90] + original[96:] if at % 2 else original
    with tempfile.TemporaryDirectory() as scratch:
        half = given.pages // 2
        days = {
            "mon": write_day(Path(scratch, "mon"), texts[:half], "2024-08-05"),
            "tue": write_day(Path(scratch, "tue"), texts[half:], "2024-08-06"),
        }
        found = []
        for name, flags in (("one", ()), ("two", TWO)):
            for day, names in days.items():
                some = dice.sample(names, len(names)) if flags else names
                command = [sys.executable, "-m", "pipeline", "run", *some, "--run-id", day]
                subprocess.run([*command, "-o", str(Path(scratch, name)), *flags], check=True)
            found.append(digests(Path(scratch, name)))
    differing = [name for name in found[0] | found[1] if found[0].get(name) != found[1].get(name)]
    print(f"{given.pages:,} pages, {len(found[0])} files; differing: {differing or 'none'}")
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main())
