"""Rebuild `transforms/text/tables/line_breaks.py`, the weights of the model of broken lines.

    python benchmarks/train_breaks.py            # compare with the committed file
    python benchmarks/train_breaks.py --write    # write it

Reads `../shared/data`: of the CCTV news all documents but 2,000 to 4,500, of the Taiwanese every
second one; the others are kept for benchmarks. The table holds weights of hashed features, and no
text. It comes out byte for byte with numpy 2.4 on Python 3.11.

A break inside a sentence is made at every sixth character of each paragraph, at random. What is no
such break is what stands on both sides of the end of a sentence or paragraph, its final mark taken
away; a line without a final mark and the line below it, as headings and captions are; and a
headline above a paragraph.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import random
import re
import sys
import zlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from transforms.text.lines.break_model import BITS, N_FEATURES, features

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
TARGET = ROOT / "transforms" / "text" / "tables" / "line_breaks.py"
HELD_OUT = range(2000, 4500)

STEP = 0.5
"""Nats between two weights: halves lose nothing against floats, and pack into 65 KB."""
EPOCHS, BATCH, RATE = 2, 512, 0.15
INSIDE, END, LOOSE, TITLE, ANY_TITLE = 1.0, 2.0, 4.0, 2.0, 0.5
"""Weight of a break inside a sentence, at an end, below a line without one, and below headlines."""

MODULE = '''"""Weights of the model that tells whether a line break cuts a sentence.

One byte for each hashed feature: `STEP` nats for each unit above 128.

Written by `benchmarks/train_breaks.py`; sources there.
"""

import base64
import zlib

STEP = {step}

WEIGHTS = zlib.decompress(base64.b85decode(
{packed}
))
'''


def documents() -> Iterator[tuple[str, list[str]]]:
    """Yield title and lines of the documents to learn from."""
    for name, breaks in (("news_hans_cctv_2022_2024", r"\n"), ("news_hant_taiwan", r"\n|\s{2,}")):
        with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as rows:
            for number, row in enumerate(rows):
                item = json.loads(row)
                held_out = number in HELD_OUT if name.endswith("2024") else number % 2
                lines = [line.strip() for line in re.split(breaks, item["text"]) if line.strip()]
                if lines and lines[0].startswith("央视网消息"):
                    lines[0] = lines[0].split("：", 1)[-1]
                if not held_out and lines and lines[0]:
                    yield item["title"], lines


ENDED_RE = re.compile(r"[。！？]+[”」』）]*")
MARK_RE = re.compile(r"[。！？…；：，、,.!?;:]+[”」』）]*$")
MIN_PROSE = 30


def samples(rng: random.Random) -> Iterator[tuple[str, str, float, float]]:
    """Yield above, below, whether they are one sentence, and the weight of that."""
    for title, lines in documents():
        prose = [x for x in lines if len(x) >= MIN_PROSE and x[-1] in "。！？”」"]
        for line in prose:
            yield from ((line[:at], line[at:], 1.0, INSIDE) for at in cuts(line, rng))
            for end in ENDED_RE.finditer(line):
                if end.start() and end.end() < len(line):
                    yield line[: end.start()], line[end.end() :].lstrip(), 0.0, END
            yield title, line, 0.0, ANY_TITLE
        yield title, lines[0], 0.0, TITLE
        for above, below in pairwise(lines):
            if is_loose(above):
                yield above, below, 0.0, LOOSE
            elif min(len(above), len(below)) >= MIN_PROSE and MARK_RE.sub("", above):
                yield MARK_RE.sub("", above), below, 0.0, END


def cuts(line: str, rng: random.Random) -> list[int]:
    """Return the places at which a line is cut: every sixth at which no sentence ends."""
    ended = {end.end() for end in ENDED_RE.finditer(line)}
    places = [
        at
        for at in range(2, len(line) - 1)
        if at not in ended and line[at - 1] not in "。！？…；：— " and line[at] != " "
    ]
    return rng.sample(places, min(max(1, len(line) // 6), len(places)))


def is_loose(line: str) -> bool:
    """Return whether a line has no final mark."""
    return line[-1] not in "。！？…；：—" and not (
        line[-1] in '”」』）"' and line[-2:-1] in "。！？"
    )


def fit(x: np.ndarray, y: np.ndarray, importance: np.ndarray) -> np.ndarray:
    """Return the weights of a logistic regression, by Adagrad in small batches."""
    weights, squares = np.zeros(1 << BITS), np.full(1 << BITS, 1e-2)
    rng = np.random.default_rng(0)
    for _ in range(EPOCHS):
        order = rng.permutation(len(y))
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            odds = weights[x[batch]].sum(axis=1)
            error = (1 / (1 + np.exp(-odds)) - y[batch]) * importance[batch]
            seen, places = np.unique(x[batch].ravel(), return_inverse=True)
            slope = np.bincount(places.ravel(), np.repeat(error, x.shape[1]), len(seen))
            squares[seen] += slope * slope
            weights[seen] -= RATE * slope / np.sqrt(squares[seen])
    return weights


def build() -> str:
    """Return the text of the table's module."""
    rows = []
    truth = []
    for above, below, inside, importance in samples(random.Random(7)):
        rows.append(features(above, below))
        truth.append((inside, importance))
    y, importance = np.array(truth).T
    weights = fit(np.array(rows, np.int32).reshape(-1, N_FEATURES), y, importance)
    steps = np.clip(np.rint(weights / STEP) + 128, 0, 255).astype(np.uint8)
    coder = zlib.compressobj(9, strategy=zlib.Z_HUFFMAN_ONLY)
    text = base64.b85encode(coder.compress(steps.tobytes()) + coder.flush()).decode("ascii")
    lines = [f'    "{text[at : at + 94]}"' for at in range(0, len(text), 94)]
    return MODULE.format(step=STEP, packed="\n".join(lines))


def main() -> int:
    """Compare the table with what the sources give, or write it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true")
    module = build()
    if parser.parse_args().write:
        TARGET.write_text(module, encoding="utf-8")
        return 0
    same = TARGET.read_text(encoding="utf-8") == module
    print("the same" if same else "differs")
    return int(not same)


if __name__ == "__main__":
    sys.exit(main())
