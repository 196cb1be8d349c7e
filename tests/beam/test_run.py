"""What ends a run early: exit 70, and nothing is published."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.runner import descendants

ROOT = Path(__file__).parents[2]
FLAGS = ("--", "--direct_num_workers=2", "--direct_running_mode=multi_processing")


def test_what_breaks_inside_is_exit_70(newsclean, tmp_path):
    """An exception outside the dead-letter door ends the run with its traceback."""
    (tmp_path / "a.txt").write_text("新闻")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "_staging").write_text("a file where a directory must be")

    done = newsclean("run", tmp_path / "a.txt", "-o", tmp_path / "out")

    assert done.returncode == 70
    assert "Traceback" in done.stderr
    assert "nothing was published" in done.stderr


def alive(processes):
    """Return which of these processes still run."""
    return [process for process in processes if Path(f"/proc/{process}").exists()]


def workers_of(parent):
    """Return the ids of the worker processes below a process."""
    return [process for process in descendants(parent) if b"sdk_worker_main" in words_of(process)]


def words_of(process):
    """Return the command line of a process, or nothing when it is gone."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_a_killed_worker_is_exit_70(tmp_path):
    """The driver does not wait for ever for a worker that was killed, and leaves none behind."""
    source, output = tmp_path / "pages.jsonl", tmp_path / "out"
    text = "".join(f"第{n}小组负责{n * 31}号路段，已经完成{n * 7}处检查。" for n in range(99))
    source.write_text((json.dumps({"text": text}) + "\n") * 4000)
    command = [sys.executable, "-m", "pipeline", "run", str(source), "-o", str(output), *FLAGS]
    log = tmp_path / "log"
    with log.open("w") as stream:
        run = subprocess.Popen(command, cwd=ROOT, stderr=stream, stdout=stream)
    workers = []
    while run.poll() is None and not workers:
        time.sleep(0.1)
        workers = workers_of(run.pid)
    time.sleep(1)
    os.kill(workers[-1], signal.SIGKILL)

    assert run.wait(timeout=60) == 70
    assert "a worker died" in log.read_text()
    deadline = time.monotonic() + 10
    while alive(workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not alive(workers)
    assert not list(output.glob("*/run=*"))
