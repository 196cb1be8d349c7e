"""Articles that a page carries as data for its scripts: JSON-LD, page state, HTML in strings.

Read only where the page shows no article of its own.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from transforms.text.html.markup import Element, parse
from transforms.text.html.rendering import Line, render


class Embedded(NamedTuple):
    """An article found in a script.

    Attributes:
        name: key of the string that holds it, e.g. `articleBody`.
        lines: of the article.
    """

    name: str
    lines: list[Line]

    @property
    def note(self) -> str:
        """The line that stands for it in the rendered page."""
        return f"text = {len(self.lines)} lines ({self.name})"


def find_embedded(root: Element, objects: Iterable[dict[str, Any]]) -> Embedded | None:
    """Return the longest article among the JSON-LD objects and the strings of the scripts.

    Args:
        root: of the page.
        objects: its JSON-LD objects.
    """
    bodies = [("articleBody", item.get("articleBody")) for item in objects]
    found = [(name, text) for name, text in bodies if isinstance(text, str)]
    found = found or [
        pair
        for script in root.iter("script")
        if "ld+json" not in script.get("type", "")
        for pair in _strings(script.text or "")
    ]
    found = [(name, text) for name, text in found if _is_article(text)]
    if not found:
        return None
    name, text = max(found, key=lambda pair: len(pair[1]))
    return Embedded(name, _lines(text))


_STRING_RE = re.compile(
    r"""["']?([A-Za-z_$][\w$]{0,40})["']?\s{0,9}[:=]\s{0,9}"""
    r"""(?:(?:JSON\.parse|decodeURIComponent|unescape|html\.decode|JsDecode)\(\s{0,9})?"""
    r"""("(?:[^"\\\n]|\\.){80,}+"|'(?:[^'\\\n]|\\.){80,}+')"""
)
"""A named string of 80 code points or more: `content: '…'`, `var html = "…"`."""
_MAX_SCRIPT_CHARS = 2_000_000
_HANZI_RE = re.compile(r"[\u3400-\u9fff]|\\u[4-9][0-9a-fA-F]{3}|&#x[4-9]|%u[4-9]|%[Ee][4-9]%")


def _strings(script: str) -> Iterator[tuple[str, str]]:
    """Yield the long strings of a script that hold Chinese, with the name they are assigned to."""
    if len(script) > _MAX_SCRIPT_CHARS or not _HANZI_RE.search(script):
        return
    for match in _STRING_RE.finditer(script):
        if _HANZI_RE.search(match[2]):
            text = _unquoted(match[2])
            state = _json(text)
            if state is None:
                yield match[1], text
            else:
                yield from _leaves(state)


def _unquoted(literal: str) -> str:
    r"""Return the value of a JavaScript string literal, with HTML entities undone once.

    >>> _unquoted("'\\u4e2d\\x3cp\\x3e\\'&lt;br&gt;'")
    "中<p>'<br>"
    """
    text = _ESCAPE_RE.sub(_unescape, literal[1:-1])
    return html.unescape(text) if "&lt;" in text or "&#" in text else text


_ESCAPE_RE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\n", "b": "", "f": "", "0": ""}


def _unescape(match: re.Match[str]) -> str:
    if match[3]:
        return _LETTERS.get(match[3], match[3])
    char = chr(int(match[1] or match[2], 16))
    return "\ufffd" if "\ud800" <= char <= "\udfff" else char


def _json(text: str) -> Any:
    """Return what a string holds that is JSON itself; None if it is not."""
    if text[:1] not in "{[":
        return None
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _leaves(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the strings of a JSON value with their keys."""
    stack = [("", value)]
    while stack:
        key, item = stack.pop()
        if isinstance(item, dict):
            stack += [(str(name), part) for name, part in item.items()]
        elif isinstance(item, list):
            stack += [(key, part) for part in item]
        elif isinstance(item, str) and len(item) >= _MIN_ARTICLE:
            yield key, item


def _is_article(text: str) -> bool:
    return len(text) >= _MIN_ARTICLE and len(_END_RE.findall(_TAG_RE.sub("", text))) >= _MIN_ENDS


_MIN_ARTICLE, _MIN_ENDS = 60, 2
"""Code points and full stops of a string that can be an article."""
_END_RE = re.compile("[。！？]")
_TAG_RE = re.compile("<[^<>]{1,2000}>")


def _lines(text: str) -> list[Line]:
    """Return the lines of an article that is HTML, or text with line breaks."""
    source = text if _TAG_RE.search(text) else "<br>".join(map(html.escape, text.split("\n")))
    root = parse(f"<body>{source}</body>")
    return [line for line in render(root) if not line.hidden] if root is not None else []
