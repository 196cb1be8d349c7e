"""From the source of a page to its element tree and back, whatever the source does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeAlias

from lxml import etree

Element: TypeAlias = Any
"""An `lxml.etree._Element`, for which there are no types."""


def parse(source: str) -> Element | None:
    """Return the root element of an HTML page; None when it has no element.

    libxml2 (2.14, HTML5 tokens) mends what is unclosed and stops at 2,048 nested elements; what
    stands behind is not in the tree.
    NULs are passed over, as the HTML standard asks of a text (13.2.6.4.7).
    """
    try:
        return etree.fromstring(source.replace("\0", "").encode("utf-8", "replace"), _PARSER)
    except etree.XMLSyntaxError:
        return None


_PARSER = etree.HTMLParser(
    encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True
)


def written(root: Element) -> list[str]:
    """Return a page as libxml2 writes it: tags and texts by turns, from tags to tags.

    A piece of tags is all that stands between two texts that are not blank, without its first
    bracket and its last; `>` stands in no attribute, and `/` ends a tag whose element is empty.
    There are five times as many elements as texts, and the pieces between them are alike.

    The tree is used up: attributes that say nothing of an element's text are taken off.
    """
    tops = (root, *root.itersiblings())
    for top in tops:
        etree.strip_attributes(top, *_SILENT)
    root.getroottree().docinfo.clear()
    source = source_of(tops)
    if "&#xFFFD;" in source:
        _protect_controls(tops)
        source = source_of(tops).translate(_CONTROLS)
    return _TEXT_RE.split(source[1:-1])


_SILENT = "href src title alt target width height name onclick content".split()
"""Common attributes that say nothing of an element's text."""
SPACES = " \t\n\r\f"
"""White space in HTML; the ideographic space is text."""
_TEXT_RE = re.compile(f">([{SPACES}]*+[^<{SPACES}][^<]*+)<")
BETWEEN_RE = re.compile(f">([{SPACES}]*+)<")
"""What stands between two tags in a piece of them."""


def source_of(tops: Iterable[Element]) -> str:
    """Return elements as XML. What stands behind `</html>` is an element beside the root."""
    parts = [etree.tostring(top, encoding="unicode", with_tail=False) for top in tops]
    return "".join(parts).replace("&#13;", "\r")


def _protect_controls(tops: Iterable[Element]) -> None:
    """Put noncharacters in place of control characters, which XML does not have."""
    for element in (element for top in tops for element in top.iter()):
        for name in ("text", "tail"):
            text = getattr(element, name)
            if text and (safe := text.translate(_STAND_INS)) != text:
                setattr(element, name, safe)


_STAND_INS = {code: 0xFDD0 + code for code in range(1, 32) if chr(code) not in SPACES} | {12: 32}
"""Thirty-two code points that Unicode keeps for such use; a form feed is white space in HTML."""
_CONTROLS = {safe: code for code, safe in _STAND_INS.items() if code != 12}


def unescape(text: str) -> str:
    """Return a text with the references undone that libxml2 writes."""
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&#xFFFD;", "\ufffd")
    return text.replace("&amp;", "&")


def was_cut(root: Element) -> bool:
    """Return whether the tree ends where elements were nested too deep."""
    depth, node = 0, root
    while len(node) and depth <= _MAX_DEPTH:
        depth, node = depth + 1, node[-1]
    return depth > _MAX_DEPTH


_MAX_DEPTH = 2000
"""Libxml2 gives up at 2,048 levels; its last branch then goes all the way down."""


def has_more_tags(source: str, limit: int) -> bool:
    """Return whether more than `limit` elements begin in a source.

    >>> has_more_tags("a < b" * 9 + "<p>" * 3, 2), has_more_tags("a < b" * 9, 2)
    (True, False)
    """
    return source.count("<") > limit and len(_BEGINNING_RE.findall(source)) > limit


_BEGINNING_RE = re.compile("<[a-zA-Z]")


def has_endless_tag(source: str) -> bool:
    """Return whether a tag has more attributes than any page needs.

    libxml2 takes time that grows with their square: 131 s for 100,000 of them. The pattern is the
    grammar of HTML5 tags, possessive throughout: one pass, whatever the source.

    >>> has_endless_tag("<p " + " ".join(f"a{n}" for n in range(3000)) + ">")
    True
    """
    if len(source) < 4 * _MAX_ATTRIBUTES:
        return False
    match = _PLAIN_TAGS_RE.match(source)
    return match is None or match.end() < len(source)


_MAX_ATTRIBUTES = 2000
"""0.05 s of parsing; no page of html_gne and html_misc has a tag with 50."""
_ATTRIBUTE = (
    r"[\s/]*+[^\s/>][^\s/>=]*+"
    r"""(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+))?+"""
)
_PLAIN_TAGS_RE = re.compile(
    r"""(?:[^<]*+<(?:/|[a-z]++(?: [a-z-]++="[^"]*+"){0,50}+>|(?![a-zA-Z])"""
    rf"|[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE}){{0,{_MAX_ATTRIBUTES}}}+(?!{_ATTRIBUTE})))*+[^<]*+"
)
"""Ends of elements, beginnings written as by the book, and all others."""
