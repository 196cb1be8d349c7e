"""What a table cannot say about `strip_boilerplate`."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.config import ConfigError, build, default_config
from transforms.text.boilerplate.line_rules import LineRule
from transforms.text.boilerplate.site_rules import SiteLines, SiteRule, normal_lines
from transforms.text.boilerplate.strip_boilerplate import BoilerplateConfig, strip_boilerplate
from transforms.text.records import Origin, Page, apply_edits

CONFIG = default_config().strip_boilerplate
ORIGIN = Origin("0" * 32, "case", 0)
PROSE = "昨天上午，环湖步道最后一段木栈桥完工，附近四个村的居民从此不必绕行，省下不少时间。"
ROWS = [
    PROSE,
    "相关新闻",
    "返回顶部",
    "上一篇：某地修路",
    "分享到：",
    "……",
    "联系电话：0512-00000000",
    "",
]


def test_rule_ids_are_unique():
    """The audit names one rule by one id."""
    ids = [rule.id for rule in CONFIG.rules]

    assert len(ids) == len(set(ids))


def test_a_rule_must_find_its_example():
    """A rule that does not do what its example says is refused at start."""
    with pytest.raises(ValueError, match="does not match its example"):
        LineRule(id="x", kind="share", pattern="^分享$", match="转发", no_match="收藏")
    with pytest.raises(ValueError, match="what it must not"):
        LineRule(id="x", kind="share", pattern="分享", match="分享", no_match="分享经验")
    with pytest.raises(ValueError, match="not a pattern"):
        LineRule(id="x", kind="share", pattern="(分享", match="分享", no_match="收藏")


def test_own_rules_need_no_code():
    """A user's file of rules works beside the built-in ones."""
    text = "- {id: mine, kind: prompt, pattern: '^本台特约$', match: 本台特约, no_match: 本台}"
    config = build(BoilerplateConfig, {"rules": ["mine.yaml"]}, read_text=lambda name: text)

    page = strip_boilerplate(Page(ORIGIN, f"{PROSE}\n本台特约"), config)

    assert [edit.reason for edit in page.edits] == ["mine"]


def test_a_misspelt_rule_is_named():
    """The message says which record of which file is wrong."""
    text = "- {id: mine, kind: prompt, patern: x, match: a, no_match: b}"
    with pytest.raises(ConfigError, match=r"mine.yaml\[mine\].patern: unknown key; did you mean"):
        build(BoilerplateConfig, {"rules": ["mine.yaml"]}, read_text=lambda name: text)


def test_site_rules_by_host_and_by_text():
    """A page belongs to a site by its host, or by its text where the address is missing."""
    rule = SiteRule(
        id="lake",
        hosts=("*.lake.example",),
        text_any=("湖报网版权",),
        drop=("^湖畔一家人$",),
        cut_from="^湖报网版权",
        match="湖畔一家人",
        no_match="湖畔一家",
    )
    config = replace(CONFIG, sites=(rule,), rules=())
    text = f"湖畔一家人\n{PROSE}\n湖报网版权\n别的"

    by_text = strip_boilerplate(Page(ORIGIN, text), config)
    by_host = strip_boilerplate(
        Page(replace(ORIGIN, url="https://www.lake.example/1"), text), config
    )
    elsewhere = strip_boilerplate(
        Page(replace(ORIGIN, url="https://other.example/1"), text), config
    )

    assert by_text.text == by_host.text == f"\n{PROSE}\n\n"
    assert elsewhere.text == text


def test_frequent_rows_go_outside_the_body():
    """Rows known to be shared by a site's pages are taken out, but not between its paragraphs."""
    row = "湖畔生活每日更新第12期"
    known = SiteLines(id="lake.example", pages=30, lines=dict.fromkeys(normal_lines([row]), 30))
    config = replace(CONFIG, frequent=(known,))
    page = Page(
        replace(ORIGIN, url="https://lake.example/1"),
        f"湖畔生活每日更新第7期\n{PROSE}\n湖畔生活每日更新第8期\n{PROSE}",
    )

    cleaned = strip_boilerplate(page, config)

    assert cleaned.text == f"\n{PROSE}\n湖畔生活每日更新第8期\n{PROSE}"
    assert [edit.reason for edit in cleaned.edits] == ["frequent_line"]


@given(st.lists(st.sampled_from(ROWS), max_size=8))
def test_edits_rebuild_and_prose_stays(parts):
    """The edits account for the change, and no paragraph of the article goes."""
    text = "\n".join(parts)
    page = strip_boilerplate(Page(ORIGIN, text), CONFIG)

    assert apply_edits(text, page.edits) == page.text
    assert page.text.count(PROSE) == text.count(PROSE)
