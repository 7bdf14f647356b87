"""What people say and what is said back, without any platform's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.links import without_links


class Channel(StrEnum):
    """The door a message came through: the self-built app (自建应用) or the AI bot (智能机器人)."""

    APP = "app"
    AIBOT = "aibot"


class ChatType(StrEnum):
    """A chat with one person, or a group in which the bot was mentioned."""

    SINGLE = "single"
    GROUP = "group"


class MessageKind(StrEnum):
    """What arrived. UNKNOWN is any type WeCom may add later: it, too, gets an answer."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    FILE = "file"
    MIXED = "mixed"
    LOCATION = "location"
    LINK = "link"
    ENTER = "enter"
    BUTTON = "button"
    FEEDBACK = "feedback"
    NOTIFICATION = "notification"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class MediaRef:
    """Bytes that still lie with the platform. Exactly one of `url` (AI bot, lives 5 minutes, encrypted) and
    `media_id` (app, lives 3 days) is set. `name` is what the platform told, if it told any."""

    kind: MessageKind
    url: str | None = None
    media_id: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """What a person chose in one list of a card: the question's key and the ids of the chosen options."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One inbound message or event, decrypted, verified and parsed.

    `key` is the deduplication key: the AI bot's msgid, the app's MsgId, or for app events the SHA-256 of the decrypted
    body. `sender` is the id as the channel gave it. `text` holds typed text, recognised speech, or the text parts of a
    mixed message. `button` is the event key of a pressed button. `received_at` is aware UTC, the server's real clock.
    `quoted_text` and `quoted_media` are those of an earlier message the person quoted. `agent_id` tells which app was
    written to. `selected` is what was chosen in a card, `response_code` lets that card be changed once within 72 hours.
    """

    channel: Channel
    key: str
    kind: MessageKind
    sender: str
    received_at: datetime
    chat: ChatType = ChatType.SINGLE
    chat_id: str = ""
    text: str = ""
    button: str = ""
    task_id: str = ""
    media: tuple[MediaRef, ...] = ()
    quoted_text: str = ""
    response_url: str = field(default="", repr=False)
    platform_type: str = ""
    quoted_media: tuple[MediaRef, ...] = ()
    agent_id: str = ""
    selected: tuple[Selection, ...] = ()
    response_code: str = field(default="", repr=False)

    @property
    def lane(self) -> str:
        """Messages with the same lane are handled one after the other: WeCom ids compare without case."""
        return self.sender.lower()


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing the person can do next: shown as a button, or as a numbered reply where buttons do not show.

    `says` is the text that has the same effect when typed, so that a numbered reply can be translated back."""

    label: str
    says: str


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file that goes out with a reply, stored already under `sha256`; `size` is in bytes, `name` is for people."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says: plain text, the acts it offers, and the files that go with it.

    It goes to the person who wrote, or with `to` (a person_id) to somebody else, who then hears it once for each
    `cause`, however often the handler runs: "returned:17:3". How it travels (buttons or numbers, a file message or a
    link) is the service's decision, never the handler's. `brief` is what a card says above its buttons besides its
    title, so that it can be pressed without a look at the text; the text says it as well.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    to: int | None = None
    cause: str = ""
    brief: str = ""


def with_numbers(reply: Reply) -> str:
    """The text twin of a reply: its text and, on a last line, the choices as numbered replies (〔1〕…　〔2〕…).

    Much in it may be other people's words, none of which becomes a link."""
    if not reply.choices:
        return without_links(reply.text)
    numbered = "　".join(f"〔{number}〕{choice.label}" for number, choice in enumerate(reply.choices, start=1))
    return without_links(f"{reply.text}\n{numbered}")
