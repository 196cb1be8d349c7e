"""What OpenCC's dictionaries are known to get wrong, mended one character at a time.

A rule is about one character as the page has it; its neighbours are looked at in the converted
text, so that contexts are written in simplified script only. The first rule that fits decides, and
where none does the conversion stands. Texts keep their length.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from transforms.text.script.conversion import code_points, marked

REACH = 8
"""Code points of context that a rule can see on each side."""


class Correction(NamedTuple):
    """A rule for one character.

    Attributes:
        char: the character on the page.
        result: what it becomes, or stays.
        before: pattern that the converted text in front must end with.
        after: pattern that the converted text behind must begin with.
        example: a phrase the rule is for, and what comes of it.
    """

    char: str
    result: str
    before: str
    after: str
    example: tuple[str, str]


_SURNAMES = (
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁余叶蒋杜苏魏程吕丁任姚卢傅钟姜崔谭廖"
    "范汪陆金石戴贾韦夏邱侯邹熊孟秦白江阎薛尹段雷黎史陶贺顾毛郝龚邵万钱严武乌申毕洪庄辛温简允胤成]"
)
_EDGE = "(?:^|[^㐀-鿿])"
_END = "(?:[^㐀-鿿]|$)"
_BEHIND_NAME = f"(?:{_END}|说|表示|指出|认为|强调|[与和及等的])"
_NAME = f"{_EDGE}{_SURNAMES}"
"""A surname where a name can begin."""


def _rules(
    char: str, result: str, *contexts: tuple[str, str, tuple[str, str]]
) -> Iterable[Correction]:
    return (Correction(char, result, *context) for context in contexts)


CORRECTIONS: tuple[Correction, ...] = (
    Correction("著", "着", "[拿随跟沿朝接贴]", "", ("拿著名牌", "拿着名牌")),
    Correction("著", "着", "[打借顶]", "名[号义]", ("打著名號", "打着名号")),
    *_rules(
        "著",
        "著",
        ("", "[名作者书述称录文论译绩权]", ("顯著名著", "显著名著")),
        ("[原名专论译编合遗巨拙土显卓昭撰所较]|微知", "", ("原著", "原著")),
        (r"[》」”）)\s]", r"(?:[\s，。、；：.;:《（(]|$)", ("《春》，巴金 著", "《春》，巴金 著")),
        ("[㐀-鿿]{2}", "[》）)]", ("（王二明著）", "（王二明著）")),
        (r"(?:^|\s)[㐀-鿿]{2,3}", r"(?:\n|$)", ("王二明著", "王二明著")),
        ("", "有[《“「‘]", ("著有《春》", "著有《春》")),
        ("", "《", ("著《春》", "著《春》")),
        ("[，。；,;]", "有", ("，著有多書", "，著有多书")),
    ),
    Correction("著", "着", "", "", ("看著", "看着")),
    *_rules(
        "昇",
        "昇",
        (_NAME, _BEHIND_NAME, ("陳昇、", "陈昇、")),
        (_NAME + "[^上提爬攀回飞跳价度]", _BEHIND_NAME, ("吳育昇。", "吴育昇。")),
        (_NAME, "(?![华级值高起任格至到空温息])[㐀-鿿]" + _END, ("李昇勳", "李昇勋")),
        ("卢象|王彦|毕|洪", "(?![华级任])", ("盧象昇是明朝人", "卢象昇是明朝人")),
    ),
    Correction("陞", "陞", _NAME + "[^高上晋擢]", _BEHIND_NAME, ("楊聯陞說", "杨联陞说")),
    *_rules(
        "甦",
        "苏",
        ("复", "", ("復甦", "复苏")),
        ("", "[醒生活息]|过来|转", ("甦醒", "苏醒")),
    ),
    Correction("甦", "甦", "", "", ("楊甦棣", "杨甦棣")),
    *_rules(
        "祕",
        "祕",
        (_NAME, _END, ("胤祕", "胤祕")),
        (_EDGE, "(?:丕笈|彭祖|琼)", ("祕彭祖", "祕彭祖")),
    ),
    *_rules(
        "脩",
        "脩",
        ("[束肉腶]", "", ("束脩", "束脩")),
        ("", "[脯金敬炳脡]", ("脩金", "脩金")),
    ),
    *_rules(
        "蒐",
        "蒐",
        ("[茅多春夏秋冬大]", "(?![集索罗证寻购查藏])", ("春蒐", "春蒐")),
        ("", "[狩猎苗狝田畋]", ("蒐狩", "蒐狩")),
    ),
    Correction("釐", "釐", "[年怀春祝逆鸿]", _END, ("祝釐", "祝釐")),
    *_rules("剋", "剋", ("挨", "", ("挨剋", "挨剋")), ("", "[架毒]", ("剋架", "剋架"))),
    *_rules(
        "氾",
        "氾",
        ("", "胜之|[南国水]", ("氾勝之", "氾胜之")),
        ("[南东]", _END, ("南氾", "南氾")),
    ),
    Correction("乾", "乾", "", "安[县镇市]|[县州佑元]|闼婆", ("乾安縣", "乾安县")),
    Correction("乾", "干", "", "断食|红", ("乾斷食", "干断食")),
    Correction("沈", "沉", "", "重(?![申新])|[厚溺睡迷寂浸淀沦痛闷甸吟醉稳积]", ("沈重", "沉重")),
    Correction("於", "於", "", "幼军|梨华|崇文", ("於幼軍同志", "於幼军同志")),
    Correction("甚", "什", "", "么", ("甚麼", "什么")),
    *_rules(
        "鍾",
        "锺",
        ("钱", "书", ("錢鍾書", "钱锺书")),
        ("千", "", ("千鍾", "千锺")),
    ),
    Correction("鍾", "钟", "", "", ("鍾馗", "钟馗")),
    Correction("祇", "只", "(?<![神地灵僧])", "[有是要能好会得可需见怕顾剩不在]", ("祇有", "只有")),
    Correction("徵", "徵", "魏", "", ("魏徵", "魏徵")),
    Correction("藉", "藉", "[慰狼蕴枕杂]", "", ("慰藉著心靈", "慰藉着心灵")),
    Correction("扞", "捍", "", "[拒卫御]", ("扞衛", "捍卫")),
    Correction("甯", "宁", "", "[静愿可死肯日]", ("甯靜", "宁静")),
    Correction("甯", "甯", "", "", ("張鈞甯", "张钧甯")),
    Correction("袷", "夹", "", "[衣裙袄裤]", ("袷衣", "夹衣")),
    Correction("谿", "谿", "", "工", ("谿工", "谿工")),
    Correction("劄", "札", "", "记", ("劄記", "札记")),
    Correction("么", "么", "[什怎这那多要好甚]", "", ("什么", "什么")),
    *_rules(
        "坏",
        "坯",
        (f"{_EDGE}[制土砖陶瓷毛]", _END, ("製坏、", "制坯、")),
        (r"(?:^|\s)一", r"(?:\s|$)", ("一坏", "一坯")),
        (_EDGE, f"布{_END}", ("坏布、", "坯布、")),
        ("面", "儿", ("麪坏兒", "面坯儿")),
    ),
    Correction("祐", "佑", "[保庇]", "", ("保祐", "保佑")),
    Correction("慇", "殷", "", "[勤切]", ("慇勤", "殷勤")),
    *(
        Correction(char, result, "", "", (char, result))
        for char, result in zip(
            "擡抬舖谿幷衞粧敍砲牠簷箚貍遶陞僱枱暱痺勦揹姪睪搥摀伕",
            "抬抬铺溪并卫妆叙炮它檐札狸绕升雇台昵痹剿背侄睾捶捂夫",
            strict=True,
        )
    ),
)
"""Variants that the package leaves as they are, particles, and names that it converts.

Where they come from: OpenCC's issues 555, 963 and 1469, its test cases after 1.4.1, and a table of
hard cases (`tests/cases_hard/`). The rule of 著 is wrong in about 27 of 553 places of mixed prose,
against 155 without it."""


class _Compiled(NamedTuple):
    before: re.Pattern[str]
    after: re.Pattern[str]
    result: str


@functools.cache
def _by_character() -> dict[str, list[_Compiled]]:
    table: dict[str, list[_Compiled]] = {}
    for rule in CORRECTIONS:
        before = re.compile(f"(?:{rule.before})\\Z")
        table.setdefault(rule.char, []).append(
            _Compiled(before, re.compile(rule.after), rule.result)
        )
    return table


@functools.cache
def _is_subject() -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return marked(_by_character())


def _subjects(text: str) -> list[int]:
    """Return the offsets of all characters that a rule is about."""
    marked = _is_subject().take(code_points(text), mode="clip")
    return marked.nonzero()[0].tolist()


def correct(source: str, converted: str) -> str:
    """Return `converted` with the known errors of its conversion mended.

    >>> correct("看著擡頭的名著", "看著擡头的名著")
    '看着抬头的名著'

    Args:
        source: the text that was converted.
        converted: what came of it, of the same length.
    """
    parts: list[str] = []
    at = 0
    for here in _subjects(source):
        result = _decide(source[here], converted, here)
        if result != converted[here]:
            parts += (converted[at:here], result)
            at = here + 1
    return "".join((*parts, converted[at:])) if parts else converted


def _decide(char: str, converted: str, at: int) -> str:
    before = converted[max(0, at - REACH) : at]
    after = converted[at + 1 : at + 1 + REACH]
    for rule in _by_character()[char]:
        if rule.before.search(before) and rule.after.match(after):
            return rule.result
    return converted[at]
