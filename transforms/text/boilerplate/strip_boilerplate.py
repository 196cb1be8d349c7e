"""Take out what stands around an article: navigation, tools, lists of other articles, disclaimers.

A row goes only on two votes, its words and its shape (length, place, no prose), or on an exact
pattern. What the words are is data: `configs/boilerplate/` and `configs/sites/`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.text.boilerplate.disclaimers import disclaimers
from transforms.text.boilerplate.line_rules import LineRule, RuleSet, compile_pattern, is_covered
from transforms.text.boilerplate.site_rules import SiteLines, SiteRule, host_of, normal_line
from transforms.text.layout import Row, Zones, rows, zones
from transforms.text.metadata.headline import pairs
from transforms.text.records import Edit, Flag, Page, Rejected

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
    moved = _moved(page)
    notices = disclaimers(page_rows, engine.terms)
    where = zones(page_rows, notices)
    doomed = dict.fromkeys(notices, "disclaimer")
    _convict_rows(page_rows, where, engine, doomed)
    _convict_neighbours(page_rows, where, moved, page.meta.title, doomed)
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
_SHORTEST_CHROME, _LONGEST_CHROME = 2, 60
"""Code points of the rows that go with the heading above them; the headlines of other articles had
12 to 35 on the map's pages."""


class _Engine:
    """The rules of one configuration, compiled."""

    def __init__(self, config: BoilerplateConfig) -> None:
        self.config = config
        self.lines = RuleSet(tuple(r for r in config.rules if r.effect in ("row", "tail")))
        self.suffixes = RuleSet(tuple(r for r in config.rules if r.effect == "suffix"))
        self.terms = RuleSet(tuple(r for r in config.rules if r.effect == "term"))

    def rule_for(self, row: Row, zone: str, article: _Article) -> LineRule | None:
        """Return the first rule that convicts the row in its zone."""
        hits = self.lines.find(row, zone)
        for rule in hits:
            if not rule.weak:
                return rule
        if not hits or row.ends_sentence or article.shares(row):
            return None
        return hits[0] if is_covered(row, hits) else None


_engines: dict[int, _Engine] = {}


def _engine(config: BoilerplateConfig) -> _Engine:
    """Return the compiled rules by identity: hashing 100 records costs more than reading a page."""
    engine = _engines.get(id(config))
    if engine is None or engine.config is not config:
        engine = _engines[id(config)] = _Engine(config)
    return engine


def _moved(page: Page) -> list[int]:
    """Return where in the text the rows of dates and credits stood that became metadata."""
    places, gone = [], 0
    for edit in page.edits:
        if edit.step == "extract_metadata":
            if edit.reason in ("date_line", "credit_line"):
                places.append(edit.start - gone)
            gone += len(edit.before) - len(edit.after)
    return places


def _convict_rows(
    page_rows: Sequence[Row], where: Zones, engine: _Engine, doomed: dict[int, str]
) -> None:
    """Apply the rules for single rows, and carry out the cuts that they call for."""
    cut = ""
    article = _Article(page_rows, where)
    for at, row in enumerate(page_rows):
        if at in doomed or row.is_prose:
            continue
        zone = "below" if cut else where.name(at)
        rule = engine.rule_for(row, zone, article)
        if rule is not None:
            doomed[at] = rule.id
            if rule.effect == "tail" and zone in ("tail", "below"):
                cut = rule.id
            if rule.kind == "breadcrumb" and zone == "head":
                _convict_header(page_rows, at, where, article, doomed)
        elif cut and _is_listed(row):
            doomed[at] = cut


def _convict_neighbours(
    page_rows: Sequence[Row],
    where: Zones,
    moved: Sequence[int],
    title: str | None,
    doomed: dict[int, str],
) -> None:
    """Take out short rows among those that went, where they share no words with the article.

    In the tail that is any such row below a row that went; in the head, between two of them.
    Its words are not known: rows of a page's frame stand together.
    """
    signs = sorted([*moved, *(page_rows[at].start for at in doomed)])
    if not signs or where.tail - where.body == 0:
        return
    article = _Article(page_rows, where)
    end = page_rows[where.tail - 1].stop if where.tail else 0
    below = next((sign for sign in signs if sign >= end), None)
    above = [sign for sign in signs if sign <= page_rows[where.body].start] if where.body else []
    for at in [*range(where.body), *range(where.tail, len(page_rows))]:
        row = page_rows[at]
        if at >= where.tail:
            framed = below is not None and row.start >= below and len(row.raw) <= _LONGEST_CHROME
        else:
            framed = bool(above) and above[0] <= row.start <= above[-1] and len(row.raw) <= _SHORT
        if (
            framed
            and at not in doomed
            and row.raw != title
            and _WORD_RE.search(row.folded)
            and not row.ends_sentence
            and row.raw[-1] not in ":："
            and not _FACT_RE.search(row.raw)
            and not article.shares(row)
        ):
            doomed[at] = "page_frame"


_WORD_RE = re.compile("[\u3400-\u9fff]{2}|[a-z]{2}")
_SHORT = 8
"""Code points of the longest unknown row that goes in the head: headlines are longer."""


class _Article:
    """The pairs of characters of a page's body, read only where a weak rule needs them."""

    def __init__(self, page_rows: Sequence[Row], where: Zones) -> None:
        self._rows = page_rows[where.body : where.tail]
        self._pairs: set[str] | None = None

    def shares(self, row: Row) -> bool:
        """Return whether the article uses words of the row."""
        if self._pairs is None:
            self._pairs = pairs("".join(row.raw for row in self._rows)[:_ENOUGH])
        asked = pairs(row.raw)
        return len(asked & self._pairs) > _SHARED * len(asked)


_ENOUGH = 5000
_SHARED = 0.34
"""Share of a row's pairs of characters from which it speaks of what the article speaks of."""


def _is_listed(row: Row) -> bool:
    """Return whether a row below a heading is one of its list: a headline, no facts."""
    return _SHORTEST_CHROME <= len(row.raw) <= _LONGEST_CHROME and not _FACT_RE.search(row.raw)


_FACT_RE = re.compile(r"^[^:：]{1,8}[:：].*(?:\d{2}|@)")
"""A label with its value, as in a box of facts below the article, which stays."""


def _convict_header(
    page_rows: Sequence[Row], crumb: int, where: Zones, article: _Article, doomed: dict[int, str]
) -> None:
    """Take out what stands above a breadcrumb and shares no words with the article.

    Only where a title stands between the breadcrumb and the body: else it may be the title itself.
    """
    below = [at for at in range(crumb + 1, where.body) if at not in doomed]
    if below and not page_rows[below[0]].ends_sentence:
        for at in range(crumb):
            if not page_rows[at].ends_sentence and not article.shares(page_rows[at]):
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
    edges = [*page_rows[: where.body], *page_rows[where.tail :]]
    for rule in config.sites:
        if rule.applies(host, edges):
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
        is_cut = page_rows[at].raw.endswith(("...", "…")) or _SUMMARY_RE.match(page_rows[at].raw)
        if len(summary) >= _MIN_SUMMARY and is_cut and opening.startswith(summary):
            doomed[at] = "summary_repeated"


_SUMMARY_RE = re.compile(
    r"^[\[【(（]?(?:内容)?(?:摘要|简介|導語|导语|核心提示|提要|簡介|導讀|"
    r"导读)[\]】)）]?[:：]?|[.…]+$"
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
