"""Which row of a page's head is its title."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence, Set

from transforms.text.layout import Row
from transforms.text.metadata.media import is_medium

_MAX_TITLE = 60
"""Code points of the longest title; the map's pages had at most 40, two-part headlines more."""
_MIN_TITLE = 5
_SUB_RE = re.compile(
    r"^[—\-–]{1,3}|(?:出席|讲话|主持|致辞|作报告|参加|陪同|通报|宣读|发言|主持会议)$"
)
_ATTENDANCE_RE = re.compile(r"(?:出席|讲话|主持|致辞|作报告|参加|陪同|通报|宣读|发言)(?: |$)")
_HANZI_RE = re.compile(r"[\u3400-\u9fff]")
_SENTENCE_RE = re.compile(r"[。！？!?]")
_SUFFIX_RE = re.compile(r" ?[-_|—–] ?(?P<site>[^-_|—–]{2,16})$")
_PREFIX_RE = re.compile(
    r"^(?:焦点快播|今日热闻|今日播报|环球快报|焦点速看|天天快看|全球热点|当前热点|"
    r"世界速讯)[::] ?|^\[(?:转载|转帖|原创|分享)\] ?"
)
_LEAD_RE = re.compile(r"(?:消息|讯|电)(?:\([^()]{1,12}\))? ?:?$|[:,、;]$")
_NO_TITLE_RE = re.compile(
    r"^[\d\W_]*$|^(?:原标题|图为|图:|▲|△|•|·|\(|【?编者按|摘要|核心提示|导语|关键词|https?:|"
    r"第?\d+版|时间:|地点:)|\d{1,2}:\d\d|通讯员|记者 |资料照|提供$"
)


_DATED_RE = re.compile(
    r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月].*[:|]|[:|].*20\d\d[-/.年]\d{1,2}[-/.月]"
)
"""A date beside a label or a separator: a row of dates and sources, whose labels are not known."""


_ARROWS_RE = re.compile("[»›▸▶]|>")
_PATH_ARROWS = 2


def could_be_title(row: Row) -> bool:
    """Return whether a row of the head has the form of a headline."""
    text = row.tight
    return (
        row.whole
        and _MIN_TITLE <= len(text) <= _MAX_TITLE
        and len(_HANZI_RE.findall(text)) >= 3
        and not (row.ends_sentence and text[-1:] not in '!?”"…」)')
        and not _LEAD_RE.search(text)
        and not _NO_TITLE_RE.match(text)
        and not _DATED_RE.search(text)
        and len(_ARROWS_RE.findall(text)) < _PATH_ARROWS
        and len(_SENTENCE_RE.findall(text)) <= 1
        and "。" not in text
        and (len(text) <= 30 or len(re.findall("[,、]", text)) < 2)
    )


_ORIGINAL_RE = re.compile(r"^[\[【(]?原(?:文)?(?:标题|题)[:为] ?(?P<title>.{4,60}?)[\])】]?$")


def original_title(row: Row) -> str | None:
    """Return the title of the piece that a page took over: `原标题:…`.

    >>> original_title(Row(0, 0, "（原标题：多地修通环湖步道）"))
    '多地修通环湖步道'
    """
    found = _ORIGINAL_RE.match(row.folded)
    return row.source(*found.span("title")) if found else None


def repeated(top: Sequence[Row]) -> list[Row]:
    """Return the headline that the first row of a page has too, perhaps with the site's name.

    A page that was saved as text begins with the title of its window: `标题_频道_某某网`.
    """
    window = top[0].raw if top else ""
    if len(window) < _MIN_REPEATED:
        return []
    for row in top[1:]:
        if len(row.raw) >= _MIN_REPEATED and (
            window == row.raw or is_window_title(window, row.raw)
        ):
            return [row]
    return []


def is_window_title(raw: str, title: str) -> bool:
    """Return whether a row is a title with the name of its site or section.

    >>> is_window_title("三地通车_江城网", "三地通车"), is_window_title("三地通车了", "三地通车")
    (True, False)
    """
    rest = raw[len(title) :].lstrip() if raw.startswith(title) else ""
    return bool(rest) and (rest[0] in "-_|—–｜丨·" or is_medium(rest))


_MIN_REPEATED = 8
"""Code points of the shortest row whose repetition shows that it is the title."""


def choose(group: Sequence[Row], body: str) -> Row | None:
    """Return the headline among neighbouring rows that could be one: kicker, main, sub.

    Args:
        group: in the order of the page.
        body: the first paragraphs; a headline shares words with them.
    """
    if len(group) < 2:
        return group[0] if group else None
    for above, below in itertools.pairwise(group):
        if _is_attendance(below) and not _is_attendance(above):
            return above
    mains = [row for row in group if not _SUB_RE.search(row.tight)] or list(group)
    first = mains[0]
    if len(mains) > 1 and _is_kicker(first, mains[1]):
        return mains[1]
    strong = [row for row in mains if overlap(row.raw, body) >= _SAME_STORY]
    return first if not strong or first in strong else strong[0]


_SAME_STORY = 0.25
"""Share of a headline's pairs of characters that its article uses; slogans share fewer."""


def _is_attendance(row: Row) -> bool:
    """Return whether the row tells who took part: `甲讲话 乙主持 丙出席`."""
    return len(_ATTENDANCE_RE.findall(row.folded)) >= 2 or bool(
        re.search(r"(?:出席|主持|讲话|致辞)(?:并讲话)?$", row.tight) and len(row.tight) <= 24
    )


def _is_kicker(first: Row, second: Row) -> bool:
    parts = [len(part) >= 6 for part in second.folded.split(" ")]
    return (
        len(first.tight) < len(second.tight) and parts.count(True) >= 2 and " " not in first.folded
    )


@functools.lru_cache(maxsize=64)
def pairs(text: str) -> Set[str]:
    """Return the pairs of neighbouring letters, digits and hanzi of a text that are no number.

    Kept, because several rules ask for those of the same row.
    """
    found = set(map(str.__add__, text, text[1:]))
    return {pair for pair in found if pair.isalnum() and not pair.isdecimal()}


def overlap(title: str, body: str) -> float:
    """Return the share (0–1) of a title's pairs of characters that occur in the body."""
    asked = pairs(title)
    return sum(map(body.__contains__, asked)) / len(asked) if asked else 0.0


def speaks_of(title: str, body: str, least: float) -> bool:
    """Return whether `overlap` is at least `least`, without counting further."""
    asked = pairs(title)
    wanted = least * len(asked)
    seen = 0
    for pair in asked:
        seen += pair in body
        if seen >= wanted:
            return True
    return False


_FORUM_LINK = "[复制链接]"


def clean_title(raw: str, folded: str) -> str:
    """Return a title without the name of its site and without a portal's prefix.

    >>> clean_title("全市科技创新大会召开 - 金山网", "全市科技创新大会召开 - 金山网")
    '全市科技创新大会召开'
    """
    if len(raw) != len(folded):
        return raw
    if folded.endswith(_FORUM_LINK):
        raw, folded = raw[: -len(_FORUM_LINK)].rstrip(), folded[: -len(_FORUM_LINK)].rstrip()
    suffix = _SUFFIX_RE.search(folded)
    while suffix and (is_medium(suffix["site"].strip()) or "_" in suffix.group()):
        raw, folded = raw[: suffix.start()], folded[: suffix.start()]
        suffix = _SUFFIX_RE.search(folded)
    prefix = _PREFIX_RE.match(folded)
    return raw[prefix.end() :] if prefix else raw
