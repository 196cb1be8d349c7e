"""The cleaning steps in a row, one labelled stage each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import PCollection

from pipeline.site_lines import HoldAndLearn
from pipeline.write import Shard
from transforms.cleaning import (
    DetectEncoding,
    ExtractHtml,
    ExtractMetadata,
    JudgePage,
    RejoinLines,
    RepairMojibake,
    StripBoilerplate,
    StripPinyin,
    StripSpam,
    ToSimplified,
)
from transforms.text.records import Page, RawPage
from transforms.text.steps import CleanConfig, bind_steps


class Cleaned(NamedTuple):
    """The ways out of the steps.

    Attributes:
        pages: clean pages.
        refused: (name, refusals or failures) of each step. They are not flattened into one:
            a local runner would keep them all in memory until the last page is read.
        shards: files of counted rows, where these are counted.
    """

    pages: PCollection[Page]
    refused: tuple[tuple[str, PCollection[Any]], ...]
    shards: tuple[PCollection[Shard], ...]


_TRANSFORMS: dict[str, Callable[[Any], beam.PTransform[Any, Any]]] = {
    "extract_html": ExtractHtml,
    "repair_mojibake": RepairMojibake,
    "strip_pinyin": StripPinyin,
    "strip_spam": StripSpam,
    "extract_metadata": ExtractMetadata,
    "strip_boilerplate": StripBoilerplate,
    "rejoin_lines": RejoinLines,
    "to_simplified": ToSimplified,
    "judge_page": JudgePage,
}


def bind_transforms(config: CleanConfig) -> tuple[tuple[str, beam.PTransform[Any, Any]], ...]:
    """Return the enabled transforms that follow `DetectEncoding`, in the order they run."""
    return tuple(
        (step.name, _TRANSFORMS[step.name](getattr(config, step.name)))
        for step in bind_steps(config)
    )


@dataclass
class CleanPages(beam.PTransform[PCollection[RawPage], Cleaned]):
    """Clean pages step by step; what a step turns away or breaks on leaves beside it.

    Args:
        config: one section per step.
        hold: holds pages back before `strip_boilerplate` until the rows of their sites are counted;
            None to count none, and to let the steps run as one.
    """

    config: CleanConfig
    hold: HoldAndLearn | None = None

    def expand(self, raw: PCollection[RawPage]) -> Cleaned:
        steps = (
            ("detect_encoding", DetectEncoding(self.config.detect_encoding)),
            *bind_transforms(self.config),
        )
        pages: PCollection[Any] = raw
        refused: list[tuple[str, PCollection[Any]]] = []
        shards: tuple[PCollection[Shard], ...] = ()
        for name, transform in steps:
            if self.hold is not None and isinstance(transform, StripBoilerplate):
                held = pages | "site_lines" >> self.hold
                pages, shards = held.pages, (held.shards,)
                transform = replace(transform, learned=held.lines)
            out = pages | name >> transform
            refused += [(f"{name}_rejected", out.rejected), (f"{name}_failed", out.failed)]
            pages = out.pages
        return Cleaned(pages, tuple(refused), shards)
