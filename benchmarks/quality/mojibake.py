"""How well `repair_mojibake` does, beside ftfy, and what it does to clean text.

    python benchmarks/quality/mojibake.py                  # everything but --all, both draws
    python benchmarks/quality/mojibake.py repair --draw 2 --per-kind 40
    python benchmarks/quality/mojibake.py harm --all       # every clean text, some minutes

Reads the corpora of `../shared/data`. A draw is a random seed.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import ftfy
from encoding_texts import (
    DATA,
    SAME_SYMBOLS,
    ours,
    print_table,
    rate,
    read_news,
    read_texts,
    snippet,
)
from mojibake_kinds import DAMAGES, Damage

from transforms.config import default_config
from transforms.text.mojibake.damage_gate import suspicious_lines
from transforms.text.mojibake.repair_mojibake import MojibakeConfig, repair_mojibake
from transforms.text.pinyin.strip_pinyin import strip_pinyin
from transforms.text.records import Origin, Page, Rejected

ORIGIN = Origin("0" * 32, "benchmark", 0)
CONFIG = MojibakeConfig()


def accuracy(text: str, truth: str) -> float:
    """Return 1 − edit distance / length of `truth`, white space left out, at least 0."""
    text, truth = ("".join(t.translate(SAME_SYMBOLS).split()) for t in (text, truth))
    if text == truth:
        return 1.0
    matcher = difflib.SequenceMatcher(None, text, truth, autojunk=False)
    wrong = sum(
        max(stop - start, to - at)
        for kind, start, stop, at, to in matcher.get_opcodes()
        if kind != "equal"
    )
    return max(0.0, 1 - wrong / len(truth))


@dataclass
class Score:
    """What became of the pages with one kind of damage: sums, or one value a page."""

    n_exact: int = 0
    n_flagged: int = 0
    n_rejected: int = 0
    n_chars: int = 0
    wrong: float = 0.0
    seconds: float = 0.0
    damaged: list[float] = field(default_factory=list)
    ftfy: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)


def mean(values: list[float]) -> float:
    """Return the mean."""
    return sum(values) / len(values)


def score(damage: Damage, texts: dict[str, str], n: int, rng: random.Random) -> Score:
    """Damage and repair `n` pages."""
    result = Score()
    for at in range(n):
        kind = {"both": ("hans", "hant")[at % 2]}.get(damage.script, damage.script)
        truth = snippet(texts[kind], "utf-8", rng.randrange(750, 2700), rng)
        if damage.name.startswith(("gbk", "slip")):
            truth = truth.encode("gbk", "ignore").decode("gbk")
        elif damage.name.startswith("big5"):
            truth = truth.encode("big5", "ignore").decode("big5")
        broken = damage.make(truth, rng)
        before = time.process_time()
        outcome = repair_mojibake(Page(ORIGIN, broken), CONFIG)
        result.seconds += time.process_time() - before
        text = "" if isinstance(outcome, Rejected) else outcome.text
        result.n_rejected += isinstance(outcome, Rejected)
        result.n_flagged += isinstance(outcome, Page) and bool(outcome.flags)
        result.n_exact += text == truth
        result.n_chars += len(truth)
        result.damaged.append(accuracy(broken, truth))
        result.ftfy.append(accuracy(ftfy.fix_text(broken), truth))
        result.ours.append(accuracy(text, truth))
        if isinstance(outcome, Page):
            result.wrong += max(0, len(truth) * (1 - result.ours[-1]) - text.count("\ufffd"))
    return result


EXPLAINED = {
    "utf8→gbk, two bytes eaten": "17 % of the characters lose bytes; 1 % lose all, and 1 % are "
    "ASCII that was eaten",
    "big5→gbk": "half of the characters lose bytes: turned away",
}
"""Kinds below the target → why."""


def print_repair(texts: dict[str, str], draw: int, per_kind: int) -> None:
    """Print how much of damaged pages comes back, by kind."""
    rng = random.Random(draw)
    rows = []
    groups: dict[str, list[float]] = defaultdict(list)
    for damage in DAMAGES:
        s = score(damage, texts, per_kind, rng)
        lost = 1 - mean(s.damaged)
        restored = 1 - (1 - mean(s.ours)) / lost
        groups[damage.group].append(restored if "slip" in damage.group else mean(s.ours))
        rows.append((
            damage.name, damage.group, per_kind, s.n_exact,
            *(f"{mean(v):.3f}" for v in (s.damaged, s.ftfy, s.ours)), f"{restored:.2f}",
            f"{1000 * s.wrong / s.n_chars:.1f}", s.n_flagged, s.n_rejected, f"{s.seconds:.2f}",
            EXPLAINED.get(damage.name, ""),
        ))  # fmt: skip
    print(f"\nRepair, character accuracy, draw {draw}")
    print("(chardet and charset-normalizer read such a page, in UTF-8, as it stands: `damaged`)")
    print_table(
        ("kind", "group", "n", "exact", "damaged", "ftfy alone", "ours", "of the damage restored",
         "wrong, not U+FFFD /1000", "flagged", "rejected", "s", ""),
        rows,
    )  # fmt: skip
    for group, values in groups.items():
        what = "of the damage restored" if "slip" in group else "character accuracy"
        print(f"{group}: {what}: mean {mean(values):.3f}, worst kind {min(values):.3f}")


QUOTED = (
    ("醫療公司在會上介紹新苗", "?;蹌?chuàng)", "。慧創", "醫療的產品"),
    ("會議由大家討論", "?h政府", "。縣政府", "主辦各界代表"),
    ("他昨天到了這里", "?,F(xiàn)在", "。現在", "已經回家"),
    ("他說了", "?!斑@個", "。“這個", "城市很大”，大家同意"),
    ("“他表示同意", "!眲P勒", "。”凱勒", "隨後離開了會場"),
    ("“他說得很好", "!绷信e", "。”列舉", "了許多事實"),
    ("“我們已經知道", "!睂τ陉P", "。”對於關", "心此事的人"),
    ("走進", "上,F(xiàn)代化", "上海現代化", "的城市建設"),
    ("輪船昨天", "?吭谂_灣", "停靠在臺灣", "的港口碼頭"),
    ("“我們一起努力", "?!毖虐彩蟹勒饻p災", "。”雅安市防震減災", "工作會議召開"),
    ("代表團參觀了", "斯?fàn)柺械膯…紙@", "斯爾市的啟迪科技園", "的企業和學校"),
)
"""Text before, slip as it was seen on a page, what it was, text behind."""

PAGES = {
    "no annotation": "",
    "two annotations": "長(zhǎng)期以來(lái)大家認真工作。\n",
    "annotated": "會(huì)議對(duì)下一步工作作出部署，長(zhǎng)期以來(lái)，在領(lǐng)導(dǎo)下，"
    "經(jīng)濟(jì)發(fā)展迅速。\n",
}
CLEAN = "全市科技創新大會昨日召開，會議對下一步工作作出部署，要求各部門抓好落實，推動經濟發展。\n"


def print_slips() -> None:
    """Print what becomes of slips seen on pages, after `repair_mojibake` and `strip_pinyin`."""
    rows = []
    for before, slip, truth, behind in QUOTED:
        cells = []
        for lines in PAGES.values():
            text = f"{CLEAN}{lines}{before}{slip}{behind}。\n{CLEAN}"
            page = repair_mojibake(Page(ORIGIN, text), CONFIG)
            assert isinstance(page, Page)
            page = strip_pinyin(page, default_config().strip_pinyin)
            assert isinstance(page, Page)
            is_right = before + truth + behind in page.text
            cells.append("right" if is_right else "flagged" if page.flags else "NEITHER")
        rows.append((slip, truth, *cells))
    print("\nSlips seen on pages")
    print_table(("slip", "was", *PAGES), rows)


def clean_texts(everything: bool) -> Iterator[tuple[str, str]]:
    """Yield (corpus, text) of clean pages in many languages."""
    for name in ("news_hans_cctv_2022_2024", "news_hant_taiwan"):
        for at, text in enumerate(read_news(name)):
            if everything or at % 10 == 0:
                yield name, text
    for path in sorted((DATA / "ntrex").glob("*.txt")):
        yield "ntrex", path.read_text("utf-8-sig")
    for path in sorted((DATA / "sogou_mini").rglob("*.txt")):
        yield "sogou", ours(path.read_bytes())
    for folder in ("Big5", "GB2312", "EUC-JP", "EUC-KR", "SHIFT_JIS", "CP932", "CP949", "utf-8"):
        for path in sorted((DATA / "chardet" / folder).iterdir()):
            yield f"chardet/{folder}", ours(path.read_bytes())
    for path in sorted((DATA / "char_dataset").rglob("*.*")):
        yield "char_dataset", ours(path.read_bytes()) if path.is_file() else ""
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
    yield "hard cases", HARD


HARD = (
    "“引号”‘单引号’，１２３ＡＢＣ％，《书名》——破折号……省略号·间隔号。\n"
    "　　缩进，全角！？：；（）　空格。陶喆、李堃、谢道韞、𠮷野家、𣲘、㛃、䶮。\n"
)
"""Full-width marks, quotes, digits and indents, rare names, Extension B."""

MEANT = {"zero_width", "control", "bidi_control", "line_separator", "entities", "radical",
         "compat_ideograph", "private_use"}  # fmt: skip
"""Reasons of edits that put one character for another that stands for it, or for nothing."""

MEANT_IN_HTML = {"unicode_escapes", "percent_escapes"}
"""The same in the source of HTML pages, of which a run cleans only the article."""


def print_harm(everything: bool) -> None:
    """Print every edit of clean text but those meant: a false edit, or damage nobody had seen."""
    n_chars: dict[str, int] = defaultdict(int)
    n_meant: dict[str, int] = defaultdict(int)
    n_edits: dict[str, int] = defaultdict(int)
    n_flags: dict[str, int] = defaultdict(int)
    shown = []
    for corpus, text in clean_texts(everything):
        outcome = repair_mojibake(Page(ORIGIN, text), CONFIG)
        n_chars[corpus] += len(text)
        if isinstance(outcome, Rejected):
            shown.append((corpus, outcome.code, text[:40].replace("\n", "/"), ""))
            continue
        n_flags[corpus] += bool(outcome.flags)
        for edit in outcome.edits:
            usual = MEANT | MEANT_IN_HTML if corpus.startswith("html") else MEANT
            meant = set(edit.reason.split("+")) <= usual
            n_meant[corpus] += meant
            n_edits[corpus] += not meant
            if not meant:
                around = text[max(edit.start - 5, 0) : edit.stop + 5].replace("\n", "/")
                shown.append((corpus, edit.reason, around[:40], "→", edit.after[:30]))
    print("\nEdits of clean text")
    print_table(
        ("corpus", "characters", "edits", "meant", "flagged pages"),
        [(c, n, n_edits[c], n_meant[c], n_flags[c]) for c, n in n_chars.items()],
    )
    print(f"{sum(n_edits.values())} edits in {sum(n_chars.values())} characters:")
    for row in shown:
        print("  ", *row)


def print_speed(texts: dict[str, str]) -> None:
    """Print MB of UTF-8 per second of one core: the gate, the step, and ftfy."""
    rows = []
    for kind, name in (("hans", "news_hans_cctv_2022_2024"), ("hant", "news_hant_taiwan")):
        articles = [text for at, text in enumerate(read_news(name)) if at % 8 == 0]
        text = texts[kind]
        pieces = {f"{kind}, articles as they are": articles} | {
            f"{kind}, pages of {size} characters": [
                text[at : at + size] for at in range(0, 1_200_000, size)
            ]
            for size in (2_000, 30_000)
        }
        for label, pages in pieces.items():
            n_bytes = sum(len(page.encode()) for page in pages) / len(pages)
            made = [Page(ORIGIN, page) for page in pages]
            speeds = (
                rate(suspicious_lines, pages),
                rate(lambda page: repair_mojibake(page, CONFIG), made),
                rate(ftfy.fix_text, pages[:20]),
            )
            rows.append((label, round(n_bytes), *(f"{s * n_bytes / 1e6:.0f}" for s in speeds)))
    print("\nClean text, MB/s")
    print_table(("pages", "bytes a page", "gate", "repair_mojibake", "ftfy.fix_text"), rows)


def main() -> None:
    """Print what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parts = ("repair", "slips", "harm", "speed")
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(parts)}; all by default")
    parser.add_argument("--draw", type=int, help="random seed; 1 and 2 by default")
    parser.add_argument("--per-kind", type=int, default=20, help="pages per kind of damage")
    parser.add_argument("--all", action="store_true", help="harm: every clean text")
    args = parser.parse_args()
    if unknown := set(args.parts) - set(parts):
        parser.error(f"unknown part: {', '.join(unknown)}")
    wanted = args.parts or parts
    texts = read_texts() if {"repair", "speed"} & set(wanted) else {}
    if "repair" in wanted:
        for draw in [args.draw] if args.draw else [1, 2]:
            print_repair(texts, draw, args.per_kind)
    if "slips" in wanted:
        print_slips()
    if "harm" in wanted:
        print_harm(args.all)
    if "speed" in wanted:
        print_speed(texts)


if __name__ == "__main__":
    main()
