"""Laws of the removal of annotations."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text.pinyin.readings import keys_of, normalised, readings, toneless
from transforms.text.pinyin.strip_pinyin import PinyinConfig, strip_pinyin
from transforms.text.records import Flag, Metadata, Origin, Page, apply_edits

MIRRORED = "強(qiáng)調(diào)創(chuàng)新，發(fā)展產(chǎn)業(yè)，"


def stripped(text, config=None):
    return strip_pinyin(Page(Origin("0" * 32, "test", 0), text), config or PinyinConfig())


@settings(deadline=None)
@given(st.text(st.sampled_from("創強業的天x?F(（)）qiángdeè，\ufffd\ue000蹌 "), max_size=60))
def test_edits_account_for_the_text(tail):
    outcome = stripped(MIRRORED + tail)

    assert apply_edits(MIRRORED + tail, outcome.edits) == outcome.text


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="(（")))
def test_text_without_brackets_is_left_alone(text):
    assert stripped(text).text == text


@pytest.mark.parametrize(
    ("changes", "text", "wanted"),
    [
        ({"repair": False}, MIRRORED + "測量?jī)x器", "強調創新，發展產業，測量x器"),
        ({"min_pairs": 7}, MIRRORED, MIRRORED),
    ],
)
def test_settings_have_their_effect(changes, text, wanted):
    assert stripped(text, PinyinConfig(**changes)).text == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("產業(yè)園裏創業(yè)的人", "產業園裏創業的人"),
        ("產業(yè)園裏創業的人", "產業(yè)園裏創業的人"),
        ("覃(qín)先生和覃(qín)太太", "覃(qín)先生和覃(qín)太太"),
    ],
)
def test_common_character_is_explained_once_at_most(text, wanted):
    assert stripped(text).text == wanted


@pytest.mark.parametrize(("share", "flags"), [(0.02, (Flag.PINYIN_BROKEN,)), (0.5, ())])
def test_many_broken_annotations_raise_a_flag(share, flags):
    outcome = stripped(MIRRORED + "測量?jī)x器", PinyinConfig(max_broken_share=share))

    assert outcome.flags == flags


@pytest.mark.parametrize("field", ["meta", "hints"])
def test_given_title_is_cleaned_with_the_page(field):
    given = {field: Metadata(title="產(chǎn)業(yè)(chǎn)", keywords=("創(chuàng)新",))}
    outcome = strip_pinyin(Page(Origin("0" * 32, "test", 0), MIRRORED, **given), PinyinConfig())

    assert getattr(outcome, field) == Metadata(title="產業(chǎn)", keywords=("創新",))


def test_readings_are_composed_and_usual_first():
    assert readings()["長"][:2] == ("zhǎng", "cháng")
    assert all(
        reading == unicodedata.normalize("NFC", reading)
        for found in readings().values()
        for reading in found
    )


def test_spellings_of_a_reading():
    assert normalised("QIÁNG") == normalised("qiáng") == normalised("qia\u0301ng") == "qiáng"
    assert toneless("lǜ") == "lü"


def test_keys_have_their_gbk_bytes():
    assert ("創", b"\x84\x93") in keys_of("chuàng")


@pytest.mark.parametrize(
    "text",
    [
        MIRRORED + "?yì)" * 4_000,
        MIRRORED + "?;" * 8_000,
        MIRRORED + "強(qiáng" * 3_000,
        MIRRORED + "的(de)" * 4_000,
        MIRRORED + "(" * 20_000,
        MIRRORED + "F(xiàn)" * 3_000,
        MIRRORED + "業?yì)" + "業" * 20_000,
        MIRRORED + ",?yì)" * 3_000,
        MIRRORED + "業(yè)、" * 3_000,
    ],
    ids=lambda text: text[len(MIRRORED) :][:8],
)
def test_hostile_text_is_survived(text):
    assert apply_edits(text, stripped(text).edits) == stripped(text).text
