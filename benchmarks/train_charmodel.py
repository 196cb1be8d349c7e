"""Rebuild the character tables of `transforms/text/tables/`, byte for byte.

    pip install jieba==0.42.1 opencc-python-reimplemented==0.1.7
    python benchmarks/train_charmodel.py

Sources: the word frequencies of jieba (`dict.txt`, MIT; 349,046 simplified words, 60 million
tokens) and the dictionaries of opencc-python-reimplemented (Apache-2.0), which give each word its
traditional forms. Neither knows punctuation or 的 as running text uses them: those shares are set
by hand below.
"""

from __future__ import annotations

import base64
import itertools
import math
import zlib
from collections import Counter
from pathlib import Path

import jieba
import numpy as np
from opencc import OpenCC

TABLES = Path(__file__).parent.parent / "transforms" / "text" / "tables"

SCRIPT_WEIGHTS = {None: 0.55, "s2t": 0.15, "s2tw": 0.2, "s2hk": 0.1}
"""Share of each script in the model: pages come in both, and no page may look odd for its own."""

HANZI_SHARE = 0.85
"""Share of hanzi among the non-ASCII characters of Chinese news; the rest is punctuation."""

SHARES = {
    "的": 0.034,
    "，": 0.035,
    "。": 0.015,
    "、": 0.008,
    "“”": 0.005,
    "：": 0.004,
    "　": 0.004,
    "（）《》": 0.002,
    "「」": 0.003,
    "；！？": 0.0012,
    "·—…『』【】": 0.0006,
    "‘’\u00a0": 0.0004,
    "０１２３４５６７８９％．": 0.0003,
    "〈〉～／－─○●■◆★▲〔〕－‧•": 0.00006,
    "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ＋＝＆＠＃〇℃①②③④⑤→△□☆※×°㎡": 0.00002,
    "ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ": 0.000008,
}
"""Share of each character among the non-ASCII characters of running text, by hand: orders of
magnitude as they are found in any newspaper, to one digit."""

UNSEEN_SHARE = 0.02
"""Probability kept for characters that no source has, spread by `CLASS_PRIOR`."""

CLASS_PRIOR = (
    (0x0000, 0xFFFF, -19.0),
    (0x0000, 0x001F, -22.0),
    (0x0009, 0x000A, -6.0),
    (0x000D, 0x000D, -6.0),
    (0x0020, 0x007E, -9.0),
    (0x007F, 0x009F, -22.0),
    (0x00A0, 0x024F, -13.0),
    (0x0250, 0x1FFF, -16.0),
    (0x2000, 0x206F, -13.0),
    (0x2070, 0x2E7F, -14.0),
    (0x2E80, 0x2FFF, -17.0),
    (0x3000, 0x303F, -13.0),
    (0x3040, 0x30FF, -12.0),
    (0x3100, 0x33FF, -15.0),
    (0x3400, 0x4DFF, -17.0),
    (0x4E00, 0x9FFF, -16.0),
    (0xAC00, 0xD7A3, -14.5),
    (0xD800, 0xDFFF, -12.0),
    (0xF900, 0xFEFE, -18.0),
    (0xFEFF, 0xFEFF, -14.0),
    (0xFF00, 0xFF5E, -12.0),
    (0xFF5F, 0xFFDF, -16.0),
    (0xFFE0, 0xFFEF, -14.0),
    (0xFFF0, 0xFFFF, -24.0),
)
"""Log-probability (nats) of a UTF-16 code unit that no source has; later rows win."""

MIN_PAIR_COUNT = 20
"""Pairs below are left out, which keeps the table small; 74,654 pairs remain."""


def read_words() -> list[tuple[str, int]]:
    """Return the words of jieba's dictionary with their frequencies."""
    with jieba.get_dict_file() as lines:
        rows = [line.decode("utf-8").split() for line in lines]
    return [(row[0], int(row[1])) for row in rows]


def count_characters(words: list[tuple[str, int]]) -> np.ndarray:
    """Return the share of each code unit in both scripts together."""
    total = np.zeros(0x10000)
    for conversion, weight in SCRIPT_WEIGHTS.items():
        spelled = [word for word, _ in words]
        if conversion:
            spelled = OpenCC(conversion).convert("\n".join(spelled)).split("\n")
        counts = np.zeros(0x10000)
        for word, (_, frequency) in zip(spelled, words, strict=True):
            for unit in np.frombuffer(word.encode("utf-16-le"), "<u2"):
                counts[unit] += frequency
        counts[:0x80] = 0
        total += weight * counts / counts.sum()
    return total


def class_prior() -> np.ndarray:
    """Return the log-probability of each code unit that no source has."""
    prior = np.zeros(0x10000)
    for first, last, value in CLASS_PRIOR:
        prior[first : last + 1] = value
    return prior


def unigram(words: list[tuple[str, int]]) -> np.ndarray:
    """Return the log-probability (nats) of each code unit."""
    seen = HANZI_SHARE * count_characters(words)
    for characters, share in SHARES.items():
        for character in characters:
            seen[ord(character)] = share
    return np.log((1 - UNSEEN_SHARE) * seen + UNSEEN_SHARE * np.exp(class_prior()))


def pairs(words: list[tuple[str, int]], log_p: np.ndarray) -> tuple[list, dict[int, float]]:
    """Return what a pair inside a word adds to the second character, and the back-off of a first.

    A character ends a word with probability `e(a)`; then anything may follow. So
    `p(b|a) = inside(a, b) / n(a) + e(a)·p(b)`; kept is `ln p(b|a) − ln p(b)`.
    """
    inside: Counter[tuple[str, str]] = Counter()
    seen: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    for word, frequency in words:
        if not all("\u4e00" <= c <= "\u9fff" for c in word):
            continue
        inside.update(
            {pair: frequency * n for pair, n in Counter(itertools.pairwise(word)).items()}
        )
        seen.update({c: frequency * n for c, n in Counter(word).items()})
        ends[word[-1]] += frequency
    free = {ord(a): max(ends[a] / n, 0.05) for a, n in seen.items()}
    gains = []
    for (a, b), count in sorted(inside.items()):
        p = math.exp(log_p[ord(b)])
        gain = math.log((count / seen[a] + free[ord(a)] * p) / p)
        if count >= MIN_PAIR_COUNT and gain > 0:
            gains.append((ord(a), ord(b), gain))
    return gains, {a: math.log(share) for a, share in free.items()}


def pack(data: bytes) -> str:
    """Return `data` compressed, as the lines of a Python string literal."""
    text = base64.b85encode(zlib.compress(data, 9)).decode("ascii")
    return "\n".join(f'    "{text[at : at + 94]}"' for at in range(0, len(text), 94))


def write(name: str, about: str, blobs: dict[str, bytes]) -> None:
    """Write one frozen table as a Python module."""
    parts = [
        f'"""{about}\n\nWritten by `benchmarks/train_charmodel.py`; sources and licences there.\n',
        '"""\n\n',
        "import base64\nimport zlib\n",
    ]
    for blob, data in blobs.items():
        parts.append(f"\n{blob} = zlib.decompress(base64.b85decode(\n{pack(data)}\n))\n")
    (TABLES / f"{name}.py").write_text("".join(parts), encoding="utf-8")


def main() -> None:
    """Write both tables."""
    words = read_words()
    log_p = unigram(words)
    costs = np.clip(np.rint(-10 * log_p), 0, 255).astype(np.uint8)
    write(
        "characters",
        "Cost of each UTF-16 code unit: one byte each, tenths of a nat, 255 at most.",
        {"COSTS": costs.tobytes()},
    )
    gains, back_off = pairs(words, log_p)
    keys = np.array([a << 16 | b for a, b, _ in gains], np.int64)
    steps = np.diff(keys, prepend=0)
    write(
        "character_pairs",
        "Pairs of hanzi inside words and their gains in half nats.\n\n"
        "`STEPS` leads from key `first << 16 | second` to key, as four planes of bytes, the "
        "lowest\nfirst; `BACK_OFF` is the back-off of 4E00–9FFF in tenths of a nat.",
        {
            "STEPS": steps.astype("<u4").reshape(-1, 1).view(np.uint8).T.tobytes(),
            "GAINS": np.clip(np.rint([2 * gain for _, _, gain in gains]), 1, 255)
            .astype(np.uint8)
            .tobytes(),
            "BACK_OFF": bytes(
                min(round(-10 * back_off.get(code, 0.0)), 255) for code in range(0x4E00, 0xA000)
            ),
        },
    )


if __name__ == "__main__":
    main()
