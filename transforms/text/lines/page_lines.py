"""The lines of a page as `rejoin_lines` looks at them: what they say, without layout and markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.text.layout import BLANK
from transforms.text.lines.markup import Noise, breaks, is_plain, noise


@dataclass(slots=True)
class Line:
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
    noise: Sequence[Noise] = ()
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


def read_lines(text: str) -> list[Line]:
    """Return the lines of a page that are not blank."""
    lines: list[Line] = []
    plain = is_plain(text)
    at, empty = 0, False
    for start, stop in [*breaks(text, plain), (len(text), len(text))]:
        before = len(lines)
        long = start - at >= _LONG_LINE
        for part_start, part_stop in _paragraphs(text, at, start) if long else ((at, start),):
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
    line = text[start:stop].strip(BLANK)
    if not ("   " in line or "&" in line or "\u3000" in line or "\xa0" in line):
        return [(start, stop)]
    parts = []
    for gap in _GAP_RE.finditer(text, start, stop):
        parts.append((start, gap.start()))
        start = gap.end()
    return [*parts, (start, stop)]


def _read_line(text: str, start: int, stop: int, plain: bool) -> Line | None:
    """Return the line in `[start, stop)` without blanks, tags and a table's pipe at its ends."""
    raw = text[start:stop]
    kept = raw.strip(BLANK)
    if not kept:
        return None
    first = start if len(kept) == len(raw) else start + len(raw) - len(raw.lstrip(BLANK))
    if plain and kept[-1] not in "|｜":
        return Line(first, first + len(kept), kept, indented=first > start)
    return _read_odd_line(text, start, stop, [] if plain else noise(text, start, stop))


def _read_odd_line(text: str, start: int, stop: int, found: list[Noise]) -> Line | None:
    """Return a line whose ends may be tags or the pipe of a table."""
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
    return Line(first, last, content, found, indented=first > start)


_SPACED_RE = re.compile(
    r"(?<=[\u3400-\u9fff，。、；：！？“”（）《》,]) "
    r"(?=[\u3400-\u9fff，。、；：！？“”（）《》,])"
)
_HANZI_RE = re.compile(r"[\u3400-\u9fff]")
_MIN_SPACED = 0.6
"""Share of hanzi with a space behind them on a letter-spaced page (contamination map, 3.1)."""


def _mend_spaces(text: str, lines: Sequence[Line]) -> None:
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


def _drop_lost_indents(lines: Sequence[Line]) -> None:
    """Take `????` off the starts of lines where three lines in ten have it: a lost indent."""
    hit = [
        (line, found)
        for line in lines
        if line.text[:1] == "?" and (found := _LOST_INDENT_RE.match(line.text))
    ]
    if len(hit) >= 2 and len(hit) >= 0.3 * len(lines):
        for line, found in hit:
            if not line.noise:
                line.start += found.end()
                line.text = line.text[found.end() :]
