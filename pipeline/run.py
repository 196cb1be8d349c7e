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

import apache_beam as beam
from rich.console import Console
from rich.markup import escape

from pipeline import ledger
from pipeline.build import Results, build_graph, read_results
from pipeline.commit import Output
from pipeline.config import Settings
from pipeline.datasets import SCHEMA_VERSION
from pipeline.earlier import open_index
from pipeline.errors import InputError, UsageError
from pipeline.inputs import FORMATS, Inputs, find_inputs
from pipeline.progress import Goal, show_progress
from pipeline.read import Scan, in_bytes, scan_all
from pipeline.references import check_replacement
from pipeline.runner import exit_when_a_worker_dies, make_pipeline, run_to_end
from pipeline.site_lines import COUNTS, learned_documents
from pipeline.stage import Earlier, RunContext
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
    pipeline = make_pipeline(request.runner_flags)
    started = datetime.now(UTC).replace(microsecond=0)
    run_id = _check_run_id(request.run_id) or started.strftime("r%Y%m%dT%H%M%SZ-") + _token()
    inputs = find_inputs(request.inputs, request.input_format)
    if not inputs.files:
        endings = " ".join(FORMATS)
        nothing = f"nothing to do: no file under {' '.join(request.inputs)} ends in {endings}"
        err.print("\n".join(filter(None, [nothing, inputs.ignored()])), markup=False)
        return 0
    with err.status(f"looking through {len(inputs.files):,} input files"):
        scans = scan_all(inputs.files, request.settings.config.read)
    unreadable = [s for s in scans if s.error]
    for bad in unreadable:
        err.print(f"[red]cannot read[/] {escape(bad.file.uri)}: {escape(bad.error)}")
    if len(unreadable) == len(scans):
        raise InputError("none of the inputs could be read; nothing was written")
    output = Output(request.output)
    identity = _identity(scans, request.settings)
    attempt = Attempt(request, output, run_id, inputs, scans, identity, started)
    with output.locked():
        committed = _find_committed(attempt)
        if committed is not None:
            out.print(f"nothing to do: run {committed} has this input and this configuration")
        else:
            _clean(attempt, pipeline, out, err)
    return InputError.exit_code if unreadable else 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """A run that is being made.

    Attributes:
        inputs: what the given names stand for; `scans` are of its files.
        identity: digest of what decides the result.
        started: second in which it began, UTC.
    """

    request: RunRequest
    output: Output
    run_id: str
    inputs: Inputs
    scans: list[Scan]
    identity: str
    started: datetime


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


def _find_committed(attempt: Attempt) -> str | None:
    """Return the run that has done this work already, if there is one.

    Raises:
        UsageError: the run id is taken by a run with other input or configuration.
    """
    request = attempt.request
    for manifest in attempt.output.manifests():
        same = manifest["identity"] == attempt.identity
        if same and request.run_id in (None, manifest["run_id"]):
            return str(manifest["run_id"])
        if request.run_id == manifest["run_id"] and not request.replace:
            raise UsageError(
                f"run {request.run_id} is committed with other input, configuration or versions; "
                "give another --run-id, or --replace to put this one in its place"
            )
    return None


def _clean(attempt: Attempt, pipeline: beam.Pipeline, out: Console, err: Console) -> None:
    """Run the graph, check the account, publish.

    Raises:
        LedgerError: pages in and pages out do not add up.
        UsageError: duplicates of other runs name articles that it no longer holds.
    """
    request, run_id, scans = attempt.request, attempt.run_id, attempt.scans
    staging = attempt.output.stage(run_id, _token())
    context = RunContext(
        run_id=run_id,
        ingest_date=attempt.started.date(),
        staging=str(staging),
        buckets=_bucket_count(scans),
        audit=request.settings.config.output.audit,
        sequence=_next_sequence(attempt.output),
        earlier=_earlier_runs(attempt.output, run_id),
        site_counts=_site_counts(attempt.output, run_id),
    )
    earlier = open_index(attempt.output, run_id, request.settings.config.dedupe)
    exit_when_a_worker_dies()
    footer = _footer(request.settings, run_id)
    build_graph(pipeline, scans, request.settings.config, context, earlier, footer)
    begun = time.monotonic()
    with show_progress(context.progress, _goal(scans), err):
        run_to_end(pipeline)
    seconds = time.monotonic() - begun
    results = read_results(context)
    account = ledger.draw_up(results.read, results.counts)
    ledger.check(account)
    if request.replace:
        articles = (shard.path for shard in results.shards if shard.dataset == "articles")
        check_replacement(attempt.output, run_id, (staging / path for path in articles))
    documents = {
        "ledger.json": json.dumps(account, ensure_ascii=False, indent=1) + "\n",
        "config.resolved.yaml": request.settings.to_yaml(),
        **learned_documents(context),
    }
    attempt.output.publish(staging, _manifest(attempt, results, account), documents)
    print_summary(account, attempt.inputs, request.output, run_id, seconds, out)


def _next_sequence(output: Output) -> int:
    return max((manifest["sequence"] for manifest in output.manifests()), default=0) + 1


def _earlier_runs(output: Output, run_id: str) -> dict[int, Earlier]:
    """Return what runs other than `run_id` have published, by their numbers."""
    return {
        manifest["sequence"]: Earlier(
            manifest["run_id"],
            tuple(
                str(output.root / file["path"])
                for file in sorted(manifest["files"], key=lambda file: file["path"])
                if file["dataset"] == "articles"
            ),
        )
        for manifest in output.manifests()
        if manifest["run_id"] != run_id
    }


def _site_counts(output: Output, run_id: str) -> tuple[str, ...]:
    """Return the files in which runs other than `run_id` have counted the rows of sites."""
    paths = sorted(file["path"] for file in output.index_files(without=run_id))
    return tuple(str(output.root / path) for path in paths if Path(path).name == COUNTS)


def _bucket_count(scans: list[Scan]) -> int:
    """Return into how many parts ids are dealt: the same for the same input, never one alone."""
    size = sum(s.size * (5 if s.file.compression else 1) for s in scans)
    return min(_MAX_BUCKETS, max(4, size // _BUCKET_BYTES))


def _goal(scans: list[Scan]) -> Goal:
    """Return what there is to do: pages, where looking through the inputs has told; else bytes."""
    known = [s.records for s in scans if s.records is not None]
    if len(known) == len(scans):
        return Goal("read", sum(known))
    return Goal("bytes", sum(s.size for s in scans if in_bytes(s.file)))


def _footer(settings: Settings, run_id: str) -> tuple[tuple[str, str], ...]:
    return (
        ("newsclean.schema_version", SCHEMA_VERSION),
        ("newsclean.pipeline_version", version("newsclean")),
        ("newsclean.config_sha256", settings.sha256),
        ("newsclean.run_id", run_id),
    )


def _manifest(attempt: Attempt, results: Results, account: dict[str, Any]) -> dict[str, Any]:
    earlier = attempt.output.manifests()
    return {
        "run_id": attempt.run_id,
        "sequence": _next_sequence(attempt.output),
        "started": attempt.started.isoformat(),
        "based_on": [m["run_id"] for m in earlier if m["run_id"] != attempt.run_id],
        "identity": attempt.identity,
        "config_sha256": attempt.request.settings.sha256,
        "versions": _versions(),
        "inputs": [{"uri": s.file.uri, "bytes": s.size, "sha256": s.sha256} for s in attempt.scans],
        "ignored": {
            "files": dict(attempt.inputs.ignored_files),
            "directories": dict(attempt.inputs.ignored_directories),
        },
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
