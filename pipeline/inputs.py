"""Find the input files of a run."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import UsageError

FORMATS = {
    ".txt": "txt",
    ".html": "html",
    ".htm": "html",
    ".jsonl": "jsonl",
    ".parquet": "parquet",
    ".warc": "warc",
    ".wet": "warc",
}
"""Format by the ending of a file's name, in front of that of its compression."""

COMPRESSIONS = {".gz": "gz", ".zst": "zst", ".bz2": "bz2", ".xz": "xz"}
"""Compression by the last ending of a file's name."""

_ENDING_RE = re.compile(r"(\.[a-z][a-z0-9_-]{0,11}){1,2}")
"""What is counted by its own name; numbers and query strings would make a kind of each file."""

_MOST_KINDS = 8


class InputFile(NamedTuple):
    """A file that a run reads.

    Attributes:
        path: its name, as given (under a directory: the directory as given, and the path below it).
        format: one of the values of `FORMATS`.
        compression: one of the values of `COMPRESSIONS`, or empty.
        error: why it cannot be read, where looking for files has told.
    """

    path: str
    format: str
    compression: str
    error: str = ""

    @property
    def uri(self) -> str:
        """The name as it is written down: bytes that are no UTF-8 are replaced."""
        return self.path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class Unit(NamedTuple):
    """A piece of work: a whole file, or a part of one that can be read for itself.

    Attributes:
        start: where it begins: a byte of the file, in Parquet a row group.
        stop: where the next one begins; -1 for the end of the file.
        record: position in the file of its first page.
    """

    file: InputFile
    start: int
    stop: int
    record: int


class Cut(NamedTuple):
    """Where a file can be cut.

    Attributes:
        starts: (beginning of a piece, as in `Unit.start`; pages in front of it), from (0, 0) on.
        pages: in the whole file, where that can be told; blank lines count.
    """

    starts: list[tuple[int, int]]
    pages: int | None


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the names that a user gives stand for.

    Attributes:
        files: to be read, each once; also directories that could not be listed.
        ignored_files: how many files of the directories are left out, by their ending or `hidden`.
        ignored_directories: how many directories are not looked into, by what they are.
    """

    files: list[InputFile]
    ignored_files: Counter[str] = field(default_factory=Counter)
    ignored_directories: Counter[str] = field(default_factory=Counter)

    def ignored(self) -> str:
        """Return in one line what is left out; empty when nothing is."""
        told = []
        if files := self.ignored_files:
            told.append(f"{files.total():,} file{_plural(files)}: {ranked(files)}")
        if folders := self.ignored_directories:
            told.append(f"{folders.total():,} folder{_plural(folders)}: {ranked(folders)}")
        return f"ignored {'; '.join(told)}" if told else ""


def _plural(counts: Counter[str]) -> str:
    return "s" if counts.total() > 1 else ""


def ranked(counts: Mapping[str, int]) -> str:
    """Return kinds with their numbers in one line, the most frequent first."""
    found = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = [f"{kind} {count:,}" for kind, count in found[:_MOST_KINDS]]
    return ", ".join(shown) + (", …" if len(found) > _MOST_KINDS else "")


def find_inputs(given: Iterable[str], input_format: str | None = None) -> Inputs:
    """Return the files behind `given` names: files, directories (recursive) and globs.

    A name that stands for nothing, and a directory that cannot be listed, are returned as they are:
    reading them will say what is wrong. In a directory only files whose ending is known are taken;
    hidden ones, links to directories and the outputs of runs are left out and counted.

    Args:
        given: names as the user wrote them.
        input_format: takes the place of what the endings say.

    Raises:
        UsageError: a file was named whose ending says nothing, and no format is given.
    """
    found: dict[str, InputFile] = {}
    inputs = Inputs([])
    for name in given:
        for path in _expand(name):
            files = _walk(path, input_format, inputs) if _is_directory(path) else [path]
            for file in files:
                known = file if isinstance(file, InputFile) else _named(file, input_format)
                found.setdefault(os.path.realpath(known.path), known)
    inputs.files.extend(sorted(found.values()))
    return inputs


def _expand(name: str) -> list[str]:
    """Return what a name stands for: itself, unless it is a glob of something else."""
    path = os.path.normpath(name)
    if not _mode(path) and glob.has_magic(path):
        return sorted(glob.glob(path, recursive=True)) or [path]  # noqa: PTH207 - may be absolute
    return [path]


def _walk(top: str, input_format: str | None, inputs: Inputs) -> Iterator[InputFile]:
    """Yield the files under a directory; count what is left out."""
    unlisted: list[OSError] = []
    for parent, folders, names in os.walk(top, onerror=unlisted.append):
        if "_runs" in folders:
            inputs.ignored_directories["output of newsclean"] += 1
            folders.clear()
            continue
        kinds = {folder: _why_not(parent, folder) for folder in folders}
        inputs.ignored_directories.update(kind for kind in kinds.values() if kind)
        folders[:] = sorted(folder for folder, kind in kinds.items() if not kind)
        for name in sorted(names):
            path = str(Path(parent, name))
            known, ending = _format_of(path, input_format)
            if known and not name.startswith("."):
                yield InputFile(path, *known)
            else:
                inputs.ignored_files["hidden" if name.startswith(".") else ending] += 1
    for error in unlisted:
        yield InputFile(error.filename, "txt", "", f"cannot be listed: {error.strerror}")


def _why_not(parent: str, folder: str) -> str:
    """Return why a directory is not looked into, or nothing."""
    if folder.startswith("."):
        return "hidden"
    return "link" if os.path.islink(f"{parent}/{folder}") else ""  # noqa: PTH114 - never raises


def _mode(path: str) -> int:
    """Return the type and rights of what `path` leads to; 0 where it leads nowhere."""
    try:
        return os.stat(path).st_mode  # noqa: PTH116 - a name, as given
    except OSError:
        return 0


def _is_directory(path: str) -> bool:
    return stat.S_ISDIR(_mode(path))


def _named(path: str, input_format: str | None) -> InputFile:
    known, _ = _format_of(path, input_format)
    if known:
        return InputFile(path, *known)
    if not _mode(path):
        return InputFile(path, "txt", "")
    raise UsageError(
        f"{path}: cannot tell the format from the ending; "
        f"known endings: {' '.join(FORMATS)} (and {' '.join(COMPRESSIONS)} behind "
        f"them), or say --input-format {'|'.join(dict.fromkeys(FORMATS.values()))}"
    )


def _format_of(path: str, input_format: str | None) -> tuple[tuple[str, str] | None, str]:
    """Return format and compression of a file where its name tells them, and its ending."""
    name = Path(path.lower())
    compression = COMPRESSIONS.get(name.suffix, "")
    ending = Path(name.stem).suffix if compression else name.suffix
    known = input_format or FORMATS.get(ending)
    whole = ending + (name.suffix if compression else "")
    told = whole if _ENDING_RE.fullmatch(whole) else "other"
    return (known, compression) if known else None, told if whole else "no ending"


def open_regular(path: str) -> BufferedReader:
    """Open a regular file for reading bytes; a pipe, a device or a directory is refused.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(0, "not a regular file", path)
    return open(descriptor, "rb")  # noqa: PTH123 - a descriptor, not a path
