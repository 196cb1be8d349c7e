"""Pages a second that `sketch_pages` makes on one core: `python benchmarks/signature_speed.py`."""

from __future__ import annotations

import time
from datetime import date

import numpy as np

from transforms.text.duplicates.fingerprint import sketch_pages

BATCH = 256
ROUNDS = 7


def main() -> None:
    """Print the best CPU time of several rounds for each length."""
    for length in (100, 500, 1_500, 5_000):
        best = min(seconds(length) for _ in range(ROUNDS))
        print(f"{length:5} characters: {BATCH / best:8,.0f} pages a second and core")


def seconds(length: int) -> float:
    """Return the CPU seconds that a batch of made-up pages takes."""
    source = np.random.default_rng(length)
    points = source.integers(0x4E00, 0x6200, (BATCH, length), dtype=np.uint16)
    texts = [row.tobytes().decode("utf-16-le") for row in points]
    titles: list[str | None] = [text[:20] for text in texts]
    sites: list[str | None] = [f"{n % 9}.example.cn" for n in range(BATCH)]
    ids = [f"{n:032x}" for n in range(BATCH)]
    start = time.process_time()
    sketch_pages(
        ids, titles, texts, [None] * BATCH, sites, undated=date(2024, 8, 6), bands=32, rows=4
    )
    return time.process_time() - start


if __name__ == "__main__":
    main()
