"""Leases: renewed while the work goes on, lost soon after its process, and never a way to work for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.leases import LeaseKeeper
from store import fetches, inbox
from store.database import Database
from store.schema.mail import Fetch, Inbox, InboxState, Lane

NOW = datetime(2023, 5, 6, 1, tzinfo=UTC)


def message(session: Session, state: InboxState) -> Inbox:
    arrival = inbox.Arrival("aibot", "m1", "teacher", "{}", NOW, NOW)
    return session.get_one(Inbox, inbox.accept(session, arrival, state))


def fetch_of(session: Session) -> int:
    row = message(session, InboxState.FETCHING)
    wanted = fetches.Wanted("file", "https://files.example/1", None, "案例.docx", NOW + timedelta(minutes=4))
    fetches.plan(session, row.id, (wanted,), NOW)
    session.flush()
    return fetches.of_message(session, row.id)[0].id


@pytest.mark.parametrize("renewed", [True, False])
def test_a_download_keeps_its_lease_while_it_goes_on(database: Database, *, renewed: bool) -> None:
    with database.begin() as session:
        number = fetch_of(session)
        assert fetches.claim(session, number, "a", NOW) is not None
    later = NOW + fetches.LEASE - timedelta(seconds=1)
    if renewed:
        keeper = LeaseKeeper()
        with keeper.renewing(lambda session, now: fetches.renew(session, number, "a", now + fetches.LEASE)):
            keeper.renew(database, later)
        keeper.renew(database, later + timedelta(hours=1))  # nothing is held any more
    with database.begin() as session:
        taken = fetches.claim(session, number, "b", NOW + fetches.LEASE)
        assert (taken is None) is renewed
        assert fetches.renew(session, number, "a", NOW) is renewed
        assert session.get_one(Fetch, number).lease_owner == ("a" if renewed else "b")


def test_message_and_lane_are_held_together(database: Database) -> None:
    with database.begin() as session:
        row = message(session, InboxState.READY)
        assert inbox.claim(session, "teacher", "a", NOW, timedelta(seconds=2)) is row
    later = NOW + timedelta(seconds=1)
    with database.begin() as session:
        assert inbox.renew(session, row, "a", later + timedelta(seconds=2))
        assert not inbox.renew(session, row, "b", later + timedelta(hours=1))
    with database.read() as session:
        held = {session.get_one(Inbox, row.id).lease_until, session.get_one(Lane, "teacher").lease_until}
        assert held == {later + timedelta(seconds=2)}


def test_with_the_database_away_nothing_is_raised() -> None:
    keeper = LeaseKeeper(timedelta(seconds=5))
    asked = []
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with keeper.renewing(lambda session, now: (asked.append(now), session.execute(text("select 1")))):
        keeper.renew(away, NOW)
    away.close()
    assert asked == [NOW]
    assert keeper.length(fetches.LEASE) == timedelta(seconds=5)
    assert LeaseKeeper().length(fetches.LEASE) == fetches.LEASE
