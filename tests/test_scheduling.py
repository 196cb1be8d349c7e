"""The files of `docs/scheduling/` do what they say: each is run as its scheduler runs it."""

import os
import re
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

FILES = Path(__file__).parent.parent / "docs" / "scheduling"
PROSE = "全市科技创新大会昨日召开，会议对下一步工作作出部署，要求各部门抓好落实。"
YESTERDAY = (date.today() - timedelta(days=1)).isoformat()
INTERPRETER = os.environ.get("AIRFLOW_PYTHON", sys.executable)
DAG_RUN = """
import sys

import pendulum

sys.path.insert(0, sys.argv[1])
from newsclean_dag import clean

context = {"data_interval_start": pendulum.parse(sys.argv[2])}
clean.render_template_fields(context)
clean.execute(context)
"""


@pytest.fixture
def world(tmp_path):
    """An environment with yesterday's pages, an output, and `newsclean` on the path."""
    pages = tmp_path / "pages" / YESTERDAY
    pages.mkdir(parents=True)
    (pages / "page.txt").write_text(PROSE * 10)
    program = tmp_path / "bin" / "newsclean"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m pipeline "$@"\n')
    program.chmod(0o755)
    return {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(FILES.parents[1]),
        "HOME": str(tmp_path),
        "PAGES": str(tmp_path / "pages"),
        "OUTPUT": str(tmp_path / "out"),
    }


def committed(world):
    return [path.name for path in Path(world["OUTPUT"]).glob("_runs/day-*")]


def do(command, world):
    """Run a command as the scheduler does, and return what it said."""
    done = subprocess.run(command, env=world, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def cron_commands():
    """Return the commands of the crontab as cron hands them to sh."""
    lines = (FILES / "newsclean.crontab").read_text().splitlines()
    for line in lines:
        if re.match(r"[\d*]", line):
            *when, command = line.split(maxsplit=5)
            assert all(re.fullmatch(r"[\d*/,-]+", field) for field in when)
            assert "%" not in command.replace(r"\%", "")
            yield command.replace(r"\%", "%")


def test_cron(world):
    """Every command of the crontab, and the first one twice."""
    nightly, weekly = cron_commands()
    do(["sh", "-c", nightly], world)
    assert committed(world) == [f"day-{YESTERDAY}"]
    assert "nothing to do" in do(["sh", "-c", nightly], world)
    do(["sh", "-c", weekly], world)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_takes_the_units():
    units = [FILES / "newsclean.service", FILES / "newsclean.timer"]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_of_the_service(world):
    """As systemd hands it to sh, with its own escapes taken out."""
    unit = (FILES / "newsclean.service").read_text()
    command = re.search(r"^ExecStart=/bin/sh -c '(.*)'$", unit, re.MULTILINE)[1]
    assert not re.search(
        r"(?<!%)%(?!%)|(?<!\$)\$(?!\$)", command.replace("%%", "").replace("$$", "")
    )
    do(["/bin/sh", "-c", command.replace("%%", "%").replace("$$", "$")], world)
    assert committed(world) == [f"day-{YESTERDAY}"]


def has_airflow():
    found = subprocess.run([INTERPRETER, "-c", "import airflow.sdk"], capture_output=True)
    return found.returncode == 0


def test_airflow(world):
    """The DAG is imported by Airflow, and its task executed."""
    if not has_airflow():
        pytest.skip("Airflow is not installed here, nor named by AIRFLOW_PYTHON")
    do([INTERPRETER, "-c", DAG_RUN, FILES, f"{YESTERDAY}T02:30:00Z"], world)
    assert committed(world) == [f"day-{YESTERDAY}"]
