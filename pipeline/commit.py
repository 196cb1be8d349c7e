"""The output directory: one run at a time, and a run is seen whole or not at all.

Everything is written under `_staging/`, which no dataset glob sees. Publication is journalled: the
manifest is put down as prepared, each dataset's directory is moved in by one rename, `articles`
last, and then the run is marked committed. From the first of these renames on a run only goes
forward: the next start finishes what a killed one began.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.errors import OutputBusyError, PipelineError, UsageError

PUBLISHING_ORDER = ("failed", "rejected", "duplicates", "audit", "index", "articles")
"""Who sees a run's articles finds everything else of it."""

_CARD = """\
---
configs:
{configs}---

# Clean articles

Written by newsclean. Each directory is a dataset in Parquet, one partition a run:
`articles` (the clean articles), `duplicates`, `rejected` and `failed` (the pages that are not among
them, each with the reason), `audit` (every edit of every page).

```python
from datasets import load_dataset
articles = load_dataset("PATH/OF/THIS/DIRECTORY")
```

`_runs/<id>/manifest.json` names every file of a run with its rows and its SHA-256;
`ledger.json` beside it accounts for every page read.
"""
_CARD_DATASETS = ("articles", "duplicates", "rejected", "failed", "audit")


class Output:
    """An output directory.

    Args:
        root: the directory; made when it is locked.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.runs = root / "_runs"
        self._revision = self.runs / "_index.json"
        self._staging = root / "_staging"
        self._trash = root / "_trash"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the directory alone; finish or sweep away what a killed run left.

        Raises:
            OutputBusyError: another run holds it.
            UsageError: it cannot be written.
            PipelineError: a prepared run cannot be finished.
        """
        try:
            self.runs.mkdir(parents=True, exist_ok=True)
            lock = (self.root / ".lock").open("w")
        except OSError as error:
            raise UsageError(f"{self.root}: cannot write here: {error.strerror}") from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise OutputBusyError(f"{self.root}: another run holds this directory") from None
            self._recover()
            yield

    def manifests(self) -> list[dict[str, Any]]:
        """Return the manifests of the committed runs, oldest first."""
        found = [json.loads(path.read_text()) for path in self.runs.glob("*/manifest.json")]
        return sorted(found, key=lambda manifest: manifest["sequence"])

    def revision(self) -> dict[str, Any]:
        """Return what has been done to the index since its runs were published.

        `files` are of its own; `replaces` are files of runs that count no more; `covers` are the
        numbers of the runs whose index it holds.
        """
        if self._revision.exists():
            return json.loads(self._revision.read_text())
        return {"number": 0, "covers": [], "replaces": [], "files": []}

    def index_files(self, without: str | None = None) -> list[dict[str, Any]]:
        """Return the files that make up the index, as manifests name them.

        Args:
            without: a run whose own files are left out.
        """
        revision = self.revision()
        replaced = {(file["path"], file["sha256"]) for file in revision["replaces"]}
        own = [
            file
            for manifest in self.manifests()
            for file in manifest["files"]
            if file["dataset"] == "index" and manifest["run_id"] != without
        ]
        return [f for f in own if (f["path"], f["sha256"]) not in replaced] + revision["files"]

    def revise_index(self, staging: Path, revision: dict[str, Any]) -> None:
        """Put other files in place of some of the index. Articles are not touched.

        New files take their places first, where nothing refers to them or where they mend a
        damaged one; they count from the moment that the revision is replaced.

        Args:
            staging: the directory that `stage` returned; holds `index/…`.
            revision: as `revision` will return it.
        """
        for path in sorted(staging.glob("index/*/*")):
            final = self.root / path.relative_to(staging)
            final.parent.mkdir(parents=True, exist_ok=True)
            path.rename(final)
            _sync_directory(final.parent)
        fresh = self.runs / "._index.json.tmp"
        _write_synced(fresh, _to_json(revision))
        fresh.replace(self._revision)
        _sync_directory(self.runs)
        self._sweep()

    def stage(self, run_id: str, attempt: str) -> Path:
        """Make and return the staging directory of an attempt, on the file system of the output."""
        staging = self._staging / f"{run_id}-{attempt}"
        staging.mkdir(parents=True)
        return staging

    def publish(self, staging: Path, manifest: dict[str, Any], documents: dict[str, str]) -> None:
        """Publish a staged run.

        Args:
            staging: the directory that `stage` returned; holds `<dataset>/run=<id>/`.
            manifest: names every file of the run; a run of the same id is replaced.
            documents: further files of `_runs/<id>/`, by name.
        """
        run_id = manifest["run_id"]
        self._write_card({file["dataset"] for file in manifest["files"]})
        prepared = staging / "_run"
        prepared.mkdir()
        manifest = {**manifest, "attempt": staging.name}
        for name, text in {**documents, "manifest.json": _to_json(manifest)}.items():
            _write_synced(prepared / name, text)
        for directory in (prepared, *staging.glob("*/run=*"), *staging.glob("*/"), staging):
            _sync_directory(directory)
        prepared.rename(self.runs / f".prepared-{run_id}")
        _sync_directory(self.runs)
        self._roll_forward(run_id)
        self._sweep()

    def _recover(self) -> None:
        for prepared in self.runs.glob(".prepared-*"):
            self._roll_forward(prepared.name.removeprefix(".prepared-"))
        self._sweep()

    def _roll_forward(self, run_id: str) -> None:
        """Bring a prepared run to its end, from wherever it stands."""
        prepared = self.runs / f".prepared-{run_id}"
        manifest = json.loads((prepared / "manifest.json").read_text())
        staging = self._staging / manifest["attempt"]
        for dataset in PUBLISHING_ORDER:
            files = [file for file in manifest["files"] if file["dataset"] == dataset]
            final = self.root / dataset / f"run={run_id}"
            if files and _holds_exactly(final, files):
                continue
            staged = staging / dataset / final.name
            if files and not staged.is_dir():
                raise PipelineError(f"{prepared}: {dataset} is neither published nor staged")
            self._discard(final)
            if files:
                final.parent.mkdir(exist_ok=True)
                staged.rename(final)
                _sync_directory(final.parent)
        self._discard(self.runs / run_id)
        prepared.rename(self.runs / run_id)
        _sync_directory(self.runs)

    def _discard(self, path: Path) -> None:
        """Move what stands in the way aside, where no reader looks."""
        if path.exists():
            self._trash.mkdir(exist_ok=True)
            path.rename(self._trash / f"{len(list(self._trash.iterdir()))}-{path.name}")

    def _sweep(self) -> None:
        for directory in (self._staging, self._trash):
            shutil.rmtree(directory, ignore_errors=True)
        current = {file["path"] for file in self.index_files()}
        replaced = {file["path"] for file in self.revision()["replaces"]}
        revised = {str(p.relative_to(self.root)) for p in self.root.glob("index/revision-*/*")}
        for name in (replaced | revised) - current:
            (self.root / name).unlink(missing_ok=True)
        for directory in self.root.glob("index/*"):
            with contextlib.suppress(OSError):  # it is not empty
                directory.rmdir()

    def _write_card(self, datasets: set[str]) -> None:
        """Write the dataset card; one that somebody has changed stays as it is.

        Args:
            datasets: of the run that is published; `audit` may be switched off.
        """
        path = self.root / "README.md"
        with_audit = "audit" in datasets or (self.root / "audit").is_dir()
        if path.exists() and (not with_audit or path.read_bytes() != _card(False).encode()):
            return
        fresh = self.root / ".README.md.tmp"
        _write_synced(fresh, _card(with_audit))
        fresh.replace(path)


def _card(with_audit: bool) -> str:
    configs = "".join(
        f"- config_name: {name}\n"
        + ("  default: true\n" if name == "articles" else "")
        + f"  data_files:\n  - split: train\n    path: {name}/*/*.parquet\n"
        for name in _CARD_DATASETS
        if with_audit or name != "audit"
    )
    return _CARD.format(configs=configs)


def _holds_exactly(directory: Path, files: list[dict[str, Any]]) -> bool:
    if not directory.is_dir():
        return False
    expected = {Path(file["path"]).name: file["sha256"] for file in files}
    if {path.name for path in directory.iterdir()} != set(expected):
        return False
    return all(sha256_of(directory / name) == digest for name, digest in expected.items())


def sha256_of(path: Path) -> str:
    """Return the hex digest of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _write_synced(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
