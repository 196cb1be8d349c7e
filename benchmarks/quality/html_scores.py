"""How near what a tool made of a page is to its gold."""

from __future__ import annotations

import html as entities
import re
from collections import Counter
from dataclasses import dataclass, field

from html_sets import Sample
from html_tools import Result

from transforms.text.shadow import fold

FURNITURE = ("关于我们", "icp备", "责任编辑", "版权声明", "举报电话")
"""Words of footers and rows of editors, of which none may be left."""
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
    same = _same_dashes(gold).startswith(_same_dashes(found))
    return bool(found) and same and rest[:1] in ("-", "_", "|", "—")


def _same_dashes(text: str) -> str:
    return fold(text).replace("―", "—")


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
