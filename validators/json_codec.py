"""Frozen dataclasses to plain JSON values and back, checked on the way in: what comes over a pipe is not trusted."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

_Value = TypeVar("_Value")


class MalformedError(ValueError):
    """The JSON value does not have the shape of the type that was asked for. The text names the place."""


def to_json(value: object) -> Any:
    """A value made of dataclasses, tuples, enums and plain values as dicts, lists and plain values."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {name: to_json(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    return value


def from_json(kind: type[_Value], raw: object) -> _Value:
    """The value of type `kind` that `to_json` wrote. Raises MalformedError for anything else."""
    built: _Value = _build(kind, raw, kind.__name__)
    return built


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _needed(kind: type) -> frozenset[str]:
    """What has to be there: a value stored before a field with a default was added lacks it."""
    found = fields(kind)
    return frozenset(f.name for f in found if f.default is MISSING and f.default_factory is MISSING)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _build(kind: Any, raw: object, place: str) -> Any:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _build_union(get_args(kind), raw, place)
    if origin is tuple:
        return _build_tuple(get_args(kind), raw, place)
    if is_dataclass(kind):
        return _build_dataclass(kind, raw, place)
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(raw)
        except ValueError as error:
            raise MalformedError(f"{place}: {error}") from error
    return _build_plain(kind, raw, place)


def _build_union(members: tuple[Any, ...], raw: object, place: str) -> Any:
    if raw is None and NoneType in members:
        return None
    others = [member for member in members if member is not NoneType]
    for member in others[:-1]:
        try:
            return _build(member, raw, place)
        except MalformedError:
            continue
    return _build(others[-1], raw, place)


def _build_tuple(members: tuple[Any, ...], raw: object, place: str) -> tuple[Any, ...]:
    if not isinstance(raw, list):
        raise MalformedError(f"{place}: not a list")
    return tuple(_build(members[0], item, f"{place}[{number}]") for number, item in enumerate(raw))


def _build_dataclass(kind: Any, raw: object, place: str) -> Any:
    if not isinstance(raw, dict):
        raise MalformedError(f"{place}: not an object")
    names, hints = _names(kind), _hints(kind)
    if not _needed(kind) <= raw.keys() <= set(names):
        raise MalformedError(f"{place}: other keys than {', '.join(names)}")
    return kind(**{name: _build(hints[name], raw[name], f"{place}.{name}") for name in names if name in raw})


def _build_plain(kind: Any, raw: object, place: str) -> Any:
    if kind is float and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    if type(raw) is not kind:
        raise MalformedError(f"{place}: not {kind.__name__}")
    return raw
