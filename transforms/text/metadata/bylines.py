"""Bylines in paragraphs and on rows of their own. Works on folded text, answers with spans."""

from __future__ import annotations

import re
from collections.abc import Callable

from transforms.text.layout import has_any
from transforms.text.metadata.media import own_line_source
from transforms.text.metadata.names import HAN as _HAN
from transforms.text.metadata.names import is_person, is_place, looks_like_word, names, split_place
from transforms.text.metadata.roles import ROLES_RE, Person, kind_of


def people(folded: str, start: int = 0, stop: int | None = None) -> list[Person]:
    """Return the people of a byline body like `全媒体记者 陈志奎 通讯员 孙焱 应东昊`.

    >>> body = "中央社记者周倩台北6日电"
    >>> [body[a:b] for _, a, b in people(body)]
    ['周倩']
    """
    stop = len(folded) if stop is None else stop
    ending = _ENDING_RE.search(folded, start, stop)
    stop = ending.start() if ending else stop
    roles = list(ROLES_RE.finditer(folded, start, stop))
    found: list[Person] = []
    for at, role in enumerate(roles):
        end = roles[at + 1].start() if at + 1 < len(roles) else stop
        first = role.end()
        while first < end and folded[first] in " :·":
            first += 1
        if ending and end == stop:
            end = _before_place(folded, first, end)
        kind = kind_of(role.group()) or "other"
        found += (Person(kind, a, b) for a, b in names(folded, first, end))
    return found


def _before_place(folded: str, start: int, stop: int) -> int:
    """Return where a list of names ends that may have a place behind its last name."""
    run = _LAST_RUN_RE.search(folded, start, stop)
    if run is None:
        return stop
    length = split_place(run.group())
    if length is None:
        is_more = run.start() > start and is_place(run.group())
        return run.start() if is_more else stop
    return run.start() + length


_LAST_RUN_RE = re.compile(rf"{_HAN}{{2,12}}$")
_ENDING_RE = re.compile(
    r"(?:发自|综合|综述|摄影)?(?:报道|报导)|发自.|专电|"
    r"(?:\d{1,2}月)?\d{1,2}日(?:综合)?[外专]?电|文/图$|图/文$"
)
"""Where the names of a byline end: `记者张三报道`, `记者张三发自上海`."""


_OPENING_RE = re.compile(
    r"^[^()〔〕【】。,]{0,30}?[(〔【](?P<body>[^()〔〕【】。]{0,14}(?:记者|通讯员|"
    r"作者|撰稿|文/图|图/文|文图|图文)[^()〔〕【】。]{1,50})[)〕】]"
)
_CLOSING_RE = re.compile(
    r"[(〔【](?P<body>[^()〔〕【】。]{0,14}(?:记者|通讯员|作者|撰稿|文/图|图/文|供稿|"
    r"文图|图文|责编|责任编辑|编辑)[^()〔〕【】。]{1,60})[)〕】](?:。|1[01]\d{5})?$"
)
_TAIWAN_RE = re.compile(
    rf"^[(〔【\[]?(?:{_HAN}{{0,12}}(?:记者|特派员) ?|(?:{_HAN}{{2,6}} )?)"
    rf"(?P<names>{_HAN}{{2,4}}(?:[、 ]{_HAN}{{2,4}}){{0,4}}) ?[/╱∕] ?"
    rf"{_HAN}{{2,8}}(?:报导|报道|电)[)〕】\]]?"
)
_BARE_RE = re.compile(
    rf"^[□☉■◎●◇ ]*(?:本报|本网|本台|本刊|{_HAN}{{2,8}}(?:报|网|社|台))?(?:全媒体|"
    rf"融媒体?|见习|实习|特派|特约|首席|驻{_HAN}{{2,4}})?(?:记者|通讯员)(?P<gap> ?)"
    rf"(?P<name>{_HAN} {_HAN}(?!{_HAN})|{_HAN}{{2,4}})"
)
_REPORTED_RE = re.compile(
    rf"^(?!据)[^。,:!?()]{{0,24}}?(?:记者|通讯员)(?P<names>{_HAN}[\u3400-\u9fff·、 ]{{1,24}}?)"
    r"(?:综合|独家|摄影)?(?:报道|报导)(?=[:,。 )\]】]|$)"
)
_SIGNED_RE = re.compile(
    r"^[\u3400-\u9fffa-z·]{2,20}?(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日(?:电|讯|消息) ?"
    r"[(〔](?P<names>[\u3400-\u9fff·、, ]{2,30})[)〕]"
)
_SIGNATURE_RE = re.compile(r"[。!?”][(](?P<names>[\u3400-\u9fff·、 ]{2,16})[)]$")


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


def reported_by(folded: str) -> list[tuple[int, int]]:
    """Return the names in a dateline that says who reports, in brackets or before a word for it.

    >>> for text in ("本报讯 记者周倩报道:春耕开始了。", "某网长沙4月6日电 (周倩 李方)春耕"):
    ...     [text[a:b] for a, b in reported_by(text)]
    ['周倩']
    ['周倩', '李方']
    """
    head = folded[:80]
    match = None
    if ("报道" in head or "报导" in head) and ("记者" in head or "通讯员" in head):
        match = _REPORTED_RE.match(head)
    elif "日" in head and "(" in head:
        match = _SIGNED_RE.match(head)
    return _persons(head, *match.span("names"), split_place) if match else []


def signature(folded: str) -> list[tuple[int, int]]:
    """Return the names in brackets behind the last sentence of a paragraph.

    >>> signature("春耕开始了。(周倩)"), signature("春耕开始了。(完)")
    ([(7, 9)], [])
    """
    match = _SIGNATURE_RE.search(folded, max(0, len(folded) - 20))
    return _persons(folded, *match.span("names"), _whole) if match else []


def _whole(name: str) -> int | None:
    return len(name) if is_person(name) else None


def _persons(
    folded: str, start: int, stop: int, length_of: Callable[[str], int | None]
) -> list[tuple[int, int]]:
    """Return the names in a stretch that holds nothing else but places behind them."""
    found = []
    for word in _PIECE_RE.finditer(folded, start, stop):
        name = word.group().replace(" ", "")
        length = length_of(name)
        if length is None:
            return []
        found.append((word.start(), word.end() - (len(name) - length)))
    return found


_PIECE_RE = re.compile(rf"{_HAN} {_HAN}(?!{_HAN})|[\u3400-\u9fff·]+")


def is_bare_byline(folded: str) -> bool:
    """Return whether a row is a byline without brackets: `本报记者 张三 通讯员 李四`.

    >>> [is_bare_byline(row) for row in ("本报记者 张三 通讯员 李四", "记者手记", "记者 观察")]
    [True, False, False]
    """
    match = _BARE_RE.match(folded) if len(folded) <= _LONGEST_BARE else None
    if match is None or _CLAUSE_RE.search(folded):
        return False
    name = match["name"].replace(" ", "")
    if any(is_person(name[:length]) for length in (2, 3, 4)):
        return True
    return bool(match["gap"]) and not looks_like_word(name)


_LONGEST_BARE = 50


_CLAUSE_RE = re.compile("[,。;!?]")


def is_own_line(folded: str) -> bool:
    """Return whether a row is a byline and nothing else."""
    return len(folded) <= 30 and (
        own_line_source(folded) is not None
        or bool(re.fullmatch(r"本(?:报|网|刊|台|社)(?:特约|首席)?(?:评论员|编辑部|观察员)", folded))
        or (is_bare_byline(folded) and bool(people(folded)))
    )
