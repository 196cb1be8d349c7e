"""Laws of `repair_mojibake`."""

import itertools

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from test_encoding import SIMPLIFIED, TRADITIONAL, texts

from transforms.config import default_config
from transforms.text.mojibake import budget
from transforms.text.mojibake.damage_gate import REPAIR, checked_lines, is_quiet
from transforms.text.mojibake.draft import Change, Draft
from transforms.text.mojibake.repair_mojibake import repair_mojibake
from transforms.text.records import Flag, Metadata, Origin, Page, Rejected, apply_edits

CONFIG = default_config().repair_mojibake
ORIGIN = Origin("0" * 32, "test", 0)


def repaired(text):
    return repair_mojibake(Page(ORIGIN, text), CONFIG)


def misread(text, right, *wrong):
    for codec in wrong:
        text = text.encode(right).decode(codec, "replace")
    return text


@pytest.mark.parametrize(
    ("phrases", "right", "wrong"),
    [
        (SIMPLIFIED, "utf-8", ("latin-1",)),
        (SIMPLIFIED, "utf-8", ("cp437",)),
        (SIMPLIFIED, "utf-8", ("mac_roman",)),
        (SIMPLIFIED, "utf-8", ("latin-1", "latin-1")),
        (SIMPLIFIED, "gbk", ("latin-1",)),
        (TRADITIONAL, "big5", ("latin-1",)),
        (TRADITIONAL, "big5", ("gb18030",)),
    ],
    ids=str,
)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_lossless_damage_comes_back(phrases, right, wrong, data):
    """Where every byte is still there, the text comes back as it was."""
    text = data.draw(texts(phrases))

    page = repaired(misread(text, right, *wrong))

    assert isinstance(page, Page)
    assert page.text == text
    assert page.flags == ()


def slipped(text, at, mark):
    """Lose the first byte of the character at `at`, or put a mark in its place."""
    lost = len(text[:at].encode("gbk"))
    data = text.encode("gbk")
    return (data[:lost] + mark + data[lost + 1 :]).decode("gbk", "replace")


MISREAD = st.builds(
    lambda text, chain: misread(text, *chain),
    texts(SIMPLIFIED),
    st.sampled_from(
        (("utf-8", "gbk"), ("utf-8", "gb18030"), ("utf-8", "cp1252"), ("gbk", "cp950"))
    ),
)
SLIPPED = st.builds(
    slipped, texts(SIMPLIFIED + TRADITIONAL), st.integers(0, 20), st.sampled_from((b"", b"?"))
)
DAMAGED = st.one_of(MISREAD, SLIPPED)
ANYTHING = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from(
            "?\ufffd!;,锟斤拷烫屯锘é\u0081\u200b\u200d\u202e\ue5e5豈⼀&#38;\\u4e2d%E4漢字的abc\n"
        ),
    ),
    max_size=120,
)


@settings(deadline=None)
@given(st.one_of(DAMAGED, ANYTHING))
def test_the_audit_replays_to_the_output(text):
    """Every change is an edit of the text that came in; no lone surrogate goes out."""
    page = repaired(text)

    if isinstance(page, Page):
        assert apply_edits(text, page.edits) == page.text
        page.text.encode("utf-8")


@settings(deadline=None)
@given(DAMAGED)
def test_a_second_repair_finds_nothing(text):
    """What is repaired is not repaired again."""
    once = repaired(text)
    if isinstance(once, Page):
        again = repaired(once.text)
        assert isinstance(again, Page)
        assert again.edits == ()


@settings(deadline=None)
@given(texts(SIMPLIFIED + TRADITIONAL), st.integers(0, 20), st.sampled_from((b"", b"?")))
def test_a_slip_is_repaired_where_it_is(text, at, mark):
    """What stands before and behind a slip stays, but for one character on either side."""
    damaged = slipped(text, at, mark)
    pairs = zip(reversed(text), reversed(damaged), strict=False)
    behind = len(list(itertools.takewhile(lambda pair: pair[0] == pair[1], pairs)))

    page = repaired(damaged)

    assert isinstance(page, Page)
    assert page.text.startswith(text[: max(at - 1, 0)])
    assert page.text.endswith(text[len(text) - max(behind - 1, 0) :])


@settings(deadline=None)
@given(texts(SIMPLIFIED + TRADITIONAL))
def test_clean_text_is_untouched(text):
    """Good text in either script, or in both, is left alone."""
    page = repaired(text)

    assert isinstance(page, Page)
    assert page.edits == ()
    assert page.flags == ()


def test_metadata_are_repaired_with_their_page():
    """What markup and container say of a page was misread with it; its time is kept as it came."""
    title, source, caption = "环湖步道全线贯通", "江城日报", "老码头改成的展室"
    meta = Metadata(
        title=misread(title, "utf-8", "gb18030"),
        source=f"{source[:2]}\u200b{source[2:]}",
        captions=(misread(caption, "utf-8", "latin-1"),),
        published_text="2024\u200b-08-06",
    )
    hints = Metadata(section="&amp;quot;民生&amp;quot;")
    text = "\n".join(misread(line, "utf-8", "gb18030") for line in SIMPLIFIED)

    page = repair_mojibake(Page(ORIGIN, text, meta=meta, hints=hints), CONFIG)

    assert (page.meta.title, page.meta.source, page.meta.captions) == (title, source, (caption,))
    assert page.meta.published_text == meta.published_text
    assert page.hints.section == '"民生"'
    assert apply_edits(text, page.edits) == page.text


def test_whole_metadata_are_left_alone():
    """A page without damage keeps the very values it came with."""
    page = Page(ORIGIN, "\n".join(SIMPLIFIED), meta=Metadata(title="环湖步道全线贯通"))

    assert repair_mojibake(page, CONFIG).meta is page.meta


def test_a_page_beyond_repair_is_turned_away_as_it_came():
    """The rejected page is the one that came in."""
    text = misread("".join(SIMPLIFIED), "gbk", "utf-8")

    outcome = repaired(text)

    assert isinstance(outcome, Rejected)
    assert outcome.page.text == text


def test_what_the_budget_cuts_off_stays_and_is_flagged(monkeypatch):
    """A page that costs too much keeps its damage and says so."""
    monkeypatch.setattr(budget, "BASE_STEPS", -1)
    monkeypatch.setattr(budget, "STEPS_PER_CHARACTER", 0)
    text = misread("\n".join(SIMPLIFIED), "utf-8", "gbk") + "\n" + "".join(SIMPLIFIED)

    page = repaired(text)

    assert isinstance(page, Page)
    assert page.text == text
    assert page.flags == (Flag.MOJIBAKE,)


@settings(deadline=None)
@given(st.one_of(DAMAGED, ANYTHING))
def test_a_quiet_page_has_nothing_to_look_at(text):
    """The first check lets nothing past that the exact tests would stop at."""
    if is_quiet(text, odd="\ufffd"):
        assert checked_lines(text, REPAIR) == []


@settings(deadline=None)
@given(st.data())
def test_passes_over_a_draft_make_one_list_of_edits(data):
    """However the passes overlap, the edits lead from the source to the text at the end."""
    source = data.draw(st.text("abcdef", min_size=1, max_size=30))
    draft = Draft(source)
    for _ in range(data.draw(st.integers(1, 5))):
        cuts = sorted(data.draw(st.sets(st.integers(0, len(draft.text)), max_size=8)))
        pairs = zip(cuts[::2], cuts[1::2], strict=False)
        draft.apply([Change(a, b, data.draw(st.text("xyz", max_size=3)), "rule") for a, b in pairs])
    assert apply_edits(source, draft.edits("step")) == draft.text
