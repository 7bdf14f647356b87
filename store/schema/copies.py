"""What was made of files and said about their checks: copies, each made once, and findings that people doubt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.root import Base


class FileCopy(Base):
    """A copy made of the file `sha256` by an order (`order_sha256`: what was asked, without names and times).

    `copy_sha256` is the blob of the copy; without one `refused` says in Chinese why there can be none. `changes` are
    the lines that tell what was changed."""

    __tablename__ = "file_copy"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    order_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    copy_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    size: Mapped[int] = mapped_column(Integer)
    refused: Mapped[str] = mapped_column(Text)
    changes: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]


class Misjudgement(Base):
    """A finding that the owner of the file holds to be wrong: the finding as shown, and what was measured.

    `finding_key` tells the findings of a report apart, so that saying it twice is one row. `upheld` is what an admin
    decided at `closed_at`: True when the check was wrong. Both are None while the doubt is open."""

    __tablename__ = "misjudgement"
    __table_args__ = (
        UniqueConstraint("material_id", "category", "finding_key"),
        Index("ix_misjudgement_case_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"))
    category: Mapped[str] = mapped_column(String(16))
    finding_key: Mapped[str] = mapped_column(String(64))
    finding: Mapped[dict[str, Any]]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    upheld: Mapped[bool | None]
