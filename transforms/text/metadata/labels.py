"""Rows of labels and values: `发布时间:2019-10-02  来源:某某网  责任编辑:某某`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from transforms.text.layout import Row
from transforms.text.metadata.credits import read_credit
from transforms.text.metadata.dates import DateFound, find_dates
from transforms.text.metadata.media import is_institution, is_medium, is_outlet, is_source
from transforms.text.metadata.names import is_person, names
from transforms.text.metadata.roles import AUTHOR_ROLES, EDITOR_ROLES, OTHER_ROLES, kind_of

PUBLISHED, WRITTEN_BARE, UPDATED, WRITTEN = range(4)
"""Ranks of dates: a lower one is preferred (contamination map, 2.1)."""
_DATES = {
    PUBLISHED: "发布时间 发布日期 发布于 发表时间 发表于 发表日期 发稿时间 发文时间 刊发时间 "
    "刊发日期 出版时间 上载日期 公开日期 公开时间 网络出版时间 上传时间 发布 首发时间 添加时间 "
    "录入时间 见报日期 投稿时间 信息时间 文章时间 公布时间 公布日期 张贴时间 新闻时间 发报时间 "
    "出版 首发",
    WRITTEN_BARE: "时间 日期",
    UPDATED: "更新时间 最后更新 更新日期 更新于 最后更新时间 修改时间 最新更新 编辑时间 最近更新 "
    "更新",
    WRITTEN: "成文日期 成文时间 印发日期 生成日期 发文日期 创建时间 写作时间 索引时间",
}
_SOURCES = (
    "来源 稿源 稿件来源 信息来源 消息来源 新闻来源 文章来源 来自 转自 转载自 出处 "
    "媒体来源 内容来源 文章出处 摘自 原载 来源媒体 来源网站 "
    "来源单位 文章来自"
).split()
_WIDGETS = (
    "浏览次数 浏览量 浏览 阅读次数 阅读量 阅读数 阅读 点击数 点击量 点击率 点击次数 "
    "点击 访问次数 访问量 访问 人气 查看 查看次数 围观 "
    "评论数 评论 字体 字号 字体大小 文字大小 字级 分享到 分享至 分享 打印 收藏 "
    "关键词 关键字 标签 编号 索引号 文号 发文字号 责任单位 "
    "发布机构 发布单位 发布者 发布人 栏目 所属栏目 分类 类别 主题分类 公开方式 "
    "有效性 点赞 我要评论 视力保护色 背景色 信息类别 信息分类 "
    "上传者 发文机关 发文机构 审核人 撰稿单位 作者单位 本文字数 阅读时长 所属分类 分类于"
).split()
_ENGLISH: dict[str, str | int] = {
    **dict.fromkeys(("posted on", "posted", "published on", "published", "date"), PUBLISHED),
    **dict.fromkeys(("updated on", "updated", "last updated", "last modified"), UPDATED),
    **dict.fromkeys(("by", "posted by", "written by", "author", "reporter"), "author"),
    **dict.fromkeys(("views", "comments", "category", "tags", "reading time"), "widget"),
    "editor": "editor",
    "source": "source",
}
_KINDS: dict[str, str | int] = {
    **dict.fromkeys(_WIDGETS, "widget"),
    **dict.fromkeys(_SOURCES, "source"),
    **{label: rank for rank, text in _DATES.items() for label in text.split()},
    "报道": "author",
    "报导": "author",
}
_LABELS = sorted(
    {*_KINDS, *AUTHOR_ROLES, *EDITOR_ROLES, *OTHER_ROLES} - {"文", "图", "摄"},
    key=len,
    reverse=True,
)
_START = r"(?:(?<=^)|(?<=[ |\]】)>]))"


def _longest_first(labels: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, labels), key=len, reverse=True))


_KEYS = (
    r"(?P<known>"
    + "|".join(" {0,6}".join(map(re.escape, label)) for label in _LABELS)
    + rf") {{0,3}}[:丨]|{_START}(?P<dated>"
    + _longest_first(label for text in _DATES.values() for label in text.split())
    + rf") {{1,3}}(?=(?:19|20)\d\d)|{_START}(?P<plain>分类于) |"
    + rf"{_START}(?P<short>文|图|摄) {{0,3}}:|{_START}"
    + r"(?P<other>[\u3400-\u9fff]{2,8}) {0,2}:(?!//)"
)
_KEY_RE = re.compile(_KEYS)
_KEY_OR_ENGLISH_RE = re.compile(
    rf"{_KEYS}|(?<![a-z])(?P<english>{_longest_first(_ENGLISH)})"
    r"(?: ?: ?| (?=\d|[jfmasond][aepuco]))|(?:^|(?<=\|)) ?(?P<author>by) "
)
_ENGLISH_RE = re.compile("[a-z]{2} ?[:0-9]|on |ed |by |date ")
_END_RE = re.compile(r" {2,}|[|\t]|[\]】](?!$)")
_FILLER_RE = re.compile(
    r"只看该作者|倒序浏览|阅读模式|字体|字号|打印本?页?|收藏本?页?|分享到?|评论|阅读|点击|浏览|"
    r"次数|人气|大|中|小|次|特大|我要|转发|微信|微博|qq|空间|"
    r"新浪|腾讯|关闭|复制链接|hkt|加入|字级|\+|-|a|t|放大|缩小|默认|"
    r"星期[一二三四五六日天]|周[一二三四五六日]|上午|下午|[\s\d\W_]"
)


_COUNT_RE = re.compile("浏览|阅读|点击|评论|人气|次|人|查看|字")
_MARKS_RE = re.compile(r"[\W_]")


@dataclass(slots=True)
class Reading:
    """What a row of labels says.

    Attributes:
        dates: (rank, date) in order.
        source: span of the source in the folded row.
        account: span of the name under which the page was posted.
        people: (kind, start, stop) of names.
        unread: hanzi and letters that belong to no label, date or tool.
        labels: kinds of the labels that were found.
        named: whether the value of an unknown label is the name of a medium or an institution.
    """

    dates: list[tuple[int, DateFound]] = field(default_factory=list)
    source: tuple[int, int] | None = None
    account: tuple[int, int] | None = None
    people: list[tuple[str, int, int]] = field(default_factory=list)
    unread: str = ""
    labels: set[str] = field(default_factory=set)
    named: bool = False


def read_labels(row: Row) -> Reading:
    """Read one row; whether it is a row of labels is for the caller to judge."""
    text = row.folded
    pattern = _KEY_OR_ENGLISH_RE if _ENGLISH_RE.search(text) else _KEY_RE
    keys = list(pattern.finditer(text))
    reading = Reading()
    _read_free(text, 0, keys[0].start() if keys else len(text), reading)
    for at, key in enumerate(keys):
        stop = keys[at + 1].start() if at + 1 < len(keys) else len(text)
        while key.end() < stop and text[stop - 1] in " [(【":
            stop -= 1
        _read_value(text, key, stop, reading)
    return reading


def _read_free(text: str, start: int, stop: int, reading: Reading) -> None:
    """Read a stretch without labels: bare dates, tools, perhaps credits and a medium."""
    found = find_dates(text[start:stop])
    if not found and stop - start == len(text):
        return
    dates = [d._replace(start=d.start + start, stop=d.stop + start) for d in found]
    reading.dates += ((WRITTEN_BARE, date) for date in dates)
    reading.labels.update(["date"] if dates else [])
    edges = [start, *(edge for date in dates for edge in date[:2]), stop]
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        if _HANZI_RE.search(text, a, b) and not _read_credit(text, a, b, bool(dates), reading):
            _read_words(text, a, b, bool(dates), reading)


_HANZI_RE = re.compile(r"[\u3400-\u9fffa-z]")


def _read_credit(text: str, start: int, stop: int, dated: bool, reading: Reading) -> bool:
    """Read a stretch that is a credit and nothing else, beside a date."""
    part = text[start:stop]
    credit = read_credit(part) if dated and _CREDIT_GATE_RE.search(part) else None
    if credit is None:
        return False
    reading.people += ((kind, a + start, b + start) for kind, a, b in credit.people)
    reading.labels.add("author")
    if credit.owner and reading.source is None:
        reading.source = (credit.owner[0] + start, credit.owner[1] + start)
    return True


_CREDIT_GATE_RE = re.compile("[记编作][者辑]|通讯员|[道导] ?$|文 ?[/|丨]")


def _read_words(text: str, start: int, stop: int, dated: bool, reading: Reading) -> None:
    """Read words beside dates: a medium and its author, or an account that posts from somewhere."""
    posted = _POSTED_FROM_RE.search(text) if dated else None
    words = list(_words(text, start, max(start, min(stop, posted.start())) if posted else stop))
    above = posted is not None and stop <= reading.dates[0][1].start
    account = len(words) - 1 if above else _NOWHERE
    for at, (a, b) in enumerate(words):
        word = text[a:b]
        if dated and reading.source is None and is_outlet(word) and is_source(word):
            reading.source = (a, b)
        elif at == account:
            reading.account = (a, b)
        elif is_person(word) and (at == account - 1 or (at and words[at - 1] == reading.source)):
            reading.people.append(("author", a, b))
        else:
            left = _FILLER_RE.sub("", word)
            counted = _COUNT_RE.search(text, start, stop)
            reading.unread += left if left or counted else _MARKS_RE.sub("", word)


_NOWHERE = -2


def _words(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the words of a stretch, without the marks around them."""
    for found in _WORD_RE.finditer(text, start, stop):
        a, b = found.span()
        a, b = b - len(text[a:b].lstrip(_AROUND)), a + len(text[a:b].rstrip(_AROUND))
        added = _NO_WORD_RE.search(text[a:b]) if a < b else None
        b = a + added.start() if added else b
        if a < b:
            yield a, b


_WORD_RE = re.compile(r"[^\s|]+")
_AROUND = "[]()【】<>·-—,"
_POSTED_FROM_RE = re.compile(r"发表于 ?[\u3400-\u9fff]{2,4}$")
"""Where an account of WeChat posted from, behind the date."""
_NO_WORD_RE = re.compile(
    r"官方(?:账号|微博|微信|百家号|头条号)?$|^原创$|^(?:[a-z0-9-]{1,30}\.){1,4}[a-z]{2,8}$"
)
"""What an account adds to its name, and the address of a site."""


def _read_value(text: str, key: re.Match[str], stop: int, reading: Reading) -> None:
    label = key.group(key.lastgroup or 0)
    kind = _ENGLISH.get(label)
    if kind is None:
        label = label.replace(" ", "")
        kind = _KINDS.get(label, kind_of(label))
    start = key.end()
    while start < stop and text[start] == " ":
        start += 1
    end = _END_RE.search(text, start, stop)
    value_stop = end.start() if end else stop
    value = text[start:value_stop].rstrip(" ]】)")
    value_stop = start + len(value)
    if isinstance(kind, int):
        dates = find_dates(text[start:stop])
        for date in dates[:1]:
            shifted = date._replace(start=date.start + start, stop=date.stop + start)
            reading.dates.append((kind, shifted))
            _read_free(text, shifted.stop, stop, reading)
        if not dates and len(value) > 1:
            reading.unread += value
        reading.labels.add("date" if dates else "empty")
        return
    if kind == "source":
        _read_source(text, start, value_stop, reading)
    elif kind in ("author", "editor", "other"):
        value, value_stop = _before_date(text, start, value_stop)
        spans = [] if _LONE_RE.search(value) else names(text, start, value_stop)
        reading.people += ((kind, a, b) for a, b in spans)
        reading.labels.add(kind if spans or not re.search(r"[\u3400-\u9fff]{5}", value) else "long")
    else:
        reading.labels.add("widget" if kind else "unknown")
        if not kind:
            reading.named |= is_institution(value)
            reading.unread += value if len(value) > _LONGEST_VALUE else ""
    if value_stop < stop:
        _read_free(text, value_stop, stop, reading)


def _before_date(text: str, start: int, stop: int) -> tuple[str, int]:
    """Return the part of a value that a date follows, and its end."""
    dates = find_dates(text[start:stop]) if _YEAR_RE.search(text, start, stop) else []
    stop = start + dates[0].start if dates else stop
    return text[start:stop], stop


_YEAR_RE = re.compile(r"(?:19|20)\d\d")
_LONE_RE = re.compile(r"(?:^|[^\u3400-\u9fff] ?)[大中小](?:[^\u3400-\u9fff]|$)")
"""A size of letters among what would be names."""
_LONGEST_VALUE = 30
"""Code points of the longest value of a label that is not known."""


def _read_source(text: str, start: int, stop: int, reading: Reading) -> None:
    dates = find_dates(text[start:stop])
    if dates:
        _read_free(text, start + dates[0].start, stop, reading)
        stop = start + dates[0].start
    value = _TOOLS_RE.sub("", text[start:stop]).rstrip(" -—·,;")
    first = "source" not in reading.labels
    reading.labels.add("source")
    if "," in value and not is_institution(value.partition(",")[0]):
        reading.labels.add("long")
        return
    medium = value.partition(" ")[0]
    value = medium if is_medium(medium) else value
    if is_source(value) and (first or reading.source is None):
        lead = len(value) - len(value.lstrip("《<[【("))
        tail = len(value) - len(value.rstrip("》>]】")) if lead else 0
        reading.source = start + lead, start + len(value) - tail


_TOOLS_RE = re.compile(
    r" +(?:[大中小]字号?|字体|字号|打印|收藏|分享|评论|我要|点击|浏览|手机看新闻|举报|投诉|纠错|"
    r"转发|订阅).*$"
)
