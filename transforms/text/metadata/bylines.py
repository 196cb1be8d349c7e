"""People and media named in bylines and credits. Works on folded text, answers with spans of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from transforms.text.layout import has_any

AUTHOR_ROLES = (
    "全媒体记者 融媒体记者 融媒记者 实习记者 见习记者 特派记者 特约记者 首席记者 "
    "本报记者 本网记者 本台记者 驻站记者 "
    "通讯员 特约通讯员 记者 撰稿人 撰稿 撰文 供稿人 供稿 投稿 作者 文字 文/图 图/文 "
    "图文 文图 采写 写稿 口述 采访 整理 特约撰稿 "
    "报道员 文/摄 文并图 文 特约评论员 评论员 作者/来源"
).split()
EDITOR_ROLES = (
    "责任编辑 责编 责任编校 本文编辑 本期编辑 值班编辑 文字编辑 网络编辑 新媒体编辑 "
    "视频编辑 见习编辑 实习编辑 美术编辑 图文编辑 "
    "网页编辑 执行编辑 稿件编辑 录入编辑 编辑/排版 编辑 编校 责任编辑/作者 编审"
).split()
OTHER_ROLES = (
    "校对 责任校对 审核 初审 复审 终审 一审 二审 三审 一校 二校 三校 审校 审签 签发 "
    "监制 总监制 值班 值班主任 值班主编 值班编委 "
    "主编 编委 统筹 策划 总策划 出品 出品人 制作 视频制作 制图 海报 设计 美编 排版 "
    "版式 摄影 摄像 摄 视频 剪辑 调色 配音 播音 主播 "
    "图 图片 图/ 供图 漫画 绘图 指导老师 审读 责任人 录入 录入人 发布人 信息员 翻译 "
    "编译 编导 导播 后期 来源编辑 责任审校 核稿 "
    "图源 素材来源 供稿单位 单位 通联 上传"
).split()
_AUTHORS, _EDITORS = frozenset(AUTHOR_ROLES), frozenset(EDITOR_ROLES)
_SHORT = frozenset(("文", "图", "摄", "单位"))
"""Roles that are words or parts of names as well."""
_LONG_ROLES = sorted({*AUTHOR_ROLES, *EDITOR_ROLES, *OTHER_ROLES} - _SHORT, key=len, reverse=True)
_ROLES_RE = re.compile(
    "(?:本报|本网|本台|本刊|本社)?(?:"
    + "|".join(map(re.escape, _LONG_ROLES))
    + r")|(?<![\u3400-\u9fff])[文图摄](?=[ :/])"
)
NOT_NAMES = frozenset(
    "佚名 匿名 本站 本网 本报 网络 管理员 小编 编辑 记者 作者 原创 未知 新闻 转载 "
    "综合 整理 报道 摄影 编辑部 办公室 宣传部 系统 "
    "无名氏 站长 来源 新华社 中新社 通讯员 评论员 本刊 责编 责任编辑 校对 审核 监制 "
    "摄影报道 供图 即时报道 综合报道 台北报道 "
    "单位 时间 日期 发布 热线 电话 全文 详情 更多 打印 分享 收藏 首页 正文 不详 "
    "暂无 供稿 撰稿 文图 图文 资料 图片".split()
)
_HAN = r"[\u3400-\u9fff]"
_NAME_RE = re.compile(rf"{_HAN}{{2,4}}|{_HAN}{{1,6}}(?:[·・.]{_HAN}{{1,8}}){{1,3}}")
_SPLIT_RE = re.compile(r"[\s、,;/|&和及_]+")
_ORGANISATION_RE = re.compile(
    "(?:日报|晚报|早报|晨报|时报|商报|网|社|台|局|厅|委|部|处|院|校|所|公司|集团|"
    "中心|新闻|频道|周刊|杂志|办|组|会|学|报|队|馆|站|教授|博士|主任|院长|校长|律师|"
    "医师|医生|老师|研究员|书记|市长|县长|主席|经理|记者|通讯员)$"
)
"""Endings of institutions, which are no people; two-hanzi names may end like one (高学)."""


class Person(NamedTuple):
    """Someone named in a byline.

    Attributes:
        kind: author, editor or other.
        start: first code point of the name in the text that was read.
        stop: the code point behind the last one.
    """

    kind: str
    start: int
    stop: int


def kind_of(role: str) -> str | None:
    """Return author, editor or other for the name of a role, nothing for another word.

    >>> kind_of("责任编辑"), kind_of("通讯员"), kind_of("校对"), kind_of("天气")
    ('editor', 'author', 'other', None)
    """
    role = re.sub("^(?:本报|本网|本台|本刊|本社)", "", role) or role
    if role in _AUTHORS:
        return "author"
    if role in _EDITORS:
        return "editor"
    return "other" if role in OTHER_ROLES else None


def names(text: str, start: int = 0, stop: int | None = None) -> list[tuple[int, int]]:
    """Return the spans of names in a list of names; halves of one hanzi are one name.

    >>> [ "陈 军、孙焱"[a:b] for a, b in names("陈 军、孙焱") ]
    ['陈 军', '孙焱']
    """
    stop = len(text) if stop is None else stop
    spans: list[tuple[int, int]] = []
    half: tuple[int, int] | None = None
    at = start
    for gap in [*_SPLIT_RE.finditer(text, start, stop), None]:
        a, b = at, gap.start() if gap else stop
        at = gap.end() if gap else stop
        word = text[a:b]
        if len(word) == 1 and re.match(_HAN, word):
            if half and text[half[1] : a].strip() == "":
                spans.append((half[0], b))
                half = None
            else:
                half = (a, b)
            continue
        half = None
        if is_name(word):
            spans.append((a, b))
    return spans


def is_name(word: str) -> bool:
    """Return whether a word has the form of a person's name and is no role or institution.

    >>> [is_name(w) for w in ("费菲", "买买提·艾山", "FD31", "system", "金山网", "佚名")]
    [True, True, False, False, False, False]
    """
    if not _NAME_RE.fullmatch(word) or word in NOT_NAMES:
        return False
    return len(word) < 3 or not _ORGANISATION_RE.search(word)


def people(folded: str, start: int = 0, stop: int | None = None) -> Iterator[Person]:
    """Yield the people of a byline body like `全媒体记者 陈志奎 通讯员 孙焱 应东昊`."""
    stop = len(folded) if stop is None else stop
    ending = _ENDING_RE.search(folded, start, stop)
    stop = ending.start() if ending else stop
    roles = list(_ROLES_RE.finditer(folded, start, stop))
    for at, role in enumerate(roles):
        end = roles[at + 1].start() if at + 1 < len(roles) else stop
        first = role.end()
        while first < end and folded[first] in " :·":
            first += 1
        for a, b in names(folded, first, end):
            yield Person(kind_of(role.group()) or "other", a, b)


_ENDING_RE = re.compile(
    r"(?:发自|综合|综述|摄影)?(?:报道|报导)|发自.|专电|"
    r"[\u3400-\u9fff]{2}\d{1,2}月\d{1,2}日电|文/图$|图/文$"
)
"""Where the names of a byline end: `记者张三报道`, `记者张三发自上海`."""


_OPENING_RE = re.compile(
    r"^[^()〔〕【】。,]{0,30}?[(〔【](?P<body>[^()〔〕【】。]{0,14}(?:记者|通讯员|"
    r"作者|撰稿|文/图|图/文|文图|图文)[^()〔〕【】。]{1,50})[)〕】]"
)
_CLOSING_RE = re.compile(
    r"[(〔【](?P<body>[^()〔〕【】。]{0,14}(?:记者|通讯员|作者|撰稿|文/图|图/文|供稿|"
    r"文图|图文|责编|责任编辑|编辑)[^()〔〕【】。]{1,60})[)〕】]。?$"
)
_TAIWAN_RE = re.compile(
    rf"^[(〔【\[]?(?:{_HAN}{{2,6}} ?)??(?:特派|即时|地方)?(?:记者|特派员)? "
    rf"?(?P<names>{_HAN}{{2,4}}(?:[、 ]{_HAN}{{2,4}}){{0,4}}) ?[/╱∕] "
    rf"?(?:{_HAN}{{2,8}})(?:报导|报道|电)[)〕】\]]?"
)
_BARE_RE = re.compile(
    rf"^[□☉■◎●◇ ]*(?:本报|本网|本台|本刊|{_HAN}{{2,8}}(?:报|网|社|台))?(?:全媒体|"
    rf"融媒体?|见习|实习|特派|特约|首席|驻{_HAN}{{2,4}})?(?:记者|通讯员) "
    rf"?{_HAN}{{2,4}}"
)


def opening_byline(folded: str) -> tuple[int, int] | None:
    """Return the span of the byline body with which a paragraph begins.

    >>> text = "本报讯(记者 胡建伟)一年之计在于春。"
    >>> text[slice(*opening_byline(text))]
    '记者 胡建伟'
    """
    match = _OPENING_RE.match(folded[:110])
    return match.span("body") if match else None


def closing_byline(folded: str) -> tuple[int, int] | None:
    """Return the span of the byline body with which a paragraph ends."""
    first = max(0, len(folded) - 100)
    match = _CLOSING_RE.search(folded[first:])
    return (match.start("body") + first, match.end("body") + first) if match else None


def taiwan_byline(folded: str) -> tuple[int, int] | None:
    """Return the span of the names in `记者张三/台北报导` at the start of a paragraph."""
    head = folded[:60]
    match = _TAIWAN_RE.match(head) if has_any(head, "/╱∕") else None
    return match.span("names") if match else None


def is_bare_byline(folded: str) -> bool:
    """Return whether a row is a byline without brackets: `本报记者 张三 通讯员 李四`."""
    return bool(_BARE_RE.match(folded)) and len(folded) <= 50 and not _CLAUSE_RE.search(folded)


_CLAUSE_RE = re.compile("[,。;!?]")


_MEDIA = (
    "(?:日报|晚报|早报|晨报|时报|商报|都市报|导报|周报|青年报|法制报|电讯|报|新闻网|"
    "网|通讯社|社|电视台|广播电台|电台|台|周刊|杂志|客户端|在线|融媒体中心|新闻)"
)
_MEDIA_RE = re.compile(rf"[\u3400-\u9fffa-z0-9·\-]{{1,14}}{_MEDIA}")
_DATELINE_RE = re.compile(
    rf"^[(【\[〔<《]?(?P<source>[\u3400-\u9fffa-z]{{1,12}}?{_MEDIA})"
    rf"(?:消息|(?:专|快)?讯|[ /]?(?:记者{_HAN}{{2,8}}?)?{_HAN}{{0,8}}?(?:\d{{4}}年)?("
    rf"?:\d{{1,2}}月)?\d{{1,2}}日{_HAN}{{0,3}}?(?:电|讯|消息|专讯))"
    r"(?=[\s()〕【】\]>》:]|$)"
)
_BRACKET_RE = re.compile(
    rf"^[【\[](?P<source>[\u3400-\u9fffa-z]{{1,10}}?(?:{_MEDIA}|通讯))(?:专讯|"
    rf"讯)?[】\]]"
)
_OWN_RE = re.compile(
    rf"^(?P<source>{_HAN}{{2,10}}?{_MEDIA})(?:特约|首席|高级)?(?:评论员|编辑部|观察员|"
    rf"记者)(?: ?{_HAN}{{2,4}}){{0,3}}$"
)
_NO_SOURCE = frozenset(
    (
        "原创 百度 网络 本站 本报 本网 本社 本台 本刊 互联网 未知 其他 其它 转载 佚名 "
        "网上 本网站 不详 无 综合 整理 本单位 admin 官网 据 本地 网友 自媒体 编辑"
    ).split()
)


def is_medium(folded: str) -> bool:
    """Return whether a text is the name of a newspaper, station, site or agency by its ending.

    >>> is_medium("金山网"), is_medium("下午三时")
    (True, False)
    """
    return len(folded) <= 20 and bool(_MEDIA_RE.fullmatch(folded))


def is_institution(folded: str) -> bool:
    """Return whether a text is the name of a medium, an office, a school or a firm by its ending.

    >>> is_institution("某县人民政府"), is_institution("下午三时")
    (True, False)
    """
    return 3 < len(folded) <= 20 and bool(
        _MEDIA_RE.fullmatch(folded) or _OFFICE_RE.fullmatch(folded)
    )


_OFFICE_RE = re.compile(
    rf"{_HAN}{{2,18}}(?:政府|日报|[局厅委部处院校所社台网]|大学|学院|公司|集团|中心|办公室)"
)


def is_source(folded: str) -> bool:
    """Return whether a labelled value can be a source: not empty, not `本站` or `网络`."""
    word = folded.strip(" .-_[]()【】<>《》")
    return (
        1 < len(word) <= 40
        and word not in _NO_SOURCE
        and not re.fullmatch(r"[\d:\-/ .]+|(?:网络|互联网|本站|本网|综合|原创).{0,4}", word)
    )


def dateline_source(folded: str) -> tuple[int, int] | None:
    """Return the span of the medium that a paragraph's dateline names.

    >>> text = "新华社北京3月4日电(记者王明)会议召开。"
    >>> text[slice(*dateline_source(text))]
    '新华社'
    """
    for pattern in (_DATELINE_RE, _BRACKET_RE):
        match = pattern.match(folded[:60])
        if match and match["source"] not in _NO_SOURCE and not match["source"].startswith("据"):
            return match.span("source")
    return None


def own_line_source(folded: str) -> tuple[int, int] | None:
    """Return the span of the medium in a byline like `镇江日报评论员` that is a row of its own."""
    match = _OWN_RE.match(folded) if len(folded) <= 24 else None
    if match and not match["source"].startswith("本"):
        return match.span("source")
    return None


def is_own_line(folded: str) -> bool:
    """Return whether a row is a byline and nothing else."""
    return len(folded) <= 30 and (
        own_line_source(folded) is not None
        or bool(re.fullmatch(r"本(?:报|网|刊|台|社)(?:特约|首席)?(?:评论员|编辑部|观察员)", folded))
        or (is_bare_byline(folded) and bool(list(people(folded))))
    )
