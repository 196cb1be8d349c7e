"""Which Beam runner carries a run, and what keeps a local one honest."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import threading
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions, WorkerOptions
from apache_beam.portability.api import beam_provision_api_pb2
from apache_beam.runners.portability.fn_api_runner import fn_runner
from apache_beam.runners.portability.portable_runner import JobServiceHandle

_WORKER_DIED = 70


def make_pipeline(flags: Sequence[str]) -> beam.Pipeline:
    """Return an empty pipeline on the runner that `flags` name; without one, on this machine.

    `DirectRunner` is served by FnApiRunner, the part of it that runs in Python: Beam's switch in
    front of it would first try to download another runner.
    """
    parser = argparse.ArgumentParser(allow_abbrev=False, add_help=False)
    parser.add_argument("--runner", default="DirectRunner")
    known, rest = parser.parse_known_args(list(flags))
    if known.runner.rpartition(".")[2] not in ("DirectRunner", "FnApiRunner"):
        return beam.Pipeline(options=PipelineOptions(list(flags)))
    options = PipelineOptions(rest)
    return beam.Pipeline(runner=_local_runner(options), options=options)


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
