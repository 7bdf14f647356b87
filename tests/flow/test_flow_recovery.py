"""Failures inside the service: the message is never lost, its sender never left without a word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from installation import ADMIN, COORDINATOR, TEACHER, Installation
from sqlalchemy import select
from word_files import case_document

from bot.nudge import Waiting
from store.schema.campaign import Audit
from store.schema.mail import Fetch, FetchState, Inbox, InboxState
from validators.sandbox import Sandbox

_SQLITE = "create trigger broken before insert on offer begin select raise(abort, 'broken'); end"
_POSTGRES = (
    "create function broken() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$",
    "create trigger broken before insert on offer for each row execute function broken()",
)


def break_offers(service: Installation) -> None:
    """From now on every answer that offers choices fails inside its transaction."""
    with service.services.database.engine.begin() as connection:
        for statement in (_SQLITE,) if service.services.database.is_sqlite else _POSTGRES:
            connection.exec_driver_sql(statement)


def mend_offers(service: Installation) -> None:
    on = "" if service.services.database.is_sqlite else " on offer"
    with service.services.database.engine.begin() as connection:
        connection.exec_driver_sql(f"drop trigger broken{on}")


def test_when_the_inline_answer_fails_the_worker_takes_over(service: Installation) -> None:
    break_offers(service)
    record = service.platform.say(TEACHER, "字数要求是多少")
    assert record.statuses == [200]
    assert record.reply["stream"]["finish"] is False

    mend_offers(service)
    assert "3500" in service.answer(TEACHER, timeout=60)


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses between attempts are configuration of the store; a test need not wait for them."""
    monkeypatch.setattr("store.inbox._RETRY_AFTER", (timedelta(0), timedelta(0)))


@pytest.mark.usefixtures("quick_retries")
def test_what_fails_three_times_is_told_to_its_sender_and_kept_for_the_admin(service: Installation) -> None:
    """The sandbox is gone for good: reading the file fails at every attempt."""
    service.services.sandbox.close()
    service.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))

    text = service.answer(TEACHER, timeout=60)
    assert "不用重发" in text
    assert "管理员" in text
    with service.services.database.read() as session:
        assert session.scalars(select(Inbox.state)).one() == InboxState.DEAD
        assert session.scalars(select(Fetch.state)).one() == FetchState.STORED
        assert "message.dead" in session.scalars(select(Audit.act)).all()


@pytest.mark.usefixtures("quick_retries")
def test_a_dead_message_does_not_hold_up_the_next(service: Installation) -> None:
    service.services.sandbox.close()
    service.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))
    service.wait(service.settled, 60)
    service.platform.say(TEACHER, "字数要求是多少")
    assert "3500" in service.last(TEACHER)


def test_a_message_that_kills_every_process_is_given_up(service: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody lives to put it back, so its attempts alone tell; without this it would kill the service for ever."""
    monkeypatch.setattr("store.inbox.MAX_ATTEMPTS", 0)
    service.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))
    assert "不用重发" in service.answer(TEACHER, timeout=60)
    with service.services.database.read() as session:
        assert session.scalars(select(Inbox.state)).one() == InboxState.DEAD


@pytest.mark.usefixtures("quick_retries")
def test_the_admin_is_told_of_what_was_given_up_and_sets_it_going_again(service: Installation) -> None:
    broken = service.services.sandbox
    broken.close()
    for number in range(2):
        service.platform.send_file(TEACHER, "案例.docx", case_document(3600, title=f"案例之{number}"))
    service.wait(service.settled, 60)
    service.wait(lambda: "失败消息" in service.last(ADMIN, "app"))
    assert sum("失败消息" in shown.text for shown in service.platform.chat(ADMIN, "app")) == 1  # one word an hour

    service.platform.say(ADMIN, "失败消息")
    listed = service.last(ADMIN)
    assert "没有处理成的消息 2 条" in listed
    assert listed.count("利川市 教师一　文件 1 个") == 2
    assert "案例.docx" not in listed

    mended = Sandbox()
    object.__setattr__(service.services, "sandbox", mended)
    service.platform.say(ADMIN, "1")
    assert "2 条消息" in service.last(ADMIN)
    service.services.nudge(Waiting(lanes=(TEACHER,)))
    service.wait(lambda: service.settled() and service.outgoing_ended(), 60)
    told = [shown.text for shown in service.platform.chat(TEACHER) if shown.author != "person"]
    assert sum("回执" in text for text in told) == 2
    service.platform.say(ADMIN, "失败消息")
    assert service.last(ADMIN) == "没有失败的消息。"
    mended.close()


def test_only_the_admin_sees_what_failed(service: Installation) -> None:
    service.platform.say(COORDINATOR, "失败消息")
    assert "没有处理成" not in service.answer(COORDINATOR)
    assert "没有失败的消息" not in service.answer(COORDINATOR)
