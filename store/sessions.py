"""Who is signed in with which browser, and who is on the way to it. All instants are real time."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from domain.roles import Actor
from store import people
from store.schema.campaign import Person
from store.schema.web import LoginAttempt, WebSession

ATTEMPT_FOR = timedelta(minutes=10)
SESSION_FOR = timedelta(hours=12)
IDLE_FOR = timedelta(hours=2)
_SEEN_EVERY = timedelta(minutes=5)


def hash_of(secret: str) -> str:
    """How a cookie or a state is kept: whoever reads the table cannot use it."""
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()


def begin_attempt(session: Session, *, state: str, browser: str, return_to: str, now: datetime) -> None:
    """Note that this browser (its cookie) goes to WeCom with this state. Old attempts and sessions are forgotten."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.expires_at <= now))
    session.execute(delete(WebSession).where(WebSession.expires_at <= now))
    attempt = LoginAttempt(
        state=hash_of(state), browser=hash_of(browser), return_to=return_to, expires_at=now + ATTEMPT_FOR
    )
    session.add(attempt)


def use_attempt(session: Session, *, state: str, browser: str, now: datetime) -> str | None:
    """Use up the attempt: where the browser wanted to go. None for a state that is unknown, used, old or another
    browser's; of several requests with one state at most one gets an answer."""
    mine = LoginAttempt.state == hash_of(state), LoginAttempt.browser == hash_of(browser)
    statement = delete(LoginAttempt).where(*mine, LoginAttempt.expires_at > now).returning(LoginAttempt.return_to)
    return session.scalar(statement)


def sign_in(session: Session, *, cookie: str, person_id: int, now: datetime) -> None:
    """Open a session under a cookie that was made for it."""
    row = WebSession(id=hash_of(cookie), person_id=person_id, made_at=now, seen_at=now, expires_at=now + SESSION_FOR)
    session.add(row)


def who(session: Session, cookie: str, now: datetime) -> tuple[Actor, bool] | None:
    """Whose session this is, as what they are now, and whether `note_seen` is due. None when it has ended."""
    row = session.get(WebSession, hash_of(cookie))
    if row is None or now >= row.expires_at or now - row.seen_at >= IDLE_FOR:
        return None
    person = session.scalar(select(Person).where(Person.id == row.person_id))
    return None if person is None else (people.as_actor(person), now - row.seen_at >= _SEEN_EVERY)


def note_seen(session: Session, cookie: str, now: datetime) -> None:
    """The session is in use. One that was revoked meanwhile stays so."""
    session.execute(update(WebSession).where(WebSession.id == hash_of(cookie)).values(seen_at=now))


def sign_out(session: Session, cookie: str) -> None:
    """End this session."""
    session.execute(delete(WebSession).where(WebSession.id == hash_of(cookie)))


def sign_out_everywhere(session: Session, person_id: int) -> int:
    """End all of this person's sessions. Returns how many there were."""
    ended = session.execute(delete(WebSession).where(WebSession.person_id == person_id))
    return cast("CursorResult[object]", ended).rowcount
