"""Pages that tell their visitor something in place of an article: errors, checks, log-ins."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from transforms.text.boilerplate.line_rules import LineRule, RuleSet
from transforms.text.html.line import Line
from transforms.text.html.main_content import LEAST, Run
from transforms.text.html.markup import Element
from transforms.text.layout import Row
from transforms.text.shadow import fold


class Signs(NamedTuple):
    """What the markup of a page tells of its kind, beside its lines.

    Attributes:
        player: it has a video, a sound or a plug-in.
        password: it asks for a password.
        passing: it leads to another page, or asks not to be indexed.
        n_images: number of its pictures.
    """

    player: bool
    password: bool
    passing: bool
    n_images: int


def signs_of(root: Element) -> Signs:
    """Return the signs of a page, before it is rendered."""
    return Signs(
        next(root.iter("video", "audio", "embed", "object"), None) is not None,
        any(e.get("type") == "password" for e in root.iter("input")),
        any(map(_is_passing, root.iter("meta"))),
        sum(1 for _ in root.iter("img")),
    )


def _is_passing(meta: Element) -> bool:
    if meta.get("name", "").lower() == "robots":
        return "noindex" in meta.get("content", "").lower()
    is_refresh = meta.get("http-equiv", "").lower() == "refresh"
    return is_refresh and "url" in meta.get("content", "").lower()


def notice(
    lines: Sequence[Line], run: Run, title: str, signs: Signs, rules: tuple[LineRule, ...]
) -> tuple[str, str] | None:
    """Return kind and detail of a page whose main text is a notice to its visitors.

    Short news may be about such notices: the notice must be most of the text, outside of quotation
    marks, speak to its reader, and the page have another sign: it is not dated, its title says so
    too, it asks for a password, plays, leads elsewhere.

    Args:
        lines: those that are seen.
        run: the article, with what tells of it.
        title: of the page.
        signs: of the page.
        rules: for the sentences of notices.
    """
    inside = [line.text for line in lines[run.start : run.stop] if line.n_linked < len(line.text)]
    dated = is_dated(lines, run)
    titled = {rule.kind for rule in _hits(title, rules)}
    if "site_page" in titled and not dated:
        return "site_page", "a page about the site"
    if sum(map(len, inside)) > _MOST_NOTICE:
        return None
    text = "\n".join(inside)
    found: Counter[str] = Counter()
    hits: set[str] = set()
    told = left = 0
    for sentence in _SENTENCE_RE.findall(_QUOTED_RE.sub("", text)):
        rules_hit = _hits(sentence.strip(), rules)
        found.update({rule.kind for rule in rules_hit})
        hits.update(rule.id for rule in rules_hit)
        n_wide = sum(char >= "\u3000" for char in sentence)
        told += n_wide if rules_hit else 0
        left += 0 if rules_hit or sentence.strip() == title else n_wide
    votes = (not dated) + bool(titled & found.keys()) + signs.passing + signs.password
    votes += signs.player and "media_page" in found
    most = min(told, max(told / 2, LEAST))
    if votes >= _SURE_VOTES:
        most = max(told, min(_FEW, 4 * told))
    if not votes or left > most or not (len(hits) > 1 or _speaks(f"{title}\n{text}", found)):
        return None
    kind, n = found.most_common(1)[0]
    return kind, f"{n} sentences of a notice, {left} characters of others"


_SENTENCE_RE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
_SPOKEN_RE = re.compile(
    r"[您你]|请|抱歉|对不起|本(?:站|网站|页|文|域名|内容|视频|服务|平台)|页面|网页|\d ?秒"
    r"|稍[候后]|点击|返回|密码|[该此](?:页|内容|文章|帖|账号|帐号|公众号|域名|链接|视频)"
    r"|not found|error|sorry|please|\byour?\b|moment|sale|works|nginx"
)


def _speaks(text: str, found: Counter[str]) -> bool:
    """Return whether what reads like a notice speaks to its reader, or of its own site."""
    return bool(found) and bool(_SPOKEN_RE.search(fold(text)))


_MOST_NOTICE, _FEW, _SURE_VOTES = 400, 100, 2
"""Code points of the longest notice; characters that may stand beside it where so many signs speak;
these signs."""
_QUOTED_RE = re.compile("[“「『][^”」』]{1,200}[”」』]")


def is_dated(lines: Sequence[Line], run: Run) -> bool:
    """Return whether a row near the run gives a time of day, or who wrote the article."""
    near = lines[max(0, run.start - _MAX_HEAD) : run.stop + _MAX_HEAD]
    return any(_DATED_RE.search(line.text) for line in near if len(line.text) <= _MAX_ROW)


_MAX_HEAD, _MAX_ROW = 6, 80
_DATED_RE = re.compile(
    r"(?:19|20)\d\d ?[-/.年] ?\d{1,2} ?[-/.月] ?\d{1,2} ?日?\s{0,4}\d{1,2}[:：]\d\d"
    r"|[来來]源\s?[:：]|[记記]者\s?[:：]|作者\s?[:：]|[编編][辑輯]\s?[:：]|[发發][布表](?:于|时间|日期|[:：])"
)


def _hits(text: str, rules: tuple[LineRule, ...]) -> list[LineRule]:
    return _rule_set(rules).find(Row(0, len(text), text)) if text else []


@functools.lru_cache(maxsize=8)
def _rule_set(rules: tuple[LineRule, ...]) -> RuleSet:
    return RuleSet(rules)
