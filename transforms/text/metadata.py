"""Read title, date, source and people off the page."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.text.records import Page, Rejected

STEP = "extract_metadata"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataConfig:
    """Settings of `extract_metadata`."""

    enabled: bool = True


def extract_metadata(page: Page, config: MetadataConfig) -> Page | Rejected:
    """Read title, date, source and people off the page."""
    return page
