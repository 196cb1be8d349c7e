"""Kinds of mojibake, and how each is made."""

from __future__ import annotations

import codecs
import html
import random
from collections.abc import Callable
from typing import NamedTuple

Decoder = Callable[[bytes], str]
Maker = Callable[[str, random.Random], str]


def win_style(data: bytes, codec: str) -> str:
    """Decode as a decoder that prints one `?` for an invalid pair and eats both bytes."""
    parts, at = [], 0
    while at < len(data):
        n = 1 if data[at] < 0x80 else 2
        try:
            parts.append(data[at : at + n].decode(codec))
        except UnicodeDecodeError:
            parts.append("?")
        at += n
    return "".join(parts)


def browser_gb(data: bytes) -> str:
    """Decode GB18030 as browsers do: a lone 0x80 is €, any other bad byte U+FFFD."""
    return data.decode("gb18030", "browser")


def _euro_or_replacement(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    is_euro = error.object[error.start] == 0x80
    return "€" if is_euro else "\ufffd", error.start + 1


codecs.register_error("browser", _euro_or_replacement)


def whatwg(data: bytes) -> str:
    """Decode cp1252 with C1 characters for the bytes it does not define."""
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in data)


def slipped(
    text: str, mark: bytes, times: int, decoder: Callable[[bytes], str], rng: random.Random
) -> str:
    """Lose the lead byte of random characters in GBK, then decode."""
    data = text.encode("gbk", "ignore")
    leads, at = [], 0
    while at < len(data):
        if data[at] >= 0x80:
            leads.append(at)
        at += 1 if data[at] < 0x80 else 2
    for at in sorted(rng.sample(leads, times), reverse=True):
        data = data[:at] + mark + data[at + 1 :]
    return decoder(data)


def replaced(codec: str) -> Callable[[bytes], str]:
    """Return Python's replacing decoder."""
    return lambda data: data.decode(codec, "replace")


def marked(codec: str) -> Callable[[bytes], str]:
    """Return a decoder that prints ? for what it cannot read."""
    return lambda data: data.decode(codec, "replace").replace("\ufffd", "?")


def kun_jin_kao(data: bytes) -> str:
    """Read GBK as UTF-8, and the result as GBK."""
    return data.decode("utf-8", "replace").encode("utf-8").decode("gbk", "replace")


def entities(text: str) -> str:
    """Write what is not ASCII as numeric entities."""
    return "".join(f"&#{ord(c)};" if c > "\x7f" else c for c in text)


def entities_twice(text: str) -> str:
    """Write the entities' own & as entities, twice."""
    return html.escape(html.escape(entities(text)))


def escapes(text: str) -> str:
    """Write what is not ASCII as JavaScript does."""
    return "".join(f"\\u{ord(c):04x}" if "\x7f" < c < "\U00010000" else c for c in text)


class Damage(NamedTuple):
    """A kind of damage: `make(text, rng)` does it; `group` is what the targets are stated for."""

    name: str
    script: str
    group: str
    make: Maker


def _utf8(decoder: Decoder) -> Maker:
    return lambda text, rng: decoder(text.encode("utf-8"))


def _coded(codec: str, decoder: Decoder) -> Maker:
    return lambda text, rng: decoder(text.encode(codec, "ignore"))


def _slip(mark: bytes, times: int, decoder: Decoder) -> Maker:
    return lambda text, rng: slipped(text, mark, times, decoder, rng)


def _gbk_win(data: bytes) -> str:
    return win_style(data, "gbk")


def _twice(once: Decoder) -> Maker:
    return lambda text, rng: once(once(text.encode("utf-8")).encode("utf-8"))


def _half(decoder: Decoder) -> Maker:
    def make(text: str, rng: random.Random) -> str:
        lines = text.split("\n")
        return "\n".join(
            decoder(line.encode("utf-8")) if i % 2 else line for i, line in enumerate(lines)
        )

    return make


LATIN1 = replaced("latin-1")
DAMAGES = (
    Damage("utf8→gbk, browser", "both", "lossy", _utf8(browser_gb)),
    Damage("utf8→gbk, U+FFFD", "both", "lossy", _utf8(replaced("gbk"))),
    Damage("utf8→gbk, ?", "both", "lossy", _utf8(marked("gbk"))),
    Damage("utf8→gbk, two bytes eaten", "both", "lossy", _utf8(_gbk_win)),
    Damage("utf8→gb18030", "both", "lossy", _utf8(replaced("gb18030"))),
    Damage("utf8→latin-1", "both", "lossless", _utf8(LATIN1)),
    Damage("utf8→cp1252, C1 kept", "both", "lossless", _utf8(whatwg)),
    Damage("utf8→cp1252, U+FFFD", "both", "other", _utf8(replaced("cp1252"))),
    Damage("utf8→cp1252, ?", "both", "other", _utf8(marked("cp1252"))),
    Damage("utf8→cp437", "both", "lossless", _utf8(replaced("cp437"))),
    Damage("utf8→mac_roman", "both", "lossless", _utf8(replaced("mac_roman"))),
    Damage("utf8→cp1251", "both", "other", _utf8(replaced("cp1251"))),
    Damage("gbk→latin-1", "both", "lossless", _coded("gbk", LATIN1)),
    Damage("gbk→cp1252, C1 kept", "both", "lossless", _coded("gbk", whatwg)),
    Damage("gbk→cp1252, U+FFFD", "both", "other", _coded("gbk", replaced("cp1252"))),
    Damage("gbk→cp1250", "hans", "other", _coded("gbk", replaced("cp1250"))),
    Damage("gbk→cp950", "hans", "other", _coded("gbk", replaced("cp950"))),
    Damage("big5→gb18030 (private use)", "hant", "lossless", _coded("big5", replaced("gb18030"))),
    Damage("big5→gbk", "hant", "other", _coded("big5", replaced("gbk"))),
    Damage("big5→latin-1", "hant", "lossless", _coded("big5", LATIN1)),
    Damage("big5→cp1252, C1 kept", "hant", "lossless", _coded("big5", whatwg)),
    Damage("utf8→latin-1 twice", "both", "double", _twice(LATIN1)),
    Damage("utf8→cp1252 twice", "both", "double", _twice(whatwg)),
    Damage("utf8→gb18030 twice", "both", "double", _twice(replaced("gb18030"))),
    Damage("every second line utf8→gb18030", "both", "other", _half(replaced("gb18030"))),
    Damage("every second line utf8→cp1252", "both", "lossless", _half(whatwg)),
    Damage("entities", "both", "lossless", lambda t, r: entities(t)),
    Damage("entities escaped twice", "both", "lossless", lambda t, r: entities_twice(t)),
    Damage("\\uXXXX", "both", "lossless", lambda t, r: escapes(t)),
    Damage("slip ×1, ?, U+FFFD", "hans", "slip", _slip(b"?", 1, replaced("gbk"))),
    Damage("slip ×1, ?, two bytes eaten", "hans", "slip", _slip(b"?", 1, _gbk_win)),
    Damage("slip ×3, ?, two bytes eaten", "hans", "slip", _slip(b"?", 3, _gbk_win)),
    Damage("slip ×1 (traditional), ?", "hant", "slip", _slip(b"?", 1, _gbk_win)),
    Damage("slip ×1, silent", "hans", "silent slip", _slip(b"", 1, replaced("gbk"))),
    Damage("gbk→utf8 (hopeless)", "hans", "hopeless", _coded("gbk", replaced("utf-8"))),
    Damage("gbk→utf8→gbk 锟斤拷", "hans", "hopeless", _coded("gbk", kun_jin_kao)),
    Damage("utf8→cp950 (hopeless)", "hans", "hopeless", _utf8(replaced("cp950"))),
    Damage("all ?", "hans", "hopeless", lambda t, r: t.encode("ascii", "replace").decode()),
)  # fmt: skip
