"""Every state move of an upload by web page. All instants are real time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from store.rows import changed
from store.schema.mail import Outbox, OutboxKind
from store.schema.uploads import Upload, UploadState


def begin(
    session: Session,
    *,
    upload_id: str,
    ticket: str,
    person_id: int,
    name: str,
    file_print: str,
    size: int,
    now: datetime,
    expires_at: datetime,
) -> Upload:
    """An upload of which nothing has come yet."""
    row = Upload(
        id=upload_id,
        ticket=ticket,
        person_id=person_id,
        name=name,
        print=file_print,
        size=size,
        received=0,
        state=UploadState.OPEN,
        begun_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    return row


def get(session: Session, upload_id: str, ticket: str) -> Upload | None:
    """The upload, if it belongs to this ticket."""
    row = session.get(Upload, upload_id)
    return row if row is not None and row.ticket == ticket else None


def of_ticket(session: Session, ticket: str) -> list[Upload]:
    """Everything that was begun with this ticket, the newest first."""
    query = select(Upload).where(Upload.ticket == ticket)
    return list(session.scalars(query.order_by(Upload.begun_at.desc(), Upload.id)))


def make_way(session: Session, person_id: int, most: int) -> list[str]:
    """Give up the oldest of this person's uploads on their way, so that one more makes at most `most`. Returns ids."""
    mine = Upload.person_id == person_id, Upload.state == UploadState.OPEN
    newest = select(Upload).where(*mine).order_by(Upload.begun_at.desc(), Upload.id)
    dropped = session.scalars(newest.offset(most - 1)).all()
    for row in dropped:
        row.state = UploadState.GONE
    return [row.id for row in dropped]


def still_to_come(session: Session, now: datetime) -> int:
    """How many bytes all uploads on their way have promised and not yet sent."""
    query = select(func.sum(Upload.size - Upload.received))
    on_the_way = Upload.state == UploadState.OPEN, Upload.expires_at > now
    return int(session.scalar(query.where(*on_the_way)) or 0)


def advance(session: Session, upload_id: str, before: int, received: int) -> bool:
    """More bytes are safe. False if the upload is not open any more or somebody else got further."""
    return changed(
        session,
        update(Upload)
        .where(Upload.id == upload_id, Upload.state == UploadState.OPEN, Upload.received == before)
        .values(received=received),
    )


def complete(session: Session, upload_id: str, inbox_id: int) -> list[str]:
    """All bytes are there and `inbox_id` is the message they came as; the ticket is spent and what else was begun with
    it given up. Returns the ids of those. Raises sqlalchemy.exc.IntegrityError when the ticket was spent before."""
    row = session.get_one(Upload, upload_id)
    row.state, row.inbox_id, row.spent = UploadState.COMPLETE, inbox_id, row.ticket
    session.flush()
    others = [each for each in of_ticket(session, row.ticket) if each.state == UploadState.OPEN]
    for each in others:
        each.state = UploadState.GONE
    return [each.id for each in others]


def give_up(session: Session, upload_id: str) -> bool:
    """It will not be continued. False if it was not open."""
    statement = update(Upload).where(Upload.id == upload_id, Upload.state == UploadState.OPEN)
    return changed(session, statement.values(state=UploadState.GONE))


def expired(session: Session, now: datetime) -> list[str]:
    """Ids of uploads whose time is over."""
    query = select(Upload.id).where(Upload.state == UploadState.OPEN, Upload.expires_at <= now)
    return list(session.scalars(query))


def of_message(session: Session, inbox_id: int) -> Upload | None:
    """The upload a message came as."""
    return session.scalar(select(Upload).where(Upload.inbox_id == inbox_id))


def take(session: Session, upload_id: str) -> None:
    """Its bytes lie with all others now, or cannot be had: the upload's own file is not needed any more."""
    statement = update(Upload).where(Upload.id == upload_id, Upload.state == UploadState.COMPLETE)
    session.execute(statement.values(state=UploadState.TAKEN))


def needed(session: Session, ids: list[str]) -> set[str]:
    """Which of these still need a file of their own."""
    waits = Upload.state.in_((UploadState.OPEN, UploadState.COMPLETE))
    return set(session.scalars(select(Upload.id).where(Upload.id.in_(ids), waits)))


def answer_to(session: Session, inbox_id: int) -> list[str]:
    """The texts with which the message was answered, in their order."""
    query = select(Outbox.text).where(Outbox.inbox_id == inbox_id, Outbox.kind == OutboxKind.TEXT)
    return list(session.scalars(query.order_by(Outbox.id)))
