"""Two versions alive: each reads what the other has written into the inbox."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from domain.chat import Channel, Incoming, MediaRef, MessageKind, Selection
from domain.chat_json import incoming_from_json, incoming_to_json

MESSAGE = Incoming(
    channel=Channel.AIBOT,
    key="m1",
    kind=MessageKind.FILE,
    sender="teacher",
    received_at=datetime(2023, 5, 6, tzinfo=UTC),
    media=(MediaRef(MessageKind.FILE, url="https://files.example/1", name="案例.docx"),),
    selected=(Selection("q", ("a", "b")),),
)


def test_a_newer_version_may_have_written_more() -> None:
    fields = json.loads(incoming_to_json(MESSAGE))
    fields["mood"] = {"new": True}
    fields["media"][0]["checksum"] = "new"
    fields["selected"][0]["note"] = "new"
    assert incoming_from_json(json.dumps(fields)) == MESSAGE


@pytest.mark.parametrize("place", ["message", "media"])
def test_a_kind_of_a_newer_version_is_unknown_not_an_error(place: str) -> None:
    fields = json.loads(incoming_to_json(MESSAGE))
    target = fields if place == "message" else fields["media"][0]
    target["kind"] = "hologram"
    read = incoming_from_json(json.dumps(fields))
    assert (read if place == "message" else read.media[0]).kind is MessageKind.UNKNOWN


def test_an_older_version_may_have_written_less() -> None:
    fields = json.loads(incoming_to_json(MESSAGE))
    needed = {name: fields[name] for name in ("channel", "key", "kind", "sender", "received_at")}
    assert incoming_from_json(json.dumps(needed)).media == ()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"channel": "fax"}'])
def test_what_is_no_message_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a stored message"):
        incoming_from_json(text)
