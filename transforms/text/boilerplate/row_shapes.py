"""What a short row looks like: a word, a menu, a fact, a headline, one of a list.

A shape is half of the evidence against a row; `frame.py` asks for place and company as well.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Sequence

from transforms.text.layout import Row

TINY = 8
"""Code points of the longest row that may be one word of a menu: headlines are longer."""
LONGEST_WORDS = 20
"""Code points of the longest row of a frame that no shape tells."""
LONGEST_CHROME = 60
"""Code points of the longest row of a list of other articles; those of the map had 12 to 35."""
MIN_MENU = 4
"""Words of the smallest menu."""


def is_loose(row: Row, counts: bool = False) -> bool:
    """Return whether a row ends no sentence and states no fact; `counts`: a mere count is none."""
    if row.ends_sentence or row.raw[-1] in ":：":
        return False
    return not FACT_RE.search(row.raw) or (counts and bool(_COUNT_RE.search(row.raw)))


FACT_RE = re.compile(r"^[^:：]{1,8}[:：].*(?:\d{2}|@|www)")
"""A label with its value, as in a box of facts below the article, which stays."""
_COUNT_RE = re.compile(r"^[^:：]{1,8}[:：][^\u3400-\u9fff@]{0,16}(?:[\u3400-\u9fff]\d{0,4}){0,2}$")
"""A label with a count, a clock or a choice of sizes."""


def is_item(raw: str) -> bool:
    """Return whether a row has a day, a number of its own or an enumeration."""
    return _ITEM_RE.search(raw) is not None


def is_numbered(raw: str) -> bool:
    """Return whether a row is a numbered heading or a day of a programme."""
    return _NUMBERED_RE.search(raw) is not None


_NUMBER = r"\d月\d{1,2}日|^[(（]?[\d一二三四五六七八九十]{1,2}[、.．)）]"
_NUMBERED_RE = re.compile(_NUMBER)
_ITEM_RE = re.compile(_NUMBER + "|年\\d{1,2}月|、")


@functools.lru_cache(maxsize=256)
def shape_of(raw: str) -> str:
    """Return the marks of a row, with `x` for what stands between them.

    Where there are none, the spaces count, and `0` stands for a number.

    >>> shape_of("2021 | 4.5 | 3.9"), shape_of("第一名 青石桥代表队 9分"), shape_of("缘起")
    ('x|x|x', 'x x 0', 'x')
    """
    shape = _BETWEEN_MARKS_RE.sub(PLAIN, raw)
    if shape != PLAIN:
        return shape
    return _WORD_RE.sub(lambda word: "0" if word[0][0].isdecimal() else PLAIN, raw)


PLAIN = "x"
"""The shape of a row that is words and nothing else."""
_BETWEEN_MARKS_RE = re.compile(r"[\w.%℃ ]+")
_WORD_RE = re.compile(r"[\w.%℃]+")


def is_words(row: Row) -> bool:
    """Return whether a row is one to three words, without numbers and marks."""
    return len(row.raw) <= LONGEST_WORDS and shape_of(row.raw) in _WORDS


_WORDS = {"x", "x x", "x x x"}


def points_away(raw: str) -> bool:
    """Return whether a row has an arrow at an end."""
    return _POINTER_RE.search(raw) is not None


def labels_headline(raw: str) -> bool:
    """Return whether a row is a short label with a headline behind it.

    >>> labels_headline("隔壁：三地修通最后一段步道"), labels_headline("导演：某某")
    (True, False)
    """
    return _LABELLED_RE.search(raw) is not None and not _BODY_RE.search(raw)


def is_set_off(raw: str) -> bool:
    """Return whether a row has marks that no line of prose has: arrows, a label in brackets, bars.

    >>> is_set_off("—— 往下还有 ——"), is_set_off("【现场】老码头"), is_set_off("老码头")
    (True, True, False)
    """
    return _SET_OFF_RE.search(raw) is not None


_ARROW = "(?:[←→«»‹›↑↓▲▼△▽▶◀▸◂▾▴◁▷⇧⇩]|<<|>>)"
_POINTER_RE = re.compile(rf"^{_ARROW}|{_ARROW}$")
_LABELLED_RE = re.compile(r"^[\u3400-\u9fff]{2,6}[:：] ?[^:：、]{10,60}$")
_SET_OFF_RE = re.compile(
    rf"^{_ARROW}|{_ARROW}$|^[【\[][^】\]]{{1,4}}[】\]].|^[^|｜]{{2,12}}[|｜][^|｜]{{2,5}}$"
    r"|^[—–=~*·•-]{1,9} .* [—–=~*·•-]{1,9}$"
)


def speaks_for_site(row: Row) -> bool:
    """Return whether a row has a word in which a site speaks of itself, its rights or its reader.

    What somebody says in quotation marks does not count.

    >>> [speaks_for_site(Row(0, len(raw), raw)) for raw in ("转载请来函。", "他说：“请坐。”")]
    [True, False]
    """
    return _SITE_WORD_RE.search(_QUOTED_RE.sub("", row.folded)) is not None


_QUOTED_RE = re.compile('[“「"][^”」"]*+[”」"]?')


_SITE_WORD_RE = re.compile(
    "[您请]|本[网站报刊台页社]|网[站页友]|我们|平台|版权|著作权|侵权|责任|转载|授权|许可|所有权|联系|邮箱|电话|"
    "热线|投诉|举报|反馈|下载|关注|订阅|点击|扫码|二维码|客户端|公众号|app|备案|编辑部|投稿|赞助|广告|合作|www|@"
)
"""Words of disclaimers, contacts and prompts (contamination map, B4 to B22): one of two votes
against a sentence below the article, the other is its place."""


def table_rows(page_rows: Sequence[Row]) -> Iterator[int]:
    """Yield the rows of tables: neighbours of as many cells between bars, half of them with digits.

    A menu has its bars in one row, and no digits.
    """
    for cells, run in itertools.groupby(
        range(len(page_rows)), key=lambda at: len(_BAR_RE.findall(page_rows[at].raw))
    ):
        places = list(run) if cells >= _MIN_BARS else []
        counted = sum(_DIGIT_RE.search(page_rows[at].raw) is not None for at in places)
        if len(places) > 1 and 2 * counted >= len(places):
            yield from places


_BAR_RE = re.compile(r"[|｜\t]")
_DIGIT_RE = re.compile(r"\d")
_MIN_BARS = 2


def n_hanzi(raw: str) -> int:
    """Return the number of Chinese characters in a row."""
    return sum("\u3400" <= char <= "\u9fff" for char in raw)


def first_headlines(run: Sequence[Row]) -> Sequence[Row]:
    """Return the rows at the start of `run` that may be headlines of other articles.

    Rows of which two begin or end alike, or name offices, schools and teams, are another list.
    """
    found = list(itertools.takewhile(_is_headline, run))
    if 2 * sum(_BODY_RE.search(row.raw) is not None for row in found) >= len(found):
        return []
    for ends in ({row.raw[:2] for row in found}, {row.raw[-2:] for row in found}):
        if len(ends) < len(found):
            return []
    return found


_BODY_RE = re.compile(
    "(?:[局厅廳委部处處院校所社台网網队隊团團会會馆館站司]|集[团團]|中心|大[学學]|小[学學])$"
)
"""How the names of offices, schools, firms and teams end."""


def _is_headline(row: Row) -> bool:
    return (
        len(row.raw) <= LONGEST_CHROME
        and n_hanzi(row.raw) >= _SHORTEST_HEADLINE
        and is_loose(row)
        and not is_numbered(row.raw)
    )


_SHORTEST_HEADLINE = 10
"""Hanzi of the shortest headline in a list that no known heading announces: lines of verse, steps
of a recipe and names of teams have fewer."""


def menus(page_rows: Sequence[Row], zone: range) -> Iterator[range]:
    """Yield the menus in a zone: rows of many words, and runs of rows of one word."""
    for tiny, run in itertools.groupby(zone, key=lambda at: _is_word(page_rows[at])):
        places = list(run)
        if tiny and len(places) >= MIN_MENU:
            yield range(places[0], places[-1] + 1)
        elif not tiny:
            yield from (range(at, at + 1) for at in places if is_menu(page_rows[at].raw))


def _is_word(row: Row) -> bool:
    if len(row.raw) > TINY or not is_loose(row) or is_menu(row.raw):
        return False
    return not is_item(row.raw)


def is_menu(raw: str) -> bool:
    """Return whether a row is a menu by its shape: short words between separators.

    >>> is_menu("要闻 时评 民生 影像"), is_menu("江城网 | 要闻 | 民生"), is_menu("三地通车")
    (True, True, False)
    """
    if len(raw) > _LONGEST_MENU or not _SEPARATOR_RE.search(raw, 0, TINY + 1):
        return False
    parts = [part for part in _SEPARATOR_RE.split(raw) if part]
    if len(parts) < _MIN_CRUMBS or max(map(len, parts)) > TINY:
        return False
    if len(_HARD_RE.findall(raw)) >= len(parts) - 1:
        return True
    return len(parts) >= MIN_MENU and max(map(len, parts)) <= _LONGEST_WORD


_SEPARATOR_RE = re.compile(r"[\s|｜·•丨/>»›▸\\_→—─:：-]+")
_HARD_RE = re.compile(r"[|｜·•丨/>»›▸\\→─]")
_MIN_CRUMBS = 3
_LONGEST_MENU = 200
_LONGEST_WORD = 6
"""Code points of the longest word of a menu (contamination map, B3)."""
