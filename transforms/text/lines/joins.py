"""Which neighbouring lines are one sentence that was broken in two."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.text.charmodel import gain_of_pair
from transforms.text.layout import Row

_MIN_ABOVE = 40
"""Code points of the shortest upper half: headings, captions and verse are shorter."""
_MIN_BELOW = 8
_OPEN_RE = re.compile(r"[\u3400-\u9fffA-Za-z0-9、，,“‘「『（(《％%]")
_CLAUSE_RE = re.compile("[，。,；;]")
_SENTENCE_RE = re.compile("[。！？!?；;]")
_FRESH_RE = re.compile(
    r"[一二三四五六七八九十]{1,3}[、是要]|"
    r"第[一二三四五六七八九十\d]+[,，、是章条条節节]|[0-9]{1,3}[、.．)）]|"
    r"[（(【\[〔][0-9一二三四五六七八九十]{1,3}[)）】\]〕]|"
    r"[•·●■◆▲△▼※◎○★☆□▌►▶—-]|[（(【〔](?:本报|本网)?[记記]者|图为|圖為|\d{4}[-年/]|"
    r"\d{1,2}月\d{1,2}日|本报讯|本報訊|"
    r"新华社|新華社|中新社|人民网|央视网|来源[:：]|作者[:：]|[记記]者[:：]|编辑[:：]|"
    r"责任编辑|问[:：]|答[:：]|[\u3400-\u9fff·]{2,6}[:：]"
)
"""How a heading, list item, date, dateline or a turn of speech begins."""


def is_broken(above: str, below: str, torn: bool = True) -> bool:
    """Return whether `above` and `below` are two halves of one sentence.

    The rule of the contamination map, 3.3, and for its limits two kinds of strong evidence: the
    cut goes through a word, or a quotation opens above and closes below.

    Args:
        above: a line that is not blank.
        below: the next one.
        torn: whether an empty line stands between them; else only strong evidence counts, for a
            line that has merely lost its full stop looks the same.

    >>> above = "要把优化环境作为推动产业创新的关键举措，" * 2 + "加快构"
    >>> is_broken(above, "建产业化的创新服务链，加强培育。")
    True
    >>> is_broken("优化生态，培厚创新沃土", "创新引领发展，需要营造良好的环境。")
    False
    """
    last = above[-1]
    if len(above) < _MIN_SHORT or len(below) < _MIN_BELOW or last in "。！？":
        return False
    if (
        _OPEN_RE.match(last) is None
        or (last in _QUOTES and above[-2:-1] in "。！？!?")
        or _SENTENCE_RE.search(below) is None
        or _FRESH_RE.match(below) is not None
        or _CREDIT_RE.search(above) is not None
        or _is_table(above)
    ):
        return False
    clause = _CLAUSE_RE.search(above) is not None
    if len(above) >= _MIN_ABOVE:
        weak = clause and (torn or last in "，、,") and not (last.isascii() and last.isalnum())
        return weak or _cuts_word(above, below) or _cuts_quotation(above, below)
    return (clause and _cuts_word(above, below)) or _cuts_quotation(above, below)


def goes_on(page_rows: Sequence[Row], at: int) -> bool:
    """Return whether the row at index `at` is the first half of a sentence that the next ends."""
    return at + 1 < len(page_rows) and is_broken(page_rows[at].raw, page_rows[at + 1].raw)


_QUOTES = '“‘「『"'
_CREDIT_RE = re.compile(
    "(?:[资資]料[图圖]|[图圖][为為]|翻[摄攝])[^。]{0,60}$|[摄攝]影?$|[资資]料照片?$|"
    "(?:[报報][导導道]|提供|供[图圖]|[电電])$"
)
"""How a caption or a dateline ends."""
_MIN_SHORT = 20
"""Code points of the upper half below which no evidence counts."""
_WORD_GAIN = 2.0
"""Nats by which the first character below is likelier behind the last one above than anywhere:
45 % of the cuts at a random place have it, 0.8 % of the pairs of heading and paragraph
(news_hans_cctv_2022_2024, documents 2,000 to 5,000)."""


def _cuts_word(above: str, below: str) -> bool:
    last, first = above[-1], below[0]
    if last.isascii():
        return last.isalpha() and first.isascii() and first.islower()
    return gain_of_pair(last, first) >= _WORD_GAIN


def _cuts_quotation(above: str, below: str) -> bool:
    """Return whether the last quotation of `above` is open and closes in the next 60 characters."""
    for opening, closing in ("“”", "《》", "（）", "「」", "()"):
        at = above.rfind(opening)
        if at > above.rfind(closing):
            closed = below.find(closing, 0, 60)
            return closed >= 0 and opening not in below[:closed]
    return False


def _is_table(line: str) -> bool:
    return line.count("|") + line.count("\t") > 1
