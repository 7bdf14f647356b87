"""The AI bot's decrypted JSON (protocol 2.1 and 2.4) as our own message type.

The payload comes from outside: a field of another type than expected counts as absent, and a kind of message that lacks
what makes it one is UNKNOWN, so that it is answered rather than refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.wecom.callback import ChannelError
from bot.wecom.mention import strip_mention
from bot.wecom.raw_fields import object_at, objects_at, text_at, texts_at
from domain.chat import Channel, ChatType, Incoming, MediaRef, MessageKind, Selection

_MEDIA_KINDS = {
    "image": MessageKind.IMAGE,
    "file": MessageKind.FILE,
    "video": MessageKind.VIDEO,
}
_TEXT_KINDS = {"text": MessageKind.TEXT, "voice": MessageKind.VOICE}
_EVENT_KINDS = {
    "enter_chat": MessageKind.ENTER,
    "template_card_event": MessageKind.BUTTON,
    "feedback_event": MessageKind.FEEDBACK,
}
_LONGEST_KEY = 128
_REASONS = range(1, 5)
_NAME_KEYS = ("filename", "name")  # not documented; read in case WeCom adds one

_Parts = tuple[str, tuple[MediaRef, ...]]


def read_message(message: dict[str, Any], received_at: datetime, bot_names: Sequence[str] = ()) -> Incoming:
    """The message or event in `message`; in a group without the mention of the bot.

    For FEEDBACK `button` is the verdict ("1" right, "2" wrong, "3" taken back), `task_id` the feedback id, `text` what
    the person wrote and `selected` the reasons given. Raises ChannelError when msgid, sender or type is missing.
    """
    key, msg_type = _key(text_at(message, "msgid")), text_at(message, "msgtype")
    sender = text_at(object_at(message, "from"), "userid")
    if not (key and msg_type and sender):
        raise ChannelError("msgid, sender or msgtype is missing")
    chat = ChatType.GROUP if text_at(message, "chattype") == "group" else ChatType.SINGLE
    frame: dict[str, Any] = {
        "channel": Channel.AIBOT,
        "key": key,
        "sender": sender,
        "received_at": received_at,
        "chat": chat,
        "chat_id": text_at(message, "chatid"),
        "response_url": text_at(message, "response_url"),
    }
    if msg_type == "event":
        return Incoming(**frame, **_event(object_at(message, "event")))
    kind = _kind(message, msg_type)
    text, media = _parts(message, msg_type) if kind is not MessageKind.UNKNOWN else ("", ())
    quote = object_at(message, "quote")
    quoted_text, quoted_media = _parts(quote, text_at(quote, "msgtype"))
    return Incoming(
        **frame,
        kind=kind,
        text=strip_mention(text, bot_names) if chat is ChatType.GROUP else text,
        media=media,
        quoted_text=quoted_text,
        quoted_media=quoted_media,
        platform_type=msg_type,
    )


def _key(msgid: str) -> str:
    """What the message is known by: its id, or of one too long to be kept its SHA-256."""
    return msgid if len(msgid) <= _LONGEST_KEY else hashlib.sha256(msgid.encode()).hexdigest()


def _kind(message: dict[str, Any], msg_type: str) -> MessageKind:
    """The kind, or UNKNOWN when the type is new to us or its content is not there."""
    content = object_at(message, msg_type)
    if msg_type in _TEXT_KINDS and isinstance(content.get("content"), str):
        return _TEXT_KINDS[msg_type]
    if msg_type in _MEDIA_KINDS and text_at(content, "url"):
        return _MEDIA_KINDS[msg_type]
    if msg_type == "mixed" and isinstance(content.get("msg_item"), list):
        return MessageKind.MIXED
    return MessageKind.UNKNOWN


def _parts(message: dict[str, Any], msg_type: str) -> _Parts:
    """Text and media of a message or of a quoted one; several texts are joined by line ends."""
    content = object_at(message, msg_type)
    if msg_type in _TEXT_KINDS:
        return text_at(content, "content"), ()
    if msg_type in _MEDIA_KINDS:
        url = text_at(content, "url")
        name = next((text_at(content, name) for name in _NAME_KEYS if text_at(content, name)), None)
        return "", (MediaRef(_MEDIA_KINDS[msg_type], url=url, name=name),) if url else ()
    if msg_type != "mixed":
        return "", ()
    parts = [
        _parts(item, text_at(item, "msgtype"))
        for item in objects_at(content, "msg_item")
        if text_at(item, "msgtype") != "mixed"
    ]
    return "\n".join(text for text, _ in parts if text), tuple(ref for _, media in parts for ref in media)


def _event(event: dict[str, Any]) -> dict[str, Any]:
    """The fields of an event. Card events come nested under their own name or flat: both are read."""
    name = text_at(event, "eventtype")
    kind = _EVENT_KINDS.get(name, MessageKind.NOTIFICATION)
    fields: dict[str, Any] = {"kind": kind, "platform_type": f"event/{name}"}
    inside = object_at(event, name)
    if kind is MessageKind.BUTTON:
        fields["button"] = text_at(inside, "event_key") or text_at(event, "event_key")
        fields["task_id"] = text_at(inside, "task_id") or text_at(event, "task_id")
        fields["selected"] = _selected(inside) or _selected(event)
    elif kind is MessageKind.FEEDBACK:
        verdict = inside.get("type")
        fields["button"] = str(verdict) if isinstance(verdict, int | str) else ""
        fields["task_id"] = text_at(inside, "id")
        fields["text"] = text_at(inside, "content")
        fields["selected"] = _reasons(inside)
    return fields


def _reasons(feedback: dict[str, Any]) -> tuple[Selection, ...]:
    """Why an answer is doubted: 1 与问题无关, 2 内容不完整, 3 有错误, 4 数据分析错误."""
    given = feedback.get("inaccurate_reason_list")
    known = (
        [str(each) for each in given if isinstance(each, int) and each in _REASONS] if isinstance(given, list) else []
    )
    return (Selection("reason", tuple(known)),) if known else ()


def _selected(card: dict[str, Any]) -> tuple[Selection, ...]:
    return tuple(
        Selection(text_at(item, "question_key"), texts_at(object_at(item, "option_ids"), "option_id"))
        for item in objects_at(object_at(card, "selected_items"), "selected_item")
    )
