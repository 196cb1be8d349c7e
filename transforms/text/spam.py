"""Take spam blocks out."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.text.records import Page, Rejected

STEP = "strip_spam"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamConfig:
    """Settings of `strip_spam`."""

    enabled: bool = True


def strip_spam(page: Page, config: SpamConfig) -> Page | Rejected:
    """Take spam blocks out."""
    return page
