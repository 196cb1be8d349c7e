"""Files that are one page each: .txt and .html."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from pipeline.config import ReadConfig
from pipeline.inputs import Unit
from pipeline.read.decompress import OPENERS
from pipeline.read.outcomes import Outcome, origin_of, too_large
from transforms.text.records import RawPage


def read_whole(unit: Unit, stream: BinaryIO, config: ReadConfig) -> Iterator[Outcome]:
    """Yield the file as one page, its bytes untouched."""
    data = OPENERS[unit.file.compression](stream).read(config.max_page_bytes + 1)
    raw = RawPage(
        origin_of(unit.file.uri, unit.record, data), data, html=unit.file.format == "html"
    )
    yield raw if len(data) <= config.max_page_bytes else too_large(raw, config)
