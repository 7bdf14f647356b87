"""Conversations about the notice: what was last talked about, what found no answer, what was answered officially."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.root import Base


class Why(StrEnum):
    """Why a question waits for a person: the bot did not know, or somebody pressed 不准确."""

    NOT_KNOWN = "not_known"
    DOUBTED = "doubted"


class Talk(Base):
    """What one sender and the bot last talked about: the answer engine's own line, and the clauses it named.

    `thread` is the sender's lane, in a group a digest of group and sender."""

    __tablename__ = "talk"

    thread: Mapped[str] = mapped_column(String(128), primary_key=True)
    about: Mapped[str] = mapped_column(Text)
    clauses: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class OpenQuestion(Base):
    """One question of one person that a person should answer. `group_id` is the id of the first question like it.

    `official_id` is the answer given, None while it waits; `dismissed_at` is when an
    admin put it aside. `reasons` are the numbers of the reasons given with 不准确 (protocol 2.4), joined by commas.
    """

    __tablename__ = "open_question"
    __table_args__ = (
        UniqueConstraint("inbox_id"),
        Index("ix_open_question_group_id", "group_id"),
        Index("ix_open_question_official_id_dismissed_at", "official_id", "dismissed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int | None]
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(String(16))
    reasons: Mapped[str] = mapped_column(String(64), default="")
    asked_at: Mapped[datetime]
    official_id: Mapped[int | None] = mapped_column(ForeignKey("official_answer.id"))
    dismissed_at: Mapped[datetime | None]


class OfficialAnswer(Base):
    """An answer the bureau gave beside the notice. Rows are only added: a row with `ends_id` takes that one back.

    So the highest id tells every process whether its engine still knows all of them.
    """

    __tablename__ = "official_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime]
    ends_id: Mapped[int | None] = mapped_column(ForeignKey("official_answer.id"))
