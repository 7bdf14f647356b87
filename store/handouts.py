"""Files on their way to people: as messages of the app, or by links that expire; and what lies with the platform."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.chat import OutgoingFile
from store.rows import put_row
from store.schema.mail import Handout, UploadedMedia

LINK_FOR = timedelta(days=7)
# A temporary media lives three days (protocol 5.1); a message may be retried for some hours.
_MEDIA_FOR = timedelta(days=2, hours=12)


def add(session: Session, lane: str, file: OutgoingFile, now: datetime, *, outbox_id: int | None = None) -> Handout:
    """Note that this person is to get the file. Its blob must be recorded. Without `outbox_id` it has no way yet."""
    row = Handout(
        lane=lane, sha256=file.sha256, name=file.name, size=file.size, made_at=now, outbox_id=outbox_id, link_until=None
    )
    session.add(row)
    session.flush()
    return row


def of_outbox(session: Session, outbox_id: int) -> Handout | None:
    """The file of this outgoing message."""
    return session.scalar(select(Handout).where(Handout.outbox_id == outbox_id))


def open_link(row: Handout, now: datetime) -> None:
    """From now on and for seven days the file may be fetched by its link."""
    row.link_until = now + LINK_FOR


def behind_link(session: Session, handout_id: int, now: datetime) -> Handout | None:
    """The file of a link that is still good."""
    row = session.get(Handout, handout_id)
    return row if row is not None and row.link_until is not None and now < row.link_until else None


class StoredFile(Protocol):
    """Bytes that lie in the blob store, and the name people see."""

    @property
    def sha256(self) -> str:
        """Which bytes."""

    @property
    def name(self) -> str:
        """How they are called."""

    @property
    def size(self) -> int:
        """How many they are."""


def uploaded(session: Session, row: StoredFile, now: datetime) -> str | None:
    """The media id under which the platform still has these bytes by this name."""
    found = session.get(UploadedMedia, (row.sha256, row.name), populate_existing=True)
    return found.media_id if found is not None and now < found.good_until else None


def note_upload(session: Session, row: StoredFile, media_id: str, now: datetime) -> None:
    """Remember the upload, so that the same bytes by the same name need not travel again."""
    values = {"sha256": row.sha256, "name": row.name, "media_id": media_id, "good_until": now + _MEDIA_FOR}
    put_row(session, UploadedMedia, values)


def forget_upload(session: Session, row: StoredFile) -> None:
    """The platform does not know this media any more."""
    session.execute(delete(UploadedMedia).where(UploadedMedia.sha256 == row.sha256, UploadedMedia.name == row.name))
