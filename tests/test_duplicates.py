"""The rules of `dedupe`, on sketches and texts, without Beam."""

import hashlib
import random
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hanzi import changed, prose
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text.duplicates import candidates as candidates_module
from transforms.text.duplicates.candidates import (
    BUCKET_ENTRY,
    MEETING,
    MEMBER,
    alias,
    bucket_keys,
    candidates,
    meetings,
    members,
    split_copies,
    without_copies,
)
from transforms.text.duplicates.fingerprint import FACTS, hex_ids, sketch_pages
from transforms.text.duplicates.leader import decide, parts, resolve
from transforms.text.duplicates.rules import (
    EDGE,
    PAIR,
    ContainedConfig,
    DedupeConfig,
    ExactConfig,
    Kind,
    NearConfig,
    Ref,
    batches,
    name_duplicates,
    refs,
    verify,
)

DAY = datetime(2024, 8, 6, tzinfo=UTC)


def page(text, title="标题", site="a.cn", days=0.0, name=None, committed=False):
    """Return the sketch of one page and its text."""
    sketches = sketch_pages(
        [hashlib.md5((name or f"{text}{site}{days}").encode()).hexdigest()],
        [title],
        [text],
        [DAY + timedelta(days=days)],
        [site],
        undated=date(2024, 8, 6),
        bands=32,
        rows=4,
        committed=committed,
    )
    sketches["page"]["unit"] = sketches["page"]["key"]
    return sketches, text


def edges_of(pages, config=None):
    """Verify every pair of pages, best first, and return the edges."""
    sketches = np.concatenate([sketch for sketch, _ in pages])["page"]
    texts = {Ref(int(s["unit"]), 0): text for s, (_, text) in zip(sketches, pages, strict=True)}
    pairs = np.zeros(len(pages) * (len(pages) - 1) // 2, dtype=PAIR)
    at = 0
    for a in range(len(pages)):
        for b in range(a + 1, len(pages)):
            pairs[at] = (sketches[a], sketches[b])
            at += 1
    return verify(pairs, texts, config or DedupeConfig())


BASE = prose(1, 600)
ELSEWHERE = {"site": "b.cn", "title": "转载"}


@pytest.mark.parametrize(
    ("first", "second", "near"),
    [
        pytest.param({}, {"text": changed(BASE, 0.02), **ELSEWHERE}, True, id="few edits"),
        pytest.param({}, {"text": changed(BASE, 0.08), **ELSEWHERE}, False, id="many edits"),
        pytest.param({}, {"days": 29.9, **ELSEWHERE}, True, id="inside the window"),
        pytest.param({}, {"days": 30.1, **ELSEWHERE}, False, id="outside the window"),
        pytest.param(
            {}, {"text": changed(BASE, 0.02), "title": "别的"}, False, id="one site, other title"
        ),
        pytest.param({}, {"text": changed(BASE, 0.02)}, True, id="one site, same title"),
        pytest.param({}, {"title": "别的"}, True, id="one site, other title, same text"),
        pytest.param(
            {},
            {"text": changed(BASE, 0.02), "title": "别的", "site": None},
            False,
            id="unknown site, other title",
        ),
        pytest.param(
            {"title": None},
            {"text": changed(BASE, 0.02), "title": None},
            True,
            id="one site, unknown titles, one opening",
        ),
        pytest.param(
            {"title": None},
            {"text": "别" + changed(BASE, 0.02), "title": None},
            False,
            id="one site, unknown titles, other openings",
        ),
        pytest.param(
            {"title": None, "text": BASE[:190]},
            {"title": None, "text": BASE[:180]},
            False,
            id="one site, unknown titles, short texts",
        ),
        pytest.param(
            {"title": None, "site": None},
            {"text": "别" + changed(BASE, 0.02), "title": None},
            True,
            id="unknown titles and site, other openings",
        ),
        pytest.param(
            {"title": None, "site": None},
            {"text": changed(BASE, 0.02), "title": None, "site": None},
            True,
            id="nothing known of site and title",
        ),
        pytest.param(
            {"site": None},
            {"text": changed(BASE, 0.02), "site": None},
            True,
            id="unknown sites, same title",
        ),
        pytest.param({"text": BASE[:53]}, {"text": BASE[:53], **ELSEWHERE}, False, id="too short"),
        pytest.param({"text": BASE[:54]}, {"text": BASE[:54], **ELSEWHERE}, True, id="just enough"),
        pytest.param(
            {"text": BASE[:150]},
            {"text": changed(BASE[:150], 0.03), **ELSEWHERE},
            False,
            id="short texts must be closer",
        ),
        pytest.param(
            {"committed": True}, {"committed": True, **ELSEWHERE}, False, id="both committed"
        ),
        pytest.param({"committed": True}, ELSEWHERE, True, id="one committed"),
    ],
)
def test_what_near_duplicates_are(first, second, near):
    pages = [page(**({"text": BASE} | first)), page(**({"text": BASE} | second))]
    assert len(edges_of(pages)) == near


@pytest.mark.parametrize(
    ("setting", "value", "second"),
    [
        ("window_days", 10, {"days": 12}),
        ("min_shingles", 700, {}),
        ("threshold", 0.9, {"text": changed(BASE, 0.02)}),
        ("short_shingles", 700, {"text": changed(BASE, 0.025)}),
        ("short_threshold", 1.0, {"text": changed(BASE[:150], 0.01), "first": BASE[:150]}),
        ("same_site_threshold", 1.0, {"text": changed(BASE, 0.002), "site": "a.cn"}),
    ],
)
def test_every_near_setting_has_an_effect(setting, value, second):
    second = {"text": BASE, **ELSEWHERE} | second
    pages = [page(second.pop("first", BASE)), page(**second)]
    assert len(edges_of(pages)) == 1
    config = DedupeConfig(near=NearConfig(**{setting: value}), contained=NO_PARTS.contained)
    assert len(edges_of(pages, config)) == 0


REPORT = (
    "市气象台预报，今天{}日白天晴转多云，最高气温{}度，偏北风{}级，夜间多云，最低气温{}度。"
    "明天{}日多云有阵雨，降水量{}毫米左右，请出门带好雨具，山区注意防范地质灾害。"
    "后天起受冷空气影响，气温逐渐下降，早晚温差加大，请市民及时增添衣物，注意交通安全。"
)


@pytest.mark.parametrize(
    ("setting", "numbers", "near"),
    [
        pytest.param({}, (8, 31, 3, 22, 9, 15), False, id="another day"),
        pytest.param({"shared_numbers": 0.0}, (8, 31, 3, 22, 9, 15), True, id="not asked for"),
        pytest.param({}, (7, 33, 4, 24, "８", "25.0"), True, id="the same in another width"),
        pytest.param({}, (7, 33, 4, 24, "八", "二十五"), True, id="too few numbers to tell"),
    ],
)
def test_a_report_of_the_next_day_is_no_copy(setting, numbers, near):
    pages = [page(REPORT.format(7, 33, 4, 24, 8, 25)), page(REPORT.format(*numbers), days=1)]
    config = DedupeConfig(near=NearConfig(short_threshold=0.5, **setting))
    assert len(edges_of(pages, config)) == near


DROP = DedupeConfig(contained=ContainedConfig(drop=True))
NO_PARTS = DedupeConfig(contained=ContainedConfig(enabled=False))


@pytest.mark.parametrize(
    ("part", "config", "kinds"),
    [
        pytest.param({}, DedupeConfig(), ["part"], id="it stays by default"),
        pytest.param({}, DROP, ["contained"], id="it goes when asked for"),
        pytest.param({"days": -1}, DROP, ["part"], id="the one that ranks first stays"),
        pytest.param({"site": "a.cn"}, DROP, ["part"], id="it may be a template"),
        pytest.param({}, NO_PARTS, [], id="not asked for"),
        pytest.param({"days": 31}, DROP, [], id="outside the window"),
        pytest.param({"days": -1, "committed": True}, DROP, [], id="published before"),
        pytest.param({}, DedupeConfig(near=NearConfig(enabled=False)), ["part"], id="without near"),
    ],
)
def test_contained_pages(part, config, kinds):
    short = page(**({"text": BASE[:360], **ELSEWHERE} | part))
    edges = edges_of(
        sorted([page(BASE), short], key=lambda one: one[0]["page"]["published"][0]), config
    )
    (found,) = name_duplicates(edges) or [None]
    assert ([found.kind] if found else []) == kinds
    if found:
        assert (found.ref.unit, found.similarity) == (unit(short), 1.0)


def test_versions_of_one_text_do_not_contain_each_other():
    pages = [page(BASE), page(changed(BASE, 0.02), **ELSEWHERE)]
    assert not len(edges_of(pages, DedupeConfig(near=NearConfig(enabled=False))))


def test_a_part_is_flagged_for_a_page_that_stays():
    edges, names = edge_rows([(1, 4, 0.9), (2, 4, 0.95), (3, 4, 1.0), (1, 5, 0.9)])
    keys = {n: key for key, n in names.items()}
    found = parts(edges[::-1], np.array([keys[3], keys[5]], dtype=np.uint64))
    assert [
        (names[int(row["better"]["key"])], names[int(row["worse"]["key"])]) for row in found
    ] == [(2, 4)]


@pytest.mark.parametrize(
    "contained",
    [
        {"threshold": 0.99},
        {"min_ratio": 0.7},
        {"min_shingles": 400},
        {"enabled": False},
    ],
)
def test_every_contained_setting_has_an_effect(contained):
    pages = [page(BASE), page(BASE[:340] + "别的话在此", **ELSEWHERE)]
    for expected, setting in ((1, {}), (0, contained)):
        config = DedupeConfig(contained=ContainedConfig(**setting))
        assert len(edges_of(pages, config)) == expected


def test_one_outlets_template_is_not_contained():
    """Another event in the words of the first, and two fewer of them."""
    pages = [page(BASE), page(changed(BASE, 0.012)[:470], title="别的")]
    assert not len(edges_of(pages))
    assert len(edges_of([pages[0], page(BASE[:360], title="别的")])) == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda: NearConfig(bands=32, rows=5),
        lambda: DedupeConfig(contained=ContainedConfig(enabled=False, drop=True)),
    ],
)
def test_contradictory_settings_are_refused(make):
    with pytest.raises(ValueError, match=r"at most 128|needs contained"):
        make()


def meeting_of(pages):
    """Let all pages meet."""
    sketches = np.concatenate([sketch for sketch, _ in pages])
    facts = sketches[list(FACTS.names)].astype(FACTS)
    found = np.zeros(len(pages), dtype=MEETING)
    found["alias"] = alias(sketches["page"]["key"])
    found["center"] = found["alias"].min() & ~np.uint32(1)
    return members(np.concatenate([found, found]), facts)


def copies(pages, config=None):
    edges, others = split_copies(meeting_of(pages), config or ExactConfig())
    assert len(edges) + len(others) == len(pages)
    return sorted((d.ref.unit, d.of_ref.unit) for d in name_duplicates(edges))


def unit(made):
    return int(made[0]["page"]["unit"][0])


def test_exact_copies_have_no_window():
    first, second = page("短文", name="1"), page("短 文。", days=900, name="2")
    assert copies([second, first]) == [(unit(second), unit(first))]


def test_exact_copies_keep_to_a_window_that_is_set():
    pages = [page("短文", days=days, name=str(days)) for days in (0, 20, 31, 45, 90)]
    found = copies(pages[::-1], ExactConfig(window_days=30))
    names = [unit(made) for made in pages]
    assert found == sorted([(names[1], names[0]), (names[3], names[2])])


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["中", "国"], 0),
        (["。", "！"], 0),
        (["", ""], 0),
        (["中国", "中国人"], 0),
        (["中。", "中"], 1),
    ],
)
def test_very_short_texts_match_only_themselves(texts, found):
    assert len(copies([page(text, name=str(at)) for at, text in enumerate(texts)])) == found


def test_committed_copies_stay():
    old = [page("短文", days=day, name=str(day), committed=True) for day in (3, 5)]
    new = page("短文", days=0, name="new")
    assert copies([new, *old]) == [(unit(new), unit(old[0]))]


def test_the_keep_rule_prefers_committed_then_early_then_long_then_small_ids():
    pages = [
        page(BASE, name="old", days=9, committed=True),
        page(BASE, name="early"),
        page(BASE + "。。", name="long", days=1),
        page(BASE, name="b", days=1),
    ]
    order = [unit(made) for made in pages]
    for gone in range(3):
        left = pages[gone:]
        assert copies(left[::-1]) == sorted((name, order[gone]) for name in order[gone + 1 :])


def edge_rows(links):
    """Build edges between pages named by their rank: (better, worse, similarity)."""
    made = {
        n: page(prose(n, 60), days=n, name=str(n))[0]["page"][0] for link in links for n in link[:2]
    }
    edges = np.zeros(len(links), dtype=EDGE)
    for at, (better, worse, similarity) in enumerate(links):
        edges[at] = (made[better], made[worse], similarity, 1)
    names = {int(one["key"]): n for n, one in made.items()}
    return edges, names


def decided(links):
    edges, names = edge_rows(links)
    chosen = decide(edges)
    return {names[int(row["worse"]["key"])]: names[int(row["better"]["key"])] for row in chosen}


@pytest.mark.parametrize(
    ("links", "kept"),
    [
        pytest.param([(1, 2, 0.8), (2, 3, 0.9)], {2: 1}, id="no chain: 3 is not like 1"),
        pytest.param([(1, 2, 0.8), (2, 3, 0.9), (1, 3, 0.7)], {2: 1, 3: 1}, id="all alike"),
        pytest.param([(1, 3, 0.8), (2, 3, 0.9)], {3: 2}, id="the most similar"),
        pytest.param([(1, 3, 0.8), (2, 3, 0.8)], {3: 1}, id="the better ranked of two"),
        pytest.param([(1, 2, 0.8), (2, 3, 0.8), (3, 4, 0.8)], {2: 1, 4: 3}, id="every other"),
        pytest.param([(1, 2, 0.8), (1, 2, 0.8)], {2: 1}, id="a pair found twice"),
    ],
)
def test_the_greedy_leader(links, kept):
    assert decided(links) == kept
    assert decided(links[::-1]) == kept


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(1, 9), st.sampled_from([0.7, 0.8, 0.9])),
        max_size=30,
    )
)
def test_whoever_is_dropped_has_an_edge_to_a_kept_page(drawn):
    links = {(a, a + b): s for a, b, s in drawn}
    kept = decided([(a, b, s) for (a, b), s in links.items()])
    dropped = set(kept)
    for worse, better in kept.items():
        assert (better, worse) in links
        assert better not in dropped
    for better, worse in links:
        assert worse in dropped or better in dropped


def test_copies_of_a_dropped_page_follow_it():
    exact, _ = edge_rows([(2, 5, 1.0), (3, 4, 1.0)])
    near, names = edge_rows([(1, 2, 0.75), (3, 2, 0.5), (5, 4, 0.5)])
    found = resolve(exact, near[:1])
    to = {names[int(row["worse"]["key"])]: names[int(row["better"]["key"])] for row in found}
    assert to == {5: 1, 4: 3}
    assert sorted(found["similarity"]) == [0.75, 1.0]
    assert len(resolve(np.concatenate([exact, exact]), near[:0])) == 2


def test_a_bucket_meets_under_its_smallest_alias():
    rows = np.array([(6, 30), (6, 10), (8, 10), (8, 30), (4, 20), (6, 20)], dtype=BUCKET_ENTRY)
    assert meetings(rows).tolist() == [(10, 10), (10, 20), (10, 30)]


def test_pages_that_share_a_passage_meet_where_their_sizes_differ():
    sizes = [600, 360, 600, 560]
    pages = [page(BASE[:size], name=str(at))[0] for at, size in enumerate(sizes)]
    sketches = np.concatenate(pages)
    names = alias(sketches["page"]["key"])
    off = {"exact": ExactConfig(enabled=False), "near": NearConfig(enabled=False)}
    for some, met in (([0, 1], 2), ([0, 2, 3], 0), ([0, 1, 2], 3)):
        keys, pages_ = bucket_keys(sketches[some], DedupeConfig(**off))
        rows = np.zeros(len(keys), dtype=BUCKET_ENTRY)
        rows["bucket"], rows["alias"] = keys >> np.uint64(32), pages_
        found = meetings(rows[(keys >> np.uint64(32)) & np.uint64(1) == 1])
        assert set(found["alias"].tolist()) == set(names[some].tolist() if met else [])
        assert set((found["center"] & 1).tolist()) <= {1}


def test_pages_with_one_alias_both_come():
    pages = [page(prose(n, 60))[0] for n in range(3)]
    facts = np.concatenate(pages)[list(FACTS.names)].astype(FACTS)
    facts["page"]["key"][2] = facts["page"]["key"][0] ^ np.uint64(1 << 60)
    names = alias(facts["page"]["key"])
    rows = members(np.array([(5, names[1]), (5, names[0])], dtype=MEETING), facts)
    assert sorted(rows["page"]["key"].tolist()) == sorted(facts["page"]["key"].tolist())


def test_short_pages_share_buckets_with_copies_only():
    sketches = np.concatenate([page(text)[0] for text in (BASE, BASE[:40], "。")])
    off = {
        "exact": ExactConfig(enabled=False),
        "near": NearConfig(enabled=False),
        "contained": ContainedConfig(enabled=False),
    }
    configs = [
        DedupeConfig(),
        *(DedupeConfig(**{name: off[name]}) for name in off),
        DedupeConfig(near=off["near"], contained=off["contained"]),
    ]
    assert [len(bucket_keys(sketches, c)[0]) for c in configs] == [42, 40, 42, 34, 2]


@pytest.mark.parametrize(("bands", "rows"), [(20, 6), (1, 128), (32, 4)])
def test_bands_and_rows_have_an_effect(bands, rows):
    near = NearConfig(bands=bands, rows=rows)
    ids = [f"{n:032x}" for n in range(2)]
    sketches = sketch_pages(
        ids,
        [None] * 2,
        [BASE, changed(BASE, 0.01)],
        [DAY] * 2,
        ["a.cn"] * 2,
        undated=date(2024, 8, 6),
        bands=bands,
        rows=rows,
    )
    config = DedupeConfig(
        exact=ExactConfig(enabled=False), near=near, contained=ContainedConfig(enabled=False)
    )
    keys, _ = bucket_keys(sketches, config)
    assert len(keys) == 2 * bands
    assert len(set(keys.tolist())) == (2 if bands == 1 else pytest.approx(1.4 * bands, rel=0.3))


def test_pairs_far_from_the_threshold_are_not_read():
    pages = [page(BASE), page(changed(BASE, 0.02), **ELSEWHERE), page(prose(2, 600), site="c.cn")]
    found = candidates(meeting_of(pages), NO_PARTS)
    assert len(found.pairs) == 1
    pair = {found.pairs[side]["unit"][0] for side in ("better", "worse")}
    assert pair == {unit(pages[0]), unit(pages[1])}


def test_contained_pages_come_to_be_read():
    pages = [page(BASE), page(BASE[:240], **ELSEWHERE)]
    assert [len(candidates(meeting_of(pages), c).pairs) for c in (DedupeConfig(), NO_PARTS)] == [
        1,
        0,
    ]


def test_pages_that_share_a_passage_are_read_only_if_one_may_contain_the_other():
    pages = [page(BASE), page(BASE[:240], **ELSEWHERE), page(changed(BASE, 0.02), site="c.cn")]
    rows = meeting_of(pages)
    rows["center"] |= 1
    read = {
        frozenset((int(pair["better"]["unit"]), int(pair["worse"]["unit"])))
        for pair in candidates(rows, DedupeConfig()).pairs
    }
    assert read == {frozenset((unit(pages[1]), unit(pages[at]))) for at in (0, 2)}


def test_of_many_pages_that_share_a_passage_the_longest_leads():
    pages = [page(prose(n, 400), site=f"{n}.com") for n in range(100, 170)]
    pages += [page(BASE), *(page(BASE[: 300 + n], site=f"{n}.cn", days=-1) for n in range(3))]
    rows = meeting_of(pages)
    rows["center"] |= 1
    found = candidates(rows, DedupeConfig()).pairs
    assert set(found["worse"]["unit"].tolist()) == {unit(pages[70])}
    assert len(found) == 3


def test_a_large_meeting_is_led(monkeypatch):
    pages = [page(changed(BASE, 0.01, n), site=f"{n}.cn", days=n / 100) for n in range(80)]
    pages += [page(prose(n, 600), site=f"{n}.com", days=5) for n in range(100, 103)]
    found = candidates(meeting_of(pages), DedupeConfig())
    assert found.large_meetings == 1
    assert set(found.pairs["better"]["unit"].tolist()) == {unit(pages[0])}
    assert len(found.pairs) == 79
    assert found.unpaired == 0
    monkeypatch.setattr(candidates_module, "MAX_LEADERS", 1)
    assert candidates(meeting_of(pages), DedupeConfig()).unpaired == 3


def test_no_meeting_no_pair():
    assert not len(candidates(np.zeros(0, dtype=MEMBER), DedupeConfig()).pairs)


def test_pairs_of_copies_are_left_out():
    pages = [page(prose(n, 60), name=str(n))[0]["page"][0] for n in range(3)]
    pairs = np.array([(pages[0], pages[1]), (pages[1], pages[2]), (pages[0], pages[2])], dtype=PAIR)
    left = without_copies(pairs, np.array([pages[1]["key"]] * 2))
    assert left.tobytes() == pairs[2:].tobytes()
    assert len(without_copies(pairs, np.zeros(0, dtype=np.uint64))) == 3


def test_batches_hold_every_pair_once():
    pages = [page(prose(n, 100 * n), name=str(n)) for n in range(1, 9)]
    pairs = np.zeros(7, dtype=PAIR)
    for at in range(7):
        pairs[at] = (pages[at][0]["page"][0], pages[at + 1][0]["page"][0])
    cut = list(batches(pairs, 1_000))
    assert (np.concatenate(cut) == pairs).all()
    assert len(cut) > 3


def find_all(pages):
    """Run every stage on pages, given as (sketch, text), and return {id of dropped: id of kept}."""
    sketches = np.concatenate([sketch for sketch, _ in pages])
    texts = {Ref(unit(one), 0): one[1] for one in pages}
    config = DedupeConfig()
    keys, names = bucket_keys(sketches, config)
    entries = np.zeros(len(keys), dtype=BUCKET_ENTRY)
    entries["bucket"], entries["alias"] = keys >> np.uint64(32), names
    facts = sketches[list(FACTS.names)].astype(FACTS)
    found = candidates(members(meetings(entries), facts), config)
    pairs = without_copies(found.pairs, found.copies["worse"]["key"])
    read = {ref: texts[ref] for ref in {*refs(pairs["better"]), *refs(pairs["worse"])}}
    edges = verify(pairs, read, config) if len(pairs) else np.zeros(0, dtype=EDGE)
    decisions = decide(edges[edges["kind"] != Kind.PART])
    edges = np.concatenate([decisions, resolve(found.copies, decisions)])
    return {d.id: d.duplicate_of for d in name_duplicates(edges)}


def committed_as(kept, dropped):
    """Return what an index knows of a dropped page: its hash, under the name of the kept one."""
    row = kept[0].copy()
    row["text_hash"] = dropped[0]["text_hash"]
    row["page"]["n_shingles"] = 1
    return row, kept[1]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6))
def test_day_by_day_keeps_what_one_run_keeps(seed):
    chooser = random.Random(seed)
    stories = [prose((seed, n), chooser.randrange(60, 400)) for n in range(4)]
    drawn = [
        {
            "text": changed(chooser.choice(stories), chooser.choice([0, 0, 0.01, 0.03])),
            "days": chooser.choice([0, 10, 25, 35, 60]) + n / 100,
            "title": chooser.choice(["标题", "标题", "转载"]),
            "site": chooser.choice(["a.cn", "b.cn"]),
            "name": str(n),
        }
        for n in range(16)
    ]
    drawn.sort(key=lambda one: one["days"])
    at_once = [page(**one) for one in drawn]
    whole = set(find_all(at_once))

    index, kept, gone = [], {}, set()
    for day in sorted({int(one["days"]) for one in drawn}):
        today = {name_of(page(**one)): one for one in drawn if int(one["days"]) == day}
        found = find_all([*index, *(page(**one) for one in today.values())])
        gone |= set(found)
        kept |= {
            name: page(**one, committed=True) for name, one in today.items() if name not in found
        }
        index += [kept[name] for name in today if name in kept]
        index += [committed_as(kept[of], page(**today[name])) for name, of in found.items()]
    assert gone == whole


def name_of(made):
    return hex_ids(made[0]["page"]["id"])[0]
