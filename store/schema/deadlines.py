"""The deadline's changes, which are only ever added, and who has said that they know of one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.root import Base


class DeadlineChange(Base):
    """One decision about the deadline. Its number is one more than that of the change its author had seen, so that of
    two who decide at once one is told. `unit_id` None concerns all; `closes_at` None takes a unit's extension back.

    `before` is the deadline that held until then. `person_id` None means the installation's command line."""

    __tablename__ = "deadline_change"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[str | None] = mapped_column(String(64))
    closes_at: Mapped[datetime | None]
    before: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]


class DeadlineAck(Base):
    """Somebody has said that they know of a change (知道了)."""

    __tablename__ = "deadline_ack"

    change_id: Mapped[int] = mapped_column(ForeignKey("deadline_change.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]
