"""How many broken lines are mended, by the place of the break, and how many others are joined.

    python benchmarks/quality/line_breaks.py [--share 0.2] [--seed 1] [--show 20] [--json]

The texts are those of `../shared/data` that the model of line breaks was not trained on, and the
articles written for the project. One paragraph in five is broken by a single line break, at any
place where no sentence ends; the page goes through `rejoin_lines` once. `lost marks` are long
paragraphs whose full stop was taken away: they look like broken ones, and are to stay apart.
Web texts and translations hold sentences that were broken before: their joins are to be read
(`--show`). Recall and wrong joins are also given for higher and lower thresholds.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from intervals import estimate
from opencc import OpenCC

from transforms.text.charmodel import gain_of_pair
from transforms.text.lines.joins import surplus
from transforms.text.lines.rejoin_lines import LinesConfig, rejoin_lines
from transforms.text.records import Origin, Page

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
ORIGIN = Origin("0" * 32, "bench", 0)
CONFIG = LinesConfig()
HELD_OUT = range(2000, 4500)
SHIFTS = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)
NEWS = ("news", "news, traditional", "Taiwan", "own")


def own() -> Iterator[tuple[str, list[str]]]:
    """Yield the project's own articles and the texts that must stay as they are."""
    texts = json.loads((Path(__file__).parent / "structure_texts.json").read_text("utf-8"))
    for article in texts["articles"]:
        yield "own", [article["title"], *article["paragraphs"]]
    for text in texts["untouched"]:
        yield "own", [line for line in text.split("\n") if line.strip()]


def rows_of(name: str, numbers: range, breaks: str) -> Iterator[list[str]]:
    """Yield title and lines of the documents of a set that the model has not seen."""
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
        for row in itertools.islice(stream, numbers.start, numbers.stop, numbers.step):
            item = json.loads(row)
            parts = (part.strip() for part in re.split(breaks, item["text"]))
            yield [line for line in (item["title"].strip(), *parts) if line]


def translations() -> Iterator[list[str]]:
    """Yield the documents of NTREX, in the translations for the mainland and for Taiwan."""
    numbers = (DATA / "ntrex/DOCUMENT_IDS.tsv").read_text("utf-8").split("\n")
    for place in ("CN", "TW"):
        lines = (DATA / f"ntrex/newstest2019-ref.zho-{place}.txt").read_text("utf-8").split("\n")
        for _, group in itertools.groupby(
            zip(numbers, lines, strict=False), lambda row: row[0].split("\t")[0]
        ):
            yield [line.strip() for _, line in group if line.strip()]


def documents() -> Iterator[tuple[str, list[str]]]:
    """Yield (set, lines) of all documents, their titles first."""
    yield from own()
    if not DATA.exists():
        return
    to_traditional = OpenCC("s2t").convert
    for number, lines in enumerate(rows_of("news_hans_cctv_2022_2024", HELD_OUT, r"\n")):
        yield "news", lines
        if number % 10 == 0:
            yield "news, traditional", to_traditional("\n".join(lines)).split("\n")
    for lines in rows_of("news_hant_taiwan", range(1, 10_000, 2), r"\n|\s{2,}"):
        yield "Taiwan", lines
    for path in sorted(DATA.glob("sogou_mini/Sample/*/*.txt")):
        text = path.read_text("utf-8", errors="replace").replace("&nbsp;", " ")
        yield "web", [line.strip() for line in text.split("\n") if line.strip()]
    yield from (("translations", lines) for lines in translations())


MIN_PROSE = 30
ENDED_RE = re.compile(r"[。！？]+[”」』）]*")


def places(line: str) -> list[int]:
    """Return where a line can be broken so that the halves show it."""
    if len(line) < MIN_PROSE or line[-1] not in "。！？”」":
        return []
    ended = {end.end() for end in ENDED_RE.finditer(line)}
    return [
        at
        for at in range(1, len(line))
        if at not in ended
        and line[at - 1] not in "。！？!?…；;：:— "
        and line[at] not in "。！？”」 "
    ]


def kind_of(above: str, below: str) -> str:
    """Return what a break goes through."""
    last, first = above[-1], below[0]
    if first in "，、；：）》」』’,;:)%":
        return "before a mark"
    if last in "，、,":
        return "behind a comma"
    if not ("\u3400" <= last <= "\u9fff" and "\u3400" <= first <= "\u9fff"):
        return "at letters, digits or brackets"
    return "inside a word" if gain_of_pair(last, first) >= 2 else "between words"


def size_of(above: str) -> str:
    """Return how long the upper half is."""
    at = next((top for top in (8, 20, 40) if len(above) < top), 0)
    return f"upper half below {at}" if at else "upper half 40 and more"


@dataclass
class Tally:
    """What was counted.

    Attributes:
        mended: whether each break was mended, by stratum.
        wrong: lines joined that were not broken, and pairs of lines, by document and set.
        joined: the two lines of each such join.
        lost: whether each line without its full stop was joined, by set.
        margins: (set, whether it is a break, surplus) of the pairs that may be joined at all.
        unstable: documents that a second run changes.
    """

    mended: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    wrong: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    joined: list[tuple[str, str, str]] = field(default_factory=list)
    lost: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    margins: list[tuple[str, bool, float]] = field(default_factory=list)
    unstable: int = 0

    def add(self, name: str, lines: Sequence[str], rng: random.Random, share: float) -> None:
        """Break some lines of a document, mend it, and count."""
        page: list[str] = []
        broken = set()
        for line in lines:
            cuts = places(line) if rng.random() < share else []
            at = rng.choice(cuts) if cuts else 0
            if at:
                page.append(line[:at])
                broken.add(len(page))
            page.append(line[at:])
        text = "\n".join(page)
        result = rejoin_lines(Page(ORIGIN, text), CONFIG)
        assert isinstance(result, Page)
        again = rejoin_lines(Page(ORIGIN, result.text), CONFIG)
        self.unstable += not isinstance(again, Page) or again.text != result.text
        joined = {edit.start for edit in result.edits if edit.reason == "joined_line"}
        stops = itertools.accumulate(len(line) + 1 for line in page)
        wrong = 0
        for number, ((above, below), stop) in enumerate(
            zip(itertools.pairwise(page), stops, strict=False), 1
        ):
            margin = surplus(above, below, torn=False, top=number == 1)
            self.margins.append((name, number in broken, margin))
            if number in broken:
                for stratum in (name, kind_of(above, below), size_of(above), "all"):
                    self.mended[stratum].append(stop - 1 in joined)
            elif stop - 1 in joined:
                wrong += 1
                self.joined.append((name, above, below))
        self.wrong[name].append((wrong, len(page) - 1 - len(broken)))
        self.lost[name] += [
            surplus(above[:-1], below, torn=False, top=False) >= 0
            for above, below in itertools.pairwise(lines)
            if min(len(above), len(below)) >= 40 and above[-1] == below[-1] == "。"
        ]


def report(tally: Tally) -> dict[str, object]:
    """Return all figures."""
    news = [pair for name in NEWS for pair in tally.wrong[name]]
    figures: dict[str, object] = {
        f"mended, {stratum}": estimate(done) for stratum, done in sorted(tally.mended.items())
    }
    figures |= {
        f"joined, {name}": estimate(*zip(*pairs, strict=True))
        for name, pairs in tally.wrong.items()
    }
    figures["joined, all news"] = estimate(*zip(*news, strict=True))
    figures |= {f"lost marks joined, {name}": estimate(v) for name, v in tally.lost.items() if v}
    pairs = Counter(name in NEWS for name, broken, _ in tally.margins if not broken)[True]
    for shift in SHIFTS:
        hits = Counter(
            broken for name, broken, margin in tally.margins if name in NEWS and margin >= shift
        )
        total = sum(broken for name, broken, _ in tally.margins if name in NEWS)
        figures[f"{shift:+.1f} nats: mended; joined in 10,000 pairs of news"] = (
            f"{hits[True] / total:.3f}; {1e4 * hits[False] / pairs:.2f}"
        )
    figures["documents changed by a second run"] = tally.unstable
    return figures


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--share", type=float, default=0.2, help="of paragraphs broken")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="joins of lines nobody broke")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    tally = Tally()
    for name, lines in documents():
        tally.add(name, lines, rng, args.share)
    figures = report(tally)
    if args.json:
        print(json.dumps(figures, ensure_ascii=False, indent=1))
    else:
        for name, value in figures.items():
            print(f"{name:<52}{value}")
    for name, above, below in tally.joined[: args.show]:
        print(f"{name}: {above[-40:]} | {below[:30]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
