"""What the attributes of an element say of the lines in it."""

from __future__ import annotations

import functools
import html
import re
from typing import NamedTuple

from transforms.text.html.parts import part_of_names
from transforms.text.html.visibility import colours, hides, hides_by_class, shows_again

RULED = "newsclean-ruled"
"""Attribute by which a rule for the site marks its elements, with `body` or `noise`."""


class Traits(NamedTuple):
    """What the attributes of an element say.

    Attributes:
        part: the part of the page that it is.
        hidden: the property that hides it.
        ruled: what a rule for the site calls it.
        style: its inline style.
        colour: of its text; likewise `ground`, of what is behind it.
    """

    part: str
    hidden: str
    ruled: str
    style: str
    colour: str
    ground: str


def traits_of(tag: str, hidden_names: frozenset[str]) -> Traits | None:
    """Return what the attributes of a tag say, as libxml2 writes it; None for nothing.

    Args:
        tag: without its brackets.
        hidden_names: selectors that the page's own style sheets hide.
    """
    given = _ATTRIBUTE_RE.findall(tag)
    if not given:
        return None
    said = _said_by(tuple([(name, html.unescape(value[:_MAX_VALUE])) for name, value in given]))
    if not hidden_names or (said and said.hidden):
        return said
    names = {f"{_SELECTORS[n]}{word}" for n, v in given if n in _SELECTORS for word in v.split()}
    if names.isdisjoint(hidden_names):
        return said
    return (said or _NOTHING)._replace(hidden="style sheet")


_ATTRIBUTE_RE = re.compile(rf' (class|id|style|hidden|aria-hidden|{RULED})="([^"]*)"')
_MAX_VALUE = 2000
"""Code points of a class, an id or a style that are read; they are kept for the next page."""
_SELECTORS = {"class": ".", "id": "#"}
_NOTHING = Traits("", "", "", "", "", "")


@functools.lru_cache(maxsize=4096)
def _said_by(given: tuple[tuple[str, str], ...]) -> Traits | None:
    """Return what attributes say; many elements of a site have the same."""
    values = dict(given)
    classes, style = values.get("class", ""), values.get("style", "")
    if values.get("hidden", "until-found") != "until-found":
        hider = "hidden"
    elif values.get("aria-hidden") == "true":
        hider = "aria-hidden"
    else:
        hider = (style and hides(style)) or ("class" if hides_by_class(classes) else "")
    part, ruled = part_of_names(classes, values.get("id", "")), values.get(RULED, "")
    text, ground = colours(style) if style else ("", "")
    shows = style and (shows_again("font-size", style) or shows_again("visibility", style))
    said = part or hider or ruled or text or ground or shows
    return Traits(part, hider, ruled, style, text, ground) if said else None
