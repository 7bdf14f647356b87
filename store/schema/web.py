"""What browsers have with us: attempts to sign in, sessions, and what acts on pages were answered with. Cookies and
states are kept as their hashes only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.schema.root import Base


class LoginAttempt(Base):
    """A browser on its way to WeCom and back. `state` is the hash of the state it carries, `browser` that of the cookie
    it was given; the row is gone once it has been used."""

    __tablename__ = "login_attempt"

    state: Mapped[str] = mapped_column(String(64), primary_key=True)
    browser: Mapped[str] = mapped_column(String(64))
    return_to: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class WebSession(Base):
    """A browser that is signed in as a person. `id` is the hash of its cookie; the row is gone once it is revoked."""

    __tablename__ = "web_session"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class WebAnswer(Base):
    """The answer to an act on a page, which has an inbox row as if it had been said."""

    __tablename__ = "web_answer"

    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    choices: Mapped[dict[str, Any]]
