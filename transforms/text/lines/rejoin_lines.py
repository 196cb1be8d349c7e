r"""Mend paragraphs and trim the layout: one paragraph per line, `\n` between them.

An empty line is left only between two articles.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from transforms.text.layout import Row
from transforms.text.lines.joins import is_broken
from transforms.text.lines.page_lines import Line, read_lines
from transforms.text.lines.wrapping import find_wrap
from transforms.text.metadata.bylines import is_own_line
from transforms.text.records import Edit, Flag, Page, Rejected

STEP = "rejoin_lines"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesConfig:
    """Settings of `rejoin_lines`."""

    enabled: bool = True


def rejoin_lines(page: Page, config: LinesConfig) -> Page | Rejected:
    """Mend broken sentences, take doubled paragraphs and layout out."""
    text = page.text
    lines = read_lines(text)
    if _repeat([line.text for line in lines]):
        _drop_doubles(lines)
    flags = _part_articles(lines)
    if _join(lines) and _drop_doubles(lines):
        _join(lines)
    return page.revised(_edits(text, lines), flags=flags)


_MIN_DOUBLE = 30
"""Code points of the shortest paragraph that counts as doubled; refrains are shorter."""


def _drop_doubles(lines: Sequence[Line]) -> bool:
    """Mark a paragraph equal to the one above it, and the second of two equal runs of them.

    Returns:
        Whether there was one.
    """
    paragraphs = _glued(lines)
    texts = ["".join([line.text for line in parts]) for parts in paragraphs]
    if not _repeat(texts):
        return False
    kept: list[str] = []
    first: dict[str, int] = {}
    at = 0
    while at < len(texts):
        run = _double_run(texts, at, kept, first)
        for line in itertools.chain.from_iterable(paragraphs[at : at + run]):
            line.drop = "doubled_paragraph"
        if not run:
            first.setdefault(texts[at], len(kept))
            kept.append(texts[at])
        at += run or 1
    return len(kept) < len(texts)


def _repeat(texts: Sequence[str]) -> bool:
    long = [text for text in texts if len(text) >= _MIN_DOUBLE]
    return len(set(long)) < len(long)


def _glued(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines of each paragraph."""
    paragraphs: list[list[Line]] = []
    for line in lines:
        if line.drop:
            continue
        if paragraphs and line.glue in ("", " "):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return paragraphs


def _double_run(texts: Sequence[str], at: int, kept: Sequence[str], first: dict[str, int]) -> int:
    """Return how many paragraphs from `at` on repeat the one above, or a run that was kept."""
    if len(texts[at]) < _MIN_DOUBLE:
        return 0
    if kept and kept[-1] == texts[at]:
        return 1
    seen = first.get(texts[at])
    if seen is None:
        return 0
    equal = itertools.takewhile(
        lambda pair: pair[0] == pair[1], zip(texts[at:], kept[seen:], strict=False)
    )
    run = sum(1 for _ in equal)
    return run if run > 1 else 0


_MAX_HEADLINE, _MAX_BYLINE = 40, 40


def _is_headline(line: Line) -> bool:
    return (
        4 <= len(line.text) <= _MAX_HEADLINE
        and line.text[-1] not in "：:，,、"
        and not Row(line.start, line.stop, line.text).ends_sentence
    )


def _is_prose(line: Line) -> bool:
    return Row(line.start, line.stop, line.text).is_prose


def _part_articles(lines: list[Line]) -> list[Flag]:
    """Set an empty line before the headline of each further article.

    A further article is a headline, a byline that is a row of its own and a paragraph, below a
    paragraph that has ended. Where all empty lines of a page stand before a headline, they part
    articles already and stay.
    """
    parted = False
    for at in range(1, len(lines) - 2):
        byline = lines[at + 1]
        if len(byline.text) > _MAX_BYLINE or byline.drop:
            continue
        headline, opening = lines[at], lines[at + 2]
        if (
            len(opening.text) > len(byline.text)
            and _is_headline(headline)
            and _is_prose(opening)
            and _is_prose(lines[at - 1])
            and is_own_line(Row(0, 0, byline.text).folded)
            and not is_broken(headline.text, opening.text, opening.empty_above)
        ):
            headline.glue = "\n\n"
            byline.drop = "article_byline"
            parted = True
    if not parted:
        _keep_parts(lines)
    return [Flag.MULTIPLE_ARTICLES] if parted else []


def _keep_parts(lines: Sequence[Line]) -> None:
    empty = [at for at, line in enumerate(lines) if line.empty_above]
    if empty and all(
        at + 1 < len(lines)
        and _is_headline(lines[at])
        and _is_prose(lines[at + 1])
        and _is_prose(lines[at - 1])
        and not is_broken(lines[at].text, lines[at + 1].text, lines[at + 1].empty_above)
        for at in empty
    ):
        for at in empty:
            lines[at].glue = "\n\n"


def _join(lines: Sequence[Line]) -> bool:
    """Set the glue of lines that go on from the line above.

    Returns:
        Whether there was one.
    """
    kept = [line for line in lines if not line.drop]
    for line in kept:
        if line.glue != "\n\n":
            line.glue = "\n"
    return _mend(_unwrapped(kept)) < len(kept)


def _unwrapped(lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
    """Yield the paragraphs of a page, wrapped or not: the first line of each, and its text."""
    wrap = find_wrap(lines)
    if wrap is None:
        yield from ((line, line.text) for line in lines)
        return
    head, text = lines[0], lines[0].text
    for before, line in pairwise(lines):
        if line.glue == "\n" and wrap.goes_on(before, line):
            text = _joined(text, line, line.text)
        else:
            yield head, text
            head, text = line, line.text
    yield head, text


def _mend(paragraphs: Iterable[tuple[Line, str]]) -> int:
    """Join paragraphs to the one above until no two neighbours are halves of one sentence.

    Returns:
        How many paragraphs there are then.
    """
    done: list[tuple[Line, str]] = []
    for line, text in paragraphs:
        while done and line.glue == "\n":
            head, above = done[-1]
            if not is_broken(above, text, torn=line.empty_above, top=len(done) == 1):
                break
            done.pop()
            line, text = head, _joined(above, line, text)
        done.append((line, text))
    return len(done)


def _joined(above: str, line: Line, below: str) -> str:
    """Set the glue of a line to that of two halves, and return both, their middle cut out."""
    line.glue = " " if _LATIN_RE.match(above[-1] + below[0]) else ""
    text = above + line.glue + below
    return text if len(text) <= 2 * _TAIL else text[:_TAIL] + text[-_TAIL:]


_LATIN_RE = re.compile(r"[A-Za-z0-9,.][A-Za-z]|[A-Za-z][0-9]")
"""The sides of a break between two words; between two digits it is inside a number."""
_TAIL = 2000
"""Code points of either end of a mended line that are looked at again; more would make a page
quadratic."""


def _edits(text: str, lines: Sequence[Line]) -> list[Edit]:
    edits: list[Edit] = []
    dropped = ""
    at, first = 0, True
    for line in lines:
        if line.drop:
            dropped = dropped or line.drop
            continue
        edits += _gap(text, at, line.start, "" if first else line.glue, dropped)
        for start, stop, after in line.noise:
            reason = _NOISE_REASON.get(text[start], "lost_space")
            edits.append(Edit(STEP, reason, start, stop, text[start:stop], after))
        at, first, dropped = line.stop, False, ""
    return edits + _gap(text, at, len(text), "", dropped)


_NOISE_REASON = {"<": "markup", "&": "entity", " ": "letter_space"}


def _gap(text: str, start: int, stop: int, glue: str, dropped: str) -> list[Edit]:
    """Return the edits that put `glue` in the place of `[start, stop)`."""
    before = text[start:stop]
    if before == glue:
        return []
    if dropped:
        return [Edit(STEP, dropped, start, stop, before, glue)]
    if glue in ("", " ") and start and stop < len(text):
        return [Edit(STEP, "joined_line", start, stop, before, glue)]
    if glue and before.startswith(glue):
        kept = len(glue)
        reason = "empty_line" if "\n" in before[kept:] else "indent"
        return [Edit(STEP, reason, start + kept, stop, before[kept:])]
    if glue and before.endswith(glue):
        kept = len(before) - len(glue)
        return [
            Edit(
                STEP,
                "trailing_space" if "\n" not in before[:kept] else "empty_line",
                start,
                start + kept,
                before[:kept],
            )
        ]
    if not glue:
        return [
            Edit(
                STEP,
                "empty_line" if "\n" in before else "indent" if start == 0 else "trailing_space",
                start,
                stop,
                before,
            )
        ]
    return [Edit(STEP, "line_break", start, stop, before, glue)]
