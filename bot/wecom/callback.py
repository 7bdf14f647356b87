"""What both callbacks share: the signed query, the refusal with its HTTP status, the limits in bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.wecom.envelope import Envelope, EnvelopeError, Flaw, check_fresh
from domain.errors import BotError

MAX_BODY_BYTES = 1 << 20
APP_TEXT_BYTES = 2048
AIBOT_CONTENT_BYTES = 20480

_BAD_REQUEST = 400
_FORBIDDEN = 403
_TOO_LARGE = 413
_FORBIDDEN_FLAWS = frozenset({Flaw.SIGNATURE, Flaw.STALE, Flaw.RECEIVE_ID})


class ChannelError(BotError):
    """A callback that is refused: `status` is the HTTP status (4xx). The text never reflects the input."""

    def __init__(self, message: str, status: int = _BAD_REQUEST) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class SignedQuery:
    """The three values WeCom puts in the query of every callback."""

    signature: str
    timestamp: str
    nonce: str

    @classmethod
    def read(cls, query: Mapping[str, str]) -> SignedQuery:
        """From the URL-decoded query. Raises ChannelError (400) when a value is missing."""
        values = [query.get(name, "") for name in ("msg_signature", "timestamp", "nonce")]
        if not all(values):
            raise ChannelError("msg_signature, timestamp or nonce is missing")
        return cls(*values)


def open_envelope(envelope: Envelope, query: Mapping[str, str], encrypt: str, now: datetime) -> str:
    """The decrypted message of a fresh, genuine callback. Raises ChannelError: 403 for a wrong signature, addressee
    or time, 400 for anything malformed."""
    signed = SignedQuery.read(query)
    try:
        check_fresh(signed.timestamp, now)
        return envelope.open(signed.signature, signed.timestamp, signed.nonce, encrypt)
    except EnvelopeError as error:
        status = _FORBIDDEN if error.reason in _FORBIDDEN_FLAWS else _BAD_REQUEST
        raise ChannelError(error.reason.value, status) from None


def verify_address(envelope: Envelope, query: Mapping[str, str], now: datetime) -> str:
    """The text that WeCom's address check (GET, protocol 3.3) wants back, without anything around it.

    A `+` of the base64 may have become a space on its way through a framework. Raises ChannelError.
    """
    echo = query.get("echostr", "").replace(" ", "+")
    if not echo:
        raise ChannelError("echostr is missing")
    return open_envelope(envelope, query, echo, now)


def decode_body(body: bytes) -> str:
    """The body as text. Raises ChannelError: 413 above 1 MB, 400 when it is empty or not UTF-8."""
    if len(body) > MAX_BODY_BYTES:
        raise ChannelError("the body is too large", _TOO_LARGE)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise ChannelError("the body is not UTF-8") from None
    if not text.strip() or "\x00" in text:
        raise ChannelError("the body is empty or contains NUL")
    return text


def check_size(text: str, limit: int) -> None:
    """Raise ValueError when `text` takes more than `limit` bytes: WeCom would cut it in silence."""
    size = len(text.encode("utf-8"))
    if size > limit:
        raise ValueError(f"{size} bytes of text where WeCom takes {limit}")
