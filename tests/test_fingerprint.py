"""The signature is frozen: these vectors are what indexes of earlier runs were written with."""

import hashlib
import importlib.util
import random
import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text.duplicates.fingerprint import (
    band_keys,
    estimate_jaccard,
    fmix64,
    hex_ids,
    is_committed,
    min_hashes,
    normalise,
    overlap,
    shingle_hashes,
    shingle_sets,
    sketch_pages,
)
from transforms.text.duplicates.passages import PASSAGES, passage_keys
from transforms.text.tables import signature_v1

VECTORS = [
    (
        "新华社北京2月19日电",
        "新华社北京2月19日电",
        7,
        0x43E6C1FFA7789DED,
        [0x1758D829, 0x09282EA5, 0x11B1E4A9],
        "29a5a9a4c8106903",
        0x8CEAB3B9C6D8D5A6,
        0x91ABD013DC7BEC65,
    ),
    (
        "ＡＢＣ，中国 新闻！",
        "abc中国新闻",
        3,
        0x9FB7678AF2A6FBE0,
        [0x0A417E38, 0x20A15183, 0x4F9C25FB],
        "3883fb9c28f09bc4",
        0xC22D18A1CC679821,
        0x2EDE511B99E533EC,
    ),
    (
        "中国",
        "中国",
        1,
        0x04070D2C099D278F,
        [0xF29799AA, 0x567D5D39, 0x43111E35],
        "aa39357686a28959",
        0x2554CCE6543AD35C,
        0xFE0B5834A6CA8948,
    ),
]


def drawn(length, seed=1):
    letters = [chr(code) for code in range(0x4E00, 0x5A00)]
    return "".join(random.Random(seed).choices(letters, k=length))


def passages(*texts):
    return passage_keys(*shingle_hashes(*normalise(texts)))


@pytest.mark.parametrize(
    ("length", "count", "digest"),
    [
        (29, 0, "f5a5fd42d16a2030"),
        (30, 1, "f8e43443254cf631"),
        (31, 2, "ee04d84c686fcb21"),
        (100, 8, "8c0f7112938a5575"),
        (1000, 8, "c78d2485d9bc3ead"),
    ],
)
def test_vectors_of_passages(length, count, digest):
    keys = passages(drawn(length))
    assert np.count_nonzero(keys) == count
    assert hashlib.sha256(keys.tobytes()).hexdigest()[:16] == digest


def test_a_part_shares_passages_with_the_whole():
    texts = [drawn(900, seed) for seed in range(50)]
    keys = passages(*texts, *(text[300:660] for text in texts))
    shared = [len(np.intersect1d(keys[at], keys[at + 50])) for at in range(50)]
    assert sum(map(bool, shared)) >= 48
    assert sum(shared) / 50 == pytest.approx(0.4 * PASSAGES, rel=0.2)


def sketch(texts, titles=None, **changes):
    count = len(texts)
    given = {"undated": date(2024, 8, 6), "bands": 32, "rows": 4} | changes
    ids = [hashlib.md5(f"{i}".encode()).hexdigest() for i in range(count)]
    return sketch_pages(
        ids, titles or [None] * count, texts, [None] * count, ["a.cn"] * count, **given
    )


@pytest.mark.parametrize("vector", VECTORS, ids=[vector[0] for vector in VECTORS])
def test_vectors_of_sig_v1(vector):
    text, normalised, count, first, minima, low, strict, default = vector
    points, sizes = normalise([text])
    hashes, counts = shingle_hashes(points, sizes)
    signature = min_hashes(hashes, counts)
    assert "".join(map(chr, points)) == normalised
    assert (counts.tolist(), hashes[0]) == ([count], first)
    assert signature[0, :3].tolist() == minima
    assert signature[0, :8].astype(np.uint8).tobytes().hex() == low
    assert band_keys(signature, 20, 6)[0, 0] == strict
    assert band_keys(signature, 32, 4)[0, 0] == default


def test_tables_are_those_of_sig_v1():
    factors, summands = signature_v1.coefficients()
    table = signature_v1.normaliser()
    digests = [hashlib.sha256(v.astype("<u4").tobytes()) for v in (factors, summands, table)]
    expected = ["d0e4fd703a0557bc", "a00333f3869058c0", "1d12688cebbdc690"]
    assert [digest.hexdigest()[:16] for digest in digests] == expected
    assert np.count_nonzero(table) == 134_272


@pytest.mark.skipif(
    unicodedata.unidata_version != signature_v1.UNICODE_VERSION, reason="another Unicode version"
)
def test_tables_are_rebuilt_byte_for_byte():
    path = Path(__file__).parent.parent / "benchmarks" / "train_signature.py"
    spec = importlib.util.spec_from_file_location("train_signature", path)
    train = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(train)
    assert Path(signature_v1.__file__).read_text(encoding="utf-8") == train.module_text()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text("中国新闻abＡ１,。 \n", max_size=30), min_size=1, max_size=40))
def test_a_sketch_does_not_depend_on_the_batch(texts):
    titles = [text[:4] for text in texts]
    together = sketch(texts, titles)
    for at, text in enumerate(texts):
        alone = sketch([text], [titles[at]])
        for name in ("text_hash", "signature", "bands"):
            assert (alone[name][0] == together[name][at]).all()
        assert alone["page"]["n_shingles"][0] == together["page"]["n_shingles"][at]


def test_long_batches_are_cut_without_a_trace():
    texts = ["新闻" * n + str(n) for n in (1, 9_000, 3, 20_000, 2, 2)]
    backwards = sketch(texts[::-1])[::-1]
    assert (sketch(texts)["bands"] == backwards["bands"]).all()


def test_normalised_forms_share_a_hash():
    texts = ["２０２４年，ＡＢＣ！", "2024年abc", "2024 年 Abc。"]
    assert len(set(hex_ids(sketch(texts)["text_hash"]))) == 1


def test_the_title_is_part_of_the_hash():
    hashes = sketch(["正文", "正文", "文"], ["标题", "别的", "正"])["text_hash"]
    assert len(set(hex_ids(hashes))) == 3


def test_a_text_of_punctuation_has_nothing_to_compare():
    assert sketch(["", "。。。", "中", "中国新闻网"])["page"]["n_shingles"].tolist() == [0, 0, 1, 1]


def test_time_and_place_of_a_page():
    known = datetime(1970, 1, 2, 0, 0, 1, 999_999, tzinfo=UTC)
    pages = sketch_pages(
        ["00" * 16, "ff" * 16],
        ["头", " ！"],
        ["正文", "正文"],
        [known, None],
        ["A.cn", None],
        undated=date(1970, 1, 3),
        bands=20,
        rows=6,
    )["page"]
    assert pages["published"].tolist() == [86_401, 172_800]
    assert (pages["site"] != 0).tolist() == [True, False]
    assert (pages["title"] != 0).tolist() == [True, False]
    assert hex_ids(pages["id"]) == ["00" * 16, "ff" * 16]


def test_committed_pages_have_keys_of_their_own():
    new, old = (
        sketch(["正文"] * 9)["page"]["key"],
        sketch(["正文"] * 9, committed=True)["page"]["key"],
    )
    assert not is_committed(new).any()
    assert is_committed(old).all()
    assert (new != old).all()
    assert (new < 2**63).all()


@pytest.mark.parametrize("wrong", ["", "abc", "zz" * 16, "00" * 17])
def test_ids_have_32_hex_characters(wrong):
    with pytest.raises(ValueError, match="hex"):
        sketch_pages([wrong], [""], [""], [None], [""], undated=date.min, bands=1, rows=1)


def test_the_estimate_is_near_the_similarity():
    random.seed(5)
    base = "".join(map(chr, random.choices(range(0x4E00, 0x6000), k=2_000)))
    texts = [base, base[:1_600] + base[:400][::-1]]
    a, b = shingle_sets(texts)
    shared = overlap(a, b)
    exact = shared / (len(a) + len(b) - shared)
    signatures = sketch(texts)["signature"]
    assert abs(estimate_jaccard(signatures[:1], signatures[1:])[0] - exact) < 0.12


@settings(deadline=None)
@given(st.sets(st.integers(0, 99), min_size=1), st.sets(st.integers(0, 99), min_size=1))
def test_overlap_counts_shared_values(a, b):
    sets = [np.array(sorted(values), dtype=np.uint64) for values in (a, b)]
    assert overlap(*sets) == len(a & b)


def test_fmix64_is_murmurs():
    assert fmix64(np.array([0, 1], dtype=np.uint64)).tolist() == [0, 0xB456BCFC34C2CB2C]
