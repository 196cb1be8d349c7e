"""Texts and helpers of the encoding and mojibake benchmarks, from `../shared/data`."""

from __future__ import annotations

import codecs
import gzip
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from transforms.text.decoding.detect_encoding import Decoded, EncodingConfig, decode

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

SAME_SYMBOLS = str.maketrans("‧､¯～⊕⊙∕﹨￥￠￡", "•﹑‾∼♁☉／＼¥¢£")
"""The symbols that the codecs of the Big5 family decode differently."""


def read_news(name: str) -> Iterator[str]:
    """Yield the articles of one collection."""
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def read_texts() -> dict[str, str]:
    """Return one long clean text per kind: hans, hant, ja, ko."""
    texts = {}
    for kind, name in (("hans", "news_hans_cctv_2022_2024"), ("hant", "news_hant_taiwan")):
        pages = [text.replace("\r", "") for text in read_news(name)]
        random.Random(0).shuffle(pages)
        texts[kind] = "\n".join(pages)[:3_000_000]
    texts["hant"] += "\n" + (DATA / "ntrex/newstest2019-ref.zho-TW.txt").read_text("utf-8-sig")
    for kind, folder, codec in (("ja", "EUC-JP", "euc_jp"), ("ko", "EUC-KR", "cp949")):
        files = sorted((DATA / "chardet" / folder).iterdir())
        texts[kind] = "\n".join(path.read_bytes().decode(codec, "ignore") for path in files)
    return {kind: text.replace("\ufffd", "") for kind, text in texts.items()}


def snippet(text: str, codec: str, n_bytes: int, rng: random.Random) -> str:
    """Return a random piece of `text` of about `n_bytes` in `codec`, 40 % of it not ASCII."""
    while True:
        start = rng.randrange(len(text) - n_bytes)
        data = text[start : start + n_bytes].encode(codec, "ignore")
        piece = codecs.getincrementaldecoder(codec)("ignore").decode(data[:n_bytes])
        if sum(c > "\x7f" for c in piece) > 0.4 * len(piece):
            return piece.strip("\n")


def ours(data: bytes) -> str:
    """Return the text that `detect_encoding` reads."""
    result = decode(data, None, EncodingConfig())
    return result.text if isinstance(result, Decoded) else ""


def print_table(head: Sequence[Any], rows: Sequence[Sequence[Any]]) -> None:
    """Print rows as a Markdown table."""
    for row in (head, ["---"] * len(head), *rows):
        print("| " + " | ".join(map(str, row)) + " |")


def rate(function: Callable[[Any], object], pages: list[Any], rounds: int = 5) -> float:
    """Return calls per second of processor time, the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        before = time.process_time()
        for page in pages:
            function(page)
        best = min(best, time.process_time() - before)
    return len(pages) / best
