"""Broadcasts over the real service: everybody once, each with an end, whatever the platform does in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from installation import ADMIN, COORDINATOR, OUTSIDER, PEOPLE, TEACHER, Backend, Installation, install, web_only
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bot.broadcasting import send_batch
from domain.audience import Audience
from domain.chat import Channel
from domain.roles import Role
from simulator.platform import Person, PlatformSettings
from simulator.server import SimulatorServer
from store import audiences, batches, broadcasts, outbox, people
from store.outbox import Route
from store.schema import campaign as campaign_rows
from store.schema.broadcasts import Batch, BatchState, Broadcast, BroadcastState, Bucket, Reached
from store.schema.mail import Outbox

MANY = 2_050
MEMBERS = tuple(f"many-{number:04d}" for number in range(MANY))
UNLICENSED = MEMBERS[7]
AWAY = MEMBERS[1203]


def test_a_broadcast_from_its_draft_to_its_recall(sim: SimulatorServer, backend: Backend) -> None:
    with install(sim, backend) as service:
        said = ask(service, ADMIN, "群发 利川市全体人员 需确认：请在周五前完成推荐")
        assert "将发给 3 人：利川市 教师一、利川市 协调员、利川市 教师九" in said
        ask(service, ADMIN, "2")
        service.wait(lambda: "已发完，共 3 人" in service.last(ADMIN, "app"))
        assert "企业微信已接收 2 人，等对方来聊 1 人" in service.last(ADMIN, "app")
        for userid in (TEACHER, COORDINATOR):
            assert "请在周五前完成推荐" in service.last(userid, "app")
            assert "州教育局管理员" in service.last(userid, "app")
        assert len(service.platform.ledger.entries("accepted", msgtype="text")) == 2  # one for all, one for the sender
        assert "利川市 教师九（利川市）　不在应用可见范围" in ask(service, ADMIN, "谁没收到")
        ask(service, TEACHER, "收到")
        assert "请在周五前完成推荐" in ask(service, OUTSIDER, "你好")
        assert "（其中已看到 1 人），已回复收到 1 人" in ask(service, ADMIN, "群发进度")
        ask(service, ADMIN, "撤回群发 1")
        ask(service, ADMIN, "1")
        service.wait(lambda: "已撤回 2 批" in service.last(ADMIN, "app"))
        assert [shown.recalled for shown in service.platform.chat(TEACHER, "app") if "周五前" in shown.text] == [True]
        assert service.violations() == []


@pytest.fixture
def sim_of_many() -> Iterator[SimulatorServer]:
    """A platform with many members, one of them unlicensed and one outside the app's range."""
    many = tuple(
        Person(userid, f"教师{userid[-4:]}", in_app_scope=userid != AWAY, licensed=userid != UNLICENSED)
        for userid in MEMBERS
    )
    with SimulatorServer(PlatformSettings(people=(*PEOPLE, *many))) as server:
        yield server


@dataclass
class Campaign:
    """A service whose workers stand still: the test tries each batch itself, and lets time pass."""

    service: Installation
    broadcast_id: int

    def states(self) -> Counter[str]:
        with self.service.services.database.read() as session:
            return Counter(session.scalars(select(Batch.state).where(Batch.broadcast_id == self.broadcast_id)))

    def due(self) -> list[int]:
        with self.service.services.database.read() as session:
            return batches.due(session, datetime.now(UTC))

    def step(self) -> None:
        """Every batch that is due, once."""
        for batch_id in self.due():
            send_batch(self.service.services, batch_id)

    def pass_time(self) -> None:
        """As if every pause were over."""
        past = datetime.now(UTC) - timedelta(seconds=1)
        with self.service.services.database.begin() as session:
            session.execute(update(Batch).values(next_try_at=past))
            session.execute(update(Outbox).values(ended_at=past - timedelta(minutes=1)))
            session.execute(update(Bucket).values(closed_until=None, at=past - timedelta(minutes=1)))

    def finish(self, rounds: int = 12) -> None:
        """Until nothing is on its way."""
        for _ in range(rounds):
            if not {BatchState.QUEUED, BatchState.SENDING} & set(self.states()):
                return
            self.pass_time()
            self.step()
        raise AssertionError(f"not over: {self.states()}")

    def people(self) -> Counter[Reached]:
        with self.service.services.database.read() as session:
            return broadcasts.ledger(session, self.broadcast_id).people

    def got(self) -> Counter[str]:
        """How often the platform has brought the text to each member."""
        entries = self.service.platform.ledger.entries("delivered")
        return Counter(entry.userid for entry in entries if entry.userid.startswith("many-"))


@pytest.fixture
def campaign(sim_of_many: SimulatorServer, backend: Backend) -> Iterator[Campaign]:
    """A confirmed broadcast to all of the many."""
    with web_only(sim_of_many, backend) as service:
        with service.services.database.begin() as session:
            enrol(session, MEMBERS)
        yield Campaign(service, confirmed(service))


def enrol(session: Session, userids: Sequence[str]) -> None:
    """Many teachers at once."""
    rows = [{"app_userid": each, "name": each, "role": Role.TEACHER, "unit_id": "lichuan"} for each in userids]
    session.execute(insert(campaign_rows.Person), rows)
    known = select(campaign_rows.Person.id, campaign_rows.Person.app_userid)
    found = session.execute(known.where(campaign_rows.Person.app_userid.in_(userids)))
    identities = [{"channel": Channel.APP, "external_id": userid, "person_id": number} for number, userid in found]
    session.execute(insert(campaign_rows.Identity), identities)


def confirmed(service: Installation, many: int = MANY) -> int:
    """An admin's broadcast to everybody whose id is one of the many."""
    services = service.services
    with services.database.begin() as session:
        admin = people.by_userid(session, ADMIN)
        assert admin is not None
        everybody = audiences.find(session, services.notice, Audience(everybody=True), within=None)
        members = [each for each in everybody if (each.userid or "").startswith("many-")]
        assert len(members) == many
        writing = broadcasts.Writing(admin.id, None, "全体", "请查收（群发 1）")
        row = broadcasts.draft(session, writing, members, services.clock.now())
        assert broadcasts.confirm(session, row, services.clock.now())
        return row.id


def expect_everybody_once(campaign: Campaign) -> None:
    """Everybody who can be reached has it exactly once; the others stand in the ledger with the reason."""
    reached = set(MEMBERS) - {AWAY, UNLICENSED}
    assert campaign.got() == Counter(reached)
    assert campaign.people() == {Reached.ACCEPTED: len(reached), Reached.AWAY: 2}
    assert campaign.service.violations() == []
    with campaign.service.services.database.read() as session:
        assert session.get_one(Broadcast, campaign.broadcast_id).state == BroadcastState.DONE
        missed, total = broadcasts.unreached(session, campaign.broadcast_id, offset=0, limit=9)
    assert total == 2
    assert {each.reason for each in missed} == {"没有企业微信接口许可", "不在应用可见范围"}


@pytest.mark.parametrize(
    "faults",
    [
        [],
        [("errcode", 45009)] * 4,
        [("errcode", 42001), ("errcode", 40014)],
        [("drop", 0), ("status", 502)],
        [("truncate", 10), ("errcode", -1), ("reset", 0)],
    ],
    ids=["none", "too often", "token", "lost answers", "mixed"],
)
def test_everybody_has_it_once_whatever_goes_wrong(campaign: Campaign, faults: list[tuple[str, float]]) -> None:
    for kind, value in faults:
        campaign.service.platform.knobs.set("message/send", kind, value)
    assert campaign.states() == {BatchState.QUEUED: 3}
    campaign.step()
    campaign.finish()
    expect_everybody_once(campaign)


def test_a_platform_that_asks_for_silence_is_left_alone_by_all(campaign: Campaign) -> None:
    campaign.service.platform.knobs.set("message/send", "errcode", 45009)
    campaign.step()
    assert campaign.got() == Counter()
    assert campaign.due() == []


@pytest.mark.parametrize("errcode", [60020, 85002, 40035])
def test_what_the_platform_will_not_take_is_refused_with_its_reason(campaign: Campaign, errcode: int) -> None:
    campaign.service.platform.knobs.set("message/send", "errcode", errcode, times=99)
    campaign.step()
    campaign.finish(rounds=14)
    assert campaign.people() == {Reached.REFUSED: MANY}
    with campaign.service.services.database.read() as session:
        (one, *_), total = broadcasts.unreached(session, campaign.broadcast_id, offset=0, limit=1)
    assert total == MANY
    assert one.reason
    assert "{" not in one.reason


def test_a_call_that_reaches_nobody_leaves_the_text_for_their_next_message(
    sim_of_many: SimulatorServer, backend: Backend
) -> None:
    with web_only(sim_of_many, backend) as service:
        with service.services.database.begin() as session:
            enrol(session, [AWAY])
        campaign = Campaign(service, confirmed(service, many=1))
        campaign.step()
        assert campaign.states() == {BatchState.REFUSED: 1}
        assert campaign.people() == {Reached.AWAY: 1}
        assert service.platform.ledger.entries("invalid", errcode=81013)
        with service.services.database.read() as session:
            (missed,), _ = broadcasts.unreached(session, campaign.broadcast_id, offset=0, limit=1)
        assert missed.reason == "不在应用可见范围"


def test_an_answer_that_stays_lost_is_told_as_unknown(campaign: Campaign) -> None:
    campaign.service.platform.knobs.set("message/send", "drop", times=99)
    campaign.step()
    with campaign.service.services.database.begin() as session:
        session.execute(update(Batch).values(first_try_at=datetime.now(UTC) - timedelta(hours=5)))
    campaign.finish()
    assert campaign.people() == {Reached.UNKNOWN: MANY}
    assert set(campaign.got().values()) == {1}


def test_a_stopped_broadcast_sends_nothing_more(campaign: Campaign) -> None:
    first = campaign.due()[0]
    send_batch(campaign.service.services, first)
    with campaign.service.services.database.begin() as session:
        row = session.get_one(Broadcast, campaign.broadcast_id)
        assert broadcasts.stop(session, row, datetime.now(UTC), actor_id=row.sender_id)
    campaign.step()
    assert sum(campaign.got().values()) == 1000 - 1
    assert campaign.people()[Reached.STOPPED] == MANY - 1000


def test_who_has_left_and_a_sender_without_the_right_are_seen_at_the_last_moment(campaign: Campaign) -> None:
    services = campaign.service.services
    with services.database.begin() as session:
        gone = people.by_userid(session, MEMBERS[0])
        assert gone is not None
        gone.left_at = datetime.now(UTC)
    first, *_ = campaign.due()
    send_batch(services, first)
    assert MEMBERS[0] not in campaign.got()
    with services.database.begin() as session:
        admin = people.by_userid(session, ADMIN)
        assert admin is not None
        admin.role = Role.TEACHER
    campaign.pass_time()
    campaign.step()
    assert sum(campaign.got().values()) == 1000 - 2
    assert campaign.people()[Reached.STOPPED] == MANY - 1000 + 1


def test_two_workers_at_once_send_a_batch_once(campaign: Campaign) -> None:
    services, (first, *_) = campaign.service.services, campaign.due()
    with services.database.begin() as session:
        assert batches.claim(session, first, "one", datetime.now(UTC)) is not None
        assert batches.claim(session, first, "other", datetime.now(UTC)) is None
    send_batch(services, first)
    assert campaign.got() == Counter()
    with services.database.begin() as session:
        batches.return_leases(session, datetime.now(UTC) + batches.LEASE)
    campaign.pass_time()
    campaign.step()
    campaign.finish()
    expect_everybody_once(campaign)


def ask(service: Installation, userid: str, text: str) -> str:
    """Say it to the bot and wait for the answer to it."""
    before = len(service.platform.chat(userid, "bot"))
    service.platform.say(userid, text)
    service.wait(lambda: len(service.platform.chat(userid, "bot")) > before + 1)
    return service.answer(userid)


def test_bytes_are_not_sent_again_when_the_platform_would_not_know_them(campaign: Campaign) -> None:
    services = campaign.service.services
    campaign.service.platform.knobs.set("message/send", "drop", times=3)
    campaign.step()
    long_ago = datetime.now(UTC) - timedelta(hours=5)
    with services.database.begin() as session:  # the process died in the middle of the second try, for five hours
        session.execute(update(Batch).values(state=BatchState.SENDING, first_try_at=long_ago, lease_until=long_ago))
        batches.return_leases(session, datetime.now(UTC))
    campaign.finish()
    assert campaign.people() == {Reached.UNKNOWN: MANY}
    assert len(campaign.service.platform.ledger.entries("duplicate")) == 0


def test_a_clear_no_after_an_unclear_try_is_unknown(campaign: Campaign) -> None:
    campaign.service.platform.knobs.set("message/send", "drop", times=3)
    campaign.service.platform.knobs.set("message/send", "errcode", 85002, times=9)
    campaign.step()
    campaign.finish()
    assert campaign.people() == {Reached.UNKNOWN: MANY}


def test_an_admin_who_became_a_coordinator_sends_nothing_beyond_the_unit(campaign: Campaign) -> None:
    services = campaign.service.services
    with services.database.begin() as session:
        admin = people.by_userid(session, ADMIN)
        assert admin is not None
        admin.role, admin.unit_id = Role.COORDINATOR, "lichuan"
    campaign.step()
    campaign.finish()
    assert campaign.got() == Counter()
    assert campaign.people() == {Reached.STOPPED: MANY}


def test_what_was_on_its_way_when_it_was_recalled_is_taken_back_too(campaign: Campaign) -> None:
    services, (first, second, _) = campaign.service.services, campaign.due()
    send_batch(services, first)
    with services.database.begin() as session:
        assert batches.claim(session, second, "other", datetime.now(UTC)) is not None
        row = session.get_one(Broadcast, campaign.broadcast_id)
        assert broadcasts.recall(session, row, datetime.now(UTC), actor_id=row.sender_id) == 1
    with services.database.begin() as session:  # the other worker comes back with a success
        on_its_way = session.get_one(Batch, second)
        assert batches.end(session, second, BatchState.SENT, datetime.now(UTC), platform_id="unheard of")
        batches.to_be_recalled(session, on_its_way.id, datetime.now(UTC))
    for _ in range(3):
        campaign.pass_time()
        campaign.step()
    states = campaign.states()
    assert states[BatchState.RECALLED] == 1
    assert states[BatchState.STOPPED] == 1
    assert states[BatchState.NOT_RECALLED] == 1
    shown = campaign.service.platform.chats.find(lambda each: each.userid.startswith("many-"))
    assert shown
    assert all(each.recalled for each in shown)


def test_a_recall_that_was_carried_out_without_an_answer_is_no_failure(campaign: Campaign) -> None:
    services = campaign.service.services
    campaign.step()
    campaign.finish()
    campaign.service.platform.knobs.set("message/recall", "drop", times=3)
    with services.database.begin() as session:
        row = session.get_one(Broadcast, campaign.broadcast_id)
        broadcasts.recall(session, row, datetime.now(UTC), actor_id=row.sender_id)
    for _ in range(3):
        campaign.pass_time()
        campaign.step()
    assert campaign.states() == {BatchState.RECALLED: 3}


def test_who_has_had_many_messages_this_minute_gets_it_a_minute_later(campaign: Campaign) -> None:
    services, busy = campaign.service.services, MEMBERS[3]
    now = datetime.now(UTC)
    with services.database.begin() as session:
        for number in range(20):
            key = f"answer:{number}"
            outbox_id = outbox.put(session, key=key, lane=busy, text="…", now=now, route=Route.APP)
            assert outbox_id is not None
            assert outbox.claim(session, outbox_id, "x", now) is not None
            assert outbox.mark_accepted(session, outbox_id, None, now)
    campaign.step()
    assert campaign.got()[busy] == 0
    assert campaign.got()[MEMBERS[4]] == 1
    campaign.finish()
    expect_everybody_once(campaign)


def test_a_follow_up_goes_to_nobody_twice(campaign: Campaign) -> None:
    services = campaign.service.services
    campaign.service.platform.knobs.set("message/send", "errcode", 85002, times=1)
    campaign.step()
    campaign.finish()
    with services.database.begin() as session:
        first = session.get_one(Broadcast, campaign.broadcast_id)
        missed = broadcasts.missed_people(session, first.id)
        members = [each for each in broadcasts.members_of(session, first.id) if each.person_id in set(missed)]
        writing = broadcasts.Writing(first.sender_id, None, "没收到的人", "请查收（群发 2）", follows=first.id)
        again = broadcasts.draft(session, writing, members, services.clock.now())
        assert broadcasts.confirm(session, again, services.clock.now())
        assert broadcasts.missed_people(session, first.id) == []
    campaign.broadcast_id = again.id
    campaign.step()
    campaign.finish()
    assert set(campaign.got().values()) == {1}
    assert campaign.got().keys() | {AWAY, UNLICENSED} == set(MEMBERS)
