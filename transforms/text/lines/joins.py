"""Which neighbouring lines are one sentence that was broken in two."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from transforms.text.layout import Row
from transforms.text.lines.break_model import bracket_at, log_odds

_OPEN_RE = re.compile(r"[\u3400-\u9fffA-Za-z0-9、，,“‘「『（(《％%]")
_CLAUSE_RE = re.compile("[，。,；;]")
_SENTENCE_RE = re.compile("[。！？!?；;]")
_ENDS = "。！？"
_QUOTES = '“‘「『"'
_ITEM_RE = re.compile(
    r"[一二三四五六七八九十]{1,3}[、是要]|"
    r"第[一二三四五六七八九十\d]+[,，、是章条条節节]|"
    r"[0-9]{1,3}(?:[、．)）]|\.(?![0-9]{1,2}[^0-9.、]))|"
    r"[（(【\[〔][0-9一二三四五六七八九十]{1,3}[)）】\]〕]|"
    r"[•·●■◆▲△▼※◎○★☆□▌►▶—-]|[（(【〔][^（()）【】〔〕]{0,12}[记記]者|图为|圖為|责任编辑"
)
"""How an item of a list, a caption or a credit begins."""
_FRESH_RE = re.compile(
    r"[（(【〔]\d{4}[-年/]|\d{1,2}月\d{1,2}日|本报讯|本報訊|新华社|新華社|中新社|人民网|央视网|"
    r"[\u3400-\u9fff·]{2,6}[:：]"
)
"""How a date, a dateline or a turn of speech begins; half of a sentence may begin so too."""
_CREDIT_RE = re.compile(
    r"(?:[资資]料[图圖]|[图圖][为為]|翻[摄攝])[^。]{0,60}$|[资資]料照片?$|供[图圖]$|日[电電]$|"
    r"[报報][导導道]$|\d[:：]\d\d$|"
    r"(?:^|[\s。！？）)／/：:])[^，。！？]{1,14}(?:[摄攝]影?|提供)$"
)
"""How a caption, a dateline or a date ends."""


def is_broken(above: str, below: str, torn: bool = True, top: bool = False) -> bool:
    """Return whether `above` and `below` are two halves of one sentence.

    Args:
        above: a line that is not blank.
        below: the next one.
        torn: whether an empty line stands between them; where none does, they may as well be two
            paragraphs, the first of which has lost its full stop.
        top: whether the upper one is the first line of its page, where headlines stand.

    >>> above = "要把优化环境作为推动产业创新的关键举措，" * 2 + "加快构"
    >>> is_broken(above, "建产业化的创新服务链，加强培育。")
    True
    >>> is_broken("优化生态，培厚创新沃土", "创新引领发展，需要营造良好的环境。")
    False
    """
    return above[-1] not in _ENDS and surplus(above, below, torn, top) >= 0


def surplus(above: str, below: str, torn: bool, top: bool) -> float:
    """Return by how many nats the model says more for one sentence than the shape asks.

    The shape of the upper half may be that of a heading, a caption or a list, which speaks against
    it; no evidence is enough where the upper half ends a sentence or the lower one does not.
    """
    if not _is_open(above):
        return -math.inf
    asked = _asked(above, below, torn, top)
    if asked > _MOST or _SENTENCE_RE.search(below) is None or _ITEM_RE.match(below):
        return -math.inf
    return log_odds(above, below) - asked


def goes_on(page_rows: Sequence[Row], at: int) -> bool:
    """Return whether the row at index `at` is the first half of a sentence that the next ends."""
    return at + 1 < len(page_rows) and is_broken(
        page_rows[at].raw, page_rows[at + 1].raw, top=at == 0
    )


def _is_open(line: str) -> bool:
    """Return whether a line may go on in the next one."""
    last = line[-1]
    return (
        last not in _ENDS
        and len(line) >= _MIN_OPEN
        and _OPEN_RE.match(last) is not None
        and not (last in _QUOTES and line[-2:-1] in "。！？!?")
        and line.count("|") + line.count("\t") < 2
    )


_MIN_OPEN, _MIN_UNMARKED = 4, 12
"""Code points of the shortest line that goes on, and of the shortest without a mark in it: what is
shorter is a name, a label or a button, and would get lost in a paragraph."""
_MIN_MARKED = 20
"""Code points of the shortest line in which a mark speaks for prose: subheadings of two clauses
have less."""
_MIN_LONG = 40
"""Code points of the shortest line that is surely prose: headings, captions and verse have less."""
_MIN_PARAGRAPH = 36
"""Code points of both halves of the shortest paragraph whose upper one is short; verse has less."""
_CREDIT_REACH = 80
"""Code points at the end of a line in which it is looked for a credit."""
_LONG, _MARKED, _UNMARKED = 2.5, 3.5, 5.0
"""Nats asked where the upper half is long and has a mark, where it is one of both, and neither."""
_TORN, _CODE, _CAPTION = -4.0, 2.0, 3.0
"""Nats added where an empty line tears a long line apart, or a word in small letters goes on; where
the upper half ends in another letter or digit; where a half is like a caption or a dateline.

By `benchmarks/quality/line_breaks.py`, on texts that the model was not trained on: of breaks at
any place 92 % are mended below 40 characters and 73 % of all; of 23,812 other pairs of lines of
news five are joined, three of which their sites had broken. Of paragraphs without their full stop
1 % are joined to the next in the news, 8 % in web texts; half a nat less would mend 94 % and join
2 % and 11 %.
"""
_MOST = 6.0
"""Nats beyond which the model is not asked: half of the breaks do not reach them."""


def _asked(above: str, below: str, torn: bool, top: bool) -> float:
    """Return the log-odds, in nats, from which two lines are halves of one sentence."""
    asked = _asked_of_shape(above, below, top)
    if asked > _MOST:
        return asked
    last, first = above[-1], below[0]
    long, code = len(above) >= _MIN_LONG, last.isascii() and last.isalnum()
    credit = _CREDIT_RE.search(above, max(0, len(above) - _CREDIT_REACH)) is not None
    if long and (first.isascii() and first.islower() if code else torn and not credit):
        asked += _TORN
    elif code:
        asked += _CODE
    if credit or _FRESH_RE.match(below):
        asked += _CAPTION
    return asked


def _asked_of_shape(above: str, below: str, top: bool) -> float:
    marked = _CLAUSE_RE.search(above) is not None
    if len(above) >= _MIN_LONG:
        return _LONG if marked else _MARKED
    heads = top or len(above) + len(below) < _MIN_PARAGRAPH
    if heads and bracket_at(above, below) != "open, closed":
        return math.inf
    if marked:
        return _MARKED if len(above) >= _MIN_MARKED else _UNMARKED
    labels = len(above) < _MIN_UNMARKED or " " in above or "\u3000" in above
    return math.inf if labels else _UNMARKED
