"""Everything that the markup of a page says about it, most trusted first.

JSON-LD, Open Graph, `<meta>` in the habits of Chinese publishers, `<time>`, the canonical link, and
what a rule for the site finds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from transforms.text.html.html_rules import HtmlRule, found, text_of
from transforms.text.html.line import squeeze
from transforms.text.html.markup import Element
from transforms.text.html.parts import part_of_names


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
    " article:published _pubtime apub:time date article:modified_time datemodified dateupdate"
    " lastmodified",
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


_STATE_NAMES = {
    "title": "title headline newstitle articletitle name",
    "published": "publishtime publishdate publishedat publishat publishedtime pubtime pubdate ptime"
    " releasetime releasedate newstime createtime createdat ctime datepublished displaytime",
    "source": "source sourcename medianame mediasource articlesource copyfrom",
    "authors": "author authors authorname writer reporter",
    "editors": "editor editorname",
}
"""Keys of page state, without `_` and in lower case: the first in this order wins."""


def state_values(owners: Iterable[dict[str, Any]]) -> tuple[Value, ...]:
    """Return what page state says of an article, the innermost object first."""
    values: list[Value] = []
    for owner in owners:
        known = {str(key).replace("_", "").replace("-", "").lower(): key for key in owner}
        for field, names in _STATE_NAMES.items():
            keys = (known[name] for name in names.split() if name in known)
            told = ((key, _text_of(owner[key])) for key in keys)
            values += (Value(field, "page_state", str(key), text) for key, text in told if text)
    return tuple(values)


def read_values(root: Element, objects: Sequence[dict[str, Any]]) -> Iterator[Value]:
    """Yield what the markup says, most trusted first.

    Args:
        root: of the page.
        objects: its JSON-LD objects that are articles.
    """
    for item in objects:
        yield from _linked_data(item)
    metas = [value for meta in root.iter("meta") if (value := _meta(meta))]
    yield from sorted(metas, key=_trust)
    yield from _times(root)
    if not objects and all(value.field != "published" for value in metas):
        yield from _microdata(root)
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
        return squeeze(_SURROGATE_RE.sub("\ufffd", value))
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict):
        return _text_of(value.get("name"))
    return "、".join(filter(None, map(_text_of, value[:9]))) if isinstance(value, list) else ""


_SURROGATE_RE = re.compile("[\ud800-\udfff]")
"""Halves of characters, which JSON can hold."""


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


def _times(root: Element) -> Iterator[Value]:
    """Yield what `<time>` says: the first of several may be another article's."""
    times = [text for element in islice(root.iter("time"), _MOST_TIMES) if (text := _time(element))]
    if times:
        name = "time" if len(set(times)) == 1 else "times"
        yield Value("published", "time_element", name, times[0])


def _microdata(root: Element) -> Iterator[Value]:
    for element in found(root, "//@itemprop/..")[:_MOST_PROPERTIES]:
        if isinstance(element, str) or element.tag == "meta":
            continue
        name = element.get("itemprop")
        text = squeeze(element.get("content") or "".join(element.itertext()))
        if name in _ITEMPROPS and text:
            yield Value(_ITEMPROPS[name], "microdata", f"itemprop {name}", text)


def _time(element: Element) -> str:
    """Return what a `<time>` says; nothing for that of a comment or another article."""
    for outer in element.iterancestors():
        names = (outer.get(name, "")[:_MAX_NAMES] for name in ("class", "id"))
        part = part_of_names(*names)
        if part in ("comment_box", "related_list", "sidebar"):
            return ""
    return squeeze(element.get("datetime") or "".join(element.itertext()))


_MOST_TIMES, _MOST_PROPERTIES, _MAX_NAMES = 20, 50, 200
"""Elements that are looked at, and code points of their names."""


def script_date(root: Element) -> Value | None:
    """Return the time of publication that a script of the page keeps, if all agree on the day."""
    found: dict[str, Value] = {}
    for script in root.iter("script"):
        text = script.text or ""
        if len(text) <= _MAX_JSON_CHARS:
            for match in _SCRIPT_DATE_RE.finditer(text):
                name = _SCRIPT_NAME_RE.search(text, max(0, match.start() - 30), match.start())
                if name:
                    value = Value("published", "script_variable", name[1], match[1])
                    found.setdefault(name[1].lower(), value)
    days = {value.text[:10] for value in found.values() if not value.text.isdigit()}
    return next(iter(found.values())) if found and len(days) <= 1 else None


_SCRIPT_DATE_RE = re.compile(
    r"""[:=]\s?["']?((?:19|20)\d\d[-/]\d\d?[-/]\d\d?[ T]\d\d?:\d\d(?::\d\d)?"""
    r"""|1\d{9}(?:\d{3})?)["';,\s}]"""
)
_SCRIPT_NAME_RE = re.compile(
    r"""(?i)\b(ct|(?:ori_?)?create_?time|p(?:ub(?:lish)?(?:ed)?)?_?(?:time|date|at)|send_?time)["']?\s?$"""
)


UPDATED_RE = re.compile("modif|updat")
"""Names of the time of the last change: taken only where nothing else is known."""


def linked_articles(root: Element) -> list[dict[str, Any]]:
    """Return the JSON-LD objects of a page that are articles, and those with an article's body."""
    found: list[dict[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" in script.get("type", ""):
            value = _read_json((script.text or "")[:_MAX_JSON_CHARS])
            found += (item for item in _objects(value) if _is_article(item))
    return found


def _read_json(text: str) -> Any:
    """Return what JSON holds, or None; marks of CDATA and commas too many do not matter."""
    for source in (text, _LOOSE_RE.sub(r"\1", text)):
        try:
            return json.loads(source, strict=False)
        except ValueError:
            continue
        except RecursionError:
            break
    return None


_LOOSE_RE = re.compile(r"(?:/[/*])?\s{0,9}(?:<!\[CDATA\[|\]\]>)(?:\s{0,9}\*/)?|,\s{0,99}([}\]])")


_MAX_JSON_CHARS = 1_000_000


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    items = value if isinstance(value, list) else [value]
    for item in items:
        if isinstance(item, dict):
            yield item
            for key in ("@graph", "mainEntity", "mainEntityOfPage"):
                inner = item.get(key)
                parts = inner if isinstance(inner, list) else [inner]
                yield from (part for part in parts if isinstance(part, dict))


def _is_article(item: dict[str, Any]) -> bool:
    kinds = str(item.get("@type", ""))
    return (
        "Article" in kinds or "Posting" in kinds or bool(item.keys() & {"articleBody", "pubDate"})
    )
