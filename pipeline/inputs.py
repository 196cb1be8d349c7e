"""Find the input files of a run and cut them into units of work."""

from __future__ import annotations

import glob
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pipeline.errors import UsageError

FORMATS = {".txt": "txt", ".jsonl": "jsonl"}
"""Format by the ending of a file's name, in front of that of its compression."""

COMPRESSIONS = {".gz": "gz", ".zst": "zst", ".bz2": "bz2", ".xz": "xz"}
"""Compression by the last ending of a file's name."""

_BLOCK_BYTES = 1 << 20


class InputFile(NamedTuple):
    """A file that a run reads.

    Attributes:
        path: its name, as given (under a directory: the directory as given, and the path below it).
        format: one of `FORMATS`.
        compression: one of `COMPRESSIONS`, or empty.
    """

    path: str
    format: str
    compression: str

    @property
    def uri(self) -> str:
        """The name as it is written down: bytes that are no UTF-8 are replaced."""
        return self.path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class Unit(NamedTuple):
    """A piece of work: a whole file, or the lines between two bytes of a plain JSONL file.

    Attributes:
        start: offset of its first byte, at the beginning of a line.
        stop: the offset behind its last byte; -1 for the end of the file.
        record: position in the file of its first page.
    """

    file: InputFile
    start: int
    stop: int
    record: int


@dataclass(frozen=True, slots=True)
class Scan:
    """What reading a file once, before the run, has told.

    Attributes:
        sha256: hex digest of its bytes; empty when it could not be read.
        size: its bytes, as they lie on disk.
        records: pages in it, where the file is not compressed; blank lines count.
        units: the pieces of work it is cut into.
        error: why it could not be read, or empty.
    """

    file: InputFile
    sha256: str
    size: int
    records: int
    units: tuple[Unit, ...]
    error: str = ""


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
                    f"them), or say --input-format {'|'.join(FORMATS.values())}"
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


def scan(file: InputFile, split_bytes: int) -> Scan:
    """Read `file` once: digest it and cut it into units of about `split_bytes` bytes."""
    try:
        with open_regular(file.path) as stream:
            return _scan_stream(file, stream, split_bytes)
    except OSError as error:
        return Scan(file, "", 0, 0, (), f"{error.strerror or error}")


def open_regular(path: str) -> BinaryIO:
    """Open a regular file for reading bytes; a pipe, a device or a directory is refused.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(0, "not a regular file", path)
    return open(descriptor, "rb")  # noqa: PTH123 - a descriptor, not a path


def _scan_stream(file: InputFile, stream: BinaryIO, split_bytes: int) -> Scan:
    splits = file.format == "jsonl" and not file.compression
    digest = hashlib.sha256()
    units: list[Unit] = []
    start = start_record = at = lines = 0
    last = b""
    while block := stream.read(_BLOCK_BYTES):
        digest.update(block)
        while splits and (cut := block.find(b"\n", max(0, start + split_bytes - at))) >= 0:
            units.append(Unit(file, start, at + cut + 1, start_record))
            start, start_record = at + cut + 1, lines + block.count(b"\n", 0, cut + 1)
        lines += block.count(b"\n")
        at += len(block)
        last = block[-1:]
    if at > start or not units:
        units.append(Unit(file, start, -1, start_record))
    records = lines + (last not in (b"", b"\n")) if file.format == "jsonl" else 1
    return Scan(file, digest.hexdigest(), at, records, tuple(units))
