"""Decode bytes some of which are lost."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from transforms.text.mojibake.holes import Token

LOST = b"\xff"
"""Stands for a lost byte. It is valid neither in UTF-8 nor in GBK nor in Big5."""

Fill = Callable[[Sequence[Token]], str]

_TAIL = rb"[\x80-\xbf]"
_LEAD = rb"[\xe1-\xef]"
_HOLE = rb"[\xff?]"
_UTF8_RE = re.compile(
    rb"(?P<good>(?:[\xc2-\xdf]T|\xe0[\xa0-\xbf]T|[\xe1-\xef]TT|\xf0[\x90-\xbf]TT|[\xf1-\xf3]TTT"
    rb"|[\x00-\x3e\x40-\x7f])+)"
    rb"|(?P<two>LTXTT(?!T))"
    rb"|(?P<third>LTX)"
    rb"|(?P<second>LXT)"
    rb"|(?P<both>LXX?)"
    rb"|(?P<lead>XTT(?!T))"
    rb"|(?P<little>XT(?!T))"
    rb"|(?P<space>LT\x20|L\x20T)"
    rb"|(?P<dropped>LT(?!T))"
    rb"|(?P<mark>\?)"
    rb"|(?P<broken>[\x80-\xff]T{0,2})".replace(b"T", _TAIL)
    .replace(b"L", _LEAD)
    .replace(b"X", _HOLE)
)
_TAILS = range(0x80, 0xC0)
_COMMON_LEADS = (0xE2, 0xE3, *range(0xE4, 0xEA), 0xEF)
_GAPS = {"cp1252": b"\x81\x8d\x8f\x90\x9d", "latin-1": b"\x81\x8d\x8f\x90\x9d", "cp1251": b"\x98"}
"""Bytes that a single-byte code page does not define, of those that stand inside a character."""


class Mended(NamedTuple):
    """Decoded text: `n_lost` characters had lost a byte, whether or not they could be filled."""

    text: str
    n_lost: int = 0


def decode_utf8(data: bytes, fill: Fill, wrong: str) -> Mended | None:
    """Decode UTF-8 with holes; None if more than half of it is lost.

    Args:
        data: bytes in which 0xFF or `?` stands for a lost byte.
        fill: makes text of the tokens.
        wrong: codec that it was decoded with; only what that cannot read was lost.
    """
    try:
        return Mended(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    tokens: list[Token] = []
    n_lost = n_kept = 0
    for found in _UTF8_RE.finditer(data):
        kind, piece = found.lastgroup, found[0]
        if kind == "good":
            text = piece.decode("utf-8", "replace")
            tokens.append(text)
            n_kept += sum(c >= "\x80" for c in text)
        elif kind == "mark":
            tokens.append("?")
        else:
            after = data[found.end()] if found.end() < len(data) else LOST[0]
            choices = _utf8_candidates(str(kind), piece, after, wrong)
            tokens += [choice[0] if len(choice) == 1 else choice for choice in choices]
            n_lost += 2 if kind == "two" else 1
    if n_lost > 0.5 * (n_lost + n_kept) + 1:
        return None
    return Mended(fill(tokens), n_lost)


@functools.cache
def _is_losable(byte: int, after: int, wrong: str) -> bool:
    """Tell whether a decoder for `wrong` cannot read a byte inside a character, `after` behind it.

    GBK reads every such byte but 0x80 as the first of a pair, if what follows makes one with it.
    """
    if wrong != "gb18030":
        return wrong not in _GAPS or byte in _GAPS[wrong]
    if byte == 0x80 or after in (LOST[0], ord("?")):
        return True
    try:
        bytes((byte, after)).decode("gbk")
    except UnicodeDecodeError:
        return True
    return False


@functools.lru_cache(4096)
def _utf8_candidates(kind: str, piece: bytes, after: int, wrong: str) -> tuple[Token, ...]:
    """Return what a damaged character may have been, by the kind of damage.

    Args:
        kind: name of a group of `_UTF8_RE`.
        piece: its bytes.
        after: the byte behind them.
        wrong: codec that they were decoded with.
    """
    lead, rest = piece[:1], piece[1:]
    if kind == "two":
        lost = [t for t in _TAILS if any(_is_losable(t, x, wrong) for x in _COMMON_LEADS)]
        return _joined(lead, piece[1:2], lost), _joined(_COMMON_LEADS, piece[-2:-1], piece[-1:])
    if kind == "third":
        return (_joined(lead, rest[:1], [t for t in _TAILS if _is_losable(t, after, wrong)]),)
    if kind == "second":
        return (_joined(lead, [t for t in _TAILS if _is_losable(t, rest[1], wrong)], rest[1:]),)
    if kind == "both":
        alone = len(rest) == 1 and wrong == "gb18030"
        last = [t for t in _TAILS if alone or _is_losable(t, after, wrong)]
        return (tuple(c for t in last for c in _joined(lead, _before(t, rest, wrong), [t])),)
    if kind == "lead":
        return (_joined(_COMMON_LEADS, rest[:1], rest[1:]),)
    if kind == "dropped" and wrong in _GAPS:
        gaps = _GAPS[wrong]
        return (_joined(lead, rest, gaps) + _joined(lead, gaps, rest),)
    if kind == "dropped":
        return (_joined(lead, rest, _TAILS),)
    if kind == "space" and wrong in _GAPS:
        return (_joined(*(bytes([b]) for b in piece.replace(b" ", b"\xa0"))),)
    return ((), " ") if kind == "space" else ((),)


def _before(tail: int, holes: bytes, wrong: str) -> list[int]:
    """Return the bytes that may be lost before `tail`; in a code page one mark is one byte."""
    if wrong in _GAPS and len(holes) == 1:
        return list(_TAILS)
    return [t for t in _TAILS if _is_losable(t, tail, wrong)]


def _joined(*choices: Iterable[int]) -> tuple[str, ...]:
    """Return the characters that one byte out of each choice gives in UTF-8."""
    texts = (bytes(data).decode("utf-8", "ignore") for data in itertools.product(*choices))
    return tuple(text for text in texts if len(text) == 1)


_GBK_RE = re.compile(
    rb"(?P<good>(?:[\x00-\x7f]|[\x81-\xfe][\x30-\x39][\x81-\xfe][\x30-\x39]"
    rb"|[\x81-\xfe][\x40-\x7e\x80-\xfe])+)|(?P<lead>\xff[\x40-\x7e\x80-\xfe])"
    rb"|(?P<trail>[\x81-\xfe]\xff)|(?P<broken>\xff\xff|[\x80-\xff])"
)
_BIG5_RE = re.compile(
    rb"(?P<good>(?:[\x00-\x7f]|[\x81-\xfe][\x40-\x7e\xa1-\xfe])+)"
    rb"|(?P<lead>\xff[\x40-\x7e\xa1-\xfe])|(?P<trail>[\x81-\xfe]\xff)|(?P<broken>\xff\xff|[\x80-\xff])"
)


def decode_double_byte(data: bytes, fill: Fill, codec: str) -> Mended:
    """Decode `gb18030` or `cp950` bytes in which 0xFF stands for a lost byte."""
    try:
        return Mended(data.decode(codec))
    except UnicodeDecodeError:
        pass
    tokens: list[Token] = []
    n_lost = 0
    for found in (_GBK_RE if codec == "gb18030" else _BIG5_RE).finditer(data):
        kind, piece = found.lastgroup, found[0]
        if kind == "good":
            text = piece.decode(codec, "replace")
            if codec == "cp950" and "\ufffd" in text:
                text = min(text, piece.decode("big5hkscs", "replace"), key=_n_replaced)
            tokens.append(text)
            n_lost += _n_replaced(text)
        else:
            n_lost += 1
            known = piece.replace(LOST, b"")
            tokens.append(() if kind == "broken" else partners(known, kind == "trail", codec))
    return Mended(fill(tokens), n_lost)


def _n_replaced(text: str) -> int:
    return text.count("\ufffd")


@functools.cache
def partners(known: bytes, is_lead: bool, codec: str = "gb18030") -> tuple[str, ...]:
    """Return the double-byte characters that have `known` as lead or else as trail byte."""
    others = (bytes([b]) for b in range(0x40 if is_lead else 0x81, 0xFF))
    pairs = (known + other if is_lead else other + known for other in others)
    texts = (pair.decode(codec, "ignore") for pair in pairs)
    return tuple(t for t in texts if len(t) == 1 and not "\ue000" <= t <= "\uf8ff")
