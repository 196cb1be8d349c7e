"""Rules for the pages of one site: where its article, title and date stand."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from fnmatch import fnmatchcase

from cssselect import HTMLTranslator, SelectorError
from lxml import etree

from transforms.text.address import host_of
from transforms.text.html.line import squeeze
from transforms.text.html.markup import Element, parse
from transforms.text.html.traits import RULED


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlRule:
    """What to take from the pages of one site.

    Selectors are CSS, or XPath where they begin with `/`, `(` or `.//`.

    Attributes:
        id: reason written to the audit for what the rule leaves out.
        hosts: host names of the site; `*` stands for any characters.
        body: the elements of the article; empty where only other fields are given.
        title: the element of the headline.
        published: the element of the date, or XPath to an attribute.
        source: the element of the news source.
        noise: elements inside the body that are not the article's.
        match: a piece of HTML in which each selector that is given finds something.

    Raises:
        ValueError: a selector cannot be read, finds nothing in `match`, or none is given.
    """

    id: str
    hosts: tuple[str, ...]
    body: str = ""
    title: str = ""
    published: str = ""
    source: str = ""
    noise: str = ""
    match: str

    def __post_init__(self) -> None:
        try:
            self._check()
        except ValueError as error:
            raise ValueError(f"{self.id}: {error}") from error

    def _check(self) -> None:
        root = parse(self.match)
        given = [s for s in (self.body, self.title, self.published, self.source, self.noise) if s]
        if root is None or not given:
            raise ValueError("match must be HTML, and a selector must be given")
        for selector in given:
            if not found(root, selector):
                raise ValueError(f"{selector!r} finds nothing in match")

    def applies(self, host: str) -> bool:
        """Return whether a page of this host is from the site."""
        return bool(host) and any(fnmatchcase(host, pattern) for pattern in self.hosts)


def rule_for(url: str | None, rules: tuple[HtmlRule, ...]) -> HtmlRule | None:
    """Return the first rule for the address of a page."""
    host = host_of(url)
    return next((rule for rule in rules if rule.applies(host)), None)


@functools.lru_cache(maxsize=1024)
def _compiled(selector: str) -> etree.XPath:
    """Compile a selector.

    Raises:
        ValueError: it is neither XPath nor CSS.
    """
    try:
        is_xpath = selector.startswith(("/", "(", ".//"))
        return etree.XPath(selector if is_xpath else HTMLTranslator().css_to_xpath(selector))
    except (SelectorError, etree.XPathError) as error:
        raise ValueError(f"{selector!r}: {error}") from error


def found(root: Element, selector: str) -> list[Element | str]:
    """Return the elements that a selector finds, or strings where it asks for attributes."""
    result = _compiled(selector)(root)
    return result if isinstance(result, list) else [str(result)]


def mark_elements(root: Element, rule: HtmlRule | None) -> None:
    """Mark the elements that the rule says are the article's, with its title, and the noise."""
    body = found(root, rule.body) if rule and rule.body else []
    if rule and body:
        for mark, selector in (("body", rule.body), ("body", rule.title), ("noise", rule.noise)):
            for element in found(root, selector) if selector else ():
                if not isinstance(element, str):
                    element.set(RULED, mark)


def text_of(root: Element, selector: str) -> str:
    """Return the text of the first thing that a selector finds; empty if it finds nothing."""
    for item in found(root, selector) if selector else ():
        return squeeze(str(item) if isinstance(item, str) else "".join(item.itertext()))
    return ""
