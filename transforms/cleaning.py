"""One thin PTransform per cleaning step, each usable alone in any Beam pipeline.

cleaned = pages | StripSpam()
cleaned.pages, cleaned.rejected, cleaned.failed
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import AsDict, PCollection, TaggedOutput

from transforms.config import default_config
from transforms.text.boilerplate.site_rules import SiteLines
from transforms.text.boilerplate.strip_boilerplate import BoilerplateConfig, strip_boilerplate
from transforms.text.decoding.detect_encoding import EncodingConfig, detect_encoding
from transforms.text.html.extract_html import HtmlConfig, extract_html
from transforms.text.judgement.judge_page import JudgementConfig, judge_page
from transforms.text.lines.rejoin_lines import LinesConfig, rejoin_lines
from transforms.text.metadata.extract_metadata import MetadataConfig, extract_metadata
from transforms.text.mojibake.repair_mojibake import MojibakeConfig, repair_mojibake
from transforms.text.pinyin.strip_pinyin import PinyinConfig, strip_pinyin
from transforms.text.records import Failed, Page, RawPage, Rejected
from transforms.text.script.to_simplified import ScriptConfig, to_simplified
from transforms.text.spam.strip_spam import SpamConfig, strip_spam

StepFunction: TypeAlias = Callable[..., Page | Rejected]


class StepOutput(NamedTuple):
    """The three ways out of a step. Every input page is in exactly one of them."""

    pages: PCollection[Page]
    rejected: PCollection[Rejected]
    failed: PCollection[Failed]


class _StepFn(beam.DoFn):
    def __init__(
        self, name: str, apply: Callable[..., Page | Rejected], takes: type[Page | RawPage]
    ) -> None:
        self._name = name
        self._apply = apply
        self._takes = takes

    def process(self, page: Page | RawPage, learned: Any = None) -> Iterator[Any]:
        if not isinstance(page, self._takes):
            raise TypeError(
                f"{self._name} takes a transforms.text.records.{self._takes.__name__}, got "
                f"{type(page).__name__}; pages begin as RawPage(Origin(id, source_uri, record), "
                "data), and DetectEncoding makes a Page of each"
            )
        known = {} if learned is None else {"learned": learned}
        try:
            outcome = self._apply(page, **known)
        except Exception as error:  # noqa: BLE001 - the dead-letter door, and it records
            Metrics.counter(self._name, "failed").inc()
            yield TaggedOutput("failed", failure(page, self._name, error))
            return
        if isinstance(outcome, Rejected):
            Metrics.counter(self._name, outcome.code).inc()
            yield TaggedOutput("rejected", outcome)
            return
        if isinstance(page, RawPage):
            Metrics.counter(self._name, "undecodable_bytes").inc(outcome.n_undecodable)
        yield outcome


def failure(page: Page | RawPage, step: str, error: Exception) -> Failed:
    """Return the record of `error`, raised by `step` on `page`."""
    if isinstance(page, Page):
        sample, edits = page.text[:300], page.edits
    else:
        sample, edits = page.data[:300].decode("utf-8", "replace"), ()
    return Failed(
        origin=page.origin,
        step=step,
        error_type=type(error).__name__,
        error=str(error),
        traceback="".join(traceback.format_exception(error)),
        sample=sample,
        edits=edits,
    )


def _run_step(
    pages: PCollection[Any], step: StepFunction, config: Any, **known: AsDict
) -> StepOutput:
    takes = RawPage if step is detect_encoding else Page
    fn = _StepFn(step.__name__, partial(step, config=config), takes)
    run = beam.ParDo(fn, **known).with_outputs("rejected", "failed", main="pages")
    out = pages | step.__name__ >> run
    return StepOutput(out.pages, out.rejected, out.failed)


@dataclass
class DetectEncoding(beam.PTransform[PCollection[RawPage], StepOutput]):
    """Decode raw pages; what is no text is rejected with what it is."""

    config: EncodingConfig = field(default_factory=lambda: default_config().detect_encoding)

    def expand(self, pages: PCollection[RawPage]) -> StepOutput:
        return _run_step(pages, detect_encoding, self.config)


@dataclass
class ExtractHtml(beam.PTransform[PCollection[Page], StepOutput]):
    """Turn the source of HTML pages into the lines of their articles; other pages pass."""

    config: HtmlConfig = field(default_factory=lambda: default_config().extract_html)

    def expand(self, pages: PCollection[Page]) -> StepOutput:
        return _run_step(pages, extract_html, self.config)


@dataclass
class RepairMojibake(beam.PTransform[PCollection[Page], StepOutput]):
    """Undo wrong decodings."""

    config: MojibakeConfig = field(default_factory=lambda: default_config().repair_mojibake)

    def expand(self, pages: PCollection[Page]) -> StepOutput:
        return _run_step(pages, repair_mojibake, self.config)


@dataclass
class StripPinyin(beam.PTransform[PCollection[Page], StepOutput]):
    """Take out the pinyin that hacked mirrors put behind characters; glosses stay."""

    config: PinyinConfig = field(default_factory=lambda: default_config().strip_pinyin)

    def expand(self, pages: PCollection[Page]) -> StepOutput:
        return _run_step(pages, strip_pinyin, self.config)


@dataclass
class StripSpam(beam.PTransform[PCollection[Page], StepOutput]):
    """Take spam blocks out of pages; prose that merely holds a spam word stays."""

    config: SpamConfig = field(default_factory=lambda: default_config().strip_spam)

    def expand(self, pages: PCollection[Page]) -> StepOutput:
        return _run_step(pages, strip_spam, self.config)


@dataclass
class ExtractMetadata(beam.PTransform[PCollection[Page], StepOutput]):
    """Read title, date, source, people, site and section off the page."""

    config: MetadataConfig = field(default_factory=lambda: default_config().extract_metadata)

    def expand(self, pages: PCollection[Page]) -> StepOutput:
        return _run_step(pages, extract_metadata, self.config)


@dataclass
class StripBoilerplate(beam.PTransform[PCollection[Page], StepOutput]):
    """Take navigation, share bars, footers and disclaimers out.

    Args:
        config: rules.
        learned: what `CountSiteLines` returned.
    """

    config: BoilerplateConfig = field(default_factory=lambda: default_config().strip_boilerplate)
    learned: PCollection[tuple[str, SiteLines]] | None = None

    def expand(self, pages: PCollection[Page]) -> StepOutput:
        known = {} if self.learned is None else {"learned": AsDict(self.learned)}
        return _run_step(pages, strip_boilerplate, self.config, **known)


@dataclass
class RejoinLines(beam.PTransform[PCollection[Page], StepOutput]):
    """Mend broken paragraphs and trim the layout."""

    config: LinesConfig = field(default_factory=lambda: default_config().rejoin_lines)

    def expand(self, pages: PCollection[Page]) -> StepOutput:
        return _run_step(pages, rejoin_lines, self.config)


@dataclass
class ToSimplified(beam.PTransform[PCollection[Page], StepOutput]):
    """Convert what stays to simplified script."""

    config: ScriptConfig = field(default_factory=lambda: default_config().to_simplified)

    def expand(self, pages: PCollection[Page]) -> StepOutput:
        return _run_step(pages, to_simplified, self.config)


@dataclass
class JudgePage(beam.PTransform[PCollection[Page], StepOutput]):
    """Turn away what is no article; flag what a reader may want to leave out."""

    config: JudgementConfig = field(default_factory=lambda: default_config().judge_page)

    def expand(self, pages: PCollection[Page]) -> StepOutput:
        return _run_step(pages, judge_page, self.config)
