"""How often `judge_page` and `strip_spam` flag clean news, and how many poisoned pages they see.

    python benchmarks/quality/flags.py [--pages 500]

Clean news is all of `../shared/data`. Poisoned pages are made of it: the institution's name swapped
for a betting brand, the words of a title put behind every mark, paragraphs of unrelated articles
under the datelines of different papers, and marks taken out.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Callable

from spam_pages import TEXTS, clean_articles

from transforms.config import default_config
from transforms.text.judgement.judge_page import judge_page
from transforms.text.records import Metadata, Origin, Page, Rejected
from transforms.text.spam.strip_spam import strip_spam

CONFIG = default_config()
BRANDS = "必赢官网 华体会体育 乐鱼体育 亚博体育 bet365官网 美狮贵宾会 欧宝体育".split()
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


POISONS: dict[str, Callable[[list[str], random.Random], str]] = {
    "brand_swap": brand_swap,
    "title_injection": title_injection,
    "stitched": stitched,
    "no_punctuation": no_punctuation,
    "generated": generated,
}


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
    for flag, poison in POISONS.items():
        dice = random.Random(flag)
        seen = sum(flag in flags_of(poison(texts, dice)) for _ in range(args.pages))
        print(f"{flag}: {seen} of {args.pages} poisoned pages flagged")
    hard = Counter(
        f for t in TEXTS["hard_negatives"] for f in flags_of(t.replace("{", "").replace("}", ""))
    )
    print(f"hard negatives ({len(TEXTS['hard_negatives'])}): {dict(hard)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
