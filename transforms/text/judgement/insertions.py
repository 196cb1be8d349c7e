"""Signs that something was put inside the words of a text.

Copies are marked with the name of a site in the middle of words (`我老秘网市`, `contamination.md`
S15) or with hanzi that mean nothing (S17). What was put between two words cannot be told from the
text, so that nothing is taken out.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from transforms.text.charmodel import codes_of, gain_of_pair, log_p, log_p_of
from transforms.text.shadow import fold
from transforms.text.spam.segments import Span, bigrams


def has_insertions(text: str) -> bool:
    """Return whether site names or random hanzi stand inside the words of `text`."""
    folded = fold(text)
    return has_site_names(folded) or has_random_hanzi(folded)


def has_site_names(folded: str) -> bool:
    """Return whether a site name breaks words of a folded text.

    At two places; or at one, if the word it breaks is whole elsewhere in the text.
    """
    broken: dict[str, set[str]] = {}
    loose = set()
    for span in _site_names(folded):
        pair, across = _pair_around(folded, span)
        left = gain_of_pair(pair[:1], folded[span.start])
        right = gain_of_pair(folded[span.stop - 1], pair[1:])
        if across < BROKEN or left > 0 or right > 0:
            continue
        broken.setdefault(folded[slice(*span)], set()).add(pair)
        if max(left, right) <= LOOSE:
            loose.add(pair)
    return any(len(pairs) > 1 for pairs in broken.values()) or (
        bool(loose) and not loose.isdisjoint(bigrams(folded))
    )


def _site_names(folded: str) -> Iterator[Span]:
    """Yield what may be the name of a site between two hanzi.

    Nothing tells where one of hanzi begins.
    """
    for ending in islice(_NAME_END_RE.finditer(folded), MOST_NAMES):
        stop = ending.end()
        if gain_of_pair(folded[stop - 1], folded[stop]) > 0:
            continue
        hanzi = _LAST_HANZI_RE.search(folded, max(0, stop - LONGEST_NAME - 1), stop)
        for start in range(hanzi.start() + 1 if hanzi else stop, stop - 2):
            yield Span(start, stop)
    for ending in islice(_DOMAIN_END_RE.finditer(folded), MOST_NAMES):
        domain = _DOMAIN_RE.search(folded, max(0, ending.end() - LONGEST_DOMAIN), ending.end())
        if domain:
            yield Span(domain.start() + 1, ending.end())


_LAST_HANZI_RE = re.compile("[\u4e00-\u9fff]+$")
_NAME_END_RE = re.compile("(?:网站?|论坛|社区|在线|文库|资讯|之家|吧)(?=[\u4e00-\u9fff])")
_DOMAIN_END_RE = re.compile(r"\.(?:com|cn|net|org|cc)(?=[\u4e00-\u9fff])")
_DOMAIN_RE = re.compile(r"[\u4e00-\u9fff][a-z0-9.-]+$")

LONGEST_DOMAIN = 30
"""Code points of a domain name."""

MOST_NAMES = 500
"""Ends of names that are looked at on one page."""

LONGEST_NAME = 6
"""Hanzi of a site name."""

BROKEN = 1.5
"""Nats that two hanzi gain by standing together, from which they are parts of a word."""

LOOSE = -0.5
"""Nats that hanzi gain beside each other, up to which they hardly ever stand so.

With these, none of the 10,543 clean pages of `../shared/data` has site names in its words.
"""


def _pair_around(folded: str, span: Span) -> tuple[str, float]:
    """Return the characters on both sides of `span`, and what they gain by standing together."""
    before, after = folded[span.start - 1], folded[span.stop]
    return before + after, gain_of_pair(before, after)


def has_random_hanzi(folded: str) -> bool:
    """Return whether hanzi that mean nothing stand at many places of a folded text."""
    runs = _rare_runs(folded)
    times = Counter(folded[slice(*run)] for run in runs)
    score = sum(_oddity(folded, run) for run in runs if times[folded[slice(*run)]] == 1)
    return score >= ODD_PAGE * max(1.0, len(folded) / ODD_LENGTH)


def _rare_runs(folded: str) -> list[Span]:
    """Return the runs of two and more rare hanzi."""
    rare = _rare_hanzi().take(codes_of(folded))
    runs: list[Span] = []
    for first in np.flatnonzero(rare[1:] & rare[:-1]).tolist():
        if runs and runs[-1].stop == first + 1:
            runs[-1] = Span(runs[-1].start, first + 2)
        else:
            runs.append(Span(first, first + 2))
    return runs


@functools.cache
def _rare_hanzi() -> NDArray[np.bool_]:
    """Return of each code unit whether it is a rare hanzi."""
    rare = log_p() <= -RARE
    rare[:0x4E00] = rare[0xA000:] = False
    return rare


def _oddity(folded: str, span: Span) -> float:
    """Return how odd a run of rare hanzi is, in nats; 0 where it may be a word or a name."""
    run, around = folded[slice(*span)], folded[max(0, span.start - 1) : span.stop + 1]
    odd = -sum(map(log_p_of, run)) / len(run) - EXPECTED
    if odd <= 0 or len(run) > LONGEST_RUN:
        return 0.0
    if len(around) < len(run) + 2 or not _HANZI_RE.fullmatch(around):
        return 0.0
    if any(gain_of_pair(a, b) > WORD for a, b in pairwise(around)):
        return 0.0
    _, across = _pair_around(folded, span)
    return min(MOST_ODD, odd) + (BROKEN_ODDITY if across >= BROKEN else 0.0)


_HANZI_RE = re.compile("[\u4e00-\u9fff]+")

LONGEST_RUN = 4
"""Hanzi of a run: three that were put in may stand beside another rare one."""

RARE = 9.5
"""Nats that a rare hanzi costs: 7 in 100 of clean news, 2 of 3 of the common half of GB 2312."""

WORD = 0.5
"""Nats that two hanzi gain by standing together, above which they may be a word."""

EXPECTED = 10.0
"""Nats that a rare hanzi costs in the mean of names and words of clean news."""

MOST_ODD = 3.0
"""Nats that one run counts at most: one name with a very rare character proves little."""

BROKEN_ODDITY = 2.0
"""Nats that a run counts in addition where it parts a word."""

ODD_PAGE = 7.0
"""Sum of these from which a page of up to `ODD_LENGTH` has hanzi put in; that of a longer one grows
with its length.

The highest of the 10,543 clean pages of `../shared/data` have 5.7, 5.5 and 5.5.
"""

ODD_LENGTH = 2000
"""Code points."""
