"""Incoming messages as JSON text: the form in which a message waits in the inbox."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from domain.chat import Channel, ChatType, Incoming, MediaRef, MessageKind, Selection

# Not `asdict`, which copies deeply: every callback writes this.
_FIELDS = tuple(field.name for field in fields(Incoming))
_NESTED = ("media", "quoted_media", "selected")


def incoming_to_json(incoming: Incoming) -> str:
    """`incoming` as one JSON object; holds the response_url, which is a secret: store it, never log it."""
    values = {name: getattr(incoming, name) for name in _FIELDS}
    values["received_at"] = incoming.received_at.isoformat()
    for name in _NESTED:
        values[name] = [asdict(each) for each in values[name]]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def incoming_from_json(text: str) -> Incoming:
    """The message that `incoming_to_json` wrote, in this version or another one that runs beside it.

    Fields added since then take their defaults; fields that only a newer version knows are left out, and a kind that
    only it knows is UNKNOWN. Raises ValueError when the text is not such an object.
    """
    try:
        values = _known(Incoming, json.loads(text))
        values["channel"] = Channel(values["channel"])
        values["kind"] = _kind(values["kind"])
        values["chat"] = ChatType(values.get("chat", ChatType.SINGLE))
        values["received_at"] = datetime.fromisoformat(values["received_at"])
        for name in ("media", "quoted_media"):
            values[name] = tuple(_media(ref) for ref in values.get(name, ()))
        values["selected"] = tuple(Selection(s["question"], tuple(s["options"])) for s in values.get("selected", ()))
        return Incoming(**values)
    except (AttributeError, TypeError, KeyError, ValueError):
        raise ValueError("not a stored message") from None


def _media(values: dict[str, Any]) -> MediaRef:
    return MediaRef(**{**_known(MediaRef, values), "kind": _kind(values["kind"])})


def _kind(value: str) -> MessageKind:
    return MessageKind(value) if value in set(MessageKind) else MessageKind.UNKNOWN


def _known(kind: type[Incoming | MediaRef], values: dict[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in values.items() if name in names}
