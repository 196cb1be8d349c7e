"""Pages with spam whose every character is known, clean pages that look like spam, and clean news.

Used by `spam.py` and `flags.py`, which describe what for.
"""

from __future__ import annotations

import functools
import gzip
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from transforms.config import default_config
from transforms.text.script.to_simplified import dictionaries
from transforms.text.spam.lexicon import compiled

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"

TEXTS = json.loads(Path(__file__).with_name("spam_texts.json").read_text(encoding="utf-8"))
CONFIG = default_config().strip_spam
LEXICON = compiled(CONFIG.lexicon)
STRATA = {"seen": 0.6, "unseen": 0.3, "blind": 0.1}


class Piece(NamedTuple):
    """A stretch of a page: content, a spam segment, or what stands between spam segments."""

    text: str
    label: str = "content"


@dataclass
class Case:
    """A generated page with its truth."""

    kind: str
    stratum: str
    place: str
    pieces: list[Piece] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


class Speaker:
    """Says spam in one stratum.

    Args:
        topic: adult or gambling.
        stratum: which share of its words and marks no list has.
    """

    def __init__(self, topic: str, stratum: str, dice: random.Random) -> None:
        self.dice = dice
        self.stratum = stratum
        known = [record for record in CONFIG.lexicon if record.kind == topic]
        self._strong = [w for r in known if r.strength == "strong" for w in r.words]
        self._weak = [w for r in known if r.strength == "weak" for w in r.words if len(w) > 1]
        self._new = [w for w in TEXTS["held_out"][topic] if not LEXICON.weigh(w)]
        self._new_share = {"seen": 0.0, "unseen": 0.5, "blind": 1.0}[stratum]

    def word(self) -> str:
        """Return a word, new or listed, strong in three of seven cases as in seed 002."""
        if self.dice.random() < self._new_share:
            return self.dice.choice(self._new)
        return self.dice.choice(self._strong if self.dice.random() < 0.43 else self._weak)

    def title(self) -> str:
        """Return a segment of about 10.7 code points."""
        wanted = min(20, max(4, self.dice.gauss(10.7, 2.2)))
        words = ""
        while len(words) < wanted - 1:
            words += self.word()
        return words[:20]

    def mark(self) -> str:
        """Return what stands between two segments."""
        marks = TEXTS["separators"]
        if self.stratum != "seen":
            return self.dice.choice(marks["held_out"])
        return self.dice.choices(marks["seen"], marks["weights"])[0]

    def marker(self) -> str:
        """Return the phrase in front of a block, or nothing."""
        if self.dice.random() < 0.5:
            return ""
        if self.stratum != "seen":
            return self.dice.choice(TEXTS["markers"]["held_out"])
        listed = [
            w
            for r in CONFIG.lexicon
            if (r.kind, r.strength) == ("marker", "strong")
            for w in r.words
        ]
        return f"主站{self.dice.choice(listed)}: "

    def disguised(self, title: str) -> str:
        """Return `title` with its words broken, now and then."""
        at = self.dice.randrange(1, len(title))
        tricks: dict[int, Callable[[], str]] = {
            0: lambda: title[:at] + "*" + title[at:],
            1: lambda: title[:at] + "\u200b" + title[at:],
            2: lambda: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in title),
        }
        return tricks.get(self.dice.randrange(40), lambda: title)()


def pool_block(say: Speaker) -> list[Piece]:
    """S1: a marker and a piped list, sometimes wrapped or cut."""
    marker = say.marker()
    pieces = [Piece(marker, "spam")] if marker else []
    mark, wrap = say.mark(), say.dice.random() < 0.2
    for number in range(say.dice.randrange(8, 81)):
        if number:
            loose = mark if mark.isspace() else mark + " " * say.dice.randrange(2)
            pieces.append(Piece("\n" if wrap and number % 6 == 0 else loose, "spam"))
        pieces.append(Piece(say.disguised(say.title()), "segment"))
    if say.dice.random() < 0.2:
        pieces[-1] = Piece(pieces[-1].text[:3], "segment")
    return pieces


def title_line(say: Speaker) -> list[Piece]:
    """S2 and S3: a line of joined titles."""
    mark = say.mark()
    while mark == "\n":
        mark = say.mark()
    pieces = []
    for number in range(say.dice.randrange(3, 16)):
        pieces += [Piece(mark, "spam")] * bool(number) + [
            Piece(say.disguised(say.title()), "segment")
        ]
    return [*pieces, Piece(" ?", "spam")] if say.dice.random() < 0.2 else pieces


def list_items(say: Speaker) -> list[Piece]:
    """S4: titles between the headlines of a list, each with a date glued on."""
    heads = [hard.split("\n")[0].format_map(Slots(say.dice)) for hard in TEXTS["hard_negatives"]]
    pieces = [Piece("相关新闻\n", "other")]
    for number in range(8):
        spam = number in (2, 5)
        title = say.title() if spam else say.dice.choice(heads)[:25]
        day = f"2026-01-{say.dice.randrange(1, 28):02d}"
        pieces.append(Piece(title + day, "segment" if spam else "other"))
        pieces.append(Piece("\n" * (number < 7), "other"))
    return pieces


def contact(say: Speaker) -> list[Piece]:
    """S14: an account to write to, doubled."""
    account = say.dice.choice(TEXTS["accounts"]).format(n=say.dice.randrange(100, 999))
    call = say.dice.choice(("复制微信号", "添加微信好友", "长按复制"))
    return [Piece(f"微信号:{account}{call}{account} {call}", "segment")]


def jammer(say: Speaker) -> list[Piece]:
    """S16: random tokens at line ends."""
    alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+:,%&!$"
    tokens = ["".join(say.dice.choices(alphabet, k=say.dice.randrange(1, 4))) for _ in range(9)]
    return [Piece(" ".join(tokens), "segment")]


def keyword(say: Speaker) -> list[Piece]:
    """S5 and S6: a betting word, as a clause of its own or in front of a dateline."""
    return [
        Piece(
            say.dice.choice(("百家乐", "时时彩", "六合彩", "真人娱乐", "必赢官网", "幸运飞艇")),
            "segment",
        )
    ]


KINDS: dict[str, tuple[float, Callable[[Speaker], list[Piece]]]] = {
    "S1": (0.33, pool_block),
    "S2": (0.32, title_line),
    "S4": (0.1, list_items),
    "S5": (0.05, keyword),
    "S6": (0.05, keyword),
    "S14": (0.1, contact),
    "S16": (0.05, jammer),
}


class Slots(dict[str, str]):
    """Fills the slots of a hard negative."""

    def __init__(self, dice: random.Random) -> None:
        super().__init__(
            name=dice.choice(TEXTS["names"]),
            name2=dice.choice(TEXTS["names"]),
            place=dice.choice(TEXTS["places"]),
            n=str(dice.randrange(11, 99)),
            m=str(dice.randrange(100, 9999)),
            k=str(dice.randrange(10)),
        )


def base_articles(limit: int) -> list[str]:
    """Return articles as lines of title and paragraphs."""
    texts = list(TEXTS["articles"])
    path = DATA / "news_hans_cctv_2022_2024.jsonl.gz"
    if path.exists():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            found = [f"{r['title']}\n{r['text']}" for r in map(json.loads, lines)]
        found = [text for text in found if 200 <= len(text) <= 2500 and "\n\n" not in text]
        texts += found[:: max(1, len(found) // limit)]
    return texts


def to_traditional(text: str) -> str:
    """Return `text` character by character in traditional script, as mirrors convert."""
    return text.translate(traditional_table())


@functools.cache
def traditional_table() -> dict[int, str]:
    """Return simplified → traditional, by character."""
    return {ord(old): new for old, new in dictionaries("s2t")[0][-1].items() if len(old) == 1}


def generate(pages: int, seed: int) -> Iterator[Case]:
    """Yield cases: a spam page each, in seeded variety."""
    dice = random.Random(seed)
    bases = base_articles(600)
    for _ in range(pages):
        kind = dice.choices(list(KINDS), [share for share, _ in KINDS.values()])[0]
        stratum = dice.choices(list(STRATA), list(STRATA.values()))[0]
        say = Speaker("gambling" if dice.random() < 0.25 else "adult", stratum, dice)
        case = Case(kind, stratum, dice.choices(("tail", "head", "middle"), (45, 45, 10))[0])
        lines = dice.choice(bases).split("\n")
        if dice.random() < 0.5:
            lines = dressed(lines, dice)
        spam = KINDS[kind][1](say)
        mirrored = dice.random() < 0.55
        if mirrored:
            lines = list(map(to_traditional, lines))
        turned = mirrored == (dice.random() < 0.15)
        spam = [
            Piece(
                to_traditional(text) if (mirrored if label == "other" else turned) else text, label
            )
            for text, label in spam
        ]
        place(case, lines, spam, say)
        yield case


def dressed(lines: list[str], dice: random.Random) -> list[str]:
    """Return an article with the lines that pages put around it."""
    name = dice.choice(TEXTS["names"])
    paper, day = dice.choice(TEXTS["places"]) + "日报", dice.randrange(10, 29)
    head = [f"2024-05-{day} 10:2{dice.randrange(9)} 来源:{paper}"]
    return [lines[0], *head, *lines[1:], f"责任编辑:{name}", "返回首页"]


def place(case: Case, lines: list[str], spam: list[Piece], say: Speaker) -> None:
    """Put the spam where its kind and the case say."""
    if case.kind == "S16":
        jam = iter(lambda: jammer(say), None)
        for line in lines:
            case.pieces.append(Piece(line))
            if len(line) > 30:
                case.pieces += next(jam)
            case.pieces.append(Piece("\n"))
        return
    if case.kind in ("S5", "S6"):
        case.pieces += put_in_prose(case.kind, "\n".join(lines), spam[0])
        return
    at = {"head": 0, "tail": len(lines), "middle": len(lines) // 2}[case.place]
    if case.kind == "S4":
        at = len(lines)
    if case.kind == "S14":
        at = len(lines) // 2
    before, after = "".join(line + "\n" for line in lines[:at]), "\n".join(lines[at:])
    gap = "\n" * (1 + (say.dice.random() < 0.7)) if after else ""
    case.pieces += [Piece(before), *spam, Piece(gap), Piece(after)]


def put_in_prose(kind: str, text: str, word: Piece) -> list[Piece]:
    """Return the text with a word in front of its dateline, or as a clause of its last sentence."""
    title, body = text.split("\n", 1)
    if kind == "S6":
        return [Piece(title + "\n"), word, Piece("中新网南京7月5日电 " + body)]
    stop = body.rfind("。")
    return [Piece(f"{title}\n{body[:stop]}"), Piece(",", "spam"), word, Piece(body[stop:])]


def hard_negatives(seed: int, times: int) -> list[str]:
    """Return clean pages that look like spam: templates filled anew, and headlines joined."""
    dice = random.Random(seed)
    texts = [t.format_map(Slots(dice)) for t in TEXTS["hard_negatives"] for _ in range(times)]
    bases = base_articles(600)
    texts += [joined_headlines(bases, dice) for _ in range(10 * times)]
    fresh = TEXTS["fresh_hard_negatives"]
    texts += [text.format_map(Slots(dice)) for text in fresh for _ in range(times)]
    return [to_traditional(text) if dice.random() < 0.3 else text for text in texts]


def joined_headlines(bases: list[str], dice: random.Random) -> str:
    """Return an article with a list of other headlines before or behind it."""
    heads = [text.partition("\n")[0] for text in dice.sample(bases, min(len(bases), 12))]
    marks = TEXTS["separators"]
    block = dice.choice(marks["seen"] + marks["held_out"]).join(heads[: dice.randrange(3, 13)])
    article = dice.choice(bases)
    return f"{article}\n{block}" if dice.random() < 0.5 else f"{block}\n\n{article}"


def clean_articles() -> Iterator[tuple[str, str]]:
    """Yield name and text of all clean text of `../shared/data`."""
    for name in ("news_hans_cctv_2022_2024", "news_hant_taiwan"):
        with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for number, row in enumerate(map(json.loads, lines)):
                yield f"{name}:{number}", f"{row['title'] or ''}\n{row['text']}"
    for path in sorted((DATA / "sogou_mini" / "Sample").glob("*/*.txt")):
        yield (
            f"sogou:{path.parent.name}/{path.stem}",
            path.read_text(encoding="utf-8", errors="replace"),
        )
    for path in sorted((DATA / "ntrex").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").split("\n")
        for at in range(0, len(lines), 16):
            yield f"{path.stem}:{at}", "\n".join(lines[at : at + 16])
    with (DATA / "chinesewebtext" / "clean.jsonl").open(encoding="utf-8") as lines:
        for number, row in enumerate(map(json.loads, lines)):
            yield f"chinesewebtext:{number}", row["text"]
