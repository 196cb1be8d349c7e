"""The values that travel through the steps: pages, edits and refusals.

All offsets are code points, all spans half-open `[start, stop)`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple


class Reason(StrEnum):
    """Why a page is turned away. A closed list: its values are column values and counter names."""

    EMPTY = "EMPTY"
    ALL_ZERO = "ALL_ZERO"
    BINARY = "BINARY"
    TOO_LARGE = "TOO_LARGE"
    NOT_A_PAGE = "NOT_A_PAGE"
    UNSUPPORTED_ENCODING = "UNSUPPORTED_ENCODING"
    UNDECODABLE = "UNDECODABLE"
    TOO_MANY_REPLACEMENTS = "TOO_MANY_REPLACEMENTS"
    LOST_TO_QUESTION_MARKS = "LOST_TO_QUESTION_MARKS"
    IRRECOVERABLE_MOJIBAKE = "IRRECOVERABLE_MOJIBAKE"
    NO_TEXT = "NO_TEXT"
    NO_CONTENT = "NO_CONTENT"
    NOT_CHINESE = "NOT_CHINESE"
    OVER_CLEANED = "OVER_CLEANED"
    FLAGGED = "FLAGGED"


class Flag(StrEnum):
    """What a reader may want to filter articles on. A closed list."""

    MIXED_ENCODING = "mixed_encoding"
    UNDECODABLE_BYTES = "undecodable_bytes"
    MOJIBAKE = "mojibake"
    PINYIN_BROKEN = "pinyin_broken"
    MULTIPLE_ARTICLES = "multiple_articles"
    TRUNCATED = "truncated"
    SUSPECT_TERMS = "suspect_terms"
    BRAND_SWAP = "brand_swap"
    TITLE_INJECTION = "title_injection"
    STITCHED = "stitched"
    GENERATED = "generated"
    NO_PUNCTUATION = "no_punctuation"
    JAMMER_TEXT = "jammer_text"
    INSERTED_TEXT = "inserted_text"
    DOORWAY = "doorway"
    LIST_PAGE = "list_page"
    SHORT = "short"
    NOT_CHINESE = "not_chinese"
    OVER_CLEANED = "over_cleaned"
    PUBLISHED_FROM_URL = "published_from_url"
    INFERRED_SOURCE = "inferred_source"
    CONTAINED = "contained"


class Edit(NamedTuple):
    """One change to a page's text: `before` stood at `[start, stop)` and became `after`.

    A tuple, because a converted page has hundreds of them.

    Attributes:
        step: name of the step that made the change.
        reason: rule id, lower case, e.g. `pinyin_annotation` or the id of a rule in `configs/`.
        start: first code point of the change, in the text that *entered the step*.
        stop: the code point behind the last one, in the same text.
        before: the text that stood there, verbatim.
        after: what stands there now; empty for a removal.
    """

    step: str
    reason: str
    start: int
    stop: int
    before: str
    after: str = ""

    @property
    def kind(self) -> str:
        """`rewrite` when something stands in place of the old text, else `removal`."""
        return "rewrite" if self.after else "removal"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page came from. Follows the page to whichever door it leaves by.

    Attributes:
        id: 32 hex characters, the same for the same page in every run.
        source_uri: the input file, as given.
        record: position in the input file, from 0; -1 for the file itself.
        raw_sha256: hex digest of the page's bytes as read.
        raw_bytes: their number.
        source_id: the input's own id of the page, where it has one.
        url: address of the page, where the input has one.
    """

    id: str
    source_uri: str
    record: int
    raw_sha256: str = ""
    raw_bytes: int = 0
    source_id: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about itself.

    Attributes:
        published: aware UTC time; a date without a time is midnight in the page's zone.
        published_text: the same, as it stood on the page.
        source: the news source named by the page (来源), not the site it was scraped from.
        site: name of the site, or its host.
        keywords: what the page names as its keywords or tags (关键词, 标签).
    """

    title: str | None = None
    published: datetime | None = None
    published_text: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    site: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as bytes, before `detect_encoding`.

    Attributes:
        html: whether its container says that `data` is an HTML page.
        declared: charset named by the transport (HTTP header, container), a hint only.
        truncated: whether the container says or shows that the end of the page is missing.
        read_as: (encoding, basis) where the reader had to decode the container to find the page;
            `data` is then UTF-8.
        given: metadata that came with the page in its container; wins over what the text says.
    """

    origin: Origin
    data: bytes
    html: bool = False
    declared: str | None = None
    truncated: bool = False
    read_as: tuple[str, str] | None = None
    given: Metadata = field(default_factory=Metadata)


@dataclass(frozen=True, slots=True)
class Page:
    r"""A page as text, on its way through the steps. Immutable: steps return `revised` copies.

    Attributes:
        text: lines separated by `\n` (a `\r` may stand before it until `rejoin_lines`);
            never holds a lone surrogate.
        encoding: what the bytes were decoded as.
        encoding_basis: why: bom, utf-8, hint, scored, …
        html: whether `text` is the source of an HTML page, until `extract_html`.
        n_undecodable: bytes that `detect_encoding` could not read, U+FFFD in their place.
        n_chars_raw: code points read.
        hints: what its markup says loosely, for the fields that its lines do not give.
        script: hans, hant, mixed, ja, ko or und; set by `to_simplified`, before it converts.
        flags: in the order they were raised, each once.
        edits: every change so far, in the order of the steps.
    """

    origin: Origin
    text: str
    encoding: str = "utf-8"
    encoding_basis: str = "utf-8"
    html: bool = False
    n_undecodable: int = 0
    n_chars_raw: int = 0
    script: str = "und"
    meta: Metadata = field(default_factory=Metadata)
    hints: Metadata = field(default_factory=Metadata)
    flags: tuple[Flag, ...] = ()
    edits: tuple[Edit, ...] = ()

    def revised(
        self, edits: Sequence[Edit] = (), *, flags: Iterable[Flag] = (), **changes: Any
    ) -> Page:
        """Return this page with `edits` applied to its text and recorded, and `flags` raised.

        Args:
            edits: ascending, not overlapping; offsets into `self.text`.
            flags: added to those the page has, each once.
            **changes: other fields to replace.
        """
        if not (edits or flags or changes):
            return self
        return dataclasses.replace(
            self,
            text=apply_edits(self.text, edits),
            edits=(*self.edits, *edits),
            flags=tuple(dict.fromkeys((*self.flags, *flags))),
            **changes,
        )

    def touched(self, step: str) -> int:
        """Return the number of code points that `step` removed, replaced or put in."""
        return sum(max(len(e.before), len(e.after)) for e in self.edits if e.step == step)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A page turned away by a rule, as it stood then.

    Attributes:
        step: name of the step that turned it away.
        reason: from the closed list.
        kind: what it is instead, for the reasons that say so, e.g. `png` for `BINARY`.
        detail: one sentence or figure for a person.
    """

    page: Page | RawPage
    step: str
    reason: Reason
    kind: str = ""
    detail: str = ""

    @property
    def code(self) -> str:
        """The column value: the reason, with the kind behind a colon where there is one."""
        return f"{self.reason}:{self.kind}" if self.kind else str(self.reason)


@dataclass(frozen=True, slots=True)
class Failed:
    """A page on which a step broke, or an input that could not be read.

    Attributes:
        origin: where it came from; `record` is -1 when it is the whole input.
        step: name of the step that broke, or `read`.
        error_type: name of the exception's class.
        error: its message.
        traceback: as Python prints it; empty where it would say nothing.
        sample: the beginning of what was at hand.
        edits: what earlier steps had changed.
    """

    origin: Origin
    step: str
    error_type: str
    error: str
    traceback: str = ""
    sample: str = ""
    edits: tuple[Edit, ...] = ()


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with ascending, disjoint `edits` carried out.

    >>> apply_edits("強(qiáng)調", [Edit("strip_pinyin", "pinyin_annotation", 1, 8, "(qiáng)")])
    '強調'

    Raises:
        ValueError: an edit overlaps the one before it or does not quote the text it replaces.
    """
    kept: list[str] = []
    at = 0
    for _, reason, start, stop, before, after in edits:
        if start < at or text[start:stop] != before:
            raise ValueError(f"{reason} does not fit the text at {start}: {before!r}")
        kept += (text[at:start], after)
        at = stop
    kept.append(text[at:])
    return "".join(kept)


def undo_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return the text that `edits` made `text` of.

    >>> undo_edits("強調", [Edit("strip_pinyin", "pinyin_annotation", 1, 8, "(qiáng)")])
    '強(qiáng)調'
    """
    parts: list[str] = []
    at = shift = 0
    for edit in edits:
        stands = edit.start - shift
        parts += (text[at:stands], edit.before)
        at = stands + len(edit.after)
        shift += len(edit.before) - len(edit.after)
    parts.append(text[at:])
    return "".join(parts)
