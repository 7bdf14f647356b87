"""What a test gets back for a callback it caused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

HTTP_OK = 200


@dataclass(frozen=True, slots=True)
class Try:
    """One HTTP exchange. `status` is None when none came in time (`error` says why); `seconds` it took."""

    at: float
    status: int | None
    seconds: float
    error: str = ""
    body: bytes = field(default=b"", repr=False)


@dataclass(slots=True)
class CallbackRecord:
    """One message or event handed to the product, byte for byte, and what became of it.

    `plaintext` is the XML or JSON before encryption; `params` and `body` are what was sent. `reply` is the decrypted
    answer (dict for the bot, dict of the XML's fields for the app, None for an empty one). `note` says why nothing was
    sent at all. `shown` is the number of the person's own message in the chat, `answer` that of the reply to it.
    """

    number: int
    channel: str
    msgtype: str
    userid: str
    thread: str
    msgid: str = ""
    event: str = ""
    plaintext: str = ""
    params: dict[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    sent_at: float = 0.0
    response_url: str = field(default="", repr=False)
    task_id: str = ""
    chatid: str = ""
    tries: list[Try] = field(default_factory=list)
    reply: dict[str, Any] | None = None
    stream_id: str = ""
    violations: list[str] = field(default_factory=list)
    note: str = ""
    shown: int = 0
    answer: int = 0

    @property
    def statuses(self) -> list[int | None]:
        """The HTTP status of each try, None for no answer in time."""
        return [attempt.status for attempt in self.tries]

    @property
    def acknowledged(self) -> bool:
        """The product answered 200: from now on it is responsible for this message."""
        return HTTP_OK in self.statuses
