"""What a browser would not show: elements hidden by attribute, style, class or style sheet."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

HIDING_CLASSES = frozenset(
    "hidden hide d-none display-none displaynone undisplay none sr-only visually-hidden invisible"
    " screen-reader-text ng-hide uk-hidden is-hidden u-hidden".split()
)
"""Class names that the common style sheets (Bootstrap, UIkit, Angular, WordPress) hide by."""


def hides_by_class(names: str) -> bool:
    """Return whether one of the classes hides its element."""
    return not HIDING_CLASSES.isdisjoint(names.split())


_LENGTH = r"\s*:\s*[01](?:\.0+)?(?:px|em|rem|pt|%)?\s*(?:!important\s*)?(?:;|$)"
_HIDING_RE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|(?<![-\w])opacity\s*:\s*(?:0?\.0+|0)\s*(?:!important\s*)?(?:;|$)"
    r"|font-size\s*:\s*0(?:\.0+)?(?:px|em|rem|pt|%)?\s*(?:!important\s*)?(?:;|$)"
    r"|text-indent\s*:\s*-\d{3,}|transform\s*:\s*scale\(0\)|clip-path\s*:\s*inset\((?:50|100)%"
    r"|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]+[01]"
)
_OFF_SCREEN_RE = re.compile(r"(?:left|top|right|bottom|margin-left|margin-top)\s*:\s*-\d{3,}")
_NO_SIZE_RE = re.compile(rf"(?:^|;|\s)(?:max-)?(?:width|height){_LENGTH}")
_COLOUR_RE = re.compile(r"(?:^|;|\s)(background(?:-color)?|color)\s*:\s*([^;!]+)")
_SHOWN_SIZE_RE = re.compile(r"font-size\s*:\s*(?!0(?:\.0+)?(?:px|em|rem|pt|%)?\s*(?:;|$))")
_SHOWN_RE = re.compile(r"visibility\s*:\s*visible")


@functools.lru_cache(maxsize=4096)
def hides(style: str) -> str:
    """Return the property by which an inline style hides its element; empty if it does not.

    >>> hides("position:absolute; left:-9999px"), hides("color: #fff; background: white")
    ('position', 'color')
    >>> hides("line-height: 0; opacity: 0.5; font-size: 0.9em; height: 1px")
    ''
    """
    style = style.lower()
    match = _HIDING_RE.search(style)
    if match:
        return match.group().partition(":")[0].strip()
    if "position" in style and _OFF_SCREEN_RE.search(style):
        return "position"
    if "overflow" in style and "hidden" in style and _NO_SIZE_RE.search(style):
        return "overflow"
    text, ground = colours(style)
    return "color" if text and text == ground else ""


@functools.lru_cache(maxsize=4096)
def colours(style: str) -> tuple[str, str]:
    """Return text colour and background of an inline style, in one spelling; empty if not given.

    >>> colours("color:#FFF;background:url(x.png) white")
    ('ffffff', '')
    """
    found = {"color": "", "background": ""}
    for name, value in _COLOUR_RE.findall(style.lower()):
        found["color" if name == "color" else "background"] = _colour(value.strip())
    return found["color"], found["background"]


def _colour(value: str) -> str:
    value = _NAMED.get(value, value)
    if re.fullmatch("#[0-9a-f]{3}", value):
        return "".join(digit * 2 for digit in value[1:])
    if re.fullmatch("#[0-9a-f]{6}", value):
        return value[1:]
    parts = _RGB_RE.fullmatch(value)
    return "".join(f"{int(part):02x}" for part in parts.groups()) if parts else ""


_RGB_RE = re.compile(r"rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*(?:,\s*1(?:\.0*)?\s*)?\)")


_NAMED = {"white": "#fff", "black": "#000", "red": "#f00", "transparent": "transparent"}


def shows_again(hidden_by: str, style: str) -> bool:
    """Return whether an element inside a hidden one is shown by its own style.

    `font-size: 0` on a container only closes the gaps between its children.
    """
    if hidden_by == "font-size":
        return bool(_SHOWN_SIZE_RE.search(style.lower()))
    return hidden_by == "visibility" and bool(_SHOWN_RE.search(style.lower()))


def hidden_names(sheets: Iterable[str]) -> frozenset[str]:
    """Return the `.class` and `#id` selectors that the page's own style sheets hide.

    Only selectors of one name count, of which the last rule wins; rules for other media (print) do
    not. `opacity` does not count either: sheets fade whole articles in by it.

    >>> sorted(hidden_names([".a, p.b, #c { display: none } @media print { .d {display:none} }"]))
    ['#c', '.a', '.b']
    >>> hidden_names([".a{font-size:0} .b{display:none} .b{display:block}"])
    frozenset({'.a'})
    """
    names: dict[str, bool] = {}
    for sheet in sheets:
        for rule in _AT_RULE_RE.sub(_for_screens, sheet[:_MAX_SHEET_CHARS]).split("}"):
            selectors, _, declarations = rule.partition("{")
            hider = hides(declarations[:_MAX_RULE_CHARS])
            if (hider and hider != "opacity") or "display" in declarations:
                for selector in selectors.split(","):
                    match = _SIMPLE_RE.fullmatch(selector.strip())
                    if match:
                        names[match[1]] = bool(hider)
    return frozenset(name for name, hidden in names.items() if hidden)


def _for_screens(rule: re.Match[str]) -> str:
    """Return what an `@media` rule holds for any screen."""
    return rule["rules"] if rule["media"].strip().lower() in ("screen", "all") else ""


_MAX_SHEET_CHARS = 65_536
_AT_RULE_RE = re.compile(r"@media(?P<media>[^{}@]*+)\{(?P<rules>(?:[^{}]*+\{[^{}]*+\})*+)[^{}]*+\}")
_MAX_RULE_CHARS = 2000
_SIMPLE_RE = re.compile(r"[a-z]*([.#][\w-]+)")
