"""Everything that the markup of a page says about it, most trusted first.

JSON-LD, Open Graph, `<meta>` in the habits of Chinese publishers, `<time>`, the canonical link, and
what a rule for the site finds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from transforms.text.html.html_rules import HtmlRule, text_of
from transforms.text.html.markup import Element
from transforms.text.html.rendering import squeeze


class Value(NamedTuple):
    """One thing that the markup says.

    Attributes:
        field: name of the field of `Metadata`, or `url`.
        reason: which kind of markup says it; the reason of its edit.
        name: the name it has there.
        text: what it says.
    """

    field: str
    reason: str
    name: str
    text: str

    @property
    def line(self) -> str:
        """The line that stands for the value in the rendered page."""
        return f"{self.field} = {self.text} ({self.name})"


_NAMES = {
    "title": "og:title twitter:title articletitle headline dc.title sailthru.title",
    "published": "article:published_time og:published_time og:release_date og:time og:pubdate"
    " bytedance:published_time weibo:article:create_at datepublished publishdate pubdate"
    " publish_date publish-date publishtime publish_time publish-time releasedate dc.date"
    " dc.date.issued dcterms.created dcterms.date sailthru.date parsely-pub-date firstpublishedtime"
    " article:published date article:modified_time datemodified dateupdate lastmodified",
    "source": "source contentsource mediaid copyright-source og:article:source article:source",
    "authors": "author article:author og:article:author byl dc.creator parsely-author"
    " sailthru.author",
    "editors": "editor",
    "section": "article:section columnname og:category",
    "site": "og:site_name sitename",
    "keywords": "keywords news_keywords article:tag tags",
    "url": "og:url",
}
_FIELD_OF_NAME = {name: field for field, names in _NAMES.items() for name in names.split()}
"""Names of `<meta>`: Open Graph, Dublin Core, the standard of Chinese government sites
(ArticleTitle, PubDate, ContentSource, ColumnName, SiteName), the habits of Chinese publishers."""

_LD_NAMES = {
    "title": ("headline", "title"),
    "published": ("datePublished", "pubDate", "dateCreated"),
    "authors": ("author",),
    "section": ("articleSection",),
    "keywords": ("keywords",),
}
_ITEMPROPS = {"datePublished": "published", "author": "authors", "headline": "title"}


def read_values(root: Element, objects: Iterable[dict[str, Any]]) -> Iterator[Value]:
    """Yield what the markup says, most trusted first.

    Args:
        root: of the page.
        objects: its JSON-LD objects that are articles.
    """
    for item in objects:
        yield from _linked_data(item)
    metas = [value for meta in root.iter("meta") if (value := _meta(meta))]
    yield from sorted(metas, key=_trust)
    yield from _marked_up(root)
    for link in root.iter("link"):
        if link.get("rel") == "canonical":
            yield Value("url", "canonical_link", "link canonical", link.get("href", ""))


def ruled_values(root: Element, rule: HtmlRule | None) -> Iterator[Value]:
    """Yield what a rule for the site finds."""
    if rule is not None:
        for field in ("title", "published", "source"):
            text = text_of(root, getattr(rule, field))
            if text:
                yield Value(field, "site_rule", rule.id, text)


def own_address(values: Iterable[Value]) -> str | None:
    """Return the address that a page gives itself."""
    return next((v.text for v in values if v.field == "url" and v.text.startswith("http")), None)


def _linked_data(item: dict[str, Any]) -> Iterator[Value]:
    for field, keys in _LD_NAMES.items():
        for key in keys:
            text = _text_of(item.get(key))
            if text:
                yield Value(field, "json_ld", key, text)


def _text_of(value: Any) -> str:
    """Return a JSON-LD value as text: a string, the name of an object, or several of them."""
    if isinstance(value, str):
        return squeeze(value)
    if isinstance(value, dict):
        return _text_of(value.get("name"))
    return "、".join(filter(None, map(_text_of, value[:9]))) if isinstance(value, list) else ""


def _meta(meta: Element) -> Value | None:
    name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
    key = name.replace(" ", "").lower()
    field = _FIELD_OF_NAME.get(key) or _ITEMPROPS.get(name)
    text = squeeze(meta.get("content", ""))
    if not field or not text:
        return None
    graph = key.startswith(("og:", "article:"))
    return Value(field, "open_graph" if graph else "meta_tag", f"meta {name.strip()}", text)


def _trust(value: Value) -> tuple[bool, bool]:
    """Return the place of a `<meta>` among the others: Open Graph first, changes last."""
    return bool(UPDATED_RE.search(value.name.lower())), value.reason != "open_graph"


def _marked_up(root: Element) -> Iterator[Value]:
    for element in root.iter("time"):
        text = squeeze(element.get("datetime") or "".join(element.itertext()))
        if text:
            yield Value("published", "time_element", "time", text)
        break


UPDATED_RE = re.compile("modif|updat")
"""Names of the time of the last change: taken only where nothing else is known."""


def linked_articles(root: Element) -> list[dict[str, Any]]:
    """Return the JSON-LD objects of a page that are articles, and those with an article's body."""
    found: list[dict[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" in script.get("type", ""):
            try:
                value = json.loads((script.text or "")[:_MAX_JSON_CHARS], strict=False)
            except (ValueError, RecursionError):
                continue
            found += (item for item in _objects(value) if _is_article(item))
    return found


_MAX_JSON_CHARS = 1_000_000


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    items = value if isinstance(value, list) else [value]
    for item in items:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            yield from (
                (part for part in graph if isinstance(part, dict))
                if isinstance(graph, list)
                else ()
            )


def _is_article(item: dict[str, Any]) -> bool:
    kinds = str(item.get("@type", ""))
    return (
        "Article" in kinds or "Posting" in kinds or bool(item.keys() & {"articleBody", "pubDate"})
    )
