"""Which lines of a rendered page are its article, and why the others are not.

The article is the run of lines with the highest sum, where prose counts for as much as it is long
and everything else costs: short lines, links, a step to another part of the tree. (Maximum
subsequence segmentation: Pasternack and Roth, WWW 2009; the costs are our own.)
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.text.html.markup import Element
from transforms.text.html.rendering import HEADINGS, LABELS_RE, Line


@dataclass(frozen=True, slots=True)
class Run:
    """A run of lines `[start, stop)`, and its sum."""

    start: int
    stop: int
    score: float


def best_run(scores: Sequence[float]) -> Run:
    """Return the run with the highest sum; the first of several; empty if none is positive.

    A run ends where its sum has fallen too far below its peak, as alignments of sequences do (the
    X-drop of BLAST): behind a long stretch of links stands something else, however long it is.

    >>> best_run([-1, 30, -5, 20, -9])
    Run(start=1, stop=4, score=45.0)
    """
    best, total, peak, start = Run(0, 0, 0.0), 0.0, 0.0, 0
    for at, score in enumerate(scores):
        if total <= 0 or total < peak - _MOST_LOST:
            total, peak, start = 0.0, 0.0, at
        total += score
        if total > peak:
            peak = total
            if total > best.score:
                best = Run(start, at + 1, total)
    return best


_MOST_LOST = 200.0
"""Cost of twelve links, or fifty short lines, in a row."""

_MARK_RE = re.compile("[。！？；，：…!?;]")
_END_RE = re.compile("[。！？；…!?;”）)」』][”’」』）)】]{0,3}$")


def prose(line: Line) -> float:
    """Return the code points of a line that count as prose: own words, with sentence marks."""
    if line.weight < 0:
        line.weight = _weigh(line)
    return line.weight


def _weigh(line: Line) -> float:
    text = line.text
    n_own = len(text) - line.n_linked
    if n_own < _MIN_PROSE or n_own <= _MOST_LINKED * len(text):
        return 0.0
    if not _MARK_RE.search(text):
        n_wide = (len(text.encode()) - len(text)) // 2
        return _UNMARKED * n_wide if n_wide >= _MIN_UNMARKED and not line.n_linked else 0.0
    ends = n_own >= _LONG or _END_RE.search(text)
    return min(n_own, _MOST) * (1.0 if ends else _OPEN_END)


_MIN_PROSE, _MIN_UNMARKED, _LONG, _MOST = 10, 15, 60, 400
"""Code points: of prose at all, of prose without a mark, of prose that needs no end, that count."""
_MOST_LINKED, _UNMARKED, _OPEN_END = 0.3, 0.3, 0.5
"""Shares: of a line that are its own words, of the weight of lines without a mark or an end."""


def cost(line: Line) -> float:
    """Return what a line that is no prose takes from a run."""
    if line.part and line.part != "figure_caption":
        return _PART
    if len(line.text) - line.n_linked <= _MOST_LINKED * len(line.text):
        return _LINK
    if line.tag in _ROWS:
        return _ROW
    return _HEADING if line.tag in HEADINGS else _SHORT


_PART, _LINK, _SHORT, _HEADING, _ROW = 30.0, 16.0, 4.0, 2.0, 1.0
_ROWS = frozenset(("tr", "td", "th", "pre"))


def score(line: Line) -> float:
    """Return what a line adds to a run."""
    named = line.part and line.part != "figure_caption"
    gain = (0.0 if named else prose(line)) or -cost(line)
    n_steps = line.depth - line.low - _FREE_STEPS
    return gain - _STEP * n_steps if n_steps > 0 else gain


_STEP, _FREE_STEPS = 3.0, 2
"""Cost of each level of the tree between a line and what it has in common with the one before."""


def forget_names_of_the_article(lines: Sequence[Line]) -> None:
    """Take the name of a part from the lines of an element that holds most of the page's prose.

    A `<form>` around the whole page, or `class="nav-page"` on it, says nothing about its lines.
    """
    amounts: defaultdict[int, float] = defaultdict(float)
    for line in lines:
        amounts[line.namer if line.part else 0] += prose(line)
    most = _MAJORITY * sum(amounts.values())
    wrong = {namer for namer, amount in amounts.items() if namer and amount > most}
    for line in lines:
        if line.namer in wrong and line.part != "figure_caption":
            line.part = ""


_MAJORITY = 0.4


_HEADINGS = (
    (
        "comment_box",
        re.compile(
            r"(?:全部|最新|最热|热门|热评|精彩|网友|用户|文章|发表|我要|查看|评论|\||"
            r"[\d,]{1,9} ?(?:条|人参与))*"
            r"(?:评论|留言|跟帖|跟贴|評論|留言列表)(?:区|列表)? ?[(（]?\d*[)）]?条?[:：]?"
        ),
    ),
    (
        "related_list",
        re.compile(
            r"(?:相关|相關|推荐|推薦|热门|熱門|热点|精彩|延伸|更多|最新|编辑|为你|为您|猜你|大家|往期|今日|图片)"
            r"(?:都在|还在|正在)?(?:新闻|新聞|阅读|閱讀|文章|推荐|推薦|报道|報導|图集|视频|资讯|内容|链接|"
            r"专题|喜欢|回顾|看|精选|头条|热文|排行)[:：]?"
        ),
    ),
)
"""What stands above comments and above other articles."""


def mark_sections(lines: Sequence[Line]) -> bool:
    """Name comments and lists: what follows a heading that says so, in its own branch of the tree.

    Returns whether there are any.
    An article that quotes comments under such a heading has both in one element with its prose.
    """
    part, branch = "", _NO_BRANCH
    article, n_marked = 0, 0
    for at, line in enumerate(lines):
        if line.low < branch:
            part, branch = "", _NO_BRANCH
        heading = _heading(line) if article and line.low < article - 1 else ""
        if heading:
            below = lines[at + 1 : at + 2]
            part, branch = heading, line.low + any(b.low > line.low for b in below)
            n_marked += 1
        elif not part and prose(line):
            article = line.depth
        line.part = line.part or part
    return n_marked > 0


def _heading(line: Line) -> str:
    text = line.text.replace("\xa0", " ")
    if len(text) > _MAX_HEADING:
        return ""
    return next((part for part, pattern in _HEADINGS if pattern.fullmatch(text)), "")


_NO_BRANCH = -1
_MAX_HEADING = 16


def find_article(lines: Sequence[Line], title: int | None) -> Run:
    """Return the run of the article among the lines that are seen.

    Args:
        lines: of the page.
        title: index of the line that is the page's title; what stands above it is not the article,
            unless nearly all prose does.
    """
    forget_names_of_the_article(lines)
    scores = [score(line) for line in lines]
    whole = best_run(scores)
    start = whole.start
    if title is not None and best_run(scores[title:]).score > LEAST + _LEAST_SHARE * whole.score:
        start = title
    if mark_sections(lines[start:]):
        scores = [score(line) for line in lines]
    elif start == whole.start:
        return _with_siblings(lines, whole)
    below = best_run(scores[start:])
    run = Run(start + below.start, start + below.stop, below.score)
    return _with_siblings(lines, run)


def _with_siblings(lines: Sequence[Line], run: Run) -> Run:
    """Return the run with the named prose right above it that stands in it like its own first line.

    A paragraph in `class="ad"` among paragraphs is one of them, whatever its name says.
    """
    start = run.start
    while 0 < start < run.stop and prose(lines[start - 1]):
        above, line = lines[start - 1], lines[start]
        if (above.tag, above.depth) != (line.tag, line.depth) or line.low < line.depth - 2:
            break
        start -= 1
    return Run(start, run.stop, run.score)


LEAST = 20.0
"""Code points of prose below which there is no article."""
_LEAST_SHARE = 0.1
"""Share of the best run that prose below the title must have to be the article."""


def widen(lines: Sequence[Line], run: Run, title: int | None) -> Run:
    """Return the run with the lines around it that tell of the article: title, date, credits."""
    start = run.start
    if title is not None and run.start - _MAX_HEAD <= title < run.start:
        start = title
    while start > 0 and run.start - start < _MAX_HEAD and _tells(lines, start, title):
        start -= 1
    stop, depth = run.stop, lines[run.stop - 1].depth
    for at in range(run.stop, min(len(lines), run.stop + _MAX_TAIL)):
        line = lines[at]
        labels = _is_label_row(line)
        if line.low < depth - _MAX_UP:
            break
        if not labels and (line.part or _heads_links(lines, at)):
            break
        short = len(line.text) <= _MAX_LABELS and cost(line) < _LINK
        if labels or (stop == at and short):
            stop = at + 1
    return Run(start, stop, run.score)


def _heads_links(lines: Sequence[Line], at: int) -> bool:
    """Return whether a line stands above two lines of links: it is the heading of a list."""
    below = lines[at + 1 : at + 3]
    return len(below) == 2 and all(cost(line) == _LINK or line.part for line in below)


def _tells(lines: Sequence[Line], start: int, title: int | None) -> bool:
    """Return whether the line above `start` belongs to the head of the article."""
    above = lines[start - 1]
    if _is_label_row(above) or start == title or prose(above):
        return _is_label_row(above)
    near = lines[start].low >= lines[start].depth - _MAX_UP
    return near and not above.part and cost(above) < _LINK


_MAX_HEAD, _MAX_TAIL, _MAX_UP = 12, 6, 3
"""Lines above and below the prose that may tell of it; levels of the tree up to them."""


def _is_label_row(line: Line) -> bool:
    return len(line.text) <= _MAX_LABELS and bool(LABELS_RE.search(line.text))


_MAX_LABELS = 120


def verdicts(lines: Sequence[Line], run: Run, wide: Run) -> list[str]:
    """Return for each line why it is taken out; empty for a line of the article.

    Args:
        lines: those that are seen.
        run: the article.
        wide: the article with what tells of it.
    """
    reasons = [line.part if _named(line) else "outside_main" for line in lines]
    for at in range(wide.start, wide.stop):
        line = lines[at]
        inside = run.start <= at < run.stop
        if _is_label_row(line) or (inside and prose(line)) or not _named(line):
            reasons[at] = "" if inside or cost(line) < _LINK or _is_label_row(line) else "link_list"
    _take_link_lists(lines, run, reasons)
    return reasons


def _named(line: Line) -> bool:
    return bool(line.part) and line.part != "figure_caption"


def _take_link_lists(lines: Sequence[Line], run: Run, reasons: list[str]) -> None:
    """Take runs of links out of the article: three or more lines that are nothing else."""
    first = run.start
    for at in range(run.start, run.stop + 1):
        if at < run.stop and lines[at].n_linked >= _ALL_LINKED * len(lines[at].text):
            continue
        if at - first >= _MIN_LINKS:
            reasons[first:at] = ["link_list"] * (at - first)
        first = at + 1


_ALL_LINKED, _MIN_LINKS = 0.8, 3


def show_hidden_article(lines: Sequence[Line], body: frozenset[Element]) -> None:
    """Show the element that hides the article, where a page shows its article by script.

    WeChat's pages keep it at `visibility: hidden` until their scripts have run. What is hidden by
    place, size or colour is never shown, unless it is all of what a rule for the site asks for.

    Args:
        lines: of the whole page.
        body: elements of the article, where a rule for the site says so.
    """
    asked = [line for line in lines if line.block in body and line.tag not in HEADINGS]
    if asked and all(line.hidden for line in asked):
        _show(lines, asked[0].hider)
    if asked:
        return
    shown = best_run([_UNSEEN if line.hidden else score(line) for line in lines]).score
    if shown >= _MIN_SHOWN:
        return
    best, hider = 4 * shown + _MIN_SHOWN, 0
    kinds = _FADED if shown >= LEAST else _FADED | _COLLAPSED
    hidden = defaultdict(list)
    for line in lines:
        if line.hidden in kinds:
            hidden[line.hider].append(score(line))
    for number, scores in hidden.items():
        run = best_run(scores)
        if run.score > best:
            best, hider = run.score, number
    if hider:
        _show(lines, hider)


def _show(lines: Sequence[Line], hider: int) -> None:
    for line in lines:
        if line.hider == hider:
            line.hidden = ""


_UNSEEN = -1e9
_MIN_SHOWN = 200.0
_FADED = frozenset(("visibility", "opacity"))
_COLLAPSED = frozenset(("display", "class", "style sheet", "hidden"))
"""Terms of use and forms are collapsed as well: only where a page shows no prose at all."""
