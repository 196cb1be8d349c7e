"""The seeds on Beam's Flink runner, embedded mode, against the local run.

Needs Java and the Flink job server of the installed Beam version, which Maven's own client fetches
from Maven Central. Where either is missing the test says so and skips: `make test-flink` shows why.
"""

import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from pipeline.datasets import DATASETS

SEEDS = Path(__file__).parents[3] / "seeds"
FLINK = "1.20"
COLUMNS = {"articles": ["id", "text"], "rejected": ["id", "reason"], "failed": ["id"]}


@pytest.fixture(scope="module")
def job_server(tmp_path_factory):
    """The jar of the job server, from Maven Central."""
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    name, beam_version = f"beam-runners-flink-{FLINK}-job-server", version("apache-beam")
    directory = tmp_path_factory.mktemp("jars")
    fetch = [
        *("mvn", "-q", "-B", "dependency:copy", f"-DoutputDirectory={directory}"),
        f"-Dartifact=org.apache.beam:{name}:{beam_version}",
    ]
    done = subprocess.run(fetch, capture_output=True, text=True, cwd=directory)
    jar = directory / f"{name}-{beam_version}.jar"
    if not jar.exists():
        reason = next((line for line in done.stdout.splitlines() if "ERROR" in line), "")[:300]
        pytest.skip(f"Maven cannot fetch {name} {beam_version}: {reason}")
    return jar


def outcome(output):
    """Return ids, texts and doors of a run."""
    found = {}
    for name in DATASETS.keys() & COLUMNS.keys():
        table = ds.dataset(output / name).to_table(columns=COLUMNS[name])
        found[name] = sorted(map(tuple, (row.values() for row in table.to_pylist())))
    return found


def test_flink_gives_what_the_local_run_gives(newsclean, job_server, tmp_path):
    """Ids, texts and doors are the same on Flink."""
    flags = (
        "--runner=FlinkRunner",
        "--flink_master=[local]",
        f"--flink_version={FLINK}",
        f"--flink_job_server_jar={job_server}",
        "--environment_type=LOOPBACK",
    )
    local = newsclean("run", SEEDS, "-o", tmp_path / "local", "--run-id", "r")
    flink = newsclean("run", SEEDS, "-o", tmp_path / "flink", "--run-id", "r", "--", *flags)

    assert local.returncode == 0, local.stderr
    assert flink.returncode == 0, flink.stderr
    assert outcome(tmp_path / "flink") == outcome(tmp_path / "local")
