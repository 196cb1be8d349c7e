"""What `dedupe` finds among real news and made copies of it, and what it drops wrongly.

    python benchmarks/quality/dedupe.py [--seed 1] [--share 0.25]

Reads the two news collections of `../shared/data`. Natural articles are all taken for different
stories, except where title and text are equal. A share of them gets one copy each, of one kind, on
another site and up to a week later. Recall is the share of the copies of a kind of which one of the
two, copy or original, was dropped for the other. Natural articles that were dropped for another one
are listed, to be read: some are one story, posted twice.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from transforms.text.duplicates.candidates import (
    BUCKET_ENTRY,
    bucket_keys,
    candidates,
    meetings,
    members,
)
from transforms.text.duplicates.fingerprint import FACTS, sketch_pages
from transforms.text.duplicates.leader import decide, resolve
from transforms.text.duplicates.rules import (
    ContainedConfig,
    DedupeConfig,
    Duplicate,
    NearConfig,
    Ref,
    batches,
    name_duplicates,
    refs,
    verify,
)

DATA = Path(__file__).parents[3] / "shared" / "data"
FILES = ("news_hans_cctv_2022_2024.jsonl.gz", "news_hant_taiwan.jsonl.gz")

POLICIES = {
    "default": DedupeConfig(),
    "default + contained": DedupeConfig(contained=ContainedConfig(enabled=True)),
    "strict (.80, 20x6)": DedupeConfig(near=NearConfig(threshold=0.8, bands=20, rows=6)),
    "no window, no veto": DedupeConfig(near=NearConfig(window_days=9_999, same_site_threshold=0.0)),
}

HEADER = "您的位置：首页 > 新闻中心 > 国内新闻 > 正文 字号：大 中 小 打印 收藏本页 来源：本网综合 "
FOOTER = (
    "责任编辑：张某某 声明：本网转载此文目的在于传递更多信息，不代表本网观点，如有侵权请联系删除。"
    "相关阅读 更多精彩内容请关注本网官方微信，点击下载客户端，第一时间获取最新资讯。"
)


@dataclass(frozen=True)
class Item:
    """A page of the benchmark; `story` is the id of the article it is or copies."""

    id: str
    story: str
    kind: str
    title: str
    text: str
    site: str
    published: datetime


def edited(share: float) -> Callable[[str, random.Random], str]:
    """Return a function that replaces, drops or doubles a share of a text's characters."""

    def edit(text: str, chooser: random.Random) -> str:
        letters = list(text)
        for at in chooser.sample(range(len(letters)), round(share * len(letters))):
            letters[at] = chooser.choice((chooser.choice(text), "", letters[at] * 2))
        return "".join(letters)

    return edit


def respaced(text: str, chooser: random.Random) -> str:
    """Change width, punctuation and white space."""
    table = {ord(full): half for full, half in zip("，。：；！？（）", ",.:;!?()", strict=True)}
    table |= {code: chr(code + 0xFEE0) for code in range(ord("0"), ord("9") + 1)}
    lines = text.translate(table).split("\n")
    return "\n\n".join("　　" + line.replace(",", ", ") for line in lines)


def without_sentence(text: str, chooser: random.Random) -> str:
    """Leave out one sentence."""
    sentences = text.split("。")
    del sentences[chooser.randrange(len(sentences))]
    return "。".join(sentences)


KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "exact": lambda text, _: text,
    "width and spaces": respaced,
    "1 % edits": edited(0.01),
    "2 % edits": edited(0.02),
    "3 % edits": edited(0.03),
    "5 % edits": edited(0.05),
    "one sentence less": without_sentence,
    "light boilerplate": lambda text, _: HEADER[:24] + text + FOOTER[:20],
    "heavy boilerplate": lambda text, _: HEADER + text + FOOTER,
    "first 80 %": lambda text, _: text[: len(text) * 8 // 10],
    "first 60 %": lambda text, _: text[: len(text) * 6 // 10],
}


def natural() -> Iterator[Item]:
    """Yield the articles of the two collections that have a text, each once."""
    seen = set()
    for name in FILES:
        with gzip.open(DATA / name, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if not row["text"].strip() or (row["title"], row["text"]) in seen:
                    continue
                seen.add((row["title"], row["text"]))
                number = f"{len(seen):032x}"
                day = datetime.fromisoformat(row["date"][:10]).replace(tzinfo=UTC)
                site = row.get("site", "cctv.com")
                yield Item(number, number, "", row["title"], row["text"], site, day)


def copies(items: list[Item], share: float, chooser: random.Random) -> Iterator[Item]:
    """Yield copies of a share of the items, of every kind in turn."""
    kinds = list(KINDS)
    for at, item in enumerate(chooser.sample(items, int(share * len(items)))):
        kind = kinds[at % len(kinds)]
        later = item.published + timedelta(days=chooser.randrange(8))
        text = KINDS[kind](item.text, chooser)
        number = f"{at + 10**9:032x}"
        yield Item(number, item.story, kind, item.title, text, "reprint.cn", later)


def find_duplicates(items: list[Item], config: DedupeConfig) -> list[Duplicate]:
    """Return what `FindDuplicates` finds, without Beam."""
    sketches = sketch_pages(
        [item.id for item in items],
        [item.title for item in items],
        [item.text for item in items],
        [item.published for item in items],
        [item.site for item in items],
        undated=date(2024, 1, 1),
        bands=config.near.bands,
        rows=config.near.rows,
    )
    sketches["page"]["unit"] = np.arange(len(items))
    keys, names = bucket_keys(sketches, config)
    entries = np.zeros(len(keys), dtype=BUCKET_ENTRY)
    entries["bucket"], entries["alias"] = keys >> np.uint64(32), names
    facts = sketches[list(FACTS.names)].astype(FACTS)
    found = candidates(members(meetings(entries), facts), config)
    edges = [verify(batch, texts_of(batch, items), config) for batch in batches(found.pairs, 10**6)]
    decisions = decide(np.concatenate(edges))
    return name_duplicates(np.concatenate([decisions, resolve(found.copies, decisions)]))


def texts_of(pairs: np.ndarray, items: list[Item]) -> dict[Ref, str]:
    """Return the texts of pairs by where they lie."""
    places = {*refs(pairs["better"]), *refs(pairs["worse"])}
    return {place: items[place.unit].text for place in places}


def main() -> int:
    """Print recall by kind and wrong drops for each policy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=0.25)
    arguments = parser.parse_args()
    if not DATA.is_dir():
        print("../shared/data is not here")
        return 2
    chooser = random.Random(arguments.seed)
    originals = list(natural())
    items = originals + list(copies(originals, arguments.share, chooser))
    print(f"{len(originals)} natural articles, {len(items) - len(originals)} copies")
    for policy, config in POLICIES.items():
        start = time.process_time()
        report(policy, items, find_duplicates(items, config), time.process_time() - start)
    return 0


def report(policy: str, items: list[Item], found: list[Duplicate], seconds: float) -> None:
    """Print one policy's figures."""
    by_id = {item.id: item for item in items}
    hits: dict[str, Counter[bool]] = defaultdict(Counter)
    of = {duplicate.id: by_id[duplicate.duplicate_of].story for duplicate in found}
    wrong = [d for d in found if by_id[d.id].story != of[d.id]]
    for item in items:
        hits[item.kind][item.story in (of.get(item.id), of.get(item.story))] += 1
    natural_drops = sum(not by_id[d.id].kind for d in wrong)
    print(f"\n{policy}: {len(found)} dropped, {seconds:.1f} s")
    print(f"  dropped for another story: {len(wrong)}, of them natural articles: {natural_drops}")
    for kind in KINDS:
        print(f"  {kind:20} recall {hits[kind][True] / sum(hits[kind].values()):.3f}")
    for duplicate in [d for d in wrong if not by_id[d.id].kind][:12]:
        a, b = by_id[duplicate.id], by_id[duplicate.duplicate_of]
        print(f"    {duplicate.kind} {duplicate.similarity:.3f} {a.title[:30]} | {b.title[:30]}")


if __name__ == "__main__":
    sys.exit(main())
