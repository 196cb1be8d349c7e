"""What a page is that is no article: a list, a player, a gallery, a login page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from transforms.text.html.line import HEADINGS, LABELS_RE, Line
from transforms.text.html.main_content import LEAST, Run, best_run, is_label_row
from transforms.text.html.notices import Signs, is_dated
from transforms.text.html.weights import cost, prose


def is_list(lines: Sequence[Line], run: Run) -> bool:
    """Return whether the run is a list of articles: linked headlines between abstracts."""
    inside = lines[run.start : run.stop]
    headlines = sum(map(_is_headline, inside))
    if headlines >= _MIN_HEADLINES and headlines >= 0.5 * sum(prose(line) > 0 for line in inside):
        return True
    first = max(0, run.start - _MAX_ABOVE)
    heads = [at for at in range(first, run.stop) if _is_linked_heading(lines[at])]
    if len(heads) >= _MIN_HEADS and not any(map(prose, lines[first : heads[0]])):
        return True
    return _is_piece_of_list(lines, run)


def _is_piece_of_list(lines: Sequence[Line], run: Run) -> bool:
    """Return whether the run is some of many abstracts that stand on the page in the same shape.

    Dates, sources and links to more part the abstracts of a list, so that the run ends early.
    """
    told = [at for at in range(run.start, run.stop) if _is_told(lines[at])]
    if sum(_leads_on(lines, at) for at in told) < _MOST_LEAD * len(told):
        return False
    shapes = {(lines[at].tag, lines[at].depth) for at in told}
    alike = [
        at
        for at, line in enumerate(lines)
        if (line.tag, line.depth) in shapes and _is_told(line) and not line.part
    ]
    n_leads = sum(_leads_on(lines, at) for at in alike)
    return n_leads >= max(_MIN_HEADS, _MOST_LEAD * len(alike))


def _is_told(line: Line) -> bool:
    """Return whether a line is prose, and no row of labels."""
    return prose(line) > 0 and ("。" in line.text or not is_label_row(line))


def _leads_on(lines: Sequence[Line], at: int) -> bool:
    """Return whether prose stands below a linked headline of its own, or above a link to more."""
    for above in reversed(lines[max(0, at - _NEAR) : at]):
        if _is_headline(above):
            return True
        if _is_told(above):
            break
    return any(
        line.n_linked == len(line.text) and _MORE_RE.fullmatch(line.text)
        for line in lines[at + 1 : at + _NEAR]
    )


_MOST_LEAD, _NEAR = 0.6, 3
"""Share of the abstracts among lines of their shape; lines up to their link."""
_MORE_RE = re.compile(
    r"[\[【（(]?(?:点击|點擊|阅读|閱讀|查看|继续|繼續|了解|更多){0,2}"
    r"(?:全文|原文|正文|详情|詳情|详细|詳細|更多|阅读|閱讀)[\]】）)>›».…]{0,6}"
)


def _is_headline(line: Line) -> bool:
    return line.n_linked >= max(_MIN_HEADLINE, 0.3 * len(line.text))


def _is_linked_heading(line: Line) -> bool:
    return line.tag in HEADINGS and _MIN_HEADLINE <= line.n_linked >= 0.8 * len(line.text)


_MIN_HEADLINE, _MIN_HEADLINES = 8, 5
_MIN_HEADS, _MAX_ABOVE = 3, 3
"""Headings that are links, the first above all prose; lines above the run that may be the first."""


def is_portal(lines: Sequence[Line], run: Run, title: int | None) -> bool:
    """Return whether the run is an abstract among lists of headlines.

    Such a page has more prose elsewhere, or next to none beside its headlines.

    Args:
        lines: those that are seen.
        run: the article.
        title: index of the line that is the page's title, where it has one.
    """
    n_headlines = sum(map(_is_headline, lines))
    if n_headlines < _MANY_HEADLINES or is_dated(lines, run):
        return False
    total = sum(map(prose, lines))
    own = sum(map(prose, lines[run.start : run.stop]))
    if title is None and own < 0.5 * total:
        return True
    start = run.start if title is None else min(title, run.start)
    floor = min((line.low for line in lines[start + 1 : run.stop]), default=lines[start].depth - 1)
    near = lines[run.stop : run.stop + _MANY_HEADLINES]
    n_near = sum(map(_is_headline, takewhile(lambda line: line.low >= floor, near)))
    return own < _ABSTRACT and n_near >= 2 * _MIN_HEADLINES


_MANY_HEADLINES, _ABSTRACT = 25, 120.0
"""Linked headlines of a page of lists; code points of prose above them."""


def unlinked_run(lines: Sequence[Line], title: int | None) -> Run | None:
    """Return the lines below the title that are text without prose: verse, names, short lines.

    None where there are too few of them and none is long. What stands in another branch of the tree
    than the title is a side bar, however many links it has.
    """
    if title is None:
        return None
    below = lines[title + 1 :]
    floor = min((line.low for line in below[:_NEAR]), default=0)
    ends = (at for at, line in enumerate(below) if line.low < floor)
    below = below[: next(ends, len(below))]
    run = best_run([_worth(line) for line in below])
    inside = below[run.start : run.stop]
    worths = list(map(_worth, inside))
    few = sum(worth > 0 for worth in worths) < _MIN_LINES and max(worths, default=0) < LEAST
    if few or run.score < LEAST:
        return None
    return Run(title + 1 + run.start, title + 1 + run.stop, run.score)


def _worth(line: Line) -> float:
    """Return the hanzi of a line that are text, of which a line has thirty at most."""
    linked = line.n_linked > 0.3 * len(line.text)
    if linked or (line.part and line.part != "figure_caption"):
        return -cost(line) if linked else -_OTHER_PART
    if _LABELLED_RE.match(line.text) or LABELS_RE.search(line.text):
        return -1.0
    return min(float(len(_HANZI_RE.findall(line.text))), _MOST_WORTH)


_MIN_LINES, _MOST_WORTH, _OTHER_PART = 4, 30.0, 30.0
_LABELLED_RE = re.compile(r"[^:：]{1,12}[:：]")
_HANZI_RE = re.compile(r"[\u3400-\u9fff]")


def no_article(lines: Sequence[Line], run: Run, signs: Signs) -> tuple[str, str] | None:
    """Return what a page without an article is instead: kind and detail of its refusal."""
    if run.score >= LEAST:
        return None
    headlines = sum(map(_is_headline, lines))
    if headlines >= 2 * _MIN_HEADLINES:
        return "list_page", f"{headlines} linked headlines and no prose"
    if signs.player:
        return "media_page", "a player and no prose"
    if signs.password:
        return "login_page", "a password is asked for, and there is no prose"
    if signs.n_images >= _GALLERY:
        return "gallery", f"{signs.n_images} pictures and no prose"
    return "no_prose", f"{len(lines)} lines and no prose"


_GALLERY = 5
