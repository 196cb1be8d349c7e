"""Time and peak memory of `FindDuplicates` on generated sketches, on the local runner.

    python benchmarks/dedupe_memory.py --pages 100000

One page in ten is an exact copy of another, one a near copy (20 of 1,500 characters cut out), one
the first 60 % of it.
Texts are made when they are asked for, so the memory is that of finding duplicates alone. Sketches
of copies and of what they copy are computed from their texts; the others are drawn at random, as
unrelated texts have them. What is shuffled waits in files, as in a run; with `--in-memory` the
local runner has it, and spills nothing.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from functools import partial

import apache_beam as beam
import numpy as np
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pipeline.spill import Spill
from transforms.dedupe import FindDuplicates
from transforms.dedupe_stages import Shuffled, Store
from transforms.text.duplicates.fingerprint import fmix64, sketch_dtype, sketch_pages
from transforms.text.duplicates.rules import DedupeConfig, Duplicate, Ref

CONFIG = DedupeConfig()
LENGTH = 1_500


def text_of(page: int) -> str:
    """Return the text of a page: in ten, one copies the first, one nearly, one a part."""
    story = page - page % 10 if page % 10 in (1, 2, 3) else page
    points = np.random.default_rng(story).integers(0x4E00, 0x6200, LENGTH, dtype=np.uint16)
    text = points.tobytes().decode("utf-16-le")
    cut = page * 7_919 % (LENGTH - 20)
    if page % 10 == 3:
        return text[: LENGTH * 6 // 10]
    return text[:cut] + text[cut + 20 :] if page % 10 == 2 else text


def fetch(places: Sequence[Ref]) -> list[str]:
    """Return the texts of pages, made anew."""
    return [text_of(place.unit * 4_096 + place.row) for place in places]


def block(pages: int, unit: int) -> bytes:
    """Return the packed sketches of one staged file of 4,096 pages."""
    numbers = range(unit * 4_096, min((unit + 1) * 4_096, pages))
    copied = [n for n in numbers if n % 10 < 4]
    sketches = drawn(numbers)
    sketches[[n - numbers.start for n in copied]] = sketch_pages(
        [f"{n * 2654435761 % 2**128:032x}" for n in copied],
        [None] * len(copied),
        [text_of(n) for n in copied],
        [None] * len(copied),
        [f"{n % 10}.cn" for n in copied],
        undated=date(2024, 8, 6),
        bands=CONFIG.near.bands,
        rows=CONFIG.near.rows,
    )
    sketches["page"]["unit"] = unit
    sketches["page"]["row"] = np.arange(len(numbers))
    packed: bytes = sketches.tobytes()
    return packed


def drawn(numbers: range) -> np.ndarray:
    """Return sketches of unrelated pages."""
    sketches = np.zeros(len(numbers), dtype=sketch_dtype(CONFIG.near.bands))
    source = np.random.default_rng(numbers.start)
    facts = sketches["page"]
    facts["id"] = source.integers(0, 2**63, (len(numbers), 2))
    facts["key"] = fmix64(np.arange(numbers.start, numbers.stop, dtype=np.uint64)) >> np.uint64(2)
    facts["key"] <<= np.uint64(1)
    facts["n_chars"], facts["n_shingles"] = LENGTH, LENGTH - 4
    sketches["text_hash"] = source.integers(0, 2**63, (len(numbers), 2))
    sketches["signature"] = source.integers(0, 256, sketches["signature"].shape)
    sketches["bands"] = source.integers(0, 2**63, sketches["bands"].shape)
    sketches["passages"] = source.integers(0, 2**63, sketches["passages"].shape)
    return sketches


def kind_of(duplicate: Duplicate) -> tuple[str, int]:
    """Return a duplicate's kind, to be counted."""
    return duplicate.kind, 1


def main() -> None:
    """Find the duplicates and print how many there are, the time and the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--in-memory", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        run(given.pages, Shuffled() if given.in_memory else Spill(scratch))


def run(pages: int, store: Store) -> None:
    """Find the duplicates among so many pages."""
    before, start = peak(), time.monotonic()
    with beam.Pipeline(FnApiRunner(), PipelineOptions(flags=[])) as pipeline:
        (
            pipeline
            | beam.Create(range(-(-pages // 4_096)))
            | "Sketch" >> beam.Map(partial(block, pages))
            | "dedupe" >> FindDuplicates(CONFIG, fetch, store=store)
            | beam.Flatten()
            | beam.Map(kind_of)
            | beam.CombinePerKey(sum)
            | beam.Map(print)
        )
    print(f"{pages} pages, {time.monotonic() - start:.1f} s, peak {before} -> {peak()} MB")


def peak() -> int:
    """Return the peak memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
