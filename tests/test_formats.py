"""Every input format, from the command line to the articles."""

import gzip
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from pipeline.config import load_config
from pipeline.errors import InputError, UsageError
from pipeline.explain import explain
from pipeline.inputs import find_inputs

CITIES = ("城东", "江北", "海滨", "山南", "河口", "湖畔", "新区", "老城")
NAMES = "a.html b.htm.gz c.jsonl d.parquet e.warc.gz f.warc g.warc.wet h.txt".split()


def paragraphs(city):
    """Return prose that no other city's page repeats."""
    return [
        f"{city}{part}工程昨日完工，{city}居民{number}人参加了{part}的启用活动，"
        f"项目负责人介绍说，{city}{part}今后由{number}名志愿者维护。"
        for number, part in enumerate(("供水", "道路", "校园", "图书馆", "河道", "公园"), len(city))
    ]


def html(city):
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs(city))
    return (
        f"<html><head><meta charset='gbk'><title>{city}新闻</title></head>"
        f"<body><div class='nav'><a href='/'>首页</a> <a href='/b'>体育</a></div>"
        f"<div id='content'>{body}</div><script>var x = 1;</script></body></html>"
    )


def warc_record(kind, content_type, block):
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nContent-Type: {content_type}\r\n"
    address = f"WARC-Target-URI: http://site.example/{len(block)}\r\n"
    return f"{head}{address}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def response(body, status="200 OK"):
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=gbk\r\n\r\n".encode()
    return warc_record("response", "application/http; msgtype=response", head + body)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a page in every format."""
    path = tmp_path_factory.mktemp("formats")
    pages = [html(city) for city in CITIES]
    texts = ["\n".join(paragraphs(city)) for city in CITIES]
    (path / "a.html").write_bytes(pages[0].encode("gb18030"))
    (path / "b.htm.gz").write_bytes(gzip.compress(pages[1].encode("gb18030")))
    (path / "c.jsonl").write_text(json.dumps({"html": pages[2], "text": "x"}) + "\n{}\n")
    columns = {"html": [pages[3].encode("gb18030"), None], "published": ["2024-08-06", None]}
    pq.write_table(pa.table(columns), path / "d.parquet")
    records = [response(pages[4].encode("gb18030")), response(b"gone", "404 Not Found")]
    (path / "e.warc.gz").write_bytes(b"".join(map(gzip.compress, records)))
    (path / "f.warc").write_bytes(response(pages[5].encode("gb18030")) + b"WARC/1.0\r\n")
    (path / "g.warc.wet").write_bytes(warc_record("conversion", "text/plain", texts[6].encode()))
    (path / "h.txt").write_text(texts[7])
    (path / "i.pdf").write_bytes(b"%PDF")
    return path


def rows(output, dataset):
    return ds.dataset(output / dataset, partitioning="hive").to_table().to_pylist()


def test_every_format_becomes_articles(newsclean, folder, tmp_path):
    """A folder of all formats is one run; what is no page leaves by another door."""
    done = newsclean("run", folder, "-o", tmp_path / "out", "--run-id", "r")

    assert done.returncode == 0, done.stderr
    articles = {Path(row["source_uri"]).name: row for row in rows(tmp_path / "out", "articles")}
    for name, city in zip(NAMES, CITIES, strict=True):
        assert articles[name]["text"].split("\n")[-6:] == paragraphs(city), name
        assert "首页" not in articles[name]["text"]
    assert articles["d.parquet"]["published_text"] == "2024-08-06"
    assert articles["e.warc.gz"]["site"] == "site.example"
    (rejected,) = rows(tmp_path / "out", "rejected")
    assert rejected["reason"] == "NOT_A_PAGE:http_error"
    failed = {Path(r["source_uri"]).name: r["record"] for r in rows(tmp_path / "out", "failed")}
    assert failed == {"c.jsonl": 1, "d.parquet": 1, "f.warc": 1}


def explained(path, page=0, input_format=None):
    """Return what `newsclean explain` prints."""
    console = Console(file=io.StringIO(), width=200)
    (file,) = find_inputs([str(path)], input_format).files
    explain(file, page, load_config(), console)
    return console.file.getvalue()


@pytest.mark.parametrize("name", ["a.html", "c.jsonl", "d.parquet", "e.warc.gz", "g.warc.wet"])
def test_explain_reads_every_format(folder, name):
    """`explain` finds the page by its position, in whatever it lies."""
    assert "居民" in explained(folder / name)


def test_explain_finds_what_is_no_page(folder):
    """`--page` is the `record` of a rejected row, too."""
    assert "NOT_A_PAGE:http_error by read: HTTP 404" in explained(folder / "e.warc.gz", 1)
    with pytest.raises(InputError, match="has no page 2"):
        explained(folder / "e.warc.gz", 2)


def test_input_format_overrides_the_ending(folder, tmp_path):
    """`--input-format` reads a file as what it is; without it the known endings are named."""
    path = tmp_path / "page.dat"
    path.write_bytes((folder / "a.html").read_bytes())

    assert "居民" in explained(path, input_format="html")
    with pytest.raises(UsageError, match=r"\.parquet .*txt\|html\|jsonl\|parquet\|warc"):
        find_inputs([str(path)])
