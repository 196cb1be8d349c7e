"""Pages that come day by day end as in one run."""

import hashlib
import random
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hanzi import HANZI

from pipeline.earlier import EarlierRuns
from pipeline.index import bands_table, open_writer, seen_table
from transforms.text.duplicates.candidates import (
    BUCKET_ENTRY,
    bucket_keys,
    candidates,
    distinct_pairs,
    meetings,
    members,
    without_copies,
)
from transforms.text.duplicates.fingerprint import FACTS, page_keys, sketch_pages
from transforms.text.duplicates.leader import decide, resolve
from transforms.text.duplicates.rules import (
    ContainedConfig,
    DedupeConfig,
    ExactConfig,
    Kind,
    refs,
    verify,
)
from transforms.text.duplicates.semijoin import RUN_SHIFT, SEEN

STAGED = np.uint64(1 << 63)
CONFIGS = (
    DedupeConfig(),
    DedupeConfig(exact=ExactConfig(window_days=20)),
    DedupeConfig(contained=ContainedConfig(drop=True)),
)


def test_the_whole_pipeline_day_by_day(monkeypatch):
    """In order, late and twice; and what is dropped names an article that is there."""
    benchmarks = str(Path(__file__).parent.parent / "benchmarks")
    monkeypatch.setattr(sys, "path", [benchmarks, *sys.path])
    from incremental import try_splits

    found = try_splits(splits=1, count=80, seed=7, most_days=3)
    assert found["dropped"] > 10
    assert not any(found[name] for name in ("in order", "late", "twice", "dangling"))


def crawl(dice):
    """Return (text, title, site, day) of some stories and changed copies, by time."""
    stories = ["".join(dice.choices(HANZI, k=dice.randrange(60, 400))) for _ in range(6)]
    drawn = []
    for number in range(30):
        text = dice.choice(stories)
        for _ in range(int(len(text) * dice.choice((0, 0, 0.01, 0.03, 0.05)))):
            at = dice.randrange(len(text))
            text = text[:at] + dice.choice(HANZI) + text[at + 1 :]
        text = text[: int(len(text) * dice.choice((1, 1, 1, 0.7)))]
        title, site = dice.choice(("标题", "标题", "转载")), dice.choice(("a.cn", "b.cn"))
        drawn.append((text, title, site, dice.choice((0, 10, 15, 25, 35, 60)) + number / 100))
    return sorted(drawn, key=lambda page: page[3])


def sketches_of(pages):
    texts, titles, sites, days = zip(*pages, strict=True)
    found = sketch_pages(
        [hashlib.md5(repr(page).encode()).hexdigest() for page in pages],
        titles,
        texts,
        [datetime(2024, 8, 6, tzinfo=UTC) + timedelta(days=day) for day in days],
        sites,
        undated=date(2024, 8, 6),
        bands=32,
        rows=4,
    )
    found["page"]["unit"] = np.arange(len(pages), dtype=np.uint64) + STAGED
    return found


def dropped(sketches, texts, config, earlier=None):
    """Return an edge for each page that is dropped, as a run finds them."""
    met = earlier(sketches) if earlier else None
    others = met.others if met else sketches
    keys, names = bucket_keys(others, config)
    entries = np.zeros(len(keys), dtype=BUCKET_ENTRY)
    entries["bucket"], entries["alias"] = keys >> np.uint64(32), names
    facts = others[list(FACTS.names)].astype(FACTS)
    found = candidates(members(meetings(entries), facts), config)
    copies, pairs = found.copies, found.pairs
    if met:
        copies, pairs = np.concatenate([copies, met.copies]), np.concatenate([pairs, met.pairs])
    pairs = distinct_pairs(without_copies(pairs, copies["worse"]["key"]))
    read = {ref: texts[ref] for side in ("better", "worse") for ref in refs(pairs[side])}
    edges = verify(pairs, read, config)
    decisions = decide(edges[edges["kind"] != Kind.PART])
    return np.concatenate([decisions, resolve(copies, decisions)])


class Output:
    """Days in an index of files, as runs leave it, without the articles."""

    def __init__(self, directory, config):
        self.directory, self.config = directory, config
        self.texts = {}
        self.kept = set()
        self.days = 0

    def add(self, pages):
        """Run a day, and write its index."""
        sketches = sketches_of(pages)
        texts = {ref: page[0] for ref, page in zip(refs(sketches["page"]), pages, strict=True)}
        edges = dropped(sketches, self.texts | texts, self.config, self.earlier())
        stay = ~np.isin(sketches["page"]["key"], edges["worse"]["key"])
        self.days += 1
        self.write(sketches, stay, edges, pages)

    def earlier(self):
        files = {
            kind: tuple(str(self.directory / f"{kind}-{day}") for day in range(1, self.days + 1))
            for kind in ("seen", "bands")
        }
        return EarlierRuns(**files, sequences=tuple(range(1, self.days + 1)), config=self.config)

    def write(self, sketches, stay, edges, pages):
        kept = sketches[stay]
        kept["page"]["unit"] = self.days << RUN_SHIFT
        kept["page"]["row"] = np.arange(len(kept))
        kept["page"]["key"] = page_keys(kept["page"]["id"], committed=True)
        some = [page for page, here in zip(pages, stay, strict=True) if here]
        self.kept |= set(some)
        places = refs(kept["page"])
        self.texts |= {ref: page[0] for ref, page in zip(places, some, strict=True)}
        for kind, table in (
            ("seen", seen_table(self.seen(kept, sketches, edges))),
            ("bands", bands_table(kept)),
        ):
            with open_writer(self.directory / f"{kind}-{self.days}", kind, table.schema) as writer:
                if table.num_rows:
                    writer.write_table(table)

    def seen(self, kept, sketches, edges):
        rows = np.zeros(len(kept) + len(edges), dtype=SEEN)
        own, gone = rows[: len(kept)], rows[len(kept) :]
        own["text_hash"], own["id"], own["run"] = kept["text_hash"], kept["page"]["id"], self.days
        own["published"], own["similarity"] = kept["page"]["published"], 1.0
        order = np.argsort(sketches["page"]["key"])
        at = order[np.searchsorted(sketches["page"]["key"][order], edges["worse"]["key"])]
        gone["text_hash"], gone["id"] = sketches["text_hash"][at], edges["better"]["id"]
        gone["published"], gone["kind"] = sketches["page"]["published"][at], edges["kind"]
        unit = edges["better"]["unit"]
        gone["run"] = np.where(unit >= STAGED, self.days, unit >> np.uint64(RUN_SHIFT))
        return np.concatenate([own, gone[gone["kind"] != Kind.EXACT]])


@pytest.mark.parametrize(
    ("config", "splits"),
    zip(CONFIGS, (50, 15, 15), strict=True),
    ids=["default", "window", "contained"],
)
def test_random_splits(config, splits, tmp_path):
    """The same pages stay, whatever the days are cut into."""
    dice = random.Random(4)
    gone = 0
    for split in range(splits):
        pages = crawl(dice)
        sketches = sketches_of(pages)
        texts = {ref: page[0] for ref, page in zip(refs(sketches["page"]), pages, strict=True)}
        edges = dropped(sketches, texts, config)
        keys = set(edges["worse"]["key"].tolist())
        at_once = {
            p
            for p, key in zip(pages, sketches["page"]["key"].tolist(), strict=True)
            if key not in keys
        }
        (tmp_path / str(split)).mkdir()
        output = Output(tmp_path / str(split), config)
        cuts = sorted(dice.sample(range(1, len(pages)), dice.randrange(1, 6)))
        for start, stop in zip([0, *cuts], [*cuts, len(pages)], strict=True):
            output.add(pages[start:stop])
        assert output.kept == at_once
        output.add(pages)
        assert output.kept == at_once
        gone += len(keys)
    assert gone > 8 * splits
