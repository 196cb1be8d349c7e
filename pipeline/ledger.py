"""The account of a run: what came in, and by which door it left."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from pipeline.errors import LedgerError
from pipeline.write import Count

DOORS = ("articles", "duplicates", "rejected", "failed")


def draw_up(read: Iterable[tuple[str, int]], counts: Iterable[Count]) -> dict[str, Any]:
    """Return the ledger: pages read and pages per door, in all, by reason and by input file."""
    files: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: dict[str, Counter[str]] = {door: Counter() for door in DOORS}
    for uri, pages in read:
        files[uri]["read"] += pages
    for count in counts:
        files[count.uri][count.door] += count.pages
        if count.reason:
            reasons[count.door][count.reason] += count.pages
    columns = ("read", *DOORS)
    return {
        **{name: sum(file[name] for file in files.values()) for name in columns},
        "reasons": {door: dict(sorted(found.items())) for door, found in reasons.items() if found},
        "files": {uri: {name: files[uri][name] for name in columns} for uri in sorted(files)},
    }


def check(ledger: dict[str, Any]) -> None:
    """Check that every page read has left by exactly one door.

    Raises:
        LedgerError: names the first file that does not add up.
    """
    for uri, counts in ledger["files"].items():
        left = sum(counts[door] for door in DOORS)
        if counts["read"] != left:
            doors = ", ".join(f"{counts[door]} {door}" for door in DOORS)
            raise LedgerError(f"{uri}: {counts['read']} pages read, but {left} left ({doors})")
