"""Restore what a mirror's annotations broke.

The mirror replaced bytes of GBK text without minding where characters begin. A key found across
two characters tears them apart: in 量儀 (C1BF 8378) it found 績 (BF83), and `量?jī)x器` is what
came of it. The reading tells which key it was, and with it the byte that was lost.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from transforms.text.readings import LETTERS, has_tone, keys_of, normalised, readings
from transforms.text.records import Edit
from transforms.text.script import simplified_only, traditional_only

STEP = "strip_pinyin"

_TRAIL = r"[@-~]"
_MARKS = "，；！：？,;!:"
_FULL_WIDTH = str.maketrans(",;!:?", "，；！：？")

SLIP_RE = re.compile(
    rf"\?([{_MARKS}])([\u4e00-\u9fff]{{0,3}})"
    rf"(?:\?([{LETTERS}]{{1,7}})\)|({_TRAIL})\(([{LETTERS}]{{1,7}})\))"
)
"""A run behind a lost byte A1 up to the annotation that ended it."""

REMNANT_RE = re.compile(rf"[?\ufffd]\(?([{LETTERS}]{{1,7}})\)")
"""An annotation whose bracket was eaten together with half a character."""

LETTER_RE = re.compile(rf"({_TRAIL})\(([{LETTERS}]{{1,7}})\)")
"""An annotation behind an ASCII byte that may be the second half of a character."""

_RUN_RE = re.compile(r"[\u4e00-\u9fff\ue000-\uf8ff]{0,12}")


def repairs(text: str, restore: bool = True) -> list[Edit]:
    """Return the edits that mend broken annotations, ascending and disjoint.

    Args:
        text: of a page that is known to be annotated.
        restore: false takes out the remnants only.
    """
    edits: list[Edit] = []
    at = 0
    found = sorted(
        (*SLIP_RE.finditer(text), *REMNANT_RE.finditer(text), *LETTER_RE.finditer(text)),
        key=lambda match: (match.start(), -match.end()),
    )
    menders = {SLIP_RE: _slip, REMNANT_RE: _remnant, LETTER_RE: _letter}
    for match in found:
        if match.start() < at:
            continue
        edit = menders[match.re](text, match, restore)
        if edit is not None and edit.start >= at:
            edits.append(edit)
            at = edit.stop
    return edits


def _slip(text: str, match: re.Match[str], restore: bool) -> Edit | None:
    mark, hanzi, eaten, letter, kept = match.groups()
    reading = normalised(eaten or kept)
    try:
        raw = b"\xa1" + (mark.translate(_FULL_WIDTH) + hanzi).encode("gbk")
    except UnicodeEncodeError:
        return None
    if letter:
        raw += letter.encode()
    else:
        seconds = [code[1:] for _, code in keys_of(reading) if code[0] == raw[-1]]
        if len(seconds) != 1:
            return None
        raw += seconds[0]
    whole = _decoded(raw)
    if not restore or not whole or (whole[-1], raw[-2:]) not in keys_of(reading):
        return None
    return _edit("byte_slip", text, match.start(), match.end(), whole)


def _remnant(text: str, match: re.Match[str], restore: bool) -> Edit | None:
    reading = normalised(match[1])
    if not has_tone(reading) or not keys_of(reading):
        return None
    if restore:
        restored = _behind(text, match)
        if restored is not None:
            return _edit("pinyin_repair", text, match.start(), *restored)
    return _edit("pinyin_remnant", text, match.start(), match.end(), "")


def _behind(text: str, match: re.Match[str]) -> tuple[int, str] | None:
    """Return where the torn text behind a remnant ends and what it was."""
    before = _gbk(text[match.start() - 1 : match.start()])
    if len(before) != 2:
        return None
    seconds = [code[1:] for _, code in keys_of(normalised(match[1])) if code[0] == before[1]]
    if len(seconds) != 1:
        return None
    run = _RUN_RE.match(text, match.end())
    assert run is not None
    raw = seconds[0] + _gbk(run[0])
    letter = text[run.end() : run.end() + 1]
    closing = REMNANT_RE.match(text, run.end())
    if closing:
        ends = [c[1:] for _, c in keys_of(normalised(closing[1])) if c[0] == raw[-1]]
        whole = _decoded(raw + ends[0]) if len(ends) == 1 else ""
        return (closing.end(), whole) if is_plausible(whole) else None
    if re.match(_TRAIL, letter):
        whole = _decoded(raw + letter.encode())
        if is_plausible(whole):
            return run.end() + 1, whole
    whole = _decoded(raw[:-1])
    return (run.end(), whole) if is_plausible(whole) else None


def _letter(text: str, match: re.Match[str], restore: bool) -> Edit | None:
    letter, reading = match[1], normalised(match[2])
    keys = keys_of(reading)
    if not has_tone(reading) or not keys:
        return None
    before = _gbk(text[match.start() - 1 : match.start()])
    if any(code == before[1:] + letter.encode() for _, code in keys):
        return _edit("pinyin_annotation", text, match.start() + 1, match.end(), "")
    split = [char for char, code in keys if code[1:] == letter.encode()]
    if not split:
        return None
    if len(split) == 1 and restore:
        return _edit("pinyin_repair", text, match.start(), match.end(), split[0])
    return _edit("pinyin_remnant", text, match.start() + 1, match.end(), "")


def _edit(reason: str, text: str, start: int, stop: int, after: str) -> Edit:
    return Edit(STEP, reason, start, stop, text[start:stop], after)


def _gbk(text: str) -> bytes:
    """Return the bytes of `text` in GBK, private-use characters by GB18030; empty if it has none."""
    try:
        return text.encode("gb18030")
    except UnicodeEncodeError:
        return b""


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("gbk")
    except UnicodeDecodeError:
        return ""


@functools.cache
def _level_1() -> frozenset[str]:
    rows = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return frozenset(raw.decode("gb2312", "ignore") for raw in rows)


def is_plausible(text: str) -> bool:
    """Tell whether `text` could stand on a traditional page: common hanzi and marks only."""
    return bool(text) and all(
        char not in simplified_only()
        and (char in traditional_only() or char in _level_1() or char in "，。、；：！？“”‘’《》（）")
        for char in text
    )
