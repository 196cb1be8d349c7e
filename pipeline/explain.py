"""The story of one page: every edit in its place, with the rule that made it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.config import Settings
from pipeline.datasets import sample_of
from pipeline.errors import InputError
from pipeline.inputs import InputFile, Unit
from pipeline.read import place_of, read_unit
from transforms.text.decoding.detect_encoding import detect_encoding
from transforms.text.records import Edit, Failed, Page, RawPage, Rejected, undo_edits
from transforms.text.steps import bind_steps

_CONTEXT_CHARS = 12
_LONGEST_QUOTE_CHARS = 60
_METADATA = (
    *("title", "published", "source", "authors", "editors", "captions", "site", "section"),
    "keywords",
)


def explain(file: InputFile, page: int, settings: Settings, console: Console) -> None:
    """Print what every step does to page number `page` (from 0) of `file`.

    Raises:
        InputError: the file cannot be read, or has no such page.
    """
    raw = _find(file, page, settings)
    if isinstance(raw, Rejected):
        console.print(_refusal(raw))
        return
    outcome: Page | Rejected = detect_encoding(raw, settings.config.detect_encoding)
    if isinstance(outcome, Page):
        console.print(
            f"[bold]detect_encoding[/] {outcome.encoding} ({outcome.encoding_basis}), "
            f"{outcome.n_chars_raw} code points, {outcome.n_undecodable} undecodable bytes"
        )
    for step in bind_steps(settings.config):
        if isinstance(outcome, Rejected):
            break
        before = outcome
        outcome = step.apply(before)
        if isinstance(outcome, Page):
            console.print(_step_story(step.name, before, outcome))
    console.print(_refusal(outcome) if isinstance(outcome, Rejected) else _result(outcome))


def _find(file: InputFile, page: int, settings: Settings) -> RawPage | Rejected:
    unit = Unit(file, 0, -1, 0)
    read = read_unit(unit, settings.config.read)
    found = next((outcome for outcome in read if place_of(outcome).record in (page, -1)), None)
    if found is None:
        raise InputError(f"{file.uri}: has no page {page} (the first is 0)")
    if isinstance(found, Failed):
        broken = found.origin.record >= 0
        where = f"page {page}: {found.error_type}: " if broken else ""
        raise InputError(f"{file.uri}: {where}{found.error}")
    return found


def _step_story(name: str, before: Page, after: Page) -> RenderableType:
    edits = after.edits[len(before.edits) :]
    flags = [flag for flag in after.flags if flag not in before.flags]
    raised = f"  [magenta]{' '.join(flags)}[/]" if flags else ""
    head = Text.from_markup(f"[bold]{name}[/] {len(edits) or 'no'} edits{raised}")
    return Group(head, *_edit_lines(undo_edits(after.text, edits), edits))


def _edit_lines(text: str, edits: tuple[Edit, ...]) -> Iterator[RenderableType]:
    """Show runs of alike edits in full up to three, and the number of the others."""
    for reason, alike in groupby(edits, key=lambda edit: edit.reason):
        run = list(alike)
        for edit in run[:3]:
            yield _quote(text, edit)
        if len(run) > 3:
            yield Text(f"         … and {len(run) - 3} more of {reason}", style="dim")


def _quote(text: str, edit: Edit) -> Text:
    line = Text(f"{edit.start:>8} {edit.reason:<20} ", style="cyan")
    line.append(_visible(text[max(0, edit.start - _CONTEXT_CHARS) : edit.start]), style="dim")
    line.append("⟦", style="default")
    line.append(_visible(edit.before), style="red strike")
    if edit.after:
        line.append("→", style="default")
        line.append(_visible(edit.after), style="green")
    line.append("⟧", style="default")
    line.append(_visible(text[edit.stop : edit.stop + _CONTEXT_CHARS]), style="dim")
    return line


def _visible(text: str) -> str:
    """Return `text` on one line, shortened, with what a terminal would act on made visible."""
    if len(text) > _LONGEST_QUOTE_CHARS:
        text = f"{text[:40]}…({len(text)})…{text[-12:]}"
    return _printable(text.replace("\n", "⏎"))


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\u3000" else f"\\u{ord(c):04x}" for c in text)


def _result(page: Page) -> RenderableType:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name in _METADATA:
        value = getattr(page.meta, name)
        if value:
            shown = "、".join(value) if isinstance(value, tuple) else str(value)
            table.add_row(Text(name, style="bold"), Text(_visible(shown)))
    table.add_row(Text("script", style="bold"), page.script)
    table.add_row(Text("flags", style="bold"), " ".join(page.flags) or "none")
    return Group(Text("article", style="bold green"), table, Text(""), Text(page.text))


def _refusal(rejected: Rejected) -> RenderableType:
    why = Text.assemble(
        ("rejected ", "bold red"),
        (rejected.code, "red"),
        f" by {rejected.step}",
        f": {rejected.detail}" if rejected.detail else "",
    )
    begins = "\n".join(map(_printable, sample_of(rejected.page).split("\n")))
    if not begins.strip():
        return why
    return Group(why, Text(f"what came to {rejected.step} begins:", style="bold"), Text(begins))
