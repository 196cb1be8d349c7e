"""How well `detect_encoding` does, beside chardet and charset-normalizer.

    python benchmarks/quality/encoding.py                  # everything, both draws
    python benchmarks/quality/encoding.py pages --draw 2 --per-cell 20 --misses

Needs `charset-normalizer` (MIT). Reads the corpora of `../shared/data`. A draw is a random seed.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Callable, Iterator

import chardet
from charset_normalizer import from_bytes
from encoding_texts import DATA, SAME_SYMBOLS, ours, print_table, rate, read_texts, snippet

from transforms.config import default_config
from transforms.text.records import Origin, RawPage, Rejected
from transforms.text.steps import clean_page

LENGTHS = (20, 50, 100, 500, 2000, 10000)
ENCODINGS = {
    "utf-8": "hans",
    "utf-8-sig": "hans",
    "gb2312": "hans",
    "gbk": "hans",
    "gbk(trad)": "hant",
    "gb18030": "hans",
    "big5": "hant",
    "big5hkscs": "hant",
    "utf-16": "hans",
    "utf-16-le": "hans",
    "utf-16-be": "hant",
    "utf-32": "hans",
    "hz": "hans",
    "euc_jp": "ja",
    "cp932": "ja",
    "cp949": "ko",
}
WRONG_META = ("utf-8", "gb2312", "gbk", "big5", "iso-8859-1")
FAMILY = {"gb2312": "gb18030", "gbk": "gb18030", "gbk(trad)": "gb18030", "big5": "big5hkscs"}
SAME = SAME_SYMBOLS | dict.fromkeys(map(ord, "\ufffd\ufeff€"))
"""What does not count: which codec of the Big5 family, U+FFFD, a byte order mark, 0x80 as €."""


def page_of(text: str, charset: str) -> str:
    """Return `text` inside a mostly-ASCII page."""
    meta = f'<meta charset="{charset}">' if charset else ""
    items = "".join(f'<li class="nav-{i}"><a href="/c/{i}/">Item {i}</a></li>' for i in range(12))
    script = "var _hmt=_hmt||[];(function(){var s=document.createElement('script');})();" * 4
    return (
        f"<!DOCTYPE html><html><head>{meta}<title></title><script>{script}</script></head><body>"
        f'<ul id="nav">{items}</ul><div class="article">{text}</div>'
        '<div id="footer">Copyright (c) 2009 All rights reserved</div></body></html>'
    )


def variants(text: str, codec: str, rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield each state that a page of `text` may be in."""
    data = text.encode(codec, "ignore")
    yield "clean", data
    wide = codec.startswith(("utf-16", "utf-32"))
    if codec == "hz":
        return
    high = [i for i, byte in enumerate(data) if byte >= 0x80]
    if wide:
        yield "cut tail", data[:-1]
    elif high:
        yield "cut head", data[high[0] + 1 :]
        yield "cut tail", data[: high[-1]]
    broken = bytearray(data)
    for _ in range(max(1, len(data) // 1000)):
        at = rng.randrange(6 if wide else 0, len(data))
        broken[at] = rng.choice((0x3F, 0x20, rng.randrange(256), rng.randrange(128, 256)))
    yield "0.1 % corrupted", bytes(broken)
    if not wide:
        name = codec.replace("_", "-")
        wrong = rng.choice([w for w in WRONG_META if FAMILY.get(w, w) != FAMILY.get(codec, codec)])
        for label, charset in (("no meta", ""), ("right meta", name), ("wrong meta", wrong)):
            yield label, page_of(text, charset).encode(codec, "ignore")


def expected(data: bytes, codec: str) -> set[str]:
    """Return the texts that count as right, without the characters that do not count."""
    superset = FAMILY.get(codec, codec)
    names = ("cp950", "big5hkscs") if superset == "big5hkscs" else (superset,)
    found = set()
    for name in names:
        for skip in range(4 if name.startswith("utf-8") else 2):
            found.add(data[skip:].decode(name, "replace").translate(SAME))
    return found


def with_chardet(data: bytes) -> str:
    """Return the text in the encoding that chardet names."""
    name = chardet.detect(data)["encoding"]
    return data.decode(name, "replace") if name else ""


def with_charset_normalizer(data: bytes) -> str:
    """Return the text that charset-normalizer reads."""
    best = from_bytes(data).best()
    return str(best) if best else ""


DETECTORS: dict[str, tuple[Callable[[bytes], str], int]] = {
    "chardet": (with_chardet, 1),
    "charset-normalizer": (with_charset_normalizer, 12),
    "ours": (ours, 1),
}
"""Name → function, and how many pages there are to one that it is asked about."""


def print_pages(texts: dict[str, str], draw: int, per_cell: int, misses: bool) -> None:
    """Print the share of pages that are decoded exactly, by variant and by length."""
    rng = random.Random(draw)
    right: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for n, (label, length, variant, data) in enumerate(draw_pages(texts, per_cell, rng), 1):
        answers = expected(data, "gbk" if label == "gbk(trad)" else label)
        for name, (detector, step) in DETECTORS.items():
            if n % step:
                continue
            good = detector(data).translate(SAME) in answers
            for group in groups_of(label, length, variant):
                right[group, name][0] += good
                right[group, name][1] += 1
            if misses and name == "ours" and not good:
                print("  miss:", label, length, variant, data[:60])
    print(f"\nPages decoded exactly, in %, draw {draw}")
    rows = []
    for group in dict.fromkeys(group for group, _ in right):
        shares = (right[group, name] for name in DETECTORS)
        shown = (f"{100 * good / n:.1f}" if n else "–" for good, n in shares)
        rows.append((group, right[group, "ours"][1], *shown))
    print_table(("variant", "n", *DETECTORS), rows)


def draw_pages(
    texts: dict[str, str], per_cell: int, rng: random.Random
) -> Iterator[tuple[str, int, str, bytes]]:
    """Yield (encoding, length in bytes, variant, bytes)."""
    for label, kind in ENCODINGS.items():
        codec = "gbk" if label == "gbk(trad)" else label
        for length in LENGTHS:
            for _ in range(per_cell if kind in ("hans", "hant") else max(1, per_cell // 3)):
                text = snippet(texts[kind], codec, length, rng)
                for variant, data in variants(text, codec, rng):
                    yield label, length, variant, data


def groups_of(label: str, length: int, variant: str) -> tuple[str, ...]:
    """Return the rows of the table that a page counts in."""
    if ENCODINGS[label] in ("ja", "ko"):
        return (f"Japanese, Korean: {variant}",)
    if variant != "clean" or length == 50:
        return (variant,)
    return variant, "clean, 20 bytes" if length == 20 else "clean, 100 bytes and more"


CODECS = {
    "chardet": {"GB2312": "gb18030", "Big5": "big5hkscs", "utf-8": "utf-8", "CP949": "cp949",
                "EUC-JP": "euc_jp", "EUC-KR": "cp949", "SHIFT_JIS": "cp932", "CP932": "cp932",
                "Johab": "johab", "EUC-TW": ""},
    "char_dataset": {"gb2312": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs",
                     "euc_kr": "cp949", "johab": "johab", "shift_jis": "cp932", "utf_16": "utf-16",
                     "utf_16_be": "utf-16-be", "utf_16_le": "utf-16-le", "utf_32": "utf-32"},
}  # fmt: skip
"""Folder of labelled files → codec that reads them; "" where Python has none."""

SIBLINGS = {"big5hkscs": ("big5hkscs", "cp950"), "cp932": ("cp932", "shift_jis"), "": ()}
"""Codec → those whose reading counts as right; they differ in a few symbols."""

MNBVC = {
    "10.txt": "gb18030", "11.txt": "utf-8", "18.txt": "utf-8", "test.txt": "utf-8",
    "test2.txt": "utf-8", "test3.txt": "utf-8", "test4.txt": "gb18030", "test_ft.txt": "utf-8",
    "test_jp.txt": "utf-8", "test_sample_euc-jp.txt": "euc_jp",
    "test5.txt": "TOO_MANY_REPLACEMENTS",
    "test_sample_big5.txt": "LOST_TO_QUESTION_MARKS",
    "test_sample_gbk_锟斤铐.txt": "TOO_MANY_REPLACEMENTS",
    "test_sample_gbk_with_cp936_1.txt": "gbk_as_cp1252",
}  # fmt: skip
"""File of charset_mnbvc → codec that reads it, reason to turn it away, or repair that it needs."""

EXPLAINED = {
    "chardet/EUC-TW": "Python has no codec for EUC-TW; the page is turned away as UNDECODABLE",
    "cpython_cjk/big5hkscs": "23 bytes, ten rare characters in no language; as Korean they are "
    "common ones",
}
"""Labelled files that are not decoded → why."""


def print_files() -> None:
    """Print how many of the labelled files are decoded right, and why the others are not."""
    scores: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for group, data, answers in labelled_files():
        scores[group]["n"] += 1
        for name, (detector, _) in DETECTORS.items():
            scores[group][name] += detector(data).translate(SAME) in answers
    rows = [
        (
            group,
            score["n"],
            *(score[name] for name in DETECTORS),
            "" if score["ours"] == score["n"] else EXPLAINED.get(group, "NOT EXPLAINED"),
        )
        for group, score in scores.items()
    ]
    print("\nLabelled files, decoded exactly")
    print_table(("files", "n", *DETECTORS, "why not all"), rows)
    n_right = sum(_mnbvc_is_right(name, wanted) for name, wanted in MNBVC.items())
    print(f"charset_mnbvc, through the whole chain: {n_right} of {len(MNBVC)} as they should be")


def labelled_files() -> Iterator[tuple[str, bytes, set[str]]]:
    """Yield (group, bytes, the texts that count as right)."""
    for corpus, codec_of in CODECS.items():
        for folder, codec in codec_of.items():
            names = SIBLINGS.get(codec, (codec,))
            for path in sorted(p for p in (DATA / corpus / folder).rglob("*") if p.is_file()):
                data = path.read_bytes()
                texts = {data.decode(name, "replace").translate(SAME) for name in names}
                yield f"{corpus}/{folder}", data, texts
    for twin in sorted((DATA / "cpython_cjk").glob("*-utf8.txt")):
        path = twin.with_name(twin.name.replace("-utf8", ""))
        text = twin.read_bytes().decode("utf-8").translate(SAME)
        yield f"cpython_cjk/{path.stem}", path.read_bytes(), {text}


def _mnbvc_is_right(name: str, wanted: str) -> bool:
    """Tell whether a file is decoded, turned away or repaired as `MNBVC` says; print it if not."""
    data = (DATA / "charset_mnbvc" / name).read_bytes()
    outcome = clean_page(RawPage(Origin("0" * 32, name, 0), data), default_config())
    if isinstance(outcome, Rejected):
        got = {outcome.code} | {str(getattr(outcome.page, "encoding", ""))}
    else:
        got = {outcome.encoding} | {edit.reason for edit in outcome.edits}
    if wanted not in got:
        print(f"  {name}: {wanted} expected, got {sorted(got)}")
    return wanted in got


SPEEDS = (
    ("UTF-8 10 KB", "hans", "utf-8", 10_000),
    ("UTF-8 100 KB", "hans", "utf-8", 100_000),
    ("UTF-8 1 MB", "hans", "utf-8", 1_000_000),
    ("GBK 2 KB", "hans", "gbk", 2_000),
    ("GBK 10 KB", "hans", "gbk", 10_000),
    ("Big5 10 KB", "hant", "big5", 10_000),
)


def print_speed(texts: dict[str, str]) -> None:
    """Print pages and MB per second of one core, beside chardet's."""
    rows = []
    for label, kind, codec, size in SPEEDS:
        data = texts[kind].encode(codec, "ignore")[:3_000_000]
        pages = [data[at : at + size] for at in range(0, len(data) - size, size)][:200]
        speeds = (rate(ours, pages), rate(chardet.detect, pages[:20]))
        rows.append((label, *(f"{f:.0f}" for s in speeds for f in (s, s * size / 1e6))))
    print("\nSpeed, one core")
    print_table(("pages", "pages/s", "MB/s", "chardet pages/s", "chardet MB/s"), rows)


def main() -> None:
    """Print what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parts = ("pages", "files", "speed")
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(parts)}; all by default")
    parser.add_argument("--draw", type=int, help="random seed; 1 and 2 by default")
    parser.add_argument("--per-cell", type=int, default=8, help="texts per encoding and length")
    parser.add_argument("--misses", action="store_true", help="show each page that is not right")
    args = parser.parse_args()
    if unknown := set(args.parts) - set(parts):
        parser.error(f"unknown part: {', '.join(unknown)}")
    wanted = args.parts or parts
    texts = read_texts()
    if "pages" in wanted:
        for draw in [args.draw] if args.draw else [1, 2]:
            print_pages(texts, draw, args.per_cell, args.misses)
    if "files" in wanted:
        print_files()
    if "speed" in wanted:
        print_speed(texts)


if __name__ == "__main__":
    main()
