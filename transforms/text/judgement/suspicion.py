"""Signs that a page is not what it seems, where nothing can be cut out safely.

Such a page keeps its text and gets a flag; `judge_page.reject_flags` says which flags are grounds
to turn a page away.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice, pairwise
from statistics import median

from transforms.text.judgement.insertions import has_insertions
from transforms.text.records import Flag
from transforms.text.script.to_simplified import count_scripts
from transforms.text.spam.lexicon import Lexicon
from transforms.text.spam.segments import bigrams

_STOP_RE = re.compile("[。！？!?；;…]")
_OPENING_RE = re.compile("[，,。！？!?；;：:、\n]([^，,。！？!?；;：:、\n]{2})")
_NUMBERED_RE = re.compile(r"\s*[(（]?(?:\d+|[一二三四五六七八九十]+)[.、:：)）]")
_PAPER_RE = re.compile(
    r"^\s*[【(（]?([\u4e00-\u9fff]{2,8}?(?:日报|晚报|早报|时报|商报|晨报|网|社))"
    r"[^。，,]{0,24}(?:电|讯|消息|报道|记者)"
)


def word_flags(text: str, lexicon: Lexicon) -> Iterator[Flag]:
    """Yield the flags that spam words in the prose of `text` raise."""
    if len(lexicon.strong_words(text)) >= SUSPECT_WORDS and not lexicon.is_report(text):
        yield Flag.SUSPECT_TERMS
    if sum(1 for _ in lexicon.swapped.finditer(text)) >= SWAPPED_SUBJECTS:
        yield Flag.BRAND_SWAP


SUSPECT_WORDS = 2
"""Distinct strong words in prose that make a page suspect; one may be a quotation."""

SWAPPED_SUBJECTS = 2
"""Times a betting brand holds a meeting or has a headmaster; `contamination.md` 5.8."""


def shape_flags(text: str, hanzi: int, title: str | None) -> Iterator[Flag]:
    """Yield the flags that the shape of a cleaned text of `hanzi` Chinese characters raises.

    The rates in the docstrings below are those of `benchmarks/quality/flags.py`.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) <= DOORWAY_LINES and hanzi < DOORWAY_HANZI and not _STOP_RE.search(text):
        yield Flag.DOORWAY
    if hanzi > LONG_HANZI and not _is_marked(text) and median(map(len, lines)) > VERSE_LENGTH:
        yield Flag.NO_PUNCTUATION
    if is_injected(title or (lines[0] if lines else ""), text):
        yield Flag.TITLE_INJECTION
    if is_stitched(lines):
        yield Flag.STITCHED
    if is_generated(text):
        yield Flag.GENERATED
    if is_list(lines):
        yield Flag.LIST_PAGE
    if has_insertions(text):
        yield Flag.INSERTED_TEXT


DOORWAY_HANZI = 60
"""Chinese characters below which a text without any sentence mark is a title alone."""

DOORWAY_LINES = 2
"""Lines of such a page; short tables and verse have more."""

LONG_HANZI = 300
"""Chinese characters from which a text without punctuation is no headline any more."""

FEWEST_MARKS = 5
"""Marks without which so long a text is not punctuated.

Clean news has one for every 8 to 19 Chinese characters, for every 29 at the most in 999 of 1,000
pages.
"""

VERSE_LENGTH = 40
"""Code points of the median line up to which a text is laid out as verse or as a list."""


def _is_marked(text: str) -> bool:
    marks = islice(_CLAUSE_MARK_RE.finditer(text), FEWEST_MARKS)
    return sum(1 for _ in marks) == FEWEST_MARKS


_CLAUSE_MARK_RE = re.compile("[，,。！？!?；;：、…]")


def count_hanzi(text: str) -> int:
    """Return the number of Chinese characters in `text`."""
    counts = count_scripts(text)
    return counts.shared + counts.traditional + counts.simplified


def is_injected(title: str, text: str) -> bool:
    """Return whether the words of the title were put behind the marks of the text.

    Such a page repeats each word of its title as the beginning of clause after clause. Words are
    not segmented: what counts is how many of the title's bigrams open clauses again and again, and
    how many of all clauses open with one.
    """
    if not INJECTED_WORDS < len(title) <= LONGEST_TITLE:
        return False
    wanted = bigrams(title)
    openings = _OPENING_RE.findall("\n" + text)
    opened = [
        times
        for pair, times in Counter(filter(wanted.__contains__, openings)).items()
        if times >= INJECTED_TIMES and text.count(pair) > INJECTED_TIMES
    ]
    return len(opened) >= INJECTED_WORDS and sum(opened) > INJECTED_SHARE * len(openings)


LONGEST_TITLE = 60
"""Code points of a title; a longer first line is text."""

INJECTED_TIMES = 3
"""Clauses that a word of the title opens before it counts; `contamination.md` 5.8."""

INJECTED_WORDS = 4
"""Words of the title that do so."""

INJECTED_SHARE = 0.4
"""Share of all clauses that open with one of them.

Clean news that has four such words at all (41 of 10,543 pages) is at 0.16 in the median, at 0.32 in
the highest twentieth; injected pages are above 0.5.
"""


def is_stitched(lines: list[str]) -> bool:
    """Return whether unrelated reports of different papers stand one after another."""
    papers = {hit.group(1) for line in lines if (hit := _PAPER_RE.match(line))}
    if len(papers) < STITCHED_PAPERS:
        return False
    bodies = [_PAPER_RE.sub("", line) for line in lines]
    long = [bigrams(body) for body in bodies if count_hanzi(body) >= STITCHED_HANZI]
    if len(long) < STITCHED_PAPERS:
        return False
    return median(len(a & b) / min(len(a), len(b)) for a, b in pairwise(long)) < UNRELATED


STITCHED_PAPERS = 3
"""Papers or agencies whose datelines open paragraphs of one page; `contamination.md` 5.8."""

STITCHED_HANZI = 60
"""Chinese characters of a paragraph that is compared with the next."""

UNRELATED = 0.08
"""Share of bigrams that neighbouring paragraphs have in common, in the median pair.

Paragraphs picked from different articles have 0.016, 0.07 at the most in 199 of 200 pages; the two
clean pages with datelines of three papers have 0.13 and 0.15.
"""


def is_generated(text: str) -> bool:
    """Return whether a text bears the marks of a machine that writes or rewrites articles.

    It kept the labels of its form, or words that only a machine puts in the place of others.
    """
    if _TITLE_LABEL_RE.match(text) and _BODY_LABEL_RE.search(text, 0, FORM_LENGTH):
        return True
    return any(word in text for word in SWAPPED) and len(_SWAPPED_RE.findall(text)) >= SWAPPED_WORDS


_TITLE_LABEL_RE = re.compile(r"\W{0,3}(?:文章)?标题\s?[:：]\s?\w")
_BODY_LABEL_RE = re.compile(r"(?:^|\n|\s)\W{0,3}(?:文章)?(?:正文|内容)\s?[:：]")
FORM_LENGTH = 300
"""Code points in which both labels of a form stand (`标题:…正文:`, `contamination.md` S11)."""
SWAPPED = ("东谈主", "一又友")
_SWAPPED_RE = re.compile("(?<![房股])东谈主(?![要张持])|一又友")
"""人 and 朋友 in rewritten texts (`contamination.md` S10); in no page of `../shared/data`."""
SWAPPED_WORDS = 2
"""Such words on one page; one may be a typing error."""


def is_list(lines: list[str]) -> bool:
    """Return whether the lines are headlines rather than a text, or a numbered list in it."""
    open_lines = [line for line in lines if not _STOP_RE.search(line[-2:])]
    if len(open_lines) < max(LISTED_LINES, LISTED_SHARE * len(lines)):
        return False
    headlines = [
        line
        for line in open_lines
        if HEADLINE[0] <= count_hanzi(line) <= HEADLINE[1] and not _NUMBERED_RE.match(line)
    ]
    if len(headlines) < max(LISTED_LINES, LISTED_SHARE * len(lines)):
        return False
    hanzi = count_hanzi("".join(lines))
    return hanzi - count_hanzi("".join(open_lines)) < LISTED_PROSE * hanzi


HEADLINE = (12, 40)
"""Chinese characters of a headline. Lines of verse layout are shorter; `contamination.md` 1.4."""

LISTED_LINES = 8
"""Headlines from which a page may be a list."""

LISTED_SHARE = 0.7
"""Share of the lines that are headlines in a list page."""

LISTED_PROSE = 0.3
"""Share of the Chinese characters in closed sentences from which a page is no list."""
