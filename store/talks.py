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
# Built once, and columns instead of an object: every question asks this.
_TALK = select(Talk.about, Talk.clauses, Talk.at).where(Talk.thread == bindparam("thread"))


@dataclass(frozen=True, slots=True)
class Spoken:
    """`about` is the answer engine's own line, empty when nothing was spoken of; `clauses` are the ids last named."""

    about: str = ""
    clauses: tuple[str, ...] = ()


def recall(session: Session, message: Incoming, now: datetime) -> Spoken:
    """What was last spoken of in this chat with this sender; nothing if that is over 30 minutes ago."""
    row = session.connection().execute(_TALK, {"thread": _thread(message)}).first()
    if row is None or not row.at <= now <= row.at + REMEMBERED_FOR:
        return Spoken()
    return Spoken(row.about, tuple(each for each in row.clauses.split(_PARTED) if each))


def remember(session: Session, message: Incoming, spoken: Spoken, now: datetime) -> None:
    """Keep what was spoken of, in place of what was before."""
    values = {"thread": _thread(message), "about": spoken.about, "clauses": _PARTED.join(spoken.clauses), "at": now}
    put_row(session, Talk, values)


def _thread(message: Incoming) -> str:
    """One chat's memory never answers in another: what was said alone stays out of the group."""
    if message.chat is ChatType.SINGLE:
        return message.lane
    return hashlib.sha256(f"{message.chat_id}\n{message.lane}".encode()).hexdigest()
