"""Beam PTransforms of newsclean, one per cleaning step, each usable alone in any pipeline.

The exports are loaded on first use, so that `transforms.text` can be used without Beam.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOME = {
    "DetectEncoding": "transforms.cleaning",
    "ExtractHtml": "transforms.cleaning",
    "RepairMojibake": "transforms.cleaning",
    "StripPinyin": "transforms.cleaning",
    "StripSpam": "transforms.cleaning",
    "ExtractMetadata": "transforms.cleaning",
    "StripBoilerplate": "transforms.cleaning",
    "RejoinLines": "transforms.cleaning",
    "ToSimplified": "transforms.cleaning",
    "JudgePage": "transforms.cleaning",
    "Dedupe": "transforms.dedupe",
    "CountSiteLines": "transforms.site_lines",
}

__all__ = sorted(_HOME)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'transforms' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)
