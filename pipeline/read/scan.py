"""Look through an input once before the run: its digest, its pages, and where it can be cut."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import BinaryIO

from pipeline.config import ReadConfig
from pipeline.inputs import Cut, InputFile, Unit, open_regular
from pipeline.read.decompress import READ_ERRORS
from pipeline.read.jsonl import cut_jsonl
from pipeline.read.outcomes import reason_of
from pipeline.read.parquet import cut_parquet
from pipeline.read.warc import cut_warc

_CUTTERS: dict[str, Callable[[BinaryIO, str, ReadConfig], Cut]] = {
    "jsonl": cut_jsonl,
    "parquet": cut_parquet,
    "warc": cut_warc,
}
"""By format. The others are one page a file."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What reading a file once, before the run, has told.

    Attributes:
        sha256: hex digest of its bytes; empty when it could not be read.
        size: its bytes, as they lie on disk.
        records: pages in it, where that can be told without reading them; blank lines count.
        units: the pieces of work it is cut into.
        error: why it could not be read, or empty.
    """

    file: InputFile
    sha256: str
    size: int
    records: int | None
    units: tuple[Unit, ...]
    error: str = ""


def scan(file: InputFile, config: ReadConfig) -> Scan:
    """Digest `file` and cut it into units of about `config.split_bytes` bytes."""
    if file.error:
        return Scan(file, "", 0, 0, (), file.error)
    try:
        with open_regular(file.path) as stream:
            cutter = _CUTTERS.get(file.format, _one_page)
            starts, pages = cutter(stream, file.compression, config)
            stream.seek(0)
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            size = os.fstat(stream.fileno()).st_size
    except READ_ERRORS as error:
        return Scan(file, "", 0, 0, (), reason_of(error))
    ends = [*pairwise(starts), (starts[-1], (-1, 0))]
    units = tuple(Unit(file, start, stop, before) for (start, before), (stop, _) in ends)
    return Scan(file, digest, size, pages, units)


def scan_all(files: Iterable[InputFile], config: ReadConfig) -> list[Scan]:
    """Scan files side by side: decompressing and digesting leave Python's lock."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(partial(scan, config=config), files))


def _one_page(_: BinaryIO, __: str, ___: ReadConfig) -> Cut:
    return Cut([(0, 0)], 1)
