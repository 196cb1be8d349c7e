r"""Finding duplicates beside datatrove and data-juicer, on the corpus of `../shared/peers`.

    python benchmarks/quality/dedupe_peers.py --work WORK --documents 2000 \
        --datatrove env-datatrove/bin/python --data-juicer env-data-juicer/bin/python

`../shared/peers/README.md` tells how the two environments are made; the corpus needs datatrove's.
Everybody does equal work: repair, traditional to simplified, exact and near duplicates, Parquet.
The corpus dates its copies at random, over seven years, so `newsclean` runs without its window.
Peers know no templates: in a second row nor does `newsclean` look for one outlet's; in the third it
also has a threshold of .55 and drops parts, which has to be asked for.

Recall is the share of the superfluous documents that are gone; lost are the stories of which no
document is left. Columns of kinds are the shares of pairs of which one document is left.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow.dataset as ds
import pyarrow.parquet as pq

ROOT = Path(__file__).parents[2]
PEERS = ROOT.parent / "shared" / "peers"
KINDS = ("exact", "reprint", "edit2", "edit5", "trad", "trunc60")
NO_WINDOW = ("--set", "dedupe.near.window_days=36500")
NO_TEMPLATES = (*NO_WINDOW, "--set", "dedupe.near.same_site_threshold=0.0")
LOW = ("--set", "dedupe.near.threshold=0.55", "--set", "dedupe.contained.drop=true")
NEWSCLEAN = {
    "newsclean": NO_WINDOW,
    "newsclean, no templates": NO_TEMPLATES,
    "newsclean, .55, no parts": (*NO_TEMPLATES, *LOW),
}
DATATROVE = {
    "datatrove, jieba": (),
    "datatrove, its default": ("--lang", "english"),
    "datatrove, characters": ("--char",),
}
DATA_JUICER = {
    "data-juicer, its default": "dj_default_space.yaml",
    "data-juicer, characters": "dj.yaml",
}


class Measured(NamedTuple):
    """How a command went."""

    seconds: float
    megabytes: int


def measure(*command: str | Path, **environment: str) -> Measured:
    """Run a command under `peakrss.py`, which sums the memory of its processes.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    watched = [sys.executable, str(PEERS / "peakrss.py"), *map(str, command)]
    done = subprocess.run(
        watched, check=True, cwd=ROOT, capture_output=True, text=True, env=os.environ | environment
    )
    found = re.search(r"wall_s=([\d.]+) peak_MiB=(\d+)", done.stderr)
    if not found:
        raise RuntimeError(f"no measurement of {watched}: {done.stderr[-500:]}")
    return Measured(float(found[1]), int(found[2]))


def newsclean(corpus: Path, out: Path, settings: tuple[str, ...]) -> tuple[Measured, Path]:
    """Run the whole of it, and return its articles under the documents' own ids."""
    run = [sys.executable, "-m", "pipeline", "run", corpus / "docs.jsonl", "--output", out]
    measured = measure(*run, *settings)
    articles = ds.dataset(out / "articles", partitioning="hive").to_table(["source_id", "text"])
    path = out / "named.parquet"
    pq.write_table(articles.rename_columns(["id", "text"]), path)
    return measured, path


def datatrove(
    python: str, corpus: Path, out: Path, options: tuple[str, ...]
) -> tuple[Measured, Path]:
    """Run the chain of `run_datatrove.py`."""
    script = PEERS / "run_datatrove.py"
    return measure(python, script, "--data", corpus, "--out", out, *options), out / "out"


def data_juicer(python: str, corpus: Path, out: Path, recipe: str) -> tuple[Measured, Path]:
    """Run a recipe, as `run_dj.sh` does."""
    out.mkdir()
    path = out / "clean.parquet"
    quiet = dict.fromkeys(("HF_DATASETS_OFFLINE", "HF_HUB_OFFLINE", "OMP_NUM_THREADS"), "1")
    caches = {"HF_HOME": f"{out}/hf", "DATA_JUICER_CACHE_HOME": f"{out}/dj"}
    command = [Path(python).with_name("dj-process"), "--config", PEERS / recipe]
    files = ["--dataset_path", corpus / "docs.jsonl", "--export_path", path, "--np", "1"]
    binaries = f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"
    return measure(*command, *files, PATH=binaries, **quiet, **caches), path


def score(path: Path, truth: Path) -> str:
    """Return what `eval_dedup.py` says: recall, lost stories, and recall by kind."""
    command = [sys.executable, PEERS / "eval_dedup.py", path, "--truth", truth]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    recall = re.search(r"recall ([\d.]+)", said)
    lost = re.search(r"\(false merges\) (\d+)", said)
    kinds = [re.search(rf"{kind}\s.*= ([\d.]+)", said) for kind in KINDS]
    cells = [found[1] if found else "-" for found in (recall, lost, *kinds)]
    return " ".join(f"{cell:>7}" for cell in cells)


def runs(given: argparse.Namespace, corpus: Path) -> Iterator[tuple[str, Measured, Path]]:
    """Yield every run: its name, how it went, and what it wrote."""
    for name, settings in NEWSCLEAN.items():
        yield name, *newsclean(corpus, _folder(given.work, name), settings)
    if given.datatrove:
        for name, options in DATATROVE.items():
            yield name, *datatrove(given.datatrove, corpus, _folder(given.work, name), options)
    if given.data_juicer:
        for name, recipe in DATA_JUICER.items():
            yield name, *data_juicer(given.data_juicer, corpus, _folder(given.work, name), recipe)


def _folder(work: Path, name: str) -> Path:
    return work / re.sub(r"\W+", "-", name)


def main() -> int:
    """Print one row for every tool and setting."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="a folder that does not exist")
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--datatrove", help="its Python, absolute; also makes the corpus")
    parser.add_argument("--data-juicer", help="its Python, absolute")
    parser.add_argument("--corpus", type=Path, help="a corpus made before")
    given = parser.parse_args()
    if not PEERS.is_dir() or not (given.corpus or given.datatrove):
        print("../shared/peers is not here" if not PEERS.is_dir() else "no --datatrove, no corpus")
        return 2
    given.work.mkdir(parents=True)
    corpus = given.corpus or given.work / "corpus"
    if not given.corpus:
        make = [given.datatrove, PEERS / "gen_corpus.py", "--n", str(given.documents)]
        subprocess.run([*make, "--out", corpus], check=True)
    documents = len(json.loads((corpus / "truth.json").read_text(encoding="utf-8")))
    for name in ("datatrove", "data_juicer"):
        if not getattr(given, name):
            print(f"{name}: skipped, its Python is not given")
    heads = ("recall", "lost", *KINDS, "docs/s", "MiB")
    print(f"{'':25}", *(f"{head:>7}" for head in heads))
    for name, measured, path in runs(given, corpus):
        cost = f"{documents / measured.seconds:7.0f} {measured.megabytes:7}"
        print(f"{name:25} {score(path, corpus / 'truth.json')} {cost}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
