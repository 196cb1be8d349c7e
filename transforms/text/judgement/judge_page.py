"""Decide whether what is left of a page is an article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Le

from transforms.text.judgement.suspicion import count_hanzi, shape_flags
from transforms.text.records import Flag, Page, Reason, Rejected
from transforms.text.script.to_simplified import ScriptCounts, count_scripts

STEP = "judge_page"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementConfig:
    """Settings of `judge_page`.

    Attributes:
        chinese_only: turn away pages that are not Chinese; else they are kept and flagged.
        reject_flags: flags, of any step, that turn a page away.
        short_hanzi: articles of fewer Chinese characters are flagged `short`.
        max_removed_share: share of the page's Chinese characters that cleaning may take out
            (moved to metadata counts as kept) before it is doubted.
    """

    enabled: bool = True
    chinese_only: bool = False
    reject_flags: tuple[Flag, ...] = ()
    short_hanzi: Annotated[int, Ge(0)] = 50
    max_removed_share: Annotated[float, Ge(0), Le(1)] = 0.6


def judge_page(page: Page, config: JudgementConfig) -> Page | Rejected:
    """Raise the flags of the finished text, or turn the page away."""
    if not _WORD_RE.search(page.text):
        return _empty(page)
    counts = count_scripts(page.text)
    foreign = _foreign(page.text, counts)
    if foreign and config.chinese_only:
        return Rejected(page, STEP, Reason.NOT_CHINESE, foreign)
    hanzi = counts.shared + counts.traditional + counts.simplified
    flags = [Flag.NOT_CHINESE] if foreign else list(_flags(page, config, hanzi))
    judged = page.revised(flags=flags)
    if Flag.OVER_CLEANED in judged.flags and not _has_prose(page.text):
        share = _removed_share(page, hanzi)
        return Rejected(
            judged, STEP, Reason.OVER_CLEANED, detail=f"{share:.0%} removed, no prose left"
        )
    for flag in config.reject_flags:
        if flag in judged.flags:
            return Rejected(judged, STEP, Reason.FLAGGED, str(flag))
    return judged


_WORD_RE = re.compile(r"\w")


def _empty(page: Page) -> Rejected:
    """Tell a page that came empty from one that was nothing but boilerplate."""
    if any(_WORD_RE.search(edit.before) for edit in page.edits):
        return Rejected(page, STEP, Reason.NO_CONTENT, detail="nothing but boilerplate or spam")
    return Rejected(page, STEP, Reason.NO_TEXT, detail="nothing but white space and marks")


def _flags(page: Page, config: JudgementConfig, hanzi: int) -> Iterator[Flag]:
    if hanzi < config.short_hanzi:
        yield Flag.SHORT
    if _TRUNCATED_RE.search(page.text[-TAIL:]):
        yield Flag.TRUNCATED
    if _removed_share(page, hanzi) > config.max_removed_share:
        yield Flag.OVER_CLEANED
    yield from shape_flags(page.text, hanzi, page.meta.title)


TAIL = 60
"""Code points at the end of a text in which it says that there is more."""

_TRUNCATED_RE = re.compile(
    r"[(（]剩余\d+字[)）]|>>>?\s?(?:全文|详情|更多)|[…\.]{2,}\s?[\[【(（]?(?:全文|详[情细]|阅读全文|查看全文|更多)"
    r"|(?:展开|阅读|查看|点击)(?:剩余)?(?:全文|详细)[\]】)）]?\s*$|(?i:read more)\s*$|未完待续"
    r"|(?:付费|订阅|登录|购买|开通(?:会员|VIP)|成为会员)(?:后|即)?(?:即?可|才能|继续)?(?:阅读|查看|解锁)"
    r"(?:全文|全部|完整|剩余|更多)"
)


def _foreign(text: str, counts: ScriptCounts) -> str:
    """Return what a text is written in that is not Chinese: ja, ko or other; empty if Chinese."""
    if counts.label in ("ja", "ko"):
        return counts.label
    hanzi = counts.shared + counts.traditional + counts.simplified
    if hanzi * 2 > len(text) or hanzi >= MIN_HANZI_SHARE * sum(map(str.isalpha, text)):
        return ""
    return "other"


MIN_HANZI_SHARE = 0.2
"""Share of the letters that are Chinese characters below which a text is not Chinese.

Clean news is above 0.5 in 999 of 1,000 pages.
"""


def _has_prose(text: str) -> bool:
    return any(
        count_hanzi(line) >= PROSE_HANZI and _STOP_RE.search(line) for line in text.split("\n")
    )


PROSE_HANZI = 30
"""Chinese characters of a line with a sentence mark that make it prose; `contamination.md` 5.5."""

_STOP_RE = re.compile("[。！？!?；;]")


def _removed_share(page: Page, hanzi: int) -> float:
    """Return the share of the page's Chinese characters that cleaning took out for good.

    Args:
        page: the cleaned page.
        hanzi: the number of Chinese characters that are left.
    """
    removed = sum(
        count_hanzi(edit.before) - count_hanzi(edit.after)
        for edit in page.edits
        if edit.step in ("strip_spam", "strip_boilerplate")
    )
    return removed / max(1, removed + hanzi)
