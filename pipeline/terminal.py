"""Where the command line writes: results to one stream, all else to the other."""

from __future__ import annotations

import logging
import os

from rich.console import Console
from rich.logging import RichHandler


class _Terminal(Console):
    def on_broken_pipe(self) -> None:
        """Go on in silence when nobody reads any more, as behind `head`."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())


OUT = _Terminal(highlight=False, soft_wrap=True)
ERR = _Terminal(stderr=True, highlight=False, soft_wrap=True)


def complain(message: str) -> None:
    """Say what is wrong, in the name of the program."""
    ERR.print("[bold red]newsclean:[/] ", end="")
    ERR.print(message, markup=False)


def log_handler() -> logging.Handler:
    """Return what puts the log of this process where complaints go."""
    handler = RichHandler(console=ERR, show_path=False)
    # Beam complains at every import that a library for Google's storage is not there.
    handler.addFilter(lambda record: "apitools" not in record.getMessage())
    return handler
