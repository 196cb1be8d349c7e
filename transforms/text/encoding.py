"""Decode a page's bytes."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.text.records import Page, RawPage, Rejected

STEP = "detect_encoding"


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodingConfig:
    """Settings of `detect_encoding`."""


def detect_encoding(raw: RawPage, config: EncodingConfig) -> Page | Rejected:
    """Decode the page's bytes."""
    text = raw.data.decode("utf-8", "replace")
    return Page(raw.origin, text, n_chars_raw=len(text), meta=raw.given)
