"""Run the tables of `cases/`."""

import json
from pathlib import Path

import pytest

from transforms.config import default_config
from transforms.text.decoding.detect_encoding import detect_encoding
from transforms.text.records import Origin, Page, RawPage, Rejected, apply_edits, undo_edits
from transforms.text.steps import bind_steps, clean_page

CASES = Path(__file__).parent / "cases"
STEPS = {step.name: step.apply for step in bind_steps(default_config())}


def tables():
    for path in sorted(CASES.glob("*.json")):
        if path.stem == "untouched":
            continue
        for case in json.loads(path.read_text(encoding="utf-8")):
            gap = case.get("status") == "known_gap"
            marks = pytest.mark.xfail(reason=case["why"], strict=True) if gap else ()
            yield pytest.param(path.stem, case, id=f"{path.stem}:{case['label']}", marks=marks)


def run(step, case):
    origin = Origin("0" * 32, "case", 0, url=case.get("url"))
    if step == "detect_encoding":
        data = bytes.fromhex(case["input_hex"])
        raw = RawPage(origin, data, declared=case.get("declared"))
        return detect_encoding(raw, default_config().detect_encoding)
    return STEPS[step](Page(origin, case["input"], html=step == "extract_html"))


@pytest.mark.parametrize(("step", "case"), tables())
def test_case(step, case):
    """A step does to the input what its table says, and its edits account for it."""
    outcome = run(step, case)

    if "rejected" in case:
        assert isinstance(outcome, Rejected)
        assert outcome.code == case["rejected"]
        return
    assert isinstance(outcome, Page)
    assert outcome.text == case.get("expect", case.get("input"))
    if step != "detect_encoding":
        entered = case["input"]
        if step == "extract_html":
            entered = undo_edits(outcome.text, outcome.edits)
        assert apply_edits(entered, outcome.edits) == outcome.text
        assert {edit.step for edit in outcome.edits} <= {step}
    if "edits" in case:
        edits = [[e.reason, e.before, e.after] for e in outcome.edits]
        assert edits == [[*edit, ""][:3] for edit in case["edits"]]
    for name, value in case.get("meta", {}).items():
        found = getattr(outcome.meta, name)
        if name == "published" and found is not None:
            found = found.isoformat()
        assert found == (tuple(value) if isinstance(value, list) else value), name
    for name in ("encoding", "encoding_basis", "script"):
        if name in case:
            assert getattr(outcome, name) == case[name]
    if "flags" in case:
        assert list(outcome.flags) == case["flags"]


@pytest.mark.parametrize(
    "text", json.loads((CASES / "untouched.json").read_text(encoding="utf-8")), ids=lambda t: t[:20]
)
def test_clean_text_is_left_alone(text):
    """Clean simplified text leaves the chain as it came, and no edit is recorded."""
    outcome = clean_page(RawPage(Origin("0" * 32, "case", 0), text.encode()), default_config())

    assert isinstance(outcome, Page), outcome
    assert outcome.text == text
    assert outcome.edits == ()
