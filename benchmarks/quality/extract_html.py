"""How well the article and its metadata are taken from HTML, beside the peers, in one run.

    python benchmarks/quality/extract_html.py [--peers PYTHON] [--peer-pages DIR] [--pages 300]
        [--show 3] [--mutations 20000] [--hostile] [--json]

PYTHON is an interpreter that has the peers (`../shared/peers/README.md` tells how to make it), DIR
what `gen_corpus.py` of that folder wrote. What is not there is skipped, and said.

Sets: `misc`, pages with gold of four projects (half of it is the output of Mozilla's Readability);
`gne`, whose silver is GNE's own output of 2019, so that GNE's score on it says nothing; `peers`,
the generated pages of ../shared/peers; `own`, layouts of `html_pages.py`. Body F1 is over the
longest common subsequence of characters, both sides simplified, in half width, without marks and
spaces. Neutral, on both sides and for every tool: the headline, captions, rows of credits, and rows
of share buttons and rights that gold made by other extractors has kept.
"""

from __future__ import annotations

import argparse
import base64
import html as entities
import json
import multiprocessing
import random
import re
import resource
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from html_pages import generate
from html_peers import TOOLS
from structure_pages import load_articles

from transforms.config import default_config
from transforms.text.decoding.detect_encoding import detect_encoding
from transforms.text.html.markup import parse
from transforms.text.html.rendering import render
from transforms.text.records import Origin, Page, RawPage, Rejected
from transforms.text.shadow import fold
from transforms.text.steps import clean_page

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
CONFIG = default_config()
CHINA = ZoneInfo("Asia/Shanghai")
FURNITURE = ("关于我们", "icp备", "责任编辑", "版权声明", "举报电话")
CODECS = {"utf-8": "utf-8", "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}


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


@dataclass
class Result:
    """What a tool made of a page; `captions` only where it tells them apart."""

    text: str = ""
    title: str = ""
    date: str = ""
    source: str = ""
    people: list[str] = field(default_factory=list)
    captions: tuple[str, ...] = ()
    seconds: float = 0.0
    outcome: str = ""


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
            date=told["publish_time"],
        )


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


def newsclean(sample: Sample) -> Result:
    """Run the whole chain over one page."""
    raw = RawPage(Origin("0" * 32, sample.name, 0, url=sample.url), sample.data, html=True)
    start = time.process_time()
    page = clean_page(raw, CONFIG)
    seconds = time.process_time() - start
    if isinstance(page, Rejected):
        return Result(seconds=seconds, outcome=page.code)
    meta = page.meta
    return Result(
        page.text,
        meta.title or "",
        meta.published.astimezone(CHINA).isoformat() if meta.published else "",
        meta.source or "",
        [*meta.authors, *meta.editors],
        meta.captions,
        seconds,
    )


def run_peer(python: str, tool: str, samples: list[Sample]) -> dict[str, Result]:
    """Run a peer over all samples in a process of its own."""
    rows = (
        {"name": s.name, "data": base64.b64encode(s.data).decode(), "encoding": s.encoding}
        for s in samples
    )
    done = subprocess.run(
        [python, str(Path(__file__).with_name("html_peers.py")), tool],
        input="".join(json.dumps(row) + "\n" for row in rows),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"skipped: {tool}: {done.stderr.strip().splitlines()[-1:]}")
    found = {}
    for line in done.stdout.splitlines():
        row = json.loads(line)
        texts = [str(row.get(name) or "") for name in ("text", "title", "date", "author")]
        found[row["name"]] = Result(
            *texts[:3], people=re.split("[,;、 ]", texts[3]), seconds=row["seconds"]
        )
    return found


_WORDS_RE = re.compile(r"[\W_]+")
_NEUTRAL_RE = re.compile(
    r"[\s（(【\[*]*(?:原标题|责任编辑|责编|编辑|本文来源|来源|文章来源|作者|记者|采写|撰文|新华社记者|出品"
    r"|图片来源|摄影|校对|原创|发布时间)[^。]{0,60}"
    r"|.{0,40}(?:未经授权|不得转载).{0,40}|(?:分享|转发|转播|收藏)到?.{0,8}"
    r"|(?:精彩|相关|热门)(?:视频|图片|新闻)?推荐"
)
"""Rows of credits, and rows of furniture that gold made by other extractors holds."""


def bare(text: str) -> str:
    """Return `text` as it is compared."""
    return _WORDS_RE.sub("", fold(entities.unescape(text))).translate(_BY_CONTEXT)


_BY_CONTEXT = str.maketrans("著画", "着划")
"""Characters whose simplified form depends on the word: counted as one."""


def scored(text: str, neutral: set[str]) -> str:
    """Return `text` without its neutral lines, as it is compared."""
    lines = (line for line in text.split("\n") if not _NEUTRAL_RE.fullmatch(fold(line)))
    return "".join(words for words in map(bare, lines) if words not in neutral)


def common(a: str, b: str) -> int:
    """Return the length of the longest common subsequence, by bit-parallel addition."""
    if not a or not b:
        return 0
    places: dict[str, int] = {}
    for at, char in enumerate(a):
        places[char] = places.get(char, 0) | 1 << at
    full = state = (1 << len(a)) - 1
    for char in b:
        hits = state & places.get(char, 0)
        state = ((state + hits) | (state - hits)) & full
    return len(a) - state.bit_count()


def f1(found: str, gold: str) -> float:
    """Return the character F1 (0–1) of two bare texts."""
    both = len(found) + len(gold)
    return 2 * common(found, gold) / both if both else 1.0


def same_title(gold: str, found: str) -> bool:
    """Return whether a title is right: gold itself, or gold that ends in the name of its site."""
    if bare(gold) == bare(found):
        return True
    rest = gold[len(found) :].lstrip()
    return bool(found) and fold(gold).startswith(fold(found)) and rest[:1] in ("-", "_", "|", "—")


@dataclass
class Tally:
    """The scores of one tool on one set."""

    body: list[float] = field(default_factory=list)
    hits: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    furniture: int = 0
    pages: int = 0

    def add(self, sample: Sample, result: Result, captions: tuple[str, ...]) -> float:
        """Count one page and return its F1, or 1 where there is no gold text."""
        self.pages += 1
        neutral = {bare(t) for t in (sample.title or "", result.title, *captions)}
        text = fold(result.text)
        self.furniture += any(word in text for word in FURNITURE)
        for line in sample.planted:
            self._ask("planted gone", bare(line) not in bare(result.text))
        if sample.title:
            self._ask("title", same_title(sample.title, result.title))
        if sample.source:
            self._ask("source", bare(sample.source) == bare(result.source))
        if sample.date and re.match(r"\d{4}", sample.date):
            wanted = re.findall(r"\d+", sample.date)[:3]
            found = re.findall(r"\d+", result.date)[:3]
            self._ask("date", list(map(int, wanted)) == list(map(int, found)))
        if sample.people:
            self._ask("author", set(sample.people) <= set(result.people))
        if sample.body is None:
            return 1.0
        score = f1(scored(result.text, neutral), scored(sample.body, neutral))
        self.body.append(score)
        return score

    def _ask(self, name: str, hit: bool) -> None:
        self.asked[name] += 1
        self.hits[name] += hit

    def row(self) -> dict[str, float]:
        """Return the figures as shares (0–1)."""
        shares = {name: self.hits[name] / n for name, n in sorted(self.asked.items())}
        mean = sum(self.body) / len(self.body) if self.body else float("nan")
        return {"body F1": mean, "furniture left": self.furniture / max(1, self.pages), **shares}


def compare(sets: dict[str, list[Sample]], python: str | None, show: int) -> dict[str, Any]:
    """Score newsclean and the peers on every set."""
    samples = [sample for group in sets.values() for sample in group]
    ours = {sample.name: newsclean(sample) for sample in samples}
    results = {"newsclean": ours}
    for tool in TOOLS if python else ():
        results[tool.__name__] = run_peer(python or "", tool.__name__, samples)
    report: dict[str, Any] = {}
    for tool_name, found in results.items():
        for set_name, group in sets.items():
            tally, worst = Tally(), []
            for sample in group:
                result = found.get(sample.name, Result())
                score = tally.add(sample, result, ours[sample.name].captions)
                worst.append((score, sample.name, result.outcome))
            report.setdefault(set_name, {})[tool_name] = tally.row()
            if tool_name == "newsclean":
                for score, name, outcome in sorted(worst)[:show]:
                    print(f"  {set_name} {name} {score:.3f} {outcome}")
    return report


def speed(samples: list[Sample], python: str | None) -> dict[str, float]:
    """Return pages a second of one process on pages of 25 to 115 KB, best of three runs."""
    middle = [s for s in samples if 25_000 < len(s.data) < 115_000]
    print(
        f"speed: {len(middle)} pages, mean {sum(len(s.data) for s in middle) / len(middle):,.0f} B"
    )
    runs = [sum(newsclean(s).seconds for s in middle) for _ in range(3)]
    rates = {"newsclean, whole chain": len(middle) / min(runs)}
    for tool in TOOLS if python else ():
        found = run_peer(python or "", tool.__name__, middle)
        rates[tool.__name__] = len(middle) / max(1e-9, sum(r.seconds for r in found.values()))
    return rates


def lies(sets: dict[str, list[Sample]]) -> tuple[int, int]:
    """Return (pages decoded right, pages) of those that declare another charset than they have."""
    right = n = 0
    for sample in (s for group in sets.values() for s in group):
        label = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]+)", sample.data[:200_000])
        declared = label[1].decode().lower() if label else sample.encoding
        if CODECS.get(declared, declared) == sample.encoding:
            continue
        raw = RawPage(Origin("0" * 32, sample.name, 0), sample.data, html=True)
        page = detect_encoding(raw, CONFIG.detect_encoding)
        wanted = sample.data.decode(sample.encoding, "replace")
        n += 1
        right += isinstance(page, Page) and page.text.replace("\ufffd", "") == wanted.replace(
            "\ufffd", ""
        )
    return right, n


PROSE = "<p>会议强调，要坚持创新驱动，加快培育新质生产力，全市上下要认真落实。</p>" * 5
HOSTILE: dict[str, Callable[[], str]] = {
    "(an honest page)": lambda: PROSE,
    "200,000 nested elements": lambda: PROSE + "<div>" * 200_000,
    "50 MB attribute": lambda: f'<p title="{"x" * 50_000_000}">' + PROSE,
    "9 MB attribute": lambda: f'<p title="{"x" * 9_000_000}">' + PROSE,
    "100,000 attributes": lambda: f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>" + PROSE,
    "unclosed everything": lambda: PROSE + "<p><b><i><a href=x>" * 40_000,
    "NUL bytes": lambda: PROSE.replace("，", "\0，\0") * 200,
    "entity flood": lambda: PROSE + "&amp;&#20013;" * 200_000,
    "1 MB single line": lambda: "<p>" + "会议强调，要坚持创新驱动。" * 80_000,
    "open comments": lambda: PROSE + "<!--" * 200_000,
    "deep JSON": lambda: f'<script type="application/ld+json">{"[" * 400_000}</script>' + PROSE,
    "style sheet": lambda: f"<style>{'.a{' * 100_000}</style>" + PROSE,
    "less-than signs": lambda: PROSE + "<" * 1_000_000,
}
"""Pages that break parsers, by what is wrong with them."""


def survive(name: str) -> tuple[str, float, float, str]:
    """Return what becomes of a hostile page: name, seconds, peak MB of the process, outcome."""
    data = f"<!DOCTYPE html><html><body>{HOSTILE[name]()}".encode()
    start = time.process_time()
    page = clean_page(RawPage(Origin("0" * 32, name, 0), data, html=True), CONFIG)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    outcome = page.code if isinstance(page, Rejected) else f"{len(page.text)} code points"
    return name, seconds, peak, outcome


def hostile() -> Iterator[tuple[str, float, float, str]]:
    """Yield what becomes of each hostile page, each in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        yield from pool.imap(survive, HOSTILE)


def mutated(samples: list[Sample], n: int, seed: int) -> Counter[str]:
    """Return the outcomes of `n` pages with bytes lost, doubled and made up; a crash ends it."""
    dice = random.Random(seed)
    small = [s.data for s in samples if len(s.data) < 60_000]
    outcomes: Counter[str] = Counter()
    for _ in range(n):
        data = bytearray(dice.choice(small))
        for _ in range(dice.choice((1, 5, 30, 200))):
            at = dice.randrange(len(data))
            piece = dice.choice((b"", b"<", b">", b'"', b"</div>", b"\0", dice.randbytes(3)))
            data[at : at + dice.randrange(30)] = piece
            data = data or bytearray(b"<")
        raw = RawPage(Origin("0" * 32, "mutated", 0), bytes(data), html=True)
        page = clean_page(raw, CONFIG)
        outcomes[page.code if isinstance(page, Rejected) else "page"] += 1
    return outcomes


def print_report(report: dict[str, Any]) -> None:
    """Print one table for each set."""
    for set_name, tools in report.items():
        columns = list(next(iter(tools.values())))
        print(f"\n{set_name:<14}" + "".join(f"{column:>16}" for column in columns))
        for tool, row in tools.items():
            print(f"{tool:<14}" + "".join(f"{row[column]:>16.3f}" for column in columns))


def main() -> None:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--peers", help="interpreter that has the peers")
    parser.add_argument("--peer-pages", type=Path, help="folder that gen_corpus.py wrote")
    parser.add_argument("--pages", type=int, default=300, help="generated pages")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="worst pages of each set to name")
    parser.add_argument("--mutations", type=int, default=0, help="mutated pages to survive")
    parser.add_argument("--hostile", action="store_true", help="only hostile pages")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    args = parser.parse_args()
    if args.hostile:
        for name, seconds, peak, outcome in hostile():
            print(f"{name:<26}{seconds:>7.2f} s {peak:>6.0f} MB  {outcome}")
        return
    sets = {}
    if SHARED.is_dir():
        sets = {"misc": list(misc()), "gne": list(gne())}
    else:
        print("skipped: misc, gne: there is no ../shared")
    if args.peer_pages:
        sets["peers"] = list(peers(args.peer_pages))
    else:
        print("skipped: peers: no --peer-pages")
    sets["own"] = list(own(args.pages, args.seed))
    if not args.peers:
        print("skipped: the peers: no --peers")
    if args.mutations:
        outcomes = mutated([s for g in sets.values() for s in g], args.mutations, args.seed)
        print(f"mutated pages: {args.mutations}, no crash, {dict(outcomes)}")
        return
    report = compare(sets, args.peers, args.show)
    real = [s for name in ("misc", "gne") for s in sets.get(name, [])]
    rates = speed(real or sets["own"], args.peers)
    right, n = lies(sets)
    if args.json:
        print(json.dumps({"sets": report, "speed": rates, "lies": [right, n]}))
        return
    print_report(report)
    print("\npages a second: " + ", ".join(f"{name} {rate:.0f}" for name, rate in rates.items()))
    print(f"pages that lie about their charset: {right} of {n} decoded right")


if __name__ == "__main__":
    main()
