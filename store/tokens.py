"""Every state move of the shared access token: compare-and-swap, one refresher, a pause after a failure."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from store.rows import changed
from store.schema.mail import ApiToken


def find(session: Session, credential: str) -> ApiToken | None:
    """The row of this credential."""
    return session.get(ApiToken, credential, populate_existing=True)


def replace(
    session: Session, credential: str, failed: str | None, *, value: str, refresh_at: datetime, expires_at: datetime
) -> bool:
    """Store a new token if the stored one is `failed` (None: nothing stored), and clear the pause."""
    _ensure(session, credential)
    return changed(
        session,
        update(ApiToken)
        .where(
            ApiToken.credential == credential,
            or_(ApiToken.value.is_(None), ApiToken.value == failed),
        )
        .values(
            value=value,
            refresh_at=refresh_at,
            expires_at=expires_at,
            pause_until=None,
            pause_errcode=None,
            pause_errmsg=None,
        ),
    )


def acquire(session: Session, credential: str, owner: str, lease: timedelta, now: datetime) -> bool:
    """Become the only refresher until the lease ends. False when somebody else is."""
    _ensure(session, credential)
    return changed(
        session,
        update(ApiToken)
        .where(
            ApiToken.credential == credential,
            or_(
                ApiToken.refresh_owner.is_(None),
                ApiToken.refresh_owner == owner,
                ApiToken.refresh_until <= now,
            ),
        )
        .values(refresh_owner=owner, refresh_until=now + lease),
    )


def release(session: Session, credential: str, owner: str) -> None:
    """Stop being the refresher; nothing happens when `owner` is not."""
    session.execute(
        update(ApiToken)
        .where(ApiToken.credential == credential, ApiToken.refresh_owner == owner)
        .values(refresh_owner=None, refresh_until=None)
    )


def pause(session: Session, credential: str, until: datetime, errcode: int | None, errmsg: str) -> None:
    """Nobody asks for a token before `until`."""
    _ensure(session, credential)
    session.execute(
        update(ApiToken)
        .where(ApiToken.credential == credential)
        .values(pause_until=until, pause_errcode=errcode, pause_errmsg=errmsg)
    )


def _ensure(session: Session, credential: str) -> None:
    if session.get(ApiToken, credential) is not None:
        return
    try:
        with session.begin_nested():
            session.add(ApiToken(credential=credential))
    except IntegrityError:
        session.expire_all()
