"""WARC and WET: pages out of records, and one bad record costs one record."""

import bz2
import gzip
import io
import lzma
import zlib

import brotli
import pytest
import zstandard

from pipeline.config import ReadConfig
from pipeline.inputs import Unit, find_inputs
from pipeline.read import read_unit, scan
from pipeline.read.warc_records import read_records
from transforms.text.decoding.detect_encoding import EncodingConfig, detect_encoding
from transforms.text.records import Failed, Flag, RawPage, Reason, Rejected

HTML = "<html><body><p>全市科技创新大会昨日召开。</p></body></html>".encode()
COMPRESS = {
    "": lambda data: data,
    "gz": gzip.compress,
    "zst": zstandard.ZstdCompressor().compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
}


def record(block, type_="response", content_type="application/http; msgtype=response", **headers):
    """Return a record; headers that are None are left out."""
    fields = {
        "WARC-Type": type_,
        "WARC-Record-ID": "<urn:uuid:7>",
        "WARC-Target-URI": "http://a.example/1.html",
        "WARC-Date": "2024-08-06T03:54:00Z",
        "Content-Type": content_type,
        "Content-Length": len(block),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value is not None)
    return b"WARC/1.0\r\n" + lines.encode() + b"\r\n" + block + b"\r\n\r\n"


def http(body=HTML, status="200 OK", content_type="text/html", **headers):
    """Return an HTTP response."""
    fields = {"Content-Type": content_type, **headers}
    lines = "".join(f"{n.replace('_', '-')}: {v}\r\n" for n, v in fields.items() if v is not None)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def page(number):
    """Return a record whose page says its number."""
    return record(http(HTML + b"<!-- %d -->" % number), WARC_Record_ID=f"<urn:{number}>")


def read(tmp_path, data, ending="warc", **settings):
    """Write a file, scan it and read it piece by piece; what is read is what was counted."""
    path = tmp_path / f"a.{ending}"
    path.write_bytes(data)
    config = ReadConfig(**settings)
    (file,) = find_inputs([str(path)]).files
    found = scan(file, config)
    outcomes = [outcome for unit in found.units for outcome in read_unit(unit, config)]
    assert found.records in (None, len(outcomes))
    return outcomes


def test_a_response_is_a_page(tmp_path):
    """Body, address, charset and id are taken along; the date of the crawl is not its date."""
    (found,) = read(tmp_path, record(http(content_type="text/html; charset=GBK")))

    assert (found.data, found.html, found.declared) == (HTML, True, "GBK")
    assert (found.origin.url, found.origin.source_id) == ("http://a.example/1.html", "urn:uuid:7")
    assert found.origin.record == 0
    assert found.given.published_text is None


@pytest.mark.parametrize("ending", COMPRESS)
def test_records_are_read_in_every_compression(tmp_path, ending):
    """Records compressed one by one, or the file as a whole, hold the same pages."""
    pages = [page(number) for number in range(20)]
    plain = read(tmp_path, b"".join(pages))
    name = f"warc.{ending}".rstrip(".")
    compress = COMPRESS[ending]

    for data in (b"".join(map(compress, pages)), compress(b"".join(pages))):
        found = read(tmp_path, data, name)
        assert [f.data for f in found] == [f.data for f in plain]
        assert [f.origin.record for f in found] == list(range(20))


@pytest.mark.parametrize("ending", ["", "gz", "zst"])
def test_a_file_is_cut_where_records_begin(tmp_path, ending):
    """Pieces hold each page once, with the position it has in the whole file."""
    data = b"".join(COMPRESS[ending](page(number)) for number in range(200))
    name = f"warc.{ending}".rstrip(".")
    (tmp_path / f"b.{name}").write_bytes(data)
    (file,) = find_inputs([str(tmp_path / f"b.{name}")]).files

    assert len(scan(file, ReadConfig(split_bytes=1000)).units) > 20
    assert read(tmp_path, data, name, split_bytes=1000) == read(tmp_path, data, name)


def chunked(body):
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(c), c) for c in (body[:7], body[7:])) + b"0\r\n\r\n"


def raw_deflate(body):
    made = zlib.compressobj(wbits=-15)
    return made.compress(body) + made.flush()


CODINGS = {
    "chunked": (chunked(HTML), {"Transfer_Encoding": "chunked"}),
    "gzip": (gzip.compress(HTML), {"Content_Encoding": "gzip"}),
    "deflate": (zlib.compress(HTML), {"Content_Encoding": "deflate"}),
    "bare deflate": (raw_deflate(HTML), {"Content_Encoding": "deflate"}),
    "br": (brotli.compress(HTML), {"Content_Encoding": "br"}),
    "zstd": (COMPRESS["zst"](HTML), {"Content_Encoding": "zstd"}),
    "two": (brotli.compress(gzip.compress(HTML)), {"Content_Encoding": "gzip, br"}),
    "chunked gzip": (
        chunked(gzip.compress(HTML)),
        {"Transfer_Encoding": "chunked", "Content_Encoding": "gzip"},
    ),
    "undone before": (HTML, {"Transfer_Encoding": "chunked", "Content_Encoding": "gzip"}),
    "br undone before": (HTML, {"Content_Encoding": "br"}),
    "no coding": (HTML, {"Content_Encoding": "utf-8"}),
}


@pytest.mark.parametrize("name", CODINGS)
def test_codings_of_the_body_are_undone(tmp_path, name):
    """Chunks, gzip, deflate, brotli and zstd, and those that the crawler has undone itself."""
    body, headers = CODINGS[name]

    (found,) = read(tmp_path, record(http(body, **headers)))

    assert (found.data, found.truncated) == (HTML, False)


CUT_BODIES = {
    "last chunk missing": (chunked(HTML)[:-5], "Transfer_Encoding", "chunked"),
    "chunk cut": (chunked(HTML)[:-15], "Transfer_Encoding", "chunked"),
    "chunk of 4 GB": (b"ffffffff\r\n" + HTML, "Transfer_Encoding", "chunked"),
    "gzip": (gzip.compress(HTML)[:-9], "Content_Encoding", "gzip"),
    "deflate": (zlib.compress(HTML)[:-9], "Content_Encoding", "deflate"),
    "br": (brotli.compress(HTML)[:-3], "Content_Encoding", "br"),
    "zstd": (COMPRESS["zst"](HTML * 9000)[:-3], "Content_Encoding", "zstd"),
}


@pytest.mark.parametrize("name", CUT_BODIES)
def test_a_cut_body_is_flagged(tmp_path, name):
    """Of a body that breaks off there is what came before, and the page is flagged."""
    body, header, value = CUT_BODIES[name]

    (cut,) = read(tmp_path, record(http(body, **{header: value})))

    assert cut.data[:30] == HTML[:30]
    assert cut.truncated
    assert Flag.TRUNCATED in detect_encoding(cut, EncodingConfig()).flags


def test_a_record_that_says_so_is_flagged(tmp_path):
    """WARC-Truncated: the crawler stopped before the end."""
    (cut,) = read(tmp_path, record(http(), WARC_Truncated="length"))

    assert (cut.data, cut.truncated) == (HTML, True)


BROKEN_BODIES = {
    "bad chunk size": (b"5\r\n<html\r\nxyz\r\n<p>\r\n0\r\n\r\n", "Transfer_Encoding", "chunked"),
    "bad first chunk": (b"xyz\r\n<html\r\n0\r\n\r\n", "Transfer_Encoding", "chunked"),
    "chunk too short": (b"2\r\n<html\r\n0\r\n\r\n", "Transfer_Encoding", "chunked"),
    "gzip wrong": (b"\x1f\x8b\x08\0aaaaaaaaaaaaaaaaaaaaa", "Content_Encoding", "gzip"),
    "deflate wrong": (b"\x78\x9caaaaaaaaaa", "Content_Encoding", "deflate"),
    "br wrong": (b"\xff" * 50, "Content_Encoding", "br"),
    "zstd wrong": (zstandard.FRAME_HEADER + b"\xff" * 50, "Content_Encoding", "zstd"),
}


@pytest.mark.parametrize("name", BROKEN_BODIES)
def test_a_broken_body_costs_its_record(tmp_path, name):
    """A body that breaks inside a coding is a failed row; its neighbours are read."""
    body, header, value = BROKEN_BODIES[name]

    first, bad, last = read(tmp_path, page(1) + record(http(body, **{header: value})) + page(2))

    assert isinstance(first, RawPage)
    assert isinstance(last, RawPage)
    assert isinstance(bad, Failed)
    assert (bad.error_type, bad.origin.record) == ("BrokenBody", 1)


BOMBS = {
    "gzip": gzip.compress(bytes(30_000_000)),
    "deflate": zlib.compress(bytes(30_000_000)),
    "br": brotli.compress(bytes(30_000_000), quality=1),
    "zstd": COMPRESS["zst"](bytes(30_000_000)),
    "": bytes(30_000_000),
}


@pytest.mark.parametrize("coding", BOMBS)
def test_a_bomb_is_turned_away(tmp_path, coding):
    """A body above the limit is rejected, not unpacked; reading goes on behind it."""
    data = record(http(BOMBS[coding], Content_Encoding=coding)) + page(1)

    bomb, after = read(tmp_path, data, max_page_bytes=1_000_000)

    assert isinstance(bomb, Rejected)
    assert bomb.reason == Reason.TOO_LARGE
    assert isinstance(after, RawPage)


NOT_PAGES = {
    "redirect": (http(status="302 Found"), "NOT_A_PAGE:redirect"),
    "missing": (http(status="404 Not Found"), "NOT_A_PAGE:http_error"),
    "server error": (http(status="503"), "NOT_A_PAGE:http_error"),
    "image": (http(b"\x89PNG", content_type="image/png"), "NOT_A_PAGE:media_type"),
    "script": (http(b"x()", content_type="text/javascript"), "NOT_A_PAGE:media_type"),
    "feed": (http(b"<?xml?><rss>", content_type="text/xml"), "NOT_A_PAGE:media_type"),
    "no type": (http(b"plain", content_type=None), "NOT_A_PAGE:media_type"),
}


@pytest.mark.parametrize("name", NOT_PAGES)
def test_what_is_no_page_is_turned_away(tmp_path, name):
    """Other statuses than 2xx and other types than HTML and text are rejected with a reason."""
    block, code = NOT_PAGES[name]

    (found,) = read(tmp_path, record(block))

    assert isinstance(found, Rejected)
    assert (found.step, found.code) == ("read", code)


PAGES = {
    "xhtml": (http(content_type="application/xhtml+xml"), True),
    "no type": (http(content_type=None), True),
    "vague type": (http(b"\xef\xbb\xbf <!-- x -->" + HTML, content_type="text/plain"), True),
    "xml that is html": (http(b"<?xml version='1.0'?>" + HTML, content_type="text/xml"), True),
    "utf-16": (http(HTML.decode().encode("utf-16"), content_type=None), True),
    "text": (http(b"news", content_type="text/plain; charset=big5"), False),
    "partial": (http(status="206 Partial Content"), True),
    "only line feeds": (http().replace(b"\r\n", b"\n"), True),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_told_by_type_and_first_tag(tmp_path, name):
    """HTML is HTML by its type, or by its first tags where the type says little."""
    block, html = PAGES[name]

    (found,) = read(tmp_path, record(block))

    assert isinstance(found, RawPage)
    assert found.html == html


def test_other_records_are_no_pages(tmp_path):
    """Requests, metadata, revisits and the crawler's own log are not counted."""
    others = [
        record(b"GET / HTTP/1.1\r\n\r\n", "request", "application/http; msgtype=request"),
        record(b"software: x", "warcinfo", "application/warc-fields"),
        record(b"via: x", "metadata", "application/warc-fields"),
        record(http(b""), "revisit"),
        record(b"x", "continuation", None),
        record(b"x", "of-my-own", None),
        record(b"log", "resource", "text/plain", WARC_Target_URI="metadata://gnu.org/wget.log"),
    ]

    found = read(tmp_path, page(0) + b"".join(others) + page(1))

    assert [f.origin.record for f in found] == [0, 1]
    assert all(isinstance(f, RawPage) for f in found)


def test_wet_is_text(tmp_path):
    """Conversion records are pages of text, resources pages of their type."""
    text = "全市科技创新大会昨日召开。".encode()
    wet = record(text, "conversion", "text/plain")
    resource = record(HTML, "resource", "text/html; charset=utf-8", WARC_Target_URI="<http://b>")

    first, second = read(tmp_path, gzip.compress(wet) + gzip.compress(resource), "warc.wet.gz")

    assert (first.data, first.html) == (text, False)
    assert (second.data, second.html, second.declared) == (HTML, True, "utf-8")
    assert second.origin.url == "http://b"


def cut(raw):
    return raw[: len(raw) // 2]


BROKEN = {
    "too long": lambda raw: raw.replace(b"Length: ", b"Length: 9"),
    "too short": lambda raw: raw.replace(b"Length: 1", b"Length: "),
    "2 GB": lambda raw: raw.replace(b"Content-Length: ", b"Content-Length: 2147483648"),
    "beyond 64 bits": lambda raw: raw.replace(b"Length: ", b"Length: " + b"9" * 30),
    "negative": lambda raw: raw.replace(b"Length: ", b"Length: -"),
    "no length": lambda raw: raw.replace(b"Content-Length", b"Length"),
    "no blank line": lambda raw: raw.replace(b"\r\n\r\n", b"\r\n", 1),
    "no header": lambda raw: b"WARC/1.0\r\n",
    "payload cut": cut,
    "endless header": lambda raw: raw[:10] + b"X-A: b\r\n" * 50_000 + raw[10:],
    "no first line": lambda raw: raw[10:],
    "no type": lambda raw: raw.replace(b"WARC-Type", b"Type"),
    "no response": lambda raw: raw.replace(b"HTTP/1.1 200", b"HTTP/a.b 200"),
}


@pytest.mark.parametrize("ending", ["", "gz", "zst", "one member"])
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_record_costs_itself(tmp_path, name, ending):
    """Reading goes on at the next record, however the lengths lie."""
    records = [page(1), BROKEN[name](page(2)), page(3), page(4)]
    if ending == "one member":
        data, ending = gzip.compress(b"".join(records)), "gz"
    else:
        data = b"".join(map(COMPRESS[ending], records))

    found = read(tmp_path, data, f"warc.{ending}".rstrip("."))

    assert [type(f) for f in found] == [RawPage, Failed, RawPage, RawPage]
    assert found[1].error_type == "BrokenRecord"
    assert [f.origin.record for f in found] == [0, 1, 2, 3]


def turned(member, at):
    return member[:at] + bytes([member[at] ^ 0xFF]) + member[at:][1:]


MEMBERS = {
    "byte turned": lambda member: turned(member, len(member) // 2),
    "header turned": lambda member: turned(member, 0),
    "checksum wrong": lambda member: turned(member, len(member) - 6),
    "cut": lambda member: member[:-30],
}


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_a_broken_member_costs_its_record(tmp_path, name, ending):
    """Reading goes on at the next compressed member that begins with a record."""
    compress = zstandard.ZstdCompressor(write_checksum=True).compress
    compress = compress if ending == "zst" else gzip.compress
    members = [compress(page(number)) for number in range(5)]
    members[2] = MEMBERS[name](members[2])

    found = read(tmp_path, b"".join(members), f"warc.{ending}")

    assert [type(f) for f in found] == [RawPage, RawPage, Failed, RawPage, RawPage]


@pytest.mark.parametrize("ending", ["", "gz", "zst"])
def test_garbage_between_records_costs_no_page(tmp_path, ending):
    """What lies between records is one failed row."""
    members = [COMPRESS[ending](page(number)) for number in range(3)]

    found = read(tmp_path, (b"\0junk" * 100).join(members), f"warc.{ending}".rstrip("."))

    assert [type(f) for f in found] == [RawPage, Failed, RawPage, Failed, RawPage]


def test_a_cut_file_gives_what_it_has(tmp_path):
    """The record in which the file ends is a failed row."""
    data = b"".join(gzip.compress(page(number)) for number in range(5))

    found = read(tmp_path, data[:-20], "warc.gz")

    assert [type(f) for f in found] == [RawPage] * 4 + [Failed]


@pytest.mark.parametrize("data", [b"", b"\r\n" * 9, b"WARC/1.0", b"\x1f\x8b", b"x" * 200_000])
@pytest.mark.parametrize("ending", COMPRESS)
def test_what_is_no_warc_is_answered(tmp_path, data, ending):
    """Empty files and junk give nothing, or one failed row."""
    found = read(tmp_path, data, f"warc.{ending}".rstrip("."))

    assert [type(f) for f in found] in ([], [Failed])


def test_a_warc_inside_a_page_is_no_record(tmp_path):
    """A right length is believed: records in the payload of a record are not read."""
    inner = gzip.compress(page(8)) + b"\r\n\r\n" + page(9)
    outer = record(http(inner, content_type="application/warc"))

    for ending, compress in COMPRESS.items():
        data = compress(page(1)) + compress(outer) + compress(page(2))
        found = read(tmp_path, data, f"warc.{ending}".rstrip("."), split_bytes=1)
        assert [type(f) for f in found] == [RawPage, Rejected, RawPage]


@pytest.mark.parametrize("content", [b"", zstandard.FRAME_HEADER + b"\xff" * 40])
def test_a_broken_dictionary_is_an_unreadable_input(tmp_path, content):
    """A dictionary that is none is an error of its file."""
    frame = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content
    path = tmp_path / "a.warc.zst"
    path.write_bytes(frame + COMPRESS["zst"](page(1)))
    (file,) = find_inputs([str(path)]).files

    outcomes = list(read_unit(Unit(file, 0, -1, 0), ReadConfig()))

    assert scan(file, ReadConfig()).error or not content
    assert [type(o) for o in outcomes] == [Failed if content else RawPage]


def test_a_dictionary_in_front_is_used(tmp_path):
    """Records compressed with a dictionary, which the first frame of the file brings, are read."""
    dictionary = zstandard.ZstdCompressionDict(HTML * 3)
    made = zstandard.ZstdCompressor(dict_data=dictionary)
    stored = dictionary.as_bytes()
    frame = b"\x5d\x2a\x4d\x18" + len(stored).to_bytes(4, "little") + stored
    data = frame + b"".join(made.compress(page(number)) for number in range(9))

    found = read(tmp_path, data, "warc.zst", split_bytes=1)

    assert [type(f) for f in found] == [RawPage] * 9


HOSTILE = {
    "nested members": b"".join(b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x00" for _ in range(20_000)),
    "line ends": b"\n" * 5_000_000,
    "record lines": b"WARC/1.0\r\nA:" * 2_000,
    "half a record line": b"WARC/1." * 500_000,
    "comments": record(http(b"<!--" * 500_000, content_type=None)),
    "comments that end": record(http(b"<!---->" * 500_000, content_type=None)),
    "chunks": record(http(b"1\r\na\r\n" * 200_000 + b"x", Transfer_Encoding="chunked")),
    "spaces": record(http(b" " * 5_000_000, content_type=None)),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("ending", ["", "gz"])
def test_hostile_files_end(tmp_path, name, ending):
    """Traps for a search that starts again and again are read once."""
    found = read(tmp_path, HOSTILE[name], f"warc.{ending}".rstrip("."))

    assert not any(isinstance(f, RawPage) for f in found)


def test_a_giant_record_is_not_held():
    """Of a record above the limit the beginning is held, and what follows is found."""
    data = record(http(b"a" * 3_000_000)) + page(1)

    giant, after = read_records(io.BytesIO(data), "", 0, 100_000)

    assert len(giant.block) < 100_000 < giant.length
    assert not giant.error
    assert after.offset == len(data) - len(page(1))
