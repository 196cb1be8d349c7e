r"""Characters written out: entities, `\uXXXX`, `%XX`; and the marks that lost text leaves."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from transforms.text import charmodel
from transforms.text.mojibake.damage_gate import is_foreign
from transforms.text.mojibake.draft import Change

_ENTITY_RE = re.compile(
    "&(?:amp;){0,9}(?:#[0-9]{2,7}|#[xX][0-9a-fA-F]{2,6}|nbsp|[lr][ds]quo|middot|[mn]dash|hellip|bull"
    "|quot|amp|lt|gt|e[nm]sp|thinsp|times|copy|reg|trade|deg|yen|euro|[lr]aquo|apos);"
)
_ESCAPE_RE = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_PERCENTS_RE = re.compile("%[0-9a-fA-F]{2}%")
_PERCENT_RE = re.compile(r"(?<![\w/?=&%.+\-])(?:%[0-9a-fA-F]{2}){3,}(?![\w%/?=&+])")

_JUNK_RE = re.compile(
    "(?P<lost>(?:锟斤[拷铐]|锟叫|ï¿½|锟(?=\ufffd))+\ufffd?)"
    "|(?P<uninitialised>[烫燙]{4,}|屯{4,}|葺{4,})|(?P<bom>锘[縜縱挎]|ï»¿)"
)

JUNK_SIGNS = ("锟", "烫烫烫烫", "燙燙燙燙", "屯屯屯屯", "葺葺葺葺", "锘", "ï¿½", "ï»¿")


def entities(text: str) -> Iterator[Change]:
    """Yield the character behind each entity that a page may hold, however often escaped."""
    if "&" not in text:
        return
    for found in _ENTITY_RE.finditer(text):
        after = found[0]
        for _ in range(9):
            after = html.unescape(after)
        if not "\ud800" <= after <= "\udfff":
            yield Change(*found.span(), after, "entities")


def unicode_escapes(text: str) -> Iterator[Change]:
    r"""Yield what `\uXXXX` stand for, on a page where they stand for more than Latin text."""
    if "\\u" not in text:
        return
    changes = []
    for found in _ESCAPE_RE.finditer(text):
        data = bytes.fromhex(found[0].replace("\\u", ""))
        after = data.decode("utf-16-be", "replace")
        if "\ufffd" not in after:
            changes.append(Change(*found.span(), after, "unicode_escapes"))
    if any(max(c.after) >= "\u2000" for c in changes):
        yield from changes


def percent_escapes(text: str) -> Iterator[Change]:
    """Yield what `%XX` outside of addresses stand for, where that is Chinese."""
    if "%" not in text or not _PERCENTS_RE.search(text) or is_foreign(text):
        return
    for found in _PERCENT_RE.finditer(text):
        data = unquote_to_bytes(found[0])
        for codec, worst in (("utf-8", -30.0), ("gb18030", -9.5)):
            try:
                after = data.decode(codec)
            except UnicodeDecodeError:
                continue
            if max(after) >= "\u2000" and charmodel.mean(after) > worst:
                yield Change(*found.span(), after, "percent_escapes")
                break


def junk(text: str) -> Iterator[Change]:
    """Yield U+FFFD for what a lost character turned into, and nothing for uninitialised memory."""
    if not any(sign in text for sign in JUNK_SIGNS):
        return
    for found in _JUNK_RE.finditer(text):
        kind = str(found.lastgroup)
        yield Change(*found.span(), "\ufffd" if kind == "lost" else "", f"{kind}_junk")
