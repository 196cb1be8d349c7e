"""Turn the source of an HTML page into the lines of its article.

The text that *enters* this step, for the offsets of its edits, is the page as a reader sees it: one
line for each value that the markup gives (title, date, source, …), then one line for each block of
text, hidden ones too. Code, style sheets and comments are no text and have no line. Every line that
is not the article's is then one edit, whose reason says what it was: a value moved to a column
(`json_ld`, `open_graph`, `meta_tag`, …), a part of the page (`navigation`, `comment_box`, …),
`hidden_element`, `link_list`, or `outside_main` for what is simply not the article.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from annotated_types import Gt

from transforms.text.boilerplate.line_rules import LineRule
from transforms.text.html.embedded import Embedded, find_embedded
from transforms.text.html.html_rules import HtmlRule, mark_elements, rule_for
from transforms.text.html.line import LABELS_RE, Line
from transforms.text.html.main_content import (
    LEAST,
    Run,
    find_article,
    show_hidden_article,
    verdicts,
    widen,
)
from transforms.text.html.markup import (
    Element,
    has_endless_tag,
    has_more_tags,
    parse,
    was_cut,
)
from transforms.text.html.markup_values import (
    linked_articles,
    own_address,
    read_values,
    ruled_values,
)
from transforms.text.html.notices import notice, signs_of
from transforms.text.html.page_kind import (
    is_list,
    is_portal,
    no_article,
    unlinked_run,
)
from transforms.text.html.page_metadata import (
    PageMetadata,
    choose_values,
    find_title,
    first_heading,
)
from transforms.text.html.rendering import render
from transforms.text.html.weights import prose
from transforms.text.records import Edit, Flag, Metadata, Origin, Page, Reason, Rejected

STEP = "extract_html"


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlConfig:
    """Settings of `extract_html`.

    Attributes:
        max_chars: code points of the longest source that is parsed.
        max_tags: elements of the largest source that is parsed; the pages of html_misc and html_gne
            have 4,636 at most; 29,000 with a class and a style of their own take a second.
        sites: rules for the pages of single sites.
        notices: rules for the rows of pages that a site shows in place of an article.
    """

    enabled: bool = True
    max_chars: Annotated[int, Gt(0)] = 10_000_000
    max_tags: Annotated[int, Gt(0)] = 30_000
    sites: tuple[HtmlRule, ...] = ()
    notices: tuple[LineRule, ...] = ()


def extract_html(page: Page, config: HtmlConfig) -> Page | Rejected:
    """Return the page with the lines of its article for text; a page of text as it is."""
    if not page.html:
        return page
    if len(page.text) > config.max_chars:
        detail = f"{len(page.text)} code points of HTML"
        return Rejected(page, STEP, Reason.TOO_LARGE, "html", detail)
    if has_more_tags(page.text, config.max_tags):
        return Rejected(page, STEP, Reason.TOO_LARGE, "tags", f"more than {config.max_tags} tags")
    if has_endless_tag(page.text):
        return Rejected(page, STEP, Reason.TOO_LARGE, "attributes", "a tag has thousands of them")
    root = parse(page.text)
    if root is None:
        return Rejected(page, STEP, Reason.NO_CONTENT, "no_element", "no element in the source")
    return _Extraction(page, root, config).outcome()


class _Extraction:
    """The parts of one page while its article is sought."""

    def __init__(self, page: Page, root: Element, config: HtmlConfig) -> None:
        self._page, self._root = page, root
        self._objects = linked_articles(root)
        values = list(read_values(root, self._objects))
        self._rule = rule_for(page.origin.url or own_address(values), config.sites)
        values[:0] = ruled_values(root, self._rule)
        self._values = values
        mark_elements(root, self._rule)
        self._notices, self._signs = config.notices, signs_of(root)
        self._lines = render(root)
        show_hidden_article(self._lines)
        self._seen = [line for line in self._lines if not line.hidden]
        self._said = choose_values(values, root, self._seen)

    def outcome(self) -> Page | Rejected:
        """Return the page of the article: by the site's rule, as shown, or out of a script."""
        ruled = self._ruled()
        if ruled:
            return self._page_of(ruled)
        named = self._said.sure.title or self._said.hints.title or ""
        title = find_title(named, self._seen)
        run = find_article(self._seen, title)
        if run.score < _SURE:
            embedded = find_embedded(self._root, self._objects, named)
            if embedded and self._is_better(embedded, run):
                return self._page_out_of(embedded, title)
        if run.score < LEAST:
            head = first_heading(self._seen) if title is None else title
            run = unlinked_run(self._seen, head) or run
        missing = no_article(self._seen, run, self._signs)
        if missing:
            return self._refused(missing)
        wide = widen(self._seen, run, title)
        found = notice(self._seen, wide, named, self._signs, self._notices)
        if found:
            return self._refused(found)
        listed = is_list(self._seen, run) or is_portal(self._seen, run, title)
        page = self._page_of(verdicts(self._seen, run, wide))
        return page.revised(flags=[Flag.LIST_PAGE] if listed else [])

    def _is_better(self, embedded: Embedded, run: Run) -> bool:
        """Return whether what a script holds is the article, rather than what the page shows.

        Beside prose that is shown, it must be known to be this page's, or go on where that ends.
        """
        lines = embedded.lines
        shown = self._seen[run.start : run.stop]
        if sum(map(prose, lines)) <= 2 * run.score or notice(
            lines, Run(0, len(lines), 0.0), "", self._signs, self._notices
        ):
            return False
        first = max(shown, key=prose, default=None)
        if run.score < LEAST or embedded.is_asked or first is None:
            return True
        return any(first.text[:_EXCERPT] in line.text for line in lines)

    def _page_out_of(self, embedded: Embedded, title: int | None) -> Page:
        """Return the page of an article that is not shown, with the title and labels that are."""
        values = [*embedded.values, *self._values]
        values.sort(key=lambda value: value.reason != "site_rule")
        self._said = choose_values(values, self._root, self._seen)
        reasons = ["outside_main"] * len(self._seen)
        title = first_heading(self._seen) if title is None else title
        if title is not None:
            head = Run(title, title + 1, 0.0)
            for at in range(title, widen(self._seen, head, title).stop):
                if at == title or LABELS_RE.search(self._seen[at].text):
                    reasons[at] = ""
        return self._page_of(reasons, embedded)

    def _refused(self, missing: tuple[str, str]) -> Rejected:
        return Rejected(self._page, STEP, Reason.NO_CONTENT, *missing)

    def _ruled(self) -> list[str]:
        """Return the verdicts of the site's rule; none where it finds no body."""
        if self._rule is None or all(line.ruled != "body" for line in self._seen):
            return []
        return ["" if line.ruled == "body" else self._rule.id for line in self._seen]

    def _page_of(self, verdicts: Sequence[str], embedded: Embedded | None = None) -> Page:
        """Return the page with its rendered lines, and the edits that take out some of them.

        Args:
            verdicts: for each line that is seen, why it goes, or nothing.
            embedded: an article to add to the lines, out of a script.
        """
        said = self._said
        hidden = embedded.lines if embedded else []
        captions = _captions([*self._seen, *hidden], [*verdicts, *("" for _ in hidden)])
        reasons = {id(line): reason for line, reason in zip(self._seen, verdicts, strict=True)}
        reasons |= {id(line): "figure_caption" for line in captions}
        rows = [(value.line, value.reason) for value in said.used]
        rows += [(line.text, reasons.get(id(line), "hidden_element")) for line in self._lines]
        if embedded:
            rows.append((embedded.note, "embedded_article"))
            rows += [(line.text, reasons.get(id(line), "")) for line in hidden]
        entered = dataclasses.replace(
            self._page,
            text="".join([f"{text}\n" for text, _ in rows]),
            html=False,
            origin=_located(self._page.origin, said.url),
            meta=_filled(self._page.meta, said, tuple(dict.fromkeys(c.text for c in captions))),
            hints=said.hints,
        )
        flags = [Flag.TRUNCATED] if was_cut(self._root) else []
        return entered.revised(list(_removals(rows)), flags=flags)


_SURE = 100.0
"""Code points of prose from which the article that a page shows is not sought in its scripts."""
_EXCERPT = 12
"""Code points by which an excerpt is known in the whole article."""


def _removals(rows: Iterable[tuple[str, str]]) -> Iterator[Edit]:
    """Yield an edit for each line that has a reason to go."""
    at = 0
    for text, reason in rows:
        stop = at + len(text) + 1
        if reason:
            yield Edit(STEP, reason, at, stop, f"{text}\n")
        at = stop


def _captions(lines: Sequence[Line], verdicts: Sequence[str]) -> list[Line]:
    """Return the captions among the lines that stay, where other prose stays as well."""
    kept = [line for line, reason in zip(lines, verdicts, strict=True) if not reason]
    captions = [line for line in kept if line.part == "figure_caption"]
    others = sum(prose(line) for line in kept if line.part != "figure_caption")
    return captions if captions and others else []


def _located(origin: Origin, url: str | None) -> Origin:
    """Return the page's origin with the address that the page gives itself, if it came without."""
    return origin if origin.url or not url else dataclasses.replace(origin, url=url)


def _filled(given: Metadata, said: PageMetadata, captions: tuple[str, ...]) -> Metadata:
    """Return what came with the page, and what the markup says where nothing came."""
    sure = {f.name: getattr(said.sure, f.name) for f in dataclasses.fields(Metadata)}
    sure["captions"] = captions
    return dataclasses.replace(
        given, **{name: value for name, value in sure.items() if not getattr(given, name)}
    )
