"""What one sender and the bot last talked about: kept for half an hour, so that "那C类呢" and "原文" are understood."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain.chat import ChatType, Incoming
from store.rows import put_row
from store.schema.questions import Talk

REMEMBERED_FOR = timedelta(minutes=30)
_PARTED = ","
_TALK = select(Talk.about, Talk.clauses, Talk.at).where(Talk.thread == bindparam("thread"))


@dataclass(frozen=True, slots=True)
class Spoken:
    """`about` is the answer engine's own line, empty when nothing was spoken of; `clauses` are the ids last named."""

    about: str = ""
    clauses: tuple[str, ...] = ()


def recall(session: Session, message: Incoming, now: datetime) -> Spoken:
    """What was last spoken of in this chat with this sender; nothing if that is over 30 minutes ago."""
    row = session.connection().execute(_TALK, {"thread": thread_of(message)}).first()
    return Spoken() if row is None else spoken(row.about, row.clauses, row.at, now)


def spoken(about: str, clauses: str, at: datetime, now: datetime) -> Spoken:
    """What the columns of a row hold; nothing if it was spoken of over 30 minutes ago."""
    if not at <= now <= at + REMEMBERED_FOR:
        return Spoken()
    return Spoken(about, tuple(each for each in clauses.split(_PARTED) if each))


def remember(session: Session, message: Incoming, what: Spoken, now: datetime) -> None:
    """Keep what was spoken of, in place of what was before."""
    values = {"thread": thread_of(message), "about": what.about, "clauses": _PARTED.join(what.clauses), "at": now}
    put_row(session, Talk, values)


def thread_of(message: Incoming) -> str:
    """The key of what is remembered of this chat with this sender. One chat's memory never answers in another: what was
    said alone stays out of the group."""
    if message.chat is ChatType.SINGLE:
        return message.lane
    return hashlib.sha256(f"{message.chat_id}\n{message.lane}".encode()).hexdigest()
