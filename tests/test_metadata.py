"""What a table cannot say about `extract_metadata`."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.config import default_config
from transforms.text.metadata.dates import find_dates, in_zone
from transforms.text.metadata.extract_metadata import MetadataConfig, extract_metadata
from transforms.text.records import Metadata, Origin, Page, apply_edits

CONFIG = default_config().extract_metadata
ORIGIN = Origin("0" * 32, "case", 0)
PROSE = "昨天上午，环湖步道最后一段木栈桥完工，附近四个村的居民从此不必绕行，省下不少时间。"


def read(text, **changes):
    return extract_metadata(replace(Page(ORIGIN, text), **changes), CONFIG)


def test_what_was_given_wins():
    """Metadata that came with the page is never replaced by what the text says."""
    when = datetime(2020, 1, 1, tzinfo=UTC)
    given_meta = Metadata(title="已有标题", published=when, source="已有来源", authors=("甲某",))

    page = read(f"另一个标题\n2024-08-06 11:54 来源:江城网 作者:王明\n{PROSE}", meta=given_meta)

    assert page.meta == replace(given_meta, published_text=None)
    assert "来源:江城网" not in page.text


def test_naive_times_are_in_the_configured_zone():
    """A page time without a zone is read in `timezone`."""
    config = replace(CONFIG, timezone="Asia/Tokyo")

    page = extract_metadata(Page(ORIGIN, f"2024-08-06 11:54\n{PROSE}"), config)

    assert page.meta.published == datetime(2024, 8, 6, 2, 54, tzinfo=UTC)


def test_unknown_zone_is_refused():
    """A zone that does not exist is a mistake of configuration."""
    with pytest.raises(ValueError, match="no such zone"):
        MetadataConfig(timezone="Asia/Nowhere")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2024-08-06 11:54", "2024-08-06T11:54:00"),
        ("2013-11-18 08:48:50", "2013-11-18T08:48:50"),
        ("2010/1/6 16:43:13", "2010-01-06T16:43:13"),
        ("(2016-3-1 15:55:59)", "2016-03-01T15:55:59"),
        ("2015/3/6", "2015-03-06T00:00:00"),
        ("2017-03-28-00:00:00", "2017-03-28T00:00:00"),
        ("2009年09月27日 22:24", "2009-09-27T22:24:00"),
        ("2022年07月15日04:33:31", "2022-07-15T04:33:31"),
        ("2013年04月21日 11时26分", "2013-04-21T11:26:00"),
        ("[2013年11月01日]", "2013-11-01T00:00:00"),
        ("26/01/2026 15:07", "2026-01-26T15:07:00"),
        ("12:19 2026-01-25 hkt", "2026-01-25T12:19:00"),
        ("中华民国91年3月19日", "2002-03-19T00:00:00"),
    ],
)
def test_date_formats(text, wanted):
    """Every format of the contamination map is read."""
    assert [date.when.isoformat() for date in find_dates(text)] == [wanted]


@pytest.mark.parametrize(
    "text", ["2月27日 2:16", "12-26 07:40", "2024-13-40", "成交额1050805", "2024"]
)
def test_no_date(text):
    """A date without a year, or that does not exist, is none."""
    assert find_dates(text) == []


@given(st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)))
def test_written_dates_are_read_back(when):
    """What a page writes is what is read."""
    when = when.replace(second=0, microsecond=0)
    page = read(f"发布时间：{when:%Y-%m-%d %H:%M}  来源：江城网\n{PROSE}")

    assert page.meta.published == in_zone(when, "Asia/Shanghai")


@given(st.text("来源作者编辑:：2024-1年月日 \n(（【】)记者王明。，摄图为│|>首页", max_size=120))
def test_edits_rebuild_the_page(text):
    """Whatever the page: the edits lead from what came to what went."""
    page = read(text)

    assert apply_edits(text, page.edits) == page.text
