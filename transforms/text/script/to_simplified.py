"""Scripts: which one a text is written in, and the way to simplified.

The dictionaries are those of the installed `opencc-python-reimplemented`, and its output is the
reference: `converter` proves at set-up that the fast engine gives the same, or uses the package.
"""

from __future__ import annotations

import functools
import importlib.metadata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import opencc

from transforms.text.records import Edit, Page, Rejected
from transforms.text.script.conversion import CODE_SPACE, Converter, code_points
from transforms.text.script.corrections import correct
from transforms.text.script.rewrites import aligned_rewrites, phrase_rewrites, with_texts

STEP = "to_simplified"

Convert = Callable[[str], str]
Conversion = Literal["t2s", "tw2s", "tw2sp", "hk2s"]

RIVALS = ("OpenCC", "opencc-py")
"""Distributions that install another module `opencc` over the one this project is built on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptConfig:
    """Settings of `to_simplified`.

    Attributes:
        convert: dictionaries to convert by; `auto` takes hk2s for pages in Hong Kong's character
            forms and t2s for all others; `off` only detects the script.
        gate: `script` converts what is traditional or mixed; `always` whatever a page is written
            in, but Japanese and Korean.
        line_level_ja: leave Japanese lines of a Chinese page as they are.
        post_fixes: mend what the dictionaries are known to get wrong (`corrections.py`).
        allow_non_bmp: let a character become one beyond U+FFFF, which few fonts have.
    """

    enabled: bool = True
    convert: Literal["off", "t2s", "tw2s", "tw2sp", "hk2s", "auto"] = "t2s"
    gate: Literal["script", "always"] = "script"
    line_level_ja: bool = True
    post_fixes: bool = True
    allow_non_bmp: bool = False


def _package(conversion: str) -> opencc.OpenCC:
    """Return the package's own converter.

    Raises:
        ImportError: another distribution has put its module `opencc` over the package's.
    """
    for rival in RIVALS:
        try:
            importlib.metadata.distribution(rival)
        except importlib.metadata.PackageNotFoundError:
            continue
        raise ImportError(
            f"the distribution {rival} owns the module 'opencc' too; uninstall it, then "
            "reinstall opencc-python-reimplemented",
            name="opencc",
        )
    return opencc.OpenCC(conversion)


def dictionaries(conversion: str) -> list[list[dict[str, str]]]:
    """Return the package's dictionaries: stages of groups, the first candidate of each value."""
    return [
        [{key: value.split(" ")[0] for key, value in level.items()} for _, _, level in stage]
        for stage in _package(conversion)._dict_chain_data
    ]


@functools.cache
def simplified_characters() -> dict[int, int]:
    """Return traditional → simplified code points, for characters that stay one character."""
    table: dict[int, int] = {}
    for level in dictionaries("t2s")[0]:
        for key, value in level.items():
            if len(key) == 1 == len(value) and key != value:
                table.setdefault(ord(key), ord(value))
    return table


class Engine(NamedTuple):
    """A conversion, ready to use.

    Attributes:
        kind: `fast`, or `package` where the fast engine failed its self-test. Whoever runs a
            pipeline may want to count the latter: it is right, and eighty times slower.
    """

    convert: Convert
    kind: Literal["fast", "package"]


@functools.cache
def converter(conversion: Conversion, allow_non_bmp: bool = True) -> Engine:
    """Return the engine of a conversion, after its self-test. Costs about 0.1 s, once a process.

    Args:
        conversion: name of the package's configuration.
        allow_non_bmp: false takes out of the dictionaries, the package's too, what turns a
            character into one beyond U+FFFF.

    Raises:
        ImportError: the module `opencc` is not the package's own.
    """
    package = _package(conversion)
    if not allow_non_bmp:
        package._dict_chain_data = [
            [(longest, shortest, _within_bmp(level)) for longest, shortest, level in stage]
            for stage in package._dict_chain_data
        ]
    stages = [
        [{key: value.split(" ")[0] for key, value in level.items()} for _, _, level in stage]
        for stage in package._dict_chain_data
    ]
    fast = Converter(stages)
    if all(fast.convert(probe) == package.convert(probe) for probe in _probes(stages)):
        return Engine(fast.convert, "fast")
    return Engine(package.convert, "package")


def _within_bmp(level: dict[str, str]) -> dict[str, str]:
    return {
        key: value
        for key, value in level.items()
        if max(value.split(" ")[0]) <= "\uffff" or max(key) > "\uffff"
    }


def _probes(stages: list[list[dict[str, str]]]) -> Iterator[str]:
    """Yield texts that together hold every key, first alone, then run together."""
    keys = sorted({key for stage in stages for level in stage for key in level})
    phrases = [key for key in keys if len(key) > 1]
    yield "，".join(keys)
    yield "，".join(phrases[at] + phrases[at - 1][1:] for at in range(len(phrases)))
    yield "，".join(phrases[at][:-1] + phrases[-at] for at in range(len(phrases)))


class ScriptCounts(NamedTuple):
    """Code points of a text by class: what the label of its script is read from."""

    other: int
    shared: int
    traditional: int
    simplified: int
    kana: int
    hangul: int
    japanese: int

    @property
    def hanzi(self) -> int:
        return self.shared + self.traditional + self.simplified + self.japanese

    @property
    def label(self) -> str:
        """The script: hans, hant, mixed, ja, ko, or und where nothing tells."""
        han = self.hanzi
        if self.kana >= 3 and 10 * self.kana >= self.kana + han:
            return "ja"
        if self.hangul >= 3 and 5 * self.hangul >= self.hangul + han:
            return "ko"
        telling = self.traditional + self.simplified
        if not telling:
            return "und"
        if 10 * self.traditional >= 9 * telling:
            return "hant"
        if 10 * self.traditional <= telling or (self.traditional == 1 and self.simplified >= 3):
            return "hans"
        return "mixed"


_HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x40000))
_KANA_BLOCKS = (
    (0x3041, 0x3097),
    (0x309D, 0x30A0),
    (0x30A1, 0x30FB),
    (0x30FC, 0x3100),
    (0xFF66, 0xFF9E),
)
_HANGUL_BLOCKS = ((0x1100, 0x1200), (0x3130, 0x318F), (0xAC00, 0xD7A4))


@functools.cache
def traditional_only() -> frozenset[str]:
    """Return the characters that t2s changes and that no simplified text uses."""
    simplified = dictionaries("s2t")[0][-1]
    return frozenset(map(chr, simplified_characters())) - simplified.keys()


@functools.cache
def simplified_only() -> frozenset[str]:
    """Return the characters that are no traditional form of anything."""
    single = _package("s2t")._dict_chain_data[0][-1][2]
    forms = {form for value in single.values() for form in value.split(" ")}
    return frozenset(single) - forms - set(map(chr, simplified_characters()))


REGIONAL = "么兑卧叁囱媪峰床悦愠户捝揾敚棁榅氲涚温灶煴痴秘税粽群脱腽葱蒀蜕"
"""Simplified characters that are standard forms in Taiwan or Hong Kong too: values of OpenCC's
TWVariants and HKVariants. They tell nothing about the script."""


JAPANESE = (
    "両乗亀亜仏仮伝価倹児円処剣剤剰労効勅勧勲単厳収呉呪唖営噛団囲図圏圧塁塩増壊壌壱売変奨嬢実寛対専巌巣巻帯帰庁広廃弁弐弾"
    "従徳徴応恵悩悪懐戦戸戻払抜択拝拠拡挙挿捜掲掻揺摂撃撹斉斎晩暁暦曁曽栄桜桝桟検楡楽様権歓歩歯歳歴毎気汚沢浄浜涙渇済渉渋渓満溌"
    "滝瀬焔焼犠猟獣畳痩発皐県砕稲穂穏穣竃竜粋粛糸経絵継続総縁縄縦繊繋繍缶聡聴脳臓舎舗茘荘蔵薫薬蛍蝋覇覚覧観訳読譲豊賛転軽輌辺逓"
    "遅郷酔醗醤醸釈鉄鉱銭鋳錬関闘陥険隠雑霊頼顕駅駆騒験髄髪鴎鶏黒黙鼈齢"
)
"""Characters that only Japanese writes: values of OpenCC's JPVariants that are neither keys nor
values of the dictionaries for Chinese, less a few that Chinese news has (予疏欠醋痺粧鹸)."""


@functools.cache
def _class_table() -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    table = np.zeros(CODE_SPACE, np.uint8)
    blocks = ((1, _HAN_BLOCKS), (4, _KANA_BLOCKS), (5, _HANGUL_BLOCKS))
    for number, spans in blocks:
        for first, stop in spans:
            table[first:stop] = number
    table[[ord(char) for char in traditional_only() - {"乾", "著"}]] = 2
    table[[ord(char) for char in simplified_only() - set(REGIONAL)]] = 3
    table[[ord(char) for char in JAPANESE]] = 6
    return table


def script_classes(text: str) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """Return the class of each code point of `text`: its place among the `ScriptCounts`."""
    return _class_table().take(code_points(text), mode="clip")


def count_scripts(text: str) -> ScriptCounts:
    """Return how many code points of each class `text` has."""
    return ScriptCounts(*np.bincount(script_classes(text), minlength=7).tolist())


def detect_script(text: str) -> str:
    """Return the script of `text`: hans, hant, mixed, ja, ko, or und where nothing tells.

    >>> [detect_script(text) for text in ("国家", "國家", "山水", "国を愛する人々")]
    ['hans', 'hant', 'und', 'ja']
    """
    return count_scripts(text).label


def to_simplified(page: Page, config: ScriptConfig) -> Page | Rejected:
    """Name the script of the page, and convert a traditional page and its metadata."""
    counts = count_scripts(page.text)
    spans = _due_spans(page.text, counts, config)
    if not spans:
        return page.revised(script=counts.label)
    conversion = _choose(page, config)
    simplifier = _Simplifier(conversion, converter(conversion, config.allow_non_bmp), config)
    edits = [edit for span in spans for edit in simplifier.edits(page.text, span)]
    meta = page.meta
    if config.gate == "always" or counts.label != "hans":
        meta = with_texts(meta, lambda text: simplifier.steps(text)[1])
    return page.revised(edits, script=counts.label, meta=meta)


class _Simplifier(NamedTuple):
    """A conversion with its corrections."""

    conversion: Conversion
    engine: Engine
    config: ScriptConfig

    def steps(self, text: str) -> tuple[str, str]:
        """Return `text` converted, and the same corrected.

        The vocabulary of tw2sp changes lengths, so that its corrections know what stood on the
        page only where it still stands in the result.
        """
        converted = self.engine.convert(text)
        if not self.config.post_fixes:
            return converted, converted
        return converted, correct(converted if self.conversion == "tw2sp" else text, converted)

    def edits(self, text: str, span: tuple[int, int]) -> list[Edit]:
        """Return the edits that convert a span of `text`."""
        start, stop = span
        source = text[start:stop]
        converted, final = self.steps(source)
        if final == source:
            return []
        compare = phrase_rewrites if self.conversion == "tw2sp" else aligned_rewrites
        return compare(source, converted, final, start, STEP, (self.conversion, "post_fix"))


def _due_spans(text: str, counts: ScriptCounts, config: ScriptConfig) -> list[tuple[int, int]]:
    """Return the spans of `text` to convert: all of it, or the lines that need it."""
    page_script = "hant" if config.gate == "always" else counts.label
    if config.convert == "off" or counts.label in ("ja", "ko") or page_script == "und":
        return []
    if page_script == "hans" and counts.traditional < MIN_LINE:
        return []
    if page_script == "hant" and not (config.line_level_ja and counts.kana + counts.japanese):
        return [(0, len(text))]
    spans: list[tuple[int, int]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        if _is_due(count_scripts(line), page_script, config):
            start = spans.pop()[0] if spans and spans[-1][1] == at else at
            spans.append((start, at + len(line)))
        at += len(line)
    return spans


def _is_due(line: ScriptCounts, page_script: str, config: ScriptConfig) -> bool:
    """Tell whether a line of a page of some script is to be converted."""
    if config.line_level_ja and line.kana + line.japanese > MIN_JAPANESE * line.hanzi:
        return False
    if page_script == "hans":
        return line.label == "hant" and line.traditional >= MIN_LINE
    return page_script == "hant" or line.label != "hans"


MIN_LINE = 5
"""Traditional characters that make a line of a simplified page one to convert: a quoted title has
fewer, a paragraph more."""

MIN_JAPANESE = 0.05
"""Kana and characters of Japanese only, per hanzi, above which a line is left alone, however short
it is: 駅前の複合施設. In 2,318 articles from Taiwan the highest share is 0.033
(`benchmarks/script.py japanese`)."""

HONG_KONG = "衞説鋭閲悦脱税温啓綫"
"""Forms of Hong Kong's standard that neither Taiwan's nor a mirror's conversion writes."""


def _choose(page: Page, config: ScriptConfig) -> Conversion:
    """Return the conversion for a page; one for regional forms never suits a mirrored page."""
    wanted = config.convert
    if wanted == "off" or any(edit.step == "strip_pinyin" for edit in page.edits):
        return "t2s"
    if wanted != "auto":
        return wanted
    return "hk2s" if sum(map(page.text.count, HONG_KONG)) >= 3 else "t2s"
