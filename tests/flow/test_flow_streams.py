"""An answer that has left by another way is not shown a second time in the stream."""

from __future__ import annotations

from datetime import timedelta

import pytest
from installation import OUTSIDER, TEACHER, Installation
from sqlalchemy import select
from word_files import case_document

from store.schema.campaign import Case
from store.schema.mail import Outbox, OutboxState


def told(service: Installation, userid: str) -> int:
    """How many messages on this person's screen name the receipt."""
    with service.services.database.read() as session:
        receipt = session.scalars(select(Case.receipt)).one()
    return sum(receipt in shown.text for shown in service.platform.chat(userid) if shown.author != "person")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other way is taken at once, as after a restart that took longer than the platform may wait."""
    monkeypatch.setattr("bot.handling._COLLECT_WITHIN", timedelta(0))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("route", ["response_url", "app"])
def test_what_went_another_way_is_not_shown_again(service: Installation, route: str) -> None:
    service.platform.pace.refresh_every = 4.0
    if route == "app":
        service.platform.knobs.set("response_url", "status", 404)
    record = service.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))
    service.wait(lambda: service.settled() and service.outgoing_ended(), 30)
    assert record.reply
    assert not record.reply["stream"]["finish"]
    service.wait(lambda: service.platform.ledger.entries("stream_finished"), 30)

    assert told(service, TEACHER) == 1
    assert service.platform.chats.get(record.answer).text.strip()  # type: ignore[union-attr]


@pytest.mark.usefixtures("impatient")
def test_what_waited_for_the_next_message_may_still_be_collected(service: Installation) -> None:
    """No way was open; the platform asks after all; the next message does not bring it again."""
    service.platform.pace.refresh_every = 4.0
    service.platform.knobs.set("response_url", "status", 404)
    service.platform.send_file(OUTSIDER, "案例.docx", case_document(words=3600))
    service.wait(lambda: service.settled() and service.outgoing_ended(), 30)
    service.wait(lambda: service.platform.ledger.entries("stream_finished"), 30)
    service.platform.say(OUTSIDER, "什么时候截止")
    with service.services.database.read() as session:
        assert set(session.scalars(select(Outbox.state))) <= {OutboxState.ACCEPTED, OutboxState.HELD, OutboxState.SHOWN}
    assert told(service, OUTSIDER) == 1
