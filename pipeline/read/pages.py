"""Read units of work as pages: bounded bytes, and one bad record costs one record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

from pipeline.config import ReadConfig
from pipeline.inputs import InputFile, Unit, open_regular
from pipeline.progress import Tally
from pipeline.read.decompress import READ_ERRORS
from pipeline.read.jsonl import read_jsonl
from pipeline.read.outcomes import Outcome, reason_of, unreadable
from pipeline.read.parquet import read_parquet
from pipeline.read.warc import read_warc
from pipeline.read.whole import read_whole
from pipeline.stage import RunContext
from transforms.text.records import Failed, Rejected

_READERS: dict[str, Callable[[Unit, BinaryIO, ReadConfig], Iterator[Outcome]]] = {
    "txt": read_whole,
    "html": read_whole,
    "jsonl": read_jsonl,
    "parquet": read_parquet,
    "warc": read_warc,
}
"""By format, one of the values of `inputs.FORMATS`."""


class ReadPages(beam.DoFn):
    """Read units of work.

    Outputs: pages (main), `rejected`, `failed`, and `read`: (uri, number of pages found).
    """

    def __init__(self, config: ReadConfig, context: RunContext) -> None:
        self._config = config
        self._context = context

    def setup(self) -> None:
        self._tally = Tally(str(self._context.progress))

    def process(self, unit: Unit) -> Iterator[Any]:
        count = 0
        for outcome in read_unit(unit, self._config, self._tally_bytes(unit)):
            count += 1
            self._tally.add("read")
            match outcome:
                case Rejected():
                    yield TaggedOutput("rejected", outcome)
                case Failed():
                    yield TaggedOutput("failed", outcome)
                case _:
                    yield outcome
        yield TaggedOutput("read", (unit.file.uri, count))

    def _tally_bytes(self, unit: Unit) -> Callable[[int], None]:
        """Return what counts the bytes of a unit as reading gets ahead in the file."""
        furthest = unit.start

        def count(position: int) -> None:
            nonlocal furthest
            if position > furthest and in_bytes(unit.file):
                self._tally.add("bytes", position - furthest)
                furthest = position

        return count

    def finish_bundle(self) -> None:
        self._tally.write()


def in_bytes(file: InputFile) -> bool:
    """Return whether the place in the file tells how much of it has been read."""
    return file.format != "parquet"


def read_unit(
    unit: Unit, config: ReadConfig, reached: Callable[[int], None] = lambda _: None
) -> Iterator[Outcome]:
    """Yield what stands in `unit`; an input that breaks off ends with a `Failed`.

    Args:
        unit: a file, or a part of one.
        config: how it is read.
        reached: told the place in the file, in bytes on disk, in front of each page.
    """
    try:
        with open_regular(unit.file.path) as stream:
            for outcome in _READERS[unit.file.format](unit, stream, config):
                reached(stream.tell())
                yield outcome
    except READ_ERRORS as error:
        yield unreadable(unit.file.uri, type(error).__name__, reason_of(error), unit.start)
