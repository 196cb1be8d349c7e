"""Take out what stands around an article: navigation, tools, lists of other articles, disclaimers.

A row goes only on two votes, its words and its shape (length, place, no prose), or on an exact
pattern. What the words are is data: `configs/boilerplate/` and `configs/sites/`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from transforms.text.address import host_of
from transforms.text.boilerplate.disclaimers import disclaimers
from transforms.text.boilerplate.frame import Article, convict_frame, heads_text
from transforms.text.boilerplate.frequent_lines import convict_frequent, frequent_rows
from transforms.text.boilerplate.line_rules import (
    FEW_WORDS,
    LineRule,
    RuleSet,
    compile_pattern,
    is_covered,
)
from transforms.text.boilerplate.row_shapes import FACT_RE, LONGEST_CHROME, table_rows
from transforms.text.boilerplate.sightings import SiteLinesConfig
from transforms.text.boilerplate.site_rules import SiteLines, SiteRule
from transforms.text.built_once import built_once
from transforms.text.layout import Row, Zones, rows, zones
from transforms.text.lines.joins import goes_on
from transforms.text.metadata.headline import is_window_title
from transforms.text.records import Edit, Flag, Page, Rejected

STEP = "strip_boilerplate"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoilerplateConfig:
    """Settings of `strip_boilerplate`.

    Attributes:
        rules: rules for any page.
        sites: rules for single sites.
        frequent: rows known to be shared by many pages of a site.
        site_lines: how a run finds such rows by itself.
    """

    enabled: bool = True
    rules: tuple[LineRule, ...] = ()
    sites: tuple[SiteRule, ...] = ()
    frequent: tuple[SiteLines, ...] = ()
    site_lines: SiteLinesConfig = field(default_factory=SiteLinesConfig)


def strip_boilerplate(
    page: Page, config: BoilerplateConfig, learned: Mapping[str, SiteLines] | None = None
) -> Page | Rejected:
    """Take navigation, footers and disclaimers out. Line breaks stay: `rejoin_lines` closes up.

    Args:
        page: as `extract_metadata` leaves it.
        config: rules.
        learned: frequent rows by site, beside those of the configuration.
    """
    engine = _engine(config)
    page_rows = rows(page.text)
    moved = _moved(page)
    frequent = frequent_rows(page_rows, engine.lines_of(page, learned or {}))
    notices = disclaimers(page_rows, engine.terms, frequent)
    where = _zones(page_rows, notices, engine, page)
    doomed = dict.fromkeys(notices, "disclaimer")
    article = Article(page_rows, where)
    hinted = _convict_rows(page_rows, where, article, engine, page.meta.title, doomed)
    _convict_known(page, page_rows, where, config, doomed)
    convict_frame(page_rows, where, article, moved, hinted, page.meta.title, doomed)
    for at in table_rows(page_rows) if doomed else ():
        doomed.pop(at, None)
    convict_frequent(page_rows, where, frequent, page.meta.title, article, doomed)
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
_SHORTEST_CHROME = 2


class _Engine:
    """The rules of one configuration, compiled."""

    def __init__(self, config: BoilerplateConfig) -> None:
        self.config = config
        self.lines = RuleSet(tuple(r for r in config.rules if r.effect in ("row", "tail")))
        self.suffixes = RuleSet(tuple(r for r in config.rules if r.effect == "suffix"))
        self.terms = RuleSet(tuple(r for r in config.rules if r.effect == "term"))
        self._frequent: dict[str, set[str]] = defaultdict(set)
        for known in config.frequent:
            self._frequent[known.id].update(known.lines)

    def lines_of(self, page: Page, learned: Mapping[str, SiteLines]) -> set[str]:
        """Return the rows known to be frequent on the page's site, by its host or its name."""
        found: set[str] = set()
        for site in {host_of(page.origin.url), page.meta.site or ""}:
            found.update(self._frequent.get(site, ()))
            if site in learned:
                found.update(learned[site].lines)
        return found

    def ends_article(self, row: Row, words: bool) -> bool:
        """Return whether a row belongs below an article; `words`: everyday words count, too."""
        if row.ends_sentence:
            return False
        hits = [rule for rule in self.lines.find(row, "tail") if rule.zone != "any"]
        return any(not rule.covers for rule in hits) or (words and is_covered(row, hits))

    def rule_for(self, row: Row, zone: str, article: Article) -> tuple[LineRule | None, bool]:
        """Return the first rule that convicts the row in its zone, or whether one hints at it."""
        hits = self.lines.find(row, zone)
        for rule in hits:
            if not rule.covers:
                return rule, False
        if not hits or row.ends_sentence:
            return None, False
        if is_covered(row, hits):
            return (None, False) if article.knows(row) else (hits[0], False)
        return None, zone != "body" and is_covered(row, hits, FEW_WORDS)


_engine = built_once(_Engine)


def disclaimer_terms(config: BoilerplateConfig) -> RuleSet:
    """Return the sentences of disclaimers among the rules, compiled."""
    return _engine(config).terms


_MOVED = ("date_line", "credit_line", "keyword_line")


def _moved(page: Page, reasons: Collection[str] = _MOVED) -> list[int]:
    """Return where in the text the rows of dates and credits stood that became metadata."""
    places, gone = [], 0
    for edit in page.edits:
        if edit.step == "extract_metadata":
            if edit.reason in reasons:
                places.append(edit.start - gone)
            gone += len(edit.before) - len(edit.after)
    return places


def _zones(
    page_rows: Sequence[Row], notices: Collection[int], engine: _Engine, page: Page
) -> Zones:
    """Return the zones, with the tail begun above prose that stands below rows of a frame.

    Such prose is a teaser or a notice that no rule knows; it stays, but it must not shield the rows
    above it. After three paragraphs of prose the article has gone on. On a page without prose the
    body is between the row of the date and the first row that belongs below an article.
    """
    where = zones(page_rows, notices)
    if not (page_rows and _is_any_prose(page_rows[where.body])):
        dates = _moved(page, ("date_line",))
        body = sum(row.start < dates[0] for row in page_rows) if dates else 0
        rest = range(body + 1, len(page_rows))
        ends = (at for at in rest if engine.ends_article(page_rows[at], False))
        return Zones(body, next(ends, len(page_rows))) if body < len(page_rows) else where
    signs = _moved(page, ("credit_line",))
    tail = where.tail
    prose = (at for at in reversed(range(where.body, tail)) if page_rows[at].is_prose)
    for below, above in pairwise(islice(prose, _MOST_STRAGGLERS + 1)):
        between = page_rows[above + 1 : below]
        found = sum(engine.ends_article(row, True) for row in between)
        found += sum(page_rows[above].stop <= sign <= page_rows[below].start for sign in signs)
        if found >= _FEWEST_SIGNS:
            tail = above + 1
    return Zones(where.body, tail)


def _is_any_prose(row: Row) -> bool:
    return row.is_prose or row.is_open_prose


_MOST_STRAGGLERS = 3
_FEWEST_SIGNS = 2
"""Rows of a frame between two paragraphs that end the article; one may be an advertisement."""


def _convict_rows(
    page_rows: Sequence[Row],
    where: Zones,
    article: Article,
    engine: _Engine,
    title: str | None,
    doomed: dict[int, str],
) -> set[int]:
    """Apply the rules for single rows, and carry out the cuts that they call for.

    Returns:
        The rows that have some of the words of a rule, but too few for it.
    """
    hinted: set[int] = set()
    crumb = None
    judged: dict[tuple[str, str], tuple[LineRule | None, bool]] = {}
    cut = ""
    for at, row in enumerate(page_rows):
        if at in doomed or row.is_prose or row.raw == title:
            continue
        zone = "below" if cut else where.name(at)
        verdict = judged.get((row.raw, zone))
        if verdict is None:
            verdict = judged[row.raw, zone] = engine.rule_for(row, zone, article)
        rule, hint = verdict
        words = rule is not None and rule.covers and rule.effect == "tail" and not cut
        if words and heads_text(page_rows, at, doomed):
            continue
        if hint:
            hinted.add(at)
        if rule is not None:
            doomed[at] = rule.id
            if rule.effect == "tail" and zone in ("tail", "below"):
                cut = rule.id
            if rule.kind == "breadcrumb" and zone == "head":
                crumb = at
        elif cut and _is_listed(row) and not (goes_on(page_rows, at) or goes_on(page_rows, at - 1)):
            doomed[at] = cut
    if crumb is not None:
        _convict_header(page_rows, crumb, where, article, doomed)
    return hinted


def _is_listed(row: Row) -> bool:
    """Return whether a row below a heading is one of its list: a headline, no facts."""
    return _SHORTEST_CHROME <= len(row.raw) <= LONGEST_CHROME and not FACT_RE.search(row.raw)


def _convict_header(
    page_rows: Sequence[Row], crumb: int, where: Zones, article: Article, doomed: dict[int, str]
) -> None:
    """Take out what stands above a breadcrumb and shares no words with the article.

    Only where a title stands between the breadcrumb and the body: else it may be the title itself.
    """
    below = [at for at in range(crumb + 1, where.body) if at not in doomed]
    if below and not page_rows[below[0]].ends_sentence:
        for at in range(crumb):
            if not page_rows[at].ends_sentence and not article.knows(page_rows[at]):
                doomed.setdefault(at, "above_breadcrumb")


def _convict_known(
    page: Page,
    page_rows: Sequence[Row],
    where: Zones,
    config: BoilerplateConfig,
    doomed: dict[int, str],
) -> None:
    """Apply the rules of the page's site."""
    host = host_of(page.origin.url)
    edges = [*page_rows[: where.body], *page_rows[where.tail :]]
    for rule in config.sites:
        if rule.applies(host, edges):
            for at in rule.doomed(page_rows):
                doomed.setdefault(at, rule.id)


def _convict_repeats(
    page_rows: Sequence[Row], where: Zones, title: str | None, doomed: dict[int, str]
) -> None:
    """Take out the title where it stands again, and a summary that the article begins with."""
    kept = [at for at in range(where.body) if at not in doomed]
    if title and len(kept) > 1:
        wanted = bare(title)
        again = [at for at in kept if bare(page_rows[at].raw) == wanted]
        windows = [at for at in kept if is_window_title(page_rows[at].raw, title)]
        for at in (*again[1:], *(windows if again else ())):
            doomed[at] = "title_repeated"
    for at in kept if where.body < len(page_rows) else ():
        if _SUMMARY_RE.search(page_rows[at].raw):
            summary = bare(_SUMMARY_RE.sub("", page_rows[at].raw))
            opening = bare(page_rows[where.body].raw)
            if len(summary) >= _MIN_SUMMARY and opening.startswith(summary):
                doomed[at] = "summary_repeated"


_SUMMARY_RE = re.compile(
    r"^[\[【(（]?(?:内容)?(?:摘要|简介|導語|导语|核心提示|提要|簡介|導讀|"
    r"导读)[\]】)）]?[:：]?|(?:\.{3}|…)[.…]{0,9}$"
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
    edits = []
    for at in range(max(0, where.tail - 1), min(where.tail + 1, len(page_rows))):
        row = page_rows[at]
        if at in doomed or len(row.raw) < _MIN_GLUED or row.raw[-1] in "。！？”":
            continue
        end = Row(max(row.start, row.stop - 60), row.stop, row.raw[-60:])
        rule = next(iter(engine.suffixes.find(end)), None)
        found = compile_pattern(rule.pattern).search(end.folded) if rule else None
        if rule and found and len(end.folded) == len(end.raw):
            start = end.start + found.start()
            edits.append(Edit(STEP, rule.id, start, row.stop, row.raw[start - row.start :]))
    return edits


_MIN_GLUED = 30
"""Code points of the shortest row that a prompt is glued to; a shorter row is the prompt alone."""
