"""Uploads by web page, on their way and at their end."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.root import Base


class UploadState(StrEnum):
    """OPEN: bytes are still to come. COMPLETE: all are there and the message is in the inbox. TAKEN: the
    message's file is where all files lie. GONE: given up."""

    OPEN = "open"
    COMPLETE = "complete"
    TAKEN = "taken"
    GONE = "gone"


class Upload(Base):
    """One file on its way. `received` bytes of `size` are safe on the disk; `print` tells whether a file that is chosen
    later is the same. `ticket` is the link's nonce, `spent` the same once a file has come by it: good for one only.
    Everything is real time.
    """

    __tablename__ = "upload"
    __table_args__ = (Index("ix_upload_state_expires_at", "state", "expires_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ticket: Mapped[str] = mapped_column(String(16), index=True)
    spent: Mapped[str | None] = mapped_column(String(16), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    print: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(16))
    begun_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"), index=True)
