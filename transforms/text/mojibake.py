"""Undo wrong decodings."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.text.records import Page, Rejected

STEP = "repair_mojibake"


@dataclass(frozen=True, slots=True, kw_only=True)
class MojibakeConfig:
    """Settings of `repair_mojibake`."""

    enabled: bool = True


def repair_mojibake(page: Page, config: MojibakeConfig) -> Page | Rejected:
    """Undo wrong decodings."""
    return page
