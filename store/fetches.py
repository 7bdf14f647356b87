"""Every state move of fetch rows: files on their way from the platform to our disk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from store.rows import changed, count_changed
from store.schema.mail import Fetch, FetchState

# Short against the five minutes the platform keeps the bytes: what a dead process held must still be fetched in time.
LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to bring home: by `url` (AI bot) or `media_id` (app). After `expires_at` the platform has it no more."""

    kind: str
    url: str | None
    media_id: str | None
    told_name: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is home: its bytes are synced to disk under `sha256`."""

    name: str
    size: int
    sha256: str


def plan(session: Session, inbox_id: int, wanted: tuple[Wanted, ...], now: datetime) -> None:
    """Write one row for each file of a message."""
    for position, item in enumerate(wanted):
        session.add(
            Fetch(
                inbox_id=inbox_id,
                position=position,
                kind=item.kind,
                url=item.url,
                media_id=item.media_id,
                told_name=item.told_name,
                state=FetchState.WAITING,
                next_try_at=now,
                expires_at=item.expires_at,
            )
        )


def claim(session: Session, fetch_id: int, owner: str, now: datetime, lease: timedelta = LEASE) -> Fetch | None:
    """Take this file's lease if it is due and nobody holds it."""
    if not changed(
        session,
        update(Fetch)
        .where(
            Fetch.id == fetch_id,
            or_(
                (Fetch.state == FetchState.WAITING) & (Fetch.next_try_at <= now),
                (Fetch.state == FetchState.WORKING) & (Fetch.lease_until <= now),
            ),
        )
        .values(
            state=FetchState.WORKING,
            attempts=Fetch.attempts + 1,
            lease_owner=owner,
            lease_until=now + lease,
        ),
    ):
        return None
    return session.get(Fetch, fetch_id)


def renew(session: Session, fetch_id: int, owner: str, until: datetime) -> bool:
    """The download goes on: hold the lease until then. False if it was lost."""
    return changed(
        session,
        update(Fetch)
        .where(Fetch.id == fetch_id, Fetch.lease_owner == owner, Fetch.state == FetchState.WORKING)
        .values(lease_until=until),
    )


def store(session: Session, fetch_id: int, owner: str, stored: Stored) -> bool:
    """The bytes are on disk and synced: from here on the file counts as received. False if the lease was lost."""
    return changed(
        session,
        update(Fetch)
        .where(Fetch.id == fetch_id, Fetch.lease_owner == owner, Fetch.state == FetchState.WORKING)
        .values(
            state=FetchState.STORED,
            name=stored.name,
            size=stored.size,
            sha256=stored.sha256,
            url=None,  # a secret nobody needs any more
            lease_owner=None,
            lease_until=None,
            error=None,
        ),
    )


def give_up(session: Session, fetch_id: int, owner: str, error: str) -> bool:
    """The file cannot be had any more. `error` is a sentence for the person."""
    return changed(
        session,
        update(Fetch)
        .where(Fetch.id == fetch_id, Fetch.lease_owner == owner, Fetch.state == FetchState.WORKING)
        .values(state=FetchState.FAILED, url=None, error=error, lease_owner=None, lease_until=None),
    )


def put_back(session: Session, fetch_id: int, owner: str, error: str, next_try_at: datetime) -> bool:
    """It failed for now; try again at `next_try_at`."""
    return changed(
        session,
        update(Fetch)
        .where(Fetch.id == fetch_id, Fetch.lease_owner == owner, Fetch.state == FetchState.WORKING)
        .values(state=FetchState.WAITING, error=error, next_try_at=next_try_at, lease_owner=None, lease_until=None),
    )


def give_back(session: Session, fetch_id: int, owner: str, now: datetime) -> bool:
    """This process stops: whoever comes next may begin at once, and the try does not count."""
    return changed(
        session,
        update(Fetch)
        .where(Fetch.id == fetch_id, Fetch.lease_owner == owner, Fetch.state == FetchState.WORKING)
        .values(
            state=FetchState.WAITING,
            attempts=Fetch.attempts - 1,
            next_try_at=now,
            lease_owner=None,
            lease_until=None,
        ),
    )


def all_settled(session: Session, inbox_id: int) -> bool:
    """Whether every file of the message is stored or given up."""
    open_rows = session.scalar(
        select(func.count())
        .select_from(Fetch)
        .where(Fetch.inbox_id == inbox_id, Fetch.state.in_((FetchState.WAITING, FetchState.WORKING)))
    )
    return open_rows == 0


def of_message(session: Session, inbox_id: int) -> list[Fetch]:
    """The message's files in the order they came."""
    return list(session.scalars(select(Fetch).where(Fetch.inbox_id == inbox_id).order_by(Fetch.position)))


def due(session: Session, now: datetime, limit: int = 200) -> list[int]:
    """Ids of files that may be fetched now."""
    return list(
        session.scalars(
            select(Fetch.id)
            .where(
                or_(
                    (Fetch.state == FetchState.WAITING) & (Fetch.next_try_at <= now),
                    (Fetch.state == FetchState.WORKING) & (Fetch.lease_until <= now),
                )
            )
            .order_by(Fetch.id)
            .limit(limit)
        )
    )


def return_leases(session: Session, now: datetime) -> int:
    """Files whose process died may be fetched again. Returns how many."""
    return count_changed(
        session,
        update(Fetch)
        .where(Fetch.state == FetchState.WORKING, Fetch.lease_until <= now)
        .values(state=FetchState.WAITING, next_try_at=now, lease_owner=None, lease_until=None),
    )
