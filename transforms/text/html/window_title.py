"""The headline in the title of a window, which names site, section and page number as well."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from transforms.text.metadata.media import is_medium
from transforms.text.shadow import fold


class _Part(NamedTuple):
    """A stretch of a title between separators.

    Attributes:
        start: first code point.
        stop: the one behind the last.
        before: the separator before it; empty for the first.
    """

    start: int
    stop: int
    before: str


_SEPARATOR_RE = re.compile(
    r"\s*(?:[_|｜丨»›>＞«‹]+|::)\s*|\s+[-–—·@/]+\s+|\s*(?:-+|–+|—+|·)\s*(?=[\u3400-\u9fff])"
)


def window_title(window: str, known: Collection[str]) -> str:
    """Return the headline of a window's title; the title itself where nothing tells them apart.

    >>> window_title("县政要闻 - 环湖步道全线贯通(2)_国内频道_江城网", ())
    '环湖步道全线贯通'
    >>> window_title("中国-东盟博览会今天开幕", ()), window_title("【步道全线贯通】_江城在线", ())
    ('中国-东盟博览会今天开幕', '步道全线贯通')

    Args:
        window: the title.
        known: names of sections and sites that the page links to.
    """
    parts = _parts(window)
    kept = _without_ends(window, parts, known)
    text = window[kept[0].start : kept[-1].stop].strip() if kept else window
    if len(kept) < len(parts):
        text = _PAGE_RE.sub("", text)
    marked = _MARKED_RE.search(text)
    if marked and marked.start() >= _MIN_HEADLINE and _is_site(fold(marked["name"])):
        text = text[: marked.start()]
    words = text.rsplit(None, 1)
    if len(words) > 1 and len(words[0]) >= _MIN_HEADLINE and len(words[1]) <= _MAX_SITE:
        text = words[0] if _SITE_RE.fullmatch(words[1]) else text
    return text[1:-1] if _WRAPPED_RE.fullmatch(text) else text


def _parts(window: str) -> list[_Part]:
    parts: list[_Part] = []
    at, before = 0, ""
    for match in _SEPARATOR_RE.finditer(window):
        if match.start() > at:
            parts.append(_Part(at, match.start(), before))
            at, before = match.end(), match[0]
    return [*parts, _Part(at, len(window), before)] if at < len(window) else parts


def _without_ends(window: str, parts: list[_Part], known: Collection[str]) -> list[_Part]:
    """Return the parts without what names the site or a section at both ends."""
    texts = [fold(window[part.start : part.stop]).strip() for part in parts]
    longest = max(map(len, texts), default=0)
    if longest < _MIN_HEADLINE:
        return parts
    head = next(at for at, text in enumerate(texts) if len(text) >= min(longest, _SURE_HEADLINE))
    stop = next((at for at in range(head + 1, len(parts)) if _is_site(texts[at])), len(parts))
    while stop > head + 1 and (
        _is_frame(texts[stop - 1], parts[stop - 1].before, known)
        or ("|" in fold(parts[stop - 1].before) and texts[stop - 1] in texts[head])
    ):
        stop -= 1
    start = 0
    while start < head and _is_frame(texts[start], parts[start + 1].before, known):
        start += 1
    return parts[start:stop]


_MIN_HEADLINE, _SURE_HEADLINE, _MAX_SITE = 6, 10, 5
"""Code points of a headline that has company, of one that is not looked for elsewhere, and of the
site behind a space: a headline's last words may be a 保障网."""


def _is_frame(text: str, separator: str, known: Collection[str]) -> bool:
    """Return whether a part names a site or section; a bare hyphen may stand in a headline."""
    if len(text) > _MAX_FRAME and not text.startswith("powered by"):
        return False
    mark = separator.strip()
    if not mark.strip("-–—·") and mark == separator and mark != "--":
        if "—" in mark or len(text) > _MAX_BARE:
            return _is_site(text)
        return _is_site(text) or bool(_FRAME_RE.fullmatch(text))
    short = mark[:1] in "_>»›«‹–@" or mark == "--"
    framed = _is_site(text) or bool(_FRAME_RE.fullmatch(text))
    return framed or text in known or (short and len(text) <= _MAX_BARE)


def _is_site(text: str) -> bool:
    return is_medium(text) or bool(_SITE_RE.fullmatch(text))


_MAX_FRAME, _MAX_BARE = 24, 7
"""Code points of what names a section, and of one behind a hyphen without spaces; a dash without
spaces stands before a subtitle."""
_SITE_RE = re.compile(
    r"(?:手机)?[\u3400-\u9fffa-z]{2,8}(?:网|日报|晚报|早报|晨报|都市报|在线|热线|传媒|融媒)"
    r"(?: www\..{4,40})?|www\..{4,40}|[\u3400-\u9fff]{4,10}\(www\..{4,30}\)"
    r"|[a-z0-9-]{2,30}\.(?:com|cn|net|org)(?:\.[a-z]{2})?"
    r"|(?:今日)?头条号?|百家号|搜狐[网号]?|网易[网号]?|腾讯[网号]?|新浪[网号]?|凤凰[网号]?|知乎|微博|豆瓣|贴吧"
)
_FRAME_RE = re.compile(
    r"powered by .{1,40}|.{0,12}(?:频道|论坛|社区|博客|门户|官网|网站|首页|主页|中心|专栏|专区|栏目"
    r"|数字报|电子报|客户端|[机动屏]版|版|新闻|要闻|资讯|动态|快讯|时讯|时政|正文|内容|详情|详细|媒体|平台)页?"
    r"|[\u3400-\u9fff]{2,4}[省市县区州旗][\u3400-\u9fff]{0,6}[局厅委办院府馆]"
)
_PAGE_RE = re.compile(r"\s*[(（](?:第?\d{1,2}页?)[)）]$|\s*第\d{1,2}页$")
_WRAPPED_RE = re.compile(r"【[^【】]{5,80}】|\[[^\[\]]{5,80}\]|「[^「」]{5,80}」")
_MARKED_RE = re.compile(r"\s*[【\[](?P<name>[^【】\[\]]{2,10})[】\]]$")
