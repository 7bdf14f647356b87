"""Files on their way to people: as a message of the app, by a link that expires, and by a link when the app cannot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from handing_out import HIDDEN, NAME, PUBLIC, ask, fetch, files, link, shown, template
from installation import OUTSIDER, TEACHER, Backend, Installation, install, web_only
from sqlalchemy import select

from bot.handling import drain_lane
from bot.nudge import Waiting
from simulator.server import SimulatorServer
from store.schema.mail import Outbox, OutboxKind, OutboxState, UploadedMedia


@pytest.fixture
def service(sim: SimulatorServer, backend: object) -> Iterator[Installation]:
    with install(sim, backend, public_url=PUBLIC, secret_key="s" * 32) as running:
        yield running


def test_the_app_sends_the_file_after_its_text(service: Installation) -> None:
    ask(service, TEACHER, "app")
    messages = shown(service, TEACHER, "app")
    assert [each.kind for each in messages if each.kind != "card"] == ["text", "file"]
    assert f"📎 {NAME}（" in messages[0].text
    assert "/f/" not in messages[0].text
    assert files(service, TEACHER) == [template(service)]
    assert service.violations() == []


def test_asked_through_the_bot_the_file_still_comes_through_the_app(service: Installation) -> None:
    ask(service, TEACHER)
    assert "由应用单独发给您" in service.answer(TEACHER)
    assert files(service, TEACHER) == [template(service)]
    with service.services.database.read() as session:
        row = session.scalars(select(Outbox).where(Outbox.kind == OutboxKind.FILE)).one()
        assert row.state == OutboxState.ACCEPTED
        assert row.platform_id


def test_the_file_follows_as_soon_as_its_text_is_collected(sim: SimulatorServer, backend: Backend) -> None:
    """Nobody waits until the platform would have been given up."""
    nudges: list[Waiting] = []
    with web_only(sim, backend) as web:
        object.__setattr__(web.services, "nudge", nudges.append)
        web.platform.say(TEACHER, "模板发我")
        drain_lane(web.services, TEACHER)
        with web.services.database.read() as session:
            file = session.scalars(select(Outbox.id).where(Outbox.kind == OutboxKind.FILE)).one()
        seldom, *_ = (each.after for each in nudges if file in each.sends)
        nudges.clear()
        web.wait(lambda: web.platform.ledger.entries("stream_finished") and nudges)
    assert [(each.sends, each.after < seldom / 5) for each in nudges] == [((file,), True)]


def test_the_same_bytes_are_uploaded_once(service: Installation) -> None:
    ask(service, TEACHER, "app")
    ask(service, "es-teacher-1", "app")
    assert files(service, TEACHER) == files(service, "es-teacher-1") == [template(service)]
    assert len(service.platform.ledger.entries("upload")) == 1


def test_who_asks_again_gets_the_same_file_again(service: Installation) -> None:
    """The platform drops what is alike within four hours: the second file goes under another media id."""
    for _ in range(3):
        ask(service, TEACHER)
    assert files(service, TEACHER) == [template(service)] * 3
    assert service.platform.ledger.entries("duplicate") == []


def test_whom_the_app_cannot_know_gets_a_link_in_the_text(service: Installation) -> None:
    ask(service, HIDDEN)
    got = fetch(service, link(service, HIDDEN))
    assert got.status_code == 200
    assert got.content == template(service)
    assert service.platform.ledger.entries("upload") == []


def test_whom_the_app_does_not_reach_gets_a_link_afterwards(service: Installation) -> None:
    ask(service, OUTSIDER)
    assert fetch(service, link(service, OUTSIDER)).content == template(service)
    assert files(service, OUTSIDER) == []
    assert service.violations() == []


@pytest.mark.parametrize("errcode", [45001, 48002])
def test_a_refused_upload_becomes_a_link(service: Installation, errcode: int) -> None:
    service.platform.knobs.set("media/upload", "errcode", errcode)
    ask(service, TEACHER, "app")
    assert files(service, TEACHER) == []
    assert fetch(service, link(service, TEACHER, "app")).content == template(service)


def test_a_media_the_platform_has_lost_is_uploaded_again(service: Installation) -> None:
    ask(service, TEACHER)
    service.platform.expire_media()
    ask(service, TEACHER)
    assert files(service, TEACHER) == [template(service)] * 2
    assert len(service.platform.ledger.entries("upload")) == 2


def test_a_lost_answer_to_the_message_shows_the_file_once(service: Installation) -> None:
    service.platform.knobs.set("message/send", "drop")
    ask(service, TEACHER)
    assert files(service, TEACHER) == [template(service)]
    assert len(service.platform.ledger.entries("duplicate")) == 1


@pytest.mark.parametrize("fault", ["status", "drop"])
def test_a_send_that_stays_unclear_for_a_while_shows_the_file_once(
    service: Installation, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """Nobody knows whether it has arrived: the same bytes are sent until the platform says so."""
    monkeypatch.setattr("bot.delivering._wait", lambda _row, _error: timedelta(seconds=0.1))
    service.platform.knobs.set("message/send", fault, 502, times=4)
    ask(service, TEACHER)
    assert files(service, TEACHER) == [template(service)]
    with service.services.database.read() as session:
        row = session.scalars(select(Outbox).where(Outbox.kind == OutboxKind.FILE)).one()
    assert (row.state, row.attempts) == (OutboxState.ACCEPTED, 5)


def test_a_repeated_message_hands_out_once(service: Installation) -> None:
    record = service.platform.say(TEACHER, "模板发我", channel="app")
    service.platform.redeliver(record)
    service.wait(lambda: service.settled() and service.outgoing_ended())
    service.platform.redeliver(record, fresh=True)
    service.wait(lambda: service.settled() and service.outgoing_ended())
    assert len(files(service, TEACHER)) == 1


def test_what_was_uploaded_is_remembered_for_less_than_the_platform_keeps_it(service: Installation) -> None:
    ask(service, TEACHER)
    with service.services.database.read() as session:
        row = session.scalars(select(UploadedMedia)).one()
    left = row.good_until - service.services.clock.real()
    assert timedelta(days=2) < left < timedelta(days=3) - timedelta(hours=4)
