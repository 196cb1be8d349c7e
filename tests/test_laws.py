"""What holds for every page, whatever is on it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.config import default_config
from transforms.text.records import Origin, Page, RawPage, Rejected, apply_edits
from transforms.text.steps import bind_steps, clean_page

STEPS = bind_steps(default_config())
TAKING_AWAY = {"strip_pinyin", "strip_spam", "extract_metadata", "strip_boilerplate"}

PIECES = st.sampled_from(
    [
        *("会议强调，要坚持创新驱动，加快培育新质生产力。", "他说：“道路已经修好，下周通车。”"),
        *(
            "全市春季植树活动启动",
            "首页 > 新闻中心 > 本地新闻",
            "责任编辑：王小明",
            "相关新闻",
            "返回顶部",
        ),
        *(
            "发布时间:2024-08-06 11:54 来源:江城日报",
            "（记者 李晓明 通讯员 陈军）",
            "图为植树现场。 王伟 摄",
        ),
        *(
            "強(qiáng)調(diào)創(chuàng)新",
            "國(guó)家發(fā)展",
            "?h政府",
            "鎴戜滑鍦ㄨ繖閲",
            "ÄãºÃÖÐ¹ú",
        ),
        *(
            "上一篇:旧房改造完成",
            "Copyright © 2024 江城网 版权所有",
            "扫一扫 分享到",
            "|",
            "　　",
            "\ufffd",
        ),
        *("a_b_c", "１２３", "𠮷野家", "\u200b", "&nbsp;", "<br/>", "……", "一、", "(1)", "……完"),
    ]
)
PAGES = st.lists(
    st.one_of(PIECES, st.text(max_size=12), st.sampled_from(["\n", "\n\n", "\r\n", "\r", " "])),
    max_size=40,
).map("".join)


def page_of(text):
    clean = text.encode("utf-8", "replace").decode()
    return Page(Origin("0" * 32, "law", 0), clean)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
@settings(max_examples=60, deadline=None)
@given(text=PAGES)
def test_edits_are_the_change(step, text):
    """A step's edits are disjoint, quote the text they replace, and make the new text of it."""
    page = page_of(text)
    outcome = step.apply(page)
    if isinstance(outcome, Rejected):
        return

    assert apply_edits(page.text, outcome.edits) == outcome.text
    assert {edit.step for edit in outcome.edits} <= {step.name}
    assert all(edit.before != edit.after for edit in outcome.edits)


@pytest.mark.parametrize(
    "step", [s for s in STEPS if s.name in TAKING_AWAY], ids=lambda step: step.name
)
@settings(max_examples=60, deadline=None)
@given(text=PAGES)
def test_taking_away_adds_nothing(step, text):
    """What a step that takes away leaves and what it took, in order, are the page it was given."""
    page = page_of(text)
    outcome = step.apply(page)
    if isinstance(outcome, Rejected) or any(edit.kind == "rewrite" for edit in outcome.edits):
        return

    parts, at = [], 0
    for edit in outcome.edits:
        parts.append(page.text[at : edit.start])
        at = edit.stop
    assert "".join(parts) + page.text[at:] == outcome.text


@settings(max_examples=60, deadline=None)
@given(text=PAGES, encoding=st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-8-sig"]))
def test_every_page_is_answered(text, encoding):
    """Any page in any of these encodings comes out as a page or a reason."""
    data = text.encode("utf-8", "replace").decode().encode(encoding)
    outcome = clean_page(RawPage(Origin("0" * 32, "law", 0), data), default_config())

    assert isinstance(outcome, Page | Rejected)
    if isinstance(outcome, Page):
        assert outcome.text == outcome.text.strip("\n")
        assert "\n\n\n" not in outcome.text
        assert not any(line != line.strip(" \t\r\u3000") for line in outcome.text.split("\n"))
