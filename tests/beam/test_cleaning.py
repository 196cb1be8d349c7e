"""The Beam layer: each transform alone, the graph against the plain fold, the doors."""

import logging
from dataclasses import dataclass
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.metrics.metric import MetricsFilter
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to

import transforms
from pipeline.clean import CleanPages, bind_transforms
from transforms.cleaning import _run_step
from transforms.config import default_config
from transforms.text.records import Failed, Origin, Page, RawPage, Rejected
from transforms.text.steps import bind_steps, clean_page

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
PROSE = "全市科技创新大会昨日召开，会议对下一步工作作出部署，要求各部门抓好落实。"


def raw_pages():
    texts = [seed.read_bytes() for seed in SEEDS]
    texts += [b"", b"\x89PNG\r\n\x1a\n" + bytes(99), PROSE.encode("gb18030") * 9]
    return [RawPage(Origin(f"{at:032x}", "test", at), data) for at, data in enumerate(texts)]


def pipeline():
    return beam.Pipeline(FnApiRunner(), PipelineOptions(flags=[]))


def test_graph_equals_plain_fold(caplog):
    """Pages and refusals of the Beam graph are those of `clean_page`, and Beam has no warning."""
    config = default_config()
    expected = [clean_page(raw, config) for raw in raw_pages()]

    with caplog.at_level(logging.WARNING, "apache_beam"), pipeline() as p:
        cleaned = p | beam.Create(raw_pages()) | CleanPages(config)
        refused = tuple(door for _, door in cleaned.refused) | beam.Flatten()
        assert_that(cleaned.pages, equal_to([e for e in expected if isinstance(e, Page)]), "pages")
        assert_that(refused, equal_to([e for e in expected if isinstance(e, Rejected)]), "refused")

    assert [record.getMessage() for record in caplog.records] == []


def test_order_of_transforms_is_order_of_steps():
    """The two tables of steps, as functions and as transforms, agree."""
    config = default_config()

    names = [name for name, _ in bind_transforms(config)]

    assert names == [step.name for step in bind_steps(config)]


@pytest.mark.parametrize(
    "name",
    [n for n in transforms.__all__ if n not in ("CountSiteLines", "Dedupe", "DetectEncoding")],
)
def test_a_transform_works_alone(name):
    """Each transform takes a plain list of pages and needs no setting."""
    text = f"{PROSE}\n{PROSE}{PROSE}"
    with pipeline() as p:
        out = (
            p | beam.Create([Page(Origin("0" * 32, "test", 0), text)]) | getattr(transforms, name)()
        )
        assert_that(out.pages | beam.Map(lambda page: page.text), equal_to([text]), "pages")
        assert_that(out.rejected, equal_to([]), "rejected")
        assert_that(out.failed, equal_to([]), "failed")


def test_detect_encoding_works_alone():
    """DetectEncoding takes raw pages; junk leaves by its own output."""
    with pipeline() as p:
        out = p | beam.Create(raw_pages()[-3:]) | transforms.DetectEncoding()
        assert_that(out.pages | beam.Map(lambda page: page.encoding), equal_to(["gb18030"]), "ok")
        codes = out.rejected | beam.Map(lambda rejected: rejected.code)
        assert_that(codes, equal_to(["EMPTY", "BINARY:png"]), "codes")


def test_undecodable_bytes_are_counted():
    """DetectEncoding counts the bytes that no character could be read from."""
    p = pipeline()
    raw = RawPage(Origin("0" * 32, "test", 0), PROSE.encode() * 2 + b"\xff\xfe\n")
    _ = p | beam.Create([raw]) | transforms.DetectEncoding()

    result = p.run()

    found = result.metrics().query(MetricsFilter().with_name("undecodable_bytes"))["counters"]
    assert [counter.committed for counter in found] == [2]


@dataclass(frozen=True)
class NoConfig:
    """Settings of a step that has none."""


def broken_step(page, config):
    """Break on one page."""
    if page.origin.record == 1:
        raise ZeroDivisionError("on purpose")
    return page


def test_a_bug_costs_one_page():
    """A page on which a step breaks leaves as failed, with the traceback; the others go on."""
    pages = [Page(Origin(f"{at:032x}", "test", at), PROSE) for at in range(3)]
    with pipeline() as p:
        out = _run_step(p | beam.Create(pages), broken_step, NoConfig())
        assert_that(out.pages, equal_to([pages[0], pages[2]]), "pages")
        assert_that(out.failed | beam.Map(told), equal_to([told_of(pages[1])]), "failed")


def told(failed: Failed):
    """Return what must be known of a failure."""
    assert "broken_step" in failed.traceback
    return failed.origin, failed.step, failed.error_type, failed.error, failed.sample


def told_of(page):
    return page.origin, "broken_step", "ZeroDivisionError", "on purpose", PROSE
