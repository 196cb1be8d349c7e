"""Take out what stands around an article: navigation, tools, lists of other articles, disclaimers.

A row goes only on two votes, its words and its shape (length, place, no prose), or on an exact
pattern. What the words are is data: `configs/boilerplate/` and `configs/sites/`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.text.layout import Row, Zones, rows, zones
from transforms.text.line_rules import LineRule, RuleSet, compile_pattern
from transforms.text.records import Edit, Flag, Page, Rejected
from transforms.text.site_rules import SiteLines, SiteRule, host_of, normal_line

STEP = "strip_boilerplate"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoilerplateConfig:
    """Settings of `strip_boilerplate`.

    Attributes:
        rules: rules for any page.
        sites: rules for single sites.
        frequent: rows known to be shared by many pages of a site.
    """

    enabled: bool = True
    rules: tuple[LineRule, ...] = ()
    sites: tuple[SiteRule, ...] = ()
    frequent: tuple[SiteLines, ...] = ()


def strip_boilerplate(page: Page, config: BoilerplateConfig) -> Page | Rejected:
    """Take navigation, footers and disclaimers out. Line breaks stay: `rejoin_lines` closes up."""
    engine = _engine(config)
    page_rows = rows(page.text)
    notices = _notices(page_rows, engine)
    where = zones(page_rows, notices)
    doomed = dict.fromkeys(notices, "disclaimer")
    _convict_rows(page_rows, where, engine, doomed)
    _convict_known(page, page_rows, where, config, doomed)
    _convict_repeats(page_rows, where, page.meta.title, doomed)
    edits = [
        Edit(STEP, reason, row.start, row.stop, row.raw)
        for row, reason in ((page_rows[at], doomed[at]) for at in sorted(doomed))
    ]
    edits += _suffixes(page_rows, where, engine, doomed)
    edits.sort(key=lambda edit: edit.start)
    truncated = not _TRUNCATED.isdisjoint(edit.reason for edit in edits)
    return page.revised(edits, flags=[Flag.TRUNCATED] if truncated else [])


_TRUNCATED = {"truncated_more", "more_glued"}
_LONGEST_CHROME = 60
"""Code points of the longest row that goes with the heading above it; the headlines of other
articles had 12 to 35 on the map's pages."""
_LEGAL_RE = re.compile(r"[权權載载侵責责]|声明|聲明|观点|觀點|参考|參考")
_DAY_RE = re.compile(r"\d月\d{1,2}日")
_NUMBERED_RE = re.compile(r"[(（]?[\d一二三四五六七八九十]{1,2}[、.．)）]")


class _Engine:
    """The rules of one configuration, compiled."""

    def __init__(self, config: BoilerplateConfig) -> None:
        self.config = config
        self.lines = RuleSet(tuple(r for r in config.rules if r.effect in ("row", "tail")))
        self.suffixes = RuleSet(tuple(r for r in config.rules if r.effect == "suffix"))
        self.terms = RuleSet(tuple(r for r in config.rules if r.effect == "term"))

    def votes(self, row: Row) -> int:
        """Return how many different sentences of a disclaimer stand in the row."""
        if not _LEGAL_RE.search(row.raw) or _DAY_RE.search(row.raw):
            return 0
        return len(self.terms.find(row))


_engines: dict[int, _Engine] = {}


def _engine(config: BoilerplateConfig) -> _Engine:
    """Return the compiled rules by identity: hashing 100 records costs more than reading a page."""
    engine = _engines.get(id(config))
    if engine is None or engine.config is not config:
        engine = _engines[id(config)] = _Engine(config)
    return engine


def _notices(page_rows: Sequence[Row], engine: _Engine) -> set[int]:
    """Return the indices of the disclaimers above and below the article."""
    found = _notices_from(page_rows, range(len(page_rows) - 1, -1, -1), engine)
    return found | _notices_from(page_rows, range(len(page_rows)), engine)


def _notices_from(page_rows: Sequence[Row], order: range, engine: _Engine) -> set[int]:
    """Walk from one end until a row of prose that is no disclaimer.

    A numbered paragraph with one vote goes with the numbered disclaimers beside it.
    """
    found: set[int] = set()
    pending: list[int] = []
    for at in order:
        row = page_rows[at]
        votes = engine.votes(row)
        if votes >= 2:
            found.update((at, *pending))
            pending = []
        elif votes and _NUMBERED_RE.match(row.raw):
            near = at - order.step in found
            (found.add if near else pending.append)(at)
        elif row.is_prose:
            break
    return found


def _convict_rows(
    page_rows: Sequence[Row], where: Zones, engine: _Engine, doomed: dict[int, str]
) -> None:
    """Apply the rules for single rows, and carry out the cuts that they call for."""
    cut = ""
    for at, row in enumerate(page_rows):
        if at in doomed or row.is_prose:
            continue
        zone = where.name(at)
        rule = next(iter(engine.lines.find(row, zone)), None)
        if rule is not None:
            doomed[at] = rule.id
            if rule.effect == "tail" and zone == "tail":
                cut = cut or rule.id
            if rule.kind == "breadcrumb" and zone == "head":
                _convict_header(page_rows, at, where, doomed)
        elif cut and len(row.raw) <= _LONGEST_CHROME:
            doomed[at] = cut


def _convict_header(
    page_rows: Sequence[Row], crumb: int, where: Zones, doomed: dict[int, str]
) -> None:
    """Take out what stands above a breadcrumb, where a title stands between it and the body."""
    below = [at for at in range(crumb + 1, where.body) if at not in doomed]
    if below and not page_rows[below[0]].ends_sentence:
        for at in range(crumb):
            if not page_rows[at].ends_sentence:
                doomed.setdefault(at, "above_breadcrumb")


def _convict_known(
    page: Page,
    page_rows: Sequence[Row],
    where: Zones,
    config: BoilerplateConfig,
    doomed: dict[int, str],
) -> None:
    """Apply the rules of the page's site and the rows known to be frequent there."""
    host = host_of(page)
    for rule in config.sites:
        if rule.applies(host, page_rows):
            for at in rule.doomed(page_rows):
                doomed.setdefault(at, rule.id)
    for known in config.frequent:
        if known.id in (host, page.meta.site):
            lines = set(known.lines)
            for at, row in enumerate(page_rows):
                if where.name(at) != "body" and normal_line(row) in lines:
                    doomed.setdefault(at, "frequent_line")


def _convict_repeats(
    page_rows: Sequence[Row], where: Zones, title: str | None, doomed: dict[int, str]
) -> None:
    """Take out the title where it stands again, and a summary that the article begins with."""
    kept = [at for at in range(where.body) if at not in doomed]
    wanted = bare(title or "")
    again = [at for at in kept if wanted and bare(page_rows[at].raw) == wanted]
    for at in again[1:]:
        doomed[at] = "title_repeated"
    if where.body >= len(page_rows):
        return
    opening = bare(page_rows[where.body].raw)
    for at in kept:
        summary = bare(_SUMMARY_RE.sub("", page_rows[at].raw))
        if len(summary) >= _MIN_SUMMARY and opening.startswith(summary):
            doomed[at] = "summary_repeated"


_SUMMARY_RE = re.compile(
    r"^[\[【(（]?(?:内容)?(?:摘要|简介|導語|导语|核心提示|提要|簡介|導讀|导读)[\]】)）]?[:：]?|[.…]+$"
)
_MIN_SUMMARY = 20
"""Code points of the shortest summary that counts as one; shorter rows are titles."""


def bare(row: str) -> str:
    """Return the letters, digits and hanzi of a row, for comparing two of them."""
    return "".join(filter(str.isalnum, row))


def _suffixes(
    page_rows: Sequence[Row], where: Zones, engine: _Engine, doomed: dict[int, str]
) -> list[Edit]:
    """Take prompts out that are glued to the end of the article's last row."""
    at = where.tail - 1
    if at < 0 or at in doomed or not engine.suffixes.rules:
        return []
    row = page_rows[at]
    end = Row(max(row.start, row.stop - 60), row.stop, row.raw[-60:])
    for rule in engine.suffixes.find(end):
        found = compile_pattern(rule.pattern).search(end.folded)
        if found and len(end.folded) == len(end.raw):
            start = end.start + found.start()
            return [Edit(STEP, rule.id, start, row.stop, row.raw[start - row.start :])]
    return []

