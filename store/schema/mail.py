"""What comes in and what goes out: inbox, fetches, streams, outbox, lanes, and the few shared settings."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.root import Base


class InboxState(StrEnum):
    """`fetching` waits for its files; `ready` may be claimed; `working` is leased; the last two are final."""

    FETCHING = "fetching"
    READY = "ready"
    WORKING = "working"
    DONE = "done"
    DEAD = "dead"


class FetchState(StrEnum):
    """`stored` means: bytes on disk, synced, with their hash in this row. `forgotten` were stored for a day only."""

    WAITING = "waiting"
    WORKING = "working"
    STORED = "stored"
    FAILED = "failed"
    FORGOTTEN = "forgotten"


class OutboxState(StrEnum):
    """`accepted`, `refused`, `unknown`, `shown` and `dropped` are the ends an outgoing message can have; the last is
    for what was no longer true when its turn came.

    `held` waits for the person's next message, because no way to reach them is open now.
    """

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    HELD = "held"
    SHOWN = "shown"
    DROPPED = "dropped"


class OutboxKind(StrEnum):
    """What an outgoing message is. `text` of a file's or card's row is what is said when that way is closed."""

    TEXT = "text"
    FILE = "file"
    CARD = "card"


class Inbox(Base):
    """One accepted callback. The row exists before the platform gets its 200."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "key"),
        Index("ix_inbox_state_next_try_at", "state", "next_try_at"),
        Index("ix_inbox_lane_id", "lane", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(160))
    lane: Mapped[str] = mapped_column(String(128))
    message: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]
    campaign_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    handler: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[str | None] = mapped_column(Text)
    reply: Mapped[str | None] = mapped_column(Text)
    stream_id: Mapped[str | None] = mapped_column(String(64))


class Lane(Base):
    """One sender's queue. Whoever holds the lease handles this sender's messages, nobody else does meanwhile."""

    __tablename__ = "lane"

    lane: Mapped[str] = mapped_column(String(128), primary_key=True)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]


class Fetch(Base):
    """One file that still lies with the platform, or has been brought home."""

    __tablename__ = "fetch"
    __table_args__ = (
        UniqueConstraint("inbox_id", "position"),
        Index("ix_fetch_state_next_try_at", "state", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    url: Mapped[str | None] = mapped_column(Text)
    media_id: Mapped[str | None] = mapped_column(Text)
    told_name: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    name: Mapped[str | None] = mapped_column(Text)
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[str | None] = mapped_column(Text)


class Stream(Base):
    """The AI bot's growing answer to one message. Any web process answers a refresh from this row."""

    __tablename__ = "stream"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"), unique=True)
    content: Mapped[str] = mapped_column(Text)
    finished: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    response_url: Mapped[str | None] = mapped_column(Text)
    response_url_until: Mapped[datetime | None]
    response_url_used: Mapped[bool] = mapped_column(default=False)


class Outbox(Base):
    """One outgoing message with an end. `key` is derived from what caused it, so a re-run cannot send twice.

    After `good_until` (real time) it is not sent any more, nor held for the person's next message: then it says what
    was true once."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_outbox_state_next_try_at", "state", "next_try_at"),
        Index("ix_outbox_lane_state", "lane", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200))
    lane: Mapped[str] = mapped_column(String(128))
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))
    kind: Mapped[str] = mapped_column(String(16), default=OutboxKind.TEXT, server_default=OutboxKind.TEXT)
    text: Mapped[str] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text)
    route: Mapped[str | None] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    first_try_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime]
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    platform_id: Mapped[str | None] = mapped_column(String(256))
    good_until: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)


class Handout(Base):
    """One file for one person: as a message of the app (`outbox_id`), or by link until `link_until`."""

    __tablename__ = "handout"
    __table_args__ = (Index("ix_handout_outbox_id", "outbox_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lane: Mapped[str] = mapped_column(String(128))
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))
    link_until: Mapped[datetime | None]


class UploadedMedia(Base):
    """Bytes that lie with the platform under `media_id`, shown by this name; good until `good_until`."""

    __tablename__ = "uploaded_media"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    media_id: Mapped[str] = mapped_column(Text)
    good_until: Mapped[datetime]


class Card(Base):
    """A card with buttons, shown to the person of `lane` for one message; `brief` stands under its title. It takes one
    press: `pressed_by` is the inbox row of the press that counted, `pressed` the number (from 1) of the choice."""

    __tablename__ = "card"
    __table_args__ = (Index("ix_card_inbox_id", "inbox_id"),)

    task_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))
    lane: Mapped[str] = mapped_column(String(128))
    title: Mapped[str] = mapped_column(Text)
    brief: Mapped[str] = mapped_column(Text, server_default="")
    choices: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    pressed: Mapped[int | None]
    pressed_by: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))


class Setting(Base):
    """A value all processes share and that must survive a restart, such as the campaign clock's offset."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class ApiToken(Base):
    """The access token of one credential, shared by all processes.

    `refresh_until` is the lease of the one process that renews it; before `pause_until` nobody asks for a new one,
    because the last attempt failed.
    """

    __tablename__ = "api_token"

    credential: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str | None] = mapped_column(Text)
    refresh_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    refresh_owner: Mapped[str | None] = mapped_column(String(64))
    refresh_until: Mapped[datetime | None]
    pause_until: Mapped[datetime | None]
    pause_errcode: Mapped[int | None]
    pause_errmsg: Mapped[str | None] = mapped_column(Text)


class Offer(Base):
    """The choices last offered to a sender, so that a numbered reply ("1") can be understood."""

    __tablename__ = "offer"

    lane: Mapped[str] = mapped_column(String(128), primary_key=True)
    choices: Mapped[dict[str, Any]]
    offered_at: Mapped[datetime]
