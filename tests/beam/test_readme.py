"""What README.md says about transforms in a pipeline of one's own, run as it stands."""

import re
from pathlib import Path

import apache_beam as beam
import pytest

import transforms
from transforms import DetectEncoding, RepairMojibake
from transforms.text.records import Origin, RawPage

README = Path(__file__).parents[2] / "README.md"


def test_the_snippet_runs(capfd):
    """It prints the page without its pinyin."""
    blocks = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    (snippet,) = [block for block in blocks if "beam.Pipeline" in block]

    exec(compile(snippet, "README.md", "exec"), {"__name__": "readme"})

    assert capfd.readouterr().out == "市委強調,要推進科技創新,發展新質生產力。\n"


@pytest.mark.parametrize(
    ("transform", "given", "told"),
    [
        (RepairMojibake, "新闻", r"repair_mojibake takes a \S+\.Page, got str; .*DetectEncoding"),
        (RepairMojibake, RawPage(Origin("1", "a", 0), b"x"), r"records\.Page, got RawPage"),
        (DetectEncoding, "新闻", r"detect_encoding takes a \S+\.RawPage, got str"),
    ],
)
def test_what_is_no_page_is_told(transform, given, told):
    """It is a mistake in the pipeline, so it does not leave by the door of failed pages."""
    with pytest.raises(TypeError, match=told), beam.Pipeline("FnApiRunner") as pipeline:
        pipeline | beam.Create([given]) | transform()


def test_the_exports_are_listed():
    assert set(transforms.__all__) <= set(dir(transforms))
