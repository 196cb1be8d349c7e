"""Undo wrong decodings, and say so where a text is beyond repair."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import ftfy
from annotated_types import Ge, Interval, Le

from transforms.text import charmodel
from transforms.text.mojibake import charmaps, literals
from transforms.text.mojibake.budget import Budget
from transforms.text.mojibake.codec_chains import HANZI_RE, count, n_non_ascii
from transforms.text.mojibake.damage_gate import (
    REPORT,
    checked_lines,
    holds_any,
    is_foreign,
    is_quiet,
    suspicious_lines,
)
from transforms.text.mojibake.draft import Change, Draft
from transforms.text.mojibake.line_repair import Span, repaired_lines
from transforms.text.mojibake.slip_signs import slip_traces
from transforms.text.records import Edit, Flag, Page, Reason, Rejected, apply_edits
from transforms.text.script.rewrites import texts_of, with_texts

STEP = "repair_mojibake"


@dataclass(frozen=True, slots=True, kw_only=True)
class MojibakeConfig:
    """Settings of `repair_mojibake`.

    Attributes:
        min_posterior: 0–1; how sure a character must be that is put where a byte was lost; else
            U+FFFD stays. Measured at 0.95 and 0.99: 1.2 and 0.4 wrong characters in 1,000.
        max_lost_share: share of U+FFFD among the non-ASCII characters above which a page is turned
            away. Lossy damage that can be repaired has 0.14 at most, GBK read as UTF-8 0.5.
        max_question_share: share of `?` among the characters above which a page is turned away.
        min_plausibility: nats per hanzi in runs of four and more; a page below is no text in any
            reading. News has −6 to −9.
        min_judged_chars: characters a page must have before it is turned away.
    """

    enabled: bool = True
    min_posterior: Annotated[float, Interval(ge=0, le=1)] = 0.99
    max_lost_share: Annotated[float, Interval(ge=0, le=1)] = 0.2
    max_question_share: Annotated[float, Interval(ge=0, le=1)] = 0.3
    min_plausibility: Annotated[float, Le(0)] = -12.5
    min_judged_chars: Annotated[int, Ge(1)] = 50


ZH = ftfy.TextFixerConfig(
    unescape_html=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_latin_ligatures=False,
    fix_line_breaks=False,
    normalization=None,
    decode_inconsistent_utf8=False,
    explain=True,
)
"""ftfy for Chinese: with its defaults it changes 4 to 7 % of the characters of good text, and
without `explain` it silently drops half of these options (ftfy 6.3.1)."""

_FTFY_RE = re.compile(
    "[\u0080-\u009f\u00b5\u00c2-\u00d6\u00d8-\u02ff\u0370-\u04ff\u2030][\u0080-\u04ff\u2013-\u203a€™\u2200-\u25ff\ufffd]"
    "|\x1b\\["
)
"""What UTF-8 looks like in a single-byte code page: nothing else is worth asking ftfy."""

_FTFY_STARTS = "\x1bµ‰" + "".join(
    map(chr, (*range(0x80, 0xA0), *range(0xC2, 0xD7), *range(0xD8, 0x300), *range(0x370, 0x500)))
)

FTFY_STEPS = 5
"""Steps of asking ftfy, for each character of the line."""

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_ANNOTATION_RE = re.compile(
    f"(?:(?<=[\u3400-\u9fff\ue000-\uf8ff?\ufffd@-~])[(（]|[?\ufffd])"
    f"[a-zü]{{0,5}}[{_TONED}][a-zü]{{0,4}}[)）]"
)
REMNANT_REACH = 13
"""Characters before and behind a pinyin annotation that `strip_pinyin` may need as they came."""

Pass = Callable[[str], Iterable[Change]]


def repair_mojibake(page: Page, config: MojibakeConfig) -> Page | Rejected:
    """Undo wrong decodings; reject a page that is beyond repair, flag one that keeps damage.

    The page's metadata were decoded with it: they are read as further lines of it.
    """
    values = list(dict.fromkeys([*texts_of(page.meta), *texts_of(page.hints)]))
    draft = Draft("\n".join([page.text, *values]))
    _apply(draft, (literals.entities, literals.unicode_escapes, literals.percent_escapes))
    quiet = is_quiet(draft.text, _odd())
    suspicious = not quiet and _repair(draft, config)
    edits = draft.edits(STEP)
    own = [edit for edit in edits if edit.stop <= len(page.text)]
    text = apply_edits(page.text, own) if values else draft.text
    refusal = _refusal(page.text, text, config) or (_nonsense(text, config) if suspicious else None)
    if refusal is not None:
        return Rejected(page, STEP, refusal[0], detail=refusal[1])
    damaged = suspicious or _has_question_holes(text) or not (quiet or _is_whole(draft.text))
    flags = [Flag.MOJIBAKE] if damaged else []
    if len(own) == len(edits):
        return page.revised(own, flags=flags)
    repaired = _repaired(values, len(page.text) + 1, edits[len(own) :])
    meta, hints = (with_texts(given, repaired.__getitem__) for given in (page.meta, page.hints))
    return page.revised(own, flags=flags, meta=meta, hints=hints)


def _repaired(values: Sequence[str], at: int, edits: Sequence[Edit]) -> dict[str, str]:
    """Return the repair of each of the lines that follow a page, which begin at `at`."""
    repaired = {}
    for value in values:
        stop = at + len(value)
        inside = [
            edit._replace(start=edit.start - at, stop=edit.stop - at)
            for edit in edits
            if at <= edit.start and edit.stop <= stop
        ]
        repaired[value] = " ".join(apply_edits(value, inside).split("\n"))
        at = stop + 1
    return repaired


def _is_whole(text: str) -> bool:
    """Tell whether no character is lost and no byte slip shows."""
    return "\ufffd" not in text and not _outside_pinyin(text, slip_traces(text))


@functools.cache
def _odd() -> str:
    """Return the characters that a repair beside those of suspicious lines may be needed for."""
    return charmaps.members() + _FTFY_STARTS + _TONED + "锟锘\ufffd・―"


def _repair(draft: Draft, config: MojibakeConfig) -> bool:
    """Undo wrong decodings; tell whether damage stays that U+FFFD does not show."""
    budget = Budget(len(draft.text))
    if is_foreign(draft.text):
        _apply(draft, (partial(_ftfy_lines, budget=budget), charmaps.invisible))
        return False
    suspects = suspicious_lines(draft.text)
    _apply(draft, _passes(config, budget, suspects))
    text = draft.text
    return (
        budget.is_spent
        or _has_slip_trace(text)
        or any(_is_unreadable(text[slice(*s)]) for s in suspects and checked_lines(text, REPORT))
    )


def _passes(config: MojibakeConfig, budget: Budget, suspects: list[Span]) -> Iterator[Pass]:
    """Yield the repairs of a Chinese page in order.

    Lines with lost characters come twice: what a wrong codec left may hold a byte slip.
    """
    if suspects:
        repaired = partial(repaired_lines, min_posterior=config.min_posterior, budget=budget)
        yield lambda text: repaired(text, suspects)
        yield lambda text: repaired(text, suspicious_lines(text)) if "\ufffd" in text else ()
    yield literals.junk
    yield partial(_ftfy_lines, budget=budget)
    yield charmaps.mapped
    yield charmaps.gb2312_symbols


def _apply(draft: Draft, passes: Iterable[Pass]) -> None:
    for changes_of in passes:
        draft.apply(_unless_pinyin(draft.text, changes_of(draft.text)))


def _unless_pinyin(text: str, changes: Iterable[Change]) -> list[Change]:
    """Drop the changes that touch a pinyin annotation or the damage around it.

    `strip_pinyin` repairs that exactly, from the reading, but only as it came.
    """
    kept = list(changes)
    if not kept or not (guarded := _guarded(text)):
        return kept
    starts = [start for start, _ in guarded]
    return [c for c in kept if not _touches(c, guarded, bisect_left(starts, c.stop) - 1)]


def _touches(change: Change, guarded: list[tuple[int, int]], at: int) -> bool:
    return at >= 0 and guarded[at][1] > change.start


def _guarded(text: str) -> list[tuple[int, int]]:
    """Return the spans of pinyin annotations; of broken ones with what stands around them."""
    spans: list[tuple[int, int]] = []
    if not holds_any(text, _TONED):
        return spans
    for found in _ANNOTATION_RE.finditer(text):
        start, stop = found.span()
        letter = text[start - 1 : start]
        if text[start] not in "(（" or "@" <= letter <= "~":
            start, stop = max(start - REMNANT_REACH, 0), stop + REMNANT_REACH
        if spans and start <= spans[-1][1]:
            start = spans.pop()[0]
        spans.append((start, stop))
    return spans


def _ftfy_lines(text: str, budget: Budget) -> Iterator[Change]:
    if not holds_any(text, _FTFY_STARTS):
        return
    done = 0
    for found in _FTFY_RE.finditer(text):
        if found.start() < done or budget.is_spent:
            continue
        start = text.rfind("\n", 0, found.start()) + 1
        done = text.find("\n", start) % (len(text) + 1)
        line = text[start:done]
        budget.spend(FTFY_STEPS * len(line))
        fixed = ftfy.fix_and_explain(line, ZH).text
        if fixed != line:
            yield Change(start, done, fixed, "ftfy")


_LATIN_MOJIBAKE_RE = re.compile("[\u0080-\u00ff]{6,}")
_HANZI_RUN_RE = re.compile("[\u3400-\u9fff]{4,}")
_QUESTION_BETWEEN_RE = re.compile("[\u4e00-\u9fff]\\?(?=[\u4e00-\u9fff])")


def _refusal(source: str, text: str, config: MojibakeConfig) -> tuple[Reason, str] | None:
    """Return why a text is beyond repair and the figures, or None."""
    n = text.count("?")
    if n >= config.min_judged_chars / 4:
        n_ink = len(text) - sum(map(text.count, " \n\r\t\u3000"))
        if n > config.max_question_share * n_ink:
            return Reason.LOST_TO_QUESTION_MARKS, f"{n} of {n_ink} characters are question marks"
    n_lost = text.count("\ufffd")
    if n_lost >= 3 and n_lost > config.max_lost_share * n_non_ascii(text):
        is_junk = "锟斤" in source
        reason = Reason.IRRECOVERABLE_MOJIBAKE if is_junk else Reason.TOO_MANY_REPLACEMENTS
        return reason, f"{n_lost} characters are lost"
    return None


def _has_question_holes(text: str) -> bool:
    """Tell whether `?` stands between hanzi more often than a question ends without a space."""
    n = text.count("?")
    return n >= 3 and count(_QUESTION_BETWEEN_RE, text) > 0.05 * len(text)


def _has_slip_trace(text: str) -> bool:
    """Tell whether a page annotated with pinyin has the marks of a byte slip left.

    The tool that puts the annotations in is what loses the bytes: elsewhere a letter between a mark
    and a hanzi is a letter.
    """
    if len(_guarded(text)) < MIN_ANNOTATIONS:
        return False
    return _outside_pinyin(text, (found.span() for found in _SLIP_TRACE_RE.finditer(text)))


def _outside_pinyin(text: str, spans: Iterable[tuple[int, int]]) -> bool:
    """Tell whether one of `spans` does not touch what `strip_pinyin` may repair."""
    return bool(_unless_pinyin(text, (Change(*span, "", "") for span in spans)))


MIN_ANNOTATIONS = 3
"""Pinyin annotations that make a page one of a mirror that annotates."""

_SLIP_TRACE_RE = re.compile("[?!;:,][\u4e00-\u9fff]{0,3}[@-~](?=[\u4e00-\u9fff])")


def _is_unreadable(line: str) -> bool:
    """Tell whether a suspicious line is hanzi or stands for hanzi, and not in another language."""
    n, n_hanzi = n_non_ascii(line), count(HANZI_RE, line)
    is_chinese = n_hanzi >= MIN_REPORTED and n_hanzi > 0.4 * n
    return is_chinese or bool(_LATIN_MOJIBAKE_RE.search(line))


MIN_REPORTED = 4
"""Hanzi of a line that is called damage: fewer may be a rare name."""


def _nonsense(text: str, config: MojibakeConfig) -> tuple[Reason, str] | None:
    """Return the refusal of a text that is mostly characters no language puts together."""
    n = n_non_ascii(text)
    if n < config.min_judged_chars:
        return None
    n_latin = sum(map(len, _LATIN_MOJIBAKE_RE.findall(text)))
    if n_latin > n / 2:
        return Reason.IRRECOVERABLE_MOJIBAKE, f"{n_latin} Latin letters in the place of hanzi"
    hanzi = "".join(_HANZI_RUN_RE.findall(text))
    if len(hanzi) > 0.4 * n and charmodel.mean(hanzi) < config.min_plausibility:
        return Reason.IRRECOVERABLE_MOJIBAKE, f"{charmodel.mean(hanzi):.1f} nats a character"
    return None
