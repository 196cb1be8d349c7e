"""Build what a configuration stands for once a process."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar

Config = TypeVar("Config")
Built = TypeVar("Built")


def built_once(build: Callable[[Config], Built]) -> Callable[[Config], Built]:
    """Return `build` with its results kept by the identity of its argument.

    A configuration holds a hundred records: hashing them costs more than reading a page.
    """
    kept: dict[int, tuple[Config, Built]] = {}

    @functools.wraps(build)
    def get(config: Config) -> Built:
        entry = kept.get(id(config))
        if entry is None or entry[0] is not config:
            entry = kept[id(config)] = (config, build(config))
        return entry[1]

    return get
