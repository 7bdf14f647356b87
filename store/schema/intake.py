"""Files on their way to becoming cases: what the next file is for, files that are only checked, and ZIPs to confirm."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.root import Base


class Purpose(StrEnum):
    """What somebody said of the files to come. For the next one: it is only to be checked (预检), it is somebody else's
    case (代交). Until they say otherwise: supporting files of a case (补交支撑材料), the stamped table (盖章扫描版)."""

    PRECHECK = "precheck"
    DEPUTED = "deputed"
    SUPPORTING = "supporting"
    STAMPED = "stamped"


class AwaitedFile(Base):
    """What this person's next files are for, until `until`. The other columns are what was said of them."""

    __tablename__ = "awaited_file"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    category: Mapped[str | None] = mapped_column(String(16))
    school: Mapped[str | None] = mapped_column(String(128))
    contact: Mapped[str | None] = mapped_column(String(64))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    until: Mapped[datetime]


class Precheck(Base):
    """A file that was checked and counts nowhere. After `until` nothing of it is left.

    `code` names it to its owner, `looked` is what was found about it. `case_id` is the case it was turned into."""

    __tablename__ = "precheck"
    __table_args__ = (UniqueConstraint("inbox_id", "position"), UniqueConstraint("person_id", "code"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    code: Mapped[str] = mapped_column(String(8))
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"))
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), index=True)
    looked: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))


class Batch(Base):
    """A ZIP that a coordinator sent, listed and waiting for a word. `sealed_at` is when it was submitted."""

    __tablename__ = "batch"
    __table_args__ = (UniqueConstraint("inbox_id", "position"), UniqueConstraint("person_id", "code"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(8))
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    arrived_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)
    sealed_at: Mapped[datetime | None]


class BatchItem(Base):
    """One file of a ZIP: where it lay, what was found about it, and what it is to become.

    Without `sha256` it could not be used, for the reason in `trouble`. `left_out` is the coordinator's decision."""

    __tablename__ = "batch_item"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    path: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    trouble: Mapped[str] = mapped_column(Text)
    looked: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    category: Mapped[str | None] = mapped_column(String(16))
    school: Mapped[str | None] = mapped_column(String(128))
    contact: Mapped[str | None] = mapped_column(String(64))
    left_out: Mapped[bool]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
