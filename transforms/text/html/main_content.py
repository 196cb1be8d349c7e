"""Which lines of a rendered page are its article, and why the others are not.

The article is the run of lines with the highest sum, where prose counts for as much as it is long
and everything else costs: short lines, links, a step to another part of the tree. (Maximum
subsequence segmentation: Pasternack and Roth, WWW 2009; the costs are our own.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.text.html.line import HEADINGS, LABELS_RE, Line
from transforms.text.html.sections import (
    announces_others,
    digests,
    forget_names_of_the_article,
    heading_of_part,
    leads_to_others,
    mark_sections,
)
from transforms.text.html.weights import LINK_COST, cost, is_item, prose, score


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
    for at, gain in enumerate(scores):
        if total <= 0 or total < peak - _MOST_LOST:
            total, peak, start = 0.0, 0.0, at
        total += gain
        if total > peak:
            peak = total
            if total > best.score:
                best = Run(start, at + 1, total)
    return best


_MOST_LOST = 200.0
"""Cost of twelve links, or fifty short lines, in a row."""


def find_article(lines: Sequence[Line], title: int | None) -> Run:
    """Return the run of the article among the lines that are seen.

    Args:
        lines: of the page.
        title: index of the line that is the page's title; what stands above it is not the article,
            unless nearly all prose does.
    """
    forget_names_of_the_article(lines)
    if title is not None:
        _name_digests(lines, title)
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


def _name_digests(lines: Sequence[Line], title: int) -> None:
    """Name the lists of headlines with their summaries that stand beside an article.

    They are what the page is about where nothing else follows its title, and where they stand in
    one block with the title and the text, without a heading that says otherwise.
    """
    lists = digests(lines)
    if not lists:
        return
    scores = [score(line) for line in lines]
    for a_list in lists:
        scores[a_list.start : a_list.stop] = [-_MOST_LOST] * len(a_list)
    run = best_run(scores[title:])
    run = Run(title + run.start, title + run.stop, run.score)
    if run.score < LEAST or any(title < a_list.start < run.start for a_list in lists):
        return
    around = _block_of(lines, title, run.stop)
    for a_list in lists:
        headed = a_list.start > 0 and heading_of_part(lines[a_list.start - 1])
        if headed or (a_list[0] not in around and a_list[-1] not in around):
            for line in lines[a_list.start : a_list.stop]:
                line.part = line.part or "related_list"


def _block_of(lines: Sequence[Line], start: int, stop: int) -> range:
    """Return the lines of the innermost block that holds all of `lines[start:stop]`."""
    floor = min([lines[start].depth - 1, *(line.low for line in lines[start + 1 : stop])])
    while start > 0 and lines[start].low >= floor:
        start -= 1
    while stop < len(lines) and lines[stop].low >= floor:
        stop += 1
    return range(start, stop)


def _with_siblings(lines: Sequence[Line], run: Run) -> Run:
    """Return the run with the prose around it that stands in it like its own first and last line.

    A paragraph in `class="ad"` among paragraphs is one of them, whatever its name says; and a last
    sentence is the article's, although a link to another stands before it.
    """
    start, stop = run.start, run.stop
    while 0 < start < stop and prose(lines[start - 1]):
        above, line = lines[start - 1], lines[start]
        if (above.tag, above.depth) != (line.tag, line.depth) or line.low < line.depth - 2:
            break
        start -= 1
    while start < stop < (below := _next_sibling(lines, stop)):
        stop = below
    return Run(start, stop, run.score)


def _next_sibling(lines: Sequence[Line], stop: int) -> int:
    """Return the end of the next prose in the block that holds the last line; 0 if none is near."""
    last = lines[stop - 1]
    for at in range(stop, min(len(lines), stop + _MAX_GAP)):
        line = lines[at]
        if line.low < last.depth - 1 or (line.tag in HEADINGS and heading_of_part(line)):
            break
        if (line.tag, line.depth) == (last.tag, last.depth) and prose(line) and not _named(line):
            return at + 1
    return 0


_MAX_GAP = 5
"""Lines up to the next prose in the same block, itself among them: behind more, it is another's."""


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
        labels = is_label_row(line)
        if line.low < depth - _MAX_UP:
            break
        if not labels and (line.part or _heads_links(lines, at)):
            break
        short = len(line.text) <= _MAX_LABELS and cost(line) < LINK_COST
        if labels or (stop == at and short):
            stop = at + 1
    return Run(start, stop, run.score)


def _heads_links(lines: Sequence[Line], at: int) -> bool:
    """Return whether a line stands above two lines of links: it is the heading of a list."""
    below = lines[at + 1 : at + 3]
    return len(below) == 2 and all(cost(line) == LINK_COST or line.part for line in below)


def _tells(lines: Sequence[Line], start: int, title: int | None) -> bool:
    """Return whether the line above `start` belongs to the head of the article."""
    above = lines[start - 1]
    if is_label_row(above) or start == title or prose(above):
        return is_label_row(above)
    near = lines[start].low >= lines[start].depth - _MAX_UP
    return near and not above.part and cost(above) < LINK_COST


_MAX_HEAD, _MAX_TAIL, _MAX_UP = 12, 6, 3
"""Lines above and below the prose that may tell of it; levels of the tree up to them."""


def is_label_row(line: Line) -> bool:
    """Return whether a line tells of the article: its date, source or author, or several."""
    short = len(line.text) <= _MAX_LABELS
    tells = short and not is_item(line) and bool(LABELS_RE.search(line.text))
    return tells and not heading_of_part(line)


_MAX_LABELS = 120
"""Code points of a row of labels."""


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
        labels = is_label_row(line)
        if labels or (inside and prose(line)) or not _named(line):
            reasons[at] = "" if inside or labels or cost(line) < LINK_COST else "link_list"
        if inside and leads_to_others(line):
            reasons[at] = "related_list"
    _take_link_lists(lines, run, reasons)
    return reasons


def _named(line: Line) -> bool:
    return bool(line.part) and line.part != "figure_caption"


def _take_link_lists(lines: Sequence[Line], run: Run, reasons: list[str]) -> None:
    """Take runs of links out of the article, three or more lines, and their heading."""
    first = run.start
    for at in range(run.start, run.stop + 1):
        if at < run.stop and lines[at].n_linked >= _ALL_LINKED * len(lines[at].text):
            continue
        if at - first >= _MIN_LINKS and not _is_told_of(lines, first, at, run):
            reasons[first:at] = ["link_list"] * (at - first)
            if first > run.start:
                reasons[first - 1] = heading_of_part(lines[first - 1]) or reasons[first - 1]
        first = at + 1


def _is_told_of(lines: Sequence[Line], first: int, stop: int, run: Run) -> bool:
    """Return whether links stand between two paragraphs of one block, and not as other articles."""
    if first == run.start or stop >= run.stop:
        return False
    above, below = lines[first - 1], lines[stop]
    told = prose(above) or above.text.endswith(("：", ":"))
    if not told or not prose(below) or announces_others(above):
        return False
    floor = min(above.depth, below.depth) - 1
    named = any(map(_named, lines[first:stop]))
    return not named and min(line.low for line in lines[first : stop + 1]) >= floor


_ALL_LINKED, _MIN_LINKS = 0.8, 3


def show_hidden_article(lines: Sequence[Line]) -> None:
    """Show the element that hides the article, where a page shows its article by script.

    WeChat's pages keep it at `visibility: hidden` until their scripts have run. What is hidden by
    place, size or colour is never shown, unless it is all of what a rule for the site asks for.

    Args:
        lines: of the whole page.
    """
    asked = [line for line in lines if line.ruled == "body" and line.tag not in HEADINGS]
    if asked and all(line.hidden for line in asked):
        _show(lines, asked[0].hider)
    if asked:
        return
    shown = best_run([_UNSEEN if line.hidden else score(line) for line in lines]).score
    if shown >= _MIN_SHOWN:
        return
    alone = shown < LEAST
    best, hider = 4 * shown, 0
    kinds = _FADED | _COLLAPSED if alone else _FADED
    hidden = defaultdict(list)
    for line in lines:
        if line.hidden in kinds:
            hidden[line.hider, line.hidden in _FADED].append(score(line))
    for (number, faded), scores in hidden.items():
        run = best_run(scores)
        if run.score > best and run.score >= (LEAST if alone and faded else _MIN_SHOWN):
            best, hider = run.score, number
    if hider:
        _show(lines, hider)


def _show(lines: Sequence[Line], hider: int) -> None:
    for line in lines:
        if line.hider == hider:
            line.hidden = ""


_UNSEEN = -1e9
_MIN_SHOWN = 200.0
_FADED = frozenset(("visibility", "opacity", "aria-hidden"))
_COLLAPSED = frozenset(("display", "class", "style sheet", "hidden"))
"""Terms of use and forms are collapsed as well: only where a page shows no prose at all."""
