"""How well `strip_pinyin` finds a mirror's annotations, mends what they broke, and spares glosses.

    python benchmarks/quality/pinyin.py [--documents 400]

A mirror is imitated on clean simplified articles: character by character to traditional, encoded
as GBK, then every key of a list replaced in the bytes, aligned or not, by itself and its reading.
Lists are prefixes of one order; their length is a mirror's own. Glosses as people write them are
put into clean articles of both scripts. Needs `../shared/data` beside the project.
"""

from __future__ import annotations

import argparse
import difflib
import gzip
import json
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from opencc import OpenCC

from transforms.text.charmodel import log_p
from transforms.text.pinyin.evidence import MIRROR_ORDER
from transforms.text.pinyin.readings import LETTERS, TONED, readings
from transforms.text.pinyin.strip_pinyin import PinyinConfig, strip_pinyin
from transforms.text.records import Origin, Page
from transforms.text.script.to_simplified import dictionaries, traditional_only

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
UNCHANGED = "后里干并余台谷丑面几卜云松范准志姜郁咸占了"
"""Characters that mirrors leave simplified, having several traditional forms."""

LIST_LENGTHS = (4, 8, 16, 38, 75, 120, 200, 400)
BINS = ((1, 1), (2, 3), (4, 7), (8, 15), (16, 10**9))
REMAINS_RE = re.compile(rf"[{LETTERS}]*[{TONED}][{LETTERS}]* ?[)）]")


class Mirrored(NamedTuple):
    """A mirrored text, what it should become, and its number of annotations."""

    text: str
    truth: str
    n_annotations: int


def articles(name: str, limit: int) -> list[str]:
    """Return the texts of a collection of `../shared/data`, evenly sampled."""
    with gzip.open(DATA / name, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    return texts[:: max(1, len(texts) // limit)][:limit]


def fragments(texts: Sequence[str], rng: random.Random) -> Iterator[str]:
    """Yield a prefix of each text, from one sentence to the whole."""
    for text in texts:
        yield text[: rng.choice((15, 25, 40, 60, 100, 200, 400, 800, 3000))]


class Mirror:
    """A mirror with a list of keys of a given length.

    Args:
        order: characters it may annotate, in the order of the list.
        length: number of them it does.
        drops_private_use: whether a crawler behind it lost the characters E000–F8FF.
    """

    def __init__(self, order: Sequence[str], length: int, drops_private_use: bool) -> None:
        self._keys = [key.encode("gbk") for key in order[:length]]
        self._names = [readings()[key][0].encode("gbk") for key in order[:length]]
        self._drops = drops_private_use
        table = dictionaries("s2t")[0][-1]
        self._to_traditional = {
            ord(old): new for old, new in table.items() if old not in UNCHANGED
        } | {ord("发"): "發"}

    def reflect(self, text: str) -> Mirrored:
        """Return `text` as the mirror shows it."""
        raw = text.translate(self._to_traditional).encode("gbk", "replace")
        truth = raw.decode("gbk")
        n = 0
        for key, name in zip(self._keys, self._names, strict=True):
            n += raw.count(key)
            raw = raw.replace(key, key + b"(" + name + b")")
        shown = decoded_by_pairs(raw)
        if self._drops:
            shown = re.sub("[\ue000-\uf8ff]", "", shown)
        return Mirrored(shown, truth, n)


def decoded_by_pairs(raw: bytes) -> str:
    """Return GBK bytes as a decoder shows them that takes two bytes at a time, come what may."""
    parts = []
    at = 0
    while at < len(raw):
        width = 1 if raw[at] < 0x80 else 2
        parts.append(decoded(raw[at : at + width]))
        at += width
    return "".join(parts)


def decoded(unit: bytes) -> str:
    """Return one character, or `?`."""
    for codec in ("gbk", "gb18030"):
        try:
            return unit.decode(codec)
        except UnicodeDecodeError:
            pass
    return "?"


def orders(texts: Sequence[str], rng: random.Random) -> dict[str, list[str]]:
    """Return the lists mirrors are given.

    One as observed; one with a fifth of other characters among them, as on the sample pages; and
    one in no known order, of which no mirror was seen.
    """
    seen = Counter("".join(texts).translate(Mirror("", 0, False)._to_traditional))
    own = [c for c, _ in seen.most_common() if c in traditional_only() and c in readings()]
    rest = [c for c in own if c not in MIRROR_ORDER]
    shuffled = own[:500]
    rng.shuffle(shuffled)
    others = iter([c for c in shuffled if c not in MIRROR_ORDER])
    mixed: list[str] = []
    for char in MIRROR_ORDER:
        mixed += [char, next(others)] if rng.random() < 0.25 else [char]
    return {
        "observed": [*MIRROR_ORDER, *rest],
        "mixed": [*mixed, *others],
        "in no known order": shuffled,
    }


def stripped(text: str) -> Page:
    """Return a page with `text` behind the step."""
    outcome = strip_pinyin(Page(Origin("0" * 32, "benchmark", 0), text), PinyinConfig())
    assert isinstance(outcome, Page)
    return outcome


def remains(text: str) -> int:
    """Return the number of annotations that the step leaves, whole or broken."""
    return len(REMAINS_RE.findall(stripped(text).text))


def distance(a: str, b: str) -> int:
    """Return the number of characters that differ between two nearly equal texts."""
    blocks = difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in blocks if tag != "equal")


def mirrors(texts: Sequence[str], rng: random.Random) -> None:
    """Print recall by annotations per document, and character error by length of the list."""
    lists = orders(texts, rng)
    for name, order in lists.items():
        found: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
        for length in LIST_LENGTHS:
            mirror = Mirror(order, length, rng.random() < 0.5)
            for text in fragments(texts, rng):
                shown = mirror.reflect(text)
                if not shown.n_annotations:
                    continue
                band = next(b for b in BINS if b[0] <= shown.n_annotations <= b[1])
                found[band][0] += max(0, shown.n_annotations - remains(shown.text))
                found[band][1] += shown.n_annotations
        print(
            f"recall, list {name}: "
            + "  ".join(
                f"{a}-{b if b < 10**9 else ''}: {got / n:.2%} of {n}"
                for (a, b), (got, n) in sorted(found.items())
            )
        )
    to_simplified = OpenCC("t2s").convert
    done = noted = 0
    for text in texts[::4]:
        shown = Mirror(lists["observed"], 38, False).reflect(text[:400])
        if shown.n_annotations >= 8:
            noted += shown.n_annotations
            done += shown.n_annotations - remains(to_simplified(shown.text))
    print(f"recall, mirror turned simplified, 8 and more: {done / noted:.2%} of {noted}")
    for drops in (False, True):
        for length in (38, 120):
            mirror = Mirror(lists["observed"], length, drops)
            wrong = naive = total = noted = 0
            for text in texts:
                shown = mirror.reflect(text)
                wrong += distance(stripped(shown.text).text, shown.truth)
                naive += distance(
                    REMAINS_RE.sub("", re.sub(r"\((?=[^()]{1,7}\))", "", shown.text)), shown.truth
                )
                noted += shown.n_annotations
                total += sum("\u3400" <= c <= "\u9fff" for c in shown.truth)
            print(
                f"error, {length} kinds, private use {'lost' if drops else 'kept'}: "
                f"{1e6 * wrong / total:.0f} ppm (naive {1e6 * naive / total:.0f}) "
                f"of {total} hanzi, {noted} annotations"
            )


def speed(texts: Sequence[str]) -> None:
    """Print the speed of the step on one core, in UTF-8 megabytes a CPU second."""
    mirror = Mirror(MIRROR_ORDER, 75, False)
    longer = ["\n".join(texts[at : at + 8]) for at in range(0, len(texts), 8)]
    corpora = {
        "text without brackets": [re.sub("[()（）]", "", text) for text in longer],
        "text with brackets": texts,
        "annotated pages": [mirror.reflect(text).text for text in texts],
    }
    for label, shown in corpora.items():
        pages = [Page(Origin("0" * 32, "benchmark", 0), text) for text in shown]
        best = float("inf")
        for _ in range(20):
            start = time.process_time()
            for page in pages:
                strip_pinyin(page, PinyinConfig())
            best = min(best, time.process_time() - start)
        print(f"speed, {label}: {sum(len(t.encode()) for t in shown) / best / 1e6:.1f} MB/s")


Glosser = Callable[[str, random.Random], str]


def gloss(text: str, at: int, reading: str) -> str:
    """Return `text` with a reading behind the character at `at`."""
    return f"{text[: at + 1]}({reading}){text[at + 1 :]}"


def sparse(wanted: Callable[[str], bool], usual: bool) -> Glosser:
    """Return a glosser of one to three characters, each where it first stands."""

    def put(text: str, rng: random.Random) -> str:
        chars = sorted({c for c in text if c in readings() and wanted(c)})
        for char in rng.sample(chars, min(len(chars), rng.choice((1, 1, 1, 2, 2, 3)))):
            names = readings()[char]
            text = gloss(text, text.index(char), names[0] if usual else rng.choice(names))
        return text

    return put


def ruby(text: str, rng: random.Random) -> str:
    """Annotate every character of a passage."""
    start = rng.randrange(max(1, len(text) - 40))
    passage = "".join(
        f"{c}({readings()[c][0]})" if c in readings() else c for c in text[start : start + 40]
    )
    return text[:start] + passage + text[start + 40 :]


def textbook(text: str, rng: random.Random) -> str:
    """Append a list of new words, one character of each with its reading."""
    words = [
        text[at : at + 2] for at in rng.sample(range(max(1, len(text) - 2)), min(12, len(text) - 2))
    ]
    known = [w for w in words if len(w) == 2 and all(c in readings() for c in w)]
    rows = [gloss(word, rng.randrange(2), "") for word in known]
    rows = [re.sub(r"(.)\(\)", lambda m: f"{m[1]}({readings()[m[1]][0]})", row) for row in rows]
    return text + "\n生字：" + "、".join(rows)


GLOSSERS: dict[str, Glosser] = {
    "polyphone": sparse(lambda c: len(readings()[c]) > 1 and log_p()[ord(c)] > -11, False),
    "rare": sparse(lambda c: log_p()[ord(c)] < -11, True),
    "any character": sparse(lambda c: True, True),
    "ruby": ruby,
    "textbook": textbook,
}


def glosses(texts: Sequence[str], label: str, rng: random.Random) -> None:
    """Print the share of people's glosses that are lost."""
    lost_in_all = n_in_all = 0
    for name, put in GLOSSERS.items():
        lost = n = 0
        for text in fragments(texts, rng):
            if len(text) < 10:
                continue
            shown = put(text, rng)
            before = len(REMAINS_RE.findall(shown))
            n += before
            lost += before - len(REMAINS_RE.findall(stripped(shown).text))
        print(f"glosses, {label}, {name}: lost {lost} of {n} ({lost / max(1, n):.2%})")
        lost_in_all += lost
        n_in_all += n
    print(f"glosses, {label}: lost {lost_in_all / n_in_all:.3%}")


def main() -> None:
    """Run all of it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=400)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    rng = random.Random(given.seed)
    simplified = articles("news_hans_cctv_2022_2024.jsonl.gz", given.documents)
    traditional = articles("news_hant_taiwan.jsonl.gz", given.documents)
    mirrors(simplified, rng)
    machine = [text.translate(Mirror("", 0, False)._to_traditional) for text in simplified]
    glosses(simplified, "simplified", rng)
    glosses(traditional, "traditional", rng)
    glosses(machine, "machine traditional", rng)
    speed(simplified)


if __name__ == "__main__":
    main()
