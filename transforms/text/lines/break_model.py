"""How likely a line break cuts a sentence in two, by what stands on its two sides.

A logistic regression over hashed features: the characters next to the break, alone and across it,
and the clauses that end or go on there. Its weights are frozen in `tables/line_breaks.py`.
"""

from __future__ import annotations

import functools
import re
from zlib import crc32

from transforms.text.charmodel import gain_of_pair
from transforms.text.script.to_simplified import simplified_characters
from transforms.text.tables import line_breaks

_REACH = 30
"""Code points on each side in which a clause is looked for; longer ones count as this long."""
_OPENS, _CLOSES = 120, 60
"""Code points above a break within which a quotation or bracket opens, and below within which it
closes."""
_MARK_RE = re.compile("[，。、；：！？,;:!? \u3000]")
_BRACKET_RE = re.compile("[“”《》（）()「」]")
_BRACKETS = (("“", "”"), ("《", "》"), ("（", "）"), ("「", "」"), ("(", ")"))
_HALF, _FULL = ",!?:;()「」『』〈〉０１２３４５６７８９", "，！？：；（）“”“”《》0000000000"


@functools.cache
def _folds() -> dict[int, str | int]:
    """Return the table that takes script, width, digits and letters out of a text."""
    folds: dict[int, str | int] = dict(simplified_characters())
    folds |= str.maketrans(_HALF, _FULL)
    folds |= dict.fromkeys(map(ord, "123456789"), "0")
    folds |= dict.fromkeys(range(ord("a"), ord("z") + 1), "a")
    folds |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    return folds | dict.fromkeys(range(ord("A"), ord("Z") + 1), "A")


def log_odds(above: str, below: str) -> float:
    """Return the logarithm of the odds that two lines are halves of one sentence, in nats.

    They are those of the training set, most of whose breaks cut a sentence, and in which no upper
    line has a final mark: `joins.py` says what is enough.

    >>> log_odds("步道全长七公里，沿途四个村的居", "民从此不必绕行。") > 4
    True
    >>> log_odds("步道全线贯通", "昨天上午，环湖步道完工。") < 0
    True
    """
    weights = line_breaks.WEIGHTS
    total = sum([weights[at] for at in features(above, below)])
    return (total - _ZERO * N_FEATURES) * line_breaks.STEP


BITS = 18
"""Binary digits of a feature's number: the table has 2 to this power weights."""
N_FEATURES = 16
_ZERO = 128
"""What a weight of nothing is written as; others lie as many steps of the table above or below."""


def features(above: str, below: str) -> list[int]:
    """Return the numbers of the features of a break: places in the table of weights."""
    left, right = above[-_REACH:], below[:_REACH]
    clause, rest = _MARK_RE.split(left)[-1], _MARK_RE.split(right, maxsplit=1)[0]
    clause_size, rest_size = chr(len(clause)), chr(len(rest))
    folds = _folds()
    before = left[: len(left) - len(clause)][-1:].translate(folds)
    behind = right[len(rest) : len(rest) + 1].translate(folds)
    left, right = left[-2:].translate(folds), right[:2].translate(folds)
    a, b = left[-1:], right[:1]
    in_left, across, in_right = _gain(left), _gain(a + b), _gain(right)
    values = (
        a,
        left,
        b,
        right,
        a + b,
        left + b,
        a + right,
        clause_size + rest_size,
        before + clause_size,
        behind + rest_size,
        in_left + across + in_right,
        in_left + a,
        in_right + b,
        clause[:2].translate(folds),
        rest[-2:].translate(folds) + behind,
        bracket_at(above, below),
    )
    shift = 32 - BITS
    return [crc32(value.encode(), number) >> shift for number, value in enumerate(values)]


def _gain(pair: str) -> str:
    """Return by how many nats, up to five, the second of two hanzi is likelier behind the first."""
    if len(pair) < 2 or pair[0] < "\u3400" or pair[1] < "\u3400":
        return "-"
    return str(min(max(round(gain_of_pair(pair[0], pair[1])), 0), 5))


def bracket_at(above: str, below: str) -> str:
    """Return `open` where a quotation or bracket is open at a break, `closed` where one closes.

    >>> bracket_at("浇灌科技之花、“融合", "之路”，结出果实。")
    'open, closed'
    """
    opened = "".join(_BRACKET_RE.findall(above[-_OPENS:]))
    ended = "".join(_BRACKET_RE.findall(below[:_CLOSES]))
    closed = ""
    for opening, closing in _BRACKETS if opened or ended else ():
        at = ended.find(closing)
        closes = at >= 0 and opening not in ended[:at]
        if opened.rfind(opening) > opened.rfind(closing):
            return "open, closed" if closes else "open"
        closed = "closed" if closes else closed
    return closed
