"""Incoming messages as JSON text: the form in which a message waits in the inbox."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from domain.chat import Channel, ChatType, Incoming, MediaRef, MessageKind, Selection


def incoming_to_json(incoming: Incoming) -> str:
    """`incoming` as one JSON object; holds the response_url, which is a secret: store it, never log it."""
    fields = asdict(incoming)
    fields["received_at"] = incoming.received_at.isoformat()
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def incoming_from_json(text: str) -> Incoming:
    """The message that `incoming_to_json` wrote. Fields added since then take their defaults.

    Raises ValueError when the text is not such an object.
    """
    try:
        fields: dict[str, Any] = dict(json.loads(text))
        fields["channel"] = Channel(fields["channel"])
        fields["kind"] = MessageKind(fields["kind"])
        fields["chat"] = ChatType(fields.get("chat", ChatType.SINGLE))
        fields["received_at"] = datetime.fromisoformat(fields["received_at"])
        for name in ("media", "quoted_media"):
            fields[name] = tuple(_media(ref) for ref in fields.get(name, ()))
        fields["selected"] = tuple(Selection(s["question"], tuple(s["options"])) for s in fields.get("selected", ()))
        return Incoming(**fields)
    except (TypeError, KeyError, ValueError):
        raise ValueError("not a stored message") from None


def _media(fields: dict[str, Any]) -> MediaRef:
    return MediaRef(**{**fields, "kind": MessageKind(fields["kind"])})
