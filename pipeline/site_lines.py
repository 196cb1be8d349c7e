"""Learning the frequent rows of each site in the middle of a run.

Pages wait in files of the staging area until all are counted; what the graph holds meanwhile are
places in these files, and packed sightings. The counts are published with the index, so that later
runs go on from them.
"""

from __future__ import annotations

import json
import pickle
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard
from apache_beam.pvalue import AsList, PCollection, TaggedOutput
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from pipeline.stage import RunContext
from pipeline.write import Shard, seal
from transforms.site_lines import (
    CountSightings,
    LearnSiteLines,
    Part,
    SeenLines,
    join_totals,
    scatter,
    seen_lines,
    sight_pages,
)
from transforms.text.boilerplate.sightings import COUNT, SIGHTING, pack, page_keys
from transforms.text.boilerplate.site_rules import SiteLines
from transforms.text.boilerplate.strip_boilerplate import BoilerplateConfig
from transforms.text.duplicates.packed_rows import Words
from transforms.text.records import Page

COUNTS = "site_lines.parquet"
"""In `index/run=<id>/`: on how many pages of the run rows stand, and which pages these are."""

LEARNED = "site_lines.yaml"
"""In `_runs/<id>/`: what was taken for frequent."""

_BLOCK_PAGES = 256
_BLOCK_CHARS = 1 << 20
"""Most pages and code points of a block: what a worker has in memory at once."""


class HeldBlock(NamedTuple):
    """Where some pages wait: their rows lie in `[start, middle)`, they themselves behind."""

    path: str
    start: int
    middle: int
    stop: int


class Learned(NamedTuple):
    """What comes out of `HoldAndLearn`.

    Attributes:
        pages: those that went in.
        lines: (site, its frequent rows).
        shards: files to be published with the index.
    """

    pages: PCollection[Page]
    lines: PCollection[tuple[str, SiteLines]]
    shards: PCollection[Shard]


@dataclass
class HoldAndLearn(beam.PTransform[PCollection[Page], Learned]):
    """Hold pages back until the rows of their sites are counted.

    Args:
        config: that of `strip_boilerplate`.
        context: names the staging area, and the counts of earlier runs.
    """

    config: BoilerplateConfig
    context: RunContext

    def expand(self, pages: PCollection[Page]) -> Learned:
        hold = beam.ParDo(HoldPages(self.config, self.context))
        held = pages | "Hold" >> hold.with_outputs("parts", "keys", main="blocks")
        earlier = (
            pages.pipeline
            | "Earlier" >> beam.Create(self.context.site_counts)
            | "ReadCounts" >> beam.FlatMap(_read_counts).with_output_types(Part)
        )
        parts = (held.parts, earlier) | "AllParts" >> beam.Flatten()
        totals = parts | "Count" >> CountSightings()
        seen = held.blocks | "ReadSeen" >> beam.Map(read_seen)
        lines = seen | "Learn" >> LearnSiteLines(self.config.site_lines, totals)
        shards = (
            pages.pipeline
            | "Once" >> beam.Create([self.context])
            | "Publish" >> beam.FlatMap(_write, AsList(lines), AsList(totals), AsList(held.keys))
        )
        back = held.blocks | "Spread" >> beam.Reshuffle() | "Release" >> beam.FlatMap(read_pages)
        return Learned(back, lines, shards)


class HoldPages(beam.DoFn):
    """Put pages into files.

    Outputs: `HeldBlock`s (main), `parts` (packed sightings) and `keys` (packed keys of new pages).
    """

    def __init__(self, config: BoilerplateConfig, context: RunContext) -> None:
        self._config = config
        self._context = context

    def setup(self) -> None:
        self._counted = _read_keys(self._context.site_counts)

    def start_bundle(self) -> None:
        self._pages: list[Page] = []
        self._chars = 0
        self._stream: BinaryIO | None = None

    def process(self, page: Page) -> Iterator[Any]:
        self._pages.append(page)
        self._chars += len(page.text)
        if len(self._pages) >= _BLOCK_PAGES or self._chars >= _BLOCK_CHARS:
            yield from self._flush()

    def finish_bundle(self) -> Iterator[Any]:
        for output in self._flush() if self._pages else ():
            tag = output.tag if isinstance(output, TaggedOutput) else None
            value = WindowedValue(
                output.value if tag else output, GlobalWindow().max_timestamp(), (GlobalWindow(),)
            )
            yield TaggedOutput(tag, value) if tag else value
        if self._stream is not None:
            self._stream.close()

    def _flush(self) -> Iterator[Any]:
        sighted = sight_pages(self._pages, self._config)
        yield self._write(seen_lines(sighted))
        if sighted:
            yield TaggedOutput("keys", page_keys(sighted).tobytes())
            for part in scatter(pack(sighted, self._counted), np.zeros(0, dtype=COUNT)):
                yield TaggedOutput("parts", part)
        self._pages, self._chars = [], 0

    def _write(self, seen: SeenLines) -> HeldBlock:
        if self._stream is None:
            path = Path(self._context.staging, "held", f"{uuid.uuid4().hex}.zst")
            path.parent.mkdir(exist_ok=True)
            self._stream = path.open("wb")
        start = self._stream.tell()
        middle = start + self._stream.write(_packed(seen))
        stop = middle + self._stream.write(_packed(self._pages))
        self._stream.flush()
        return HeldBlock(self._stream.name, start, middle, stop)


def _packed(value: Any) -> bytes:
    return zstandard.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), 1)


def _unpacked(path: str, start: int, stop: int) -> Any:
    with Path(path).open("rb") as stream:
        stream.seek(start)
        return pickle.loads(zstandard.decompress(stream.read(stop - start)))


def read_seen(block: HeldBlock) -> SeenLines:
    """Return the rows of the pages of a block, by site."""
    seen: SeenLines = _unpacked(block.path, block.start, block.middle)
    return seen


def read_pages(block: HeldBlock) -> list[Page]:
    """Return the pages of a block."""
    pages: list[Page] = _unpacked(block.path, block.middle, block.stop)
    return pages


def _read_counts(path: str) -> Iterator[Part]:
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        for batch in file.iter_batches(1 << 20):
            counts = np.zeros(len(batch), dtype=COUNT)
            for name, column in _COLUMNS.items():
                counts[name] = batch[column].to_numpy()
            yield from scatter(np.zeros(0, dtype=SIGHTING), counts[counts["pages"] > 0])


def _read_keys(paths: Iterable[str]) -> Words:
    """Return the keys of the pages that earlier runs have counted, sorted."""
    columns = [
        pq.read_table(
            path, columns=["hash"], filters=[("pages", "=", 0)], page_checksum_verification=True
        )["hash"].to_numpy()
        for path in paths
    ]
    return np.unique(np.concatenate([np.zeros(0, dtype="<u8"), *columns]))


def _write(
    context: RunContext,
    lines: list[tuple[str, SiteLines]],
    totals: list[bytes],
    keys: list[bytes],
) -> Iterator[Shard]:
    """Write what the run has counted for later runs, and what it has learned for a person."""
    Path(context.staging, LEARNED).write_text(to_yaml(known for _, known in lines), "utf-8")
    found = join_totals(totals)
    found = found[found["new_pages"] > 0]
    pages = np.unique(np.frombuffer(b"".join(keys), dtype="<u8"))
    rows = np.zeros(len(found) + len(pages), dtype=COUNT)
    for name, column in (("line", "line"), ("pages", "new_pages"), ("edge", "new_edge")):
        rows[name][: len(found)] = found[column]
    rows["line"][len(found) :] = pages
    table = pa.table({new: np.ascontiguousarray(rows[name]) for name, new in _COLUMNS.items()})
    fresh = Path(context.staging, f"{COUNTS}.tmp")
    pq.write_table(table, fresh, compression="zstd", use_dictionary=False, write_page_checksum=True)
    path = Path("index", f"run={context.run_id}", COUNTS)
    yield seal(fresh, "index", path, context.staging)._replace(rows=len(table))


_COLUMNS = {"line": "hash", "pages": "pages", "edge": "edge"}
"""Fields of `COUNT`, and the columns of the file. Rows of no pages are the pages counted."""


def learned_documents(context: RunContext) -> dict[str, str]:
    """Return what a person may read of what a finished run has learned, by name of the file."""
    path = Path(context.staging, LEARNED)
    return {LEARNED: path.read_text("utf-8")} if path.exists() else {}


def to_yaml(known: Iterable[SiteLines]) -> str:
    """Return frequent rows as `strip_boilerplate.frequent` reads them, sites in their order."""
    written = [_HEADER]
    for site in sorted(known, key=lambda site: site.id):
        written.append(f"- id: {_quoted(site.id)}\n  pages: {site.pages}\n  lines:\n")
        for line, pages in site.lines.items():
            written.append(f"    {_quoted(line)}: {pages}  # {pages / site.pages:.0%}\n")
    return "".join(written) if len(written) > 1 else f"{_HEADER}[]\n"


def _quoted(text: str) -> str:
    """Return a scalar as YAML takes it: only printable characters stand for themselves."""
    quoted = json.dumps(text, ensure_ascii=False)
    return quoted if quoted.isprintable() else json.dumps(text)


_HEADER = """\
# Rows that many pages of a site share, with the pages they stand on; dates are D, counters 0.
# Delete what must stay, add what should go, and use the file in place of counting:
#   --set strip_boilerplate.frequent=[FILE] --set strip_boilerplate.site_lines.enabled=false
"""
