"""The name of a page's site, and the section it files the page under."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.text.layout import Row

_LAST_ROWS = 15
_LONGEST = 220
_DOMAIN_RE = re.compile(
    r"(?<![\w@./-])(?:www\.)?((?:[A-Za-z0-9-]{1,40}\.){1,3}(?:com|cn|net|org|gov|tv|"
    r"hk|tw|mo|cc|info)(?:\.(?:cn|hk|tw|mo))?)(?![\w@])"
)
_COPYRIGHT_RE = re.compile(r"copyright|©|版权所有|rights? reserved")
_OWNER_RE = re.compile(
    r"版权(?:所有|归属)?(?: ?[:©]| (?=[\u3400-\u9fff])|归) ?(?P<name>[^ ,。:;|"
    r"]{2,24}?)(?:所有)?(?=[ ,。;|]|$)"
)
_OWNER_FIRST_RE = re.compile(r"^(?P<name>[\u3400-\u9fff()a-z]{2,20}) ?版权所有")
_DISCLAIMER_RE = re.compile(
    r"^[\[【(※■◆● ]*(?P<name>[^ "
    r":,。\[\]【】]{2,20}?)(?:网站)?(?:的)?(?:版权(?:与免责|及免责|和免责)?声明|"
    r"免责声明|版权说明|版权与免责声明)"
)
_NO_SITE = frozenset(
    (
        "本网 本站 网站 本网站 特别 转载 稿件 郑重 重要 法律 关于 文章 图片 未经 作品 "
        "内容 不得 转载请 严禁 翻版 违者"
    ).split()
)


def site_name(page_rows: Sequence[Row]) -> str | None:
    """Return the site that the end of a page names: owner of the copyright, or of the disclaimer.

    A domain in the row of the copyright follows in brackets: `投促中国 (InvestCHN.com)`.
    """
    for row in page_rows[-_LAST_ROWS:]:
        if len(row.raw) > _LONGEST or row.raw[-1] in "。！？":
            continue
        text = row.folded
        if _COPYRIGHT_RE.search(text):
            name = _named(row, _OWNER_RE) or _named(row, _OWNER_FIRST_RE)
            domain = _DOMAIN_RE.search(row.raw)
            if name and domain:
                return f"{name} ({domain[1]})"
            if name or domain:
                return name or domain[1] if domain else name
        elif len(text) <= 40 and ("声明" in text or "说明" in text):
            name = _named(row, _DISCLAIMER_RE)
            if name:
                return name
    return None


def _named(row: Row, pattern: re.Pattern[str]) -> str | None:
    found = pattern.search(row.folded)
    if not found or found["name"] in _NO_SITE:
        return None
    return row.source(*found.span("name")).strip()


_ARROW = r"(?:-{0,2}>{1,2}|[»›▸▶→/\\─]|::)"
_ARROWS_RE = re.compile(rf" ?{_ARROW} ?")
_LABEL_RE = re.compile(r"^[^:>]{0,12}(?:位置|栏目|频道|在这里|导航)(?:是|为)?[\]】]? ?: ?")
_PATH_LABEL_RE = re.compile(r"^[\u3400-\u9fff]{2,8} ?: ?(?!:)")
_PART = r"[\u3400-\u9fffa-z]{2,12}"
_PATH_RE = re.compile(rf"{_PART}(?: ?{_ARROW} ?{_PART}){{2,5}} ?{_ARROW}?")
_LABELLED_PATH_RE = re.compile(rf"{_PART}(?: ?[·|] ?{_PART}){{2,5}}")
_LEAF_RE = re.compile(
    r"^.{0,4}(?:正文|全文|内文|文章|内容|详情|详细|阅读|查看|浏览|"
    r"信息详情)[内容页]{0,2}$|^(?:本[文页稿篇]|[此看阅读].{1,3})$|^.{1,3}[稿页篇]$"
)
"""The last part of a breadcrumb where it stands for the page itself."""
_COLUMN_RE = re.compile(
    r"(?:新闻|要闻|动态|资讯|快讯|报道|时政|消息|公告|时讯|聚焦|播报|专题|信息|文化|"
    r"经济|社会|国内|国际)$"
)
_BARS_RE = re.compile(" ?[·|] ?")
_MAX_PARTS = 8


def is_path(row: Row) -> bool:
    """Return whether a row is a breadcrumb by its shape: three words or more between arrows.

    Dots and bars, which menus have, count behind a label.

    >>> is_path(Row(0, 0, "门户 ▸ 社会 ▸ 文稿")), is_path(Row(0, 0, "要闻 | 时评 | 民生"))
    (True, False)
    """
    if len(row.raw) > _LONGEST_PATH or not _PATH_GATE_RE.search(row.raw):
        return False
    label = _PATH_LABEL_RE.match(row.folded)
    start = label.end() if label else 0
    if label and _LABELLED_PATH_RE.fullmatch(row.folded, start):
        return True
    if not _PATH_RE.fullmatch(row.folded, start):
        return False
    leaf = row.folded.rpartition("/")[2].strip()
    return "/" not in row.folded or bool(label or _LEAF_RE.search(leaf))


_LONGEST_PATH = 60
_PATH_GATE_RE = re.compile(r"[>＞»›▸▶→/／\\─:：]")


def breadcrumb_section(row: Row) -> str | None:
    """Return the last part of a breadcrumb that names a section, not the page itself.

    >>> breadcrumb_section(Row(0, 0, "您现在的位置:首页 > 新闻 > 本地要闻 > 正文"))
    '本地要闻'
    >>> breadcrumb_section(Row(0, 0, "首页 专题 某市新闻"))
    '某市新闻'
    """
    label = _LABEL_RE.match(row.folded) or _PATH_LABEL_RE.match(row.folded)
    start = label.end() if label else 0
    parts = _spans(_ARROWS_RE, row.folded, start)
    if len(parts) == 1 and label:
        parts = _spans(_BARS_RE, row.folded, start)
    if len(parts) > 1:
        named = [p for p in parts if not _LEAF_RE.search(row.folded[slice(*p)])]
        if not named or row.folded[slice(*named[-1])].endswith("首页"):
            return None
        a, b = named[-1]
        return row.source(a, b) if b - a <= 16 else None
    parts = _spans(re.compile(" +"), row.folded, start)
    if 2 <= len(parts) <= _MAX_PARTS and row.folded[slice(*parts[0])].endswith("首页"):
        a, b = parts[-1]
        if b - a > 2 and _COLUMN_RE.search(row.folded[a:b]):
            return row.source(a, b)
    return None


def _spans(separator: re.Pattern[str], text: str, start: int) -> list[tuple[int, int]]:
    spans = []
    for gap in separator.finditer(text, start):
        spans.append((start, gap.start()))
        start = gap.end()
    return [(a, b) for a, b in [*spans, (start, len(text))] if a < b]
