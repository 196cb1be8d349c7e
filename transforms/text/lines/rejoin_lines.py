r"""Mend paragraphs and trim the layout: one paragraph per line, `\n` between them.

An empty line is left only between two articles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.text.layout import BLANK, Row
from transforms.text.lines.joins import is_broken, is_wrapped, wrap_width
from transforms.text.lines.markup import Noise, breaks, is_plain, noise
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
    lines = _lines(text)
    _drop_doubles(lines)
    flags = _part_articles(lines)
    _join(lines)
    return page.revised(_edits(text, lines), flags=flags)


@dataclass(slots=True)
class _Line:
    r"""A line that is not blank.

    Attributes:
        start: its first code point that is not blank.
        stop: the code point behind the last one.
        text: its content, without tags.
        noise: tags, entities and lost spaces in it.
        empty_above: whether an empty line stands above it.
        indented: whether white space stands before it.
        drop: reason for taking it out.
        glue: `\n` or `\n\n` or, where it goes on from the line above, nothing or a space.
    """

    start: int
    stop: int
    text: str
    noise: list[Noise] = field(default_factory=list)
    empty_above: bool = False
    indented: bool = False
    drop: str = ""
    glue: str = "\n"


_GAP_RE = re.compile(
    r"(?<=[。！？!?”」』）)…])(?:(?: |&nbsp;){3,}|\u3000[\u3000 ]+|\u00a0[\u00a0 "
    r"]{2,})"
)
_LONG_LINE = 120
"""Code points from which a wide gap behind a full stop ends a paragraph."""
_LOST_INDENT_RE = re.compile(r"\?{2,4}(?=[^?\s])")


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    plain = is_plain(text)
    at, empty = 0, False
    for start, stop in [*breaks(text), (len(text), len(text))]:
        before = len(lines)
        for part_start, part_stop in _paragraphs(text, at, start):
            line = _read_line(text, part_start, part_stop, plain)
            if line:
                line.empty_above = empty and bool(lines)
                empty = False
                lines.append(line)
        empty = empty or len(lines) == before
        at = stop
    _mend_spaces(text, lines)
    _drop_lost_indents(lines)
    return lines


def _paragraphs(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """Return the paragraphs of one line: a page on one line has wide gaps between them."""
    if stop - start < _LONG_LINE:
        return [(start, stop)]
    parts = []
    for gap in _GAP_RE.finditer(text, start, stop):
        parts.append((start, gap.start()))
        start = gap.end()
    return [*parts, (start, stop)]


def _read_line(text: str, start: int, stop: int, plain: bool) -> _Line | None:
    """Return the line in `[start, stop)` without blanks, tags and a table's pipe at its ends."""
    found = [] if plain else noise(text, start, stop)
    pipe = text.count("|", start, stop) + text.count("｜", start, stop) == 1
    first, last = start, stop
    while True:
        raw = text[first:last]
        kept = raw.strip(BLANK)
        first += len(raw) - len(raw.lstrip(BLANK)) if kept else last - first
        last = first + len(kept)
        if found and found[0].start == first and not found[0].after.strip():
            first = found.pop(0).stop
        elif found and found[-1].stop == last and not found[-1].after.strip():
            last = found.pop().start
        elif pipe and kept[-1:] in ("|", "｜"):
            last -= 1
        else:
            break
    if first >= last:
        return None
    content = text[first:last]
    for item in reversed(found):
        content = content[: item.start - first] + item.after + content[item.stop - first :]
    return _Line(first, last, content, found, indented=first > start)


_SPACED_RE = re.compile(
    r"(?<=[\u3400-\u9fff，。、；：！？“”（）《》,]) "
    r"(?=[\u3400-\u9fff，。、；：！？“”（）《》,])"
)
_HANZI_RE = re.compile(r"[\u3400-\u9fff]")
_MIN_SPACED = 0.6
"""Share of hanzi with a space behind them on a letter-spaced page (contamination map, 3.1)."""


def _mend_spaces(text: str, lines: Sequence[_Line]) -> None:
    """Close up a page whose letters are spaced out."""
    if text.count(" ") < 20:
        return
    spaces = sum(1 for line in lines for _ in _SPACED_RE.finditer(line.text))
    if spaces <= _MIN_SPACED * len(_HANZI_RE.findall(text)):
        return
    for line in lines:
        if not line.noise:
            line.noise = [
                Noise(line.start + found.start(), line.start + found.end(), "")
                for found in _SPACED_RE.finditer(line.text)
            ]
            line.text = _SPACED_RE.sub("", line.text)


def _drop_lost_indents(lines: Sequence[_Line]) -> None:
    """Take `????` off the starts of lines where three lines in ten have it: a lost indent."""
    hit = [(line, found) for line in lines if (found := _LOST_INDENT_RE.match(line.text))]
    if len(hit) >= 2 and len(hit) >= 0.3 * len(lines):
        for line, found in hit:
            if not line.noise:
                line.start += found.end()
                line.text = line.text[found.end() :]


_MIN_DOUBLE = 30
"""Code points of the shortest paragraph that counts as doubled; refrains are shorter."""


def _drop_doubles(lines: Sequence[_Line]) -> None:
    """Mark a paragraph equal to the one above it, and the second of two equal runs."""
    kept: list[str] = []
    first: dict[str, int] = {}
    for at, line in enumerate(lines):
        seen = first.get(line.text) if len(line.text) >= _MIN_DOUBLE else None
        if not line.drop and seen is not None:
            run = _run(lines, at, kept, seen)
            if run > 1 or seen == len(kept) - 1:
                for double in lines[at : at + run]:
                    double.drop = "doubled_paragraph"
        if not line.drop:
            first.setdefault(line.text, len(kept))
            kept.append(line.text)


def _run(lines: Sequence[_Line], at: int, kept: Sequence[str], seen: int) -> int:
    """Return how many lines from `at` on are equal to those kept from `seen` on."""
    run = 0
    while (
        at + run < len(lines)
        and seen + run < len(kept)
        and lines[at + run].text == kept[seen + run]
    ):
        run += 1
    return run


_MAX_HEADLINE = 40


def _is_headline(line: _Line) -> bool:
    row = Row(line.start, line.stop, line.text)
    return (
        4 <= len(line.text) <= _MAX_HEADLINE
        and not row.ends_sentence
        and line.text[-1] not in "：:，,、"
    )


def _is_prose(line: _Line) -> bool:
    return Row(line.start, line.stop, line.text).is_prose


def _part_articles(lines: list[_Line]) -> list[Flag]:
    """Set an empty line before the headline of each further article.

    A further article is a headline, a byline that is a row of its own and a paragraph, below a
    paragraph that has ended. Where all empty lines of a page stand before a headline, they part
    articles already and stay.
    """
    parted = False
    for at in range(1, len(lines) - 2):
        headline, byline, opening = lines[at : at + 3]
        if len(byline.text) > 40 or not _is_headline(headline) or byline.drop:
            continue
        if (
            is_own_line(Row(0, 0, byline.text).folded)
            and _is_prose(opening)
            and _is_prose(lines[at - 1])
        ):
            headline.glue = "\n\n"
            byline.drop = "article_byline"
            parted = True
    if not parted:
        _keep_parts(lines)
    return [Flag.MULTIPLE_ARTICLES] if parted else []


def _keep_parts(lines: Sequence[_Line]) -> None:
    empty = [at for at, line in enumerate(lines) if line.empty_above]
    if empty and all(
        at + 1 < len(lines)
        and _is_headline(lines[at])
        and _is_prose(lines[at + 1])
        and _is_prose(lines[at - 1])
        for at in empty
    ):
        for at in empty:
            lines[at].glue = "\n\n"


def _join(lines: Sequence[_Line]) -> None:
    """Set the glue of lines that go on from the line above, which may itself go on from one."""
    kept = [line for line in lines if not line.drop]
    width = wrap_width([line.text for line in kept]) if len(kept) > 5 else None
    above = ""
    for line in kept:
        wrapped = (
            width is not None
            and not (line.indented or line.empty_above)
            and above != ""
            and is_wrapped(above, width)
        )
        if above and line.glue == "\n" and (wrapped or is_broken(above, line.text)):
            latin = _LATIN_RE.match(above[-1] + line.text[0]) is not None
            line.glue = " " if latin else ""
            above = above[-_TAIL:] + line.text if width is None else line.text
        else:
            above = line.text


_LATIN_RE = re.compile(r"[A-Za-z0-9,.]{2}")
_TAIL = 2000
"""Code points of a mended line that are looked at again; more would make a page quadratic."""


def _edits(text: str, lines: Sequence[_Line]) -> list[Edit]:
    edits: list[Edit] = []
    dropped = ""
    at, first = 0, True
    for line in lines:
        if line.drop:
            dropped = dropped or line.drop
            continue
        edits += _gap(text, at, line.start, "" if first else line.glue, dropped)
        edits += (
            Edit(
                STEP,
                _NOISE_REASON.get(text[n.start], "lost_space"),
                *n[:2],
                text[n.start : n.stop],
                n.after,
            )
            for n in line.noise
        )
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
