"""What earlier runs have: their index, checked and joined with new pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from pipeline.commit import Output, sha256_of
from pipeline.errors import IndexDamagedError
from pipeline.index import (
    COMPARED,
    KINDS,
    RUN,
    check_shape,
    kind_of,
    to_seen,
    to_sketches,
    to_values,
)
from transforms.text.duplicates.candidates import similarity_keys
from transforms.text.duplicates.packed_rows import Rows
from transforms.text.duplicates.rules import DAY, DedupeConfig
from transforms.text.duplicates.semijoin import (
    SEEN,
    Buckets,
    Estimated,
    Met,
    TextHashes,
    most_alike,
    worthy_pairs,
)


def open_index(output: Output, run_id: str, config: DedupeConfig) -> EarlierRuns | None:
    """Return what runs other than `run_id` have, or None if there is nothing to compare with.

    Raises:
        IndexDamagedError: a file is missing, or is not what was published.
        UsageError: the index was made for another configuration.
    """
    runs = [manifest for manifest in output.manifests() if manifest["run_id"] != run_id]
    files = output.index_files(without=run_id)
    check_files(output, files)
    if not (runs and config.enabled):
        return None
    revised = output.revision()["covers"]
    for run in runs:
        if run["sequence"] not in revised and not any(map(kind_of, _index_paths(run))):
            raise IndexDamagedError(
                f"run {run['run_id']} has no index, so new pages cannot be compared with its "
                f"articles; `newsclean index rebuild {output.root}` makes it from them"
            )
    paths = {kind: [f["path"] for f in files if kind_of(f["path"]) == kind] for kind in KINDS}
    seen, bands = (tuple(str(output.root / path) for path in paths[kind]) for kind in KINDS)
    for path in (*seen, *bands):
        check_shape(path, config.near)
    return EarlierRuns(seen, bands, tuple(run["sequence"] for run in runs), config)


def _index_paths(manifest: dict[str, Any]) -> list[str]:
    return [file["path"] for file in manifest["files"] if file["dataset"] == "index"]


def check_files(output: Output, files: list[dict[str, Any]]) -> None:
    """Check that files of the index are what their manifests say.

    Raises:
        IndexDamagedError: names the first that is not.
    """
    for file in files:
        path = output.root / file["path"]
        wrong = what_is_wrong(path, file["sha256"])
        if wrong:
            does = "mends it" if kind_of(file["path"]) else "goes on without it"
            raise IndexDamagedError(
                f"{path} {wrong}; it was not used, and nothing was written. "
                f"`newsclean index rebuild {output.root}` {does}"
            )


def what_is_wrong(path: Path, sha256: str) -> str:
    """Return how a published file differs from what its manifest says, or nothing."""
    if not path.exists():
        return "is missing"
    if sha256_of(path) != sha256:
        return "is damaged: its bytes are not those that were published"
    return ""


@dataclass(frozen=True, slots=True)
class EarlierRuns:
    """What earlier runs have, as it lies in their index.

    Attributes:
        seen: files of texts.
        bands: files of sketches.
        sequences: numbers of the runs that count; rows of others belong to runs since replaced.
        config: the rules.
    """

    seen: tuple[str, ...]
    bands: tuple[str, ...]
    sequences: tuple[int, ...]
    config: DedupeConfig

    def __call__(self, sketches: Rows) -> Met:
        """Return which of these new pages repeat a page of an earlier run, for sure or maybe."""
        hashes = TextHashes(sketches, self.config)
        seen = [self._of_these_runs(rows) for rows in self._seen(hashes)]
        copies = hashes.copies(np.concatenate([np.zeros(0, dtype=SEEN), *seen]))
        others = sketches[~np.isin(sketches["page"]["key"], copies["worse"]["key"])]
        return Met(others, copies, *most_alike(self._pairs(others)))

    def _seen(self, hashes: TextHashes) -> Iterator[Rows]:
        for path in self.seen:
            with pq.ParquetFile(path) as file:
                for group, (least, most) in row_groups(file, "text_hash"):
                    if not hashes.any_within(first_word(least), first_word(most)):
                        continue
                    words = to_values(file.read_row_group(group, ["text_hash"])["text_hash"], ">u8")
                    met = hashes.meet(words[:, 0].astype(np.uint64))
                    if len(met):
                        yield to_seen(file.read_row_group(group).take(met))

    def _of_these_runs(self, rows: Rows) -> Rows:
        return rows[np.isin(rows["run"], self.sequences)]

    def _pairs(self, sketches: Rows) -> Iterator[Estimated]:
        """Yield pairs of articles of earlier runs and new pages, with their estimates."""
        buckets = [Buckets(sketches, *keys) for keys in similarity_keys(self.config)]
        published = np.sort(sketches["page"]["published"])
        window = self.config.near.window_days * DAY
        for path in self.bands:
            with pq.ParquetFile(path) as file:
                for group, (first, last) in row_groups(file, "published"):
                    at = np.searchsorted(published, first - window)
                    if at < len(published) and published[at] <= last + window:
                        for bucket in buckets:
                            yield from self._meet(file, group, bucket, sketches)

    def _meet(
        self, file: pq.ParquetFile, group: int, bucket: Buckets, sketches: Rows
    ) -> Iterator[Estimated]:
        table = file.read_row_group(group, [bucket.column, RUN])
        keys = to_values(table[bucket.column], "<u8")
        current = np.isin(to_values(table[RUN]), self.sequences)
        if not current.all():
            keys = np.where(current[:, np.newaxis], keys, 0)
        earlier: Rows | None = None
        for rows, pages in bucket.meet(keys):
            if earlier is None:
                table = file.read_row_group(group, COMPARED)
                earlier = to_sketches(table, self.config.near.bands)
            yield worthy_pairs(earlier[rows], sketches[pages], bucket.column, self.config)


def row_groups(file: pq.ParquetFile, column: str) -> Iterator[tuple[int, tuple[Any, Any]]]:
    """Yield the row groups of a file, and the least and most value of a column in each."""
    at = file.schema_arrow.get_field_index(column)
    for group in range(file.num_row_groups):
        statistics = file.metadata.row_group(group).column(at).statistics
        yield group, (statistics.min, statistics.max)


def first_word(text_hash: bytes) -> int:
    """Return the first 64 bits of a text hash as it is written."""
    return int.from_bytes(text_hash[:8])
