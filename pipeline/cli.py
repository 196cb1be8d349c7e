"""The command line: `newsclean run | explain | check | runs | index`."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

import click
from rich.filesize import decimal

from pipeline.columns import in_columns
from pipeline.commit import Output
from pipeline.config import Settings, load_config
from pipeline.errors import InputError, PipelineError, UsageError
from pipeline.inputs import FORMATS, find_inputs
from pipeline.terminal import ERR, OUT, complain, log_handler
from transforms.config import ConfigError

_USAGE = 2


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line; what stands behind `--` goes to the Beam runner."""
    sys.excepthook = _end_broken
    logging.basicConfig(level="WARNING", format="%(message)s", handlers=[log_handler()])
    args = list(sys.argv[1:] if argv is None else argv)
    at = args.index("--") if "--" in args else len(args)
    own, runner_flags = args[:at], tuple(args[at + 1 :])
    try:
        status = newsclean.main(own, "newsclean", standalone_mode=False, obj=runner_flags)
    except click.exceptions.NoArgsIsHelpError as error:
        ERR.print(error.format_message(), markup=False)
        sys.exit(_USAGE)
    except click.ClickException as error:
        error.show()
        sys.exit(_USAGE)
    except ConfigError as error:
        for mistake in error.args:
            complain(f"configuration: {mistake}")
        sys.exit(_USAGE)
    except PipelineError as error:
        complain(str(error))
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        complain("interrupted; nothing was published, and the next run starts clean")
        sys.exit(130)
    sys.exit(status or 0)


def _end_broken(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """End the process when something broke inside, wherever it was."""
    traceback.print_exception(kind, error, trace)
    complain("the run broke inside; nothing was published, and the next run starts clean")
    sys.stdout.flush()
    os._exit(PipelineError.exit_code)


def _settings_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the two options that every configured one has."""
    command = click.option(
        "--set",
        "assignments",
        multiple=True,
        metavar="KEY=VALUE",
        help="One setting, e.g. --set strip_pinyin.enabled=false. May be repeated.",
    )(command)
    return click.option(
        "--config",
        "config_path",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="YAML file with the settings that differ from the default.",
    )(command)


_INPUT_FORMAT = click.option(
    "--input-format",
    type=click.Choice(sorted(set(FORMATS.values()))),
    help="Read every input as this, whatever its name ends in.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="newsclean")
def newsclean() -> None:
    """Turn scraped Chinese news into clean simplified articles in Parquet.

    \b
    newsclean run pages/ --output out/      clean a directory
    newsclean explain pages/000.txt         why a page came out as it did
    """


@newsclean.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "--output",
    "-o",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Directory of the result; made when it is not there. Runs add up in it.",
)
@_settings_options
@click.option("--run-id", help="Name of this run; by default made from the time it starts.")
@click.option(
    "--replace",
    is_flag=True,
    help="Put this run in place of one of the same name. Refused where duplicates of later runs "
    "name articles that it would lack.",
)
@_INPUT_FORMAT
@click.pass_obj
def run(
    runner_flags: tuple[str, ...],
    inputs: tuple[str, ...],
    output: Path,
    config_path: Path | None,
    assignments: tuple[str, ...],
    run_id: str | None,
    replace: bool,
    input_format: str | None,
) -> int:
    """Clean pages and publish the result as a run.

    INPUT... are files, directories and globs of .txt, .html, .jsonl, .parquet, .warc and .wet,
    plain or compressed. What is left out of a directory is told at the end. Every page leaves by
    one door: articles, duplicates, rejected or failed. The result opens as it is in pandas, DuckDB,
    Polars, Spark and Hugging Face datasets.

    Flags of the Beam runner stand behind `--`, for example two worker processes:

    \b
    newsclean run pages/ -o out/ -- --direct_num_workers=2 --direct_running_mode=multi_processing

    Exit codes: 0 done; 2 wrong usage or configuration; 3 an input could not be read at all;
    4 the ledger does not add up; 70 a worker died or the run broke inside; 75 another run
    holds the output.
    """
    from pipeline.run import RunRequest, run_pipeline  # Beam takes a second to import

    request = RunRequest(
        inputs=inputs,
        output=output,
        settings=load_config(config_path, assignments),
        run_id=run_id,
        replace=replace,
        input_format=input_format,
        runner_flags=runner_flags,
    )
    return run_pipeline(request, OUT, ERR)


@newsclean.command()
@click.argument("file")
@click.option("--page", default=0, show_default=True, help="Which page of the file, from 0.")
@_settings_options
@_INPUT_FORMAT
def explain(
    file: str,
    page: int,
    config_path: Path | None,
    assignments: tuple[str, ...],
    input_format: str | None,
) -> None:
    """Show every edit of one page, with its rule.

    Red is what went, green what came in its place; the number is the code point at which it stood.
    """
    from pipeline.explain import explain as explain_page

    settings = load_config(config_path, assignments)
    found = find_inputs([file], input_format).files
    if len(found) != 1:
        raise InputError(f"{file}: expected one file, found {len(found)}")
    explain_page(found[0], page, settings, OUT)


@newsclean.command()
@_settings_options
@click.option("--print", "print_it", is_flag=True, help="Print the settings as they take effect.")
def check(config_path: Path | None, assignments: tuple[str, ...], print_it: bool) -> None:
    """Validate a configuration.

    Everything that is wrong is named: the key, the value, and what is allowed.
    """
    settings: Settings = load_config(config_path, assignments)
    if print_it:
        OUT.print(settings.to_yaml(), end="", markup=False)
    else:
        name = str(config_path or "the default configuration")
        more = [f"--set {assignment}" for assignment in assignments]
        OUT.print(f"{' with '.join([name, *more])} is valid", markup=False)


@newsclean.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
def runs(directory: Path) -> None:
    """List the runs committed to a directory."""
    counts = ("read", "articles", "duplicates", "rejected", "failed")
    rows = [["run", "started", *counts, "size"]]
    for manifest in Output(directory).manifests():
        numbers = [f"{manifest['counts'][name]:,}" for name in counts]
        size = decimal(sum(file["bytes"] for file in manifest["files"]))
        rows.append([manifest["run_id"], manifest["started"], *numbers, size])
    if len(rows) == 1:
        OUT.print(f"{directory}: no run has been committed", markup=False)
    for line in in_columns(rows, right=range(2, 8)) if len(rows) > 1 else ():
        OUT.print(line, markup=False)


_OUTPUT = click.argument(
    "directory", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR"
)


@newsclean.group()
def index() -> None:
    """Look after the index, against which later runs find duplicates.

    Each run publishes its part of it: the hash of every text it has seen, and a signature of every
    article. Runs check it before they use it and never change what is there. These commands read
    the articles of DIR and never change them; nothing else may run on DIR at the time.

    \b
    newsclean index verify out/             is it whole, and what the articles say?
    newsclean index rebuild out/            make it anew from the articles
    newsclean index compact out/            merge its files after many small runs
    newsclean index expire out/ --days 90   forget signatures that no window reaches
    """


@index.command()
@_OUTPUT
def verify(directory: Path) -> int:
    """Check every file of the index, and hold it against the articles.

    First the SHA-256 of each file is compared with the manifest; then the index is made anew in
    memory, and compared with what lies there. Takes about a minute for a million articles. Last,
    every duplicate must name an article that is there.

    Exit codes: 0 all is well; 70 something is not: the message says what mends it.
    """
    from pipeline import upkeep
    from pipeline.references import find_dangling

    output = Output(directory)
    with _of_runs(output):
        files, problems = upkeep.verify(output)
        dangling = {} if problems else find_dangling(output)
    for problem in problems:
        complain(problem)
    if problems:
        ERR.print(f"`newsclean index rebuild {directory}` mends it")
    for of, missing in dangling.items():
        for run_id, count in missing.items():
            complain(
                f"run {run_id}: {count:,} duplicates name articles of run {of} that are not there; "
                f"run {run_id} again with --replace"
            )
    if problems or dangling:
        return PipelineError.exit_code
    OUT.print(f"the index is whole, and agrees with the articles: {files} files")
    return 0


@index.command()
@_OUTPUT
@_settings_options
def rebuild(directory: Path, config_path: Path | None, assignments: tuple[str, ...]) -> None:
    """Make the index anew from the articles and duplicates.

    For a damaged index, for output of versions that had none, and after a change of
    dedupe.near.bands or .rows, which shape it (give the same --config and --set as the runs get).
    Undoes `compact` and `expire`. Counts of site lines that are damaged are dropped: to have them
    again, run their run again with --replace.
    """
    from pipeline import upkeep

    near = load_config(config_path, assignments).config.dedupe.near
    output = Output(directory)
    with _of_runs(output):
        count = upkeep.rebuild(output, near)
    OUT.print(f"made the index of {count} runs anew")


@index.command()
@_OUTPUT
def compact(directory: Path) -> None:
    """Merge the small files of the index.

    A run opens every file of the index; after some hundred small runs it is faster when they are
    one. What later runs find does not change.
    """
    from pipeline import upkeep

    output = Output(directory)
    with _of_runs(output):
        before, after = upkeep.compact(output)
    OUT.print(f"{before} files of the index are now {after}")


@index.command()
@_OUTPUT
@click.option(
    "--days",
    required=True,
    type=click.IntRange(min=1),
    help="Age in days, by the day of publication. Below dedupe.near.window_days, near-duplicates "
    "of the articles dropped here are not found any more.",
)
def expire(directory: Path, days: int) -> None:
    """Drop the signatures of old articles.

    A near-duplicate is published within dedupe.near.window_days of its article, so older signatures
    are of use only to pages that arrive late. The hashes that exact duplicates are found by stay
    for ever, and so do the articles.
    """
    from pipeline import upkeep

    output = Output(directory)
    before = datetime.now(UTC).date() - timedelta(days=days)
    with _of_runs(output):
        had, has = upkeep.expire(output, before)
    OUT.print(f"dropped {had - has:,} signatures from before {before}; {has:,} stay")


@contextmanager
def _of_runs(output: Output) -> Iterator[None]:
    """Hold an output directory that has runs.

    Raises:
        UsageError: it has none, and is left as it is.
    """
    if not output.manifests():
        raise UsageError(f"{output.root}: no run has been committed here")
    with output.locked():
        yield
