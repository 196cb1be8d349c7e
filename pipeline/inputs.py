"""Find the input files of a run."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Iterator
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


class InputFile(NamedTuple):
    """A file that a run reads.

    Attributes:
        path: its name, as given (under a directory: the directory as given, and the path below it).
        format: one of the values of `FORMATS`.
        compression: one of the values of `COMPRESSIONS`, or empty.
    """

    path: str
    format: str
    compression: str

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


def find_inputs(given: Iterable[str], input_format: str | None = None) -> list[InputFile]:
    """Return the files behind `given` names: files, directories (recursive) and globs, each once.

    A name that stands for nothing is returned as it is: reading it will say what is wrong.
    In a directory only files whose ending is known are taken; hidden ones are left out.

    Args:
        given: names as the user wrote them.
        input_format: takes the place of what the endings say.

    Raises:
        UsageError: a file was named whose ending says nothing, and no format is given.
    """
    found: dict[str, InputFile] = {}
    for name in given:
        for path, explicit in _expand(name):
            file = _classify(path, input_format)
            if file is not None:
                found.setdefault(os.path.realpath(path), file)
            elif explicit:
                raise UsageError(
                    f"{path}: cannot tell the format from the ending; "
                    f"known endings: {' '.join(FORMATS)} (and {' '.join(COMPRESSIONS)} behind "
                    f"them), or say --input-format {'|'.join(dict.fromkeys(FORMATS.values()))}"
                )
    return sorted(found.values())


def _expand(name: str) -> Iterator[tuple[str, bool]]:
    """Yield (path, whether the user named this very file)."""
    path = os.path.normpath(name)
    if Path(path).is_dir():
        for parent, folders, files in os.walk(path):
            folders[:] = sorted(f for f in folders if not f.startswith("."))
            yield from (
                (str(Path(parent, f)), False) for f in sorted(files) if not f.startswith(".")
            )
    elif not Path(path).exists() and glob.has_magic(path):
        matches = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - may be absolute
        for match in matches:
            yield from _expand(match)
        if not matches:
            yield path, True
    else:
        yield path, True


def _classify(path: str, input_format: str | None) -> InputFile | None:
    name = Path(path.lower())
    compression = COMPRESSIONS.get(name.suffix, "")
    ending = Path(name.stem).suffix if compression else name.suffix
    known = input_format or FORMATS.get(ending)
    if known is None and not Path(path).exists():
        known = "txt"
    return InputFile(path, known, compression) if known else None


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
