"""The self-built app's callback (自建应用, XML; protocol section 1): verify, parse, answer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.parsers.expat import ExpatError

from wechatpy.messages import BaseMessage
from wechatpy.work.parser import parse_message

from bot.wecom.callback import (
    APP_TEXT_BYTES,
    ChannelError,
    check_size,
    decode_body,
    open_envelope,
    verify_address,
)
from bot.wecom.envelope import Envelope
from bot.wecom.raw_fields import object_at, objects_at, text_at, texts_at
from bot.wecom.xml_document import XmlError, cdata, read_fields
from domain.chat import Channel, Incoming, MediaRef, MessageKind, Selection

_REQUIRED = ("ToUserName", "FromUserName", "CreateTime", "MsgType")
_MEDIA_KINDS = {
    "image": MessageKind.IMAGE,
    "voice": MessageKind.VOICE,
    "video": MessageKind.VIDEO,
    "shortvideo": MessageKind.VIDEO,
    "file": MessageKind.FILE,  # not in WeCom's list of types; should one come, it is taken
}
_EVENT_KINDS = {
    "subscribe": MessageKind.ENTER,
    "enter_agent": MessageKind.ENTER,
    "click": MessageKind.BUTTON,
    "template_card_event": MessageKind.BUTTON,
    "template_card_menu_event": MessageKind.BUTTON,
}


class AppChannel:
    """Reads and answers the app's callbacks with the app's token, AES key and corp id.

    Raises EnvelopeError(KEY) when the AES key is unusable.
    """

    def __init__(self, token: str, aes_key: str, corp_id: str) -> None:
        self._envelope = Envelope(token, aes_key, corp_id)
        self._corp_id = corp_id

    def verify(self, query: Mapping[str, str], now: datetime) -> str:
        """What the address check (GET) must get back as plain text. `now` is real time. Raises ChannelError."""
        return verify_address(self._envelope, query, now)

    def parse(self, body: bytes, query: Mapping[str, str], received_at: datetime) -> Incoming:
        """The message or event in a POST. `received_at` is real time, aware UTC. Raises ChannelError (4xx)."""
        outer = _fields(decode_body(body))
        encrypt = outer.get("Encrypt", "").strip()
        if not encrypt:
            raise ChannelError("Encrypt is missing")
        if outer.get("ToUserName", self._corp_id) != self._corp_id:
            raise ChannelError("the envelope is addressed to another corp", 403)
        plain = open_envelope(self._envelope, query, encrypt, received_at)
        inner = _fields(plain)
        if not all(inner.get(name) for name in _REQUIRED):
            raise ChannelError("a required field is missing")
        if inner["ToUserName"] != self._corp_id:
            raise ChannelError("the message is addressed to another corp", 403)
        try:
            message = parse_message(plain)  # type: ignore[no-untyped-call]
            return _incoming(message, plain, received_at, outer.get("AgentID", ""))
        except (KeyError, AttributeError, TypeError, ValueError, ExpatError):
            raise ChannelError("the message cannot be read") from None

    def reply(self, text: str, incoming: Incoming, timestamp: int, nonce: str) -> bytes:
        """The sealed passive text reply (protocol 1.5): the body of the HTTP answer, `application/xml`.

        `text` takes at most 2048 bytes, else ValueError: cutting is the caller's decision. `timestamp` is real time.
        """
        check_size(text, APP_TEXT_BYTES)
        return self._seal("text", f"<Content>{cdata(text)}</Content>", incoming, timestamp, nonce)

    def button_reply(self, shown: str, incoming: Incoming, timestamp: int, nonce: str) -> bytes:
        """The sealed answer to a pressed card: its buttons become one grey one that reads `shown` (protocol 1.5)."""
        content = f"<Button><ReplaceName>{cdata(shown)}</ReplaceName></Button>"
        return self._seal("update_button", content, incoming, timestamp, nonce)

    def _seal(self, kind: str, content: str, incoming: Incoming, timestamp: int, nonce: str) -> bytes:
        inner = (
            f"<xml><ToUserName>{cdata(incoming.sender)}</ToUserName><FromUserName>{cdata(self._corp_id)}</FromUserName>"
            f"<CreateTime>{timestamp}</CreateTime><MsgType>{cdata(kind)}</MsgType>{content}</xml>"
        )
        sealed = self._envelope.seal(inner, timestamp, nonce)
        outer = (
            f"<xml><Encrypt>{cdata(sealed.encrypt)}</Encrypt><MsgSignature>{cdata(sealed.signature)}</MsgSignature>"
            f"<TimeStamp>{sealed.timestamp}</TimeStamp><Nonce>{cdata(sealed.nonce)}</Nonce></xml>"
        )
        return outer.encode("utf-8")


def _fields(text: str) -> dict[str, str]:
    try:
        return read_fields(text)
    except XmlError as error:
        raise ChannelError(str(error)) from None


def _incoming(message: BaseMessage, plain: str, received_at: datetime, envelope_agent: str) -> Incoming:
    """Our type from wechatpy's. Types and events wechatpy does not know keep their raw fields in `_data`."""
    raw: dict[str, Any] = message._data  # noqa: SLF001 - the only door to the fields of types wechatpy does not know
    msg_type = text_at(raw, "MsgType").lower()
    event = text_at(raw, "Event").lower() if msg_type == "event" else ""
    # Events have no MsgId, and different events share sender and second: only the whole body tells them apart.
    key = str(message.id or "") or hashlib.sha256(plain.encode("utf-8")).hexdigest()
    kind, text, media = (
        (_EVENT_KINDS.get(event, MessageKind.NOTIFICATION), "", ()) if event else _content(msg_type, raw)
    )
    pressed = kind is MessageKind.BUTTON
    return Incoming(
        channel=Channel.APP,
        key=key,
        kind=kind,
        sender=text_at(raw, "FromUserName"),
        received_at=received_at,
        text=text,
        media=media,
        button=text_at(raw, "EventKey") if pressed else "",
        task_id=text_at(raw, "TaskId") if pressed else "",
        response_code=text_at(raw, "ResponseCode") if pressed else "",
        selected=_selected(raw) if pressed else (),
        agent_id=text_at(raw, "AgentID") or envelope_agent,
        platform_type=f"event/{event}" if event else msg_type,
    )


def _content(msg_type: str, raw: dict[str, Any]) -> tuple[MessageKind, str, tuple[MediaRef, ...]]:
    """Kind, text and media of a message. A media type without its media id is nothing we can act on: UNKNOWN."""
    if msg_type == "text":
        return MessageKind.TEXT, text_at(raw, "Content"), ()
    if msg_type == "location":
        return MessageKind.LOCATION, text_at(raw, "Label"), ()
    if msg_type == "link":
        return MessageKind.LINK, "\n".join(filter(None, (text_at(raw, "Title"), text_at(raw, "Url")))), ()
    kind = _MEDIA_KINDS.get(msg_type)
    media_id = text_at(raw, "MediaId")
    if kind is None or not media_id:
        return MessageKind.UNKNOWN, "", ()
    name = text_at(raw, "FileName") or text_at(raw, "Filename") or None
    return kind, text_at(raw, "Recognition"), (MediaRef(kind, media_id=media_id, name=name),)


def _selected(raw: dict[str, Any]) -> tuple[Selection, ...]:
    """What was chosen in the lists of a card."""
    return tuple(
        Selection(text_at(item, "QuestionKey"), texts_at(object_at(item, "OptionIds"), "OptionId"))
        for item in objects_at(object_at(raw, "SelectedItems"), "SelectedItem")
    )
