"""Settings: one test per kind of mistake, and the default file tells the truth."""

from dataclasses import fields, is_dataclass

import pytest

from pipeline.config import RunConfig, load_config
from transforms.config import ConfigError

MISTAKES = {
    "strip_pinyin:\n  enable: true": r"strip_pinyin.enable: unknown key; did you mean 'enabled'",
    "strip_pinyn: {}": r"strip_pinyn: unknown key; did you mean 'strip_pinyin'",
    "strip_pinyin:\n  enabled: 3": r"strip_pinyin.enabled: .*boolean, got 3",
    "strip_pinyin: 3": r"strip_pinyin: expected a mapping of .*, got 3",
    "output:\n  shard_bytes: true": r"output.shard_bytes: .*integer, got True",
    "output:\n  shard_bytes: 7": r"output.shard_bytes: .*greater than or equal to 1000000, got 7",
    "- 1": r"expected a mapping of sections, got list",
    "a: [": r"mine.yaml, line 2: did not find expected node content while parsing",
    "a: &x 1\nb: *x": r"mine.yaml, line 2: aliases are not allowed",
    "output:\n  audit: true\n\toff: 1": r"mine.yaml, line 3: found a tab character",
    "output: {audit: true, audit: false}": r"mine.yaml, line 1: the key 'audit' stands there twice",
    "read: {}\noutput: {}\nread: {}": r"mine.yaml, line 3: the key 'read' stands there twice",
    "output:\n  audit: \0": r"mine.yaml, line 2: control characters are not allowed: U\+0000",
    "strip_boilerplate:\n  rules: [no_such.yaml]": r"strip_boilerplate.rules: no_such.yaml: ",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_named(tmp_path, text):
    """An error names the dotted key, the value, and what is allowed."""
    path = tmp_path / "mine.yaml"
    path.write_text(text)

    with pytest.raises(ConfigError, match=MISTAKES[text]):
        load_config(path)


def test_every_mistake_is_named(tmp_path):
    """A line for each, also of those in a file of rules."""
    rules = tmp_path / "rules.yaml"
    rules.write_text("- {id: one}\n- {id: two, patern: x}\n")
    path = tmp_path / "mine.yaml"
    path.write_text(
        "strip_pinyin: {enable: true}\noutput: {audit: 3, shard_bytes: 7}\n"
        "strip_boilerplate: {rules: [rules.yaml]}\n"
    )

    with pytest.raises(ConfigError) as caught:
        load_config(path)

    keys = [mistake.partition(":")[0] for mistake in caught.value.args]
    assert sorted(keys) == [
        *("output.audit", "output.shard_bytes", "rules.yaml[one]", "rules.yaml[two].patern"),
        "strip_pinyin.enable",
    ]


@pytest.mark.parametrize("name", ["mine.yaml", "rules.yaml"])
def test_a_file_that_is_not_utf8_is_named(tmp_path, name):
    """With the line, for settings and rules alike."""
    (tmp_path / "mine.yaml").write_text("strip_boilerplate:\n  sites: [rules.yaml]\n")
    (tmp_path / name).write_bytes("# a\n# 新闻\n".encode("gb18030"))

    with pytest.raises(ConfigError, match=rf"{name}, line 2: expected UTF-8, got byte 0xd0"):
        load_config(tmp_path / "mine.yaml")


@pytest.mark.parametrize("assignment", ["strip_spam.enabled", "=1", "a=[", "strip_spam.on=1"])
def test_a_wrong_assignment_is_named(assignment):
    """`--set` is checked like the file."""
    with pytest.raises(ConfigError, match=r"--set|strip_spam.on"):
        load_config(None, [assignment])


def test_what_is_given_last_wins(tmp_path):
    """`--set` wins over the file, the file over the default; the rest stays."""
    path = tmp_path / "mine.yaml"
    path.write_text("output:\n  audit: false\n  row_group_rows: 5\n")

    config = load_config(path, ["output.row_group_rows=6"]).config

    assert not config.output.audit
    assert config.output.row_group_rows == 6
    assert config.output.shard_bytes == RunConfig().output.shard_bytes


def test_digest_follows_values_and_files(tmp_path):
    """The digest changes with a value or with the content of a data file, and only then."""
    same = load_config().sha256

    assert load_config().sha256 == same
    assert load_config(None, ["output.audit=false"]).sha256 != same
    path, rules = tmp_path / "mine.yaml", tmp_path / "rules.yaml"
    path.write_text("strip_boilerplate:\n  sites: [rules.yaml]\n")
    rules.write_text("[]")
    before = load_config(path).sha256
    rules.write_text("[] # changed")
    assert load_config(path).sha256 != before


def leaves(kind, values, path=""):
    """Yield every leaf of the default file beside the default of its field."""
    assert list(values) == [field.name for field in fields(kind)], path
    default = kind()
    for name, value in values.items():
        inner = getattr(default, name)
        if is_dataclass(inner):
            yield from leaves(type(inner), value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value, inner


def test_default_file_holds_every_key_with_its_default():
    """`configs/default.yaml` names every key, in order, with the value the code has."""
    for path, written, coded in leaves(RunConfig, load_config().values):
        if isinstance(coded, tuple) and coded == () and written:
            continue  # names of data files; the code alone has none
        assert (list(coded) if isinstance(coded, tuple) else coded) == written, path


def test_resolved_settings_read_back(tmp_path):
    """What a run writes down as its settings gives the same settings again."""
    settings = load_config(None, ["output.audit=false"])
    path = tmp_path / "resolved.yaml"
    path.write_text(settings.to_yaml())

    assert load_config(path).config == settings.config
