"""What a run tells when it is done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console

from pipeline.columns import in_columns
from pipeline.inputs import Inputs, ranked
from pipeline.ledger import DOORS

_SHORTEST_SECONDS = 30.0
"""A run that takes less is given no rate: the start of the workers, 2 s or more, would show."""

_TOLD = {
    "articles": "",
    "rejected": "[['source_uri', 'reason', 'detail']]",
    "failed": "[['source_uri', 'record', 'error']]",
}
"""What to look at, by dataset."""


def print_summary(
    ledger: dict[str, Any],
    inputs: Inputs,
    output: Path,
    run_id: str,
    seconds: float,
    console: Console,
) -> None:
    """Print where the pages went, how fast, and how to open what there is.

    Args:
        ledger: as `draw_up` returned it.
        inputs: what was read, and what was left out.
        output: the output directory.
        run_id: the run's name.
        seconds: what reading, cleaning and writing took.
        console: where to.
    """
    fast = f"{ledger['read'] / seconds:,.0f} pages/s" if seconds >= _SHORTEST_SECONDS else ""
    why = {door: ranked(ledger["reasons"].get(door, {})) for door in DOORS}
    counts = [(name, f"{ledger[name]:,}", told) for name, told in {**why, "read": fast}.items()]
    lines = list(in_columns([("door", "pages", "why"), *counts], right={1}))
    if inputs.ignored():
        lines.append(inputs.ignored())
    if ledger["duplicates"] and not ledger["articles"]:
        lines.append(
            "no page is new: earlier runs in this directory have them all; to clean them again "
            "give another --output, or the run's own --run-id with --replace"
        )
    there = [door for door in _TOLD if ledger[door]]
    lines.append(f"run {run_id} is in {output}{'; for example' if there else ''}")
    for door in there:
        table = f"pandas.read_parquet('{output}/{door}'){_TOLD[door]}"
        lines.append(f'  python -c "import pandas; print({table})"')
    console.print("\n".join(lines), markup=False)
