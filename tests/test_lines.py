"""Laws of `rejoin_lines`, and of the three structure steps together."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.config import default_config
from transforms.text.boilerplate.strip_boilerplate import strip_boilerplate
from transforms.text.lines.break_model import BITS, N_FEATURES, features, log_odds
from transforms.text.lines.rejoin_lines import rejoin_lines
from transforms.text.metadata.extract_metadata import extract_metadata
from transforms.text.records import Origin, Page, apply_edits
from transforms.text.tables import line_breaks

CONFIG = default_config()
ORIGIN = Origin("0" * 32, "case", 0)
PROSE = "昨天上午，环湖步道最后一段木栈桥完工，附近四个村的居民从此不必绕行，省下不少时间。"
HALVES = (
    "镇政府表示，下一步将在步道入口增设停车位，请志愿者轮流巡护，争取年底以前把夜间照明全部装",
    "好，并向公众开放。",
)
PIECES = [
    PROSE,
    *HALVES,
    "环湖步道全线贯通",
    "江城日报评论员",
    "相关新闻",
    "责任编辑：王明",
    "……",
    "首页 > 新闻",
    "2024-08-06 11:54 来源：江城网",
    "<p>",
    "&nbsp;",
    " |",
    "　　",
    "王明 摄",
    "上一篇：某地修路",
    "a b",
]
PAGES = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from(["\n", "\n\n", "\r\n", " ", ""])),
    max_size=12,
).map(lambda parts: "".join(piece + gap for piece, gap in parts))


def rejoin(text):
    return rejoin_lines(Page(ORIGIN, text), CONFIG.rejoin_lines)


def clean(text):
    page = extract_metadata(Page(ORIGIN, text), CONFIG.extract_metadata)
    return rejoin_lines(strip_boilerplate(page, CONFIG.strip_boilerplate), CONFIG.rejoin_lines)


@given(PAGES)
def test_edits_rebuild_the_text(text):
    """The edits account for every character."""
    page = rejoin(text)

    assert apply_edits(text, page.edits) == page.text


@given(PAGES)
def test_form_of_the_result(text):
    """Paragraphs are separated by one line break, or by one empty line between two articles."""
    lines = rejoin(text).text.split("\n")

    assert "\r" not in "".join(lines)
    assert all(line == line.strip() for line in lines)
    assert all(a or b for a, b in pairwise(lines))
    assert lines == [""] or (lines[0] and lines[-1])


@given(PAGES)
def test_cleaning_its_own_output_changes_nothing(text):
    """rejoin_lines(rejoin_lines(x)) = rejoin_lines(x)."""
    once = rejoin(text).text

    assert rejoin(once).text == once


@given(st.text("，。中文字a1 \n\r\t　|<>&;\\n?", max_size=200))
def test_any_text(text):
    """No text breaks the steps, and their edits rebuild it."""
    page = clean(text)

    for step in ("extract_metadata", "strip_boilerplate", "rejoin_lines"):
        text = apply_edits(text, [edit for edit in page.edits if edit.step == step])
    assert text == page.text


def test_clean_texts_stay():
    """Interviews, notices, verse, tables and lists come out as they went in."""
    path = Path(__file__).parent.parent / "benchmarks" / "quality" / "structure_texts.json"
    for text in json.loads(path.read_text(encoding="utf-8"))["untouched"]:
        assert clean(text).text == text


def test_every_article_stays():
    """The project's own articles come out as they went in."""
    path = Path(__file__).parent.parent / "benchmarks" / "quality" / "structure_texts.json"
    for article in json.loads(path.read_text(encoding="utf-8"))["articles"]:
        text = "\n".join((article["title"], *article["paragraphs"]))
        page = clean(text)
        assert page.text == text
        assert page.meta.title == article["title"]


PARAGRAPHS = (
    "昨天上午，环湖步道最后一段木栈桥完工，附近四个村的居民从此不必绕行，每天能省下不少时间，"
    "老人们也可以推着轮椅走到湖边去看日落和归来的渔船。",
    "步道入口",
    "镇政府表示，下一步将在步道入口增设停车位，请志愿者轮流巡护，争取年底以前把夜间照明全部装"
    "好，再把沿途三处旧码头改成凉亭，向公众开放，所需的款项由村集体和镇里各出一半。",
    "今年六十八岁的退休教师陈桂兰住在湖东的小村，她说从前买菜要翻一道山梁，遇上雨天只能等渡船，"
    "现在沿着木栈桥走二十分钟就到集市，回来时还能在亭子里歇一歇脚。",
    "县交通局的数据显示，步道试走的三个周末里，每天有四千多人次经过，其中一半来自外地；沿线新开"
    "的茶馆和民宿有十二家，都是村民自己经营。",
)


@given(st.integers(20, 50))
def test_text_wrapped_at_any_width_comes_back(width: int) -> None:
    wrapped = [
        line[at : at + width]
        for line in ("　　" + paragraph for paragraph in PARAGRAPHS)
        for at in range(0, len(line), width)
    ]
    page = rejoin_lines(Page(ORIGIN, "\n".join(wrapped)), CONFIG.rejoin_lines)
    assert isinstance(page, Page)
    assert page.text.split("\n") == list(PARAGRAPHS)


def test_lines_that_end_are_not_wrapped() -> None:
    pairs = list(pairwise("王李赵陈孙周吴郑冯"))
    verse = "\n".join(f"{a}风吹过旧年的渡口，{a}月照着新修的楼台。" for a in "春夏秋冬晨午暮夜")
    names = "\n".join(
        "　".join([f"{a}小明", f"{b}大山", "张文远", "欧阳子云"] * 2) for a, b in pairs
    )
    for text in (verse, names):
        page = rejoin_lines(Page(ORIGIN, text), CONFIG.rejoin_lines)
        assert isinstance(page, Page)
        assert page.text == text


def cut(line: str, places: set[int]) -> list[str]:
    """Return the pieces of a line that is cut at some places."""
    ends = sorted(at for at in places if 0 < at < len(line))
    return [line[a:b] for a, b in pairwise([0, *ends, len(line)])]


BROKEN = st.tuples(
    *[st.sets(st.integers(1, len(line) - 1), max_size=3) for line in PARAGRAPHS]
).map(lambda places: [cut(line, at) for line, at in zip(PARAGRAPHS, places, strict=True)])


@given(BROKEN, st.sampled_from(["\n", "\n\n", "\n　　"]))
def test_mending_keeps_every_character_and_is_done_at_once(
    paragraphs: list[list[str]], gap: str
) -> None:
    """Whatever is broken where: no character comes or goes, and a second run finds nothing."""
    text = gap.join(piece for pieces in paragraphs for piece in pieces)
    once = rejoin(text).text
    assert "".join(once.split()) == "".join(PARAGRAPHS)
    assert rejoin(once).text == once


@given(BROKEN)
def test_paragraphs_are_never_joined(paragraphs: list[list[str]]) -> None:
    """However broken, neither an ended paragraph nor a heading runs on into the next one."""
    text = rejoin("\n".join(piece for pieces in paragraphs for piece in pieces)).text
    for above, below in pairwise(PARAGRAPHS):
        assert above[-4:] + below[:4] not in text


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("步道全长七公里，沿途四个村的居", "民从此不必绕行。"),
        ("步道全長七公里，沿途四個村的居", "民從此不必繞行。"),
        ("他说：“步道修好以后，我每天都来走一", "走，看看水鸟。”"),
        ("湖东的村民说，从前买菜要翻一道山梁", "，遇上雨天只能等渡船。"),
    ],
)
def test_evidence_for_one_sentence(above: str, below: str) -> None:
    """A break inside a sentence has evidence for it, a heading above a paragraph against it."""
    assert log_odds(above, below) > 3
    assert log_odds("步道全线贯通", "昨天上午，环湖步道最后一段木栈桥完工。") < 0


@given(st.text(), st.text())
def test_features_are_places_in_the_table(above: str, below: str) -> None:
    """Any two texts have their features."""
    places = features(above, below)
    assert len(places) == N_FEATURES
    assert all(0 <= at < len(line_breaks.WEIGHTS) == 1 << BITS for at in places)
