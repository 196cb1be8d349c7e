"""What the table of `strip_spam` cannot say."""

import dataclasses
import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.config import default_config
from transforms.text.records import Origin, Page, apply_edits
from transforms.text.spam.lexicon import SpamWords
from transforms.text.spam.strip_spam import strip_spam

ROOT = Path(__file__).parents[1]
NEWS = ROOT.parent / "shared" / "data" / "news_hans_cctv_2022_2024.jsonl.gz"
CONFIG = default_config().strip_spam
SLOTS = {"name": "王强", "name2": "李娜", "place": "江宁", "n": "12", "m": "3456", "k": "2"}
PROSE = "今天上午,全市春季植树活动在江边举行。三百多名志愿者种下一千二百棵香樟。"


def stripped(text, config=CONFIG):
    return strip_spam(Page(Origin("0" * 32, "test", 0), text), config)


def hard_negatives():
    texts = json.loads((ROOT / "benchmarks/quality/spam_texts.json").read_text(encoding="utf-8"))
    return [
        text.format_map(SLOTS)
        for kind in ("hard_negatives", "fresh_hard_negatives")
        for text in texts[kind]
    ]


@pytest.mark.parametrize("text", hard_negatives(), ids=lambda text: text[:12])
def test_news_that_looks_like_spam_is_left_alone(text):
    """Crackdown, lottery, market, squad and verse pages lose nothing."""
    assert stripped(text).edits == ()


def test_clean_news_is_left_alone():
    """No page of real news is changed or flagged."""
    if not NEWS.exists():
        pytest.skip("needs ../shared/data")
    with gzip.open(NEWS, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line, _ in zip(lines, range(300), strict=False)]
    outcomes = [stripped(text) for text in texts]

    assert [page.edits for page in outcomes if page.edits] == []
    assert {flag for page in outcomes for flag in page.flags} == set()


WORDS = [
    "国产精品在线",
    "无码高清",
    "百家乐",
    "注册送彩金",
    "春季植树",
    "志愿者",
    "微信号:abc123",
    "复制微信号",
]
MARKS = ["|", "_", "、", ",", "。", "\n", " ", "  ", "？", "2026-01-02", "主站蜘蛛池模板:"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS + MARKS), max_size=60).map("".join))
def test_edits_account_for_the_change(text):
    """Text and edits together rebuild what came in, and the text changed only where they say."""
    page = stripped(text)

    assert apply_edits(text, page.edits) == page.text
    assert all(edit.after == "" and edit.before for edit in page.edits)


@pytest.mark.parametrize("path", [ROOT / "tests/cases/strip_spam.json"])
def test_stripping_again_changes_nothing(path):
    """The step has nothing to do on its own output."""
    for case in json.loads(path.read_text(encoding="utf-8")):
        once = stripped(case["input"])
        assert stripped(once.text).edits == (), case["label"]


HALF = "国产无码在线 | 江边春游记 | 亚洲精品视频 | 老街新面貌\n"
FOREIGN = "國產精品在線 | 江邊春遊記事 | 志願者風采錄 | 免費視頻觀看\n"


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("国产无码在线_亚洲精品视频_久久综合网\n", {"min_segments": 4}),
        ("国产无码在线_亚洲精品视频_久久综合网\n", {"enabled": True, "lexicon": ()}),
        (HALF, {"any_share": 0.5}),
        (HALF.replace("老街新面貌", "免费手机"), {"strong_share": 0.6}),
        (FOREIGN, {"foreign_share": 0.9}),
    ],
)
def test_each_share_decides(text, change):
    """Moving a limit changes what becomes of a block that lies between its two values."""
    page = text + PROSE * 2 + "园林部门说,还将为乡镇种树护绿。"
    config = dataclasses.replace(CONFIG, **change)

    assert bool(stripped(page).edits) != bool(stripped(page, config).edits)


def test_repeated_share_decides():
    """A long block of unknown words goes because its words wander, unless all must."""
    words = "水蜜桃 秘书 初恋 风流 护士 热门 种子 长腿 校花 夜色".split()
    titles = [words[n % 10] + words[(n * 3 + 1) % 10] + words[(n * 7 + 2) % 10] for n in range(14)]
    text = PROSE * 4 + "\n" + " | ".join([*titles, "甲乙丙丁戊己庚"])

    assert stripped(text).text == PROSE * 4
    assert stripped(text, dataclasses.replace(CONFIG, repeated_share=1.0)).edits == ()


def test_foreign_repeated_share_decides():
    """In the other script fewer words of long titles need to wander."""
    titles = (
        "阁楼暗巷夜归人水蜜桃护士初恋 阳台雨夜探窗记风流长腿护士 湖畔小筑听风吟校花夜色种子 "
        "旧城往事断桥边秘书种子红杏 天涯浪子回头时热门出租屋夜色 金枝玉叶满庭芳至尊厅巴黎人"
    ).split()
    prose = "今天上午,全市春季植樹活動在江邊舉行,三百多名志願者種下樹苗。" * 4
    text = prose + "\n" + " | ".join(titles)

    assert stripped(text).text == prose
    assert stripped(text, dataclasses.replace(CONFIG, foreign_repeated_share=0.9)).edits == ()


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"words": ("無碼",)}, "无码"), ({"words": ("",)}, "''"), ({"patterns": ("(a",)}, "missing")],
)
def test_a_word_list_checks_itself(fields, told):
    """A word that could never match, or a broken pattern, is refused with what is right."""
    with pytest.raises(ValueError, match=told):
        SpamWords(id="x", kind="adult", strength="weak", source="test", **fields)
