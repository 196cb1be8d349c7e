"""Means with bootstrap intervals over documents, for the benchmarks beside this file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

DRAWS = 1000


class Estimate(NamedTuple):
    """A mean (0–1) with its 95 % bootstrap interval, and what it is the mean of."""

    value: float
    low: float
    high: float
    of: int

    def __str__(self) -> str:
        return f"{self.value:8.4f}  [{self.low:.4f}, {self.high:.4f}]  of {self.of}"


def estimate(hits: Sequence[float], of: Sequence[float] | None = None, seed: int = 0) -> Estimate:
    """Return the mean of `hits`, or `hits` per `of`, both summed by document.

    Args:
        hits: one figure for each document.
        of: what each is counted of; documents of which nothing is counted are left out.
        seed: of the draws.
    """
    x = np.asarray(hits, dtype=float)
    n = np.ones(len(x)) if of is None else np.asarray(of, dtype=float)
    x, n = x[n > 0], n[n > 0]
    if not len(x):
        return Estimate(0.0, 0.0, 0.0, 0)
    draws = np.random.default_rng(seed).integers(0, len(x), (DRAWS, len(x)))
    low, high = np.percentile(x[draws].sum(axis=1) / n[draws].sum(axis=1), [2.5, 97.5])
    return Estimate(float(x.sum() / n.sum()), float(low), float(high), int(n.sum()))
