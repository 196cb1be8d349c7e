"""Publication: a run is seen whole or not at all, wherever it is killed."""

import json
import shutil
from pathlib import Path

import pytest
from killing import killed_at

from pipeline.commit import PUBLISHING_ORDER, Output, sha256_of
from pipeline.errors import OutputBusyError

DATASETS = ("articles", "duplicates", "index", "rejected")


def publish(root, content, sequence):
    """Publish a small run of four datasets, two files each, that all hold `content`."""
    output = Output(root)
    with output.locked():
        staging = output.stage("r1", f"attempt{sequence}")
        files = []
        for dataset in DATASETS:
            for number in range(2):
                path = staging / dataset / "run=r1" / f"part-{number}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(f"{content} {dataset} {number}")
                relative = str(path.relative_to(staging))
                files.append({"dataset": dataset, "path": relative, "sha256": sha256_of(path)})
        manifest = {"run_id": "r1", "sequence": sequence, "content": content, "files": files}
        output.publish(staging, manifest, {"ledger.json": "{}"})


def visible(root):
    """Return what a reader sees: the content of each dataset, whole, and of the manifest."""
    found = {}
    for dataset in DATASETS:
        texts = sorted(p.read_text() for p in root.glob(f"{dataset}/run=r1/*"))
        contents = {text.split()[0] for text in texts}
        assert len(texts) in (0, 2), f"{dataset} is torn: {texts}"
        assert len(contents) <= 1, f"{dataset} is mixed: {texts}"
        found[dataset] = contents.pop() if contents else None
    manifest = root / "_runs" / "r1" / "manifest.json"
    found["manifest"] = json.loads(manifest.read_text())["content"] if manifest.exists() else None
    return found


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("replacing", [False, True], ids=["fresh", "replace"])
def test_killed_at_every_file_operation(tmp_path, replacing, after):
    """Each dataset is old or new at every point, and all are after the next start."""
    base = tmp_path / "base"
    if replacing:
        publish(base, "old", 1)
    else:
        base.mkdir()
    old = "old" if replacing else None
    for point in range(1, 1000):
        root = tmp_path / f"kill{point}"
        shutil.copytree(base, root)
        died = killed_at(lambda root=root: publish(root, "new", 2), point, after)
        seen = visible(root)
        if seen["articles"] == "new":
            assert {seen[d] for d in DATASETS} == {"new"}
        if seen["manifest"] == "new":
            assert set(seen.values()) == {"new"}
        with Output(root).locked():
            recovered = visible(root)
        assert set(recovered.values()) in ({old}, {"new"})
        assert set(seen.values()) != {"new"} or set(recovered.values()) == {"new"}
        assert not list(root.glob("_staging/*")) + list(root.glob("_trash/*"))
        publish(root, "new", 2)
        assert set(visible(root).values()) == {"new"}
        shutil.rmtree(root)
        if not died:
            break
    assert 20 < point < 999


def test_two_runs_at_once(tmp_path):
    """The second one is told that the directory is held."""
    with Output(tmp_path).locked(), pytest.raises(OutputBusyError), Output(tmp_path).locked():
        pass


def test_articles_are_published_last():
    """Who sees the articles of a run finds everything else of it."""
    assert PUBLISHING_ORDER[-1] == "articles"


def test_the_card_names_every_dataset_and_is_never_taken_from_its_owner(tmp_path):
    """The audit is named from the first run that has one on; a card that was changed stays."""
    card, output = tmp_path / "README.md", Output(tmp_path)
    output.runs.mkdir()
    output._write_card({"articles"})
    assert "config_name: failed" in card.read_text()
    assert "config_name: audit" not in card.read_text()
    output._write_card({"articles", "audit"})
    assert "path: audit/*/*.parquet" in card.read_text()
    card.write_bytes(b"\xff mine")
    output._write_card({"articles", "audit"})
    assert card.read_bytes() == b"\xff mine"


def test_readers_never_glob_the_staging_area(tmp_path):
    """No dataset directory holds anything but its published runs."""
    publish(tmp_path, "new", 1)

    for dataset in DATASETS:
        assert [path.name for path in Path(tmp_path, dataset).iterdir()] == ["run=r1"]
