"""How decisions come to the rows of a shard."""

from datetime import date

import pyarrow as pa

from pipeline.datasets import DATASETS, article_row
from pipeline.stage import RunContext
from pipeline.write import split_duplicates
from transforms.text.duplicates.rules import Duplicate, Ref
from transforms.text.records import Flag, Origin, Page

DAY = date(2024, 8, 6)
NOWHERE = Ref(0, 0)


def test_dropped_kept_and_contained_pages(tmp_path):
    names = [f"{n:032x}" for n in range(3)]
    flags = [(), (), (Flag.SHORT,)]
    pages = [
        Page(Origin(name, "a.txt", 0), "文", flags=raised)
        for name, raised in zip(names, flags, strict=True)
    ]
    rows = [article_row(page, DAY, "r1") | {"text_hash": "0" * 32} for page in pages]
    table = pa.Table.from_pylist(rows, DATASETS["articles"].staged)
    decisions = [
        ("dropped", Duplicate(names[1], names[0], "near", 0.9, NOWHERE, NOWHERE, False)),
        ("kept", names[0]),
        ("contained", Duplicate(names[2], names[0], "part", 1.0, NOWHERE, NOWHERE, False)),
    ]
    found = split_duplicates(table, decisions, RunContext("r1", DAY, str(tmp_path), 8, False))
    articles = found["articles"].select(["id", "flags", "n_duplicates"]).to_pylist()
    assert articles == [
        {"id": names[0], "flags": [], "n_duplicates": 1},
        {"id": names[2], "flags": ["short", "contained"], "n_duplicates": 0},
    ]
    (gone,) = found["duplicates"].to_pylist()
    assert (gone["duplicate_of"], gone["kind"], gone["duplicate_of_run"]) == (
        names[0],
        "near",
        "r1",
    )
