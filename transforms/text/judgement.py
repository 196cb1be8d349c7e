"""Decide whether what is left is an article."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.text.records import Page, Rejected

STEP = "judge_page"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementConfig:
    """Settings of `judge_page`."""

    enabled: bool = True


def judge_page(page: Page, config: JudgementConfig) -> Page | Rejected:
    """Decide whether what is left is an article."""
    return page
