"""The pages of `extract_html.py`, and what is known of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from html_pages import generate
from structure_pages import load_articles

from transforms.text.html.markup import parse
from transforms.text.html.rendering import render

SHARED = Path(__file__).resolve().parents[3] / "shared"
CODECS = {"utf-8": "utf-8", "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
"""What a declared charset is decoded with."""


@dataclass
class Sample:
    """A page and what is known of it; unknown fields are None or empty."""

    name: str
    data: bytes
    encoding: str
    body: str | None = None
    title: str | None = None
    date: str | None = None
    source: str | None = None
    people: list[str] = field(default_factory=list)
    planted: list[str] = field(default_factory=list)
    url: str | None = None


def encoding_of(data: bytes) -> str:
    """Return the encoding of a page of the shared sets: all are UTF-8 or GB18030."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def misc() -> Iterator[Sample]:
    """Yield the pages of `html_misc` that have a gold text or gold metadata."""
    folder = SHARED / "data" / "html_misc"
    gold = json.loads((folder / "fundus" / "People.json").read_text(encoding="utf-8"))["V1"]
    sections = gold["body"]["sections"]
    body = "\n".join(p for s in sections for p in (*s["headline"], *s["paragraphs"]))
    data = (folder / "fundus" / "People_2024_04_24.html").read_bytes()
    yield Sample(
        *("fundus", data, encoding_of(data), body, gold["title"], gold["publishing_date"][:10]),
        people=gold["authors"],
    )
    for path in sorted((folder / "newspaper4k" / "html").glob("*.html")):
        about = folder / "newspaper4k" / "metadata" / f"{path.stem}.json"
        told = json.loads(about.read_text(encoding="utf-8")) if about.exists() else {}
        body = (folder / "newspaper4k" / "txt" / f"{path.stem}.txt").read_text(encoding="utf-8")
        data, date = path.read_bytes(), told.get("publish_date")
        yield Sample(
            path.stem, data, encoding_of(data), body, told.get("title"), date and date[:10]
        )
    for path in sorted((folder / "readability").glob("*.expected.html")):
        name = path.name.removesuffix(".expected.html")
        root = parse(path.read_text(encoding="utf-8"))
        body = "\n".join(line.text for line in render(root)) if root is not None else ""
        data = path.with_name(f"{name}.html").read_bytes()
        yield Sample(name, data, encoding_of(data), body)
    told = json.loads((folder / "trafilatura" / "gold.json").read_text(encoding="utf-8"))
    for url, about in told.items():
        data = (folder / "trafilatura" / about["file"]).read_bytes()
        people = [about["author"]] if about["author"] else []
        yield Sample(
            *(about["file"], data, encoding_of(data), None, about["title"], about["date"]),
            people=people,
            url=url,
        )


def gne() -> Iterator[Sample]:
    """Yield the pages for which GNE published its output: silver, not gold."""
    folder = SHARED / "data" / "html_gne"
    for line in (folder / "gne_output_silver.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        data = (folder / told["file"]).read_bytes()
        yield Sample(
            *(told["file"], data, encoding_of(data), told["content"], told["title"]),
            date=None if told["file"] in _WRONG_DATES else told["publish_time"],
        )


_WRONG_DATES = frozenset(("tests/qq/qq.html",))
"""Pages whose silver date is the build date of the video player in them."""


def peers(folder: Path) -> Iterator[Sample]:
    """Yield the pages that `gen_corpus.py` wrote."""
    told = json.loads((folder / "html_truth.json").read_text(encoding="utf-8"))
    for name in sorted(told):
        true = told[name]
        codec = CODECS[true["charset"]]

        def written(text: str, codec: str = codec) -> str:
            return text.encode(codec, "ignore").decode(codec)

        # On its Big5 pages the generator drops the simplified characters of the labels themselves.
        whole = true["charset"] != "big5"
        yield Sample(
            *(name, (folder / "html" / f"{name}.html").read_bytes(), codec),
            *("\n".join(map(written, true["paras"])), written(true["title"]), true["date"]),
            source=true["src"] if whole else None,
        )


def own(pages: int, seed: int) -> Iterator[Sample]:
    """Yield pages of our own generator."""
    for at, built in enumerate(generate(load_articles(), pages, seed)):
        yield Sample(
            *(f"own {at}", built.data, built.encoding, "\n".join(built.body), built.title),
            *(built.date, built.source, [built.editor], built.planted),
        )
