"""Reading decoded JSON or XML from outside: a field of another type than expected counts as absent."""

from __future__ import annotations

import re
from typing import Any

# JSON escapes can smuggle in what no database column and no UTF-8 text holds.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def text_at(raw: dict[str, Any], name: str) -> str:
    """The text under `name`, "" when there is none; NUL and lone surrogates are left out."""
    value = raw.get(name)
    return _UNSTORABLE.sub("", value) if isinstance(value, str) else ""


def object_at(raw: dict[str, Any], name: str) -> dict[str, Any]:
    """The object under `name`, an empty one when there is none."""
    value = raw.get(name)
    return value if isinstance(value, dict) else {}


def list_at(raw: dict[str, Any], name: str) -> list[Any]:
    """The list under `name`; a single value is a list of one, as XML does not tell them apart."""
    value = raw.get(name)
    return value if isinstance(value, list) else [] if value is None else [value]


def objects_at(raw: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects in the list under `name`."""
    return [item for item in list_at(raw, name) if isinstance(item, dict)]


def texts_at(raw: dict[str, Any], name: str) -> tuple[str, ...]:
    """The texts in the list under `name`."""
    return tuple(_UNSTORABLE.sub("", item) for item in list_at(raw, name) if isinstance(item, str))
