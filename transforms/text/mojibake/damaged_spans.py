"""Damage inside an otherwise good line: Latin runs, and UTF-8 read as GBK."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.text import charmodel
from transforms.text.mojibake.budget import Budget
from transforms.text.mojibake.codec_chains import (
    HANZI_RE,
    best_repair,
    encode,
    fill_repair,
    n_non_ascii,
)
from transforms.text.mojibake.draft import Change
from transforms.text.mojibake.lost_bytes import Fill

_LATIN = "\u0080-\u024f\u02c6\u02dc\u2010-\u203a€™\ufffd"
_LATIN_RUN_RE = re.compile(f"[{_LATIN}]+(?:[ -~]{{1,2}}[{_LATIN}]+)*[ -~]?")
_UTF8_RUN_RE = re.compile(rb"(?:[\xe2-\xe9\xef][\x80-\xbf]{2}){2,}")


def latin_runs(line: str, fill: Fill, budget: Budget) -> Iterator[Change]:
    """Yield the repair of runs of Latin letters and marks that were hanzi.

    Four different non-ASCII characters in and two hanzi out keep stretched words and the words of
    other languages as they are: `jóóóó`, `és ááá félá`.
    """
    for found in _LATIN_RUN_RE.finditer(line):
        run = found[0]
        if len({c for c in run if c > "\x7f"}) < 4:
            continue
        for piece in (run, run[:-1]):
            repair = best_repair(piece, budget)
            if repair is None or len(set(HANZI_RE.findall(repair.text))) < 2:
                continue
            short = len(repair.text) <= 3
            if repair.n_lost <= 0.2 * len(repair.text) and charmodel.mean(repair.text) > (
                -9 if short else -10
            ):
                start = found.start()
                after = fill_repair(piece, repair, fill)
                yield Change(start, start + len(piece), after, repair.reason)
                break


def utf8_spans(line: str) -> Iterator[Change]:
    """Yield the repair of spans of UTF-8 that were read as GBK inside a good line."""
    if not _UTF8_RUN_RE.search(encode(line, "gb18030") or b""):
        return
    pieces = [encode(c, "gb18030") or b"" for c in line]
    offsets = {0: 0}
    at = 0
    for number, piece in enumerate(pieces, 1):
        at += len(piece)
        offsets[at] = number
    done = 0
    for found in _UTF8_RUN_RE.finditer(b"".join(pieces)):
        start, stop = found.span()
        start += 0 if start in offsets else 3
        while stop not in offsets and stop - start >= 6:
            stop -= 3
        if start not in offsets or stop - start < 6 or offsets[start] < done:
            continue
        first, last = offsets[start], offsets[stop]
        after = b"".join(pieces)[start:stop].decode("utf-8", "replace")
        before, behind = line[max(first - 1, 0) : first], line[last : last + 1]
        gain = charmodel.total(before + after + behind) - charmodel.total(
            before + line[first:last] + behind
        )
        if gain > max(12, 5 * n_non_ascii(after)):
            done = last
            yield Change(first, last, after, "utf8_as_gbk")
