"""Live counts of a run, through small files: works in every process, on every runner."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column

_DOORS = ("articles", "rejected", "failed")
_LIVE_SECONDS = 0.5
_PLAIN_SECONDS = 30.0


class Tally:
    """Counts of one worker, put where the driver finds them at most twice a second."""

    def __init__(self, directory: str) -> None:
        self._path = Path(directory, f"{uuid.uuid4().hex}.json")
        self._counts: Counter[str] = Counter()
        self._written = 0.0

    def add(self, name: str, count: int = 1) -> None:
        """Count something; `name` is that of a door, or `read`."""
        self._counts[name] += count
        if time.monotonic() - self._written > _LIVE_SECONDS:
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


class Goal(NamedTuple):
    """What there is to do.

    Attributes:
        name: the count that tells how much of it is done: `read` (pages) or `bytes` (on disk).
        total: 0 where it is not known.
    """

    name: str
    total: int


class Standing(NamedTuple):
    """How far a run has come.

    Attributes:
        done: the part of the goal, 0-1; None where that is not known.
        left: seconds, if it goes on at this pace; None where that is not known.
    """

    stage: str
    pages: int
    rate: float
    doors: str
    done: float | None
    left: float | None

    def __str__(self) -> str:
        share = "" if self.done is None else f" {self.done:.0%}"
        left = f", {timedelta(seconds=round(self.left))} left" if self.left else ""
        counts = f"{self.pages:,} pages  {self.rate:,.0f}/s  {self.doors}".rstrip()
        return f"{self.stage}{share}{left}: {counts}"


def stand(counts: Counter[str], goal: Goal, seconds: float) -> Standing:
    """Return how far a run has come after `seconds`; `counts` is what its workers have counted.

    Reading is half of it: pages may wait between two steps until all are read.
    """
    pages = counts["read"]
    doors = "  ".join(f"{name} {counts[name]:,}" for name in _DOORS if counts[name])
    cleaned = sum(counts[name] for name in _DOORS) / pages if pages else 0.0
    read = min(1.0, counts[goal.name] / goal.total) if goal.total else None
    done = read and read * (1 + cleaned) / 2
    stage = "cleaning"
    if counts["shards"] or done == 1:
        stage = "writing" if counts["shards"] else "finding duplicates"
    left = seconds * (1 - done) / done if done else None
    return Standing(stage, pages, pages / seconds, doors, done, left)


@contextmanager
def show_progress(directory: Path, goal: Goal, console: Console) -> Iterator[None]:
    """Show pages, pages per second, doors and the time that is left while a run goes on.

    Args:
        directory: where the workers put their counts.
        goal: what there is to do.
        console: on a terminal one line moves; elsewhere one is printed every half minute.
    """
    columns = (
        BarColumn(bar_width=16, table_column=Column(width=16)),
        TextColumn("{task.description}", table_column=Column(no_wrap=True, ratio=1)),
        TimeElapsedColumn(table_column=Column(width=7)),
    )
    live = console.is_terminal
    begun = time.monotonic()
    finished = threading.Event()
    with Progress(*columns, console=console, transient=True, expand=True, disable=not live) as bar:
        task = bar.add_task("starting", total=None)

        def follow() -> None:
            while not finished.wait(_LIVE_SECONDS if live else _PLAIN_SECONDS):
                now = stand(read_tallies(directory), goal, time.monotonic() - begun)
                total = None if now.done is None else 1.0
                bar.update(task, description=str(now), total=total, completed=now.done)
                if not live:
                    console.print(str(now))

        follower = threading.Thread(target=follow, daemon=True)
        follower.start()
        try:
            yield
        finally:
            finished.set()
            follower.join()
