"""The graph through Beam's portable job service, as a cluster runner would get it."""

from pathlib import Path

SEEDS = Path(__file__).parents[2] / "seeds"


def shards(output):
    return {str(path.relative_to(output)): path.read_bytes() for path in output.rglob("*.parquet")}


def test_the_portable_runner_gives_the_same_bytes(newsclean, tmp_path):
    """Translated, submitted as a job and run by workers that are told nothing else."""
    flags = ("--runner=PortableRunner", "--job_endpoint=embed", "--environment_type=LOOPBACK")
    for name, more in {"local": (), "portable": ("--", *flags)}.items():
        done = newsclean("run", SEEDS, "-o", tmp_path / name, "--run-id", "r", *more)
        assert done.returncode == 0, done.stderr

    assert shards(tmp_path / "portable") == shards(tmp_path / "local")
