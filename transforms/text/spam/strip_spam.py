"""Take out what somebody put on the page to be found by search engines.

Words alone never delete prose: a block goes by its shape together with its words, its script or
its repetitions, a single line by its words together with its place. What cannot be cut out raises
a flag (`transforms/text/judgement/suspicion.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from transforms.text.judgement.suspicion import word_flags
from transforms.text.records import Edit, Flag, Page, Rejected, apply_edits
from transforms.text.spam.blocks import (
    blocks,
    foreign_lists,
    marked_tails,
    title_lists,
    wrapped_lists,
)
from transforms.text.spam.lines import (
    contacts,
    datelines,
    headlines,
    jammers,
    keywords,
    list_items,
    lone_titles,
)
from transforms.text.spam.sheet import Finding, Sheet, SpamConfig

__all__ = ["STEP", "SpamConfig", "strip_spam"]

STEP = "strip_spam"

Rule = Callable[[Sheet], Iterator[Finding]]

UNPROMPTED: tuple[Rule, ...] = (
    blocks,
    wrapped_lists,
    foreign_lists,
    list_items,
    jammers,
)
"""Rules that work without a known word."""

PROMPTED: tuple[Rule, ...] = (
    marked_tails,
    title_lists,
    lone_titles,
    headlines,
    contacts,
    datelines,
    keywords,
)
"""Rules that need a known word, template phrase or prompt somewhere on the page."""


def strip_spam(page: Page, config: SpamConfig) -> Page | Rejected:
    """Take spam blocks out."""
    sheet = Sheet(page.text, config)
    rules = (*UNPROMPTED, *PROMPTED) if sheet.alarmed else UNPROMPTED
    found = _merged([finding for rule in rules for finding in rule(sheet)])
    edits = [
        Edit(STEP, reason, start, stop, page.text[start:stop])
        for start, stop, reason in _whole_lines(page.text, found)
    ]
    flags = [Flag.JAMMER_TEXT] if any(edit.reason == "spam_jammer" for edit in edits) else []
    if sheet.alarmed:
        flags += word_flags(apply_edits(page.text, edits), sheet.lexicon)
    return page.revised(edits, flags=flags) if edits or flags else page


def _merged(found: list[Finding]) -> list[Finding]:
    """Return the findings in order, those that overlap as one under the rule that comes first."""
    merged: list[Finding] = []
    for finding in sorted(found, key=lambda finding: finding.start):
        if merged and finding.start < merged[-1].stop:
            last = merged[-1]
            reason = min(last.reason, finding.reason, key=PRECEDENCE.index)
            merged[-1] = Finding(last.start, max(last.stop, finding.stop), reason)
        else:
            merged.append(finding)
    return merged


PRECEDENCE = (
    "spam_marker",
    "spam_title_line",
    "spam_block",
    "spam_list_item",
    "spam_contact",
    "spam_keyword",
    "spam_jammer",
)
"""The rules: what more than one of them finds goes by the first."""


def _whole_lines(text: str, found: list[Finding]) -> Iterator[Finding]:
    """Widen findings over the spaces around them, and over the break of a line they leave empty."""
    done = 0
    for start, stop, reason in found:
        head = start
        while head > done and text[head - 1].isspace() and text[head - 1] != "\n":
            head -= 1
        opens = head == 0 or text[head - 1] == "\n"
        foot = _SPACES_RE.match(text, stop).end()  # type: ignore[union-attr]
        closes = foot == len(text) or text[foot] == "\n"
        if opens and closes:
            stop, start = (foot + 1, head) if foot < len(text) else (foot, max(done, head - 1))
        elif closes:
            start, stop = head, foot
        done = stop
        yield Finding(start, stop, reason)


_SPACES_RE = re.compile(r"[^\S\n]*")
