"""How well metadata, boilerplate and line structure are told from the article.

    python benchmarks/quality/structure.py [--pages 1500] [--seed 1] [--show 5] [--json]

Pages are built from clean articles (written for the project, and drawn from `../shared/data` where
it is present) with the boilerplate kinds of contamination.md 1.3, the labels of its section 2 and
the damage of its section 3 around them; every character carries a label and every page its
metadata. Half of the pages use only `seen` forms; on the other half three forms in four are
`unseen`: wordings and labels that stand in no rule file and are not to be copied into one (those of
disclaimers were looked at once while the rules were tuned). Three pages in ten are hard negatives,
which must come out as they went in.
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np

from transforms.config import default_config
from transforms.text.boilerplate.strip_boilerplate import strip_boilerplate
from transforms.text.lines.rejoin_lines import rejoin_lines
from transforms.text.metadata.extract_metadata import extract_metadata
from transforms.text.records import Origin, Page

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"

HERE = Path(__file__).parent
TEXTS = json.loads((HERE / "structure_texts.json").read_text(encoding="utf-8"))
FORMS = json.loads((HERE / "structure_forms.json").read_text(encoding="utf-8"))
CONFIG = default_config()
FIELDS = ("title", "published", "source", "authors", "editors", "section")
SHANGHAI = timezone(timedelta(hours=8))


@dataclass
class Article:
    """A clean article."""

    title: str
    paragraphs: list[str]


@dataclass
class Built:
    """A generated page with its truth.

    Attributes:
        lines: (text, label) in order; labels: content, title, meta, or the kind of boilerplate
            with `+` for an unseen form.
        truth: metadata that the page gives.
        breaks: halves of content lines that must be joined again.
    """

    hard: bool = False
    unseen: bool = False
    lines: list[tuple[str, str]] = field(default_factory=list)
    truth: dict[str, object] = field(default_factory=dict)
    breaks: list[tuple[str, str]] = field(default_factory=list)

    def add(self, text: str, label: str) -> None:
        """Append a line."""
        self.lines.append((text, label))


def load_articles(least: int = 3) -> list[Article]:
    """Return the base articles: the project's own, and up to 2,500 of the shared news."""
    own = [Article(a["title"], a["paragraphs"]) for a in TEXTS["articles"]]
    path = DATA / "news_hans_cctv_2022_2024.jsonl.gz"
    if not path.exists():
        return own
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        items = [json.loads(line) for line in lines][2000:4500]
    shared = []
    for item in items:
        paragraphs = [p.strip() for p in item["text"].split("\n") if p.strip()]
        if paragraphs and paragraphs[0].startswith("央视网消息"):
            paragraphs[0] = paragraphs[0].split("：", 1)[-1]
        paragraphs = [p for p in paragraphs if len(p) >= 40 and p[-1] in "。！？”"]
        if len(paragraphs) >= least and 8 <= len(item["title"]) <= 36:
            shared.append(Article(item["title"], paragraphs))
    return own + shared


class Writer:
    """Writes one page around an article."""

    def __init__(self, rng: random.Random, articles: Sequence[Article]) -> None:
        self.rng = rng
        self.articles = articles

    def name(self) -> str:
        """Return the name of a person."""
        return self.rng.choice(FORMS["surnames"]) + "".join(
            self.rng.sample(FORMS["given"], self.rng.choice((1, 2, 2)))
        )

    def form(self, kind: str, unseen: bool) -> tuple[str, str]:
        """Return a form of `kind` with its blanks filled, and its label."""
        unseen = unseen and self.rng.random() < 0.75 and bool(FORMS["unseen"].get(kind))
        text = self.rng.choice(FORMS["unseen" if unseen else "seen"][kind])
        return self.fill(text), kind + "+" * unseen

    def fill(self, text: str) -> str:
        """Fill the blanks of a form."""
        site = self.rng.choice(FORMS["sites"])
        for blank, value in {
            "{site}": site, "{name}": self.name(), "{n}": str(self.rng.randint(2, 9999)),
            "{title}": self.rng.choice(self.articles).title, "{phone}": "0512-00000000",
            "{domain}": "www.example.com", "{column}": self.rng.choice(FORMS["columns"]),
        }.items():  # fmt: skip
            text = text.replace(blank, value)
        return text

    def page(self, article: Article, unseen: bool) -> Built:
        """Write a page."""
        built, rng = Built(unseen=unseen), self.rng
        built.truth = dict.fromkeys(FIELDS, None) | {"authors": (), "editors": ()}
        self.head(built, article, unseen)
        self.body(built, article, unseen)
        self.tail(built, unseen)
        if rng.random() < 0.5:
            built.lines = [
                (text and rng.choice(("　　", "")) + text, kind) for text, kind in built.lines
            ]
        return built

    def head(self, built: Built, article: Article, unseen: bool) -> None:
        """Write breadcrumb, title, date line and tools."""
        rng = self.rng
        if rng.random() < 0.4:
            column = rng.choice(FORMS["columns"])
            form, label = self.form("breadcrumb", unseen)
            built.add(form.replace("{section}", column), label)
            if "{section}" in FORMS["seen"]["breadcrumb"][0]:
                built.truth["section"] = column
        for kind in ("navigation", "login"):
            if rng.random() < 0.15:
                for _ in range(1 if kind == "navigation" else 2):
                    built.add(*self.form(kind, unseen))
        titled = rng.random() < 0.8
        if titled:
            built.truth["title"] = article.title
            built.add(article.title, "title")
        if rng.random() < 0.75:
            self.date_line(built, unseen)
        for kind in ("font_size", "view_count", "share", "player"):
            if rng.random() < 0.2:
                built.add(*self.form(kind, unseen))
        if titled and rng.random() < 0.1:
            built.add(article.title, "title_repeated")

    def date_line(self, built: Built, unseen: bool) -> None:
        """Write the line of date, source and author."""
        rng = self.rng
        when = datetime(rng.randint(2005, 2024), rng.randint(1, 12), rng.randint(1, 28),
                        rng.randint(0, 23), rng.randint(0, 59), tzinfo=SHANGHAI)  # fmt: skip
        pattern = rng.choice(FORMS["dates"])
        if "%H" not in pattern:
            when = when.replace(hour=0, minute=0)
        parts = [rng.choice(FORMS["labels"]["published"]) + when.strftime(pattern)]
        built.truth["published"] = when.astimezone(UTC)
        label = "meta"
        if rng.random() < 0.8:
            source = rng.choice(FORMS["sites"])
            key = rng.choice(
                FORMS["labels"]["unseen_source" if unseen and rng.random() < 0.3 else "source"]
            )
            if key not in FORMS["labels"]["source"]:
                label = "meta+"
            else:
                built.truth["source"] = source
            parts.append(key + source)
        if rng.random() < 0.3:
            author = self.name()
            parts.append(rng.choice(FORMS["labels"]["author"]) + author)
            built.truth["authors"] = (author,)
        built.add(rng.choice(("  ", " | ", "　", " ")).join(parts), label)

    def body(self, built: Built, article: Article, unseen: bool) -> None:
        """Write the paragraphs, some broken, with captions and prompts between them."""
        rng = self.rng
        paragraphs = list(article.paragraphs)
        if not built.truth["authors"] and rng.random() < 0.4:
            self.byline(built, paragraphs)
        for at, paragraph in enumerate(paragraphs):
            cut = self.cut(paragraph) if rng.random() < 0.08 else 0
            if cut:
                built.breaks.append((paragraph[:cut], paragraph[cut:]))
                built.add(paragraph[:cut], "content")
                built.add("", "blank")
                built.add(paragraph[cut:], "content")
            else:
                built.add(paragraph, "content")
            for kind, share in (("caption", 0.08), ("inline_ad", 0.05)):
                if at + 1 < len(paragraphs) and rng.random() < share:
                    built.add(*self.form(kind, unseen))

    def byline(self, built: Built, paragraphs: list[str]) -> None:
        """Put a byline into the first or last paragraph; it stays there and is copied."""
        names = [self.name() for _ in range(self.rng.choice((1, 1, 2)))]
        form = self.rng.choice(FORMS["bylines"])
        text = form["text"].replace("{names}", form["join"].join(names))
        if form["at"] == "start":
            paragraphs[0] = text + paragraphs[0]
        else:
            paragraphs[-1] += text
        built.truth["authors"] = tuple(names)
        if form.get("source") and not built.truth["source"]:
            built.truth["source"] = form["source"]

    def cut(self, paragraph: str) -> int:
        """Return where to break a paragraph: between two hanzi, 40 characters in at least."""
        places = [
            at for at in range(40, len(paragraph) - 12)
            if paragraph[at - 1].isalpha() and paragraph[at].isalpha()
        ]  # fmt: skip
        return self.rng.choice(places) if places else 0

    def tail(self, built: Built, unseen: bool) -> None:
        """Write credits, prompts, lists and the footer."""
        rng = self.rng
        if rng.random() < 0.5:
            editor = self.name()
            built.add(rng.choice(FORMS["labels"]["editor"]).replace("{editor}", editor), "meta")
            built.truth["editors"] = (editor,)
        for kind, share in FORMS["tail_order"]:
            if rng.random() < share:
                built.add(*self.form(kind, unseen))
                if kind == "related":
                    for _ in range(rng.randint(0, 6)):
                        built.add(rng.choice(self.articles).title, built.lines[-1][1])


def generate(pages: int, seed: int) -> list[Built]:
    """Return the pages of a run."""
    rng = random.Random(seed)
    articles = load_articles()
    writer = Writer(rng, articles)
    built = []
    for at in range(pages):
        if rng.random() < 0.3:
            text = rng.choice(TEXTS["untouched"]) if rng.random() < 0.5 else "\n".join(
                rng.choice(articles).paragraphs
            )  # fmt: skip
            built.append(Built(True, lines=[(line, "content") for line in text.split("\n")]))
        else:
            built.append(writer.page(rng.choice(articles), unseen=at % 2 == 1))
    return built


def clean(page: Page) -> Page:
    """Run the three steps."""
    for step, config in (
        (extract_metadata, CONFIG.extract_metadata),
        (strip_boilerplate, CONFIG.strip_boilerplate),
        (rejoin_lines, CONFIG.rejoin_lines),
    ):
        page = step(page, config)
    return page


def kept_places(page: Page, length: int) -> np.ndarray:
    """Return the places of the source's characters that are still on the page."""
    places = np.arange(length)
    for step in ("extract_metadata", "strip_boilerplate", "rejoin_lines"):
        mask = np.ones(len(places), dtype=bool)
        parts, at = [], 0
        for edit in (e for e in page.edits if e.step == step):
            mask[edit.start : edit.stop] = False
            parts += (places[at : edit.start], np.full(len(edit.after), -1))
            at = edit.stop
        parts.append(places[at:])
        places = np.concatenate(parts)
    return places[places >= 0]


def score(built: Built, rng: random.Random) -> tuple[dict, Page]:
    """Return the figures of one page."""
    gap = rng.choice(("\n", "\n", "\n\n")) if not built.hard else "\n"
    text = gap.join(line for line, _ in built.lines)
    labels: list[str] = []
    spans: list[tuple[int, int, str]] = []
    for line, label in built.lines:
        spans.append((len(labels), len(labels) + len(line), label))
        labels += [label if not c.isspace() else "blank" for c in line] + ["blank"] * len(gap)
    page = clean(Page(Origin("0" * 32, "bench", 0), text))
    places = kept_places(page, len(text))
    left = Counter(labels[at] for at in places if labels[at] != "blank")
    stays = np.zeros(len(text), dtype=bool)
    stays[places] = True
    whole = Counter(label for label in labels[: len(text)] if label != "blank")
    rows_left: dict[str, list[int]] = defaultdict(list)
    for start, stop, label in spans:
        if label not in ("content", "title", "blank"):
            rows_left[label].append(bool(stays[start:stop].mean() > 0.5))
    content, kept = whole["content"] + whole["title"], left["content"] + left["title"]
    return {
        "recall": kept / content if content else 1.0,
        "precision": kept / max(1, sum(left.values())),
        "rows_left": rows_left,
        "mended": [a + b in page.text for a, b in built.breaks],
        "joins": sum(edit.reason == "joined_line" for edit in page.edits),
        "pairs": max(0, sum(1 for line, _ in built.lines if line.strip()) - 1),
        "changed": built.hard and page.text.split() != text.split(),
        "stable": clean(dataclasses.replace(page, edits=(), flags=())).text == page.text,
        "stays": [text[a:b] for a, b, label in spans if b > a and stays[a:b].mean() > 0.5],
    }, page


def metadata_scores(cases: Sequence[tuple[Built, Page]]) -> dict[str, tuple[float, float, int]]:
    """Return for each field: share exact where given, share filled where not, number given."""
    table = {}
    for name in FIELDS:
        exact, invented = [], []
        for built, page in cases:
            want, got = built.truth.get(name) or None, getattr(page.meta, name) or None
            (exact if want else invented).append(got == want if want else got is not None)
        table[name] = (float(np.mean(exact or [1])), float(np.mean(invented or [0])), len(exact))
    return table


def interval(values: Sequence[float], seed: int = 0) -> tuple[float, float, float]:
    """Return the mean with its bootstrap 95 % interval over documents."""
    array = np.asarray(values, dtype=float)
    draws = np.random.default_rng(seed).integers(0, len(array), (400, len(array)))
    low, high = np.percentile(array[draws].mean(axis=1), [2.5, 97.5])
    return float(array.mean()), float(low), float(high)


def speed(articles: Sequence[Article]) -> float:
    """Return clean pages of about 1,600 characters per second on one core."""
    pages = []
    for article in articles:
        text = "\n".join((article.paragraphs * 8)[: 8 + len(article.paragraphs)])
        pages.append(Page(Origin("0" * 32, "bench", 0), text[:1600].rsplit("。", 1)[0] + "。"))
    pages = [p for p in pages if len(p.text) > 1300][:400]
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        for page in pages:
            clean(page)
        best = max(best, len(pages) / (time.process_time() - start))
    return best


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--show", type=int, default=0, help="rows left, content lost: so many of each"
    )
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    built = generate(args.pages, args.seed)
    rng = random.Random(args.seed)
    results = [(case, *score(case, rng)) for case in built]
    figures = summarise(results)
    figures["pages per second, three steps"] = speed(load_articles())
    print(json.dumps(figures, ensure_ascii=False, indent=1) if args.json else table_of(figures))
    if args.show:
        show(results, args.show)
    return 0


def summarise(results: Sequence[tuple[Built, dict, Page]]) -> dict[str, object]:
    """Return all figures of a run."""
    rows: dict[str, list[int]] = defaultdict(list)
    for _, figures, _ in results:
        for label, left in figures["rows_left"].items():
            rows[label] += left
    seen = [left for label, items in rows.items() if not label.endswith("+") for left in items]
    unseen = [left for label, items in rows.items() if label.endswith("+") for left in items]
    mended = [done for _, figures, _ in results for done in figures["mended"]]
    wrong = sum(f["joins"] - sum(f["mended"]) for _, f, _ in results)
    soft = [(case, page) for case, _, page in results if not case.hard]
    hard = [figures["changed"] for case, figures, _ in results if case.hard]
    return {
        "documents": len(results),
        "content recall": interval([f["recall"] for _, f, _ in results]),
        "content precision": interval([f["precision"] for _, f, _ in results]),
        "documents that lose > 1 %": float(np.mean([f["recall"] < 0.99 for _, f, _ in results])),
        "hard negatives changed": float(np.mean(hard)),
        "boilerplate rows left, seen": (float(np.mean(seen)), len(seen)),
        "boilerplate rows left, unseen": (float(np.mean(unseen)), len(unseen)),
        "left by kind": {k: (round(float(np.mean(v)), 3), len(v)) for k, v in sorted(rows.items())},
        "metadata on pages of seen forms (exact, invented, given)": metadata_scores(
            [(case, page) for case, page in soft if not case.unseen]
        ),
        "metadata on pages of unseen forms": metadata_scores(
            [(case, page) for case, page in soft if case.unseen]
        ),
        "breaks mended": (float(np.mean(mended or [1])), len(mended)),
        "wrong joins": (wrong, sum(f["pairs"] for _, f, _ in results)),
        "changed by a second run": float(np.mean([not f["stable"] for _, f, _ in results])),
    }


def table_of(figures: dict[str, object]) -> str:
    """Return the figures as text."""
    lines = []
    for name, value in figures.items():
        if isinstance(value, dict):
            lines.append(name)
            lines += (f"  {key:<24}{_cell(entry)}" for key, entry in value.items())
        else:
            lines.append(f"{name:<36}{_cell(value)}")
    return "\n".join(lines)


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return "  ".join(_cell(part) for part in value)
    return f"{value:.4f}" if isinstance(value, float) and value < 10 else f"{value:.0f}"


def show(results: Sequence[tuple[Built, dict, Page]], number: int) -> None:
    """Print rows that were left, content that was lost and metadata that is wrong."""
    printed: Counter[str] = Counter()

    def tell(what: str, *values: object) -> None:
        printed[what] += 1
        if printed[what] <= number:
            print(f"{what}: ", *values)

    for case, figures, page in results:
        for line, label in case.lines:
            if label not in ("content", "title", "blank") and line in figures["stays"]:
                tell(f"left {label}", repr(line))
        if figures["recall"] < 0.999 or figures["changed"]:
            tell("lost", [(e.reason, e.before[:60], e.after) for e in page.edits][:8])
        for a, b in case.breaks:
            if a + b not in page.text:
                tell("broken", a[-25:], "|", b[:25])
        for name in FIELDS if not case.hard else ():
            want, got = case.truth.get(name) or None, getattr(page.meta, name) or None
            if want != got:
                tell(f"meta {name}", want, got, [line for line, _ in case.lines[:4]])


if __name__ == "__main__":
    sys.exit(main())
