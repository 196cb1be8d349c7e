"""Settings of the cleaning steps: YAML in, frozen values out, every mistake named by its path."""

from __future__ import annotations

import difflib
import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import yaml
from pydantic import TypeAdapter, ValidationError

import configs
from transforms.text.steps import CleanConfig

T = TypeVar("T")

ReadText = Callable[[str], str]
"""Returns the text of a data file by the name it has in the configuration."""


class ConfigError(ValueError):
    """Settings that are unknown, of the wrong type or out of range.

    `args` has a line for each: it names the key and what fits.
    """

    def __str__(self) -> str:
        return "\n".join(map(str, self.args))


def build(
    kind: type[T], values: Any, where: str = "", read_text: ReadText = configs.read_text
) -> T:
    """Return a `kind` made of `values`, a tree of mappings as YAML gives it.

    A field that holds a tuple of records (rules, word lists) is given as a list of file names;
    `read_text` returns their text: YAML lists of such records.

    Raises:
        ConfigError: names the dotted path of every mistake and what is allowed there.
    """
    hints = get_type_hints(kind, include_extras=True)
    known = [f.name for f in fields(kind)]  # type: ignore[arg-type]
    if not isinstance(values, Mapping):
        raise ConfigError(
            f"{where or 'the file'}: expected a mapping of {', '.join(known)}, got {values!r}"
        )
    made, mistakes = {}, []
    for key, value in values.items():
        path = f"{where}.{key}" if where else str(key)
        if key not in hints:
            mistakes.append(f"{path}: unknown key; {_suggest(str(key), known)}")
            continue
        try:
            made[key] = _build_field(hints[key], value, path, read_text)
        except ConfigError as error:
            mistakes += error.args
    if mistakes:
        raise ConfigError(*mistakes)
    try:
        return kind(**made)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"{where}: {error}") from error


def _build_field(hint: Any, value: Any, path: str, read_text: ReadText) -> Any:
    record = _record_type(hint)
    if is_dataclass(hint):
        return build(hint, value, path, read_text)  # type: ignore[arg-type]
    if record is not None:
        return _read_records(record, value, path, read_text)
    return _validate(hint, value, path)


def _suggest(key: str, known: list[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    meant = f"did you mean '{close[0]}'? " if close else ""
    return f"{meant}known keys: {', '.join(known)}"


def _record_type(hint: Any) -> type | None:
    """Return R where `hint` is `tuple[R, ...]` and R is a dataclass."""
    args = get_args(hint)
    if get_origin(hint) is tuple and args and is_dataclass(args[0]):
        return args[0]  # type: ignore[return-value]
    return None


def _read_records(record: type, names: Any, path: str, read_text: ReadText) -> tuple[Any, ...]:
    made: list[Any] = []
    mistakes: list[str] = []
    for name in _validate(list[str], names, path):
        try:
            rows = read_yaml(read_text(name), f"{path}: {name}")
        except OSError as error:
            raise ConfigError(f"{path}: {name}: {error.strerror}") from error
        if not isinstance(rows, list):
            raise ConfigError(f"{path}: {name}: expected a list of {record.__name__} records")
        for at, row in enumerate(rows):
            label = row.get("id", at) if isinstance(row, Mapping) else at
            try:
                made.append(build(record, row, f"{name}[{label}]", read_text))
            except ConfigError as error:
                mistakes += error.args
    if mistakes:
        raise ConfigError(*mistakes)
    return tuple(made)


def _validate(hint: Any, value: Any, path: str) -> Any:
    """Check a leaf as strict JSON: a list may become a tuple, a bool or a string no number."""
    try:
        return _adapter(hint).validate_json(json.dumps(value, default=str), strict=True)
    except ValidationError as error:
        raise ConfigError(
            *(
                f"{path}{''.join(f'[{part}]' for part in found['loc'])}: "
                f"{found['msg']}, got {found['input']!r}"
                for found in error.errors()
            )
        ) from None


@functools.cache
def _adapter(hint: Any) -> TypeAdapter[Any]:
    return TypeAdapter(hint)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads plain values; a key that stands in a mapping twice is a mistake, not an overwrite."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        seen = set()
        for key in [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]:
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key.value!r} stands there twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_yaml(text: str, name: str) -> Any:
    """Return what a YAML text holds. Anchors are refused: they can grow without bound.

    Args:
        text: the YAML.
        name: of the file, or where else the text comes from.

    Raises:
        ConfigError: not YAML, or a key stands there twice, or it uses an anchor; names the line.
    """
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.AliasEvent):
                raise yaml.MarkedYAMLError(
                    problem=f"aliases are not allowed: *{event.anchor}",
                    problem_mark=event.start_mark,  # type: ignore[arg-type]  # C has its own
                )
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        told = " ".join(filter(None, (error.problem, error.context)))
        raise ConfigError(f"{name}{line}: {told}") from None
    except yaml.reader.ReaderError as error:
        line = f", line {text.encode()[: error.position].count(10) + 1}"
        raise ConfigError(f"{name}{line}: {error.reason}: U+{error.character:04X}") from None


@functools.cache
def default_config() -> CleanConfig:
    """Return the settings of `configs/default.yaml`, the ones a transform has when given none."""
    values = read_yaml(configs.read_text("default.yaml"), "default.yaml")
    steps = {f.name for f in fields(CleanConfig)}
    return build(CleanConfig, {key: value for key, value in values.items() if key in steps})
