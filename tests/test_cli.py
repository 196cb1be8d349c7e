"""The command line as a user meets it: a process, its exit code, its words."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from pipeline.datasets import COUNTED_STEPS, DATASETS

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
REPORT = "".join(f"第{n}小组负责{n * 31}号路段，已经完成{n * 7}处检查。" for n in range(1, 40))
PROSE = "全市科技创新大会昨日召开，会议对下一步工作作出部署，要求各部门抓好落实。"


def rows(output, dataset="articles"):
    return ds.dataset(output / dataset, partitioning="hive").to_table().to_pylist()


def contents(output):
    """Return every published file with its bytes."""
    paths = sorted(path for path in output.rglob("*") if path.is_file())
    return {str(path.relative_to(output)): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def cleaned(newsclean, tmp_path_factory):
    """The seeds, cleaned once."""
    output = tmp_path_factory.mktemp("seeds") / "out"
    done = newsclean("run", SEEDS, "--output", output, "--run-id", "first")
    assert done.returncode == 0, done.stderr
    return output, done


def test_a_run_publishes_every_dataset(cleaned):
    """All datasets are there with their schema, and nothing is left in the staging area."""
    output, _ = cleaned

    for name in DATASETS:
        (shard,) = (output / name / "run=first").iterdir()
        assert pq.read_schema(shard).equals(DATASETS[name].schema)
    assert len(rows(output)) == 5
    assert not (output / "_staging").exists()


def test_the_summary_tells_doors_and_place(cleaned):
    """The last lines say where the pages went and where the result is."""
    output, done = cleaned

    assert "articles        5" in " ".join(done.stdout.split("\n"))
    assert str(output) in done.stdout


def test_the_ledger_adds_up(cleaned):
    """Read equals the sum of the doors, per file and in all, and the manifest names every file."""
    output, _ = cleaned
    ledger = json.loads((output / "_runs/first/ledger.json").read_text())
    manifest = json.loads((output / "_runs/first/manifest.json").read_text())

    doors = ("articles", "duplicates", "rejected", "failed")
    for counts in (ledger, *ledger["files"].values()):
        assert counts["read"] == sum(counts[door] for door in doors)
    assert len(ledger["files"]) == ledger["read"] == 5
    published = {str(p.relative_to(output)) for p in output.rglob("*.parquet")}
    assert {file["path"] for file in manifest["files"]} == published


def test_the_audit_holds_what_the_columns_count(cleaned):
    """The edits of a step in the audit add up to the article's column of that step."""
    output, _ = cleaned
    audit = rows(output, "audit")
    for article in rows(output):
        for column, step in COUNTED_STEPS.items():
            edits = [e for e in audit if (e["id"], e["step"]) == (article["id"], step)]
            touched = sum(max(len(edit["before"]), len(edit["after"])) for edit in edits)
            assert touched == article[column], column


def test_the_same_again_is_nothing_to_do(newsclean, cleaned):
    """A second run with the same input and configuration changes no byte and exits 0."""
    output, _ = cleaned
    before = contents(output)

    for more in ((), ("--run-id", "first")):
        done = newsclean("run", SEEDS, "--output", output, *more)
        assert done.returncode == 0
        assert "nothing to do" in done.stdout
    assert contents(output) == before


def test_a_taken_run_id_is_refused_unless_replaced(newsclean, tmp_path):
    """A run id with other input or configuration needs --replace."""
    page = tmp_path / "a.txt"
    page.write_text(PROSE * 10)
    output = tmp_path / "out"
    assert newsclean("run", page, "-o", output, "--run-id", "day").returncode == 0
    page.write_text(PROSE * 12)

    refused = newsclean("run", page, "-o", output, "--run-id", "day")
    replaced = newsclean("run", page, "-o", output, "--run-id", "day", "--replace")

    assert refused.returncode == 2
    assert "--replace" in refused.stderr
    assert replaced.returncode == 0
    (row,) = rows(output)
    assert row["text"] == PROSE * 12


def test_runs_lists_what_is_committed(newsclean, cleaned):
    """`runs` names each run with its counts."""
    output, _ = cleaned

    done = newsclean("runs", output)

    assert done.returncode == 0
    assert "first" in done.stdout
    assert newsclean("runs", SEEDS).stdout.strip().endswith("no run has been committed")


def test_a_run_id_is_never_cut(newsclean, tmp_path):
    """In a pipe, where nobody knows how wide a line may be, the columns are plain."""
    run_id = "day-2024-08-06-" + "x" * 80
    assert newsclean("run", SEEDS, "-o", tmp_path, "--run-id", run_id).returncode == 0

    header, line = newsclean("runs", tmp_path).stdout.splitlines()

    assert header.split()[:3] == ["run", "started", "read"]
    assert line.split()[0] == run_id
    assert line.split()[2:7] == ["5", "5", "0", "0", "0"]


def test_what_is_not_read_is_told(newsclean, tmp_path):
    """Also an output that lies among the pages; the manifest has it too."""
    pages = shutil.copytree(SEEDS, tmp_path / "pages")
    (pages / "notes.md").write_text("x")
    inside = newsclean("run", pages, "-o", pages / "out", "--run-id", "r")
    beside = newsclean("run", pages, "-o", tmp_path / "x", "--run-id", "r")

    assert "ignored 1 file: .md 1\n" in inside.stdout
    assert "ignored 1 file: .md 1; 1 folder: output of newsclean 1\n" in beside.stdout
    manifest = json.loads((tmp_path / "x/_runs/r/manifest.json").read_text())
    assert manifest["counts"]["read"] == 5
    assert manifest["ignored"] == {
        "files": {".md": 1},
        "directories": {"output of newsclean": 1},
    }


def test_a_summary_without_articles(newsclean, tmp_path):
    """It says how to look at what there is, and of a short run no rate."""
    (tmp_path / "zeros.txt").write_bytes(bytes(100))
    (tmp_path / "lines.jsonl").write_text('{"text": "brok\n')

    done = newsclean("run", tmp_path, "-o", tmp_path / "out")

    assert done.returncode == 0
    assert "/out/articles" not in done.stdout
    assert "out/rejected')[['source_uri', 'reason', 'detail']]" in done.stdout
    assert "out/failed')[['source_uri', 'record', 'error']]" in done.stdout
    assert "/s" not in done.stdout.split("run r")[0]


def test_an_output_that_cannot_be_written(newsclean):
    """One line, and exit 2."""
    done = newsclean("run", SEEDS, "-o", "/proc/newsclean")

    assert done.returncode == 2
    assert done.stderr.startswith("newsclean: /proc/newsclean: cannot write here: ")
    assert len(done.stderr.splitlines()) == 1


def test_explain_shows_where_a_page_was_rejected(newsclean, tmp_path):
    """With the text that came to the step."""
    path = tmp_path / "page.txt"
    path.write_text("会议昨日\x1b召开。\n")

    done = newsclean("explain", path, "--set", "judge_page.reject_flags=[short]")

    assert done.returncode == 0
    _, _, end = done.stdout.partition("rejected FLAGGED:short by judge_page")
    assert "what came to judge_page begins:\n会议昨日" in end
    assert "\x1b" not in done.stdout


def test_nobody_reads_to_the_end():
    """`newsclean explain … | head` is no error."""
    command = f"{sys.executable} -m pipeline explain seeds/002*.txt; echo $? >&2"
    done = subprocess.run(
        f"({command}) | head -1", shell=True, cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert done.stdout.startswith("detect_encoding")
    assert done.stderr == "0\n"


def test_explain_tells_every_step(newsclean):
    """`explain` names steps, rules and the result, and leaves nothing behind."""
    done = newsclean("explain", SEEDS / "002_19b2de67074b4ac7.txt")

    assert done.returncode == 0
    for word in ("0 undecodable bytes", "strip_pinyin 529 edits", "pinyin_annotation", "金山网"):
        assert word in done.stdout


def test_check_names_the_mistake(newsclean, tmp_path):
    """`check` exits 2 with the key and what is allowed; 0 when all is well."""
    path = tmp_path / "mine.yaml"
    path.write_text("strip_spam:\n  enable: true\n")

    wrong = newsclean("check", "--config", path)

    assert wrong.returncode == 2
    assert "strip_spam.enable: unknown key; did you mean 'enabled'?" in wrong.stderr
    assert newsclean("check").stdout == "the default configuration is valid\n"
    assert "strip_spam:" in newsclean("check", "--print").stdout


def test_check_names_every_mistake_and_what_it_has_checked(newsclean):
    """A line for each."""
    wrong = newsclean("check", "--set", "output.audt=1", "--set", "read.split_bytes=1")
    right = newsclean("check", "--set", "output.audit=false")

    assert wrong.returncode == 2
    assert [line.split(": ")[2] for line in wrong.stderr.splitlines()] == [
        "read.split_bytes",
        "output.audt",
    ]
    assert right.stdout == "the default configuration with --set output.audit=false is valid\n"


USAGE = {
    ("run", "seeds", "--ouput", "x"): "Did you mean '--output'?",
    ("run", "seeds"): "Missing option '--output'",
    ("run", "seeds", "-o", "x", "--run-id", "20240806"): "expected a letter",
    ("run", "seeds", "-o", "x", "--set", "output.audt=1"): "did you mean 'audit'",
    ("rnu",): "No such command 'rnu'",
    ("explain", "seeds"): "expected one file",
    ("explain", "nowhere.txt"): "newsclean: nowhere.txt: No such file or directory\n",
    ("explain", "/dev/null", "--input-format=txt"): "newsclean: /dev/null: not a regular file\n",
    ("run", "seeds", "-o", "x", "--", "--runnr=DirectRunner"): "did you mean '--runner'?",
}


@pytest.mark.parametrize("args", USAGE, ids=" ".join)
def test_wrong_usage_is_explained(newsclean, args):
    """A misspelt flag, option or command is an error with a suggestion."""
    done = newsclean(*args, cwd=ROOT)

    assert done.returncode in (2, 3)
    assert USAGE[args] in done.stderr
    assert "Traceback" not in done.stderr
    assert not (ROOT / "x").exists()


def test_a_runner_that_cannot_be_had(newsclean, tmp_path):
    """One line, and exit 70: nothing is wrong with the command."""
    flags = ("--runner=FlinkRunner", f"--flink_job_server_jar={tmp_path}/gone.jar")

    done = newsclean("run", SEEDS, "-o", tmp_path / "out", "--", *flags)

    assert done.returncode == 70
    assert "newsclean: FlinkRunner did not take the job: Unable to parse jar URL" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("out/*/run=*"))


def test_nothing_to_read(newsclean, tmp_path):
    """A missing path is exit 3; an empty directory says so; neither makes an output."""
    empty = tmp_path / "empty"
    empty.mkdir()

    missing = newsclean("run", tmp_path / "nowhere", "-o", tmp_path / "out")
    nothing = newsclean("run", empty, "-o", tmp_path / "out")

    assert missing.returncode == 3
    assert "No such file or directory" in missing.stderr
    assert nothing.returncode == 0
    assert "nothing to do: no file under" in nothing.stderr
    assert not (tmp_path / "out").exists()


def test_bad_input_costs_itself(newsclean, tmp_path):
    """Junk leaves by its door with a reason, good pages are written, a lost file is exit 3."""
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "good.txt").write_text(PROSE * 10)
    (pages / "zeros.txt").write_bytes(bytes(1000))
    (pages / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    (pages / "empty.txt").write_bytes(b"")
    (pages / "lines.jsonl").write_text(f'{{"text": "{PROSE * 11}"}}\n{{"text": "brok\n')
    os.mkfifo(pages / "pipe.txt")

    done = newsclean("run", pages, tmp_path / "lost.txt", "-o", tmp_path / "out")

    assert done.returncode == 3
    assert {r["text"] for r in rows(tmp_path / "out")} == {PROSE * 10, PROSE * 11}
    reasons = {Path(r["source_uri"]).name: r["reason"] for r in rows(tmp_path / "out", "rejected")}
    assert reasons == {"zeros.txt": "ALL_ZERO", "image.txt": "BINARY:png", "empty.txt": "EMPTY"}
    failed = {Path(r["source_uri"]).name: r["record"] for r in rows(tmp_path / "out", "failed")}
    assert failed == {"lines.jsonl": 1, "pipe.txt": -1, "lost.txt": -1}


def test_two_workers_and_direct_runner_give_the_same_bytes(newsclean, tmp_path):
    """The runner and the number of workers do not show in the result."""
    source = tmp_path / "pages.jsonl"
    with source.open("w") as stream:
        for number in range(300):
            stream.write(
                json.dumps({"text": f"第{number}号消息。" + PROSE * (number % 7 + 3)}) + "\n"
            )
    flags = {
        "one": (),
        "two": ("--", "--direct_num_workers=2", "--direct_running_mode=multi_processing"),
        "direct": ("--", "--runner=DirectRunner"),
    }
    found = {}
    for name, more in flags.items():
        output = tmp_path / name
        options = ("--run-id", "r", "--set", "read.split_bytes=65536")
        done = newsclean("run", source, "-o", output, *options, *more)
        assert done.returncode == 0, done.stderr
        found[name] = {p: b for p, b in contents(output).items() if p.endswith(".parquet")}

    assert found["one"] == found["two"] == found["direct"]


def test_killed_in_the_middle(newsclean, tmp_path):
    """After SIGKILL no reader sees half a run, and the same command then succeeds."""
    source, output = tmp_path / "pages.jsonl", tmp_path / "out"
    with source.open("w") as stream:
        for number in range(400):
            stream.write(json.dumps({"text": f"第{number}号消息。" + PROSE * 20}) + "\n")
    command = [sys.executable, "-m", "pipeline", "run", str(source), "-o", str(output)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    while process.poll() is None and not list(output.glob("_staging/*/staged/*")):
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()

    assert not list(output.glob("*/run=*"))
    done = newsclean("run", source, "-o", output)
    assert done.returncode == 0, done.stderr
    assert len(rows(output)) + len(rows(output, "duplicates")) == 400


def test_a_held_output_is_exit_75(newsclean, tmp_path):
    """A second run on the same output is turned away at once."""
    import fcntl

    output = tmp_path / "out"
    output.mkdir()
    with (output / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = newsclean("run", SEEDS, "-o", output)

    assert done.returncode == 75
    assert "another run holds" in done.stderr


def test_a_later_run_knows_what_is_there(newsclean, tmp_path):
    """A page that an earlier run kept is a duplicate of it, and says of which run."""
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text(REPORT)
    second.write_text(REPORT + PROSE)
    output = tmp_path / "out"
    for page, run_id in ((first, "mon"), (second, "tue")):
        done = newsclean("run", page, "-o", output, "--run-id", run_id)
        assert done.returncode == 0, done.stderr

    assert "no page is new" in done.stdout
    (article,) = rows(output)
    (duplicate,) = rows(output, "duplicates")
    assert (duplicate["duplicate_of"], duplicate["duplicate_of_run"]) == (article["id"], "mon")
    assert article["run_id"] == "mon"
