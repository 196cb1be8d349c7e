"""Live counts of a run, through small files: works in every process, on every runner."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

_INTERVAL_SECONDS = 0.5


class Tally:
    """Counts of one worker, put where the driver finds them at most twice a second."""

    def __init__(self, directory: str) -> None:
        self._path = Path(directory, f"{uuid.uuid4().hex}.json")
        self._counts: Counter[str] = Counter()
        self._written = 0.0

    def add(self, name: str, count: int = 1) -> None:
        """Count something; `name` is that of a door, or `read`."""
        self._counts[name] += count
        if time.monotonic() - self._written > _INTERVAL_SECONDS:
            self.write()

    def write(self) -> None:
        """Put the counts where the driver finds them."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".tmp")
        fresh.write_text(json.dumps(self._counts))
        fresh.replace(self._path)
        self._written = time.monotonic()


def read_tallies(directory: Path) -> Counter[str]:
    """Return the sum of what all workers have counted so far."""
    total: Counter[str] = Counter()
    for path in directory.glob("*.json"):
        total.update(json.loads(path.read_text()))
    return total


@contextmanager
def show_progress(directory: Path, total: int | None, console: Console) -> Iterator[None]:
    """Show pages, pages per second and doors on one line while a run goes on.

    Args:
        directory: where the workers put their counts.
        total: pages to be read, where it is known beforehand.
        console: on a terminal the line moves; elsewhere one is printed every ten seconds.
    """
    columns = (
        TextColumn("{task.fields[stage]}"),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:,.0f} pages  {task.fields[rate]:,.0f}/s  {task.fields[doors]}"),
        TimeElapsedColumn(),
    )
    live = console.is_terminal
    interval = 0.5 if live else 10.0
    begun = time.monotonic()
    done = threading.Event()
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=total, stage="reading", rate=0.0, doors="")

        def follow() -> None:
            while not done.wait(interval):
                counts = read_tallies(directory)
                read = counts.pop("read", 0)
                rate = read / (time.monotonic() - begun)
                stage = "writing" if counts.pop("shards", 0) else "cleaning"
                doors = "  ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))
                bar.update(task, completed=read, stage=stage, rate=rate, doors=doors)
                if not live:
                    console.print(f"{stage}: {read:,} pages, {rate:,.0f}/s  {doors}")

        follower = threading.Thread(target=follow, daemon=True)
        follower.start()
        try:
            yield
        finally:
            done.set()
            follower.join()
