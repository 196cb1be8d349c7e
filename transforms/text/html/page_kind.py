"""What a page is that is no article: a list, a player, a gallery, a login page."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.text.html.main_content import LEAST, Run, prose
from transforms.text.html.markup import Element
from transforms.text.html.rendering import Line


def is_list(lines: Sequence[Line], run: Run) -> bool:
    """Return whether the run is a list of articles: linked headlines between abstracts."""
    lines = lines[run.start : run.stop]
    headlines = sum(map(_is_headline, lines))
    return headlines >= _MIN_HEADLINES and headlines >= 0.5 * sum(prose(line) > 0 for line in lines)


def _is_headline(line: Line) -> bool:
    return line.n_linked >= max(_MIN_HEADLINE, 0.3 * len(line.text))


_MIN_HEADLINE, _MIN_HEADLINES = 8, 5


def no_article(lines: Sequence[Line], run: Run, root: Element) -> tuple[str, str] | None:
    """Return what a page without an article is instead: kind and detail of its refusal."""
    if run.score >= LEAST:
        return None
    headlines = sum(map(_is_headline, lines))
    if headlines >= 2 * _MIN_HEADLINES:
        return "list_page", f"{headlines} linked headlines and no prose"
    if next(root.iter("video", "audio", "embed", "object"), None) is not None:
        return "media_page", "a player and no prose"
    if any(e.get("type") == "password" for e in root.iter("input")):
        return "login_page", "a password is asked for, and there is no prose"
    n_images = sum(1 for _ in root.iter("img"))
    if n_images >= _GALLERY:
        return "gallery", f"{n_images} pictures and no prose"
    return "no_prose", f"{len(lines)} lines and no prose"


_GALLERY = 5
