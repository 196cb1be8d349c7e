"""The edits between a text and what a conversion made of it; and metadata that follow the text."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from transforms.text.records import Edit, Metadata
from transforms.text.script.conversion import code_points

_SEPARATOR_RE = re.compile(r"([\s，。、；：？！“”「」『』（）《》]+)")
"""Where a text may be cut before and after its conversion alike: no phrase holds one of these."""


def aligned_rewrites(
    text: str, converted: str, final: str, offset: int, step: str, reasons: tuple[str, str]
) -> list[Edit]:
    """Return one edit per run of characters that differ, for texts of one length.

    Args:
        text: what entered the step, from `offset` on.
        converted: what the conversion made of it; what differs here only has the first reason.
        final: what its corrections made of that; what differs from `converted` has the second.
        offset: where `text` begins in the page.
        step: name of the step.
        reasons: of the conversion and of its corrections.
    """
    old, mid, new = map(code_points, (text, converted, final))
    kinds = np.zeros(len(old) + 2, np.int8)
    kinds[1:-1] = new != old
    kinds[1:-1] <<= new != mid
    edges = (kinds[1:] != kinds[:-1]).nonzero()[0]
    at = edges.tolist()
    runs = zip(at, at[1:], kinds[edges[1:]].tolist(), strict=False)
    return [
        Edit._make((step, reasons[of - 1], offset + a, offset + b, text[a:b], final[a:b]))
        for a, b, of in runs
        if of
    ]


def phrase_rewrites(
    text: str, converted: str, final: str, offset: int, step: str, reasons: tuple[str, str]
) -> list[Edit]:
    """Return the edits between texts whose phrases may have changed their length.

    They are compared from mark to mark; a stretch that has another length is one edit.
    """
    edits: list[Edit] = []
    for old, mid, new in zip(*map(_SEPARATOR_RE.split, (text, converted, final)), strict=True):
        if len(old) == len(new):
            edits += aligned_rewrites(old, mid, new, offset, step, reasons)
        else:
            edits.append(_trimmed(Edit(step, reasons[0], offset, offset + len(old), old, new)))
        offset += len(old)
    return edits


def _trimmed(edit: Edit) -> Edit:
    """Return `edit` without the ends that both of its texts share."""
    old, new = edit.before, edit.after
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    rest = shorter - head
    tail = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    before, after = old[head : len(old) - tail], new[head : len(new) - tail]
    return Edit(edit.step, edit.reason, edit.start + head, edit.stop - tail, before, after)


def with_texts(meta: Metadata, change: Callable[[str], str]) -> Metadata:
    """Return `meta` with `change` made to every text in it but the one that is kept verbatim."""
    changes: dict[str, Any] = {}
    for name in _TEXTS:
        if value := getattr(meta, name):
            changes[name] = change(value)
    for name in _LISTS:
        if values := getattr(meta, name):
            changes[name] = tuple(map(change, values))
    return dataclasses.replace(meta, **changes) if changes else meta


def texts_of(meta: Metadata) -> list[str]:
    """Return every text that `with_texts` would change."""
    texts = [getattr(meta, name) for name in _TEXTS]
    return [*filter(None, texts), *(text for name in _LISTS for text in getattr(meta, name))]


_TEXTS = ("title", "source", "site", "section")
_LISTS = ("authors", "editors", "captions", "keywords")
