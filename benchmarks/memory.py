"""Peak memory and speed of a whole run, and whether a page was lost.

    python benchmarks/memory.py --pages 100000 --chars 1500

Generates the pages, cleans them with `newsclean run` in a process of its own, and reads the ledger.
Peak memory is the largest resident set of that process, as the kernel accounts for it.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generate import write_jsonl

MOST_MEGABYTES = 1200


def main() -> int:
    """Run the benchmark; the exit code is 1 when a page was lost or memory went over the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--chars", type=int, default=1500, help="code points of a page")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        source, output = Path(scratch, "pages.jsonl"), Path(scratch, "out")
        write_jsonl(source, given.pages, given.chars)
        megabytes = source.stat().st_size / 1e6
        begun = time.monotonic()
        command = [sys.executable, "-m", "pipeline", "run", str(source), "--output", str(output)]
        subprocess.run(command, check=True)
        seconds = time.monotonic() - begun
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        (path,) = output.glob("_runs/*/ledger.json")
        ledger = json.loads(path.read_text())
    doors = {door: ledger[door] for door in ("articles", "duplicates", "rejected", "failed")}
    lost = given.pages - sum(doors.values())
    print(f"pages {given.pages:,} of {given.chars} code points, {megabytes:.0f} MB; doors {doors}")
    print(f"lost {lost}; {seconds:.0f} s, {given.pages / seconds:,.0f} pages/s; peak {peak:.0f} MB")
    return int(lost != 0 or ledger["read"] != given.pages or peak > MOST_MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
