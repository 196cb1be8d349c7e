"""The order of the steps. Reading this file is reading the pipeline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from transforms.text.boilerplate import BoilerplateConfig, strip_boilerplate
from transforms.text.encoding import EncodingConfig, detect_encoding
from transforms.text.judgement import JudgementConfig, judge_page
from transforms.text.lines import LinesConfig, rejoin_lines
from transforms.text.metadata import MetadataConfig, extract_metadata
from transforms.text.mojibake import MojibakeConfig, repair_mojibake
from transforms.text.pinyin import PinyinConfig, strip_pinyin
from transforms.text.records import Page, RawPage, Rejected
from transforms.text.script import ScriptConfig, to_simplified
from transforms.text.spam import SpamConfig, strip_spam


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanConfig:
    """Settings of every cleaning step, one section per step, in the order they run."""

    detect_encoding: EncodingConfig = field(default_factory=EncodingConfig)
    repair_mojibake: MojibakeConfig = field(default_factory=MojibakeConfig)
    strip_pinyin: PinyinConfig = field(default_factory=PinyinConfig)
    strip_spam: SpamConfig = field(default_factory=SpamConfig)
    extract_metadata: MetadataConfig = field(default_factory=MetadataConfig)
    strip_boilerplate: BoilerplateConfig = field(default_factory=BoilerplateConfig)
    rejoin_lines: LinesConfig = field(default_factory=LinesConfig)
    to_simplified: ScriptConfig = field(default_factory=ScriptConfig)
    judge_page: JudgementConfig = field(default_factory=JudgementConfig)


class Step(NamedTuple):
    """A named cleaning function with its settings already bound."""

    name: str
    apply: Callable[[Page], Page | Rejected]
    enabled: bool


def bind_steps(config: CleanConfig) -> tuple[Step, ...]:
    """Return the steps that follow `detect_encoding`, in the order they run."""
    c = config
    return (
        Step(
            "repair_mojibake",
            partial(repair_mojibake, config=c.repair_mojibake),
            c.repair_mojibake.enabled,
        ),
        Step("strip_pinyin", partial(strip_pinyin, config=c.strip_pinyin), c.strip_pinyin.enabled),
        Step("strip_spam", partial(strip_spam, config=c.strip_spam), c.strip_spam.enabled),
        Step(
            "extract_metadata",
            partial(extract_metadata, config=c.extract_metadata),
            c.extract_metadata.enabled,
        ),
        Step(
            "strip_boilerplate",
            partial(strip_boilerplate, config=c.strip_boilerplate),
            c.strip_boilerplate.enabled,
        ),
        Step("rejoin_lines", partial(rejoin_lines, config=c.rejoin_lines), c.rejoin_lines.enabled),
        Step(
            "to_simplified", partial(to_simplified, config=c.to_simplified), c.to_simplified.enabled
        ),
        Step("judge_page", partial(judge_page, config=c.judge_page), c.judge_page.enabled),
    )


def clean_page(raw: RawPage, config: CleanConfig) -> Page | Rejected:
    """Run every step over one page, without Beam."""
    outcome = detect_encoding(raw, config.detect_encoding)
    for step in bind_steps(config):
        if isinstance(outcome, Rejected):
            return outcome
        if step.enabled:
            outcome = step.apply(outcome)
    return outcome
