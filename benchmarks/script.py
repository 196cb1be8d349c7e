"""Script conversion: identity with the package, speed beside it, and accuracy.

    python benchmarks/script.py [identity] [speed] [accuracy] [japanese] [--share 0.1]
        [--other PYTHON]

`identity` compares the fast engine with the package's own `convert` on the texts of
`../shared/data` and on random strings. `speed` times both, the script detection and the whole
step; with `--other`, the interpreter of an environment that has the C++ `OpenCC`, that too.
`accuracy` runs OpenCC's test cases, the hard cases, the round trip through a mirror and the damage
done to simplified text. `japanese` counts the lines of Japanese pages that the step changes, alone
and between paragraphs of a traditional article. All four without arguments.
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import json
import random
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from opencc import OpenCC

from transforms.text.records import Origin, Page
from transforms.text.script.conversion import Converter
from transforms.text.script.to_simplified import (
    ScriptConfig,
    converter,
    count_scripts,
    detect_script,
    dictionaries,
    to_simplified,
)
from transforms.text.shadow import fold

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
COMMANDS = ("identity", "speed", "accuracy", "japanese")
CONVERSIONS = ("t2s", "tw2s", "tw2sp", "hk2s")
N_FUZZ = 100_000
UNCHANGED = "后里干并余台谷丑面几卜云松范准志姜郁咸占了"
"""Characters that mirrors leave simplified, having several traditional forms."""


def articles(name: str) -> list[str]:
    """Return the texts of a collection of `../shared/data`."""
    with gzip.open(DATA / name, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def all_texts(share: float) -> Iterator[str]:
    """Yield every file of `../shared/data` that is text, large ones in pieces."""
    for path in sorted(DATA.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
        text = data.decode("utf-8", "surrogateescape")
        pieces = [text[at : at + 20_000] for at in range(0, len(text), 20_000)]
        yield from pieces[:: max(1, round(1 / share))]


def fuzz(conversion: str, n: int, rng: random.Random) -> Iterator[str]:
    """Yield random strings of keys, halves of keys, values, and characters of keys."""
    levels = [level for stage in dictionaries(conversion) for level in stage]
    keys = sorted({key for level in levels for key in level})
    phrases = [key for key in keys if len(key) > 1]
    values = sorted({value for level in levels for value in level.values()})
    chars = sorted(set("".join(phrases)))
    odd = ["，", " ", "\n", "。", "\ud800", "\uf9d0", "\U00020087", "a", "・", "ー"]

    def overlap() -> str:
        first, second = rng.choice(phrases), rng.choice(phrases)
        return first[: rng.randint(1, len(first))] + second[rng.randint(0, len(second) - 1) :]

    makers: list[Callable[[], str]] = [
        lambda: rng.choice(phrases),
        overlap,
        lambda: rng.choice(keys + values),
        lambda: "".join(rng.choices(chars, k=rng.randint(1, 12))),
        lambda: rng.choice(odd),
    ]
    for _ in range(n):
        yield "".join(rng.choice(makers)() for _ in range(rng.randint(1, 7)))


def identity(share: float) -> None:
    """Print the number of differences between the fast engine and the package."""
    rng = random.Random(4)
    texts = list(all_texts(share))
    size = sum(map(len, texts))
    for conversion in CONVERSIONS:
        fast = Converter(dictionaries(conversion)).convert
        package = OpenCC(conversion).convert
        on_data = sum(fast(text) != package(text) for text in texts)
        on_fuzz = sum(fast(text) != package(text) for text in fuzz(conversion, N_FUZZ, rng))
        print(
            f"identity {conversion}: {on_data} differences on {size} characters of data, "
            f"{on_fuzz} on {N_FUZZ} random strings; engine in use: {converter(conversion).kind}",
            flush=True,
        )


def rate(work: Callable[[str], object], texts: Sequence[str], seconds: float = 3.0) -> str:
    """Return the best speed of the runs that fit in `seconds`, in megabytes a CPU second.

    Runs are short and many, so that some of them have the core to themselves.
    """
    best = float("inf")
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        start = time.process_time()
        for text in texts:
            work(text)
        best = min(best, time.process_time() - start)
    n_bytes = sum(len(text.encode()) for text in texts)
    return f"{n_bytes / best / 1e6:.1f} MB/s ({sum(map(len, texts)) / best / 1e6:.1f} Mch/s)"


OTHER = """
import json, sys, time, opencc
texts = json.load(sys.stdin)
for name in ("t2s", "tw2s", "tw2sp", "hk2s"):
    convert = opencc.OpenCC(name).convert
    best = 1e9
    for _ in range(3):
        start = time.process_time()
        for text in texts: convert(text)
        best = min(best, time.process_time() - start)
    print(name, "C++", round(sum(len(t.encode()) for t in texts) / best / 1e6, 1), "MB/s")
"""


def speed(other: str | None) -> None:
    """Print the speed of conversions, detection and the whole step, one core."""
    corpora = {
        "traditional": articles("news_hant_taiwan.jsonl.gz")[::8],
        "simplified": articles("news_hans_cctv_2022_2024.jsonl.gz")[::24],
    }
    for label, texts in corpora.items():
        for conversion in CONVERSIONS:
            fast = rate(converter(conversion).convert, texts)
            package = rate(OpenCC(conversion).convert, texts[::8], 1.0)
            print(f"speed {conversion} on {label}: fast {fast}, package {package}", flush=True)
        if other:
            done = subprocess.run(
                [other, "-c", OTHER], input=json.dumps(texts), text=True, capture_output=True
            )
            print(f"speed on {label}:", done.stdout.strip() or done.stderr.strip())
        for name, work in STEPS.items():
            print(f"speed {name} on {label}: {rate(work, texts)}", flush=True)


def converted(text: str, config: ScriptConfig) -> str:
    """Return `text` behind the step."""
    outcome = to_simplified(Page(Origin("0" * 32, "benchmark", 0), text), config)
    assert isinstance(outcome, Page)
    return outcome.text


STEPS: dict[str, Callable[[str], object]] = {
    "detection": detect_script,
    "fold": fold,
    "to_simplified with its edits": lambda text: converted(text, ScriptConfig()),
}


def official_cases(conversion: str) -> list[tuple[str, str]]:
    """Return OpenCC's own test cases of a conversion."""
    rows = (DATA / "opencc" / "cases.tsv").read_text(encoding="utf-8").split("\n")
    cells = [row.split("\t") for row in rows[1:] if row]
    return [(cell[2], cell[3]) for cell in cells if cell[1] == conversion]


DELIBERATE = (
    "慰藉著受傷的心靈",
    "deliberate: a particle 著 becomes 着, which OpenCC leaves to tw2s",
)
"""The case of OpenCC that no setting meets, by its beginning, with the reason."""


def reason(text: str, is_beyond: bool) -> str:
    """Return why a case of OpenCC is not met by default.

    Args:
        text: what is to be converted.
        is_beyond: whether `allow_non_bmp`, which is off by default, meets it.
    """
    if is_beyond:
        return "wants a character beyond U+FFFF, which allow_non_bmp decides"
    return DELIBERATE[1] if text.startswith(DELIBERATE[0]) else "wrong"


def accuracy() -> None:
    """Print how often the conversions are right, and what they do to text that was right."""
    for conversion in CONVERSIONS:
        cases = official_cases(conversion)
        package = OpenCC(conversion).convert
        theirs = sum(package(text) == want for text, want in cases)
        default = ScriptConfig(convert=conversion, gate="always")
        beyond = dataclasses.replace(default, allow_non_bmp=True)
        wrong = {
            config: [case for case in cases if converted(case[0], config) != case[1]]
            for config in (default, beyond)
        }
        print(
            f"accuracy {conversion}: official cases, of {len(cases)}: by default "
            f"{len(cases) - len(wrong[default])}, with allow_non_bmp "
            f"{len(cases) - len(wrong[beyond])}, package {theirs}"
        )
        if conversion in ("t2s", "hk2s"):
            for case in wrong[default]:
                why = reason(case[0], case not in wrong[beyond])
                print(f"  not by default: {case[0]}, wanted {case[1]}: {why}")
    hard = json.loads(
        (ROOT / "tests" / "cases_hard" / "to_simplified.json").read_text(encoding="utf-8")
    )
    always = ScriptConfig(gate="always")
    package = OpenCC("t2s").convert
    ours = sum(converted(case["input"], always) in case["expect"] for case in hard)
    theirs = sum(package(case["input"]) in case["expect"] for case in hard)
    print(f"accuracy: {ours} of {len(hard)} hard cases; package {theirs}")
    round_trip_and_damage(always)
    labels()


def round_trip_and_damage(config: ScriptConfig) -> None:
    """Print errors per million hanzi after a mirror, and on text that is already simplified."""
    texts = articles("news_hans_cctv_2022_2024.jsonl.gz")[::3]
    texts += [
        path.read_text(encoding="utf-8", errors="replace")
        for path in sorted((DATA / "sogou_mini").rglob("*.txt"))
    ]
    n_hanzi = sum(count_scripts(text).hanzi for text in texts)
    table = dictionaries("s2t")[0][-1]
    mirror = {ord(a): b for a, b in table.items() if a not in UNCHANGED} | {ord("发"): "發"}
    package = OpenCC("t2s").convert
    for label, damage in (("mirror round trip", mirror), ("damage to simplified text", {})):
        ours = theirs = 0
        for text in texts:
            shown = text.translate(damage)
            ours += differences(converted(shown, config), text)
            theirs += differences(package(shown), text) if len(text) < 5000 else 0
        print(
            f"accuracy: {label}: {1e6 * ours / n_hanzi:.1f} ppm of {n_hanzi} hanzi; "
            f"package {1e6 * theirs / n_hanzi:.1f}",
            flush=True,
        )


def labels() -> None:
    """Print how many texts of 200 hanzi and more get the script that they are written in."""
    collections = {
        "hans": articles("news_hans_cctv_2022_2024.jsonl.gz"),
        "hant": articles("news_hant_taiwan.jsonl.gz"),
    }
    for wanted, texts in collections.items():
        found = [count.label for count in map(count_scripts, texts) if count.hanzi >= 200]
        lines = [line for text in texts[::10] for line in text.split("\n") if line.strip()]
        on_lines = [detect_script(line) for line in lines]
        print(
            f"accuracy: script {wanted}: {found.count(wanted)} of {len(found)} texts; "
            f"{on_lines.count(wanted)} of {len(lines)} lines, {on_lines.count('und')} und"
        )


JAPANESE = {
    "chardet/EUC-JP/*": "euc_jis_2004",
    "chardet/SHIFT_JIS/*": "shift_jis_2004",
    "chardet/CP932/*": "cp932",
    "char_dataset/shift_jis/**/*": "shift_jis_2004",
    "cpython_cjk/*jp-utf8.txt": "utf-8",
    "cpython_cjk/*jis*-utf8.txt": "utf-8",
}
"""Files of `../shared/data` that hold Japanese, with the codec that they are read by."""


def japanese() -> None:
    """Print how many lines of Japanese pages the step changes, and the kana of Chinese lines."""
    chinese = articles("news_hant_taiwan.jsonl.gz")
    for pattern, codec in JAPANESE.items():
        paths = sorted(path for path in DATA.glob(pattern) if path.is_file())
        pages = [path.read_bytes().decode(codec, "replace") for path in paths]
        lines = [line for page in pages for line in page.split("\n")]
        counts = [(line, count_scripts(line)) for line in lines]
        kana = [line for line, count in counts if count.kana]
        forms = [line for line, count in counts if count.japanese and not count.kana]
        alone = sum(changed_lines(page, "") for page in pages)
        among = [sum(changed_lines(line, chinese[0]) for line in part) for part in (kana, forms)]
        print(
            f"japanese {pattern}: {alone} of {len(lines)} lines of {len(pages)} pages changed; "
            f"between Chinese paragraphs {among[0]} of {len(kana)} lines with kana, "
            f"{among[1]} of {len(forms)} without kana but with Japanese forms"
        )
    ours = [count_scripts(line) for text in chinese for line in text.split("\n")]
    shares = ((count.kana + count.japanese) / count.hanzi for count in ours if count.hanzi)
    print(
        f"japanese: at most {max(shares):.3f} kana and Japanese forms per hanzi "
        f"in a line of {len(chinese)} articles"
    )


def changed_lines(text: str, around: str) -> int:
    """Return the number of lines of `text` that the step changes where they stand `around`."""
    page = f"{around}\n{text}\n{around}"
    before, after = page.split("\n"), converted(page, ScriptConfig()).split("\n")
    first = around.count("\n") + 1
    last = first + text.count("\n") + 1
    return differences(before[first:last], after[first:last])


def differences(a: Sequence[str], b: Sequence[str]) -> int:
    """Return the number of places at which two texts, or lists of lines, of equal length differ."""
    return sum(x != y for x, y in zip(a, b, strict=True))


def main() -> None:
    """Run what is asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("what", nargs="*", choices=(*COMMANDS, []))
    options.add_argument("--share", type=float, default=1.0, help="of the data, for identity")
    options.add_argument("--other", help="a Python that has the C++ OpenCC")
    given = options.parse_args()
    what = given.what or COMMANDS
    if "identity" in what:
        identity(given.share)
    if "speed" in what:
        speed(given.other)
    if "accuracy" in what:
        accuracy()
    if "japanese" in what:
        japanese()


if __name__ == "__main__":
    main()
