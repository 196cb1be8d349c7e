"""From the source of a page to its element tree, whatever the source does."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from lxml import etree

Element: TypeAlias = Any
"""An `lxml.etree._Element`, for which there are no types."""


def parse(source: str) -> Element | None:
    """Return the root element of an HTML page; None when it has no element.

    libxml2 (2.14, HTML5 tokens) mends what is unclosed and stops at 2,048 nested elements; what
    stands behind is not in the tree.
    """
    try:
        return etree.fromstring(source.encode("utf-8", "replace"), _PARSER)
    except etree.XMLSyntaxError:
        return None


_PARSER = etree.HTMLParser(
    encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True
)


def was_cut(root: Element) -> bool:
    """Return whether the tree ends where elements were nested too deep."""
    depth, node = 0, root
    while len(node) and depth <= _MAX_DEPTH:
        depth, node = depth + 1, node[-1]
    return depth > _MAX_DEPTH


_MAX_DEPTH = 2000
"""Libxml2 gives up at 2,048 levels; its last branch then goes all the way down."""


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
    r"(?:[^<]++|<(?:(?![a-zA-Z])|[a-zA-Z][^\s/>]*+"
    rf"(?:{_ATTRIBUTE}){{0,{_MAX_ATTRIBUTES}}}+(?!{_ATTRIBUTE})))*+"
)
