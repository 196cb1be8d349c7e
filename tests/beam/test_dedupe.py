"""`FindDuplicates` and `Dedupe` on Beam: the same answer as the rules applied to all pairs."""

import hashlib
import os
import pickle
import random
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from hanzi import changed, prose

from pipeline.spill import Spill
from transforms.config import default_config
from transforms.dedupe import Dedupe, FindDuplicates, sketch_cleaned
from transforms.dedupe_stages import Shuffled
from transforms.text.duplicates.fingerprint import overlap, shingle_sets
from transforms.text.duplicates.rules import (
    ContainedConfig,
    DedupeConfig,
    ExactConfig,
    NearConfig,
)
from transforms.text.records import Flag, Metadata, Origin, Page, RawPage
from transforms.text.script.to_simplified import simplified_characters
from transforms.text.steps import clean_page

DAY = datetime(2024, 8, 6, tzinfo=UTC)
UNDATED = date(2024, 8, 6)
CONFIG = DedupeConfig()


def page(name, text, days=0.0, title="标题", site=None):
    published = None if days is None else DAY + timedelta(days=days)
    return Page(
        Origin(hashlib.md5(name.encode()).hexdigest(), f"{name}.txt", 0),
        text,
        meta=Metadata(title=title, published=published, site=site or f"{name}.cn"),
    )


def crawl(seed=3):
    """Return stories with exact, near, far and retitled copies on several sites."""
    chooser = random.Random(seed)
    pages = []
    for n in range(40):
        text = prose(f"{seed}-{n}", chooser.randrange(20, 900))
        for copy in range(chooser.choice([1, 1, 2, 3, 5])):
            share = chooser.choice([0, 0, 0.01, 0.02, 0.04, 0.1])
            pages.append(
                page(
                    f"{n}-{copy}",
                    changed(text, share, copy),
                    days=chooser.choice([0, 0.5, 2, 29, 40]),
                    title=chooser.choice([f"标题{n}", f"标题{n}", "转载"]),
                    site=chooser.choice(["a.cn", "b.cn", "c.cn"]),
                )
            )
    return pages


def blocks_of(pages, size=7, committed=False, config=CONFIG):
    for start in range(0, len(pages), size):
        some = pages[start : start + size]
        sketches = sketch_cleaned(some, UNDATED, config)
        sketches["page"]["key"] |= np.uint64(committed)
        sketches["page"]["unit"] = 1 + start // size + 1_000_000 * committed
        sketches["page"]["row"] = range(len(some))
        yield sketches.tobytes()


def fetch(texts, places):
    assert list(places) == sorted(set(places))
    return [texts[place] for place in places]


def texts_of(pages, size=7, committed=False):
    return {
        (1 + at // size + 1_000_000 * committed, at % size): p.text for at, p in enumerate(pages)
    }


def save(values, path):
    path.write_bytes(pickle.dumps(values))


def find(pages, tmp_path, config=CONFIG, size=7, committed=(), store=None, **options):
    """Run `FindDuplicates` and return what it found, sorted."""
    blocks = [*blocks_of(pages, size, config=config), *blocks_of(committed, size, committed=True)]
    texts = texts_of(pages, size) | texts_of(committed, size, committed=True)
    path = tmp_path / "found"
    with beam.Pipeline(FnApiRunner(), PipelineOptions(flags=[], **options)) as pipeline:
        (
            pipeline
            | beam.Create(blocks)
            | "dedupe" >> FindDuplicates(config, partial(fetch, texts), store=store or Shuffled())
            | beam.Flatten()
            | beam.combiners.ToList()
            | beam.Map(save, path)
        )
    return sorted(pickle.loads(path.read_bytes()))


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What is found in `crawl()`."""
    return find(crawl(), tmp_path_factory.mktemp("crawl"))


def verdicts(found):
    return {d.id: (d.duplicate_of, d.kind, round(d.similarity, 9)) for d in found}


def similarity(a, b):
    first, second = shingle_sets([a, b])
    shared = overlap(first, second)
    return shared / (len(first) + len(second) - shared), min(len(first), len(second))


def needed(a, b, shingles):
    """The rule of near-duplicates, in plain Python."""
    if abs(a.meta.published - b.meta.published) > timedelta(days=30) or shingles < 50:
        return 2
    if a.meta.site == b.meta.site and a.meta.title != b.meta.title:
        return 0.97
    return 0.85 if shingles < 200 else 0.70


def expected(pages):
    """Compare all pages with all: the answer to be found, in plain Python."""
    ranked = sorted(pages, key=lambda p: (p.meta.published, -len(p.text), p.origin.id))
    first: dict = {}
    found = {}
    kept = []
    for p in ranked:
        winner = first.setdefault((p.meta.title, p.text), p)
        if winner is not p:
            found[p.origin.id] = (winner.origin.id, "exact", 1.0)
            continue
        likes = [(*similarity(p.text, k.text), k) for k in kept]
        likes = [(-j, at, k) for at, (j, size, k) in enumerate(likes) if j >= needed(p, k, size)]
        if likes:
            best = min(likes)
            found[p.origin.id] = (best[2].origin.id, "near", round(-best[0], 9))
        else:
            kept.append(p)
    return {name: found.get(of, (of, kind, j)) for name, (of, kind, j) in found.items()}


def test_it_finds_what_comparing_all_pages_finds(found):
    gone = verdicts(found)
    assert gone == expected(crawl())
    assert {kind for _, kind, _ in gone.values()} == {"exact", "near"}
    assert not {of for of, _, _ in gone.values()} & set(gone)


def test_it_finds_the_same_by_way_of_files(found, tmp_path):
    assert find(crawl(), tmp_path, store=Spill(str(tmp_path / "spill"))) == found


def test_places_lead_to_the_pages(found):
    pages = crawl()
    names = {page_.origin.id: place for page_, place in zip(pages, texts_of(pages), strict=True)}
    assert [d.ref for d in found] == [names[d.id] for d in found]
    assert [d.of_ref for d in found] == [names[d.duplicate_of] for d in found]


@pytest.mark.parametrize("size", [1, 50])
def test_order_and_blocks_do_not_matter(size, found, tmp_path):
    pages = crawl()
    shuffled = random.Random(size).sample(pages, len(pages))
    assert verdicts(find(shuffled, tmp_path, size=size)) == verdicts(found)


def test_workers_do_not_matter(found, tmp_path, monkeypatch):
    beam_tests, tests, root = [*Path(__file__).parents][:3]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, (beam_tests, tests, root))))
    two = {"direct_running_mode": "multi_processing", "direct_num_workers": 2}
    assert find(crawl(), tmp_path, **two) == found


def test_committed_pages_are_kept_and_win(tmp_path):
    text = prose("story", 500)
    old = [page("old", text, days=9), page("old-other", prose("other", 400), days=9)]
    new = [
        page("early", changed(text, 0.01), title="转载"),
        page("copy", text, days=300, site="x.cn"),
        page("chain", changed(text, 0.01, 7), days=301, title="转载"),
    ]
    found = find(new, tmp_path, committed=old)
    assert verdicts(found) == {
        new[0].origin.id: (old[0].origin.id, "near", pytest.approx(0.9, abs=0.04)),
        new[1].origin.id: (old[0].origin.id, "exact", 1.0),
    }
    assert all(d.of_committed and d.of_ref == (1_000_001, 0) for d in found)


def test_a_committed_page_read_again_is_its_own_duplicate(tmp_path):
    pages = [page("a", prose("a", 300)), page("b", "短文")]
    found = verdicts(find(pages, tmp_path, committed=pages))
    assert found == {p.origin.id: (p.origin.id, "exact", 1.0) for p in pages}


def test_an_exact_copy_of_an_old_page_leads_nobody(tmp_path):
    """Else `near` would be dropped for `copy`, and so for a page out of its window."""
    text = prose("story", 500)
    old = page("old", text)
    new = [page("copy", text, days=120), page("near", changed(text, 0.01), days=121)]
    assert set(verdicts(find(new, tmp_path, committed=[old]))) == {new[0].origin.id}
    assert set(verdicts(find([old, *new], tmp_path))) == {new[0].origin.id}


def test_a_copy_follows_its_winner(tmp_path):
    text = prose("story", 500)
    near = changed(text, 0.02)
    first = page("first", text)
    pages = [first, page("near", near, days=1), page("copy", near, days=2)]
    found = verdicts(find(pages, tmp_path))
    assert {of for of, _, _ in found.values()} == {first.origin.id}
    assert {kind for _, kind, _ in found.values()} == {"near"}


def test_a_story_on_2000_sites(tmp_path):
    text = prose("story", 300)
    pages = [page("first", text)]
    pages += [page(f"n{n}", changed(text, 0.01, n), days=n / 1_000) for n in range(1, 2_000)]
    found = find(pages, tmp_path, size=500)
    assert len(found) > 1_980
    assert not {d.duplicate_of for d in found} & {d.id for d in found}


def test_pages_without_a_date_count_as_of_the_day_given(tmp_path):
    text = prose("story", 500)
    pages = [page("dated", text, days=1, title="转载"), page("undated", text, days=None)]
    assert [d.id for d in find(pages, tmp_path)] == [pages[0].origin.id]


@pytest.mark.parametrize(
    ("config", "kinds"),
    [
        (CONFIG, ["exact", "near", "part"]),
        (DedupeConfig(enabled=False), []),
        (DedupeConfig(exact=ExactConfig(enabled=False)), ["near", "near", "part"]),
        (DedupeConfig(near=NearConfig(enabled=False)), ["exact", "part"]),
        (DedupeConfig(contained=ContainedConfig(enabled=False)), ["exact", "near"]),
        (DedupeConfig(contained=ContainedConfig(drop=True)), ["contained", "exact", "near"]),
    ],
    ids=["default", "off", "no exact", "no near", "no parts", "parts go"],
)
def test_what_is_switched_on_is_found(config, kinds, tmp_path):
    text = prose("story", 600)
    pages = [
        page("a", text),
        page("b", text, days=1),
        page("c", changed(text, 0.01), days=1, title="转载"),
        page("d", text[:330], days=1, title="摘要"),
    ]
    assert sorted(d.kind for d in find(pages, tmp_path, config)) == kinds


def test_no_pages_no_duplicates(tmp_path):
    assert find([], tmp_path) == []


def clean(text, name):
    raw = RawPage(
        Origin(hashlib.md5(name.encode()).hexdigest(), name, 0, url=f"https://{name}/a.html"),
        text.encode(),
    )
    return clean_page(raw, default_config())


def test_a_converted_and_a_reframed_copy_of_a_seed_are_found(tmp_path):
    path = next((Path(__file__).parents[2] / "seeds").glob("002_*"))
    seed = path.read_text(encoding="utf-8", errors="ignore")
    pages = [
        clean(seed, "first.cn"),
        clean(seed.translate(simplified_characters()), "converted.cn"),
        clean(
            f"本站首页 > 财经频道\n{seed}\n喜欢本文的读者还在看\n下一篇：明日天气", "reframed.cn"
        ),
    ]
    found = find(pages, tmp_path)
    assert len(found) == 2
    assert len({d.duplicate_of for d in found}) == 1


def test_dedupe_alone_in_a_pipeline(tmp_path, caplog):
    whole = [*crawl(), page("whole", prose("whole", 800))]
    part = page("part", whole[-1].text[:400], title="摘要")
    pages = [*whole, part]
    with beam.Pipeline(FnApiRunner(), PipelineOptions(flags=[])) as pipeline:
        out = pipeline | beam.Create(pages) | Dedupe(undated=UNDATED)
        kept, found = tmp_path / "kept", tmp_path / "found"
        _ = out.pages | "kept" >> beam.combiners.ToList() | "save kept" >> beam.Map(save, kept)
        _ = out.duplicates | "found" >> beam.combiners.ToList() | beam.Map(save, found)
    gone = verdicts(pickle.loads(found.read_bytes()))
    assert gone == expected(whole)
    assert not [r for r in caplog.records if r.levelname in ("WARNING", "ERROR")]
    left = {p.origin.id: p for p in pickle.loads(kept.read_bytes())}
    flagged = left.pop(part.origin.id)
    assert flagged == part.revised(flags=[Flag.CONTAINED])
    assert left == {p.origin.id: p for p in whole if p.origin.id not in gone}
