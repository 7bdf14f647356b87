"""The AI bot's callback (智能机器人, JSON; protocol section 2): verify, parse, answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.wecom.aibot_message import read_message
from bot.wecom.callback import (
    AIBOT_CONTENT_BYTES,
    ChannelError,
    check_size,
    decode_body,
    open_envelope,
    verify_address,
)
from bot.wecom.envelope import Envelope
from bot.wecom.raw_fields import object_at, text_at
from domain.chat import Incoming

_FEEDBACK_ID_BYTES = 256


@dataclass(frozen=True, slots=True)
class StreamRefresh:
    """WeCom asks how a stream that was answered with `finish=false` stands now. Only a stream may be answered."""

    stream_id: str
    sender: str = ""


class AiBotChannel:
    """Reads and answers the AI bot's callbacks with the bot's token and AES key; the receive id is empty.

    `names` are the names the bot is mentioned by in groups; without them the first mention in a text is taken for it.
    Raises EnvelopeError(KEY) when the AES key is unusable.
    """

    def __init__(self, token: str, aes_key: str, names: Sequence[str] = ()) -> None:
        self._envelope = Envelope(token, aes_key, "")
        self._names = tuple(names)

    def verify(self, query: Mapping[str, str], now: datetime) -> str:
        """What the address check (GET) must get back as plain text. `now` is real time. Raises ChannelError."""
        return verify_address(self._envelope, query, now)

    def parse(self, body: bytes, query: Mapping[str, str], received_at: datetime) -> Incoming | StreamRefresh:
        """The message, event or stream refresh in a POST. `received_at` is real time, aware UTC.

        Raises ChannelError (4xx).
        """
        encrypt = _object(decode_body(body)).get("encrypt")
        if not isinstance(encrypt, str) or not encrypt:
            raise ChannelError("encrypt is missing")
        message = _object(open_envelope(self._envelope, query, encrypt, received_at))
        if message.get("msgtype") == "stream":
            return _refresh(message)
        return read_message(message, received_at, self._names)

    def stream_reply(
        self,
        stream_id: str,
        content: str,
        *,
        finish: bool,
        timestamp: int,
        nonce: str,
        feedback_id: str = "",
        card: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The sealed stream answer (protocol 2.5): `content` replaces what was shown before, `card` is shown below it.

        `nonce` is the request's. `feedback_id` (first answer only) lets the member rate it. ValueError when `content`
        takes more than 20480 bytes, or `feedback_id` more than 256.
        """
        check_size(content, AIBOT_CONTENT_BYTES)
        check_size(feedback_id, _FEEDBACK_ID_BYTES)
        stream: dict[str, Any] = {"id": stream_id, "finish": finish, "content": content}
        if feedback_id:
            stream["feedback"] = {"id": feedback_id}
        if card is None:
            return self._seal({"msgtype": "stream", "stream": stream}, timestamp, nonce)
        body = {"msgtype": "stream_with_template_card", "stream": stream, "template_card": dict(card)}
        return self._seal(body, timestamp, nonce)

    def welcome_reply(self, text: str, *, timestamp: int, nonce: str) -> bytes:
        """The sealed greeting: valid only as the answer to ENTER. ValueError above 20480 bytes."""
        check_size(text, AIBOT_CONTENT_BYTES)
        return self._seal({"msgtype": "text", "text": {"content": text}}, timestamp, nonce)

    def card_update_reply(
        self, card: Mapping[str, Any], *, timestamp: int, nonce: str, userids: Sequence[str] = ()
    ) -> bytes:
        """The sealed answer to BUTTON that replaces the pressed card by `card`, for `userids` or, without, for all.

        `card["task_id"]` must be the pressed card's.
        """
        body: dict[str, Any] = {"response_type": "update_template_card", "template_card": dict(card)}
        if userids:
            body["userids"] = list(userids)
        return self._seal(body, timestamp, nonce)

    def _seal(self, body: dict[str, Any], timestamp: int, nonce: str) -> bytes:
        sealed = self._envelope.seal(json.dumps(body, ensure_ascii=False), timestamp, nonce)
        outer = {
            "encrypt": sealed.encrypt,
            "msgsignature": sealed.signature,
            "timestamp": sealed.timestamp,
            "nonce": sealed.nonce,
        }
        return json.dumps(outer).encode("ascii")


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise ChannelError("not readable as JSON") from None
    if not isinstance(value, dict):
        raise ChannelError("the JSON is not an object")
    return value


def _refresh(message: dict[str, Any]) -> StreamRefresh:
    stream_id = text_at(object_at(message, "stream"), "id")
    if not stream_id:
        raise ChannelError("the stream id is missing")
    return StreamRefresh(stream_id, text_at(object_at(message, "from"), "userid"))
