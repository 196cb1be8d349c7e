"""The whole graph of a run on one screen.

Texts go from the reader to a staged file, and from there to a shard; what is shuffled between are
units of work, fingerprints, decisions and counts. Everything the driver needs afterwards lies in
one small file under the output directory, so that the graph runs alike on any runner.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import AsList, PCollection

from pipeline.clean import CleanPages
from pipeline.config import RunConfig
from pipeline.earlier import EarlierRuns
from pipeline.index import IndexSource
from pipeline.read import ReadPages, Scan, unreadable
from pipeline.site_lines import HoldAndLearn
from pipeline.spill import Spill
from pipeline.stage import FetchTexts, RunContext, Stage, StagedFile, bucket_of
from pipeline.write import (
    Count,
    Shard,
    ShardOptions,
    ShardPlan,
    WriteShard,
    plan_shards,
)
from transforms.dedupe import FindDuplicates, Found
from transforms.dedupe_stages import PARTITIONS
from transforms.text.duplicates.rules import Duplicate

_RESULTS = "results.json"
_BUCKETS_PER_JOIN = 32  # 256 MB of input: the new pages that share one reading of the index


@dataclass(frozen=True, slots=True)
class Results:
    """What a run's workers have reported.

    Attributes:
        shards: every file to be published.
        read: (input file, pages found in it).
        counts: pages by input file, door and reason.
    """

    shards: list[Shard]
    read: list[tuple[str, int]]
    counts: list[Count]


class _Staged(NamedTuple):
    """What the first half of the graph leaves behind."""

    sketches: PCollection[bytes]
    files: PCollection[StagedFile]
    read: PCollection[tuple[str, int]]
    shards: tuple[PCollection[Shard], ...]


class _Written(NamedTuple):
    """What the second half leaves behind."""

    shards: PCollection[Shard]
    counts: PCollection[tuple[str, int]]


def build_graph(
    pipeline: beam.Pipeline,
    scans: Iterable[Scan],
    config: RunConfig,
    context: RunContext,
    earlier: EarlierRuns | None,
    footer: tuple[tuple[str, str], ...],
) -> None:
    """Put the graph of a run into `pipeline`; `read_results` tells its outcome."""
    staged = _read_and_clean(pipeline, list(scans), config, context)
    parts = max(1, min(PARTITIONS, context.buckets // _BUCKETS_PER_JOIN))
    spill = Spill(str(Path(context.staging, "spill")))
    found = staged.sketches | "dedupe" >> FindDuplicates(
        config.dedupe, FetchTexts(context), earlier, parts, spill
    )
    options = ShardOptions(context.staging, context.run_id, footer, config.output.row_group_rows)
    written = _write(pipeline, staged.files, found, options, config, context)
    shards = (written.shards, *staged.shards) | "AllShards" >> beam.Flatten()
    _ = (
        pipeline
        | "Finish" >> beam.Create([str(_results_path(context))])
        | "WriteResults"
        >> beam.Map(_write_results, AsList(shards), AsList(staged.read), AsList(written.counts))
    )


def _read_and_clean(
    pipeline: beam.Pipeline, scans: list[Scan], config: RunConfig, context: RunContext
) -> _Staged:
    """Read units of work, clean their pages, and stage whatever comes out."""
    found = (
        pipeline
        | "Units" >> beam.Create([unit for scan in scans for unit in scan.units])
        | "SpreadUnits" >> beam.Reshuffle()
        | "read"
        >> beam.ParDo(ReadPages(config.read, context)).with_outputs(
            "rejected", "failed", "read", main="pages"
        )
    )
    lost = [unreadable(scan.file.uri, "OSError", scan.error) for scan in scans if scan.error]
    boilerplate = config.strip_boilerplate
    counting = boilerplate.enabled and boilerplate.site_lines.enabled
    hold = HoldAndLearn(boilerplate, context) if counting else None
    cleaned = found.pages | "clean" >> CleanPages(config, hold)
    stage = Stage(context, config.dedupe.near)
    pages = cleaned.pages | "StagePages" >> beam.ParDo(stage).with_outputs("staged", main="main")
    refused = {
        "read_rejected": found.rejected,
        "read_failed": found.failed,
        "unreadable": pipeline | "Unreadable" >> beam.Create(lost),
        **dict(cleaned.refused),
    }
    files = [pages.staged] + [
        (door | f"Stage_{name}" >> beam.ParDo(stage).with_outputs("staged", main="main")).staged
        for name, door in refused.items()
    ]
    lost_counts = pipeline | "LostCounts" >> beam.Create([(f.origin.source_uri, 1) for f in lost])
    read = (found.read, lost_counts) | "ReadCounts" >> beam.Flatten()
    return _Staged(
        pages.main,
        tuple(files) | "StagedFiles" >> beam.Flatten(),
        read | "SumRead" >> beam.CombinePerKey(sum),
        cleaned.shards,
    )


def _write(
    pipeline: beam.Pipeline,
    files: PCollection[StagedFile],
    found: Found,
    options: ShardOptions,
    config: RunConfig,
    context: RunContext,
) -> _Written:
    """Make shards of the staged files, with the duplicates parted from the articles."""
    datasets = ("articles", "rejected", "failed", *(["audit"] if context.audit else []))
    plans = (
        pipeline
        | "Plan" >> beam.Create([datasets])
        | "PlanShards" >> beam.FlatMap(_plan, AsList(files), config.output.shard_bytes)
    )
    keyed = plans | "KeyPlans" >> beam.Map(_key_plan).with_output_types(tuple[str, Any])
    decisions = (found.duplicates, found.contained) | "Decisions" >> beam.Flatten()
    routed = decisions | "RouteDecisions" >> beam.FlatMap(
        _route, AsList(plans), context.buckets
    ).with_output_types(tuple[str, Any])
    sequences = {run.run_id: sequence for sequence, run in context.earlier.items()}
    source = IndexSource(
        context.sequence, sequences, context.run_id, context.ingest_date, config.dedupe.near
    )
    write = WriteShard(options, context, source)
    written = (
        {"plan": keyed, "decisions": routed}
        | "GroupByShard" >> beam.CoGroupByKey()
        | "write" >> beam.ParDo(write).with_outputs("counts", main="shards")
    )
    counts = (
        written.counts
        | "KeyCounts" >> beam.Map(_key_count).with_output_types(tuple[str, int])
        | "SumCounts" >> beam.CombinePerKey(sum)
    )
    return _Written(written.shards, counts)


def _plan(
    datasets: tuple[str, ...], files: list[StagedFile], shard_bytes: int
) -> Iterator[ShardPlan]:
    yield from plan_shards(files, datasets, shard_bytes)


def _key_plan(plan: ShardPlan) -> tuple[str, ShardPlan]:
    return f"{plan.dataset}/{plan.number}", plan


def _route(
    duplicate: Duplicate, plans: list[ShardPlan], buckets: int
) -> Iterator[tuple[str, tuple[str, Any]]]:
    """Send a decision to the shard of the dropped page, and word of it to that of the kept one."""
    shards = {
        bucket: plan for plan in plans if plan.dataset == "articles" for bucket in plan.buckets
    }
    verdict = "contained" if duplicate.kind == "part" else "dropped"
    yield _key_plan(shards[bucket_of(duplicate.id, buckets)])[0], (verdict, duplicate)
    if verdict == "dropped" and not duplicate.of_committed:
        kept = shards[bucket_of(duplicate.duplicate_of, buckets)]
        yield _key_plan(kept)[0], ("kept", duplicate.duplicate_of)


def _key_count(count: Count) -> tuple[str, int]:
    return json.dumps([count.uri, count.door, count.reason]), count.pages


def _results_path(context: RunContext) -> Path:
    return Path(context.staging, _RESULTS)


def _write_results(
    path: str, shards: list[Shard], read: list[tuple[str, int]], counts: list[tuple[str, int]]
) -> None:
    unpacked = [[*json.loads(key), pages] for key, pages in counts]
    report = {"shards": sorted(shards), "read": sorted(read), "counts": sorted(unpacked)}
    fresh = Path(f"{path}.tmp")
    fresh.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    fresh.replace(path)


def read_results(context: RunContext) -> Results:
    """Return what the workers of a finished run have reported.

    Raises:
        FileNotFoundError: the run did not get that far.
    """
    report = json.loads(_results_path(context).read_text(encoding="utf-8"))
    return Results(
        [Shard(*row) for row in report["shards"]],
        [(uri, pages) for uri, pages in report["read"]],
        [Count(*row) for row in report["counts"]],
    )
