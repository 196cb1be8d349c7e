"""Rows that a site puts around its articles: counted, learned, taken out, written, fed back."""

import json
import random
from dataclasses import replace

import numpy as np
import pyarrow.dataset as ds
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.site_lines import to_yaml
from transforms.config import ConfigError, build, default_config
from transforms.site_lines import seen_lines, sight_pages
from transforms.text.boilerplate.sightings import (
    COUNT,
    count,
    learn,
    line_key,
    pack,
    page_keys,
    sight,
    total,
)
from transforms.text.boilerplate.site_rules import SiteLines, normal_lines
from transforms.text.boilerplate.strip_boilerplate import (
    BoilerplateConfig,
    disclaimer_terms,
    strip_boilerplate,
)
from transforms.text.records import Metadata, Origin, Page

CONFIG = default_config().strip_boilerplate
TERMS = disclaimer_terms(CONFIG)
WORDS = "湖水 木桥 村民 清晨 渔船 学校 讲座 工地 果园 稻田 集市 老街 新楼 山路 灯火 歌声".split()
FOOTER = ["用镜头对准下面的方块", "柳湾传媒集团编制 引用须经首肯"]
NOTHING = np.zeros(0, dtype=COUNT)


def story(seed):
    """Return two paragraphs that no other seed has."""
    chooser = random.Random(seed)
    parts = ["，".join("".join(chooser.choices(WORDS, k=4)) for _ in range(4)) for _ in range(2)]
    return [f"{part}。" for part in parts]


def page(seed, *, above=(), between=(), below=(), host="liuwan.example", title=None):
    first, last = story(seed)
    text = "\n".join([*above, first, *between, last, *below])
    url = f"https://{host}/{seed}" if host else None
    return Page(Origin("0" * 32, "test", 0, url=url), text, meta=Metadata(title=title))


def learned(pages, earlier=NOTHING, counted=None):
    sighted = sight_pages(pages, CONFIG)
    totals = total(count(pack(sighted, counted)), earlier)
    return {known.id: known for known in learn(seen_lines(sighted), totals, CONFIG.site_lines)}


def cleaned(one, known):
    return strip_boilerplate(one, CONFIG, known).text


def test_a_foreign_footer_is_learned_and_goes():
    """Rows in words that no rule knows go from every page of the site, and only of this site."""
    pages = [page(n, below=FOOTER) for n in range(40)]

    known = learned(pages)

    assert known["liuwan.example"].pages == 40
    assert set(known["liuwan.example"].lines.values()) == {40}
    assert cleaned(pages[0], known).split() == story(0)
    elsewhere = page(0, below=FOOTER, host="other.example")
    assert cleaned(elsewhere, known) == cleaned(elsewhere, {})


@pytest.mark.parametrize(
    ("pages", "shown"), [(29, 29), (40, 4), (100, 4)], ids=["few pages", "few of 40", "few of 100"]
)
def test_what_is_rare_is_not_learned(pages, shown):
    """A site needs thirty pages; a row needs five of them, and its share."""
    some = [page(n, below=FOOTER if n < shown else ()) for n in range(pages)]

    assert learned(some) == {}


HABITS = [
    {"between": ["事件回放"]},
    {"between": ["今天夜间到明天白天"]},
    {"between": ["本栏目每周一期，邀请一位老街坊走进演播室，聊聊这座城市的旧物与新事。"]},
    {"above": ["各位听众，欢迎收听本期节目，我们先来关注今天早晨从湖边传来的几条消息。"]},
    {"below": ["各位听众，今天的节目就到这里，感谢收听，我们下周同一时间在老地方再会。"]},
    {"below": ["请注意防范。"]},
    {"below": ["一、名单"]},
    {"below": ["柳湾市人民政府办公室", "2024年8月6日"]},
    {"below": ["明天白天", "空气质量指数 {n}"]},
    {"below": ["风从湖上来", "我在桥边等你"]},
    {"above": ["今天白天"]},
]


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: next(iter(habit.values()))[0][:10])
def test_what_an_article_repeats_stays(habit):
    """Subheads, standing sentences, bulletins and signatures stay, however frequent."""
    own, framed = [], []
    for n in range(60):
        rows = {zone: [row.format(n=n) for row in habit[zone]] for zone in habit}
        own.append(page(n, **rows).text.split("\n"))
        rows["below"] = [*rows.get("below", ()), *FOOTER]
        framed.append(page(n, **rows))

    known = learned(framed)

    assert known
    assert [cleaned(one, known).split("\n")[: len(own[0])] for one in framed] == own
    assert not any("首肯" in cleaned(one, known) for one in framed)


def test_copies_of_an_article_are_one_page():
    """Forty copies of one story, under forty addresses, are no evidence."""
    pages = [replace(page(0, below=FOOTER), origin=page(n).origin) for n in range(40)]

    assert learned(pages) == {}


def test_a_page_counted_before_does_not_count_again():
    """Counts of runs are added, and a page that comes twice is one page."""
    first, second = ([page(n, below=FOOTER) for n in range(a, a + 20)] for a in (0, 20))
    sighted = sight_pages(first, CONFIG)
    earlier, counted = count(pack(sighted)), np.unique(page_keys(sighted))

    assert learned(first) == {}
    assert learned(first, earlier, counted) == {}
    assert learned(second, earlier, counted)["liuwan.example"].pages == 40


def test_staff_is_told_from_guests():
    """Behind a label of the whole site, names that come back are editors; a guest comes once."""
    staff = ["李湖", "王船", "张石"]
    pages = [page(n, below=[f"值守编委：{staff[n % 3]}", *FOOTER]) for n in range(40)]
    guests = [page(n, below=[f"受访街坊：{chr(0x5400 + n)}湖", *FOOTER]) for n in range(40)]

    assert cleaned(pages[0], learned(pages)).split() == story(0)
    assert "受访街坊" in cleaned(guests[0], learned(guests))


def test_the_title_stays():
    """A headline that a column repeats is no frame."""
    pages = [
        page(n, above=["柳湾今日天气实况播报"], title="柳湾今日天气实况播报") for n in range(40)
    ]

    assert learned(pages) == {}


def test_a_page_without_site_is_no_evidence():
    """Pages are counted by host, else by the name of the site, else not at all."""
    nameless = page(0, host=None)
    named = replace(nameless, meta=Metadata(site="柳湾网"))

    assert sight(nameless, TERMS) is None
    assert sight(named, TERMS).site == "柳湾网"
    assert sight(replace(nameless, text=""), TERMS) is None


def test_rows_seen_once_are_not_kept():
    """What is carried from run to run are rows of several pages."""
    pages = [
        page(n, above=[f"柳湾第{n}座桥{chr(0x5400 + n)}通车"], below=FOOTER) for n in range(40)
    ]

    totals = total(count(pack(sight_pages(pages, CONFIG))), NOTHING)

    assert len(totals) == 1 + len(FOOTER)
    assert line_key("liuwan.example", "") in totals["line"]


@given(st.randoms(use_true_random=False), st.integers(1, 7))
def test_order_and_batches_do_not_matter(chooser, parts):
    """Counts are sums over sets: the same for any order and any cut."""
    pages = [page(n, below=FOOTER[: 1 + n % 2]) for n in range(12)] * 2
    whole = count(pack(sight_pages(pages, CONFIG)))
    chooser.shuffle(pages)
    blocks = [pack(sight_pages(pages[part::parts], CONFIG)) for part in range(parts)]

    assert count(np.concatenate(blocks)).tolist() == whole.tolist()


@given(st.lists(st.text("第12版次人(3)\t2024-08-06 10:30编 ", min_size=1, max_size=12)))
def test_a_row_has_one_form(raws):
    """The form of a row does not hang on the rows it is folded with."""
    assert normal_lines(raws) == [line for raw in raws for line in normal_lines([raw])]


@given(st.text(max_size=60))
def test_any_page_can_be_sighted(text):
    """Nothing that a page may hold breaks the counting."""
    one = Page(Origin("0" * 32, "t", 0, url="http://[x"), f"{text}\n{story(0)[0]}\n{text}")

    assert sight(one, TERMS) is None
    sight(replace(one, origin=Origin("0" * 32, "t", 0, url="http://x.example")), TERMS)


def test_the_file_says_what_was_learned():
    """What is written for a person is what `strip_boilerplate.frequent` reads."""
    known = SiteLines(id="柳湾: 网", pages=40, lines={'"引用" #须经首肯': 40, "\x85: 编制": 9})

    text = to_yaml([known])

    config = build(BoilerplateConfig, {"frequent": ["mine"]}, read_text=lambda name: text)
    assert config.frequent == (known,)
    assert "40  # 100%" in text
    empty = build(BoilerplateConfig, {"frequent": ["x"]}, read_text=lambda name: to_yaml([]))
    assert empty.frequent == ()


def test_a_row_on_more_pages_than_there_are_is_refused():
    """A slip of the pen in the file is named."""
    text = "- {id: x, pages: 3, lines: {编制: 4}}"

    with pytest.raises(ConfigError, match="more than 3 pages"):
        build(BoilerplateConfig, {"frequent": ["mine"]}, read_text=lambda name: text)


def write_pages(path, seeds):
    with path.open("w", encoding="utf-8") as stream:
        for seed in seeds:
            one = page(seed, below=FOOTER)
            row = {"text": one.text, "url": one.origin.url}
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")


def texts(output, run):
    table = ds.dataset(output / "articles" / f"run={run}").to_table(columns=["text"])
    return sorted(table["text"].to_pylist())


def test_a_run_learns_writes_and_remembers(newsclean, tmp_path):
    """A footer is learned in a run, taken from a file in another, and known to a later one."""
    many, few, output = tmp_path / "many.jsonl", tmp_path / "few.jsonl", tmp_path / "out"
    write_pages(many, range(40))
    write_pages(few, range(40, 43))
    file = output / "_runs" / "first" / "site_lines.yaml"

    done = newsclean("run", many, "-o", output, "--run-id", "first")
    assert done.returncode == 0, done.stderr
    given = f"strip_boilerplate.frequent=[{file}]"
    fed = ("--set", given, "--set", "strip_boilerplate.site_lines.enabled=false")
    assert newsclean("run", many, "-o", tmp_path / "fed", "--run-id", "x", *fed).returncode == 0
    assert newsclean("run", few, "-o", output, "--run-id", "later").returncode == 0

    assert "liuwan.example" in file.read_text("utf-8")
    assert not any("首肯" in text for text in texts(output, "first"))
    assert texts(output, "first") == texts(tmp_path / "fed", "x")
    assert not (tmp_path / "fed" / "_runs" / "x" / "site_lines.yaml").exists()
    assert not any("首肯" in text for text in texts(output, "later"))
