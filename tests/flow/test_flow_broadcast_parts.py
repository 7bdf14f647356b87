"""What goes behind the text of a broadcast: its file, and the card on which people say that they have got it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from installation import ADMIN, COORDINATOR, PEOPLE, TEACHER, Backend, Installation, install, web_only
from shared_clock import SharedClock
from sqlalchemy import insert, select

from bot.broadcasting import send_batch
from bot.services import Services
from domain.audience import Audience
from domain.chat import Channel, OutgoingFile
from domain.roles import Role
from simulator.platform import Person, PlatformSettings
from simulator.server import SimulatorServer
from store import audiences, batches, broadcasts, people
from store.broadcasts import BATCH
from store.schema import campaign
from store.schema.broadcasts import Batch, BatchState, Recipient

PDF = b"%PDF-1.4\n%%EOF\n"
MEMBERS = tuple(f"many-{number:04d}" for number in range(BATCH + 5))
OTHER = "es-teacher-1"


@dataclass
class Town:
    """A service whose workers stand still, on the clock of its platform."""

    service: Installation
    services: Services
    clock: SharedClock

    def confirm(self, userids: Sequence[str], text: str) -> int:
        """A broadcast with a file, asked to be acknowledged, confirmed."""
        services = self.services
        with services.blobs.receive() as writer:
            writer.write(PDF)
        assert writer.stored is not None
        file = OutgoingFile("安排.pdf", writer.stored.sha256, writer.stored.size)
        with services.database.begin() as session:
            boss = people.by_userid(session, ADMIN)
            everybody = audiences.find(session, services.notice, Audience(everybody=True), within=None)
            members = [each for each in everybody if each.userid in set(userids)]
            writing = broadcasts.Writing(boss.id, None, "这些人", text, asks=True, file=file)
            row = broadcasts.draft(session, writing, members, services.clock.now())
            assert broadcasts.confirm(session, row, services.clock.now())
            return row.id

    def finish(self) -> None:
        """Until nothing is on its way; time passes."""
        for _ in range(40):
            with self.services.database.read() as session:
                due = batches.due(session, self.clock.instant)
                open_ones = session.scalars(
                    select(Batch.id).where(Batch.state.in_((BatchState.QUEUED, BatchState.SENDING)))
                ).all()
            if not open_ones:
                return
            for batch_id in due:
                send_batch(self.services, batch_id)
            self.clock.instant += timedelta(minutes=5)
        raise AssertionError("not over")

    def got(self, kind: str) -> Counter[str]:
        """How often each member has been brought something of this kind."""
        entries = self.service.platform.ledger.entries("delivered")
        mine = {entry.data["msgid"] for entry in self.calls()}
        return Counter(e.userid for e in entries if e.data["msgtype"] == kind and e.data["msgid"] in mine)

    def calls(self) -> list[object]:
        """The calls for more people than one."""
        entries = self.service.platform.ledger.entries("accepted")
        return [entry for entry in entries if "|" in entry.data["body"]["touser"]]

    def uploads(self) -> int:
        return len(self.service.platform.ledger.entries("upload"))


@pytest.fixture
def town(backend: Backend) -> Iterator[Town]:
    clock = SharedClock()
    many = tuple(Person(userid, userid) for userid in MEMBERS)
    with (
        SimulatorServer(PlatformSettings(people=(*PEOPLE, *many)), clock=clock.seconds) as sim,
        web_only(sim, backend) as service,
    ):
        yield Town(service, replace(service.services, clock=clock), clock)


def enrol_many(services: Services) -> None:
    with services.database.begin() as session:
        rows = [{"app_userid": each, "name": each, "role": Role.TEACHER, "unit_id": "lichuan"} for each in MEMBERS]
        session.execute(insert(campaign.Person), rows)
        known = select(campaign.Person.id, campaign.Person.app_userid)
        found = session.execute(known.where(campaign.Person.app_userid.in_(MEMBERS)))
        identities = [{"channel": Channel.APP, "external_id": userid, "person_id": number} for number, userid in found]
        session.execute(insert(campaign.Identity), identities)


def test_a_file_is_uploaded_once_and_goes_behind_the_text(town: Town) -> None:
    """Once for all batches, and once more for the next broadcast only when the platform has forgotten it."""
    enrol_many(town.services)
    town.confirm(MEMBERS, "请看安排")
    town.finish()
    everybody = Counter(MEMBERS)
    assert town.uploads() == 1
    assert (town.got("text"), town.got("file"), town.got("card")) == (everybody, everybody, everybody)
    kinds = [shown.text for shown in town.service.platform.chat(MEMBERS[0], "app")]
    assert kinds[:2] == ["请看安排", "安排.pdf"]
    town.confirm([TEACHER, COORDINATOR], "再看安排")
    town.finish()
    assert town.uploads() == 1
    town.clock.instant += timedelta(days=3, hours=1)
    town.confirm([TEACHER, COORDINATOR], "三天以后再看")
    town.finish()
    assert town.uploads() == 2
    assert town.got("file")[TEACHER] == 2
    assert town.service.violations() == []


def test_the_same_file_to_the_same_people_comes_again(town: Town) -> None:
    """Under the same id the platform would take it for one message sent twice, and drop it."""
    for text in ("请看安排", "请再看一次安排"):
        town.confirm([TEACHER, COORDINATOR], text)
        town.finish()
    assert town.got("file") == {TEACHER: 2, COORDINATOR: 2}
    assert town.service.platform.ledger.entries("duplicate") == []


def test_a_file_that_the_platform_has_lost_is_uploaded_again(town: Town) -> None:
    town.confirm([TEACHER, COORDINATOR], "请看安排")
    town.finish()
    town.service.platform.pace.media_id_life = 0.0  # what it has is gone before its time
    lost = town.confirm([TEACHER, COORDINATOR], "再看安排")
    for _ in range(3):  # the text; then the file, which is refused
        for batch_id in _due(town):
            send_batch(town.services, batch_id)
    town.service.platform.pace.media_id_life = 3 * 86400.0
    town.finish()
    assert town.uploads() == 2
    assert town.got("file") == {TEACHER: 2, COORDINATOR: 2}
    assert town.got("card") == {TEACHER: 2, COORDINATOR: 2}
    with town.services.database.read() as session:
        assert broadcasts.ledger(session, lost).parts_missed == 0


def _due(town: Town) -> list[int]:
    with town.services.database.read() as session:
        return batches.due(session, town.clock.instant)


def test_a_file_that_cannot_be_brought_keeps_back_no_card(town: Town) -> None:
    town.service.platform.knobs.set("media/upload", "errcode", 40006, times=99)
    number = town.confirm([TEACHER, COORDINATOR], "请看安排")
    town.finish()
    assert town.got("file") == {}
    assert town.got("card") == {TEACHER: 1, COORDINATOR: 1}
    with town.services.database.read() as session:
        assert broadcasts.ledger(session, number).parts_missed == 1


def test_a_press_counts_once_and_for_who_was_asked_alone(backend: Backend) -> None:
    with SimulatorServer(PlatformSettings(people=PEOPLE)) as sim, install(sim, backend) as service:
        platform = sim.platform
        platform.pace.refresh_every = 0.1
        platform.say(ADMIN, "群发 利川市的教师、协调员 需确认：请看安排")
        service.wait(lambda: "将发给" in service.last(ADMIN))
        platform.say(ADMIN, "确认群发 1")
        service.wait(lambda: "已发完" in service.last(ADMIN, "app"))
        card = next(shown for shown in platform.chat(TEACHER, "app") if shown.card)
        task = card.card["task_id"]
        for _ in range(2):
            _press(service, TEACHER, task)
        _press(service, OTHER, task)
        assert "没有发给您的群发 1" in service.last(OTHER, "app")
        for forged in ("receipt-1-zz", "receipt-2-00", "receipt-999999999-00", "receipt-1", "receipt-1-00 or 1"):
            _press(service, COORDINATOR, forged)
            assert "已记下" not in service.last(COORDINATOR, "app"), forged
        with service.services.database.read() as session:
            noted = session.scalars(select(Recipient.userid).where(Recipient.acknowledged_at.is_not(None))).all()
        assert noted == [TEACHER]
        replies = [shown.text for shown in platform.chat(TEACHER, "app") if "已记下您看到了群发 1" in shown.text]
        assert len(replies) == 1
        shown = [each.card for each in platform.chat(TEACHER, "app") if each.card]
        assert [each["replaced"] for each in shown] == ["已选：收到"]
        others = [each.card for each in platform.chat(COORDINATOR, "app") if each.card]
        assert not any("replaced" in each for each in others)
        assert service.violations() == []


def _press(service: Installation, userid: str, task: str) -> None:
    service.platform.press(userid, "1", task, channel="app")
    service.wait(lambda: service.settled() and service.outgoing_ended())
