"""Reports of units: one however many press, one edition in force, taken back whole; packages that survive a death."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from store import packages, reports
from store.blobs import StoredBlob
from store.database import Database
from store.reports import Filing
from store.schema.campaign import Audit, Case, CaseState, Person
from store.schema.mail import Inbox, InboxState
from store.schema.reports import PackageState, UnitReport

NOW = datetime(2023, 5, 18, 2, 0, tzinfo=UTC)
STATES = (CaseState.RECOMMENDED,) * 5 + (CaseState.SUBMITTED,) * 3 + (CaseState.NEEDS_FIX, CaseState.WITHDRAWN)


@pytest.fixture
def cases(database: Database) -> None:
    common = {"owner_id": 1, "category": "B1", "marks": [], "on_time": True, "revision": 1}
    moments = dict.fromkeys(("first_arrived_at", "created_at", "updated_at"), NOW)
    rows = [
        {"receipt": f"B1-{unit}-{number}", "unit_id": unit, "title": f"案例{number}", "state": state}
        for unit in ("enshi", "lichuan")
        for number, state in enumerate(STATES)
    ]
    with database.begin() as session:
        session.execute(insert(Person), [{"id": 1, "role": "coordinator"}])
        session.execute(insert(Case), [row | common | moments for row in rows])
        session.add(
            Inbox(
                id=1,
                channel="aibot",
                key="1",
                lane="a",
                message="{}",
                received_at=NOW,
                campaign_at=NOW,
                state=InboxState.WORKING,
                next_try_at=NOW,
            )
        )


def states(database: Database, unit: str) -> Counter[str]:
    with database.read() as session:
        return Counter(session.scalars(select(Case.state).where(Case.unit_id == unit)))


def press(database: Database, number: str, sign: str) -> bool:
    """One confirmation, as the handler does it: lock, compare, file."""
    with database.begin() as session:
        chosen = reports.chosen(session, "enshi", lock=True)
        if reports.in_force(session, "enshi") is not None or chosen.digest != sign:
            return False
        filing = Filing("enshi", number, 1, 1, NOW, on_time=True, content={})
        return reports.file(session, filing, chosen, NOW) is not None


@pytest.mark.usefixtures("cases")
def test_many_presses_at_one_moment_are_one_report(database: Database) -> None:
    with database.read() as session:
        sign = reports.chosen(session, "enshi").digest
    start, won = threading.Barrier(10), []

    def one(number: int) -> None:
        start.wait(20)
        won.append(press(database, f"R-{number}", sign))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 9 + [True]
    assert states(database, "enshi") == {"reported": 5, "not_selected": 3, "needs_fix": 1, "withdrawn": 1}
    assert states(database, "lichuan") == Counter(STATES)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(UnitReport)) == 1
        acts = Counter(session.scalars(select(Audit.act)))
        assert (acts["unit.reported"], acts["case.report"], acts["case.pass_over"]) == (1, 5, 3)


@pytest.mark.usefixtures("cases")
def test_a_changed_set_has_another_sign(database: Database) -> None:
    with database.begin() as session:
        before = reports.chosen(session, "enshi").digest
        session.scalars(select(Case).where(Case.receipt == "B1-enshi-8")).one().state = CaseState.SUBMITTED
    assert not press(database, "R-1", before)


@pytest.mark.usefixtures("cases")
def test_a_reopened_report_gives_everything_back_and_the_next_edition_counts_on(database: Database) -> None:
    for edition in (1, 2, 3):
        with database.read() as session:
            sign = reports.chosen(session, "enshi").digest
        assert press(database, f"R-{edition}", sign)
        with database.begin() as session:
            report = reports.in_force(session, "enshi")
            assert report is not None
            assert report.edition == edition
            assert reports.reopen(session, "enshi", actor_id=1, reason="漏了一个", now=NOW) is not None
            assert reports.reopen(session, "enshi", actor_id=1, reason="再来", now=NOW) is None
        assert states(database, "enshi") == Counter(STATES)
    with database.read() as session:
        assert reports.in_force(session, "enshi") is None


@pytest.mark.usefixtures("cases")
def test_a_package_is_made_by_one_and_found_again_after_a_death(database: Database) -> None:
    with database.read() as session:
        sign = reports.chosen(session, "enshi").digest
    assert press(database, "R-1", sign)
    with database.begin() as session:
        (report_id,) = packages.due(session, NOW)
        assert packages.claim(session, report_id, "dead", NOW) is not None
        assert packages.claim(session, report_id, "second", NOW) is None
    later = NOW + packages.LEASE + timedelta(seconds=1)
    with database.begin() as session:
        assert packages.return_leases(session, later) == 1
        assert packages.claim(session, report_id, "alive", later) is not None
        blob = StoredBlob("a" * 64, 7)
        assert not packages.finish(session, report_id, "dead", blob, later)
        assert packages.finish(session, report_id, "alive", blob, later)
        assert packages.due(session, later + timedelta(days=1)) == []


@pytest.mark.usefixtures("cases")
def test_a_package_that_never_works_is_given_up(database: Database) -> None:
    with database.read() as session:
        sign = reports.chosen(session, "enshi").digest
    assert press(database, "R-1", sign)
    now, given_up = NOW, []
    for _ in range(packages.MAX_ATTEMPTS):
        with database.begin() as session:
            row = packages.claim(session, 1, "me", now)
            assert row is not None
            given_up.append(packages.put_back(session, row, "me", now))
        now += timedelta(hours=1)
    assert given_up == [False] * (packages.MAX_ATTEMPTS - 1) + [True]
    with database.read() as session:
        assert reports.get(session, 1).package_state == PackageState.FAILED
        assert packages.due(session, now) == []
