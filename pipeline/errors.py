"""What stops a run, and the exit code it ends with.

PipelineError
├── UsageError        2   wrong usage or configuration
├── InputError        3   an input could not be read at all
├── LedgerError       4   pages in and pages out do not add up
├── OutputBusyError  75   another run holds the output
└── IndexDamagedError 70  the index of earlier runs is not what they published
"""


class PipelineError(Exception):
    """A run cannot go on; the message says where and why."""

    exit_code = 70


class UsageError(PipelineError):
    """A flag or a setting is wrong."""

    exit_code = 2


class InputError(PipelineError):
    """None of the inputs can be read."""

    exit_code = 3


class LedgerError(PipelineError):
    """Pages read and pages that left do not add up; nothing is published."""

    exit_code = 4


class IndexDamagedError(PipelineError):
    """A file of the index is missing, or is not what its run has published; it is not used."""


class OutputBusyError(PipelineError):
    """Another run is working on the same output directory."""

    exit_code = 75
