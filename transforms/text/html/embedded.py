"""Articles that a page carries without showing them: JSON-LD, page state, HTML in strings.

Read only where the page shows no article of its own.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

from transforms.text.html.line import Line
from transforms.text.html.markup import Element, parse, source_of
from transforms.text.html.markup_values import Value, state_values
from transforms.text.html.rendering import render
from transforms.text.shadow import fold


class Embedded(NamedTuple):
    """An article that is not shown.

    Attributes:
        name: key of the string that holds it, e.g. `articleBody`, or its element.
        lines: of the article.
        values: what stands beside it in its object.
        is_asked: whether it is known to be the article of the page: its title is the page's.
    """

    name: str
    lines: list[Line]
    values: tuple[Value, ...]
    is_asked: bool

    @property
    def note(self) -> str:
        """The line that stands for it in the rendered page."""
        return f"text = {len(self.lines)} lines ({self.name})"


class _Found(NamedTuple):
    """A text that may be the article, and the objects it stands in, the innermost first."""

    name: str
    text: str
    owners: tuple[dict[str, Any], ...] = ()


def find_embedded(root: Element, objects: Iterable[dict[str, Any]], title: str) -> Embedded | None:
    """Return the article among the JSON-LD objects, the scripts and the elements without a face.

    The one of the page's title where there is one, else the longest.

    Args:
        root: of the page.
        objects: its JSON-LD objects.
        title: of the page.
    """
    bodies = [("articleBody", item.get("articleBody")) for item in objects]
    found = [_Found(name, text) for name, text in bodies if isinstance(text, str)]
    linked = bool(found)
    found = found or [*_in_scripts(root), *_in_elements(root)]
    found = [one for one in found if _is_article(one.text)]
    if not found:
        return None
    named = [(one, state_values(one.owners)) for one in found]
    asked = [pair for pair in named if linked or _is_title(pair[1], title)]
    best, values = max(asked or named, key=lambda pair: len(pair[0].text))
    return Embedded(best.name, _lines(best.text), values, bool(asked))


def _is_title(values: Iterable[Value], title: str) -> bool:
    """Return whether the title among the values is the page's, or begins it."""
    own, asked = (
        _NO_WORD_RE.sub("", fold(text))
        for text in (next((v.text for v in values if v.field == "title"), ""), title)
    )
    return len(own) >= _MIN_TITLE and bool(asked) and (own in asked or asked in own)


_NO_WORD_RE = re.compile(r"[\W_]+")
_MIN_TITLE = 5


def _in_scripts(root: Element) -> Iterator[_Found]:
    for script in root.iter("script"):
        text = script.text or ""
        if "ld+json" in script.get("type", "") or len(text) > _MAX_SCRIPT_CHARS:
            continue
        if _HANZI_RE.search(text):
            found = [one for state in _states(text) for one in _bodies(state)]
            yield from found or _strings(text)
            if _TEMPLATE_RE.search(script.get("type", "")):
                yield _Found("script", text)


_TEMPLATE_RE = re.compile("html|template")
_MAX_SCRIPT_CHARS = 2_000_000
_HANZI_RE = re.compile(r"[\u3400-\u9fff]|\\u[4-9][0-9a-fA-F]{3}|&#x[4-9]|%u[4-9]|%[Ee][4-9]%")


def _in_elements(root: Element) -> Iterator[_Found]:
    """Yield what stands as source in elements that are not shown."""
    for element in root.iter("textarea", "noscript", "template", "iframe"):
        if element.tag == "textarea":
            yield _Found("textarea", element.text or "")
        elif element.tag == "iframe":
            yield _Found("iframe", element.get("srcdoc", ""))
        else:
            source = source_of([element])
            yield _Found(element.tag, _OUTER_RE.sub("", source))


_OUTER_RE = re.compile(r"^<[^<>]{1,2000}>|</\w{1,20}>$")


def _states(script: str) -> Iterator[Any]:
    """Yield the JSON of a script: all of it, or what it assigns and passes on."""
    text = script.strip()
    if text.startswith("%"):
        text = unquote(text)
    elif text.startswith("{&q;"):
        text = _ANGULAR_RE.sub(lambda match: _ANGULAR[match[1]], text)
    if text[:1] in "{[":
        value = _json(text)
        if value is not None:
            yield value
        return
    done = 0
    for match, _ in zip(_STATE_RE.finditer(text), range(_MAX_STATES), strict=False):
        if match.end() >= done:
            try:
                value, done = _DECODER.raw_decode(text, match.end())
            except json.JSONDecodeError as error:
                done = error.pos
            except RecursionError:
                return
            else:
                yield value


_ANGULAR = {"a": "&", "q": '"', "s": "'", "l": "<", "g": ">"}
_ANGULAR_RE = re.compile("&([aqslg]);")
"""Angular writes its state with escapes of its own."""
_STATE_RE = re.compile(r"""[=(]\s{0,9}(?=[{\[]\s{0,9}["{\[])""")
_DECODER = json.JSONDecoder(strict=False)
_MAX_STATES = 20
"""Objects of a script that are tried: each may be read to its end in vain."""


def _bodies(state: Any) -> Iterator[_Found]:
    """Yield the long strings of a JSON value, and the blocks of text of a list as one."""
    stack: list[tuple[str, Any, tuple[dict[str, Any], ...]]] = [("state", state, ())]
    while stack:
        key, item, owners = stack.pop()
        if isinstance(item, dict):
            chain = (item, *owners)[:_MAX_OWNERS]
            stack += [(str(name), part, chain) for name, part in item.items()]
        elif isinstance(item, list):
            blocks = [text for part in item if (text := _block(part))]
            joined = "".join(f"<p>{text}</p>" for text in blocks)
            if len(blocks) > 1 and _is_article(joined) and not _has_whole(blocks):
                yield _Found(key, joined, owners)
            else:
                stack += [(key, part, owners) for part in item]
        elif isinstance(item, str) and len(item) >= _MIN_ARTICLE:
            inner = _json(item)
            if inner is None:
                yield _Found(key, _plain(item), owners)
            else:
                stack.append((key, inner, owners))


_MAX_OWNERS = 4


def _has_whole(blocks: list[str]) -> bool:
    """Return whether one of the texts of a list is an article of several paragraphs by itself."""
    longest = max(blocks, key=len)
    return _BREAKS_RE.search(longest) is not None and _is_article(longest)


_BREAKS_RE = re.compile(r"</?(?:p|br|div)\b|\n", re.IGNORECASE)


def _block(part: Any, depth: int = 5) -> str:
    """Return the text of a block of an article; empty for an article of a list, or a picture."""
    if isinstance(part, str):
        return part if "<" in part else html.escape(part)
    if isinstance(part, list) and depth:
        return "".join(_block(inner, depth - 1) for inner in part)
    if not isinstance(part, dict) or not _ARTICLE_KEYS.isdisjoint(map(str.lower, part)):
        return ""
    if depth and not _PICTURE_RE.search(str(part.get("type", ""))):
        return next((text for key in _BLOCK_KEYS if (text := _block(part.get(key), depth - 1))), "")
    return ""


_ARTICLE_KEYS = frozenset(
    "title headline url link href newsid articleid docid user userid username nickname".split()
)
_BLOCK_KEYS = "text insert content html value paragraph data children".split()
_PICTURE_RE = re.compile("(?i)im(?:g|age)|video|audio|figure")


def _plain(text: str) -> str:
    return html.unescape(text) if "&lt;" in text and "<" not in text else text


_STRING_RE = re.compile(
    r"""(?:(?<![\w$])([A-Za-z_$][\w$]{0,40}+)["']?\s{0,9}[:=]|[(,\[])\s{0,9}"""
    r"""(?:(?:JSON\.parse|decodeURIComponent|unescape|html\.decode|JsDecode)\(\s{0,9})?"""
    r"""("(?:[^"\\\n]|\\.){80,}+"|'(?:[^'\\\n]|\\.){80,}+')"""
)
"""A string of 80 code points or more that is named or passed on: `content: '…'`, `write("…")`."""


def _strings(script: str) -> Iterator[_Found]:
    """Yield the long strings of a script that hold Chinese."""
    for match in _STRING_RE.finditer(_CONCAT_RE.sub("", script)):
        if _HANZI_RE.search(match[2]):
            text = _unquoted(match[2])
            if _PERCENT_RE.search(text):
                text = unquote(text)
            state = _json(text)
            if state is not None:
                yield from _bodies(state)
            elif _CHUNK_RE.match(text):
                yield from _chunks(text)
            else:
                yield _Found(match[1] or "string", text)


def _chunks(text: str) -> Iterator[_Found]:
    """Yield what the chunks of a page hold that React streams: `5:[…]`, `6:T4d2,text`."""
    for chunk in _CHUNK_RE.split(text):
        state = _json(chunk.strip())
        if state is not None:
            yield from _bodies(state)
        elif chunk[:1] not in "{[":
            yield _Found("chunk", chunk)


_CHUNK_RE = re.compile(r"(?<![^\n>])[0-9a-f]{1,4}:(?=[\[{T])(?:T[0-9a-f]{1,6},)?")
_CONCAT_RE = re.compile(r"""(?:'\s{0,40}\+\s{0,40}'|"\s{0,40}\+\s{0,40}")""")
"""Where a script goes on with a string on the next line."""


_PERCENT_RE = re.compile("%[Ee][4-9]%[0-9A-Fa-f]{2}%")


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


def _is_article(text: str) -> bool:
    return len(text) >= _MIN_ARTICLE and len(_END_RE.findall(_TAG_RE.sub("", text))) >= _MIN_ENDS


_MIN_ARTICLE, _MIN_ENDS = 60, 2
"""Code points and full stops of a string that can be an article."""
_END_RE = re.compile("[。！？]")
_TAG_RE = re.compile("<[^<>]{1,2000}>")


def _lines(text: str) -> list[Line]:
    """Return the lines of an article that is HTML, or text with line breaks."""
    if _TAG_RE.search(text):
        source = text
    else:
        lines = (_GAP_RE.sub("\n", text) if "\n" not in text else text).split("\n")
        source = "<br>".join(map(html.escape, lines))
    root = parse(f"<body>{source}</body>")
    return [line for line in render(root) if not line.hidden] if root is not None else []


_GAP_RE = re.compile("(?<=[。！？”])\u3000{2}")
"""What stands for the break between two paragraphs of a text without line breaks."""
