"""The index: what later runs find by it, and that it is never used when it is not right."""

import json
import random
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.dataset as ds
import pytest
from hanzi import prose
from hypothesis import given, settings
from hypothesis import strategies as st
from killing import killed_at
from rich.console import Console

from pipeline import upkeep
from pipeline.commit import Output, sha256_of
from pipeline.config import load_config
from pipeline.earlier import EarlierRuns, open_index
from pipeline.errors import IndexDamagedError, PipelineError, UsageError
from pipeline.references import find_dangling
from pipeline.run import RunRequest, run_pipeline
from transforms.text.duplicates import semijoin
from transforms.text.duplicates.fingerprint import sketch_dtype
from transforms.text.duplicates.rules import DedupeConfig, ExactConfig, Kind
from transforms.text.duplicates.semijoin import (
    MOST_MEETINGS,
    PAIR,
    SEEN,
    Buckets,
    TextHashes,
    most_alike,
)

ROOT = Path(__file__).parent.parent
QUIET = Console(quiet=True)
STEPS = (
    "extract_html repair_mojibake strip_pinyin strip_spam strip_boilerplate rejoin_lines "
    "to_simplified judge_page"
).split()
OFF = [*(f"{step}.enabled=false" for step in STEPS), "output.audit=false"]


def shortened(text, seed=0):
    """Return a near copy."""
    at = random.Random(seed).randrange(len(text) - 8)
    return text[:at] + text[at + 6 :]


def page(text, day=0, title=None, site="a.cn"):
    published = datetime(2024, 8, 6) + timedelta(days=day)
    return {
        "text": text,
        "title": title or f"标题{text[:4]}",
        "url": f"https://{site}/",
        "published": published.isoformat(),
    }


def run(output, run_id, pages, *assignments, replace=False):
    """Clean pages in this process, with all steps but `dedupe` switched off."""
    source = output.parent / f"{run_id}.jsonl"
    lines = [json.dumps(one, ensure_ascii=False) for one in pages]
    source.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    config = load_config(None, [*OFF, *assignments])
    request = RunRequest((str(source),), output, config, run_id, replace)
    return run_pipeline(request, QUIET, QUIET)


def rows(output, dataset, run_id):
    found = ds.dataset(output / dataset, partitioning="hive").to_table().to_pylist()
    return [row for row in found if row["run_id"] == run_id]


def index_bytes(output):
    return {str(p.relative_to(output)): p.read_bytes() for p in sorted(output.glob("index/*/*"))}


A, B, C, D = (prose(name) for name in "ABCD")
NEAR = shortened(A)
MONDAY = [page(A), page(B), page(NEAR, 1, "转载", "b.cn")]
TUESDAY = [page(B, 1, site="c.cn"), page(NEAR, 40, "转载", "d.cn"), page(C, 1)]


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    """An output of two runs."""
    output = tmp_path_factory.mktemp("week") / "out"
    assert run(output, "mon", MONDAY) == 0
    assert run(output, "tue", TUESDAY) == 0
    return output


@pytest.fixture
def output(week, tmp_path):
    """A copy of that output, to be changed."""
    return shutil.copytree(week, tmp_path / "out")


def test_texts_that_earlier_runs_kept_or_dropped_are_known(week):
    """Each names the article that was kept, in its run, and how like it is."""
    articles = {row["text"]: row for row in rows(week, "articles", "mon")}
    assert set(articles) == {A, B}
    (first,) = rows(week, "duplicates", "mon")
    found = {row["duplicate_of"]: row for row in rows(week, "duplicates", "tue")}
    assert found[articles[B]["id"]]["kind"] == "exact"
    again = found[articles[A]["id"]]
    assert again["duplicate_of_run"] == "mon"
    assert (again["kind"], again["similarity"]) == ("near", first["similarity"])
    assert [row["text"] for row in rows(week, "articles", "tue")] == [C]


def test_a_run_publishes_its_index(week):
    """A file of each kind beside each shard of articles, named in the manifest."""
    for run_id in ("mon", "tue"):
        manifest = json.loads((week / f"_runs/{run_id}/manifest.json").read_text())
        files = {f["path"]: f["sha256"] for f in manifest["files"] if f["dataset"] == "index"}
        names = {Path(path).name for path in files}
        assert names == {"seen-00000-of-00001.parquet", "bands-00000-of-00001.parquet"}
        assert all(sha256_of(week / path) == digest for path, digest in files.items())


def test_a_day_fed_twice_has_no_new_article(output):
    assert run(output, "again", MONDAY + TUESDAY) == 0
    assert not rows(output, "articles", "again")
    assert len(rows(output, "duplicates", "again")) == 6
    assert run(output, "third", [*MONDAY, page(D)]) == 0
    assert [row["text"] for row in rows(output, "articles", "third")] == [D]
    assert upkeep.verify(Output(output)) == (8, [])


def test_a_run_repeated_changes_nothing(week):
    before = {path: path.read_bytes() for path in week.rglob("*") if path.is_file()}
    assert run(week, "tue", TUESDAY) == 0
    assert {path: path.read_bytes() for path in week.rglob("*") if path.is_file()} == before


def test_a_late_day_yields_to_what_is_there(output):
    """First committed, first kept: an older copy that arrives later is the duplicate."""
    assert run(output, "sunday", [page(shortened(C), -1, "转载", "x.cn"), page(D, -1)]) == 0
    (late,) = rows(output, "duplicates", "sunday")
    assert (late["duplicate_of_run"], late["kind"]) == ("tue", "near")
    assert [row["text"] for row in rows(output, "articles", "sunday")] == [D]


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("kind", ["seen", "bands"])
def test_a_flipped_byte_is_refused_and_mended(output, kind):
    """The message names the file and the command; the command brings the same bytes back."""
    before = index_bytes(output)
    (path,) = output.glob(f"index/run=mon/{kind}-*")
    flip(path)
    with pytest.raises(IndexDamagedError, match="is damaged") as caught:
        run(output, "wed", [page(D)])
    assert str(path) in str(caught.value)
    assert f"newsclean index rebuild {output}" in str(caught.value)
    assert not (output / "_runs/wed").exists()
    upkeep.rebuild(Output(output), load_config().config.dedupe.near)
    assert index_bytes(output) == before
    assert run(output, "wed", [page(D)]) == 0


def test_other_files_of_the_index_are_checked_too(output):
    """What lies beside, such as counts of site lines, is made by its run alone."""
    (path,) = output.glob("index/run=mon/seen-*")
    beside = path.rename(path.with_name("site_lines.parquet"))
    manifest = output / "_runs/mon/manifest.json"
    manifest.write_text(manifest.read_text().replace(path.name, beside.name))
    flip(beside)
    for assignments in ((), ("dedupe.enabled=false",)):
        with pytest.raises(IndexDamagedError, match="goes on without it"):
            run(output, "wed", [page(D)], *assignments)
    near = load_config().config.dedupe.near
    for _ in range(2):
        upkeep.rebuild(Output(output), near)
        assert upkeep.verify(Output(output)) == (4, [])
    assert run(output, "wed", [page(D)]) == 0


def test_the_commands(newsclean, output):
    """Exit 70 for a damaged index, 0 when it is mended, 2 where there are no runs."""
    (path,) = output.glob("index/run=mon/seen-*")
    flip(path)
    (output.parent / "page.txt").write_text(D)
    refused = newsclean("run", output.parent / "page.txt", "-o", output)
    assert (refused.returncode, str(path) in refused.stderr) == (70, True)
    verdict = newsclean("index", "verify", output)
    assert (verdict.returncode, "is damaged" in verdict.stderr) == (70, True)
    assert newsclean("index", "rebuild", output).returncode == 0
    assert "agrees with the articles" in newsclean("index", "verify", output).stdout
    assert "4 files of the index are now 2" in newsclean("index", "compact", output).stdout
    expired = newsclean("index", "expire", output, "--days", "30")
    assert "dropped 3 signatures" in expired.stdout
    assert newsclean("index", "verify", ROOT / "seeds").returncode == 2


def test_an_index_that_is_not_of_the_articles_is_told(output):
    """Files that are whole, and named with their right hashes, but hold something else."""
    manifest_path = output / "_runs/tue/manifest.json"
    manifest = json.loads(manifest_path.read_text())
    for file in manifest["files"]:
        if file["dataset"] == "index":
            other = Path(str(output / file["path"]).replace("run=tue", "run=mon"))
            shutil.copy(other, output / file["path"])
            file["sha256"] = sha256_of(other)
    manifest_path.write_text(json.dumps(manifest))
    files, problems = upkeep.verify(Output(output))
    assert files == 4
    assert problems == [
        f"the {kind} of run {run_id} are not those of its articles"
        for kind in ("sketches", "texts")
        for run_id in ("mon", "tue")
    ]


def without_index(output):
    """Make the output look like one of a version that published no index."""
    shutil.rmtree(output / "index")
    for path in output.glob("_runs/*/manifest.json"):
        manifest = json.loads(path.read_text())
        manifest["files"] = [f for f in manifest["files"] if f["dataset"] != "index"]
        path.write_text(json.dumps(manifest))


def test_output_without_an_index_gets_one(output):
    without_index(output)
    with pytest.raises(IndexDamagedError, match="run mon has no index"):
        run(output, "wed", [page(D)])
    upkeep.rebuild(Output(output), load_config().config.dedupe.near)
    assert upkeep.verify(Output(output)) == (4, [])
    assert run(output, "wed", [*MONDAY, page(D)]) == 0
    assert [row["text"] for row in rows(output, "articles", "wed")] == [D]
    upkeep.compact(Output(output))
    assert run(output, "thu", [*MONDAY, page(D)]) == 0
    assert not rows(output, "articles", "thu")


def test_another_shape_of_signatures_needs_a_rebuild(output):
    shape = ["dedupe.near.bands=20", "dedupe.near.rows=6"]
    with pytest.raises(UsageError, match="index rebuild"):
        run(output, "wed", [page(D)], *shape)
    near = load_config(None, shape).config.dedupe.near
    upkeep.rebuild(Output(output), near)
    assert run(output, "wed", [page(shortened(C), 1, "转载", "x.cn")], *shape) == 0
    assert rows(output, "duplicates", "wed")[0]["kind"] == "near"


def test_an_index_of_another_version_needs_a_rebuild(output, monkeypatch):
    """It is never read with the wrong columns, and the message names the command."""
    monkeypatch.setattr("pipeline.index._LAYOUT", "v3")
    for work in (upkeep.verify, upkeep.compact, lambda _: run(output, "wed", [page(D)])):
        with pytest.raises(UsageError, match=r"layout v2, this one reads v3.*index rebuild"):
            work(Output(output))
    upkeep.rebuild(Output(output), load_config().config.dedupe.near)
    assert upkeep.verify(Output(output)) == (4, [])
    assert run(output, "wed", [page(D)]) == 0


def test_the_index_opens_as_a_directory(week):
    """No column has the name of the path key."""
    table = ds.dataset(week / "index", partitioning="hive").to_table()
    assert set(table["run"].to_pylist()) == {"mon", "tue"}
    assert len(pd.read_parquet(week / "index")) == len(table)


def published(output, run_id):
    return {str(p.relative_to(output)): p.read_bytes() for p in output.glob(f"*/run={run_id}/*")}


def test_compacting_changes_no_answer(output, tmp_path):
    """The same bytes come out, and a second time there is nothing to do."""
    other = shutil.copytree(output, tmp_path / "other")
    wednesday = [page(A, 2), page(shortened(C), 3, "转载", "x.cn"), page(NEAR, 9), page(D)]
    assert run(output, "wed", wednesday) == 0
    assert upkeep.compact(Output(other)) == (4, 2)
    assert upkeep.compact(Output(other)) == (2, 2)
    assert upkeep.verify(Output(other)) == (2, [])
    assert run(other, "wed", wednesday) == 0
    assert published(other, "wed") == published(output, "wed")


def test_expired_signatures_are_gone_and_texts_are_not(output):
    assert upkeep.expire(Output(output), date(2024, 8, 6)) == (3, 1)
    assert upkeep.verify(Output(output)) == (4, [])
    assert upkeep.expire(Output(output), date(2024, 8, 6)) == (1, 1)
    late = [
        page(shortened(B), 1, "转载", "x.cn"),
        page(NEAR, 0, "转载"),
        page(shortened(C), 1, "转载", "x.cn"),
    ]
    assert run(output, "wed", late) == 0
    assert [row["text"] for row in rows(output, "articles", "wed")] == [late[0]["text"]]


def test_a_replaced_run_is_forgotten(output):
    """What was found through its articles counts no more, in compacted files either."""
    upkeep.compact(Output(output))
    assert run(output, "tue", [page(C, 1)], replace=True) == 0
    assert run(output, "mon", [page(D)], replace=True) == 0
    assert upkeep.verify(Output(output)) == (6, [])
    assert run(output, "wed", [page(A), page(NEAR, 1), page(D, 2), page(C, 2)]) == 0
    assert {row["text"] for row in rows(output, "articles", "wed")} == {A}
    found = rows(output, "duplicates", "wed")
    assert sorted(row["duplicate_of_run"] for row in found) == ["mon", "tue", "wed"]
    assert len(rows(output, "articles", "mon")) == 1


def test_a_run_whose_articles_are_named_is_not_replaced_without_them(tmp_path):
    """Nothing changes, and the message names the runs and the way out, which works."""
    output = tmp_path / "out"
    run(output, "mon", MONDAY)
    run(output, "tue", TUESDAY)
    before = published(output, "mon") | published(output, "tue")
    with pytest.raises(UsageError, match=r"later runs name: tue \(2\)\. Nothing was published"):
        run(output, "mon", [page(D)], replace=True)
    assert published(output, "mon") | published(output, "tue") == before
    assert run(output, "mon", [*MONDAY, page(D)], replace=True) == 0
    assert find_dangling(Output(output)) == {}

    assert run(output, "tue", [], replace=True) == 0
    assert run(output, "mon", [page(D)], replace=True) == 0
    assert run(output, "tue", TUESDAY, replace=True) == 0
    assert {row["text"] for row in rows(output, "articles", "tue")} == {B, NEAR, C}
    assert find_dangling(Output(output)) == {}


def test_duplicates_that_name_no_article_are_told(newsclean, output):
    """`index verify` finds what an older version has left: the run was replaced by another one."""
    run(output.parent / "other", "mon", [page(D)])
    (theirs,) = output.parent.glob("other/articles/run=mon/*")
    (ours,) = output.glob("articles/run=mon/*")
    shutil.copy(theirs, ours)
    manifest = output / "_runs/mon/manifest.json"
    text = manifest.read_text()
    (digest,) = [f["sha256"] for f in json.loads(text)["files"] if f["dataset"] == "articles"]
    manifest.write_text(text.replace(digest, sha256_of(ours)))
    upkeep.rebuild(Output(output), load_config().config.dedupe.near)

    verdict = newsclean("index", "verify", output)

    assert verdict.returncode == 70
    told = "run tue: 2 duplicates name articles of run mon that are not there"
    assert told in verdict.stderr
    assert find_dangling(Output(output)) == {"mon": {"mon": 1, "tue": 2}}


def compact(root):
    with Output(root).locked():
        upkeep.compact(Output(root))


def rebuild(root):
    with Output(root).locked():
        upkeep.rebuild(Output(root), load_config().config.dedupe.near)


@pytest.mark.parametrize(("before", "work"), [((), compact), ((compact,), rebuild)])
def test_killed_while_the_index_is_revised(output, tmp_path, before, work):
    """At every point the index is whole after the next start, the old one or the new one."""
    for step in before:
        step(output)
    for point in range(1, 1000):
        root = shutil.copytree(output, tmp_path / f"kill{point}")
        died = killed_at(lambda root=root: work(root), point)
        with Output(root).locked():
            assert open_index(Output(root), "", DedupeConfig()) is not None
            named = {file["path"] for file in Output(root).index_files()}
        assert named == set(index_bytes(root))
        assert len(named) in (2, 4)
        shutil.rmtree(root)
        if not died:
            break
    assert 10 < point < 999


def sketches_of(count, **fields):
    found = np.zeros(count, dtype=sketch_dtype(32))
    found["page"]["key"] = np.arange(count) * 2
    found["page"]["n_shingles"] = 100
    for name, values in fields.items():
        (found["page"] if name in found["page"].dtype.names else found)[name] = values
    return found


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_buckets_meet_what_shares_a_key(seed, pages):
    dice = np.random.default_rng(seed)
    keys = dice.integers(1, 60, (pages, 32)).astype(np.uint64) << np.uint64(55)
    new = sketches_of(pages, bands=keys)
    old = dice.integers(1, 60, (25, 32)).astype(np.uint64) << np.uint64(55)
    found = set()
    for at, page_at in Buckets(new, "bands", 50).meet(old):
        found |= set(zip(at.tolist(), page_at.tolist(), strict=True))
    both = {(a, b) for a in range(25) for b in range(pages) if np.isin(old[a], keys[b]).any()}
    assert found == both
    assert not list(Buckets(new, "bands", 101).meet(old))


def seen(*texts):
    """Return rows of `SEEN`: (hash, day, kind)."""
    found = np.zeros(len(texts), dtype=SEEN)
    for row, (text_hash, day, kind) in zip(found, texts, strict=True):
        row["text_hash"], row["published"], row["kind"] = (text_hash, text_hash), day * 86_400, kind
        row["id"], row["run"] = (day, kind), 1
    return found


@pytest.mark.parametrize(
    ("known", "day", "found"),
    [
        ([(5, 0, Kind.EXACT)], 30, 0),
        ([(5, 0, Kind.EXACT)], 31, None),
        ([(5, 0, Kind.EXACT), (5, 40, Kind.EXACT)], 50, 40),
        ([(5, 0, Kind.EXACT), (5, 10, Kind.EXACT)], 20, 0),
        ([(5, 0, Kind.NEAR), (5, 20, Kind.NEAR)], 40, None),
        ([(5, 0, Kind.NEAR), (5, 31, Kind.NEAR)], 40, 31),
        ([(6, 0, Kind.EXACT)], 0, None),
    ],
)
def test_a_window_of_exact_copies(known, day, found):
    """As in one run: a copy that was dropped does not carry the window on."""
    config = DedupeConfig(exact=ExactConfig(window_days=30))
    new = sketches_of(1, text_hash=[(5, 5)], published=day * 86_400)
    edges = TextHashes(new, config).copies(seen(*known[::-1]))
    assert (edges["better"]["published"] // 86_400).tolist() == ([] if found is None else [found])


def test_a_page_like_many_is_compared_with_those_most_like_it(monkeypatch):
    count = MOST_MEETINGS + 10
    pairs = np.zeros(2 * count, dtype=PAIR)
    pairs["better"]["key"] = np.tile(np.arange(count), 2)
    estimates = pairs["better"]["key"] / 1000
    some, left_out = most_alike([(pairs, estimates)])
    assert left_out == 10
    assert some["better"]["key"].min() == 10
    assert len(some) == MOST_MEETINGS
    monkeypatch.setattr(semijoin, "_HELD_PAIRS", 5)
    pieces = [(pairs[at : at + 9], estimates[at : at + 9]) for at in range(0, len(pairs), 9)]
    assert most_alike(pieces)[0].tobytes() == some.tobytes()


def test_row_groups_out_of_the_window_are_not_read(week, monkeypatch):
    earlier = open_index(Output(week), "", DedupeConfig())
    met = []
    monkeypatch.setattr(EarlierRuns, "_meet", lambda *args: met.append(args) or iter(()))
    for day, groups in ((0, 4), (25, 4), (30.5, 2), (40, 0), (-31, 0)):
        met.clear()
        at = datetime(2024, 8, 5, 16) + timedelta(days=day)
        new = sketches_of(1, published=int((at - datetime(1970, 1, 1)).total_seconds()))
        assert len(earlier(new).others) == 1
        assert len(met) == groups, day


def test_articles_that_are_damaged_make_no_index(output):
    (path,) = output.glob("articles/run=mon/*")
    flip(path)
    with pytest.raises(PipelineError, match="run mon again with --replace"):
        upkeep.rebuild(Output(output), load_config().config.dedupe.near)
