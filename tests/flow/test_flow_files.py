"""Files in chat: fetched, stored, checked, answered with a receipt; and what happens when they do not arrive whole."""

from __future__ import annotations

import hashlib
import re

import pytest
from installation import OUTSIDER, TEACHER, Installation
from sqlalchemy import select
from word_files import case_document

from store.schema.campaign import Case, Material
from store.schema.mail import Fetch, FetchState, Inbox, InboxState, Outbox, OutboxState

RECEIPT = re.compile(r"[A-Z][0-9]?-[0-9A-Z]{8}-[0-9A-Z]")


def test_a_word_file_ends_in_a_receipt_and_findings(service: Installation) -> None:
    data = case_document(words=2000)
    service.platform.send_file(TEACHER, "智慧课堂案例.docx", data)
    question = service.answer(TEACHER)
    service.platform.say(TEACHER, "B1")
    text = service.answer(TEACHER)

    receipt = RECEIPT.search(question)
    assert receipt
    assert receipt.group() in text
    assert "3500" in text
    assert "字数" in text
    with service.services.database.read() as session:
        material = session.scalars(select(Material)).one()
        assert material.sha256 == hashlib.sha256(data).hexdigest()
        assert session.scalars(select(Case)).one().category == "B1"
    with service.services.blobs.open_local(hashlib.sha256(data).hexdigest()) as path:
        assert path.read_bytes() == data
    assert service.violations() == []


def test_the_stream_shows_how_far_it_is(service: Installation) -> None:
    record = service.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))

    assert "正在接收" in record.reply["stream"]["content"]
    assert record.reply["stream"]["finish"] is False
    assert "类别" in service.answer(TEACHER)
    assert len(service.platform.ledger.entries("stream_finished")) == 1
    assert service.violations() == []


def test_received_is_said_only_when_the_bytes_are_stored(service: Installation) -> None:
    service.platform.knobs.set("media_url", "delay", 0.8)
    service.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))
    stored_when_said: list[bool] = []

    def watch() -> bool:
        if "收到" in service.last(TEACHER):
            with service.services.database.read() as session:
                stored_when_said.append(session.scalars(select(Fetch)).one().state == FetchState.STORED)
        return service.settled()

    service.wait(watch)
    assert all(stored_when_said)


def test_a_file_that_comes_broken_at_first_is_fetched_again(service: Installation) -> None:
    service.platform.knobs.set("media_url", "truncate")
    service.platform.knobs.set("media_url", "status", 503)
    service.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))

    assert "回执" in service.answer(TEACHER)
    with service.services.database.read() as session:
        assert session.scalars(select(Fetch)).one().state == FetchState.STORED


def test_a_file_the_platform_has_no_more_is_asked_for_again(service: Installation) -> None:
    service.platform.knobs.set("media_url", "status", 404, times=9)
    service.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))

    assert "重新发送" in service.answer(TEACHER)
    with service.services.database.read() as session:
        assert session.scalars(select(Material)).all() == []


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("旧案例.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096, "docx"),
        ("案例.pdf", b"%PDF-1.7\n" + b"0" * 500, "PDF"),
        ("空.docx", b"\0\0\0\0\0", "docx"),
    ],
    ids=["old-word", "pdf", "nonsense"],
)
def test_a_wrong_file_gets_its_sentence(service: Installation, name: str, data: bytes, expected: str) -> None:
    service.platform.send_file(TEACHER, name, data)
    assert expected in service.answer(TEACHER)


def test_a_result_after_the_stream_has_closed_takes_another_way(service: Installation) -> None:
    """Without refreshes the finished stream is never collected: the one-time address brings the result."""
    service.platform.pace.refresh_every = 3600
    service.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))

    service.wait(lambda: service.settled() and service.outgoing_ended(), timeout=60)
    with service.services.database.read() as session:
        row = session.scalars(select(Outbox)).one()
        assert (row.state, row.route) == (OutboxState.ACCEPTED, "response_url")
    assert "类别" in service.last(TEACHER)


def test_who_cannot_be_reached_reads_the_result_with_the_next_message(service: Installation) -> None:
    service.platform.pace.refresh_every = 3600
    service.platform.knobs.set("response_url", "errcode", 40058)
    service.platform.send_file(OUTSIDER, "案例.docx", case_document(words=3600))

    service.wait(lambda: service.settled() and service.outgoing_ended(), timeout=60)
    with service.services.database.read() as session:
        assert session.scalars(select(Outbox.state)).all() == [OutboxState.HELD]
    service.platform.pace.refresh_every = 0.1
    service.platform.say(OUTSIDER, "截止时间")
    service.wait(lambda: "5月20日" in service.last(OUTSIDER))
    assert "类别" in service.last(OUTSIDER)
    with service.services.database.read() as session:
        assert session.scalars(select(Outbox.state).order_by(Outbox.id)).first() == OutboxState.SHOWN


def test_messages_of_one_person_are_handled_in_order(service: Installation) -> None:
    """A category typed while the file is still on its way belongs to that file."""
    service.platform.knobs.set("media_url", "delay", 0.5)
    service.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))
    service.platform.say(TEACHER, "B1")
    service.wait(service.settled)
    with service.services.database.read() as session:
        states = session.scalars(select(Inbox.state).order_by(Inbox.id)).all()
        assert states == [InboxState.DONE, InboxState.DONE]
