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
    """A setting that is unknown, of the wrong type or out of range; names the key and what fits."""


def build(
    kind: type[T], values: Any, where: str = "", read_text: ReadText = configs.read_text
) -> T:
    """Return a `kind` made of `values`, a tree of mappings as YAML gives it.

    A field that holds a tuple of records (rules, word lists) is given as a list of file names;
    `read_text` returns their text: YAML lists of such records.

    Raises:
        ConfigError: names the dotted path of the first mistake and what is allowed there.
    """
    hints = get_type_hints(kind, include_extras=True)
    known = [f.name for f in fields(kind)]  # type: ignore[arg-type]
    if not isinstance(values, Mapping):
        raise ConfigError(
            f"{where or 'the file'}: expected a mapping of {', '.join(known)}, got {values!r}"
        )
    made = {}
    for key, value in values.items():
        path = f"{where}.{key}" if where else str(key)
        if key not in hints:
            raise ConfigError(f"{path}: unknown key; {_suggest(str(key), known)}")
        record = _record_type(hints[key])
        if is_dataclass(hints[key]):
            made[key] = build(hints[key], value, path, read_text)
        elif record is not None:
            made[key] = _read_records(record, value, path, read_text)
        else:
            made[key] = _validate(hints[key], value, path)
    try:
        return kind(**made)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"{where}: {error}") from error


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
    for name in _validate(list[str], names, path):
        try:
            rows = read_yaml(read_text(name))
        except (OSError, yaml.YAMLError) as error:
            raise ConfigError(f"{path}: {name}: {error}") from error
        if not isinstance(rows, list):
            raise ConfigError(f"{path}: {name}: expected a list of {record.__name__} records")
        made += (
            build(
                record,
                row,
                f"{name}[{row.get('id', at) if isinstance(row, Mapping) else at}]",
                read_text,
            )
            for at, row in enumerate(rows)
        )
    return tuple(made)


def _validate(hint: Any, value: Any, path: str) -> Any:
    """Check a leaf as strict JSON: a list may become a tuple, a bool or a string no number."""
    try:
        return _adapter(hint).validate_json(json.dumps(value, default=str), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        inner = "".join(f"[{part}]" for part in first["loc"])
        raise ConfigError(f"{path}{inner}: {first['msg']}, got {first['input']!r}") from None


@functools.cache
def _adapter(hint: Any) -> TypeAdapter[Any]:
    return TypeAdapter(hint)


def read_yaml(text: str) -> Any:
    """Return what a YAML text holds. Anchors are refused: they can grow without bound.

    Raises:
        yaml.YAMLError: not YAML, or it uses an anchor.
    """
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError(f"aliases are not allowed: *{event.anchor}")
    return yaml.load(text, Loader=_LOADER)


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@functools.cache
def default_config() -> CleanConfig:
    """Return the settings of `configs/default.yaml`, the ones a transform has when given none."""
    values = read_yaml(configs.read_text("default.yaml"))
    steps = {f.name for f in fields(CleanConfig)}
    return build(CleanConfig, {key: value for key, value in values.items() if key in steps})
