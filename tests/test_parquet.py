"""Parquet: one page a row; a corrupt row group costs itself."""

import gzip
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.config import FieldNames, ReadConfig
from pipeline.inputs import InputFile, Unit, find_inputs
from pipeline.read import read_unit, scan
from transforms.text.records import Failed, RawPage, Reason, Rejected

HTML = "<html><body><p>全市科技创新大会昨日召开。</p></body></html>"
NOON = datetime(2024, 8, 6, 12, tzinfo=UTC)


def write(path, columns, **options):
    pq.write_table(pa.table(columns), path, **options)
    return path


def read(path, **settings):
    """Scan a file and read it piece by piece; what is read is what the footer says."""
    config = ReadConfig(**settings)
    (file,) = find_inputs([str(path)]).files
    found = scan(file, config)
    assert not found.error, found.error
    return [outcome for unit in found.units for outcome in read_unit(unit, config)]


TYPES = [
    *(pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())),
    *(pa.binary(), pa.large_binary(), pa.binary_view(), pa.dictionary(pa.int8(), pa.binary())),
]


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_a_row_is_a_page(tmp_path, kind):
    """Strings and bytes in every form Arrow has; bytes stay as they are, in any encoding."""
    is_text = "string" in str(kind)
    value = HTML if is_text else HTML.encode("gb18030")
    html = pa.array([value, value]).cast(kind)
    path = write(tmp_path / "a.parquet", {"html": html, "url": ["http://a/1", None], "id": [7, 8]})

    first, second = read(path)

    assert first.data == second.data == HTML.encode("utf-8" if is_text else "gb18030")
    assert first.html
    assert first.declared is None
    assert (first.origin.url, first.origin.source_id) == ("http://a/1", "7")
    assert (second.origin.url, second.origin.record) == (None, 1)


TIMES = {
    "string": (pa.array(["2024-08-06"]), "2024-08-06"),
    "date": (pa.array([date(2024, 8, 6)]), "2024-08-06"),
    "nanoseconds": (pa.array([NOON], pa.timestamp("ns", "UTC")), "2024-08-06T12:00:00+00:00"),
    "naive": (pa.array([NOON.replace(tzinfo=None)]), "2024-08-06T12:00:00"),
    "zone": (
        pa.array([NOON], pa.timestamp("ms", "Asia/Shanghai")),
        "2024-08-06T20:00:00+08:00",
    ),
    "seconds": (pa.array([1722945600]), "1722945600"),
    "no such zone": (pa.array([7], pa.timestamp("us", "Asia/Nowhere")), None),
    "no such year": (pa.array([2**62], pa.timestamp("us")), None),
    "null": (pa.array([None], pa.null()), None),
}


@pytest.mark.parametrize("name", TIMES)
def test_times_are_written_as_iso(tmp_path, name):
    """Times and dates reach `extract_metadata` as it reads them; impossible ones are left out."""
    column, expected = TIMES[name]
    path = write(tmp_path / "a.parquet", {"text": ["x"], "published": column})

    (page,) = read(path)

    assert page.given.published_text == expected


def test_html_comes_before_text(tmp_path):
    """A row with both is its HTML, which the text was made of; an empty one gives way."""
    columns = {"text": ["t", "t", None, ""], "html": ["<p>h", "", None, None]}

    both, text, none, empty = read(write(tmp_path / "a.parquet", columns))

    assert (both.data, both.html) == (b"<p>h", True)
    assert (text.data, text.html) == (b"t", False)
    assert isinstance(none, Failed)
    assert none.error_type == "MissingField"
    assert empty.data == b""


def test_row_groups_are_pieces(tmp_path):
    """Several workers share a file; positions are those in the whole of it."""
    rows = [f"{HTML}{n}" for n in range(1000)]
    path = write(tmp_path / "a.parquet", {"html": rows}, row_group_size=100, compression="none")
    (file,) = find_inputs([str(path)]).files

    assert len(scan(file, ReadConfig(split_bytes=1)).units) == 10
    for split_bytes in (1, 15_000, 1 << 30):
        pages = read(path, split_bytes=split_bytes)
        assert [page.origin.record for page in pages] == list(range(1000))
        assert [page.data.decode() for page in pages] == rows


@pytest.mark.parametrize("compression", ["none", "zstd", "snappy"])
def test_a_corrupt_row_group_costs_itself(tmp_path, compression):
    """One failed row says which rows are lost; all other row groups are read."""
    path = tmp_path / "a.parquet"
    rows = [f"{HTML}{n}" for n in range(90)]
    options = {"row_group_size": 30, "compression": compression, "write_page_checksum": True}
    write(path, {"html": rows}, use_dictionary=False, **options)
    column = pq.read_metadata(path).row_group(1).column(0)
    data = bytearray(path.read_bytes())
    data[column.data_page_offset + column.total_compressed_size // 2] ^= 0xFF
    path.write_bytes(data)

    found = read(path)

    (bad,) = [outcome for outcome in found if isinstance(outcome, Failed)]
    assert (bad.error_type, bad.origin.record) == ("BrokenRowGroup", 30)
    assert bad.error.startswith("rows 30 to 59 of row group 1: ")
    assert [page.data.decode() for page in found if isinstance(page, RawPage)] == [
        *rows[:30],
        *rows[60:],
    ]


def test_giant_values_are_turned_away(tmp_path):
    """A value above the limit is rejected with its beginning."""
    path = write(tmp_path / "a.parquet", {"html": ["<p>" + "a" * 3_000_000, HTML]})

    giant, page = read(path, max_page_bytes=1_000_000)

    assert isinstance(giant, Rejected)
    assert giant.reason == Reason.TOO_LARGE
    assert len(giant.page.data) < 10_000
    assert isinstance(page, RawPage)


def test_no_rows_are_no_pages(tmp_path):
    """A file without rows, or without row groups, is read as empty."""
    empty = write(tmp_path / "a.parquet", {"text": pa.array([], pa.string())})
    none = tmp_path / "b.parquet"
    pq.ParquetWriter(none, pa.schema([("text", pa.string())])).close()

    assert read(empty) == read(none) == []


WRONG = {
    "no column": ({"body": ["x"]}, "got: body; if it is there under another name, give --set "),
    "list": ({"text": [["x"]]}, "column 'text' is list<element: string>, expected string or b"),
    "number": ({"html": [1]}, "column 'html' is int64, expected string or binary"),
    "struct": ({"text": ["x"], "title": [{"a": 1}]}, "column 'title' is struct<a: int64>, expe"),
}


def test_a_column_that_stands_twice_is_named(tmp_path):
    """Arrow lets names repeat; which one is meant cannot be told."""
    path = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_arrays([pa.array(["a"])] * 2, names=["text", "text"]), path)
    (file,) = find_inputs([str(path)]).files

    assert scan(file, ReadConfig()).error == "column 'text' stands there 2 times"


@pytest.mark.parametrize("name", WRONG)
def test_wrong_columns_are_named(tmp_path, name):
    """The column, its type and what was expected are said before the run starts."""
    columns, message = WRONG[name]
    (file,) = find_inputs([str(write(tmp_path / "a.parquet", columns))]).files

    assert message in scan(file, ReadConfig()).error
    (outcome,) = read_unit(Unit(file, 0, -1, 0), ReadConfig())
    assert message in outcome.error


def test_columns_can_be_mapped(tmp_path):
    """Columns may have other names; those that no setting names are not read."""
    path = write(tmp_path / "a.parquet", {"content": [HTML], "html": [[1]], "key": ["k"]})

    (page,) = read(path, fields=FieldNames(html="content", id="key"))

    assert (page.data.decode(), page.html, page.origin.source_id) == (HTML, True, "k")


LIES = {
    "no parquet": b"<html>" * 100,
    "empty": b"",
    "footer too long": b"PAR1" + bytes(100) + b"\xff\xff\xff\x7fPAR1",
    "footer of junk": b"PAR1" + b"\xff" * 100 + b"\x40\0\0\0PAR1",
    "encrypted": b"PARE" + b"\xff" * 100 + b"\x40\0\0\0PARE",
}


@pytest.mark.parametrize("name", LIES)
def test_lying_footers_are_unreadable_inputs(tmp_path, name):
    """What is no Parquet file is one failed row, and an error of that input."""
    path = tmp_path / "a.parquet"
    path.write_bytes(LIES[name])
    file = InputFile(str(path), "parquet", "")

    assert scan(file, ReadConfig()).error
    (outcome,) = read_unit(Unit(file, 0, -1, 0), ReadConfig())
    assert (type(outcome), outcome.origin.record) == (Failed, -1)


def test_every_changed_byte_is_answered(tmp_path):
    """A footer with any byte changed gives pages, failures or an unreadable input, no crash."""
    path = write(tmp_path / "a.parquet", {"html": [HTML] * 4}, row_group_size=2)
    data = path.read_bytes()
    file = InputFile(str(path), "parquet", "")
    for at in range(len(data) - 300, len(data)):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        found = scan(file, ReadConfig())
        outcomes = [o for unit in found.units for o in read_unit(unit, ReadConfig())]
        assert found.error or all(isinstance(o, RawPage | Failed) for o in outcomes)


def test_compressed_as_a_whole(tmp_path):
    """A .parquet.gz is read from a temporary file, up to a size that is plausible."""
    data = write(tmp_path / "a.parquet", {"html": [HTML]}).read_bytes()
    good, bomb = tmp_path / "b.parquet.gz", tmp_path / "c.parquet.gz"
    good.write_bytes(gzip.compress(data))
    bomb.write_bytes(gzip.compress(bytes(80 << 20), 1))

    (page,) = read(good)
    (lost,) = read(bomb)

    assert page.data.decode() == HTML
    assert isinstance(lost, Failed)
    assert "expands to more than 20 times" in lost.error
