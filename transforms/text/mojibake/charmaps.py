"""Characters that stand for others: private use, radicals, compatibility forms, controls."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

from transforms.text.mojibake.damage_gate import holds_any
from transforms.text.mojibake.draft import Change

_VERTICAL_FORMS = "︐︒︑︓︔︕︖︗︘︙"
_ROW_FE = {
    0xE81E: 0x9FB4,
    0xE826: 0x9FB5,
    0xE82B: 0x9FB6,
    0xE82C: 0x9FB7,
    0xE832: 0x9FB8,
    0xE843: 0x9FB9,
    0xE854: 0x9FBA,
    0xE864: 0x9FBB,
    0xE816: 0x20087,
    0xE817: 0x20089,
    0xE818: 0x200CC,
    0xE831: 0x215D7,
    0xE83B: 0x2298F,
    0xE855: 0x241FE,
}
"""GB 18030-2022: characters that Python's `gb18030` still maps to private use."""

_RADICALS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺇几⺈刀⺉刂⺋㔾⺌小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺝月⺞歺⺟母⺠民⺡氵"
    "⺢水⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺫罒⺬礻⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒⺳罓⺶羊⺷羊⺹耂⺻肀⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀"
    "⻄西⻅见⻆角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻡首"
    "⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
"""Pairs of a CJK radical and the ideograph it equals (Unicode, EquivalentUnifiedIdeograph.txt)."""

_ZERO_WIDTH = (0xAD, 0x180E, *range(0x200B, 0x2010), 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0xFEFF)
_BIDI = (*range(0x202A, 0x202F), *range(0x2066, 0x2070))
_CONTROL = (
    *range(0x09),
    0x0B,
    0x0C,
    *range(0x0E, 0x20),
    *range(0x7F, 0xA0),
    *range(0xFFF9, 0xFFFD),
)
_BREAKS = (0x85, 0x2028, 0x2029)


INVISIBLE = ("zero_width", "bidi_control", "control", "line_separator")


@functools.cache
def _maps() -> dict[str, tuple[str, str]]:
    """Return character → (replacement, reason)."""
    table = {0xE5E5: 0x3000} | _ROW_FE
    table |= {0xE78D + at: ord(form) for at, form in enumerate(_VERTICAL_FORMS)}
    for code in range(0xE815, 0xE865):
        trail = 0x50 + code - 0xE815
        _add_gb18030(table, code, bytes([0xFE, trail + (trail >= 0x7F)]))
    for code in range(0xE7E7, 0xE7F4):
        _add_gb18030(table, code, bytes([0xA9, 0x89 + code - 0xE7E7]))
    table |= {0xE7C7: 0x1E3F, 0xE7C8: 0x01F9}
    maps = {chr(code): (chr(to), "private_use") for code, to in table.items()}
    for first, stop, reason in (
        (0x2F00, 0x2FD6, "radical"),
        (0xF900, 0xFB00, "compat_ideograph"),
        (0x2F800, 0x2FA1E, "compat_ideograph"),
    ):
        for code in range(first, stop):
            plain = unicodedata.normalize("NFKC", chr(code))
            if plain != chr(code):
                maps[chr(code)] = (plain, reason)
    maps |= {a: (b, "radical") for a, b in zip(_RADICALS[::2], _RADICALS[1::2], strict=True)}
    for reason, after, codes in (
        ("zero_width", "", _ZERO_WIDTH),
        ("bidi_control", "", _BIDI),
        ("control", "", _CONTROL),
        ("line_separator", "\n", _BREAKS),
    ):
        maps |= {chr(code): (after, reason) for code in codes}
    return maps


def _add_gb18030(table: dict[int, int], code: int, data: bytes) -> None:
    plain = data.decode("gb18030")
    if not "\ue000" <= plain <= "\uf8ff":
        table.setdefault(code, ord(plain))


@functools.cache
def _mapped_re() -> re.Pattern[str]:
    """Return a pattern of two classes: `re` looks the first up in a bit map, but not a mix."""
    basic = "".join(re.escape(c) for c in sorted(_maps()) if c <= "\uffff")
    return re.compile(f"[{basic}]|[\U0002f800-\U0002fa1d]")


@functools.cache
def members() -> str:
    """Return the characters that are mapped."""
    return "".join(_maps())


_JOINED_RE = re.compile("[\u0600-\u1cff\U0001f000-\U0001faff\u2600-\u27bf\ufe0f][\u200c\u200d]")
_GB2312_RE = re.compile("(?<=[\u4e00-\u9fff])[・―]+(?=[\u4e00-\u9fff])")
_GB2312 = str.maketrans("・―", "·—")


def mapped(text: str) -> Iterator[Change]:
    """Yield the replacement of characters that stand for others or for nothing, run by run.

    A joiner inside an emoji or a script that joins its letters stays.
    """
    if not holds_any(text, members()):
        return
    run: Change | None = None
    for found in _mapped_re().finditer(text):
        after, reason = _maps().get(found[0], (found[0], "compat_ideograph"))
        start, stop = found.span()
        if reason == "zero_width" and start and _JOINED_RE.match(text, start - 1):
            continue
        if run and run.stop == start and run.reason == reason:
            run = Change(run.start, stop, run.after + after, reason)
            continue
        if run:
            yield run
        run = Change(start, stop, after, reason)
    if run:
        yield run


def invisible(text: str) -> Iterator[Change]:
    """Yield the removal of characters that cannot be seen, and of nothing else."""
    return (c for c in mapped(text) if c.reason in INVISIBLE)


def gb2312_symbols(text: str) -> Iterator[Change]:
    """Yield `·` and `—` for what Python's `gb2312` makes of them, between hanzi.

    Only on pages that can have come out of that codec: they have no other character than its own.
    """
    if "・" not in text and "―" not in text:
        return
    try:
        text.replace("\ufffd", "").encode("gb2312")
    except UnicodeEncodeError:
        return
    for found in _GB2312_RE.finditer(text):
        yield Change(*found.span(), found[0].translate(_GB2312), "gb2312_symbol")
