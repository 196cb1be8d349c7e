"""What is told while a run goes on."""

import io
import time
from collections import Counter

from rich.console import Console

from pipeline import progress
from pipeline.config import ReadConfig
from pipeline.inputs import find_inputs
from pipeline.progress import Goal, Tally, show_progress, stand
from pipeline.read import read_unit, scan


def test_reading_is_half_of_the_way():
    """Pages may wait for others between two steps; what is left follows from the pace."""
    begun = Counter(read=50, articles=0)
    assert stand(begun, Goal("read", 100), 10).done == 0.25
    half = stand(Counter(read=100, articles=40, rejected=10), Goal("read", 100), 60)
    assert str(half) == "cleaning 75%, 0:00:20 left: 100 pages  2/s  articles 40  rejected 10"
    cleaned = Counter(read=100, articles=100)
    assert stand(cleaned, Goal("read", 100), 60).stage == "finding duplicates"
    assert stand(cleaned + Counter(shards=1), Goal("read", 100), 60).stage == "writing"


def test_nothing_is_promised_where_nothing_is_known():
    assert str(stand(Counter(), Goal("bytes", 0), 1)) == "cleaning: 0 pages  0/s"
    assert str(stand(Counter(), Goal("bytes", 9), 1)) == "cleaning 0%: 0 pages  0/s"


def test_lines_are_printed_where_there_is_no_terminal(tmp_path, monkeypatch):
    """In a log or a pipe."""
    monkeypatch.setattr(progress, "_PLAIN_SECONDS", 0.01)
    tally = Tally(str(tmp_path))
    tally.add("read", 5)
    tally.write()
    log = io.StringIO()

    with show_progress(tmp_path, Goal("read", 10), Console(file=log)):
        deadline = time.monotonic() + 10
        while "left" not in log.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)

    assert log.getvalue().startswith("cleaning 25%, 0:00:")
    assert "left: 5 pages" in log.getvalue()


def test_readers_tell_how_far_they_are(tmp_path):
    """In bytes on disk, which never go beyond the file."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "x"}\n' * 10_000)
    (file,) = find_inputs([str(path)]).files
    (unit,) = scan(file, ReadConfig()).units
    reached: list[int] = []

    assert len(list(read_unit(unit, ReadConfig(), reached.append))) == 10_000
    assert reached == sorted(reached)
    assert reached[-1] == path.stat().st_size
