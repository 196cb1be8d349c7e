"""Clean news in, the same text out: the most telling single test of a cleaner.

    python benchmarks/quality/untouched.py [--documents 2000] [--start 0]

Reads `../shared/data/news_hans_cctv_2022_2024.jsonl.gz`, runs every step over each document, and
lists those whose text changed by more than white space at line ends, with the edits.
The exit code is 1 when more than 0.5 % did.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from itertools import islice
from pathlib import Path

from transforms.config import default_config
from transforms.text.records import Origin, Page, RawPage
from transforms.text.steps import clean_page

NEWS = Path(__file__).resolve().parents[3] / "shared/data/news_hans_cctv_2022_2024.jsonl.gz"
LAYOUT = {"indent", "trailing_space", "empty_line", "line_break"}
MOST_CHANGED = 0.005


def bare(text: str) -> list[str]:
    """Return the lines without white space at their ends, and without empty ones."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def main() -> int:
    """Print what changed; see the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--start", type=int, default=0)
    given = parser.parse_args()
    if not NEWS.exists():
        print("skipped: needs ../shared/data, which is not part of the project")
        return 0
    config = default_config()
    changed = flagged = 0
    with gzip.open(NEWS, "rt", encoding="utf-8") as stream:
        for line in islice(stream, given.start, given.start + given.documents):
            row = json.loads(line)
            origin = Origin("0" * 32, row["id"], 0)
            page = clean_page(RawPage(origin, row["text"].encode()), config)
            flagged += isinstance(page, Page) and bool(page.flags)
            if isinstance(page, Page) and bare(page.text) == bare(row["text"]):
                continue
            changed += 1
            print(f"{row['id']} {row['title']}")
            if not isinstance(page, Page):
                print(f"   rejected: {page.code} {page.detail}")
                continue
            for edit in page.edits:
                if edit.reason not in LAYOUT:
                    print(
                        f"   {edit.step} {edit.reason}: {edit.before[:60]!r} -> {edit.after[:60]!r}"
                    )
    share = changed / given.documents
    print(f"{given.documents} documents, {changed} changed ({share:.2%}), {flagged} flagged")
    return int(share > MOST_CHANGED)


if __name__ == "__main__":
    sys.exit(main())
