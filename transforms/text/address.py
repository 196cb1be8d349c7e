"""The parts of a page's address. Addresses come from anywhere and may not be readable."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

_NOWHERE = urlsplit("")


def host_of(url: str | None) -> str:
    """Return the host of an address in lower case; nothing where it cannot be read.

    >>> host_of("https://News.example.cn/a/1.html"), host_of("http://[x")
    ('news.example.cn', '')
    """
    return (_split(url).hostname or "") if url else ""


def path_of(url: str | None) -> str:
    """Return the path of an address; nothing where it cannot be read."""
    return _split(url).path


def _split(url: str | None) -> SplitResult:
    try:
        return urlsplit(url or "")
    except ValueError:
        return _NOWHERE
