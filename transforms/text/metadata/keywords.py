"""Rows of keywords and tags."""

from __future__ import annotations

import re

from transforms.text.layout import Row

_GATE_RE = re.compile("[词詞签籤字题題#＃]|(?i:tag|keyword)")
_ROW_RE = re.compile(
    r"^[\[【(#]?(?:文章|本文|相关|热门|新闻|话题)?(?:关键(?:词|字)|标签|主题词|tags?|keywords?)"
    r"(?:/标签|\(tags?\))?[\]】)]? ?[:|\]】] ?(?P<words>.{0,90})$"
)
_HASHED_RE = re.compile(r"(?:# ?[^#\s]{2,20} ?#? *){1,12}")
_WORD_RE = re.compile(r"[^\s#,、;|/]{1,24}")
_MAX_ROW = 100
"""Code points of the longest row; the map's had one to eight words."""


def keyword_spans(row: Row) -> list[tuple[int, int]] | None:
    """Return where the keywords stand in the folded row, or nothing where it is no such row.

    >>> row = Row(0, 0, "关键词：步道 巡护，志愿者")
    >>> [row.source(*span) for span in keyword_spans(row)]
    ['步道', '巡护', '志愿者']
    >>> keyword_spans(Row(0, 0, "标签贴错了"))
    """
    if len(row.raw) > _MAX_ROW or row.ends_sentence or not _GATE_RE.search(row.raw):
        return None
    labelled = _ROW_RE.match(row.folded)
    if labelled is None and not _HASHED_RE.fullmatch(row.folded):
        return None
    start = labelled.start("words") if labelled else 0
    return [word.span() for word in _WORD_RE.finditer(row.folded, start)]
