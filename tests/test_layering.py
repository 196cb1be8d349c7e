"""The import law: pipeline → transforms → transforms/text, and one text library per file."""

import ast
from dataclasses import fields
from pathlib import Path

import pytest

import transforms
from transforms.config import default_config
from transforms.text.steps import CleanConfig, bind_steps

ROOT = Path(__file__).parent.parent
TEXT = sorted((ROOT / "transforms" / "text").rglob("*.py"))
BEAM = sorted((ROOT / "transforms").glob("*.py"))
PIPELINE = sorted((ROOT / "pipeline").rglob("*.py"))

WORLD = {
    *("os", "io", "pathlib", "logging", "time", "socket", "http", "requests", "shutil"),
    *("apache_beam", "yaml", "pyarrow", "pydantic", "configs", "pipeline"),
}
HOMES = {
    "ftfy": "transforms/text/mojibake/repair_mojibake.py",
    "chardet": "transforms/text/decoding/detect_encoding.py",
    "opencc": "transforms/text/script/to_simplified.py",
    "lxml": {f"transforms/text/html/{name}.py" for name in ("markup", "html_rules")},
    "yaml": {"transforms/config.py", "pipeline/config.py"},
}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def name_of(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEXT, ids=name_of)
def test_text_knows_only_text(path):
    """`transforms/text` imports no Beam, no files, no network, no clock, no logging."""
    for module in imported(path):
        assert module.split(".")[0] not in WORLD, module
        assert module != "urllib.request"
        assert not module.startswith("transforms") or module.startswith("transforms.text"), module


@pytest.mark.parametrize("path", TEXT, ids=name_of)
def test_text_opens_no_file_and_reads_no_clock(path):
    """No call of `open`, `.now()`, `.today()` or `.utcnow()` stands in the text layer."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            assert name not in {"open", "now", "today", "utcnow", "print"}, ast.unparse(node)


@pytest.mark.parametrize("path", BEAM, ids=name_of)
def test_transforms_do_not_know_the_pipeline(path):
    """Nothing in `transforms` imports `pipeline`."""
    assert not any(module.split(".")[0] == "pipeline" for module in imported(path))


@pytest.mark.parametrize("path", [*TEXT, *BEAM, *PIPELINE], ids=name_of)
def test_each_text_library_has_one_home(path):
    """A library that decides what the output says is imported in one file."""
    for module in imported(path):
        home = HOMES.get(module.split(".")[0])
        assert home is None or name_of(path) in home, module


def test_only_main_imports_the_command_line():
    """`pipeline.cli` is the end of every arrow."""
    importers = {name_of(p) for p in PIPELINE if "pipeline.cli" in set(imported(p))}

    assert importers == {"pipeline/__main__.py"}


def test_one_name_per_step():
    """Function, config section and transform of a step have the same name, in the same order."""
    steps = ["detect_encoding", *(step.name for step in bind_steps(default_config()))]

    assert steps == [field.name for field in fields(CleanConfig)]
    for step in [*steps, "dedupe"]:
        transform = getattr(transforms, step.title().replace("_", ""))
        assert transform.__name__ == step.title().replace("_", "")
