"""Parts of a page that its lines tell: comments, lists of other articles, digests of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from transforms.text.html.line import HEADINGS, Line
from transforms.text.html.weights import prose


def forget_names_of_the_article(lines: Sequence[Line]) -> None:
    """Take the name of a part from the lines of an element that holds most of the page's prose.

    A `<form>` around the whole page, or `class="nav-page"` on it, says nothing about its lines.
    """
    amounts: defaultdict[int, float] = defaultdict(float)
    for line in lines:
        amounts[line.namer if line.part else 0] += prose(line)
    most = _MAJORITY * sum(amounts.values())
    wrong = {namer for namer, amount in amounts.items() if namer and amount > most}
    for line in lines:
        if line.namer in wrong and line.part != "figure_caption":
            line.part = ""


_MAJORITY = 0.4


_HEADINGS = (
    ("author_box", re.compile("关于作者|關於作者|作者简介|作者簡介|作者介绍|作者介紹")),
    (
        "comment_box",
        re.compile(
            r"(?:全部|最新|最热|热门|热评|精彩|网友|用户|文章|发表|我要|查看|评论|\||"
            r"[\d,]{1,9} ?(?:条|人参与))*"
            r"(?:评论|留言|跟帖|跟贴|評論|留言列表)(?:区|列表)? ?[(（]?\d*[)）]?条?[:：]?"
        ),
    ),
    (
        "related_list",
        re.compile(
            r"(?:相关|相關|推荐|推薦|热门|熱門|热点|精彩|延伸|更多|最新|编辑|为你|为您|猜你|大家|往期|今日|图片)"
            r"(?:都在|还在|正在)?(?:新闻|新聞|阅读|閱讀|文章|推荐|推薦|报道|報導|图集|视频|资讯|内容|链接|"
            r"专题|喜欢|回顾|看|精选|头条|热文|排行)[:：]?"
        ),
    ),
)
"""What stands above comments, above other articles, and above a line on the author."""


def mark_sections(lines: Sequence[Line]) -> bool:
    """Name comments and lists: what follows a heading that says so, in its own branch of the tree.

    Returns whether there are any.
    An article that quotes comments under such a heading has both in one element with its prose.
    """
    part, branch = "", _NO_BRANCH
    article, n_marked = 0, 0
    for at, line in enumerate(lines):
        if line.low < branch:
            part, branch = "", _NO_BRANCH
        apart = line.low < article - 1 or _is_boxed(lines, at, article)
        heading = heading_of_part(line) if article and apart else ""
        if heading:
            below = lines[at + 1 : at + 2]
            part, branch = heading, line.low + any(b.low > line.low for b in below)
            n_marked += 1
        elif not part and prose(line):
            article = line.depth
        line.part = line.part or part
    return n_marked > 0


def _is_boxed(lines: Sequence[Line], at: int, article: int) -> bool:
    """Return whether a line is the heading of a box among the paragraphs that has boxes in it."""
    heading = lines[at]
    if heading.tag not in HEADINGS or heading.depth <= article:
        return False
    below = lines[at + 1 : at + 1 + _NEAR]
    items = any(line.depth > heading.depth for line in below)
    return items or heading_of_part(heading) == "author_box"


def heading_of_part(line: Line) -> str:
    """Return the part of the page that a line is the heading of; empty if it is none."""
    text = line.text.replace("\xa0", " ")
    if len(text) > _MAX_HEADING:
        return ""
    return next((part for part, pattern in _HEADINGS if pattern.fullmatch(text)), "")


_NO_BRANCH = -1
_MAX_HEADING, _NEAR = 16, 3
"""Code points of a heading; lines below it."""


def digests(lines: Sequence[Line]) -> list[range]:
    """Return the lists of linked headlines that have a summary each, three or more of one shape."""
    found: list[range] = []
    items: list[range] = []
    for item in _items(lines):
        if items and not _goes_on(lines, items[-1], item):
            found += _list_of(items)
            items = []
        items.append(item)
    return found + _list_of(items)


def _list_of(items: list[range]) -> list[range]:
    return [range(items[0].start, items[-1].stop)] if len(items) >= _MIN_ITEMS else []


def _items(lines: Sequence[Line]) -> Iterator[range]:
    """Yield each headline that is a link, with the prose that stands right below."""
    head = None
    for at, line in enumerate(lines):
        if line.n_linked >= max(_MIN_HEADLINE, 0.8 * len(line.text)):
            head = at
        elif head is not None and at - head > _NEAR:
            head = None
        elif head is not None and prose(line):
            yield range(head, at + 1)
            head = None


def _goes_on(lines: Sequence[Line], above: range, item: range) -> bool:
    """Return whether an item follows another of its shape, and no prose stands between them."""
    ends = (above.start, item.start), (above[-1], item[-1])
    alike = all((lines[a].tag, lines[a].depth) == (lines[b].tag, lines[b].depth) for a, b in ends)
    between = lines[above.stop : item.start]
    return alike and len(between) <= _NEAR and not any(map(prose, between))


_MIN_ITEMS, _MIN_HEADLINE = 3, 6
"""Items of a list; code points of a linked headline."""


def leads_to_others(line: Line) -> bool:
    """Return whether a line is a label and the link to another article: `延伸阅读：…`."""
    label = _LABEL_RE.match(line.text)
    return label is not None and line.n_linked >= 0.8 * (len(line.text) - label.end()) > 0


def announces_others(line: Line) -> bool:
    """Return whether a line says that other articles follow: `更多报道，请看：`."""
    return heading_of_part(line) != "" or bool(_ANNOUNCES_RE.search(line.text[-_MAX_ANNOUNCEMENT:]))


_LABEL_RE = re.compile(
    r"(?:相关|相關|延伸|推荐|推薦|更多|往期|扩展|擴展)"
    r"(?:新闻|新聞|阅读|閱讀|文章|报道|報導|链接|連結|回顾|推荐)[:：]\s*"
)
_ANNOUNCES_RE = re.compile(
    r"(?:阅读|閱讀|推荐|推薦|点击|點擊|更多|相关报道|相關報導)[^。！？]{0,20}[:：]$"
)
_MAX_ANNOUNCEMENT = 40
"""Code points from which such an announcement is read."""
