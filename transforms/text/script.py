"""Scripts: which one a text is written in, and the way to simplified."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from opencc import OpenCC

from transforms.text.records import Page, Rejected

STEP = "to_simplified"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptConfig:
    """Settings of `to_simplified`."""

    enabled: bool = True


@functools.cache
def simplified_characters() -> dict[int, int]:
    """Return traditional → simplified code points, for characters that stay one character."""
    (stage,) = OpenCC("t2s")._dict_chain_data
    table: dict[int, int] = {}
    for _, _, level in stage:
        for key, value in level.items():
            first = value.split(" ")[0]
            if len(key) == 1 == len(first) and key != first:
                table.setdefault(ord(key), ord(first))
    return table


def to_simplified(page: Page, config: ScriptConfig) -> Page | Rejected:
    """Convert the page to simplified script."""
    return page
