"""The settings of a run: `configs/default.yaml`, a file of the user's on top, `--set` on top."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import yaml
from annotated_types import Ge, Gt

import configs
from transforms.config import ConfigError, build, read_yaml
from transforms.text.duplicates.rules import DedupeConfig
from transforms.text.steps import CleanConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldNames:
    """Under which names the fields of a page stand in JSONL and Parquet input."""

    html: str = "html"
    text: str = "text"
    id: str = "id"
    url: str = "url"
    title: str = "title"
    published: str = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadConfig:
    """How inputs are read. Sizes are bytes, after decompression."""

    fields: FieldNames = field(default_factory=FieldNames)
    max_page_bytes: Annotated[int, Gt(0)] = 10_000_000
    split_bytes: Annotated[int, Ge(65_536)] = 8_388_608


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputConfig:
    """What is written, and how large."""

    audit: bool = True
    shard_bytes: Annotated[int, Ge(1_000_000)] = 134_217_728
    row_group_rows: Annotated[int, Ge(1)] = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RunConfig(CleanConfig):
    """Settings of a whole run: those of the cleaning steps, and those of the rest."""

    dedupe: DedupeConfig = field(default_factory=DedupeConfig)
    read: ReadConfig = field(default_factory=ReadConfig)
    output: OutputConfig = field(default_factory=OutputConfig)


@dataclass(frozen=True, slots=True)
class Settings:
    """A configuration as built, and what it was built from.

    Attributes:
        config: the frozen values that the steps get.
        values: the merged YAML tree, as written to `config.resolved.yaml`.
        sha256: digest of that tree and of every data file it names.
    """

    config: RunConfig
    values: dict[str, Any]
    sha256: str

    def to_yaml(self) -> str:
        """Return the merged tree as YAML that `--config` reads back."""
        return yaml.safe_dump(self.values, allow_unicode=True, sort_keys=False)


def load_config(path: Path | None = None, assignments: Iterable[str] = ()) -> Settings:
    """Return the settings of a run.

    Args:
        path: a YAML file with the keys that differ from the default.
        assignments: `dotted.key=value`, the value in YAML.

    Raises:
        ConfigError: the file or an assignment is wrong; the message names the key.
    """
    values = read_yaml(configs.read_text("default.yaml"), "default.yaml")
    if path is not None:
        _merge(values, _read_mapping(path), str(path))
    for assignment in assignments:
        _merge(values, _parse_assignment(assignment), "--set")
    digest = hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode())

    def read_text(name: str) -> str:
        own = path.parent / name if path is not None else Path(name)
        text = _read_text(own) if own.is_file() else configs.read_text(name)
        digest.update(text.encode())
        return text

    config = build(RunConfig, values, read_text=read_text)
    return Settings(config, values, digest.hexdigest())


def _read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        byte = error.object[error.start]
        raise ConfigError(f"{path}, line {line}: expected UTF-8, got byte 0x{byte:02x}") from None


def _read_mapping(path: Path) -> Mapping[str, Any]:
    values = read_yaml(_read_text(path), str(path))
    if not isinstance(values, Mapping | None):
        raise ConfigError(f"{path}: expected a mapping of sections, got {type(values).__name__}")
    return values or {}


def _parse_assignment(assignment: str) -> dict[str, Any]:
    key, equals, value = assignment.partition("=")
    if not equals or not key:
        raise ConfigError(f"--set {assignment}: expected dotted.key=value")
    tree = read_yaml(value, f"--set {assignment}")
    for part in reversed(key.split(".")):
        tree = {part: tree}
    return tree


def _merge(into: dict[str, Any], values: Mapping[str, Any], where: str) -> None:
    for key, value in values.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), dict):
            _merge(into[key], value, f"{where}: {key}")
        else:
            into[key] = value
