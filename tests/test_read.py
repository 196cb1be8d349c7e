"""Reading: bounded bytes, every record accounted for, one bad record costs one record."""

import bz2
import gzip
import json
import lzma
import os
from pathlib import Path

import pytest
import zstandard

from pipeline.config import FieldNames, ReadConfig
from pipeline.errors import UsageError
from pipeline.inputs import InputFile, Unit, find_inputs
from pipeline.read import read_unit, scan
from transforms.text.records import Failed, RawPage, Reason, Rejected

TEXT = "全市科技创新大会昨日召开。"
COMPRESS = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor().compress,
}


def read_all(path, config=None, **settings):
    """Read a file unit by unit, as workers do."""
    config = config or ReadConfig(**{"split_bytes": 65_536, **settings})
    (file,) = find_inputs([str(path)]).files
    found = scan(file, config)
    return [page for unit in found.units for page in read_unit(unit, config)]


def rows(count):
    return [{"id": f"n{i}", "text": f"{TEXT}{i}"} for i in range(count)]


def jsonl(items):
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items).encode()


def test_txt_is_one_page_as_raw_bytes(tmp_path):
    """A .txt file is one page, its bytes untouched."""
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode("gb18030"))

    (page,) = read_all(path)

    assert page.data == TEXT.encode("gb18030")
    assert (page.origin.source_uri, page.origin.record) == (str(path), 0)
    assert page.origin.raw_bytes == len(page.data)


@pytest.mark.parametrize("name", ["a.html", "b.HTM", "c.html.zst"])
def test_html_is_one_page_as_raw_bytes(tmp_path, name):
    """A .html file is one page of HTML, its bytes untouched."""
    path = tmp_path / name
    data = f"<p>{TEXT}</p>".encode("big5", "replace")
    path.write_bytes(COMPRESS["zst"](data) if name.endswith("zst") else data)

    (page,) = read_all(path)

    assert (page.data, page.html, page.declared) == (data, True, None)


def test_html_in_jsonl_comes_before_text(tmp_path):
    """A line with both is its HTML, which the text was made of; an empty one gives way."""
    path = tmp_path / "a.jsonl"
    lines = [{"text": "t", "html": "<p>"}, {"text": "t", "html": ""}, {"text": "t", "html": None}]
    path.write_bytes(jsonl(lines))

    pages = read_all(path)

    assert [(page.data, page.html) for page in pages] == [(b"<p>", True), *[(b"t", False)] * 2]


def test_jsonl_is_read_alike_whole_and_in_ranges(tmp_path):
    """Cutting a file into byte ranges loses no line, doubles none, and keeps their numbers."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(jsonl(rows(5000)))

    whole = read_all(path, split_bytes=1 << 30)
    cut = read_all(path, split_bytes=65_536)

    assert len(scan(find_inputs([str(path)]).files[0], ReadConfig(split_bytes=65_536)).units) > 3
    assert cut == whole
    assert [page.origin.record for page in cut] == list(range(5000))
    assert [page.origin.source_id for page in cut] == [f"n{i}" for i in range(5000)]


@pytest.mark.parametrize("ending", COMPRESS)
def test_compressed_files_hold_the_same_pages(tmp_path, ending):
    """.gz, .bz2, .xz and .zst are read as they decompress."""
    path = tmp_path / f"a.jsonl.{ending}"
    path.write_bytes(COMPRESS[ending](jsonl(rows(50))))

    assert [page.data.decode() for page in read_all(path)] == [f"{TEXT}{i}" for i in range(50)]


def test_ids_hang_on_place_and_content(tmp_path):
    """The same page has the same id in every run; another page or place has another."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(jsonl([*rows(2), rows(1)[0]]))
    first, second, copy = [page.origin.id for page in read_all(path)]

    assert [page.origin.id for page in read_all(path)] == [first, second, copy]
    assert len({first, second, copy}) == 3
    assert len(first) == 32


BAD_LINES = {
    "broken": (b'{"text": "half', "JSONDecodeError"),
    "not an object": (b"[1, 2]", "MissingField"),
    "no text": (b'{"body": "x"}', "MissingField"),
    "text is no string": (b'{"text": 7}', "MissingField"),
    "html is no string": (b'{"text": "x", "html": ["<p>"]}', "MissingField"),
    "deep": (b"[" * 100_000, "RecursionError"),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_bad_line_costs_itself(tmp_path, name):
    """A bad line becomes one failed row that names the mistake; its neighbours are read."""
    line, error_type = BAD_LINES[name]
    path = tmp_path / "a.jsonl"
    good = jsonl(rows(2)).splitlines(keepends=True)
    path.write_bytes(good[0] + line + b"\n" + good[1])

    before, bad, after = read_all(path)

    assert isinstance(before, RawPage)
    assert isinstance(after, RawPage)
    assert isinstance(bad, Failed)
    assert (bad.step, bad.error_type, bad.origin.record) == ("read", error_type, 1)


def test_a_line_in_another_encoding_is_read(tmp_path):
    """A JSONL line in GB18030 among UTF-8 lines is decoded, and says so."""
    path = tmp_path / "a.jsonl"
    line = json.dumps({"text": TEXT * 5}, ensure_ascii=False).encode("gb18030")
    path.write_bytes(jsonl(rows(1)) + line + b"\n")

    _, page = read_all(path)

    assert page.data.decode() == TEXT * 5
    assert page.read_as is not None
    assert page.read_as[0] == "gb18030"


def test_lines_over_the_limit_are_turned_away(tmp_path):
    """A giant line is rejected without being held, and reading goes on behind it."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "' + b"x" * 3_000_000 + b'"}\n' + jsonl(rows(1)))

    giant, page = read_all(path, ReadConfig(max_page_bytes=1_000_000))

    assert isinstance(giant, Rejected)
    assert giant.reason == Reason.TOO_LARGE
    assert isinstance(page, RawPage)
    assert page.origin.record == 1


def test_a_bomb_is_turned_away(tmp_path):
    """A file that decompresses beyond the page limit is rejected, not unpacked."""
    path = tmp_path / "a.txt.bz2"
    path.write_bytes(bz2.compress(bytes(20_000_000)))

    (page,) = read_all(path)

    assert isinstance(page, Rejected)
    assert page.reason == Reason.TOO_LARGE


def test_a_truncated_file_gives_what_it_has(tmp_path):
    """The pages before the break are read; the rest is one failed row with record -1."""
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(jsonl(rows(20_000)))[:-2000])

    *pages, end = read_all(path)

    assert len(pages) > 1000
    assert isinstance(end, Failed)
    assert end.origin.record == -1


def test_surrogates_and_odd_values_do_no_harm(tmp_path):
    """Lone surrogates become U+FFFD; ids may be numbers, and other types are left out."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "a\\ud800b", "id": 7, "url": ["x"], "title": true}\n')

    (page,) = read_all(path)

    assert page.data.decode() == "a\ufffdb"
    assert (page.origin.source_id, page.origin.url, page.given.title) == ("7", None, None)


def test_field_names_can_be_mapped(tmp_path):
    """The fields may have other names in the input."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"content": "x", "doc": "d1", "headline": "h"}\n')

    config = ReadConfig(fields=FieldNames(text="content", id="doc", title="headline"))
    (page,) = read_all(path, config)

    assert (page.data, page.origin.source_id, page.given.title) == (b"x", "d1", "h")


def test_inputs_are_found_once_each(tmp_path, monkeypatch):
    """Directories are walked, globs expanded, hidden and unknown files left out, links folded."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    for name in ("a.txt", "sub/b.jsonl.gz", "sub/notes.pdf", ".hidden.txt"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "link.txt").symlink_to("a.txt")

    found = find_inputs([".", "*.txt", "./a.txt"]).files

    assert [file.uri for file in found] == ["a.txt", "sub/b.jsonl.gz"]
    assert found[1] == InputFile("sub/b.jsonl.gz", "jsonl", "gz")


def test_what_is_left_out_is_told(tmp_path):
    """Hidden files, other endings, links to directories and outputs of runs are counted."""
    for name in ("a.txt", "b.md", "c.MD", "d.csv.gz", "noending", ".hidden.txt", ".git/e.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    for name in ("out/_runs/first", "out/articles/run=first"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "out/articles/run=first/part.parquet").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path)
    for name in (b"g.php?id=1", b"h.123", b"i.\xff", b"j.a\x1b"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).touch()
    (tmp_path / "gone.md").symlink_to("nowhere")

    found = find_inputs([str(tmp_path)])

    assert [file.uri for file in found.files] == [f"{tmp_path}/a.txt"]
    assert found.ignored() == (
        "ignored 10 files: other 4, .md 3, .csv.gz 1, hidden 1, no ending 1; "
        "3 folders: hidden 1, link 1, output of newsclean 1"
    )
    assert find_inputs([str(tmp_path / "a.txt")]).ignored() == ""
    assert find_inputs([str(tmp_path / "out")]).files == []


def test_a_directory_that_cannot_be_listed_is_a_failed_input(tmp_path, monkeypatch):
    """Its pages do not vanish: it is an input that could not be read."""
    (tmp_path / "locked").mkdir()
    (tmp_path / "a.txt").write_bytes(b"x")
    scandir = os.scandir

    def refuse(path):
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    page, locked = find_inputs([str(tmp_path)]).files

    assert (page.error, locked.path) == ("", str(tmp_path / "locked"))
    assert scan(locked, ReadConfig()).error == "cannot be listed: Permission denied"


NO_JSONL = {
    "array": (b'[{"text": "x"}, {"text": "y"}]\n', "looks like a JSON array; one JSON object"),
    "pretty array": (b'[\n  {\n    "text": "x"\n  }\n]\n', "looks like a JSON array"),
    "array of lines": (b'[{"text": "x"},\n{"text": "y"}]\n', "looks like a JSON array"),
    "parquet": (b"PAR1\x15\x04", "begins like a .parquet file"),
    "gzip": (gzip.compress(b"{}"), "begins like a .gz file"),
}


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("name", NO_JSONL)
def test_what_is_no_jsonl_is_one_failed_input(tmp_path, name, ending):
    """The file is read no further, and the error says what it is."""
    data, error = NO_JSONL[name]
    path = tmp_path / f"a.jsonl{ending}"
    path.write_bytes(gzip.compress(data) if ending else data)

    (file,) = find_inputs([str(path)]).files

    assert error in scan(file, ReadConfig()).error


def test_a_line_that_is_an_array_costs_itself(tmp_path):
    """Lines behind it show that the file is JSONL."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'[{"text": "x"}]\n{"content": "x"}\n' + jsonl(rows(1)))

    array, other_name, page = read_all(path)

    assert array.error == "looks like a JSON array; one JSON object per line is expected"
    assert "give --set read.fields.html=FIELD" in other_name.error
    assert isinstance(page, RawPage)


def test_a_named_file_of_unknown_ending_is_an_error(tmp_path):
    """A file named by the user is never left out in silence."""
    path = tmp_path / "page.dat"
    path.write_bytes(b"x")

    with pytest.raises(UsageError, match=r"page.dat.*--input-format"):
        find_inputs([str(path)])
    assert find_inputs([str(path)], "txt").files[0].format == "txt"


@pytest.mark.parametrize("make", ["missing", "fifo"])
def test_what_is_no_regular_file_is_reported(tmp_path, make):
    """A missing file or a pipe is an error of that input, and reading it never blocks."""
    path = tmp_path / "a.txt"
    if make == "fifo":
        os.mkfifo(path)
    file = InputFile(str(path), "txt", "")

    assert scan(file, ReadConfig()).error
    (outcome,) = read_unit(Unit(file, 0, -1, 0), ReadConfig())
    assert isinstance(outcome, Failed)
