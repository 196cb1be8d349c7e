"""Tags, entities and escapes that were left in a text as letters."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from transforms.text.layout import has_any

_BLOCK = (
    "p br div li ul ol tr table tbody thead h1 h2 h3 h4 h5 h6 section article "
    "blockquote hr dl dt dd header footer figure"
)
_INLINE = (
    "span a strong b i em u font img center sup sub small big video audio iframe "
    "source figcaption o:p td th "
    "label input button rt rp rb ruby pre code s strike del ins embed object param "
    "nobr wbr script style abbr mark tt map area"
)
_ATTRIBUTES = r"(?:\s[^<>]{0,400})?\s?/?"


def _tag(names: str) -> str:
    return rf"</?(?:{'|'.join(sorted(names.split(), key=len, reverse=True))}){_ATTRIBUTES}>"


_BREAK_RE = re.compile(
    (
        rf"\r\n|[\n\r\v\f\u0085\u2028\u2029]|{_tag(_BLOCK)}|(?:(?<![\x00-\x7f])|(?<=\\n)|"
        rf"^)(?:\\r)?\\n|(?:\\r)?\\n(?=[^\x00-\x7f]|\\n|$)"
    ),
    re.IGNORECASE | re.MULTILINE,
)
"""Only real tag names, so that `<某某>` and `a<b` stay."""
_PLAIN_BREAK_RE = re.compile("\n")
_NOISE_RE = re.compile(
    (
        rf"{_tag(_INLINE)}|<!--[^<>]{{0,400}}-->|&(?:[a-zA-Z]{{2,8}}|#\d{{2,6}}|"
        rf"#x[0-9a-fA-F]{{2,5}});"
    ),
    re.IGNORECASE,
)
_SPECIAL = "\r\v\f\u0085\u2028\u2029<&\\"


class Noise(NamedTuple):
    """A tag or entity inside a line, and what it stands for."""

    start: int
    stop: int
    after: str


def is_plain(text: str) -> bool:
    """Return whether a text has no tag, entity, escape or unusual line break."""
    return not has_any(text, _SPECIAL)


def breaks(text: str, plain: bool = False) -> list[tuple[int, int]]:
    r"""Return the spans of line breaks, be they characters, tags or escapes.

    Args:
        text: the page.
        plain: whether `is_plain` is known to hold.

    >>> [ "甲<br/>乙\r\n丙"[a:b] for a, b in breaks("甲<br/>乙\r\n丙") ]
    ['<br/>', '\r\n']
    """
    pattern = _PLAIN_BREAK_RE if plain else _BREAK_RE
    return [match.span() for match in pattern.finditer(text)]


def noise(text: str, start: int, stop: int) -> list[Noise]:
    """Return the tags and entities in `[start, stop)`; unknown entities stay.

    >>> [item.after for item in noise("甲&amp;乙<b>丙</b>", 0, 15)]
    ['&', '', '']
    """
    found = []
    for match in _NOISE_RE.finditer(text, start, stop):
        after = html.unescape(match.group()) if match.group()[0] == "&" else ""
        if after != match.group():
            found.append(Noise(match.start(), match.end(), after.replace("\xa0", " ")))
    return found
