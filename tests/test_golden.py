"""The five seeds: what they come out as, whole, and that it is what they must become."""

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from transforms.config import default_config
from transforms.text.records import Origin, Page, RawPage
from transforms.text.steps import clean_page

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
GOLDEN = Path(__file__).parent / "golden"
FIELDS = ("title", "source", "authors", "editors", "captions", "site", "section")
STEPS = ("repair_mojibake", "strip_pinyin", "strip_spam", "strip_boilerplate", "to_simplified")

GOLD_FIELDS = ("title", "source", "authors", "editors", "site", "section")
NEUTRAL_LABELS = {"title", "caption", "byline", "credit", "optional"}


def clean(seed):
    page = clean_page(RawPage(Origin("0" * 32, seed.name, 0), seed.read_bytes()), default_config())
    assert isinstance(page, Page)
    return page


def described(page):
    """Return what is golden about a page: everything a reader of the articles sees."""
    return {
        "script": page.script,
        "published": page.meta.published.isoformat() if page.meta.published else None,
        **{name: getattr(page.meta, name) for name in FIELDS},
        "flags": page.flags,
        "touched": {step: page.touched(step) for step in STEPS},
        "text": page.text.split("\n"),
    }


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_seed_is_golden(seed, update_golden):
    """A seed comes out exactly as its golden file says."""
    found = json.loads(json.dumps(described(clean(seed)), default=list))
    path = GOLDEN / f"{seed.stem}.json"
    if update_golden:
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    assert found == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_seed_is_as_gold_says(seed, shared):
    """Text, line for line, and metadata equal gold; lines that gold calls neutral aside."""
    page = clean(seed)
    gold = json.loads((shared / "gold" / f"{seed.stem}.meta.json").read_text())
    lines = json.loads((shared / "gold" / f"{seed.stem}.lines.json").read_text())
    source = seed.read_text().split("\n")
    neutral = {
        source[line["line"] - 1].strip() for line in lines if line["label"] in NEUTRAL_LABELS
    }

    def counted(text):
        return [line for line in text.split("\n") if line and line not in neutral]

    wanted = (shared / "gold" / f"{seed.stem}.gold.txt").read_text()
    assert counted(page.text) == counted(wanted)
    assert page.meta.published == _moment(gold.get("published"))
    for name in GOLD_FIELDS:
        found = getattr(page.meta, name)
        if isinstance(found, tuple):
            assert list(found) == gold.get(name, []), name
        else:
            assert found == gold.get(name), name


def _moment(text):
    """Read gold's ISO time; a bare date is midnight in China."""
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone(timedelta(hours=8)))


def seed_starting(prefix):
    return next(seed for seed in SEEDS if seed.name.startswith(prefix))


@pytest.mark.parametrize(("prefix", "annotations"), [("000", 192), ("002", 529)])
def test_annotations_are_gone(prefix, annotations):
    """Every pinyin annotation of the two mirror pages is one recorded edit, and none is left."""
    page = clean(seed_starting(prefix))

    assert sum(edit.reason == "pinyin_annotation" for edit in page.edits) == annotations
    assert not any(mark in page.text for mark in "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ")


def test_the_byte_slip_is_restored():
    """The damage of seed 000 is undone by its own pinyin."""
    assert "新苗。慧创医疗" in clean(seed_starting("000")).text


def test_the_spam_block_is_gone():
    """The 41 segments of seed 002 are one removed block."""
    page = clean(seed_starting("002"))
    spam = [edit for edit in page.edits if edit.step == "strip_spam"]

    assert len(spam) == 1
    assert spam[0].before.count("|") == 41


def test_the_broken_sentences_are_joined():
    """Both breaks of seed 001 are mended, and its second article stands behind an empty line."""
    page = clean(seed_starting("001"))

    assert "“融合之路”" in page.text
    assert "加快构建产业化" in page.text
    assert page.text.count("\n\n") == 1
    assert page.text.split("\n\n")[1].startswith("坚持创新驱动 引领产业强市\n")
