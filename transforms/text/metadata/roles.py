"""The roles in bylines and credits, and who of them wrote or edited the article."""

from __future__ import annotations

import re
from typing import NamedTuple

AUTHOR_ROLES = (
    "全媒体记者 融媒体记者 融媒记者 实习记者 见习记者 特派记者 特约记者 首席记者 "
    "本报记者 本网记者 本台记者 驻站记者 "
    "通讯员 特约通讯员 记者 撰稿人 撰稿 撰文 供稿人 供稿 投稿 作者 文字 文/图 图/文 "
    "图文 文图 采写 写稿 口述 采访 整理 特约撰稿 "
    "报道员 文/摄 文并图 文 特约评论员 评论员 作者/来源 实习生"
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
_AUTHORS, _EDITORS = frozenset((*AUTHOR_ROLES, "by")), frozenset(EDITOR_ROLES)
_SHORT = frozenset(("文", "图", "摄", "单位"))
"""Roles that are words or parts of names as well."""
_LONG_ROLES = sorted({*AUTHOR_ROLES, *EDITOR_ROLES, *OTHER_ROLES} - _SHORT, key=len, reverse=True)
ROLES_RE = re.compile(
    "(?:本报|本网|本台|本刊|本社)?(?:"
    + "|".join(map(re.escape, _LONG_ROLES))
    + r")|(?<![\u3400-\u9fff])[文图摄](?=[ :/])"
)


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

    >>> [kind_of(role) for role in ("责任编辑", "核稿编辑", "通讯员", "校对", "天气")]
    ['editor', 'editor', 'author', 'other', None]
    """
    role = re.sub("^(?:本报|本网|本台|本刊|本社)", "", role) or role
    if role in _AUTHORS:
        return "author"
    if role in _EDITORS:
        return "editor"
    if role in OTHER_ROLES:
        return "other"
    return next((kind for ending, kind in _ENDINGS if role.endswith(ending)), None)


_ENDINGS = (("编辑", "editor"), ("记者", "author"), ("通讯员", "author"))


_HOUSE = "(?:本报|本网|本台|本刊|本社|本版|本期|本栏)"
_RANK = (
    "(?:全媒体|融媒体|融媒|新媒体|见习|实习|特派|特约|首席|高级|资深|体育|财经|"
    "驻[\u3400-\u9fff]{2,4}?)"
)
ROLE = (
    rf"(?:{_HOUSE}?{_RANK}{{0,2}}(?:"
    + "|".join(map(re.escape, _LONG_ROLES))
    + r")|[文图摄](?=[ :/|丨│╱∕、.·]|$)|by(?= ))"
)
"""A role with its rank; roles of one character only before a mark."""
ROLE_OF_A_MEDIUM = rf"{_RANK}{{0,2}}(?:记者|编辑|责编|评论员|通讯员|撰稿)"


def kind_of_roles(roles: str) -> str:
    """Return the kind of several roles in one: `采访.撰文`, `文/图`, `编辑/排版`."""
    bare = re.sub(rf"^{_HOUSE}?{_RANK}{{0,2}}", "", roles)
    kinds = {kind_of(role) for role in (roles, bare, *re.split(r"[ /、.·&+]+", bare))}
    return next((kind for kind in ("author", "editor") if kind in kinds), "other")
