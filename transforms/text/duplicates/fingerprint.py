"""The fingerprint of a page: what finding duplicates needs to know of it instead of its text.

The signature is `sig_v1`: character 5-grams of the normalised text, 128 min-hashes of 32 bits, and
band keys over them. It is persisted between runs, so nothing in it may change: the test vectors in
`tests/test_fingerprint.py` hold it still, and any other arithmetic is another version.
All arithmetic is unsigned and wraps. Nothing depends on how pages are batched.
"""

from __future__ import annotations

import functools
import hashlib
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time

import numpy as np
from numpy.typing import NDArray

from transforms.text.duplicates.packed_rows import Rows, Words
from transforms.text.duplicates.passages import PASSAGES, passage_keys
from transforms.text.tables import signature_v1

SHINGLE = 5
"""Code points of a shingle. Of 3, 5, 7 characters and 2, 3, 5 words, 5 characters tolerate as many
edits as 2 words (mean Jaccard .829 and .840 at 2 % edits, 1,000 articles) without a dictionary,
and see fewer look-alikes than 3 characters (1,036 natural pairs at Jaccard .5, against 2,525)."""

OPENING = 40
"""Letters and digits that open a text, which stand for its title where it has none."""

LONG = 200
"""Letters and digits of a text from which its opening does: shorter ones may be one stub."""

HASHES = 128
"""Min-hashes of a signature: standard error .037 at Jaccard .76."""

_BLOCK = 1 << 15
"""Code points worked on at once, so that the buffers stay in the processor's cache."""

_AT_ONCE = 4
"""Permutations worked on at once; divides `HASHES`."""

_WEIGHTS = np.array(
    [
        0x9E3779B97F4A7C15,
        0xC2B2AE3D27D4EB4F,
        0x165667B19E3779F9,
        0xD6E8FEB86659FD93,
        0xA0761D6478BD642F,
    ],
    dtype=np.uint64,
)
_BAND_WEIGHT = np.array([0x589965CC75374CC3], dtype=np.uint64)
_MURMUR = np.array([0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53], dtype=np.uint64)

PAGE = np.dtype(
    [
        (
            "key",
            "<u8",
        ),  # stands for the page in joins: 62 bits of its id's hash, then 1 if committed
        ("id", "<u8", 2),  # the 128 bits of its id
        ("published", "<i8"),  # seconds since 1970, UTC; the fallback where the page has no date
        ("unit", "<u8"),  # where its text lies: which file …
        ("row", "<u4"),  # … and which row of it; both are the caller's
        ("n_chars", "<u4"),  # code points of its text
        (
            "n_shingles",
            "<u4",
        ),  # shingles of its text, repeats counted; 0 if it has no letter or digit
        ("site", "<u4"),  # hash of its site, 0 if unknown
        ("title", "<u4"),  # hash of its normalised title, odd; of its opening, even; or 0
    ]
)
"""The facts of a page that decide which of two stays, and whether a pair may be duplicates."""


FACTS = np.dtype(
    [
        ("page", PAGE),
        ("text_hash", "<u8", 2),
        ("signature", "u1", HASHES),  # low byte of each min-hash
    ]
)
"""What two pages are compared by."""


def sketch_dtype(bands: int) -> np.dtype[np.void]:
    """Return the dtype of a sketch: all that is known of a page but its text."""
    facts = [(name, FACTS[name]) for name in FACTS.names or ()]
    return np.dtype([*facts, ("bands", "<u8", bands), ("passages", "<u8", PASSAGES)])


def sketch_pages(
    ids: Sequence[str],
    titles: Sequence[str | None],
    texts: Sequence[str],
    published: Sequence[datetime | None],
    sites: Sequence[str | None],
    *,
    undated: date,
    bands: int,
    rows: int,
    committed: bool = False,
) -> Rows:
    """Return one sketch per page, of `sketch_dtype(bands)`.

    Where the texts lie (`["page"]["unit"]` and `["page"]["row"]`) is for the caller to fill in.

    Args:
        ids: 32 hex characters each, different for every page.
        titles: as extracted; compared and hashed in their normalised form.
        texts: cleaned and in simplified script.
        published: aware times.
        sites: name or host.
        undated: the day that pages without `published` count as published on. A parameter of the
            run, never the clock, so that a rerun decides alike.
        bands: bands of the signature; `bands * rows` is at most 128.
        rows: min-hashes of a band.
        committed: the pages were kept by an earlier run; they rank first and are never dropped.

    Raises:
        ValueError: an id that is not 32 hex characters.
    """
    sketches = np.zeros(len(ids), dtype=sketch_dtype(bands))
    facts = sketches["page"]
    facts["id"] = id_words(ids)
    facts["key"] = page_keys(facts["id"], committed)
    fallback = int(datetime.combine(undated, time(), UTC).timestamp())
    facts["published"] = [int(t.timestamp() // 1) if t else fallback for t in published]
    facts["n_chars"] = [len(text) for text in texts]
    facts["site"] = [zlib.crc32(site.casefold().encode()) if site else 0 for site in sites]
    for start, stop in _blocks(texts):
        _sign(sketches[start:stop], titles[start:stop], texts[start:stop], rows)
    return sketches


def _blocks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Cut a batch so that no block but one of a single text exceeds `_BLOCK` code points."""
    start = size = 0
    for at, text in enumerate(texts):
        if size + len(text) > _BLOCK and at > start:
            yield start, at
            start, size = at, 0
        size += len(text)
    if texts:
        yield start, len(texts)


def _sign(sketches: Rows, titles: Sequence[str | None], texts: Sequence[str], rows: int) -> None:
    """Fill in everything that comes from the characters of a page."""
    points, sizes = normalise(texts)
    head_points, head_sizes = normalise([title or "" for title in titles])
    heads = np.split(head_points, np.cumsum(head_sizes)[:-1])
    bodies = np.split(points, np.cumsum(sizes)[:-1])
    sketches["page"]["title"] = [_title(*pair) for pair in zip(heads, bodies, strict=True)]
    sketches["text_hash"] = [_text_hash(*pair) for pair in zip(heads, bodies, strict=True)]
    hashes, counts = shingle_hashes(points, sizes)
    sketches["page"]["n_shingles"] = np.where(sizes == 0, 0, counts)
    minima = min_hashes(hashes, counts)
    sketches["signature"] = minima.astype(np.uint8)  # keeps the low byte
    sketches["bands"] = band_keys(minima, sketches["bands"].shape[1], rows)
    sketches["passages"] = passage_keys(hashes, counts)


def id_words(ids: Sequence[str]) -> Words:
    """Return each id of 32 hex characters as two 64-bit words."""
    packed = b"".join(map(bytes.fromhex, ids))
    if len(packed) != 16 * len(ids):
        raise ValueError("ids of pages must have 32 hex characters")
    return np.frombuffer(packed, dtype=">u8").reshape(-1, 2).astype(np.uint64)


def page_keys(ids: Words, committed: bool = False) -> Words:
    """Return 63-bit keys that stand for pages; the lowest bit tells the committed ones."""
    mixed = fmix64(ids[:, 0] ^ fmix64(ids[:, 1].copy()))
    return mixed >> np.uint64(2) << np.uint64(1) | np.uint64(committed)


def is_committed(keys: Words) -> NDArray[np.bool_]:
    """Tell which pages were kept by an earlier run."""
    committed: NDArray[np.bool_] = (keys & np.uint64(1)).astype(bool)
    return committed


def hex_ids(words: Words) -> list[str]:
    """Return pairs of words (ids or text hashes) as 32 hex characters each."""
    return [f"{high:016x}{low:016x}" for high, low in words.tolist()]


def _title(title: NDArray[np.uint32], text: NDArray[np.uint32]) -> int:
    """Return a hash of the title, with the lowest bit set, or of how a long text opens."""
    if len(title):
        return zlib.crc32(title.tobytes()) | 1
    return zlib.crc32(text[:OPENING].tobytes()) & ~1 if len(text) >= LONG else 0


def _text_hash(title: NDArray[np.uint32], text: NDArray[np.uint32]) -> tuple[int, int]:
    """Return 128 bits of BLAKE2b over normalised title, a zero and normalised text."""
    digest = hashlib.blake2b(title.tobytes() + bytes(4) + text.tobytes(), digest_size=16).digest()
    return int.from_bytes(digest[:8]), int.from_bytes(digest[8:])


@functools.cache
def _normaliser() -> NDArray[np.uint32]:
    return signature_v1.normaliser()


@functools.cache
def _permutations() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    return signature_v1.coefficients()


def normalise(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return the normalised code points of all texts in a row, and how many each has.

    Letters and digits stay, in lower case and half width; all else goes. Single code points are
    mapped, so hostile runs of combining marks cost no more than other text.

    >>> points, sizes = normalise(["ＡＢＣ，中国 新闻！", "…"])
    >>> "".join(map(chr, points)), sizes.tolist()
    ('abc中国新闻', [7, 0])
    """
    raw = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    mapped = _normaliser()[raw]
    kept = mapped != 0
    before = np.concatenate([[0], np.cumsum(kept)])
    ends = np.cumsum([0, *map(len, texts)])
    return mapped[kept], np.diff(before[ends])


def fmix64(values: Words) -> Words:
    """Mix 64-bit values, in place, so that every bit depends on every bit (murmur's finaliser)."""
    values ^= values >> np.uint64(33)
    values *= _MURMUR[0]
    values ^= values >> np.uint64(33)
    values *= _MURMUR[1]
    values ^= values >> np.uint64(33)
    return values


def shingle_hashes(
    points: NDArray[np.uint32], sizes: NDArray[np.int64]
) -> tuple[Words, NDArray[np.int64]]:
    """Return the hashes of all shingles of all texts in a row, and how many each text has.

    A text of fewer than five characters has one shingle, the whole text, so that two different
    short texts differ; and no text has none.
    """
    wide = points.astype(np.uint64)
    windows = max(len(wide) - SHINGLE + 1, 0)
    sums = wide[:windows] * _WEIGHTS[0]
    term = np.empty_like(sums)
    for at in range(1, SHINGLE):
        sums += np.multiply(wide[at : at + windows], _WEIGHTS[at], out=term)
    inside = np.ones(windows, dtype=bool)
    across = (np.cumsum(sizes)[:, np.newaxis] - np.arange(1, SHINGLE)).ravel()
    inside[across[(across >= 0) & (across < windows)]] = False
    hashes = fmix64(sums[inside])
    counts = np.maximum(sizes - SHINGLE + 1, 0)
    short = np.flatnonzero(counts == 0)
    if len(short):
        starts = np.cumsum(sizes) - sizes
        whole = [_whole_hash(wide[starts[i] : starts[i] + sizes[i]]) for i in short]
        hashes = np.insert(hashes, (np.cumsum(counts) - counts)[short], np.concatenate(whole))
        counts = np.maximum(counts, 1)
    return hashes, counts


def _whole_hash(points: Words) -> Words:
    total = np.array([len(points) + 1], dtype=np.uint64)
    for point in points:
        total = total * _WEIGHTS[1] + point
    return fmix64(total)


def min_hashes(hashes: Words, counts: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Return the 128 min-hashes of every text: the least value of each permutation of its shingles.

    The permutations are `a·x + b mod 2^32` with odd `a`: XOR with a constant is no substitute
    (error .047 against .035 on texts of 60 to 130 characters).
    """
    factors, summands = _permutations()
    values = (hashes >> np.uint64(32)).astype(np.uint32)
    starts = np.cumsum(counts) - counts
    minima = np.empty((HASHES, len(counts)), dtype=np.uint32)
    if len(counts):
        buffer = np.empty((_AT_ONCE, len(values)), dtype=np.uint32)
        for k in range(0, HASHES, _AT_ONCE):
            some = slice(k, k + _AT_ONCE)
            np.multiply(values, factors[some, np.newaxis], out=buffer)
            np.add(buffer, summands[some, np.newaxis], out=buffer)
            np.minimum.reduceat(buffer, starts, axis=1, out=minima[some])
    return minima.T


def band_keys(minima: NDArray[np.uint32], bands: int, rows: int) -> Words:
    """Return one key per text and band; equal keys mean `rows` equal min-hashes in that band."""
    grouped = minima[:, : bands * rows].reshape(-1, bands, rows).astype(np.uint64)
    keys = np.arange(1, bands + 1, dtype=np.uint64) * _BAND_WEIGHT + np.zeros_like(grouped[:, :, 0])
    for row in range(rows):
        keys = (keys ^ grouped[:, :, row]) * _WEIGHTS[1]
        keys ^= keys >> np.uint64(29)
    return fmix64(keys)


def estimate_jaccard(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Estimate the similarity of pairs of signatures; unbiased, standard error at most .045."""
    equal = np.count_nonzero(a == b, axis=1) / HASHES
    estimate: NDArray[np.float64] = (equal - 1 / 256) / (1 - 1 / 256)
    return estimate


def shingle_sets(texts: Sequence[str]) -> list[Words]:
    """Return the sorted distinct shingle hashes of each text."""
    sets: list[Words] = []
    for start, stop in _blocks(texts):
        hashes, counts = shingle_hashes(*normalise(texts[start:stop]))
        sets += map(_distinct, np.split(hashes, np.cumsum(counts)[:-1]))
    return sets


def _distinct(values: Words) -> Words:
    """Return the sorted distinct values; `np.unique` takes nine times as long for 500 of them."""
    ordered = np.sort(values)
    first = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def overlap(a: Words, b: Words) -> int:
    """Return how many values two sorted sets share."""
    few, many = (a, b) if len(a) <= len(b) else (b, a)
    at = np.minimum(np.searchsorted(many, few), len(many) - 1)
    return int(np.count_nonzero(many[at] == few))
