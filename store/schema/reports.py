"""What a unit has reported (上报): its editions with the set that was frozen, their packages, and stamped tables."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.root import Base


class PackageState(StrEnum):
    """Where the ZIP of an edition's materials stands."""

    WAITING = "waiting"
    WORKING = "working"
    MADE = "made"
    FAILED = "failed"


class UnitReport(Base):
    """One edition of a unit's report. A unit has at most one that is not reopened.

    `content` is what was frozen: the summary table's head and rows, and the files of each case. `on_time` was decided
    by `arrived_at`, when the coordinator's word came. `person_id` is who reported. `inbox_id` is that message."""

    __tablename__ = "unit_report"
    __table_args__ = (
        UniqueConstraint("unit_id", "edition"),
        Index(
            "ix_unit_report_in_force",
            "unit_id",
            unique=True,
            sqlite_where=text("reopened_at IS NULL"),
            postgresql_where=text("reopened_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[str] = mapped_column(String(64))
    edition: Mapped[int] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))
    arrived_at: Mapped[datetime]
    on_time: Mapped[bool]
    content: Mapped[dict[str, Any]]
    reopened_at: Mapped[datetime | None]
    reopened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reopen_reason: Mapped[str | None] = mapped_column(Text)
    package_state: Mapped[str] = mapped_column(String(16), default=PackageState.WAITING)
    package_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    package_size: Mapped[int | None] = mapped_column(BigInteger)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime]
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]


class StampedTable(Base):
    """A picture or PDF that a coordinator sent as the unit's stamped summary table. What stands on it nobody checked.

    `on_time` was decided by `arrived_at`. `inbox_id` and `position` name the message and the file in it."""

    __tablename__ = "stamped_table"
    __table_args__ = (UniqueConstraint("inbox_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[str] = mapped_column(String(64), index=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    arrived_at: Mapped[datetime]
    on_time: Mapped[bool]
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"))
    position: Mapped[int] = mapped_column(Integer)
