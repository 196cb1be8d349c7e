"""Whether a text is the source of an HTML page."""

from __future__ import annotations

import re


def is_html(text: str) -> bool:
    r"""Return whether `text` begins as an HTML document does; an article on HTML does not.

    >>> is_html('\ufeff<?xml version="1.0"?>\n<!-- made by hand --><!DOCTYPE html>')
    True
    >>> is_html("<html>标签是网页的根")
    False
    """
    return text[:64].lstrip(_BLANK)[:1] == "<" and bool(_OPENING_RE.match(text[:_PROLOG_CHARS]))


_BLANK = " \t\r\n\f\ufeff"
_PROLOG_CHARS = 4096
_OPENING_RE = re.compile(
    rf"[{_BLANK}]*+(?:<\?xml[^>]*+>[{_BLANK}]*+|<!--(?:[^-]|-(?!->))*+-->[{_BLANK}]*+)*+"
    rf"(?:<!doctype\s+html\b|<html(?:\s[^>]*+)?>[{_BLANK}]*+<)",
    re.IGNORECASE,
)
