"""What `dedupe` finds among real news and made copies of it, and what it drops wrongly.

    python benchmarks/quality/dedupe.py [--seed 1] [--share 0.5]

Reads the two news collections of `../shared/data`. Natural articles are all taken for different
stories, except where title and text are equal. A share of them gets one copy each, of one kind, on
another site and up to a week later. All pages are cleaned by the steps before `dedupe`.

Recall is the share of the copies of a kind of which one of the two, copy or original, was dropped
for the other; of parts, also of those that were flagged `contained` in the other. Natural articles
that were dropped for another one are listed, to be read: some are one story, posted twice.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from pinyin import Mirror

from transforms.config import default_config
from transforms.text.duplicates.candidates import (
    BUCKET_ENTRY,
    bucket_keys,
    candidates,
    meetings,
    members,
)
from transforms.text.duplicates.fingerprint import FACTS, sketch_pages
from transforms.text.duplicates.leader import decide, parts, resolve
from transforms.text.duplicates.rules import (
    ContainedConfig,
    DedupeConfig,
    Duplicate,
    Kind,
    NearConfig,
    Ref,
    batches,
    name_duplicates,
    refs,
    verify,
)
from transforms.text.pinyin.evidence import MIRROR_ORDER
from transforms.text.records import Metadata, Origin, Page, RawPage
from transforms.text.steps import clean_page

DATA = Path(__file__).parents[3] / "shared" / "data"
FILES = ("news_hans_cctv_2022_2024.jsonl.gz", "news_hant_taiwan.jsonl.gz")

POLICIES = {
    "default": DedupeConfig(),
    ".55": DedupeConfig(near=NearConfig(threshold=0.55, short_threshold=0.7)),
    "drop parts": DedupeConfig(contained=ContainedConfig(drop=True)),
    "strict": DedupeConfig(near=NearConfig(threshold=0.8, bands=20, rows=6)),
    "no policy": DedupeConfig(near=NearConfig(window_days=9_999, same_site_threshold=0.0)),
}
"""The last has neither the window nor the rule for one site, to show what they are for."""

HEADER = "您的位置：首页 > 新闻中心 > 国内新闻 > 正文\n字号：大 中 小\n打印 收藏本页\n"
FOOTER = (
    "\n责任编辑：张某某\n声明：本网转载此文目的在于传递更多信息，不代表本网观点，"
    "如有侵权请联系删除。\n相关阅读\n更多精彩内容请关注本网官方微信，点击下载客户端。\n"
)
UNKNOWN = "点一下上面的蓝字，每天早上七点半，和四十万街坊一起读报，错过一天就少知道一件事。"
"""A line that no rule knows."""


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


def mirrored(text: str, chooser: random.Random) -> str:
    """Change into traditional script, with a reading behind each of some characters."""
    return Mirror(MIRROR_ORDER, chooser.choice((8, 38, 75)), False).reflect(text).text


def without_sentence(text: str, chooser: random.Random) -> str:
    """Leave out one sentence."""
    sentences = text.split("。")
    del sentences[chooser.randrange(len(sentences))]
    return "。".join(sentences)


def part(share: float) -> Callable[[str, random.Random], str]:
    """Return a function that keeps a share of a text, from its beginning or from anywhere."""

    def cut(text: str, chooser: random.Random) -> str:
        size = int(share * len(text))
        start = chooser.choice((0, 0, chooser.randrange(len(text) - size + 1)))
        return text[start : start + size]

    return cut


KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "exact": lambda text, _: text,
    "width, spaces": respaced,
    "hant + pinyin": mirrored,
    "other frame": lambda text, _: HEADER + text + FOOTER,
    "1 % edits": edited(0.01),
    "2 % edits": edited(0.02),
    "3 % edits": edited(0.03),
    "5 % edits": edited(0.05),
    "1 sentence less": without_sentence,
    "unknown line": lambda text, _: f"{UNKNOWN}\n{text}",
    "80 %": part(0.8),
    "60 %": part(0.6),
    "60 %, 1 % edits": lambda text, chooser: edited(0.01)(part(0.6)(text, chooser), chooser),
    "40 %": part(0.4),
    "in a digest": lambda text, _: text,
}
PARTS = ("80 %", "60 %", "60 %, 1 % edits", "40 %", "in a digest")
"""Of these it is enough to be flagged."""


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
        if kind == "in a digest":
            text = "\n".join([text, *(other.text for other in chooser.sample(items, 2))])
        number = f"{at + 10**9:032x}"
        yield Item(number, item.story, kind, item.title, text, "reprint.cn", later)


def cleaned(item: Item) -> Item | None:
    """Return the item as it comes to `dedupe`; None where it is turned away before."""
    given = Metadata(title=item.title, published=item.published, site=item.site)
    raw = RawPage(Origin(item.id, item.site, 0), item.text.encode(), given=given)
    page = clean_page(raw, default_config())
    return replace(item, text=page.text) if isinstance(page, Page) else None


def find_duplicates(
    items: list[Item], config: DedupeConfig
) -> tuple[list[Duplicate], list[Duplicate]]:
    """Return what `FindDuplicates` finds, without Beam: what is dropped, and what is flagged."""
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
    read = [verify(batch, texts_of(batch, items), config) for batch in batches(found.pairs, 10**6)]
    edges = np.concatenate(read)
    stays = edges["kind"] == Kind.PART
    decisions = decide(edges[~stays])
    dropped = np.concatenate([decisions, resolve(found.copies, decisions)])
    flagged = parts(edges[stays], decisions["worse"]["key"])
    return name_duplicates(dropped), name_duplicates(flagged)


def texts_of(pairs: np.ndarray, items: list[Item]) -> dict[Ref, str]:
    """Return the texts of pairs by where they lie."""
    places = {*refs(pairs["better"]), *refs(pairs["worse"])}
    return {place: items[place.unit].text for place in places}


def main() -> int:
    """Print recall by kind and wrong drops for each policy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=0.5)
    arguments = parser.parse_args()
    if not DATA.is_dir():
        print("../shared/data is not here")
        return 2
    chooser = random.Random(arguments.seed)
    originals = list(natural())
    raw = originals + list(copies(originals, arguments.share, chooser))
    items = [item for item in map(cleaned, raw) if item]
    print(f"{len(originals)} natural articles, {len(raw) - len(originals)} copies; ", end="")
    print(f"{len(raw) - len(items)} turned away before dedupe")
    results = {policy: find_duplicates(items, config) for policy, config in POLICIES.items()}
    print(f"{'recall':16}", *(f"{policy:>10}" for policy in POLICIES))
    recalls = [recall(items, *found) for found in results.values()]
    for kind in KINDS:
        print(f"{kind:16}", *(f"{by_kind[kind]:10.3f}" for by_kind in recalls))
    for policy, (dropped, flagged) in results.items():
        report(policy, items, dropped, flagged)
    return 0


def recall(
    items: list[Item], dropped: list[Duplicate], flagged: list[Duplicate]
) -> dict[str, float]:
    """Return the share of the copies that were found, by kind."""
    kept = {d.id: d.duplicate_of for d in dropped}
    whole = {d.id: d.duplicate_of for d in flagged}
    hits: dict[str, list[bool]] = defaultdict(list)
    names = {item.id for item in items}
    for item in items:
        if item.story not in names:
            continue
        pair = [kept.get(name, name) for name in (item.id, item.story)]
        found = pair[0] == pair[1]
        if item.kind in PARTS:
            found |= whole.get(pair[0]) == pair[1] or whole.get(pair[1]) == pair[0]
        hits[item.kind].append(found)
    return {kind: sum(found) / len(found) for kind, found in hits.items()}


def report(
    policy: str, items: list[Item], dropped: list[Duplicate], flagged: list[Duplicate]
) -> None:
    """List the natural articles that one policy drops, or flags, for another."""
    by_id = {item.id: item for item in items}
    for word, found in (("dropped", dropped), ("flagged", flagged)):
        pairs = [(d, by_id[d.id], by_id[d.duplicate_of]) for d in found]
        wrong = [pair for pair in pairs if not (pair[1].kind or pair[2].kind)]
        print(f"\n{policy}: {len(found)} {word}, {len(wrong)} natural articles for another one")
        for duplicate, a, b in wrong[:12]:
            print(f"  {duplicate.similarity:.3f} {a.title[:30]} | {b.title[:30]}")


if __name__ == "__main__":
    sys.exit(main())
