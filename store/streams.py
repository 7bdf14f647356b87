"""The AI bot's growing answers. A stream is open until `closes_at`; its last content is marked finished."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from store.rows import changed
from store.schema.mail import Stream

# The platform asks for refreshes for 6 minutes after the message (protocol 2.5); we stop with a margin of 30 s.
OPEN_FOR = timedelta(minutes=5, seconds=30)
_ASKED_FOR = timedelta(minutes=6, seconds=15)  # after this it certainly asks no more
# A response_url lives one hour (protocol 2.6); again with a margin.
RESPONSE_URL_FOR = timedelta(minutes=58)
_OPEN = insert(Stream)  # built once, and no object: every callback of the AI bot does this


def open_stream(
    session: Session,
    inbox_id: int,
    stream_id: str,
    content: str,
    *,
    response_url: str,
    received_at: datetime,
    finished: bool = False,
) -> None:
    """Begin the answer to a message; a repeated callback will find the same stream.

    `finished` at once is right for inline answers, and for events that no stream may answer: there the row only keeps
    the one-time reply address.
    """
    values = {
        "id": stream_id,
        "inbox_id": inbox_id,
        "content": content,
        "finished": finished,
        "opened_at": received_at,
        "closes_at": received_at + OPEN_FOR,
        "response_url": response_url or None,
        "response_url_until": received_at + RESPONSE_URL_FOR if response_url else None,
        "response_url_used": False,
    }
    session.connection().execute(_OPEN, values)


def asked_until(stream: Stream) -> datetime:
    """When the platform asks for this stream no more."""
    return stream.opened_at + _ASKED_FOR


def find(session: Session, stream_id: str) -> Stream | None:
    """The stream with this id."""
    return session.get(Stream, stream_id)


def of_message(session: Session, inbox_id: int) -> Stream | None:
    """The stream that answers this message, if it came through the AI bot."""
    return session.scalar(select(Stream).where(Stream.inbox_id == inbox_id))


def grow(session: Session, inbox_id: int, content: str, now: datetime) -> bool:
    """Show progress: replace the content of an unfinished stream. False when it is finished or closed."""
    return changed(
        session,
        update(Stream)
        .where(Stream.inbox_id == inbox_id, Stream.finished.is_(False), Stream.closes_at > now)
        .values(content=content),
    )


def finish(session: Session, inbox_id: int, content: str, now: datetime) -> bool:
    """Put the last content into a stream that is still open. False: too late, the result needs another way."""
    return changed(
        session,
        update(Stream)
        .where(Stream.inbox_id == inbox_id, Stream.finished.is_(False), Stream.closes_at > now)
        .values(content=content, finished=True),
    )


def close(session: Session, stream_id: str, content: str) -> bool:
    """End a stream whose time is up with `content`, if nobody has finished it."""
    return changed(
        session,
        update(Stream).where(Stream.id == stream_id, Stream.finished.is_(False)).values(content=content, finished=True),
    )


def take_response_url(session: Session, inbox_id: int, now: datetime) -> str | None:
    """The one-time reply address, if it is still good and nobody has taken it: it is the caller's from now on."""
    stream = of_message(session, inbox_id)
    if stream is None or not changed(
        session,
        update(Stream)
        .where(Stream.id == stream.id, Stream.response_url_used.is_(False))
        .values(response_url_used=True),
    ):
        return None
    return taken_response_url(session, inbox_id, now)


def taken_response_url(session: Session, inbox_id: int, now: datetime) -> str | None:
    """The address again, for whoever has taken it; None once it is out of time or forgotten."""
    stream = of_message(session, inbox_id)
    if stream is None or stream.response_url_until is None or stream.response_url_until <= now:
        return None
    return stream.response_url


def forget_response_url(session: Session, inbox_id: int) -> None:
    """The address has done its work: it is a secret, and is kept no longer."""
    session.execute(update(Stream).where(Stream.inbox_id == inbox_id).values(response_url=None))
