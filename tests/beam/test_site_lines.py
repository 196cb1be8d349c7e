"""`CountSiteLines` on Beam: the same rows for any order, any batches and any number of workers."""

import random

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to

from pipeline.clean import CleanPages
from pipeline.site_lines import HoldAndLearn
from pipeline.stage import RunContext
from transforms import CountSiteLines, StripBoilerplate
from transforms.config import default_config
from transforms.text.records import Origin, Page, RawPage

WORDS = "湖水 木桥 村民 清晨 渔船 学校 讲座 工地 果园 稻田 集市 老街 新楼 山路 灯火 歌声".split()
FOOTER = "用镜头对准下面的方块\n柳湾传媒集团编制 引用须经首肯"
LINES = {"用镜头对准下面的方块": 40, "柳湾传媒集团编制引用须经首肯": 40}


def story(seed):
    chooser = random.Random(seed)
    return "，".join("".join(chooser.choices(WORDS, k=4)) for _ in range(8)) + "。"


def page(seed):
    origin = Origin(f"{seed:032x}", "test", seed, url=f"https://liuwan.example/{seed}")
    return Page(origin, f"{story(seed)}\n{FOOTER}")


def pipeline(**options):
    return beam.Pipeline(FnApiRunner(), PipelineOptions(flags=[], **options))


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(
    "options",
    [{}, {"direct_num_workers": 2, "direct_running_mode": "multi_threading"}],
    ids=["one worker", "two workers"],
)
def test_the_set_of_pages_decides(order, options):
    """Order and workers change nothing, and the rows go from the pages they were found on."""
    pages = [page(seed) for seed in range(40)]
    random.Random(order).shuffle(pages)
    with pipeline(**options) as p:
        given = p | beam.Create(pages)
        learned = given | CountSiteLines()
        out = given | StripBoilerplate(learned=learned)
        found = learned | beam.Map(lambda found: (found[1].id, found[1].pages, found[1].lines))
        texts = out.pages | beam.Map(lambda page: page.text.rstrip("\n"))
        assert_that(found, equal_to([("liuwan.example", 40, LINES)]), "learned")
        assert_that(texts, equal_to([story(seed) for seed in range(40)]), "texts")


def test_pages_are_held_and_come_back(tmp_path, caplog):
    """Every page that is held comes back once, clean, and no Beam warning is logged."""
    context = RunContext(
        run_id="r", ingest_date=None, staging=str(tmp_path), buckets=4, audit=False
    )
    config = default_config()
    raw = [RawPage(page(n).origin, page(n).text.encode()) for n in range(40)]
    with pipeline() as p:
        hold = HoldAndLearn(config.strip_boilerplate, context)
        cleaned = p | beam.Create(raw) | CleanPages(config, hold)
        texts = cleaned.pages | beam.Map(lambda page: (page.origin.record, page.text))
        assert_that(texts, equal_to([(n, story(n)) for n in range(40)]))

    assert [record.getMessage() for record in caplog.records] == []
