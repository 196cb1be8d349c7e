"""Rows that are captions of pictures."""

from __future__ import annotations

import re

from transforms.text.layout import Row

_MAX_CAPTION = 120
"""Code points of the longest caption; the 48 of the map's pages had 8 to 60."""
_START_RE = re.compile(
    r"^[(【\[]?(?:图为|图[一二三四五六七八九十\d①-⑳]{0,2}[::]|▲|△|[上下左右]图(?:为|"
    r"[::])|图片说明|图说[::]|资料图[::片。]?|题图[::]|配图[::]|图片[::])"
)
_NAMES = r"[\u3400-\u9fff·]{2,5}(?:[ 、/,][\u3400-\u9fff·]{2,5}){0,4}"
_ROLE = (
    r"(?:本报|本网|[\u3400-\u9fff]{2,6}(?:社|网|报))?(?:全媒体|见习|实习|特约|首席)?(?:记者|通讯员)"
)
_GATE_RE = re.compile("[摄攝图圖照供▲△:：/|∕╱]")
_CREDIT_GATE_RE = re.compile("[摄攝图圖照供]")
_START_GATE_RE = re.compile("[图圖▲△]")
_LABEL_GATE_RE = re.compile("[:：/|∕╱]")
_MAX_LABELLED = 40
"""Code points of the longest credit that is a label and a name."""
_CREDIT_RE = re.compile(
    rf"(?:(?:^|[。 (【!?;:,”])(?:{_ROLE})?|{_ROLE}) ?{_NAMES}(?: ?(?<!拍)摄|[ "
    rf"/∕╱]摄影)(?:报道)?[)】。]?$"
)
_SOURCE_RE = re.compile(
    r"[(【\[](?:(?:图片?|照片)[^()]{1,20}|(?:资料|网络|档案)(?:图片?|照片?|"
    r"图)[^()]{0,12}|视频截图|图源[^()]{1,20})[)】\]]$"
    r"|(?:图片来源|图源|图[/∕╱]|图撷自|翻摄自?|图取自)[: ]?[^。,]{1,24}$"
    r"|(?:资料图片?|资料照片?|视频截图|网络图|档案照)[)】]?$"
    r"|(?:图片?|照片|资料|记者|[。!?)”]|(?:^|[。 ])[\u3400-\u9fff]{2,8} ?)[^。 "
    r"]{0,16}(?:供图|提供)[)】]?$"
)

_WORDS = "摄影|拍摄|影像|画面|制图|绘图|漫画|航拍"
_LABELLED_RE = re.compile(
    rf"^[(【\[▲△◎●■◆]*(?:{_WORDS}|图片?|照片|配图|题图|插画|组图(?![:：]))"
    r"(?:来源|作者|提供|师|者|记者|版权|由|源自|来自)? ?[:/|∕╱] ?[^。,:]{2,20}[)】\]]?$"
    rf"|^[(【\[▲△◎●■◆]*[^。,:]{{2,16}} ?[/|∕╱] ?(?:{_WORDS}|摄|图片?|供图|翻拍)[)】\]]?$"
)
"""A word for pictures and a name, on two sides of a mark."""


def is_caption(row: Row) -> bool:
    """Return whether a row that stands alone is the caption of a picture.

    >>> is_caption(Row(0, 0, "大会会场。 王某 李某 摄"))
    True
    >>> is_caption(Row(0, 0, "图为一张老照片。他说，那时大家都很年轻。这些年变化很大。"))
    False
    """
    if len(row.raw) > _MAX_CAPTION:
        return False
    raw = row.raw
    if not _GATE_RE.search(raw):
        return False
    credited = _CREDIT_GATE_RE.search(raw, max(0, len(raw) - 30))
    labelled = len(raw) <= _MAX_LABELLED and _LABEL_GATE_RE.search(raw)
    if not (credited or labelled or _START_GATE_RE.search(raw, 0, 8)):
        return False
    text = row.folded
    if not 5 <= len(text) <= _MAX_CAPTION or sum(map(text.count, "。!?")) > 2:
        return False
    if _START_RE.match(text) or (labelled and _LABELLED_RE.search(text)):
        return True
    if text.find("图为") > 0:
        return False
    signed = "摄" in text[-6:] and _CREDIT_RE.search(text)
    return bool(signed or (text[-1] != "。" and _SOURCE_RE.search(text)))
