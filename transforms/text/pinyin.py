"""Take out pinyin annotations that a mirror put behind characters."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.text.records import Page, Rejected

STEP = "strip_pinyin"


@dataclass(frozen=True, slots=True, kw_only=True)
class PinyinConfig:
    """Settings of `strip_pinyin`."""

    enabled: bool = True


def strip_pinyin(page: Page, config: PinyinConfig) -> Page | Rejected:
    """Take out pinyin annotations that a mirror put behind characters."""
    return page
