"""What a run tells when it is done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from pipeline.ledger import DOORS

_MOST_REASONS = 6


def print_summary(
    ledger: dict[str, Any], output: Path, run_id: str, seconds: float, console: Console
) -> None:
    """Print where the pages went, how fast, and how to open the result."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name, justify in (("door", "left"), ("pages", "right"), ("why", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for door in DOORS:
        table.add_row(door, f"{ledger[door]:,}", _reasons(ledger["reasons"].get(door, {})))
    table.add_row("read", f"{ledger['read']:,}", f"{ledger['read'] / max(seconds, 1e-9):,.0f}/s")
    console.print(table)
    if ledger["duplicates"] and not ledger["articles"]:
        console.print(
            "no page is new: earlier runs in this directory have them all; to clean them again "
            "give another --output, or the run's own --run-id with --replace"
        )
    console.print(f"run [bold]{run_id}[/] is in {output}; for example")
    console.print(f"  python -c \"import pandas; print(pandas.read_parquet('{output}/articles'))\"")


def _reasons(counts: dict[str, int]) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = [f"{reason} {count:,}" for reason, count in ranked[:_MOST_REASONS]]
    return ", ".join(shown) + (", …" if len(ranked) > _MOST_REASONS else "")
