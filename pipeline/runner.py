"""Which Beam runner carries a run, and what keeps a local one honest."""

from __future__ import annotations

import contextlib
import difflib
import logging
import os
import signal
import threading
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import apache_beam as beam
import grpc  # type: ignore[import-untyped]
from apache_beam.options.pipeline_options import (
    PipelineOptions,
    WorkerOptions,
    _BeamArgumentParser,
)
from apache_beam.portability.api import beam_provision_api_pb2
from apache_beam.runners.portability.fn_api_runner import fn_runner
from apache_beam.runners.portability.portable_runner import JobServiceHandle, PortableRunner
from apache_beam.runners.runner import PipelineResult, PipelineState

from pipeline.errors import PipelineError, UsageError

_WORKER_DIED = 70
_LOCAL_NAMES = ("DirectRunner", "FnApiRunner")

_STRICT = 0.0
_MISSPELT = 0.9
"""`--flink_mster` is 0.96 like what was meant. Of 34 flags that only the job servers of Flink and
Spark know, none is more than 0.88 like one that Beam knows (`--spark_master`)."""


def make_pipeline(flags: Sequence[str]) -> beam.Pipeline:
    """Return an empty pipeline on the runner that `flags` name; without one, on this machine.

    `DirectRunner` is served by FnApiRunner, the part of it that runs in Python: Beam's switch in
    front of it would first try to download another runner.

    Raises:
        UsageError: there is no such runner, or a flag is wrong.
    """
    parser = _FlagParser(allow_abbrev=False, add_help=False)
    parser.add_argument("--runner", default="DirectRunner")
    known, rest = parser.parse_known_args(list(flags))
    if known.runner.rpartition(".")[2] in _LOCAL_NAMES:
        _check_flags(rest, _STRICT)
        options = PipelineOptions(rest)
        return beam.Pipeline(runner=_local_runner(options), options=options)
    try:
        pipeline = beam.Pipeline(options=PipelineOptions(list(flags)))
    except (ValueError, ImportError, AttributeError) as error:
        raise UsageError(f"--runner={known.runner}: {_in_one_line(error)}") from error
    has_own_flags = isinstance(pipeline.runner, PortableRunner)
    _check_flags(flags, _MISSPELT if has_own_flags else _STRICT)
    return pipeline


class _FlagParser(_BeamArgumentParser):
    """Parses flags of the runner; a wrong value is an error of usage, told in a line."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"behind `--`: {message}")


def _check_flags(flags: Sequence[str], likeness: float) -> None:
    """Check that Beam, or a runner that has been imported, knows every flag.

    Args:
        flags: what stands behind `--`.
        likeness: 0-1, how like a known flag an unknown one must be to be refused: a job server has
            flags that only it knows.

    Raises:
        UsageError: names the flag, and the one that was meant.
    """
    parser = _FlagParser(allow_abbrev=False, add_help=False)
    for kind in {str(kind): kind for kind in PipelineOptions.__subclasses__()}.values():
        kind._add_argparse_args(parser)
    _, unknown = parser.parse_known_args(list(flags))
    names = [name for action in parser._actions for name in action.option_strings]
    for flag in unknown:
        name = flag.partition("=")[0]
        close = difflib.get_close_matches(name, names, n=1, cutoff=max(likeness, 0.6))
        if close or not likeness:
            meant = f"; did you mean '{close[0]}'?" if close else ""
            raise UsageError(f"behind `--`: Beam knows no flag {name!r}{meant}")


def _local_runner(options: PipelineOptions) -> fn_runner.FnApiRunner:
    """Return the runner; its worker processes report errors only, not how they start and end."""
    workers = options.view_as(WorkerOptions)
    workers.default_sdk_harness_log_level = workers.default_sdk_harness_log_level or "ERROR"
    struct = JobServiceHandle.encode_pipeline_options(options.get_all_options())
    info = beam_provision_api_pb2.ProvisionInfo(pipeline_options=struct)
    return fn_runner.FnApiRunner(provision_info=fn_runner.ExtendedProvisionInfo(info))


def exit_when_a_worker_dies() -> None:
    """End the process, and the other workers, when a worker process is killed.

    Beam would wait for it for ever. Nothing is published by then, and the next start sweeps the
    staging directory.
    """
    inherited = threading.excepthook

    def hook(args: threading.ExceptHookArgs) -> None:
        inherited(args)
        if args.thread is not None and args.thread.name == "run_worker":
            logging.getLogger(__name__).critical("a worker died; the run is given up")
            for process in descendants(os.getpid()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            logging.shutdown()
            os._exit(_WORKER_DIED)

    threading.excepthook = hook


def descendants(parent: int) -> list[int]:
    """Return the processes below `parent`, where the system lists them under /proc."""
    children: dict[int, list[int]] = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            _, _, fields = path.read_text().rpartition(") ")
            children[int(fields.split()[1])].append(int(path.parent.name))
    found = [parent]
    for process in found:
        found += children[process]
    return found[1:]


def run_to_end(pipeline: beam.Pipeline) -> None:
    """Run a graph to its end.

    Raises:
        PipelineError: a runner elsewhere does not take the job, or does not get to its end.
    """
    state = _start(pipeline).wait_until_finish()
    if state != PipelineState.DONE:
        raise PipelineError(f"the run ended as {state}; nothing was published")


def _start(pipeline: beam.Pipeline) -> PipelineResult:
    if isinstance(pipeline.runner, fn_runner.FnApiRunner):
        return pipeline.run()
    name = type(pipeline.runner).__name__
    try:
        return pipeline.run()
    except (OSError, RuntimeError, ValueError, grpc.RpcError, grpc.FutureTimeoutError) as error:
        raise PipelineError(f"{name} did not take the job: {_in_one_line(error)}") from error


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
