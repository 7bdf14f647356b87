"""Of more messages to one member than the platform takes in a minute it loses the rest without a word: they wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from installation import ADMIN, COORDINATOR, PEOPLE, TEACHER, Backend, web_only
from shared_clock import SharedClock
from sqlalchemy import select

from bot.broadcasting import send_batch
from bot.delivering import deliver_one
from bot.services import Services
from domain.audience import Audience
from simulator.platform import PlatformSettings
from simulator.server import SimulatorServer
from store import audiences, batches, broadcasts, outbox, people
from store.schema.broadcasts import Batch, BatchState
from store.schema.mail import Outbox, OutboxState

MANY = 100


@pytest.fixture
def clock() -> SharedClock:
    return SharedClock()


@pytest.fixture
def platform_of_clock(clock: SharedClock) -> Iterator[SimulatorServer]:
    with SimulatorServer(PlatformSettings(people=PEOPLE), clock=clock.seconds) as server:
        yield server


def test_none_of_many_messages_to_one_member_is_lost(
    platform_of_clock: SimulatorServer, backend: Backend, clock: SharedClock
) -> None:
    with web_only(platform_of_clock, backend) as service:
        services = replace(service.services, clock=clock)
        _put(services, TEACHER, MANY)
        _put(services, COORDINATOR, 1)
        took = _deliver_all(services, clock)
        ledger = service.platform.ledger
        assert ledger.entries("dropped") == []
        texts = [shown.text for shown in service.platform.chat(TEACHER, "app")]
        assert texts == [f"第{number}条" for number in range(MANY)]
        assert len(ledger.entries("delivered", COORDINATOR)) == 1
        assert took < timedelta(minutes=15)
        assert service.violations() == []


def test_who_is_written_to_seldom_waits_for_nothing(
    platform_of_clock: SimulatorServer, backend: Backend, clock: SharedClock
) -> None:
    with web_only(platform_of_clock, backend) as service:
        services = replace(service.services, clock=clock)
        _put(services, TEACHER, 10)
        assert _deliver_all(services, clock) == timedelta(0)


def test_a_message_that_waited_often_still_has_all_its_tries(
    platform_of_clock: SimulatorServer, backend: Backend, clock: SharedClock
) -> None:
    """Waiting is no try: the last of many fails twice, and comes."""
    with web_only(platform_of_clock, backend) as service:
        services = replace(service.services, clock=clock)
        _put(services, TEACHER, 40)
        while _open(services) > 1:
            _deliver_due(services)
            clock.instant += timedelta(seconds=1)
        service.platform.knobs.set("message/send", "errcode", -1, times=2)
        _deliver_all(services, clock)
        assert len(service.platform.chat(TEACHER, "app")) == 40


def test_of_many_broadcasts_in_a_minute_the_third_waits(
    platform_of_clock: SimulatorServer, backend: Backend, clock: SharedClock
) -> None:
    with web_only(platform_of_clock, backend) as service:
        services = replace(service.services, clock=clock)
        for number in range(4):
            _confirm(services, f"第{number}次")
        began = clock.instant
        while _sent(services) < 4:
            assert _sent(services) <= 2 * (1 + (clock.instant - began) // timedelta(minutes=1))
            with services.database.read() as session:
                due = batches.due(session, clock.instant)
            for batch_id in due:
                send_batch(services, batch_id)
            clock.instant += timedelta(seconds=15)
        assert clock.instant - began < timedelta(minutes=5)
        texts = [shown.text for shown in service.platform.chat(TEACHER, "app")]
        assert sorted(texts) == [f"第{number}次" for number in range(4)]


def _confirm(services: Services, text: str) -> None:
    with services.database.begin() as session:
        admin = people.by_userid(session, ADMIN)
        everybody = audiences.find(session, services.notice, Audience(everybody=True), within=None)
        members = [each for each in everybody if each.userid in {TEACHER, COORDINATOR}]
        row = broadcasts.draft(session, broadcasts.Writing(admin.id, None, "两人", text), members, services.clock.now())
        assert broadcasts.confirm(session, row, services.clock.now())


def _sent(services: Services) -> int:
    with services.database.read() as session:
        return len(session.scalars(select(Batch.id).where(Batch.state == BatchState.SENT)).all())


def _put(services: Services, userid: str, many: int) -> None:
    with services.database.begin() as session:
        for number in range(many):
            now = services.clock.real()
            outbox.put(session, key=f"{userid}:{number}", lane=userid, text=f"第{number}条", now=now)


def _open(services: Services) -> int:
    with services.database.read() as session:
        waiting = select(Outbox.id).where(Outbox.state.in_((OutboxState.QUEUED, OutboxState.SENDING)))
        return len(session.scalars(waiting).all())


def _deliver_due(services: Services) -> None:
    with services.database.read() as session:
        due = outbox.due(session, services.clock.real(), limit=1000)
    for outbox_id in due:
        deliver_one(services, outbox_id)


def _deliver_all(services: Services, clock: SharedClock) -> timedelta:
    """Until nothing is open; how long it took."""
    began = clock.instant
    for _ in range(3600):
        _deliver_due(services)
        if not _open(services):
            return clock.instant - began
        clock.instant += timedelta(seconds=1)
    raise AssertionError(f"{_open(services)} are still open")
