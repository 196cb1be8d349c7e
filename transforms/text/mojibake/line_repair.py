"""Repair the damaged lines of a page, with the help of what the rest of the page says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from transforms.text import charmodel
from transforms.text.mojibake.budget import Budget
from transforms.text.mojibake.byte_slip import byte_slips
from transforms.text.mojibake.codec_chains import (
    MIN_QUALITY,
    Chain,
    Repair,
    best_repair,
    fill_repair,
    is_accepted,
    n_non_ascii,
    undo_chains,
)
from transforms.text.mojibake.damage_gate import REPAIR
from transforms.text.mojibake.damaged_spans import latin_runs, utf8_spans
from transforms.text.mojibake.draft import Change
from transforms.text.mojibake.holes import Context, Filler

Span = tuple[int, int]

LINE_STEPS = 40
"""Steps of a look at a line."""

SCAN_STEPS = 3
"""Steps of the search for damage inside a line, for each of its characters."""

MIN_LINES_ALIKE = 3
"""Lines that must have been misread in the same way before the whole page is taken to be."""


def repaired_lines(
    text: str, spans: list[Span], min_posterior: float, budget: Budget
) -> Iterator[Change]:
    """Yield the repair of each damaged line of `text`, in order.

    Lines are read first, with holes for lost bytes; then the holes are filled, as what is whole on
    the page shows its script, its names and its terms.

    Args:
        text: a page.
        spans: its suspicious lines.
        min_posterior: 0–1; how sure a character must be that fills a hole.
        budget: of the page.
    """
    repairs = _whole_line_repairs(text, spans, budget)
    repairs |= _repairs_alike(text, repairs)
    fill = Filler(min_posterior, Context(_readable(text, repairs)), budget)
    for span, repair in sorted(repairs.items()):
        start, stop = span
        line = text[start:stop]
        if repair is not None:
            yield Change(start, stop, fill_repair(line, repair, fill), repair.reason)
            continue
        for change in _span_repairs(line, fill, budget):
            yield change._replace(start=start + change.start, stop=start + change.stop)


def _whole_line_repairs(text: str, spans: list[Span], budget: Budget) -> dict[Span, Repair | None]:
    """Return the repair of each line as a whole, where there is one.

    What several lines were misread as is tried first on the next.
    """
    known: dict[str, Repair | None] = {}
    found: Counter[tuple[Chain, ...]] = Counter()
    for start, stop in spans:
        line = text[start:stop]
        if budget.is_spent:
            break
        if line not in known:
            usual = next((chains for chains, n in found.most_common(1) if n >= MIN_LINES_ALIKE), ())
            known[line] = _whole_line_repair(line, usual, budget)
        if repair := known[line]:
            found[repair.chains] += 1
    return {span: known[line] for span in spans if (line := text[slice(*span)]) in known}


def _whole_line_repair(line: str, usual: tuple[Chain, ...], budget: Budget) -> Repair | None:
    budget.spend(LINE_STEPS)
    if n_non_ascii(line) < 3 or charmodel.mean(line) >= REPAIR.line:
        return None
    repair = undo_chains(line, usual) if usual else None
    return repair if repair and is_accepted(line, repair) else best_repair(line, budget)


def _repairs_alike(text: str, repairs: dict[Span, Repair | None]) -> dict[Span, Repair]:
    """Return the repair of lines too short to show damage, on a page misread as a whole."""
    found = Counter(repair.chains for repair in repairs.values() if repair)
    chains, n = found.most_common(1)[0] if found else ((), 0)
    if n < MIN_LINES_ALIKE:
        return {}
    others = [s for s in _line_spans(text) if not repairs.get(s) and n_non_ascii(text[slice(*s)])]
    if n < len(others):
        return {}
    alike = {span: undo_chains(text[slice(*span)], chains) for span in others}
    return {
        span: repair
        for span, repair in alike.items()
        if repair and repair.gain > 0 and charmodel.mean(repair.text) > MIN_QUALITY
    }


def _line_spans(text: str) -> Iterator[Span]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _readable(text: str, repairs: dict[Span, Repair | None]) -> str:
    """Return the lines that are whole, and the others as far as they are read."""
    parts: list[str] = []
    at = 0
    for (start, stop), repair in sorted(repairs.items()):
        parts += (text[at:start], repair.text if repair else "")
        at = stop
    parts.append(text[at:])
    return "".join(parts)


def _span_repairs(line: str, fill: Filler, budget: Budget) -> list[Change]:
    """Return the repair of spans of a line that are no line of their own, else of byte slips."""
    if budget.is_spent:
        return []
    budget.spend(SCAN_STEPS * len(line))
    if n_non_ascii(line) >= 3:
        for changes in (latin_runs(line, fill, budget), utf8_spans(line)):
            if found := list(changes):
                return found
    return list(byte_slips(line, fill, budget))
