"""What the table of `judge_page` cannot say: pages with a history, and settings."""

import dataclasses

import pytest

from transforms.text.judgement.judge_page import JudgementConfig, judge_page
from transforms.text.records import Edit, Flag, Metadata, Origin, Page, Rejected, apply_edits

CONFIG = JudgementConfig()
PROSE = "今天上午,全市春季植树活动在江边举行,三百多名志愿者种下一千二百棵香樟。"
MENU = "首页新闻体育娱乐视频国际图片财经科技教育健康旅游房产汽车" * 6


def page(text, removed="", step="strip_boilerplate", **fields):
    """A page that `step` took `removed` from."""
    made = Page(Origin("0" * 32, "test", 0), removed + text, **fields)
    edits = [Edit(step, "rule", 0, len(removed), removed)] if removed else []
    return made.revised(edits)


def test_nothing_but_boilerplate_is_no_content():
    """A page of which nothing stays is told from a page that came empty."""
    assert judge_page(page("", MENU), CONFIG).code == "NO_CONTENT"
    assert judge_page(page(" \n。"), CONFIG).code == "NO_TEXT"


def test_over_cleaned_page_without_prose_is_turned_away():
    """Most of the page is gone and no sentence is left."""
    outcome = judge_page(page("春季植树活动", MENU), CONFIG)

    assert isinstance(outcome, Rejected)
    assert outcome.code == "OVER_CLEANED"
    assert outcome.detail == "97% removed, no prose left"


def test_over_cleaned_page_with_prose_is_kept():
    """An article in a page full of menus is an article, and flagged."""
    outcome = judge_page(page(PROSE, MENU), CONFIG)

    assert isinstance(outcome, Page)
    assert Flag.OVER_CLEANED in outcome.flags


@pytest.mark.parametrize("step", ["extract_metadata", "strip_pinyin", "to_simplified"])
def test_what_is_moved_or_converted_is_not_lost(step):
    """Only the steps that throw away count."""
    assert Flag.OVER_CLEANED not in judge_page(page(PROSE, MENU, step), CONFIG).flags


def test_limits_decide():
    """Each limit moves the flag it is for."""
    cleaned = page(PROSE, MENU)
    loose = dataclasses.replace(CONFIG, max_removed_share=0.95, short_hanzi=10)

    assert judge_page(cleaned, CONFIG).flags == (Flag.SHORT, Flag.OVER_CLEANED)
    assert judge_page(cleaned, loose).flags == ()


def test_chinese_only_turns_other_languages_away():
    """The kind says which language it is."""
    strict = dataclasses.replace(CONFIG, chinese_only=True)
    japanese = page("東京の公園で桜が咲きました。多くの人が花見を楽しんでいます。")

    assert judge_page(japanese, strict).code == "NOT_CHINESE:ja"
    assert judge_page(page("Trees were planted on Saturday."), strict).code == "NOT_CHINESE:other"
    assert isinstance(judge_page(page(PROSE), strict), Page)


@pytest.mark.parametrize("flag", [Flag.SUSPECT_TERMS, Flag.MOJIBAKE, Flag.SHORT])
def test_a_flag_of_any_step_can_turn_a_page_away(flag):
    """The flags that reject are the user's choice, and none by default."""
    poisoned = page(PROSE, flags=(flag,))

    assert judge_page(poisoned, dataclasses.replace(CONFIG, reject_flags=(flag,))).code == (
        f"FLAGGED:{flag}"
    )
    assert flag in judge_page(poisoned, CONFIG).flags


def test_stitched_reports_are_flagged():
    """Paragraphs of different papers that share no word."""
    paragraphs = [
        "江南日报海州3月2日电 春茶进入采摘高峰合作社社员清早上山收购价比去年高出两成"
        "农技员在加工点值守随时排除机器故障首批产品已经发往外地城市销路顺畅价钱看好",
        "海东晚报临川4月9日电 地铁五号线隧道掘进突破江底段盾构机每天推进十二环"
        "工程师连续监测沉降数据预计年底贯通通车之后往返新区只需二十分钟左右票价另行公布",
        "南岭晨报东港5月6日电 羽毛球公开赛决赛落幕本地小将两局取胜夺得首枚金牌"
        "教练赛后表示年轻队员心态稳定下一站将飞赴海外参加更高级别比赛争取积分排名靠前",
    ]
    stitched = page("\n".join(paragraph + "。" for paragraph in paragraphs))

    assert Flag.STITCHED in judge_page(stitched, CONFIG).flags


def test_title_in_metadata_is_looked_at():
    """A title that was moved out of the text is still the one that was injected."""
    words = ["春季", "植树", "活动", "江边", "举行"]
    text = "".join(
        f"{words[n % 5]}工人整理苗圃{n},{words[(n + 1) % 5]}居民领取种子。" for n in range(30)
    )
    poisoned = page(text, meta=Metadata(title="春季植树活动江边举行"))

    assert Flag.TITLE_INJECTION in judge_page(poisoned, CONFIG).flags


def test_pages_here_are_consistent():
    """The helper's edits quote the text they took."""
    made = page(PROSE, MENU)
    assert apply_edits(MENU + PROSE, made.edits) == made.text
