"""Options and fixtures of the whole suite."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"

settings.register_profile("newsclean", deadline=None)
settings.load_profile("newsclean")


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden/")


@pytest.fixture
def update_golden(request):
    """Whether the golden files are to be rewritten."""
    return request.config.getoption("--update-golden")


@pytest.fixture(scope="session")
def shared():
    """The directory of data that is not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, which is not part of the project")
    return SHARED


@pytest.fixture(scope="session")
def newsclean():
    """Run the command line in a process of its own."""

    def run(*args, **options):
        command = [sys.executable, "-m", "pipeline", *map(str, args)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
        return subprocess.run(
            command, capture_output=True, text=True, timeout=120, env=environment, **options
        )

    return run
