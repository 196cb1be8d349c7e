"""Newspapers, stations, sites and offices that are named as sources. Works on folded text."""

from __future__ import annotations

import re

from transforms.text.metadata.names import HAN as _HAN
from transforms.text.metadata.names import is_person

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
    rf"记者)(?P<names>(?: ?{_HAN}{{2,4}}){{0,3}})$"
)
_NO_SOURCE = frozenset(
    (
        "原创 百度 网络 本站 本报 本网 本社 本台 本刊 互联网 未知 其他 其它 转载 佚名 "
        "网上 本网站 不详 无 综合 整理 本单位 admin 官网 据 本地 网友 自媒体 编辑"
    ).split()
)


def is_medium(folded: str) -> bool:
    """Return whether a text is the name of a newspaper, station, site or agency by its ending.

    >>> is_medium("金山网"), is_medium("下午三时"), is_medium("语音播报")
    (True, False, False)
    """
    if len(folded) > _LONGEST_NAME or folded[-2:] in _NO_PAPERS:
        return False
    return folded[:1] not in _VERBS and bool(_MEDIA_RE.fullmatch(folded))


_LONGEST_NAME = 20


def is_outlet(folded: str) -> bool:
    """Return whether a word beside a date is the name of a medium, of a channel or of an account.

    >>> is_outlet("江城发布"), is_outlet("金山网"), is_outlet("发布")
    (True, True, False)
    """
    return is_medium(folded) or bool(_OUTLET_RE.fullmatch(folded))


_OUTLET_RE = re.compile(rf"{_HAN}{{2,8}}(?:速递|头条|财经|卫视|传媒|融媒|之声|发布|智库)")
_VERBS = frozenset("听看读搜点扫返")
"""What one does with news, on a button."""
_NO_PAPERS = frozenset(
    ("播报", "举报", "上报", "海报", "情报", "简报", "喜报", "预报", "通报", "上网")
)


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
    if (
        match
        and not match["source"].startswith("本")
        and all(map(is_person, match["names"].split()))
    ):
        return match.span("source")
    return None
