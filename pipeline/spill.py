"""Keep blocks of rows in files while they wait to be grouped, instead of in a runner's memory."""

from __future__ import annotations

import os
import threading
import uuid
from dataclasses import dataclass
from pathlib import Path

_PROCESS = uuid.uuid4().hex
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Spill:
    """A `Store` of blocks in one file per process.

    Attributes:
        directory: reached by all workers, and swept by whoever made it.
    """

    directory: str

    def put(self, block: bytes) -> bytes:
        """Append a block to this process's file, and return where it stands."""
        name = f"{_PROCESS}-{os.getpid()}"  # a forked process has the name of its parent
        with _lock:
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            with Path(self.directory, name).open("ab") as file:
                start = file.tell()
                file.write(block)
        return f"{name}:{start}:{len(block)}".encode()

    def get(self, kept: bytes) -> bytes:
        """Return the block that stands there."""
        name, start, size = kept.decode().split(":")
        with Path(self.directory, name).open("rb") as file:
            file.seek(int(start))
            return file.read(int(size))
