"""A finished answer has four ways to its person; whoever dies between them, it comes once and never not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from crash_run import recover_and_check, stage
from installation import OUTSIDER, TEACHER, Backend
from later import Clock, pass_time
from ledger_checker import Sent
from sqlalchemy import select
from supervised import supervised
from word_files import case_document

from simulator.platform import Platform
from store.database import Database
from store.schema.mail import Outbox, OutboxState

pytestmark = [pytest.mark.long, pytest.mark.timeout(400), pytest.mark.xdist_group("crash ways")]
DOCUMENT = case_document(3600, title="几条路上的案例")
SENT_AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def backend(make_backend: Callable[[str], AbstractContextManager[Backend]]) -> Iterator[Backend]:
    """The moves are the same on both; the matrix goes through them on PostgreSQL as well."""
    with make_backend("sqlite") as made:
        yield made


@pytest.mark.parametrize("point", ["before_reply", "after_reply_before_mark"])
@pytest.mark.parametrize("userid", [TEACHER, OUTSIDER], ids=["with the app", "without the app"])
def test_the_one_time_address_survives_its_process(backend: Backend, point: str, userid: str) -> None:
    """The platform never comes for the stream: the answer goes to the address, which is tried again after the kill."""
    with stage() as sim:
        sim.platform.pace.stream_life = 0
        with supervised(sim, backend, fail_points=f"{point}:1") as service:
            record = sim.platform.send_file(userid, "案例.docx", DOCUMENT)
            sim.platform.wait_for(service.died, 60)
            assert recover_and_check(sim.platform, service, [Sent(record, DOCUMENT)]) == []
        good = [entry for entry in sim.platform.ledger.entries("response_url") if entry.data["errcode"] == 0]
        assert len(good) == 1


def test_an_answer_handed_over_and_never_asked_for_again_comes_another_way(backend: Backend) -> None:
    """Killed as the platform came for it, started again when the platform had given up."""
    clock = Clock()
    with stage(clock) as sim, supervised(sim, backend, fail_points="after_hand_over_before_answer:1") as service:
        record = sim.platform.send_file(TEACHER, "案例.docx", DOCUMENT)
        sim.platform.wait_for(service.died, 60)
        pass_time(clock, service.settings.effective_database_url, timedelta(minutes=7))
        assert recover_and_check(sim.platform, service, [Sent(record, DOCUMENT)]) == []


def test_an_answer_that_had_left_is_not_sent_again(backend: Backend) -> None:
    """Killed between the answer and its mark, started again at once: the platform, which would ask, does not."""
    with stage() as sim, supervised(sim, backend, fail_points="after_answer_before_collected:1") as service:
        record = sim.platform.send_file(TEACHER, "案例.docx", DOCUMENT)
        sim.platform.wait_for(service.died, 60)
        assert recover_and_check(sim.platform, service, [Sent(record, DOCUMENT)]) == []
        assert sim.platform.ledger.entries("response_url") == []
        assert sim.platform.ledger.entries("accepted") == []


def told(platform: Platform, words: str, userid: str) -> int:
    """On how many messages of the service this person reads these words."""
    return sum(words in shown.text for shown in platform.chat(userid) if shown.author != "person")


def test_what_has_waited_is_not_lost_with_an_answer_nobody_got(backend: Backend) -> None:
    """Nobody tells us that an HTTP answer was read: a text that waits for the next message must outlive it."""
    with stage() as sim, supervised(sim, backend, fail_points="after_commit_before_nudge:1") as service:
        sim.platform.pace.bot_message_tries = 1
        database = Database(service.settings.effective_database_url)
        with database.begin() as session:
            session.add(waiting_text(OUTSIDER))
        asked = sim.platform.say(OUTSIDER, "字数要求是多少")
        assert not asked.acknowledged
        service.tend()
        sim.platform.say(OUTSIDER, "什么时候截止")

        def ended() -> bool:
            with database.read() as session:
                return set(session.scalars(select(Outbox.state))) <= {OutboxState.ACCEPTED, OutboxState.SHOWN}

        sim.platform.wait_for(lambda: told(sim.platform, "等着的话", OUTSIDER) and ended(), 40)
        database.close()
        assert told(sim.platform, "等着的话", OUTSIDER) == 1
        assert told(sim.platform, "2023年5月20日", OUTSIDER) == 1


def waiting_text(userid: str) -> Outbox:
    """A message that found no way to this person."""
    now = SENT_AT
    return Outbox(
        key="test:1", lane=userid, text="等着的话", state=OutboxState.HELD, created_at=now, next_try_at=now, attempts=1
    )
