"""HTML: what the tables cannot say. Hostile sources, whole chains, rules for sites, laws."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.config import default_config
from transforms.text.html.extract_html import HtmlConfig, extract_html
from transforms.text.html.html_rules import HtmlRule
from transforms.text.html.sniff import is_html
from transforms.text.records import (
    Flag,
    Origin,
    Page,
    RawPage,
    Reason,
    Rejected,
    apply_edits,
    undo_edits,
)
from transforms.text.steps import clean_page

PROSE = "<p>会议强调，要坚持创新驱动，加快培育新质生产力，推动全市经济行稳致远。</p>"
MORE = (
    "<p>镇里负责工程的老周说，施工队避开了水鸟繁殖的两个月，工期因此推迟了一个季度。</p>"
    "<p>步道沿线保留了三处老码头，其中一座抽水站被改成了小小的展室。</p>"
)
ARTICLE = (
    "<!DOCTYPE html><html><head><title>环湖步道全线贯通_江城网</title></head><body>"
    "<ul><li><a href=/>首页</a></li><li><a href=/n>新闻</a></li></ul>"
    "<h1>环湖步道全线贯通</h1><div><span>2024-08-06 11:54</span><span>来源：江城日报</span></div>"
    f"<div>{PROSE}{MORE}<p>责任编辑：周文涛</p></div>"
    "<div><p>关于我们 | 联系我们</p><p>苏ICP备12345678号</p></div></body></html>"
)


def page_of(source, url=None):
    return Page(Origin("0" * 32, "html", 0, url=url), source, html=True)


def clean(data, **options):
    return clean_page(RawPage(Origin("0" * 32, "html", 0), data, **options), default_config())


def test_a_page_becomes_an_article():
    """The whole chain: article, title, date, source, editor, and nothing of the site around it."""
    page = clean(ARTICLE.encode("gb18030"), declared="utf-8")

    assert page.encoding == "gb18030"
    assert page.text.split("\n")[0] == "环湖步道全线贯通"
    assert [line[:4] for line in page.text.split("\n")[1:]] == ["会议强调", "镇里负责", "步道沿线"]
    assert not any(word in page.text for word in ("首页", "关于我们", "ICP", "责任编辑"))
    assert page.meta.title == "环湖步道全线贯通"
    assert page.meta.published.isoformat() == "2024-08-06T03:54:00+00:00"
    assert (page.meta.source, page.meta.editors) == ("江城日报", ("周文涛",))
    assert page.n_chars_raw == len(ARTICLE)


def test_text_is_left_alone():
    """A page that is text passes unchanged, tags in it and all."""
    page = Page(Origin("0" * 32, "html", 0), "网页的根是<html>标签。")

    assert extract_html(page, HtmlConfig()) is page


@pytest.mark.parametrize("container", [b"", b"\xef\xbb\xbf  \r\n"])
def test_html_in_text_is_recognised(container):
    """A text file that holds an HTML document is read as one."""
    assert "<h1>" not in clean(container + ARTICLE.encode()).text
    assert not is_html("今天讲<!DOCTYPE html>的写法")


def test_the_address_of_the_page_is_its_canonical_link():
    """A page that came without an address gets its own; one that came with it keeps it."""
    link = '<link rel="canonical" href="https://news.example.cn/2024/1.html">'
    source = ARTICLE.replace("<head>", f"<head>{link}")

    assert extract_html(page_of(source), HtmlConfig()).origin.url.endswith("/2024/1.html")
    kept = extract_html(page_of(source, "https://a.example/x"), HtmlConfig())
    assert kept.origin.url == "https://a.example/x"


RULE = {
    "id": "example",
    "hosts": ("*.example.cn",),
    "body": "div.zw",
    "title": "//h4",
    "noise": ".tip",
    "match": "<h4>题目</h4><div class=zw>正文<p class=tip>提示</p></div>",
}


def test_a_rule_for_a_site_decides():
    """Body, title and noise are what the rule says, on its host and on no other."""
    config = HtmlConfig(sites=(HtmlRule(**RULE),))
    body = "<h4>步道贯通</h4><div class=zw><p>短讯。</p><p class=tip>扫码</p></div>"
    source = f"<html><body>{PROSE}{body}"

    page = extract_html(page_of(source, "https://www.example.cn/1.html"), config)
    assert page.text == "步道贯通\n短讯。\n"
    assert {edit.reason for edit in page.edits} == {"site_rule", "example"}
    assert "会议强调" in extract_html(page_of(source, "https://b.example/1"), config).text


@pytest.mark.parametrize(
    "change",
    [{"body": "div["}, {"body": "//div["}, {"match": "<p>nothing</p>"}, {"body": "div.other"}],
)
def test_a_wrong_rule_is_refused(change):
    """A selector that cannot be read, or finds nothing in its example, is an error."""
    with pytest.raises(ValueError, match="example"):
        HtmlRule(**{**RULE, **change})


HOSTILE = {
    "deep": PROSE * 3 + "<div>" * 20_000,
    "unclosed": PROSE * 3 + "<p><b><i><a href=x>" * 3_000,
    "attribute": f'<p title="{"x" * 1_000_000}">' + PROSE * 3,
    "entities": PROSE * 3 + "&amp;&#0;&bogus;" * 20_000,
    "nul": PROSE.replace("，", "\0，\0") * 30,
    "line": "<p>" + "会议强调，要坚持创新驱动。" * 8_000,
    "json": f'<script type="application/ld+json">{"[" * 100_000}</script>' + PROSE * 3,
    "sheet": f"<style>{'.a{' * 20_000}</style>" + PROSE * 3,
    "style": f'<p style="{"color:#fff;" * 20_000}">' + PROSE * 3,
    "strings": "<script>" + ("a:'" + "中" * 90 + "\\u") * 2_000,
    "less": PROSE * 3 + "<" * 100_000,
    "title": f"<title>{'_' * 100_000}</title>" + PROSE * 3,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_answered(name):
    """Sources that break parsers come out as an article or a reason."""
    outcome = clean(f"<!DOCTYPE html><html><body>{HOSTILE[name]}".encode())

    assert isinstance(outcome, Page | Rejected)


def test_a_page_nested_too_deep_keeps_its_article():
    """What stands before the depth at which the parser stops is kept, and the page is flagged."""
    page = clean(f"<!DOCTYPE html><html><body>{HOSTILE['deep']}".encode())

    assert "会议强调" in page.text
    assert Flag.TRUNCATED in page.flags


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("<html><p " + " ".join(f"a{n}='>'" for n in range(2500)) + ">", "TOO_LARGE:attributes"),
        ("<html>" + "x" * 100, "TOO_LARGE:html"),
        ("<html>" + "<br>" * 60_000, "TOO_LARGE:tags"),
        ("<!-- nothing -->", "NO_CONTENT:no_element"),
    ],
)
def test_what_is_no_page_is_turned_away(source, code):
    """Refusals say what the page is instead."""
    outcome = extract_html(page_of(source), HtmlConfig(max_chars=90 if "html" in code else 10**6))

    assert outcome.code == code
    assert outcome.reason in (Reason.TOO_LARGE, Reason.NO_CONTENT)


@pytest.mark.parametrize("seed", range(30))
def test_mutated_pages_are_answered(seed):
    """Pages with bytes lost, doubled and made up come out as a page or a reason."""
    dice = random.Random(seed)
    data = bytearray(ARTICLE.encode(dice.choice(("utf-8", "gb18030", "utf-16"))))
    for _ in range(dice.choice((1, 5, 50))):
        at = dice.randrange(len(data))
        piece = dice.choice((b"", b"<", b">", b'"', b"</div>", b"\0", dice.randbytes(3)))
        data[at : at + dice.randrange(30)] = piece

    assert isinstance(clean(bytes(data), html=True), Page | Rejected)


TAGS = st.sampled_from(
    [
        *("<p>", "</p>", "<div>", "</div>", "<br>", "<table><tr><td>", "</td><td>", "</table>"),
        *("<a href=/>", "</a>", "<span hidden>", "</span>", "<h1>", "<ul><li>", "<pre>", "<nav>"),
        *("<script>var a='", "'</script>", "<!--", "-->", "<title>", "</title>", "<style>.a{"),
        *("&nbsp;", "&lt;p&gt;", "<p style='display:none'>", "<textarea>", "<rt>", "\n\n", "\0"),
        *("会议强调，要坚持创新驱动，加快培育新质生产力。", "责任编辑：周文涛", "2024-08-06 11:54"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(source=st.lists(st.one_of(TAGS, st.text(max_size=8)), max_size=40).map("".join))
def test_edits_are_what_the_page_lost(source):
    """The edits rebuild the rendered page, every line is whole, and no control character enters."""
    outcome = extract_html(page_of(source.encode("utf-8", "replace").decode()), HtmlConfig())
    if isinstance(outcome, Rejected):
        return

    entered = undo_edits(outcome.text, outcome.edits)
    assert apply_edits(entered, outcome.edits) == outcome.text
    assert all(edit.before.count("\n") == 1 for edit in outcome.edits)
    assert not set(outcome.text) & {"\x01", "\x02"}
