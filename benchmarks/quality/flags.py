"""How often `judge_page` and `strip_spam` flag clean news, and how many poisoned pages they see.

    python benchmarks/quality/flags.py [--pages 500]

Clean news is all of `../shared/data`. Poisoned pages are made of it: the institution's name swapped
for a betting brand, the words of a title put behind every mark, paragraphs of unrelated articles
under the datelines of different papers, marks taken out, and site names or random hanzi put in at
two to twelve places.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial

from spam_pages import TEXTS, clean_articles

from transforms.config import default_config
from transforms.text.judgement.judge_page import judge_page
from transforms.text.records import Metadata, Origin, Page, Rejected
from transforms.text.spam.strip_spam import strip_spam

CONFIG = default_config()
BRANDS = "必赢官网 华体会体育 乐鱼体育 亚博体育 bet365官网 美狮贵宾会 欧宝体育".split()
SITES = (
    "知文网 好范文网 青禾社区 江边论坛 秘书之家网 范本在线 www.haowen123.com 公文易网 第一公文网 "
    "易读论坛 学习啦在线 作文库 笔杆子网 文档之家"
).split()
HANZI = bytes(
    byte for lead in range(0xB0, 0xD7) for trail in range(0xA1, 0xFA) for byte in (lead, trail)
).decode("gb2312")
"""The common half of GB 2312."""
BETWEEN_RE = re.compile("(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])")
PAPERS = "江南日报 海东晚报 中新网 新华社 楚天都市报 南岭晨报 新民网".split()


def flags_of(text: str) -> list[str]:
    """Return the flags of a text whose first line is its title; its reason where it is rejected."""
    page = Page(Origin("0" * 32, "flags", 0), text, meta=Metadata(title=text.partition("\n")[0]))
    for step, config in ((strip_spam, CONFIG.strip_spam), (judge_page, CONFIG.judge_page)):
        outcome = step(page, config)
        if isinstance(outcome, Rejected):
            return [outcome.code]
        page = outcome
    return [str(flag) for flag in page.flags]


def brand_swap(texts: list[str], dice: random.Random) -> str:
    """A school's report about itself, under a betting brand's name."""
    brand = dice.choice(BRANDS)
    body = dice.choice(texts).partition("\n")[2]
    return f"{brand}召开年度工作会议\n近日,{brand}召开年度工作会议。{brand}校长出席并讲话。\n{body}"


def title_injection(texts: list[str], dice: random.Random) -> str:
    """The words of one title behind the marks of another article."""
    title, _, body = dice.choice(texts).partition("\n")
    words = [title[at : at + 2] for at in range(0, len(title) - 1, 2)][:8]
    numbers = iter(range(10**6))
    body = re.sub("[，。]", lambda mark: mark.group() + words[next(numbers) % len(words)], body)
    return f"{title}\n{body}"


def stitched(texts: list[str], dice: random.Random) -> str:
    """One paragraph each of unrelated articles."""
    papers = dice.sample(PAPERS, 5)
    long = [[p for p in text.split("\n") if len(p) > 80] for text in dice.sample(texts, 12)]
    parts = [dice.choice(paragraphs) for paragraphs in long if paragraphs][:5]
    lines = [
        f"{paper}{dice.choice(TEXTS['places'])}{dice.randrange(1, 13)}月5日电 {part}"
        for paper, part in zip(papers, parts, strict=False)
    ]
    return "\n".join(["今日要闻", *lines])


def no_punctuation(texts: list[str], dice: random.Random) -> str:
    """An article whose marks are gone, on one line."""
    return re.sub(r"[，。；：、！？“”《》\s]", "", dice.choice(texts))


def generated(texts: list[str], dice: random.Random) -> str:
    """An article with the labels of a form, or rewritten word by word."""
    title, _, body = dice.choice(texts).partition("\n")
    if dice.random() < 0.5:
        return f"标题:{title}\n正文:{body}"
    return f"{title}\n{body}".replace("人", "东谈主").replace("朋友", "一又友")


def inserted(texts: list[str], dice: random.Random, places: int, *, names: bool) -> str:
    """An article with one site name, or random hanzi, at some places between two hanzi."""
    text = dice.choice(texts)
    name = dice.choice(SITES)
    inside = [hit.start() for hit in BETWEEN_RE.finditer(text)]
    for at in sorted(dice.sample(inside, min(places, len(inside))), reverse=True):
        noise = name if names else "".join(dice.choices(HANZI, k=dice.randrange(2, 4)))
        text = text[:at] + noise + text[at:]
    return text


POISONS: dict[str, Callable[[list[str], random.Random], str]] = {
    "brand_swap": brand_swap,
    "title_injection": title_injection,
    "stitched": stitched,
    "no_punctuation": no_punctuation,
    "generated": generated,
    **{
        f"inserted_text, {what} at {places} places": partial(
            inserted, places=places, names=what == "site name"
        )
        for what in ("site name", "random hanzi")
        for places in (2, 4, 8, 12)
    },
}
"""Ways to poison a page, each under the flag that it should raise."""


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=500, help="poisoned pages of each kind")
    args = parser.parse_args()
    clean = dict(clean_articles())
    raised: dict[str, Counter[str]] = {}
    for name, text in clean.items():
        raised.setdefault(name.split(":")[0], Counter()).update(["pages", *flags_of(text)])
    for source, counts in raised.items():
        print(source, dict(counts))
    texts = [
        t for t in clean.values() if 10 <= t.find("\n") <= 50 and t.count("\n") > 2 and len(t) > 500
    ]
    for name, poison in POISONS.items():
        dice = random.Random(name)
        flag = name.partition(",")[0]
        seen = sum(flag in flags_of(poison(texts, dice)) for _ in range(args.pages))
        print(f"{name}: {seen} of {args.pages} poisoned pages flagged")
    hard = [text for key in ("hard_negatives", "fresh_hard_negatives") for text in TEXTS[key]]
    found = Counter(f for t in hard for f in flags_of(t.replace("{", "").replace("}", "")))
    print(f"hard negatives ({len(hard)}): {dict(found)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
