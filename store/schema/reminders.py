"""Reminders as rows: planned long before, decided at the moment of sending; and what people do not want to hear of."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.root import Base


class ReminderState(StrEnum):
    """`planned` waits for its time. `sent` has its outgoing message, alone or merged with others. `skipped` was not
    true, or not wanted, when its time came. `replaced` belonged to a deadline that was moved."""

    PLANNED = "planned"
    SENT = "sent"
    SKIPPED = "skipped"
    REPLACED = "replaced"


class WhyNot(StrEnum):
    """Why a reminder was not sent."""

    NOTHING_OWED = "nothing_owed"
    TOO_LATE = "too_late"
    MUTED = "muted"
    SNOOZED = "snoozed"
    LEFT = "left"
    UNREACHABLE = "unreachable"


_KEY = ("campaign", "stage", "kind", "person_id", "case_id", "occurrence", "deadline_version")


class Reminder(Base):
    """One reminder for one person. Its key is unique, so it is sent at most once, whoever plans or sends.

    `case_id` is 0 for a reminder that is about no single case. `occurrence` is the id of the notice's round, or tells
    the day it was put off to. `deadline_version` is the number of the deadline's change it was planned by, 0 for the
    printed one. All times are campaign time. `outbox_id` is the message that carries it."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint(*_KEY, name="uq_reminder_key"),
        Index("ix_reminder_state_due_at", "state", "due_at"),
        Index("ix_reminder_person_id", "person_id"),
        Index("ix_reminder_outbox_id", "outbox_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(String(64))
    stage: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    case_id: Mapped[int] = mapped_column(default=0)
    occurrence: Mapped[str] = mapped_column(String(40))
    deadline_version: Mapped[int]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    why_not: Mapped[str | None] = mapped_column(String(16))
    decided_at: Mapped[datetime | None]
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))


class ReminderMute(Base):
    """The person does not want to be reminded of this (别提醒我这个). `case_id` is 0 for what is about no case."""

    __tablename__ = "reminder_mute"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    case_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
