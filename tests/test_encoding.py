"""Laws of `detect_encoding`."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from transforms.config import default_config
from transforms.text.decoding.detect_encoding import Decoded, Refusal, decode, detect_encoding
from transforms.text.records import Flag, Origin, Page, RawPage, Rejected

CONFIG = default_config().detect_encoding
ORIGIN = Origin("0" * 32, "test", 0)

SIMPLIFIED = (
    "全市科技创新大会昨日召开，",
    "与会代表认真讨论了今年的工作报告。",
    "记者从有关部门了解到，",
    "今年粮食产量比去年增长百分之三；",
    "专家认为，这一政策将促进经济发展。",
    "“我们有信心完成任务”，他说。",
)
TRADITIONAL = (
    "全市科技創新大會昨日召開，",
    "與會代表認真討論了今年的工作報告。",
    "記者從有關部門了解到，",
    "今年糧食產量比去年增長百分之三；",
    "專家認為，這一政策將促進經濟發展。",
    "「我們有信心完成任務」，他說。",
)
CODECS = {
    "utf-8": SIMPLIFIED,
    "utf-8-sig": TRADITIONAL,
    "gb2312": SIMPLIFIED,
    "gbk": TRADITIONAL,
    "gb18030": SIMPLIFIED,
    "big5": TRADITIONAL,
    "cp950": TRADITIONAL,
    "big5hkscs": TRADITIONAL,
    "utf-16": SIMPLIFIED,
    "utf-16-le": TRADITIONAL,
    "utf-16-be": SIMPLIFIED,
    "utf-32": SIMPLIFIED,
    "utf-32-le": TRADITIONAL,
    "hz": SIMPLIFIED,
}
LABELS = st.sampled_from((None, "utf-8", "gb2312", "big5", "iso-8859-1", "euc-kr", "nonsense"))


def texts(phrases):
    return st.lists(st.sampled_from(phrases), min_size=2, max_size=40).map("".join)


@pytest.mark.parametrize("codec", CODECS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_text_in_a_supported_encoding_decodes_to_itself(codec, data):
    """Whatever encoding Chinese is in, and whatever is declared, it comes back."""
    text = data.draw(texts(CODECS[codec]))
    declared = data.draw(LABELS)

    result = decode(text.encode(codec), declared, CONFIG)

    assert isinstance(result, Decoded), result
    assert result.text == text
    assert result.n_undecodable == 0


@pytest.mark.parametrize("codec", ["utf-8", "gbk", "big5"])
@settings(max_examples=25, deadline=None)
@given(data=st.data(), n_head=st.integers(0, 3), n_tail=st.integers(0, 3))
def test_a_cut_costs_only_the_cut_characters(codec, data, n_head, n_tail):
    """Bytes cut off at either end cost the characters they belong to."""
    text = data.draw(texts(TRADITIONAL if codec == "big5" else SIMPLIFIED))
    encoded = text.encode(codec)

    result = decode(encoded[n_head : len(encoded) - n_tail], None, CONFIG)

    assert isinstance(result, Decoded), result
    assert text[2:-2] in result.text


@settings(deadline=None)
@given(st.binary(max_size=400), LABELS)
def test_any_bytes_give_text_or_a_reason(data, declared):
    """No input raises, and no lone surrogate gets into a text."""
    result = decode(data, declared, CONFIG)

    assert isinstance(result, Decoded | Refusal)
    if isinstance(result, Decoded):
        result.text.encode("utf-8")
        assert result.text.count("\ufffd") <= result.n_undecodable + data.count(b"\xef\xbf\xbd")
        assert result.n_undecodable <= len(data)


def test_what_the_reader_decoded_is_not_decoded_again():
    """`read_as` names the encoding of the container; the data is UTF-8 then."""
    raw = RawPage(ORIGIN, "全市召开大会".encode(), declared="big5", read_as=("gb18030", "scored"))

    page = detect_encoding(raw, CONFIG)

    assert isinstance(page, Page)
    assert (page.text, page.encoding, page.encoding_basis) == ("全市召开大会", "gb18030", "scored")
    assert page.n_chars_raw == 6


@pytest.mark.parametrize(
    ("data", "lost"),
    [
        ("".join(SIMPLIFIED).encode() + b"\xe4\xb8\n", 2),
        ("".join(SIMPLIFIED).encode() + "\ufffd".encode(), 0),
        ("".join(SIMPLIFIED).encode("gbk") + b"\xff\xff\n", 2),
        ("".join(TRADITIONAL).encode("big5") + b"\xff\n", 1),
        ("".join(SIMPLIFIED).encode("utf-16") + b"\x00\xd8\n\x00", 2),
    ],
)
def test_undecodable_bytes_are_counted(data, lost):
    """Bytes are counted, not the U+FFFD that stand for them, nor those that stood there before."""
    result = decode(data, None, CONFIG)

    assert isinstance(result, Decoded)
    assert result.n_undecodable == lost
    assert "\ufffd" in result.text


def test_undecodable_bytes_are_flagged_and_a_refusal_says_where():
    """A bad byte in good text is one U+FFFD; bytes that are no text name the first bad offset."""
    good = "".join(SIMPLIFIED).encode()

    page = detect_encoding(RawPage(ORIGIN, good[:90] + b"\xff" + good[90:]), CONFIG)
    refused = detect_encoding(RawPage(ORIGIN, b"\x80"), CONFIG)

    assert isinstance(page, Page)
    assert page.text.count("\ufffd") == 1
    assert page.flags == (Flag.UNDECODABLE_BYTES,)
    assert isinstance(refused, Rejected)
    assert refused.code == "UNDECODABLE"
    assert "offset 0" in refused.detail
