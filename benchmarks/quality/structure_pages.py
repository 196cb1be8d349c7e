"""Pages built around clean articles, with a label for every line and the truth of every field.

Used by `structure.py`, which says what of.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"

HERE = Path(__file__).parent
TEXTS = json.loads((HERE / "structure_texts.json").read_text(encoding="utf-8"))
FORMS = json.loads((HERE / "structure_forms.json").read_text(encoding="utf-8"))
FIELDS = ("title", "published", "source", "authors", "editors", "section")
MARKS = {"seen": "", "unseen": "+", "fresh": "*", "later": "^"}
CYCLE = ("seen", "unseen", "fresh", "seen", "later")
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
        stratum: seen, unseen, fresh or later.
        lines: (text, label) in order; labels: content, title, meta, or the kind of boilerplate
            with the sign of `MARKS` for its stratum.
        truth: metadata that the page gives.
        breaks: halves of content lines that must be joined again, and whether an empty line stands
            between them.
    """

    hard: bool = False
    stratum: str = "seen"
    lines: list[tuple[str, str]] = field(default_factory=list)
    truth: dict[str, object] = field(default_factory=dict)
    breaks: list[tuple[str, str, bool]] = field(default_factory=list)

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
            paragraphs[0] = paragraphs[0].split("：", 1)[-1].strip()
        paragraphs = [p for p in paragraphs if len(p) >= 40 and p[-1] in "。！？”"]
        if len(paragraphs) >= least and 8 <= len(item["title"]) <= 36:
            shared.append(Article(item["title"], paragraphs))
    return own + shared


class Writer:
    """Writes one page around an article."""

    def __init__(
        self, rng: random.Random, articles: Sequence[Article], titled: float = 0.8
    ) -> None:
        self.rng = rng
        self.articles = articles
        self.titled = titled

    def name(self) -> str:
        """Return the name of a person."""
        return self.rng.choice(FORMS["surnames"]) + "".join(
            self.rng.sample(FORMS["given"], self.rng.choice((1, 2, 2)))
        )

    def form(self, kind: str, stratum: str) -> tuple[str, str]:
        """Return a form of `kind` with its blanks filled, and its label."""
        new = stratum != "seen" and self.rng.random() < 0.75
        stratum = stratum if new and kind in FORMS[stratum] else "seen"
        return self.fill(self.rng.choice(FORMS[stratum][kind])), kind + MARKS[stratum]

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

    def page(self, article: Article, stratum: str, whole: bool = False) -> Built:
        """Write a page; `whole`: nothing is put into the article."""
        built, rng = Built(stratum=stratum), self.rng
        built.truth = dict.fromkeys(FIELDS, None) | {"authors": (), "editors": ()}
        self.head(built, article, stratum)
        if whole:
            built.lines += ((line, "content") for line in article.paragraphs)
        else:
            self.body(built, article, stratum)
        self.tail(built, stratum)
        if rng.random() < 0.5:
            built.lines = [
                (text and rng.choice(("　　", "")) + text, kind) for text, kind in built.lines
            ]
        return built

    def head(self, built: Built, article: Article, stratum: str) -> None:
        """Write breadcrumb, title, date line and tools."""
        rng = self.rng
        if rng.random() < 0.4:
            column = rng.choice(FORMS["columns"])
            form, label = self.form("breadcrumb", stratum)
            built.add(form.replace("{section}", column), label)
            if "{section}" in FORMS["seen"]["breadcrumb"][0]:
                built.truth["section"] = column
        for kind in ("navigation", "login"):
            if rng.random() < 0.15:
                for _ in range(1 if kind == "navigation" else 2):
                    built.add(*self.form(kind, stratum))
        titled = bool(article.title) and rng.random() < self.titled
        if titled:
            built.truth["title"] = article.title
            built.add(article.title, "title")
        if rng.random() < 0.75:
            self.date_line(built, stratum)
        for kind in ("font_size", "view_count", "share", "player"):
            if rng.random() < 0.2:
                built.add(*self.form(kind, stratum))
        if titled and rng.random() < 0.1:
            built.add(article.title, "title_repeated")
        if titled and rng.random() < 0.1:
            window = f"{article.title}_{rng.choice(FORMS['sites'])}"
            built.lines.insert(0, (window, "title_repeated"))

    def date_line(self, built: Built, stratum: str) -> None:
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
                FORMS["labels"][
                    "unseen_source" if stratum == "unseen" and rng.random() < 0.3 else "source"
                ]
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

    def body(self, built: Built, article: Article, stratum: str) -> None:
        """Write the paragraphs, some broken, with captions and prompts between them."""
        rng = self.rng
        paragraphs = list(article.paragraphs)
        if not built.truth["authors"] and rng.random() < 0.4:
            self.byline(built, paragraphs)
        for at, paragraph in enumerate(paragraphs):
            cut = self.cut(paragraph) if rng.random() < 0.08 else 0
            if cut:
                torn = rng.random() < 0.8
                built.breaks.append((paragraph[:cut], paragraph[cut:], torn))
                built.add(paragraph[:cut], "content")
                if torn:
                    built.add("", "blank")
                built.add(paragraph[cut:], "content")
            else:
                built.add(paragraph, "content")
            for kind, share in (("caption", 0.08), ("inline_ad", 0.05)):
                if at + 1 < len(paragraphs) and rng.random() < share:
                    built.add(*self.form(kind, stratum))

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

    def tail(self, built: Built, stratum: str) -> None:
        """Write credits, prompts, lists and the footer."""
        rng = self.rng
        if rng.random() < 0.5:
            editor = self.name()
            built.add(rng.choice(FORMS["labels"]["editor"]).replace("{editor}", editor), "meta")
            built.truth["editors"] = (editor,)
        for kind, share in FORMS["tail_order"]:
            if rng.random() < share:
                built.add(*self.form(kind, stratum))
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
            built.append(writer.page(rng.choice(articles), CYCLE[at % len(CYCLE)]))
    return built


def generate_framed(pages: int, seed: int) -> list[Built]:
    """Return pages with a frame around texts that look like one: lists, verse, boxes of facts."""
    rng = random.Random(seed)
    writer = Writer(rng, load_articles())
    texts = [
        Article(title, text.split("\n"))
        for title, text in zip(TEXTS["untouched_titles"], TEXTS["untouched"], strict=True)
    ]
    return [
        writer.page(rng.choice(texts), CYCLE[at % len(CYCLE)], whole=True) for at in range(pages)
    ]


def generate_untitled(pages: int, seed: int) -> list[Built]:
    """Return pages on which no title stands, for counting those that one is invented for."""
    rng = random.Random(seed)
    articles = load_articles()
    writer = Writer(rng, articles, titled=0)
    return [writer.page(rng.choice(articles), CYCLE[at % len(CYCLE)]) for at in range(pages)]
