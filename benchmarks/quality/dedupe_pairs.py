"""The verdicts of `dedupe` on natural pairs of news that resemble each other, beside a reader's.

    python benchmarks/quality/dedupe_pairs.py [--list] [--set near.threshold=0.55]

`../shared/data/neardup_candidates.jsonl.gz` holds 1,349 pairs of articles of one broadcaster and of
two newspapers, found by their common 5-grams. `labels/neardup_pairs.tsv` holds what a reader said
of 367 of them, under a hash of the two ids. Read were all pairs of the newspapers; of the
broadcaster all at a similarity of .6 or more, every third from .5, every tenth below. Of each pair
the titles and dates were read and a list of all differences of the two texts.

    duplicate   one text, posted twice, edited, shortened or with some sentences more; or one notice
                in the same words in two years, which `exact` takes for one text
    contained   the whole of one stands in the other
    related     one event, told anew or at another time
    different   another event in the words of one template, or a stub of a paywall

Precision is asked of what is dropped: the share that is labelled duplicate or contained. What is
flagged as contained counts apart. Recall is low on purpose: of the 29 duplicates that are kept, 24
are of one newspaper under two titles, as templates are, and 5 below the threshold. Exit code 1 if
precision is below .99.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np

from transforms.config import build, default_config
from transforms.dedupe import sketch_cleaned
from transforms.text.duplicates.leader import rank
from transforms.text.duplicates.rules import (
    PAIR,
    DedupeConfig,
    ExactConfig,
    Kind,
    Ref,
    verify,
)
from transforms.text.records import Metadata, Origin, Page, RawPage
from transforms.text.steps import clean_page

DATA = Path(__file__).parents[3] / "shared" / "data" / "neardup_candidates.jsonl.gz"
LABELS = Path(__file__).parent / "labels" / "neardup_pairs.tsv"
UNDATED = date(2017, 6, 28)
"""The day on which the newspapers' pages without a date were posted, or the day after."""

DATE_RE = re.compile(r"/(20\d{6})/")


class Candidate(NamedTuple):
    """A pair of articles, cleaned; `similarity` is that of the texts as they were found."""

    name: str
    similarity: float
    pages: tuple[Page, Page]


def candidates() -> Iterator[Candidate]:
    """Yield the pairs of which no page is turned away before `dedupe`."""
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            pages = [cleaned(row[side], row[f"title_{side}"], row[f"text_{side}"]) for side in "ab"]
            name = hashlib.sha256(f"{row['a']}\n{row['b']}".encode()).hexdigest()[:16]
            yield Candidate(name, row["jaccard5"], (pages[0], pages[1]))


def cleaned(name: str, title: str, text: str) -> Page:
    """Return an article as it comes to `dedupe`."""
    found = DATE_RE.search(name)
    day = datetime.strptime(found[1], "%Y%m%d").replace(tzinfo=UTC) if found else None
    site = urlsplit(name[name.find("http") :]).hostname if "http" in name else "tv.cctv.com"
    given = Metadata(title=title, published=day, site=site)
    number = hashlib.sha256(name.encode()).hexdigest()[:32]
    page = clean_page(
        RawPage(Origin(number, name, 0), text.encode(), given=given), default_config()
    )
    return page if isinstance(page, Page) else Page(Origin(number, name, 0), "", meta=given)


def verdict(pages: tuple[Page, Page], config: DedupeConfig) -> str:
    """Return exact, near, contained (dropped), part (flagged) or nothing, for `kept`."""
    sketches = sketch_cleaned(pages, UNDATED, config)
    sketches["page"]["unit"] = range(2)
    if _same_text(sketches, config.exact):
        return "exact"
    pair = np.zeros(1, dtype=PAIR)
    first, second = np.lexsort(rank(sketches["page"]))
    pair["better"], pair["worse"] = sketches["page"][first], sketches["page"][second]
    edges = verify(pair, {Ref(at, 0): pages[at].text for at in range(2)}, config)
    return Kind(edges["kind"][0]).name.lower() if len(edges) else "kept"


def _same_text(sketches: np.ndarray, config: ExactConfig) -> bool:
    return config.enabled and bool((sketches["text_hash"][0] == sketches["text_hash"][1]).all())


def labels() -> dict[str, str]:
    """Return what a reader said of pairs."""
    with LABELS.open(encoding="utf-8", newline="") as lines:
        return {row["pair"]: row["verdict"] for row in csv.DictReader(lines, delimiter="\t")}


def tally(verdicts: dict[str, str]) -> Counter[tuple[str, str]]:
    """Count the labelled pairs by (label, verdict)."""
    return Counter((label, verdicts[name]) for name, label in labels().items())


def shares(counts: Counter[tuple[str, str]]) -> tuple[float, float]:
    """Return precision of what is dropped, and recall of what is labelled duplicate."""
    gone = ("exact", "near", "contained")
    dropped = sum(n for (_, found), n in counts.items() if found in gone)
    right = sum(counts[label, found] for label in ("duplicate", "contained") for found in gone)
    of = sum(n for (label, _), n in counts.items() if label == "duplicate")
    return right / dropped, sum(counts["duplicate", found] for found in gone) / of


def main() -> int:
    """Print the verdicts, and how they agree with the labels."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="print every pair with its verdict")
    parser.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE")
    arguments = parser.parse_args()
    if not DATA.is_file():
        print("../shared/data is not here")
        return 2
    config = configured(arguments.set)
    pairs = list(candidates())
    verdicts = {pair.name: verdict(pair.pages, config) for pair in pairs}
    if arguments.list:
        known = labels()
        for pair in pairs:
            titles = " | ".join(str(page.meta.title)[:24] for page in pair.pages)
            label = known.get(pair.name, "-")
            print(f"{pair.name} {pair.similarity:.2f} {verdicts[pair.name]:9} {label:9} {titles}")
    print(f"{len(pairs)} pairs: {dict(Counter(verdicts.values()).most_common())}")
    counts = tally(verdicts)
    for (label, found), n in sorted(counts.items()):
        print(f"  labelled {label:10} {found:10} {n:4}")
    precision, recall = shares(counts)
    print(f"{counts.total()} labelled pairs: precision {precision:.3f}, recall {recall:.3f}")
    return int(precision < 0.99)


def configured(settings: list[str]) -> DedupeConfig:
    """Return the default rules with some keys changed."""
    values: dict[str, dict[str, object]] = {}
    for setting in settings:
        key, value = setting.split("=")
        section, name = key.split(".")
        values.setdefault(section, {})[name] = json.loads(value)
    return build(DedupeConfig, values)


if __name__ == "__main__":
    sys.exit(main())
