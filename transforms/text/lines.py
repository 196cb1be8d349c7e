"""Mend paragraphs and trim the layout."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.text.records import Page, Rejected

STEP = "rejoin_lines"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesConfig:
    """Settings of `rejoin_lines`."""

    enabled: bool = True


def rejoin_lines(page: Page, config: LinesConfig) -> Page | Rejected:
    """Mend paragraphs and trim the layout."""
    return page
