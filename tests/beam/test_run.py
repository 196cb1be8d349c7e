"""What ends a run early: exit 70, and nothing is published."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

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


def workers_of(parent):
    """Return the ids of the worker processes below a process."""
    listing = subprocess.run(
        ["ps", "-ww", "-eo", "pid,ppid,args"], capture_output=True, text=True
    ).stdout
    rows = [line.split(None, 2) for line in listing.splitlines()[1:]]
    below = {parent}
    for _ in range(4):
        below |= {int(pid) for pid, ppid, _ in rows if int(ppid) in below}
    return [int(pid) for pid, _, args in rows if int(pid) in below and "sdk_worker_main" in args]


def alive(processes):
    """Return which of these processes still run."""
    running = subprocess.run(["ps", "-A", "-o", "pid="], capture_output=True, text=True).stdout
    return set(processes) & set(map(int, running.split()))


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
