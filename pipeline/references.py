"""Duplicates name articles: which of them name one that is not there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.commit import Output
from pipeline.errors import UsageError

Dangling = Counter[str]
"""By run, how many of its duplicates name an article that is not there."""


def find_dangling(output: Output) -> dict[str, Dangling]:
    """Return the duplicates of all runs that name no article, by the run that should have it."""
    runs = output.manifests()
    articles = {run["run_id"]: _files(output, run, "articles") for run in runs}
    named = _named(output, runs)
    found = {of: _count_missing(by_run, articles.get(of, [])) for of, by_run in named.items()}
    return {of: missing for of, missing in found.items() if missing}


def check_replacement(output: Output, run_id: str, articles: Iterable[Path]) -> None:
    """Check that a run may take the place of the one of its name.

    Args:
        output: the output directory.
        run_id: the run's name.
        articles: shards of its articles, as they will be published.

    Raises:
        UsageError: other runs have duplicates of articles that it does not hold any more.
    """
    others = [run for run in output.manifests() if run["run_id"] != run_id]
    missing = _count_missing(_named(output, others)[run_id], articles)
    if not missing:
        return
    naming = [run["run_id"] for run in others if missing[run["run_id"]]]
    told = ", ".join(f"{name} ({missing[name]:,})" for name in naming)
    raise UsageError(
        f"run {run_id} cannot be replaced: it would not hold articles any more that duplicates of "
        f"later runs name: {told}. Nothing was published. Put empty runs in their place, from the "
        f"latest on (--replace, with an empty .jsonl), then replace {run_id}, and then run them "
        "again from the oldest on (--replace)"
    )


def _files(output: Output, run: dict[str, Any], dataset: str) -> list[Path]:
    return [output.root / file["path"] for file in run["files"] if file["dataset"] == dataset]


def _named(
    output: Output, runs: Iterable[dict[str, Any]]
) -> defaultdict[str, dict[str, list[pa.Array]]]:
    """Return the ids of articles that duplicates name: by the article's run, by their own run."""
    found: defaultdict[str, dict[str, list[pa.Array]]] = defaultdict(dict)
    for run in runs:
        for path in _files(output, run, "duplicates"):
            for of, ids in _ids_by_run(path):
                found[of].setdefault(run["run_id"], []).append(ids)
    return found


def _ids_by_run(path: Path) -> Iterator[tuple[str, pa.Array]]:
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        rows = file.read(["duplicate_of", "duplicate_of_run"])
    for of in pc.unique(rows["duplicate_of_run"]).to_pylist():
        ids = rows.filter(pc.equal(rows["duplicate_of_run"], of))["duplicate_of"]
        yield of, ids.combine_chunks()


def _count_missing(named: dict[str, list[pa.Array]], articles: Iterable[Path]) -> Dangling:
    held = [pq.read_table(path, columns=["id"])["id"].combine_chunks() for path in articles]
    there = pa.concat_arrays([pa.array([], pa.string()), *held])
    missing = {
        run: sum(len(part) - pc.sum(pc.is_in(part, value_set=there)).as_py() for part in ids)
        for run, ids in named.items()
    }
    return +Counter(missing)
