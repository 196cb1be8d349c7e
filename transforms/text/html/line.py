"""A line of a rendered page: its text, as HTML shows it, and where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from transforms.text.html.markup import SPACES

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


@dataclass(slots=True)
class Line:
    """One line of the rendered page.

    Attributes:
        text: without the white space that HTML does not show.
        n_linked: code points of it that are links.
        depth: number of blocks around it.
        low: the least depth between the line before and this one; what both have in common.
        tag: the block it is in.
        part: the part of the page it is in, where an element or its name says one.
        namer: number of the element that says so, from 1.
        hidden: the property that hides it; empty if it is seen.
        hider: number of the element that hides it, from 1.
        ruled: what a rule for the site says of it: `body`, `noise` or nothing.
        weight: code points that count as prose, once they were counted.
    """

    text: str
    n_linked: int
    depth: int
    low: int
    tag: str
    part: str
    namer: int
    hidden: str
    hider: int
    ruled: str
    weight: float = -1.0


OPEN, CLOSE = "\x01", "\x02"
"""Stand in a line for the ends of the elements inside it; HTML has no such characters."""
_ENDS_RE = re.compile(f"[{OPEN}{CLOSE}]+")
_GAP_RE = re.compile(f"[ \t\n\r\f]*{CLOSE}[ \t\n\r\f{OPEN}{CLOSE}]*|(?<![:：{CLOSE}]){OPEN}+")
LABELS_RE = re.compile(
    r"19\d\d ?[-/.年] ?\d|20\d\d ?[-/.年] ?\d|来源|來源|作者|记者|記者|编辑|编輯|編辑|編輯"
    r"|责编|责編|責编|責編|发布|发表|發布|發表"
)
"""Every branch begins with a letter or a digit, so that `re` looks for those first."""
_MAX_LABELS = 150


def joined(pieces: list[str]) -> str:
    """Return a line; in a row of labels two spaces stand where an element ends.

    Such rows are set apart by style sheets: `<span>2024-08-06</span><span>江城日报</span>`.
    """
    text = "".join(pieces).strip(_MARGIN)
    if OPEN not in text and CLOSE not in text:
        return squeeze(text)
    plain = squeeze(text.replace(OPEN, "").replace(CLOSE, ""))
    if len(plain) > _MAX_LABELS or "。" in plain or not LABELS_RE.search(plain):
        return plain
    parts = (squeeze(_ENDS_RE.sub("", part)) for part in _GAP_RE.split(text))
    return "  ".join(filter(None, parts))


_MARGIN = SPACES + OPEN + CLOSE
_SPACE_RE = re.compile(r"[ \t\n\r\f]+")
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_BREAK_RE = re.compile(rf"(?<=[{_WIDE}])[ \t]*[\n\r][ \t\n\r\f]*(?=[{_WIDE}])")


def squeeze(text: str) -> str:
    r"""Return `text` as HTML shows it: white space is one space, a break inside Chinese is none.

    >>> squeeze(" 会议\n  强调 　要 ")
    '会议强调 　要'
    """
    text = text.strip(SPACES)
    if "\n" in text or "\r" in text:
        text = _BREAK_RE.sub("", text)
    elif "  " not in text and "\t" not in text:
        return text
    return _SPACE_RE.sub(" ", text)
