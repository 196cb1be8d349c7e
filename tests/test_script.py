"""Laws of script conversion, and the table of hard cases."""

import dataclasses
import functools
import importlib.metadata
import json
from pathlib import Path

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text.records import Metadata, Origin, Page, apply_edits
from transforms.text.script.conversion import Converter, code_points, text_of
from transforms.text.script.corrections import CORRECTIONS
from transforms.text.script.to_simplified import (
    ScriptConfig,
    converter,
    count_scripts,
    detect_script,
    dictionaries,
    to_simplified,
)

CONVERSIONS = ("t2s", "tw2s", "tw2sp", "hk2s")
HARD = json.loads(
    (Path(__file__).parent / "cases_hard" / "to_simplified.json").read_text(encoding="utf-8")
)
ALWAYS = ScriptConfig(gate="always")


def page(text, **fields):
    return Page(Origin("0" * 32, "test", 0), text, **fields)


def simplified(text, config=ALWAYS):
    return to_simplified(page(text), config).text


@pytest.mark.parametrize("case", HARD, ids=lambda case: case["input"])
def test_hard_case(case):
    assert simplified(case["input"]) in case["expect"]


@pytest.mark.parametrize("rule", CORRECTIONS, ids=lambda rule: f"{rule.char}:{rule.example[0]}")
def test_correction_mends_its_example(rule):
    source, wanted = rule.example

    assert rule.char in source or rule.char == source
    assert simplified(source) == wanted


@pytest.mark.parametrize("conversion", CONVERSIONS)
def test_engine_passes_its_self_test(conversion):
    assert converter(conversion).kind == "fast"
    assert converter(conversion, allow_non_bmp=False).kind == "fast"


@functools.cache
def package(conversion):
    return opencc.OpenCC(conversion)


@functools.cache
def phrases(conversion):
    levels = [level for stage in dictionaries(conversion) for level in stage]
    return sorted({key for level in levels for key in level if len(key) > 1})


@pytest.mark.parametrize("conversion", CONVERSIONS)
@settings(deadline=None)
@given(data=st.data())
def test_engine_gives_what_the_package_gives(conversion, data):
    phrase = st.sampled_from(phrases(conversion))
    pieces = st.one_of(
        phrase,
        phrase.map(lambda text: text[1:]),
        phrase.map(lambda text: text[:-1]),
        st.text(st.sampled_from("著乾，。\n后發\ud800\U00020087"), max_size=3),
    )
    text = "".join(data.draw(st.lists(pieces, max_size=8)))

    assert converter(conversion).convert(text) == package(conversion).convert(text)


def test_longer_key_wins_though_it_begins_later():
    engine = Converter([[{"甲乙": "1", "乙丙丁": "2", "甲": "3"}]])

    assert engine.convert("甲乙丙丁甲乙") == "321"


def test_first_dictionary_of_a_group_wins():
    engine = Converter([[{"甲": "1"}, {"甲乙": "2", "乙": "3"}]])

    assert engine.convert("甲乙") == "13"


def test_failed_self_test_falls_back_to_the_package(monkeypatch):
    monkeypatch.setattr(Converter, "convert", lambda self, text: text)
    converter.cache_clear()
    try:
        engine = converter("t2s")
        assert engine.kind == "package"
        assert engine.convert("國") == "国"
    finally:
        converter.cache_clear()


def test_another_owner_of_the_module_is_refused(monkeypatch):
    monkeypatch.setattr(importlib.metadata, "distribution", lambda name: None)

    with pytest.raises(ImportError, match="OpenCC owns the module 'opencc'"):
        dictionaries("t2s")


@settings(deadline=None)
@given(st.text())
def test_code_points_round_trip(text):
    assert text_of(code_points(text)) == text


@settings(deadline=None)
@given(st.text(st.sampled_from("國经濟发展著乾隆昇陳，\n 看資訊軟體カナ\U00020087"), max_size=40))
@pytest.mark.parametrize("conversion", [*CONVERSIONS, "auto"])
def test_edits_account_for_the_text(conversion, text):
    outcome = to_simplified(page(text), ScriptConfig(convert=conversion, gate="always"))

    assert apply_edits(text, outcome.edits) == outcome.text
    assert all(edit.before != edit.after for edit in outcome.edits)


@pytest.mark.parametrize(
    ("changes", "text", "wanted"),
    [
        ({"convert": "off"}, "國家", "國家"),
        ({"convert": "tw2sp"}, "資訊軟體，程式", "信息软件，程序"),
        ({"convert": "hk2s"}, "衞生署説", "卫生署说"),
        ({"convert": "tw2s"}, "什么顯著看著抬頭", "什么显著看着抬头"),
        ({"convert": "auto"}, "衞生署説税務局悦", "卫生署说税务局悦"),
        (
            {"gate": "script"},
            "记者王韞报道全国经济发展势头良好各地",
            "记者王韞报道全国经济发展势头良好各地",
        ),
        (
            {"gate": "always"},
            "记者王韞报道全国经济发展势头良好各地",
            "记者王韫报道全国经济发展势头良好各地",
        ),
        ({"post_fixes": False}, "看著國家", "看著国家"),
        ({"allow_non_bmp": True}, "國家劉綝", "国家刘𬘭"),
        (
            {"line_level_ja": False},
            "國家經濟持續發展，觀眾熱烈歡迎新電影計畫，導演感謝大家\n東京の變貌を見る",
            "国家经济持续发展，观众热烈欢迎新电影计划，导演感谢大家\n东京の变貌を见る",
        ),
    ],
)
def test_every_setting_has_its_effect(changes, text, wanted):
    assert simplified(text, ScriptConfig(**changes)) == wanted


@pytest.mark.parametrize("line", ["動物園の案內", "霊園開発計画", "東京都知事選挙、開票結果"])
def test_short_japanese_line_of_a_chinese_page_stays(line):
    text = f"國家經濟持續發展，觀眾熱烈歡迎\n{line}"

    assert simplified(text) == f"国家经济持续发展，观众热烈欢迎\n{line}"


def test_japanese_name_in_a_chinese_paragraph_does_not_keep_it_from_conversion():
    text = "導演寛島先生來臺灣宣傳新電影，現場觀眾熱烈歡迎，他感謝大家多年來對他的支持與鼓勵"

    assert simplified(text).startswith("导演寛岛先生来台湾宣传新电影")


def test_metadata_is_converted_with_the_page():
    meta = Metadata(title="經濟發展", source="新華網", authors=("陳國華",), captions=("圖為會議",))
    outcome = to_simplified(page("國家經濟發展", meta=meta), ScriptConfig())

    assert outcome.meta == dataclasses.replace(
        meta, title="经济发展", source="新华网", authors=("陈国华",), captions=("图为会议",)
    )


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("", "und"),
        ("2024-01-01", "und"),
        ("乾著", "und"),
        ("國", "hant"),
        ("国", "hans"),
        ("国国国國國", "mixed"),
        ("ひらがな", "ja"),
        ("한국어", "ko"),
    ],
)
def test_script_label(text, label):
    assert detect_script(text) == label


@settings(deadline=None)
@given(st.text())
def test_every_code_point_is_in_one_class(text):
    assert sum(count_scripts(text)) == len(text)
