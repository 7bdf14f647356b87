"""Tables about people beside `Person`: contacts of single cases, codes that bind an identity, rosters not confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.root import Base


class CaseContact(Base):
    """Who answers for a case when that is not its owner: a coordinator submitted it for somebody who is not here."""

    __tablename__ = "case_contact"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    name: Mapped[str | None] = mapped_column(String(64))
    phone: Mapped[str | None] = mapped_column(String(32))


class BindingCode(Base):
    """A one-time code by which an opaque id of the AI bot becomes this person's. Only its hash is kept."""

    __tablename__ = "binding_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    issued_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class BindingTries(Base):
    """How many wrong codes were typed by a person since `since`."""

    __tablename__ = "binding_tries"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    count: Mapped[int]
    since: Mapped[datetime]


class RosterDraft(Base):
    """A roster somebody sent and has to confirm: its rows as read, and the digest of the changes that were shown."""

    __tablename__ = "roster_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    rows: Mapped[list[Any]] = mapped_column(JSON)
    shown: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
