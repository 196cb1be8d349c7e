"""The order of the steps. Reading this file is reading the pipeline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from transforms.text.boilerplate.strip_boilerplate import BoilerplateConfig, strip_boilerplate
from transforms.text.decoding.detect_encoding import EncodingConfig, detect_encoding
from transforms.text.html.extract_html import HtmlConfig, extract_html
from transforms.text.judgement.judge_page import JudgementConfig, judge_page
from transforms.text.lines.rejoin_lines import LinesConfig, rejoin_lines
from transforms.text.metadata.extract_metadata import MetadataConfig, extract_metadata
from transforms.text.mojibake.repair_mojibake import MojibakeConfig, repair_mojibake
from transforms.text.pinyin.strip_pinyin import PinyinConfig, strip_pinyin
from transforms.text.records import Page, RawPage, Rejected
from transforms.text.script.to_simplified import ScriptConfig, to_simplified
from transforms.text.spam.strip_spam import SpamConfig, strip_spam


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanConfig:
    """Settings of every cleaning step, one section per step, in the order they run."""

    detect_encoding: EncodingConfig = field(default_factory=EncodingConfig)
    extract_html: HtmlConfig = field(default_factory=HtmlConfig)
    repair_mojibake: MojibakeConfig = field(default_factory=MojibakeConfig)
    strip_pinyin: PinyinConfig = field(default_factory=PinyinConfig)
    strip_spam: SpamConfig = field(default_factory=SpamConfig)
    extract_metadata: MetadataConfig = field(default_factory=MetadataConfig)
    strip_boilerplate: BoilerplateConfig = field(default_factory=BoilerplateConfig)
    rejoin_lines: LinesConfig = field(default_factory=LinesConfig)
    to_simplified: ScriptConfig = field(default_factory=ScriptConfig)
    judge_page: JudgementConfig = field(default_factory=JudgementConfig)


STEPS: tuple[Callable[..., Page | Rejected], ...] = (
    extract_html,
    repair_mojibake,
    strip_pinyin,
    strip_spam,
    extract_metadata,
    strip_boilerplate,
    rejoin_lines,
    to_simplified,
    judge_page,
)
"""What follows `detect_encoding`, in the order it runs; a section is named as its step."""


class Step(NamedTuple):
    """A named cleaning function with its settings already bound."""

    name: str
    apply: Callable[[Page], Page | Rejected]


def bind_steps(config: CleanConfig) -> tuple[Step, ...]:
    """Return the enabled steps that follow `detect_encoding`, in the order they run."""
    sections = [(step, getattr(config, step.__name__)) for step in STEPS]
    return tuple(
        Step(step.__name__, partial(step, config=section))
        for step, section in sections
        if section.enabled
    )


def clean_page(raw: RawPage, config: CleanConfig) -> Page | Rejected:
    """Run every step over one page, without Beam."""
    outcome = detect_encoding(raw, config.detect_encoding)
    for step in bind_steps(config):
        if isinstance(outcome, Rejected):
            return outcome
        outcome = step.apply(outcome)
    return outcome
