"""Broadcasts: what is to be said, to whom exactly, and how it ended for each of them; and the shared token buckets."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.root import Base


class BroadcastState(StrEnum):
    """`draft` has been shown and waits for its second confirmation; `cancelled` never went out."""

    DRAFT = "draft"
    CANCELLED = "cancelled"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


class BatchState(StrEnum):
    """One call of the platform: planned with the draft, on its way, ended in one of four ways, and perhaps taken back
    afterwards."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    STOPPED = "stopped"
    RECALL_QUEUED = "recall_queued"
    RECALLING = "recalling"
    RECALLED = "recalled"
    NOT_RECALLED = "not_recalled"


class BatchKind(StrEnum):
    """What the call shows: the text; behind it, to those who got it, the file and the card with 收到."""

    TEXT = "text"
    FILE = "file"
    CARD = "card"


class Reached(StrEnum):
    """How it ended for one person. `away`: no push reaches them, the text waits for their next message."""

    PLANNED = "planned"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    AWAY = "away"
    STOPPED = "stopped"


class Broadcast(Base):
    """One text for many, written by `sender_id`. `unit_id` is the unit it may not leave, None for the whole campaign.

    `audience` is how the recipients were described. `asks` is whether they are asked to acknowledge. `follows` is the
    broadcast whose unreached people this one is for. `awaits_file_until`: the sender's next file before then goes with
    it. `recalled_at` is when it was to be taken back: what is accepted only afterwards goes the same way."""

    __tablename__ = "broadcast"

    id: Mapped[int] = mapped_column(primary_key=True)
    sender_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[str | None] = mapped_column(String(64))
    audience: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    asks: Mapped[bool]
    state: Mapped[str] = mapped_column(String(16))
    total: Mapped[int]
    follows: Mapped[int | None] = mapped_column(ForeignKey("broadcast.id"))
    file_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    file_name: Mapped[str | None] = mapped_column(Text)
    file_size: Mapped[int | None] = mapped_column(BigInteger)
    awaits_file_until: Mapped[datetime | None]
    written_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    recalled_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Batch(Base):
    """At most a thousand recipients of a broadcast. `body` is fixed before the first try, and every try sends it.

    `unclear` is whether a try may have arrived although nobody said so; `recall_asked` the same of taking it back.
    A file or card goes to those of the text batch `after_id` who got that."""

    __tablename__ = "broadcast_batch"
    __table_args__ = (Index("ix_broadcast_batch_state_next_try_at", "state", "next_try_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcast.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16), default=BatchKind.TEXT, server_default=BatchKind.TEXT)
    after_id: Mapped[int | None] = mapped_column(ForeignKey("broadcast_batch.id"), index=True)
    unclear: Mapped[bool] = mapped_column(default=False, server_default=false())
    recall_asked: Mapped[bool] = mapped_column(default=False, server_default=false())
    body: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    first_try_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime]
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    platform_id: Mapped[str | None] = mapped_column(String(256))
    reason: Mapped[str | None] = mapped_column(Text)


class Recipient(Base):
    """One person of a broadcast. `userid` is the app's id they are pushed to, None for who talks to the AI bot only."""

    __tablename__ = "broadcast_recipient"
    __table_args__ = (
        Index("ix_broadcast_recipient_batch_id", "batch_id"),
        Index("ix_broadcast_recipient_person_id", "person_id"),
    )

    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcast.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    userid: Mapped[str | None] = mapped_column(String(128))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("broadcast_batch.id"))
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    acknowledged_at: Mapped[datetime | None]


class Bucket(Base):
    """Tokens that all processes take from: `thousandths` of one were left at `at`. None until `closed_until`."""

    __tablename__ = "bucket"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    thousandths: Mapped[int]
    at: Mapped[datetime]
    closed_until: Mapped[datetime | None]
