"""Restore what a mirror's annotations broke.

The mirror replaced bytes of GBK text without minding where characters begin. A key found across
two characters tears them apart: in 量儀 (C1BF 8378) it found 績 (BF83), and `量?jī)x器` is what
came of it. The reading tells which key it was, and so the byte that was lost; put back, it sets
the pairs right up to the next ASCII byte. Of several ways to read them the likeliest text counts.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Iterator
from typing import NamedTuple

from transforms.text.charmodel import chain_log_p, log_p
from transforms.text.pinyin.readings import LETTERS, has_tone, keys_of, normalised, readings
from transforms.text.records import Edit
from transforms.text.script.to_simplified import simplified_only

STEP = "strip_pinyin"

_TRAIL = r"[@-~]"
_FULL_WIDTH = str.maketrans(",;!:?", "，；！：？")

SLIP_RE = re.compile(r"[?\ufffd]?([，；！：？,;!:])([\u4e00-\u9fff]{0,6})\Z")
"""A run behind the lost first byte of a 。 or a hanzi that ends in A3 as it does, up to the broken
annotation that ended it: all full-width marks begin with A3, which is how the slip shows."""

REMNANT_RE = re.compile(rf"[?\ufffd]()\(?([{LETTERS}]{{1,7}})\)")
"""An annotation whose bracket was eaten together with half a character; its groups are those
of `LETTER_RE`."""

LETTER_RE = re.compile(rf"({_TRAIL})\(([{LETTERS}]{{1,7}})\)")
"""An annotation behind an ASCII byte that may be the second half of a character: the byte and
the reading."""

_ANNOTATION_RE = re.compile(rf"\(([{LETTERS}]{{1,7}})\)")

_BEFORE_RE = re.compile(rf"(.)(?:\([{LETTERS}]{{1,7}}\))?\Z", re.DOTALL)
"""The character in front, its own annotation left out."""

_OPEN_RE = re.compile(r"[(（][^()（）]*\Z")

_RUN_RE = re.compile(r"[^\x00-\x80\ufffd]{0,40}")

MIN_LOG_P = -9.0
"""Mean log-probability, nats a character, that restored text must have. Running text has −6, text
read one byte off −12."""


class _Restored(NamedTuple):
    """Text put back in place of what stood up to `stop`."""

    stop: int
    text: str


def repairs(text: str, annotated: Container[str], restore: bool = True) -> list[Edit]:
    """Return the edits that mend broken annotations, ascending and disjoint.

    Args:
        text: of a page that is known to be annotated.
        annotated: the characters with an annotation on this page; the likeliest keys.
        restore: false takes out the remnants only.
    """
    found = [*REMNANT_RE.finditer(text), *LETTER_RE.finditer(text)]
    edits: list[Edit] = []
    at = 0
    for match in sorted(found, key=re.Match.start):
        if match.start() >= at:
            mend = _mend_remnant if match.re is REMNANT_RE else _mend_letter
            edit = _mend_slip(text, match, at) if restore else None
            edit = edit or mend(text, match, annotated, restore)
            if edit:
                edits.append(_with_annotation(text, edit))
                at = edits[-1].stop
    return edits


def is_torn(text: str) -> bool:
    """Tell whether an annotation stands inside a character, where only a mirror puts one.

    Its key begins with the byte that the hanzi in front ends with. A reading that a person puts
    behind a mark, 量?liàng), stands in a bracket that is still open.
    """
    return any(
        _is_inside(text, match) or _mend_slip(text, match, 0)
        for pattern in (REMNANT_RE, LETTER_RE)
        for match in pattern.finditer(text)
        if not _OPEN_RE.search(text, max(0, match.start() - 12), match.start())
    )


def _is_inside(text: str, match: re.Match[str]) -> bool:
    reading = normalised(match[2])
    torn = _gbk(_before(text, match.start()))[1:] + match[1].encode()
    starts = {code[: len(torn)] for _, code in keys_of(reading)}
    return has_tone(reading) and torn != b"" and torn in starts


def _with_annotation(text: str, edit: Edit) -> Edit:
    """Let an edit take in the annotation of the character that it restored last."""
    match = _ANNOTATION_RE.match(text, edit.stop)
    if match is None or normalised(match[1]) not in readings().get(edit.after[-1:], ()):
        return edit
    return _edit(edit.reason, text, edit.start, match.end(), edit.after)


def _mend_slip(text: str, match: re.Match[str], at: int) -> Edit | None:
    """Restore the run behind `at` that was read one byte late up to a broken annotation."""
    run = SLIP_RE.search(text, max(at, match.start() - 8), match.start())
    if run is None:
        return None
    letter, reading = match.groups()
    raw = _gbk(run[1].translate(_FULL_WIDTH) + run[2])[1:] + letter.encode()
    n_there = 2 if letter else 1
    ends = {
        _decoded(raw + code[n_there:])
        for _, code in keys_of(normalised(reading))
        if raw.endswith(code[:n_there])
    }
    before = text[max(0, run.start() - 1) : run.start()]
    options = [first + end for first in _slipped() for end in ends if end]
    best = max(options, key=lambda option: _score(before, option), default="")
    if _score(before, best) < MIN_LOG_P:
        return None
    return _edit("byte_slip", text, run.start(), match.end(), best)


@functools.cache
def _slipped() -> list[str]:
    """Return what can have stood in front of a slip: 。 and the hanzi that end in its byte A3."""
    pairs = (_decoded(bytes((first, 0xA3))) for first in range(0x81, 0xFF))
    return sorted(filter(None, pairs), key=lambda char: -float(log_p()[ord(char)]))[:12]


def _mend_remnant(
    text: str, match: re.Match[str], annotated: Container[str], restore: bool
) -> Edit | None:
    reading = normalised(match[2])
    if not has_tone(reading) or not keys_of(reading):
        return None
    before = _before(text, match.start())
    torn = _gbk(before)
    keys = [(char, code) for char, code in keys_of(reading) if code[:1] == torn[1:2]]
    keys = [(char, code) for char, code in keys if char in annotated] or keys
    best = None
    if restore and len(torn) == 2:
        options = [o for _, code in keys for o in _behind(text, match.end(), code[1:])]
        best = max(options, key=lambda o: _score(before, o.text), default=None)
    if best is None or _score(before, best.text) < MIN_LOG_P:
        return _edit("pinyin_remnant", text, match.start(), match.end(), "")
    return _edit("pinyin_repair", text, match.start(), best.stop, best.text)


def _behind(text: str, at: int, lost: bytes) -> Iterator[_Restored]:
    """Yield the ways to read the text from `at` on with the byte `lost` put before it."""
    run = _RUN_RE.match(text, at)
    assert run is not None
    raw = lost + _gbk(run[0])
    stop = run.end()
    closing = REMNANT_RE.match(text, stop)
    if closing:
        for _, code in keys_of(normalised(closing[2])):
            if code[0] == raw[-1]:
                yield _Restored(closing.end(), _decoded(raw + code[1:]))
    elif re.match(_TRAIL, text[stop : stop + 1]):
        yield _Restored(stop + 1, _decoded(raw + text[stop].encode()))
    elif len(raw) > 1:
        yield _Restored(stop, _decoded(raw[:-1]))


def _mend_letter(
    text: str, match: re.Match[str], annotated: Container[str], restore: bool
) -> Edit | None:
    letter, reading = match[1], normalised(match[2])
    keys = keys_of(reading)
    if not has_tone(reading) or not keys:
        return None
    before = _gbk(_before(text, match.start()))
    if any(code == before[1:] + letter.encode() for _, code in keys):
        return _edit("pinyin_annotation", text, match.start() + 1, match.end(), "")
    split = [char for char, code in keys if code[1:] == letter.encode()]
    split = [char for char in split if char in annotated] or split
    if not split:
        return None
    if len(split) == 1 and restore:
        return _edit("pinyin_repair", text, match.start(), match.end(), split[0])
    return _edit("pinyin_remnant", text, match.start() + 1, match.end(), "")


def _edit(reason: str, text: str, start: int, stop: int, after: str) -> Edit:
    return Edit(STEP, reason, start, stop, text[start:stop], after)


def _before(text: str, at: int) -> str:
    match = _BEFORE_RE.search(text[max(0, at - 10) : at])
    return match[1] if match else ""


def _gbk(text: str) -> bytes:
    """Return `text` in GBK, its private-use characters by GB18030; empty if it has no such form."""
    raw = text.encode("gb18030", "ignore")
    return raw if len(raw) == 2 * len(text) else b""


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("gbk")
    except UnicodeDecodeError:
        return ""


def _score(before: str, text: str) -> float:
    """Return the mean log-probability of `text` behind `before`; simplified text has none."""
    if not text or not simplified_only().isdisjoint(text):
        return float("-inf")
    scores = chain_log_p(before + text)[len(before) :]
    return sum(scores) / len(scores)
