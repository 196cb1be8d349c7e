"""How well `detect_encoding` and `repair_mojibake` do, beside chardet, charset-normalizer and ftfy.

    python benchmarks/quality/encoding.py                  # everything but --all, both draws
    python benchmarks/quality/encoding.py repair --draw 2 --per-kind 40
    python benchmarks/quality/encoding.py harm --all       # every clean text, some minutes

Reads the corpora of `../shared/data` beside the project. A draw is a random seed.
"""

from __future__ import annotations

import argparse
import codecs
import difflib
import gzip
import html
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import chardet
import ftfy
from charset_normalizer import from_bytes

from transforms.text.decoding.detect_encoding import Decoded, EncodingConfig, decode
from transforms.text.mojibake.repair_mojibake import MojibakeConfig, repair_mojibake
from transforms.text.records import Origin, Page, Rejected

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
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
SAME_SYMBOLS = str.maketrans("‧､¯～⊕⊙∕﹨￥￠￡", "•﹑‾∼♁☉／＼¥¢£")
"""The symbols that the codecs of the Big5 family decode differently."""

SAME = SAME_SYMBOLS | dict.fromkeys(map(ord, "\ufffd\ufeff€"))
"""The same, and what does not count: U+FFFD, a byte order mark, and 0x80 read as €."""


def read_texts() -> dict[str, str]:
    """Return one long clean text per kind."""
    texts = {}
    for kind, name in (("hans", "news_hans_cctv_2022_2024"), ("hant", "news_hant_taiwan")):
        with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            pages = [json.loads(line)["text"].replace("\r", "") for line in lines]
        random.Random(0).shuffle(pages)
        texts[kind] = "\n".join(pages)[:3_000_000]
    texts["hant"] += "\n" + (DATA / "ntrex/newstest2019-ref.zho-TW.txt").read_text("utf-8-sig")
    texts["ja"] = "\n".join(
        path.read_bytes().decode("euc_jp", "ignore")
        for path in sorted((DATA / "chardet/EUC-JP").iterdir())
    )
    texts["ko"] = "\n".join(
        path.read_bytes().decode("cp949", "ignore")
        for path in sorted((DATA / "chardet/EUC-KR").iterdir())
    )
    return {kind: text.replace("\ufffd", "") for kind, text in texts.items()}


def snippet(text: str, codec: str, n_bytes: int, rng: random.Random) -> str:
    """Return a random piece of `text` of about `n_bytes` in `codec`, 40 % of it not ASCII."""
    while True:
        start = rng.randrange(len(text) - n_bytes)
        data = text[start : start + n_bytes].encode(codec, "ignore")
        piece = codecs.getincrementaldecoder(codec)("ignore").decode(data[:n_bytes])
        if sum(c > "\x7f" for c in piece) > 0.4 * len(piece):
            return piece.strip("\n")


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
    yield "corrupt", bytes(broken)
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


def ours(data: bytes) -> str:
    """Return the text that `detect_encoding` reads."""
    result = decode(data, None, EncodingConfig())
    return result.text if isinstance(result, Decoded) else ""


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
"""Name → function, and how many documents there are to one that it is asked about."""


def print_detection(texts: dict[str, str], draw: int, per_cell: int, misses: bool) -> None:
    """Print the share of pages that are decoded exactly, by variant and by length."""
    rng = random.Random(draw)
    right: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    n = 0
    for label, kind in ENCODINGS.items():
        codec = "gbk" if label == "gbk(trad)" else label
        chinese = kind in ("hans", "hant")
        for length in LENGTHS:
            for _ in range(per_cell if chinese else max(1, per_cell // 3)):
                text = snippet(texts[kind], codec, length, rng)
                for variant, data in variants(text, codec, rng):
                    n += 1
                    if not chinese:
                        variant = "ja/ko " + variant
                    groups = [variant]
                    if variant == "clean":
                        groups.append("clean 20 B" if length == 20 else "clean ≥100 B")
                        groups = groups[:1] if length == 50 else groups
                    answers = expected(data, codec)
                    for name, (detector, step) in DETECTORS.items():
                        if n % step:
                            continue
                        good = detector(data).translate(SAME) in answers
                        for group in groups:
                            right[group, name][0] += good
                            right[group, name][1] += 1
                        if misses and name == "ours" and not good:
                            print("  miss:", label, length, variant, data[:60])
    print(f"\nDetection, exact decode in %, draw {draw}, {n} pages")
    print_table(
        ("variant", "n", *DETECTORS),
        [
            (
                group,
                right[group, "ours"][1],
                *(
                    f"{100 * right[group, name][0] / max(right[group, name][1], 1):.1f}"
                    for name in DETECTORS
                ),
            )
            for group in dict.fromkeys(group for group, _ in right)
        ],
    )


def print_table(head: tuple, rows: list[tuple]) -> None:
    """Print rows as a Markdown table."""
    for row in (head, tuple("---" for _ in head), *rows):
        print("| " + " | ".join(map(str, row)) + " |")


LABELLED = {
    "chardet": {"GB2312": "gb18030", "Big5": "big5hkscs", "utf-8": "utf-8", "CP949": "cp949",
                "EUC-JP": "euc_jp", "EUC-KR": "cp949", "SHIFT_JIS": "cp932", "CP932": "cp932",
                "Johab": "johab", "EUC-TW": ""},
    "char_dataset": {"gb2312": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs",
                     "euc_kr": "cp949", "johab": "johab", "shift_jis": "cp932", "utf_16": "utf-16",
                     "utf_16_be": "utf-16-be", "utf_16_le": "utf-16-le", "utf_32": "utf-32"},
}  # fmt: skip


def print_files() -> None:
    """Print how many of the labelled files are decoded right, and each miss."""
    rows = []
    for corpus, labels in LABELLED.items():
        for folder, codec in labels.items():
            paths = sorted(p for p in (DATA / corpus / folder).rglob("*") if p.is_file())
            wrong = [p.name for p in paths if not _file_is_right(p.read_bytes(), codec)]
            rows.append((f"{corpus}/{folder}", len(paths), len(paths) - len(wrong), wrong))
    pairs = sorted((DATA / "cpython_cjk").glob("*-utf8.txt"))
    wrong = []
    for twin in pairs:
        data = twin.with_name(twin.name.replace("-utf8", "")).read_bytes()
        text = twin.read_bytes().decode("utf-8")
        if ours(data).translate(SAME) != text.translate(SAME):
            wrong.append(twin.name.removesuffix("-utf8.txt"))
    rows.append(("cpython_cjk", len(pairs), len(pairs) - len(wrong), wrong))
    print("\nLabelled files")
    print_table(("files", "n", "right", "not"), rows)


def _file_is_right(data: bytes, codec: str) -> bool:
    return bool(codec) and ours(data).translate(SAME) in {
        data.decode(c, "replace").translate(SAME)
        for c in ((codec, "cp950") if codec == "big5hkscs" else (codec,))
    }


def win_style(data: bytes, codec: str) -> str:
    """Decode as a decoder that prints one `?` for an invalid pair and eats both bytes."""
    parts, at = [], 0
    while at < len(data):
        n = 1 if data[at] < 0x80 else 2
        try:
            parts.append(data[at : at + n].decode(codec))
        except UnicodeDecodeError:
            parts.append("?")
        at += n
    return "".join(parts)


def browser_gb(data: bytes) -> str:
    """Decode GB18030 as browsers do: a lone 0x80 is €, any other bad byte U+FFFD."""
    return data.decode("gb18030", "newsclean_gb")


def whatwg(data: bytes) -> str:
    """Decode cp1252 with C1 characters for the bytes it does not define."""
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in data)


def slipped(text: str, mark: bytes, times: int, decoder: Callable, rng: random.Random) -> str:
    """Lose the lead byte of random characters in GBK, then decode."""
    data = text.encode("gbk", "ignore")
    leads, at = [], 0
    while at < len(data):
        if data[at] >= 0x80:
            leads.append(at)
        at += 1 if data[at] < 0x80 else 2
    for at in sorted(rng.sample(leads, times), reverse=True):
        data = data[:at] + mark + data[at + 1 :]
    return decoder(data)


def replaced(codec: str) -> Callable[[bytes], str]:
    """Return Python's replacing decoder."""
    return lambda data: data.decode(codec, "replace")


def marked(codec: str) -> Callable[[bytes], str]:
    """Return a decoder that prints ? for what it cannot read."""
    return lambda data: data.decode(codec, "replace").replace("\ufffd", "?")


def kun_jin_kao(data: bytes) -> str:
    """Read GBK as UTF-8, and the result as GBK."""
    return data.decode("utf-8", "replace").encode("utf-8").decode("gbk", "replace")


def entities(text: str) -> str:
    """Write what is not ASCII as numeric entities."""
    return "".join(f"&#{ord(c)};" if c > "\x7f" else c for c in text)


def entities_twice(text: str) -> str:
    """Write the entities' own & as entities, twice."""
    return html.escape(html.escape(entities(text)))


def escapes(text: str) -> str:
    """Write what is not ASCII as JavaScript does."""
    return "".join(f"\\u{ord(c):04x}" if "\x7f" < c < "\U00010000" else c for c in text)


class Damage(NamedTuple):
    """A kind of damage: `make(text, rng)` does it; `group` is what the targets are stated for."""

    name: str
    script: str
    group: str
    make: Callable[[str, random.Random], str]


def _utf8(decoder: Callable[[bytes], str]) -> Callable[[str, random.Random], str]:
    return lambda text, rng: decoder(text.encode("utf-8"))


def _coded(codec: str, decoder: Callable[[bytes], str]) -> Callable[[str, random.Random], str]:
    return lambda text, rng: decoder(text.encode(codec, "ignore"))


def _slip(mark: bytes, times: int, decoder: Callable) -> Callable[[str, random.Random], str]:
    return lambda text, rng: slipped(text, mark, times, decoder, rng)


def _gbk_win(data: bytes) -> str:
    return win_style(data, "gbk")


def _twice(once: Callable[[bytes], str]) -> Callable[[str, random.Random], str]:
    return lambda text, rng: once(once(text.encode("utf-8")).encode("utf-8"))


def _half(decoder: Callable[[bytes], str]) -> Callable[[str, random.Random], str]:
    def make(text: str, rng: random.Random) -> str:
        lines = text.split("\n")
        return "\n".join(
            decoder(line.encode("utf-8")) if i % 2 else line for i, line in enumerate(lines)
        )

    return make


LATIN1 = replaced("latin-1")
DAMAGES = (
    Damage("utf8→gbk, browser", "both", "lossy", _utf8(browser_gb)),
    Damage("utf8→gbk, U+FFFD", "both", "lossy", _utf8(replaced("gbk"))),
    Damage("utf8→gbk, ?", "both", "lossy", _utf8(marked("gbk"))),
    Damage("utf8→gbk, two bytes eaten", "both", "lossy", _utf8(_gbk_win)),
    Damage("utf8→gb18030", "both", "lossy", _utf8(replaced("gb18030"))),
    Damage("utf8→latin-1", "both", "lossless", _utf8(LATIN1)),
    Damage("utf8→cp1252, C1 kept", "both", "lossless", _utf8(whatwg)),
    Damage("utf8→cp1252, U+FFFD", "both", "other", _utf8(replaced("cp1252"))),
    Damage("utf8→cp1252, ?", "both", "other", _utf8(marked("cp1252"))),
    Damage("utf8→cp437", "both", "lossless", _utf8(replaced("cp437"))),
    Damage("utf8→mac_roman", "both", "lossless", _utf8(replaced("mac_roman"))),
    Damage("utf8→cp1251", "both", "other", _utf8(replaced("cp1251"))),
    Damage("gbk→latin-1", "both", "lossless", _coded("gbk", LATIN1)),
    Damage("gbk→cp1252, C1 kept", "both", "lossless", _coded("gbk", whatwg)),
    Damage("gbk→cp1252, U+FFFD", "both", "other", _coded("gbk", replaced("cp1252"))),
    Damage("gbk→cp1250", "hans", "other", _coded("gbk", replaced("cp1250"))),
    Damage("gbk→cp950", "hans", "other", _coded("gbk", replaced("cp950"))),
    Damage("big5→gb18030 (private use)", "hant", "lossless", _coded("big5", replaced("gb18030"))),
    Damage("big5→gbk", "hant", "other", _coded("big5", replaced("gbk"))),
    Damage("big5→latin-1", "hant", "lossless", _coded("big5", LATIN1)),
    Damage("big5→cp1252, C1 kept", "hant", "lossless", _coded("big5", whatwg)),
    Damage("utf8→latin-1 twice", "both", "double", _twice(LATIN1)),
    Damage("utf8→cp1252 twice", "both", "double", _twice(whatwg)),
    Damage("utf8→gb18030 twice", "both", "double", _twice(replaced("gb18030"))),
    Damage("every second line utf8→gb18030", "both", "other", _half(replaced("gb18030"))),
    Damage("every second line utf8→cp1252", "both", "lossless", _half(whatwg)),
    Damage("entities", "both", "lossless", lambda t, r: entities(t)),
    Damage("entities escaped twice", "both", "lossless", lambda t, r: entities_twice(t)),
    Damage("\\uXXXX", "both", "lossless", lambda t, r: escapes(t)),
    Damage("slip ×1, ?, U+FFFD", "hans", "slip", _slip(b"?", 1, replaced("gbk"))),
    Damage("slip ×1, ?, two bytes eaten", "hans", "slip", _slip(b"?", 1, _gbk_win)),
    Damage("slip ×3, ?, two bytes eaten", "hans", "slip", _slip(b"?", 3, _gbk_win)),
    Damage("slip ×1 (traditional), ?", "hant", "slip", _slip(b"?", 1, _gbk_win)),
    Damage("slip ×1, silent", "hans", "silent slip", _slip(b"", 1, replaced("gbk"))),
    Damage("gbk→utf8 (hopeless)", "hans", "hopeless", _coded("gbk", replaced("utf-8"))),
    Damage("gbk→utf8→gbk 锟斤拷", "hans", "hopeless", _coded("gbk", kun_jin_kao)),
    Damage("utf8→cp950 (hopeless)", "hans", "hopeless", _utf8(replaced("cp950"))),
    Damage("all ?", "hans", "hopeless", lambda t, r: t.encode("ascii", "replace").decode()),
)  # fmt: skip


def accuracy(text: str, truth: str) -> float:
    """Return the share of `truth` that stands in `text` in order, white space left out."""
    text, truth = ("".join(t.translate(SAME_SYMBOLS).split()) for t in (text, truth))
    if text == truth:
        return 1.0
    matcher = difflib.SequenceMatcher(None, text, truth, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return (
        max(0.0, 2 * same - len(text)) / len(truth)
        if len(text) > len(truth)
        else (same / len(truth))
    )


def repaired(text: str) -> tuple[str, bool, bool]:
    """Return our text, and whether the page was flagged, or turned away."""
    outcome = repair_mojibake(Page(Origin("0" * 32, "benchmark", 0), text), MojibakeConfig())
    if isinstance(outcome, Rejected):
        return "", False, True
    return outcome.text, bool(outcome.flags), False


def print_repair(texts: dict[str, str], draw: int, per_kind: int) -> None:
    """Print how much of damaged pages comes back, by kind."""
    rng = random.Random(draw)
    rows = []
    groups: dict[str, list[float]] = defaultdict(list)
    for damage in DAMAGES:
        scores: dict[str, list[float]] = defaultdict(list)
        n_flagged = n_rejected = n_exact = wrong = n_chars = 0
        seconds = 0.0
        for at in range(per_kind):
            kind = {"both": ("hans", "hant")[at % 2]}.get(damage.script, damage.script)
            truth = snippet(texts[kind], "utf-8", rng.randrange(750, 2700), rng)
            if damage.name.startswith(("gbk", "slip")):
                truth = truth.encode("gbk", "ignore").decode("gbk")
            elif damage.name.startswith("big5"):
                truth = truth.encode("big5", "ignore").decode("big5")
            broken = damage.make(truth, rng)
            before = time.perf_counter()
            text, flagged, rejected = repaired(broken)
            seconds += time.perf_counter() - before
            n_flagged += flagged
            n_rejected += rejected
            n_exact += text == truth
            scores["damaged"].append(accuracy(broken, truth))
            scores["ftfy"].append(accuracy(ftfy.fix_text(broken), truth))
            scores["ours"].append(accuracy(text, truth))
            wrong += len(truth) * (1 - scores["ours"][-1]) - text.count("\ufffd")
            n_chars += len(truth)
        mean = {name: sum(values) / len(values) for name, values in scores.items()}
        if damage.group.endswith("slip"):
            lost = 1 - mean["damaged"]
            groups[damage.group].append((mean["ours"] - mean["damaged"]) / lost if lost else 1.0)
        else:
            groups[damage.group].append(mean["ours"])
        rows.append((
            damage.name, damage.group, per_kind, n_exact,
            *(f"{mean[name]:.3f}" for name in ("damaged", "ftfy", "ours")),
            f"{1000 * max(wrong, 0) / n_chars:.1f}", n_flagged, n_rejected, f"{seconds:.2f}",
        ))  # fmt: skip
    print(f"\nRepair, character accuracy, draw {draw}")
    print_table(
        ("kind", "group", "n", "exact", "damaged", "ftfy alone", "ours", "wrong, not U+FFFD /1000",
         "flagged", "rejected", "s"),
        rows,
    )  # fmt: skip
    for group, values in groups.items():
        what = "of the damage restored" if group.endswith("slip") else "character accuracy"
        print(f"{group}: {what}: mean {sum(values) / len(values):.3f}, worst {min(values):.3f}")


def clean_texts(texts: dict[str, str], everything: bool) -> Iterator[tuple[str, str]]:
    """Yield (corpus, text) of clean pages in many languages."""
    for name in ("news_hans_cctv_2022_2024", "news_hant_taiwan"):
        with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for at, line in enumerate(lines):
                if everything or at % 10 == 0:
                    yield name, json.loads(line)["text"]
    for path in sorted((DATA / "ntrex").glob("*.txt")):
        yield "ntrex", path.read_text("utf-8-sig")
    for path in sorted((DATA / "sogou_mini").rglob("*.txt")):
        yield "sogou", ours(path.read_bytes())
    for folder in ("Big5", "GB2312", "EUC-JP", "EUC-KR", "SHIFT_JIS", "CP932", "CP949", "utf-8"):
        for path in sorted((DATA / "chardet" / folder).iterdir()):
            yield f"chardet/{folder}", ours(path.read_bytes())
    for path in sorted((DATA / "opencc").rglob("*")):
        if path.is_file():
            yield "opencc", path.read_text("utf-8", "replace")
    for case in json.loads((DATA / "ftfy/negative.json").read_text("utf-8")):
        yield "ftfy negative", case["original"]
    for folder in ("html_gne", "html_misc") if everything else ():
        for path in sorted((DATA / folder).rglob("*.htm*")):
            yield folder, ours(path.read_bytes())
    for path in sorted((DATA / "chinesewebtext").rglob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            yield "chinesewebtext", json.loads(line).get("text", "")


HARMLESS = {"zero_width", "control", "bidi_control", "line_separator", "entities", "radical"}
"""Reasons whose edits in these corpora are right: the pages do hold such characters."""


def print_harm(texts: dict[str, str], everything: bool) -> None:
    """Print every edit of clean text; each is either a false edit or damage nobody had seen."""
    n_chars: dict[str, int] = defaultdict(int)
    n_edits: dict[str, int] = defaultdict(int)
    n_flags: dict[str, int] = defaultdict(int)
    shown = []
    for corpus, text in clean_texts(texts, everything):
        outcome = repair_mojibake(Page(Origin("0" * 32, corpus, 0), text), MojibakeConfig())
        n_chars[corpus] += len(text)
        if isinstance(outcome, Rejected):
            shown.append((corpus, outcome.code, text[:40].replace("\n", "/"), ""))
            continue
        n_flags[corpus] += bool(outcome.flags)
        for edit in outcome.edits:
            if edit.reason not in HARMLESS:
                n_edits[corpus] += 1
                shown.append((corpus, edit.reason, edit.before[:30], edit.after[:30]))
    print("\nEdits of clean text")
    print_table(
        ("corpus", "characters", "edits", "flagged pages"),
        [(c, n, n_edits[c], n_flags[c]) for c, n in n_chars.items()],
    )
    print(f"{sum(n_edits.values())} edits in {sum(n_chars.values())} characters:")
    for row in shown:
        print("  ", *row, sep="\t")


def rate(function: Callable[[bytes], object], pages: list) -> float:
    """Return calls a second, the best of three rounds."""
    best = float("inf")
    for _ in range(3):
        before = time.perf_counter()
        for page in pages:
            function(page)
        best = min(best, time.perf_counter() - before)
    return len(pages) / best


def print_speed(texts: dict[str, str]) -> None:
    """Print pages a second and MB/s, one core, beside chardet's."""
    rows = []
    for label, kind, codec, size in (
        ("UTF-8 10 KB", "hans", "utf-8", 10_000),
        ("UTF-8 100 KB", "hans", "utf-8", 100_000),
        ("UTF-8 1 MB", "hans", "utf-8", 1_000_000),
        ("GBK 2 KB", "hans", "gbk", 2_000),
        ("GBK 10 KB", "hans", "gbk", 10_000),
        ("Big5 10 KB", "hant", "big5", 10_000),
    ):
        data = texts[kind].encode(codec, "ignore")[:3_000_000]
        pages = [data[at : at + size] for at in range(0, len(data) - size, size)][:200]
        mine, theirs = rate(ours, pages), rate(chardet.detect, pages[:20])
        rows.append((label, f"{mine:.0f}", f"{mine * size / 1e6:.0f}", f"{theirs:.0f}",
                     f"{theirs * size / 1e6:.1f}"))  # fmt: skip
    print("\nSpeed")
    print_table(("detection", "pages/s", "MB/s", "chardet pages/s", "chardet MB/s"), rows)
    rows = []
    for kind in ("hans", "hant"):
        for size in (2_000, 30_000):
            text = texts[kind]
            pages = [text[at : at + size] for at in range(0, 1_200_000, size)]
            n_bytes = sum(len(page.encode()) for page in pages) / len(pages)
            mine, theirs = rate(repaired, pages), rate(ftfy.fix_text, pages[:20])
            rows.append((f"{kind}, {size} characters", f"{mine * n_bytes / 1e6:.0f}",
                         f"{theirs * n_bytes / 1e6:.1f}"))  # fmt: skip
    print_table(("clean text through repair_mojibake", "MB/s", "ftfy.fix_text MB/s"), rows)


def main() -> None:
    """Print what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parts = ("detection", "files", "repair", "harm", "speed")
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(parts)}; all by default")
    parser.add_argument("--draw", type=int, help="random seed; 1 and 2 by default")
    parser.add_argument("--per-cell", type=int, default=8, help="texts per encoding and length")
    parser.add_argument("--per-kind", type=int, default=20, help="texts per kind of damage")
    parser.add_argument("--all", action="store_true", help="harm: every clean text")
    parser.add_argument("--misses", action="store_true", help="detection: show each miss")
    args = parser.parse_args()
    if unknown := set(args.parts) - set(parts):
        parser.error(f"unknown part: {', '.join(unknown)}")
    wanted = args.parts or parts
    texts = read_texts()
    draws = [args.draw] if args.draw else [1, 2]
    if "detection" in wanted:
        for draw in draws:
            print_detection(texts, draw, args.per_cell, args.misses)
    if "files" in wanted:
        print_files()
    if "repair" in wanted:
        for draw in draws:
            print_repair(texts, draw, args.per_kind)
    if "harm" in wanted:
        print_harm(texts, args.all)
    if "speed" in wanted:
        print_speed(texts)


if __name__ == "__main__":
    main()
