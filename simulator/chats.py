"""What people see on their phones: every chat as a list of shown messages, each with its last state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from simulator.ledger import Pulse

BOT = "bot"
APP = "app"
GROUP = "group"


def thread_of(userid: str, channel: str, group: str | None = None) -> str:
    """The name of one chat: a group, or one person's chat with the bot or the app."""
    return f"{GROUP}:{group}" if group else f"{channel}:{userid.lower()}"


@dataclass(slots=True)
class Shown:
    """One message on the screen.

    `author` is `person`, `bot`, `app` or `platform` (grey notes of the platform itself). `finished` is False while a
    stream grows; `expired` says that it never finished in time. `attachment` names a downloadable file:
    {id, name, size}. `version` grows with every change anywhere, so that a page can ask for what changed.
    """

    number: int
    thread: str
    author: str
    userid: str
    kind: str
    text: str
    at: float
    version: int = 0
    finished: bool = True
    expired: bool = False
    recalled: bool = False
    card: dict[str, Any] | None = None
    attachment: dict[str, Any] | None = None
    images: list[str] = field(default_factory=list)
    quote: str = ""
    msgid: str = ""
    feedback_id: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """(key, text) of the buttons of its card that call back."""
        card = self.card or {}
        found = [(str(b.get("key", "")), str(b.get("text", ""))) for b in card.get("button_list", [])]
        if submit := card.get("submit_button"):
            found.append((str(submit.get("key", "")), str(submit.get("text", ""))))
        return found

    def as_json(self) -> dict[str, Any]:
        """Ready for the page."""
        return asdict(self)


class ChatBook:
    """All chats. Thread-safe; reading gives copies."""

    def __init__(self, pulse: Pulse, clock: Callable[[], float]) -> None:
        self._pulse = pulse
        self._clock = clock
        self._messages: list[Shown] = []

    def show(self, thread: str, author: str, kind: str, text: str = "", *, userid: str, **extra: Any) -> Shown:
        """Put a new message at the end of a chat; gives a copy."""
        with self._pulse.condition:
            shown = Shown(len(self._messages) + 1, thread, author, userid, kind, text, self._clock(), **extra)
            self._messages.append(shown)
            shown.version = self._pulse.beat()
            return replace(shown)

    def change(self, number: int, **values: Any) -> Shown:
        """Change a shown message (a growing stream, an updated card, a recall); gives a copy."""
        with self._pulse.condition:
            shown = self._messages[number - 1]
            for name, value in values.items():
                setattr(shown, name, value)
            shown.version = self._pulse.beat()
            return replace(shown)

    def get(self, number: int) -> Shown | None:
        """A copy of one message."""
        with self._pulse.condition:
            return replace(self._messages[number - 1]) if 0 < number <= len(self._messages) else None

    def find(self, choose: Callable[[Shown], bool]) -> list[Shown]:
        """Copies of the messages for which `choose` says yes, in order."""
        with self._pulse.condition:
            return [replace(shown) for shown in self._messages if choose(shown)]

    def thread(self, name: str, after_version: int = 0) -> list[Shown]:
        """Copies of one chat's messages, or only of those changed since."""
        return self.find(lambda shown: shown.thread == name and shown.version > after_version)

    def heads(self) -> dict[str, dict[str, Any]]:
        """For each chat how many messages came in from the other side, and the last line."""
        heads: dict[str, dict[str, Any]] = {}
        with self._pulse.condition:
            for shown in self._messages:
                head = heads.setdefault(shown.thread, {"incoming": 0, "last": "", "at": 0.0})
                head["incoming"] += shown.author in {BOT, APP}
                head["last"], head["at"] = shown.text[:60] or f"[{shown.kind}]", shown.at
        return heads
