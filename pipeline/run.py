"""A run from beginning to end: inputs, lock, graph, ledger, publication, summary."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console

from pipeline import ledger
from pipeline.build import Results, build_graph, read_results
from pipeline.commit import Output
from pipeline.config import Settings
from pipeline.datasets import SCHEMA_VERSION
from pipeline.errors import InputError, UsageError
from pipeline.inputs import FORMATS, Scan, find_inputs, scan
from pipeline.progress import show_progress
from pipeline.runner import exit_when_a_worker_dies, make_pipeline
from pipeline.stage import CommittedShard, RunContext
from pipeline.summary import print_summary

PINNED = ("newsclean", "apache-beam", "ftfy", "chardet", "opencc-python-reimplemented", "pyarrow")
"""Packages that decide what the output says; their versions stand in the manifest."""

_RUN_ID_RE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,99}")
_BUCKET_BYTES = 8 << 20
_MAX_BUCKETS = 1024


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a user asked for."""

    inputs: tuple[str, ...]
    output: Path
    settings: Settings
    run_id: str | None = None
    replace: bool = False
    input_format: str | None = None
    runner_flags: tuple[str, ...] = ()


def run_pipeline(request: RunRequest, out: Console, err: Console) -> int:
    """Clean the inputs into the output directory; return the exit code.

    Raises:
        PipelineError: the run cannot go on; nothing is published.
    """
    started = datetime.now(UTC).replace(microsecond=0)
    run_id = _check_run_id(request.run_id) or started.strftime("r%Y%m%dT%H%M%SZ-") + _token()
    files = find_inputs(request.inputs, request.input_format)
    if not files:
        endings = " ".join(FORMATS)
        err.print(f"nothing to do: no file under {' '.join(request.inputs)} ends in {endings}")
        return 0
    with err.status(f"looking through {len(files):,} input files"):
        scans = [scan(file, request.settings.config.read.split_bytes) for file in files]
    unreadable = [s for s in scans if s.error]
    for bad in unreadable:
        err.print(f"[red]cannot read[/] {bad.file.uri}: {bad.error}")
    if len(unreadable) == len(scans):
        raise InputError("none of the inputs could be read; nothing was written")
    output = Output(request.output)
    with output.locked():
        identity = _identity(scans, request.settings)
        committed = _find_committed(output, request, identity)
        if committed is not None:
            out.print(f"nothing to do: run {committed} has this input and this configuration")
            return InputError.exit_code if unreadable else 0
        _clean(request, output, run_id, scans, identity, started, out, err)
    return InputError.exit_code if unreadable else 0


def _check_run_id(run_id: str | None) -> str | None:
    if run_id is not None and not _RUN_ID_RE.fullmatch(run_id):
        raise UsageError(
            f"--run-id {run_id}: expected a letter, then letters, digits, '.', '_' or '-' "
            "(tools guess types from path keys), at most 100 in all"
        )
    return run_id


def _token() -> str:
    return secrets.token_hex(2)


def _identity(scans: list[Scan], settings: Settings) -> str:
    """Return a digest of what decides the result: inputs, configuration and versions."""
    inputs = [(s.file.uri, s.file.format, s.sha256) for s in scans]
    parts = (inputs, settings.sha256, _versions())
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _versions() -> dict[str, str]:
    return {name: version(name) for name in PINNED}


def _find_committed(output: Output, request: RunRequest, identity: str) -> str | None:
    """Return the run that has done this work already, if there is one.

    Raises:
        UsageError: the run id is taken by a run with other input or configuration.
    """
    for manifest in output.manifests():
        if request.run_id is None and manifest["identity"] == identity:
            return str(manifest["run_id"])
        if request.run_id == manifest["run_id"]:
            if manifest["identity"] == identity:
                return request.run_id
            if not request.replace:
                raise UsageError(
                    f"run {request.run_id} is committed with other input, configuration or "
                    "versions; give another --run-id, or --replace to put this one in its place"
                )
    return None


def _clean(
    request: RunRequest,
    output: Output,
    run_id: str,
    scans: list[Scan],
    identity: str,
    started: datetime,
    out: Console,
    err: Console,
) -> None:
    config = request.settings.config
    begun = time.monotonic()
    staging = output.stage(run_id, _token())
    context = RunContext(
        run_id=run_id,
        ingest_date=started.date(),
        staging=str(staging),
        buckets=_bucket_count(scans),
        audit=config.output.audit,
        committed=_committed_articles(output, run_id),
    )
    exit_when_a_worker_dies()
    pipeline = make_pipeline(request.runner_flags)
    build_graph(pipeline, scans, config, context, _footer(request.settings, run_id))
    with show_progress(context.progress, _page_total(scans), err):
        pipeline.run().wait_until_finish()
    results = read_results(context)
    account = ledger.draw_up(results.read, results.counts)
    ledger.check(account)
    manifest = _manifest(output, request, run_id, scans, identity, started, results, account)
    output.publish(
        staging,
        manifest,
        {
            "ledger.json": json.dumps(account, ensure_ascii=False, indent=1) + "\n",
            "config.resolved.yaml": request.settings.to_yaml(),
        },
    )
    print_summary(account, request.output, run_id, time.monotonic() - begun, out)


def _committed_articles(output: Output, run_id: str) -> tuple[CommittedShard, ...]:
    """Return the articles that runs other than `run_id` have published."""
    return tuple(
        CommittedShard(int(file["sha256"][:16], 16), str(output.root / file["path"]), m["run_id"])
        for m in output.manifests()
        for file in m["files"]
        if file["dataset"] == "articles" and file["rows"] and m["run_id"] != run_id
    )


def _bucket_count(scans: list[Scan]) -> int:
    """Return into how many parts ids are dealt: the same for the same input, never one alone."""
    size = sum(s.size * (5 if s.file.compression else 1) for s in scans)
    return min(_MAX_BUCKETS, max(4, size // _BUCKET_BYTES))


def _page_total(scans: list[Scan]) -> int | None:
    """Return how many pages there are, where looking through the inputs has told."""
    if any(s.file.compression and s.file.format == "jsonl" for s in scans):
        return None
    return sum(s.records for s in scans)


def _footer(settings: Settings, run_id: str) -> tuple[tuple[str, str], ...]:
    return (
        ("newsclean.schema_version", SCHEMA_VERSION),
        ("newsclean.pipeline_version", version("newsclean")),
        ("newsclean.config_sha256", settings.sha256),
        ("newsclean.run_id", run_id),
    )


def _manifest(
    output: Output,
    request: RunRequest,
    run_id: str,
    scans: list[Scan],
    identity: str,
    started: datetime,
    results: Results,
    account: dict[str, Any],
) -> dict[str, Any]:
    earlier = output.manifests()
    return {
        "run_id": run_id,
        "sequence": max((m["sequence"] for m in earlier), default=0) + 1,
        "started": started.isoformat(),
        "identity": identity,
        "config_sha256": request.settings.sha256,
        "versions": _versions(),
        "inputs": [{"uri": s.file.uri, "bytes": s.size, "sha256": s.sha256} for s in scans],
        "counts": {name: account[name] for name in ("read", *ledger.DOORS)},
        "files": [
            {
                "dataset": shard.dataset,
                "path": shard.path,
                "rows": shard.rows,
                "bytes": shard.size,
                "sha256": shard.sha256,
            }
            for shard in sorted(results.shards)
        ],
    }
