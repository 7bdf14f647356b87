"""Cases: what a file becomes, every move as the table says, counts, and the audit beside each deed."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from domain.chat import Channel
from store import audit, cases, checks, people
from store.cases import Arrived, Became, Received
from store.database import Database
from store.moves import COUNTED, OPEN, STEPS, Move, allows
from store.schema.campaign import AppendOnlyError, Audit, Case, CaseState, CheckResult, Mark, Material
from store.schema.mail import Inbox, InboxState

NOW = datetime(2023, 5, 6, 1, 0, tzinfo=UTC)


@pytest.fixture
def receipts() -> Callable[[str | None], str]:
    numbers = count(1)
    return lambda category: f"{category or 'N'}-{next(numbers):08d}-X"


@pytest.fixture
def owner_id(database: Database) -> int:
    with database.begin() as session:
        person = people.get(session, people.actor_for(session, Channel.APP, "teacher").person_id)
        people.set_unit_and_school(session, person, "enshi", "某小学", NOW)
        return person.id


@pytest.fixture
def inbox_ids(database: Database) -> Iterator[int]:
    def ids() -> Iterator[int]:
        for number in count(1):
            with database.begin() as session:
                row = Inbox(
                    channel="aibot",
                    key=str(number),
                    lane="teacher",
                    message="{}",
                    received_at=NOW,
                    campaign_at=NOW,
                    state=InboxState.WORKING,
                    next_try_at=NOW,
                )
                session.add(row)
                session.flush()
                inbox_id = row.id
            yield inbox_id

    return ids()


@pytest.fixture
def arrived(owner_id: int, inbox_ids: Iterator[int]) -> Callable[..., Arrived]:
    def make(content: str = "one", title: str = "智慧课堂案例", name: str = "案例.docx", position: int = 0) -> Arrived:
        return Arrived(
            owner_id=owner_id,
            title=title,
            category=None,
            name=name,
            size=len(content),
            sha256=hashlib.sha256(content.encode()).hexdigest(),
            arrived_at=NOW,
            on_time=True,
            inbox_id=next(inbox_ids),
            position=position,
        )

    return make


Receive = Callable[[Arrived], Received]


@pytest.fixture
def receive(database: Database, receipts: Callable[[str | None], str]) -> Receive:
    def run(material: Arrived) -> Received:
        with database.begin() as session:
            return cases.receive_material(session, material, receipts, NOW)

    return run


def rows(database: Database, table: type) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_first_file_is_a_case_with_receipt_unit_and_audit(
    database: Database, receive: Receive, arrived: Callable[..., Arrived]
) -> None:
    received = receive(arrived())
    assert received.became is Became.NEW_CASE
    assert received.case.receipt == "N-00000001-X"
    assert (received.case.unit_id, received.case.school, received.case.state) == ("enshi", "某小学", CaseState.RECEIVED)
    assert (received.case.on_time, received.case.first_arrived_at) == (True, NOW)
    with database.read() as session:
        assert [row.act for row in audit.of_case(session, received.case.id)] == ["case.new_case"]


def test_same_bytes_twice_are_one_material_and_one_receipt(
    database: Database, receive: Receive, arrived: Callable[..., Arrived]
) -> None:
    first, second = receive(arrived()), receive(arrived(title="别的题目", name="别的名字.docx"))
    assert second.became is Became.SAME_BYTES
    assert second.case.receipt == first.case.receipt
    assert second.material.id == first.material.id
    assert (rows(database, Case), rows(database, Material)) == (1, 1)


def test_same_message_again_makes_nothing(
    database: Database, receive: Receive, arrived: Callable[..., Arrived]
) -> None:
    message = arrived()
    first, again = receive(message), receive(message)
    assert again.became is Became.REPEATED
    assert again.material.id == first.material.id
    assert (rows(database, Case), rows(database, Material)) == (1, 1)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("智慧课堂案例", "第二稿.docx"),
        ("智慧 课堂案例", "第二稿.docx"),
        ("改过的题目", "案例.docx"),
        ("改过的题目", "案例.DOCX"),
    ],
)
def test_same_title_or_stem_is_the_next_version(
    receive: Receive, arrived: Callable[..., Arrived], title: str, name: str
) -> None:
    first = receive(arrived())
    second = receive(replace(arrived("two", title, name), arrived_at=NOW + timedelta(days=30), on_time=False))
    assert second.became is Became.NEW_VERSION
    assert second.case.receipt == first.case.receipt
    assert (second.material.version, second.case.title) == (2, title)
    assert (second.case.on_time, second.case.first_arrived_at) == (True, NOW)


def test_other_title_and_name_is_another_case(receive: Receive, arrived: Callable[..., Arrived]) -> None:
    first, second = receive(arrived()), receive(arrived("two", "另一个案例", "另一个.docx"))
    assert second.became is Became.NEW_CASE
    assert second.case.receipt != first.case.receipt


def test_same_bytes_at_once_over_two_channels_are_one_case(
    database: Database, receive: Receive, arrived: Callable[..., Arrived]
) -> None:
    messages = [arrived() for _ in range(6)]
    barrier, outcomes = threading.Barrier(len(messages)), []

    def send(message: Arrived) -> None:
        barrier.wait()
        outcomes.append(receive(message).became)

    threads = [threading.Thread(target=send, args=(message,)) for message in messages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == sorted([Became.NEW_CASE] + [Became.SAME_BYTES] * 5)
    assert (rows(database, Case), rows(database, Material)) == (1, 1)


def test_another_persons_same_bytes_are_another_case(
    database: Database, receive: Receive, arrived: Callable[..., Arrived]
) -> None:
    receive(arrived())
    with database.begin() as session:
        other = people.actor_for(session, Channel.APP, "other").person_id
    assert receive(replace(arrived(), owner_id=other)).became is Became.NEW_CASE
    assert rows(database, Case) == 2


@pytest.mark.parametrize("state", sorted(set(CaseState) - OPEN - {CaseState.WITHDRAWN}))
def test_decided_case_takes_no_new_version(
    database: Database, receive: Receive, arrived: Callable[..., Arrived], state: CaseState
) -> None:
    first = receive(arrived())
    with database.begin() as session:
        session.get_one(Case, first.case.id).state = state
    assert receive(arrived("two")).became is Became.DECIDED
    assert rows(database, Material) == 1


def test_withdrawn_case_is_left_alone(database: Database, receive: Receive, arrived: Callable[..., Arrived]) -> None:
    first = receive(arrived())
    with database.begin() as session:
        assert cases.move(session, first.case, Move.WITHDRAW, actor_id=None, now=NOW)
    assert receive(arrived()).became is Became.NEW_CASE


@pytest.mark.parametrize("step", list(Move))
def test_moves_happen_as_the_table_says(
    database: Database, receive: Receive, arrived: Callable[..., Arrived], step: Move
) -> None:
    received = receive(arrived())
    for state in CaseState:
        with database.begin() as session:
            session.execute(update(Case).where(Case.id == received.case.id).values(state=state, marks=[], award=None))
        with database.begin() as session:
            case = session.get_one(Case, received.case.id)
            before = len(audit.of_case(session, case.id))
            award = 2 if step is Move.AWARD else None
            moved = cases.move(session, case, step, actor_id=None, now=NOW, marks=(Mark.BELOW_DEMANDS,), award=award)
            assert moved is (state in STEPS[step].sources)
            assert case.award == (award if moved else None)
            assert case.state == (STEPS[step].target if moved else state)
            assert case.marks == ([Mark.BELOW_DEMANDS] if moved else [])
            assert len(audit.of_case(session, case.id)) == before + moved


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(walk=st.lists(st.sampled_from(list(Move)), max_size=12))
def test_no_walk_leads_out_of_an_end_or_back_from_reported(walk: list[Move]) -> None:
    state = CaseState.RECEIVED
    for step in walk:
        reported = state in COUNTED - {CaseState.RECOMMENDED}
        if allows(step, state):
            state = STEPS[step].target
            assert not reported or state in COUNTED
    assert state in CaseState


def test_a_prize_is_given_with_its_rank_and_can_be_corrected(
    database: Database, receive: Receive, arrived: Callable[..., Arrived]
) -> None:
    received = receive(arrived())
    with database.begin() as session:
        case = session.get_one(Case, received.case.id)
        for step in (Move.SUBMIT, Move.RECOMMEND, Move.REPORT):
            assert cases.move(session, case, step, actor_id=None, now=NOW)
        for rank in (3, 2):
            assert cases.move(session, case, Move.AWARD, actor_id=None, now=NOW, award=rank)
            assert case.award == rank
        assert cases.move(session, case, Move.GIVE_NO_AWARD, actor_id=None, now=NOW)
        assert (case.state, case.award) == (CaseState.NOT_AWARDED, None)
        for step, award in ((Move.AWARD, None), (Move.GIVE_NO_AWARD, 1)):
            with pytest.raises(ValueError, match="prize"):
                cases.move(session, case, step, actor_id=None, now=NOW, award=award)


def test_what_comes_back_to_be_decided_keeps_its_place(
    database: Database, receive: Receive, arrived: Callable[..., Arrived]
) -> None:
    received = receive(arrived())
    with database.begin() as session:
        case = session.get_one(Case, received.case.id)
        for hours, step in enumerate((Move.SUBMIT, Move.RECOMMEND, Move.UNRECOMMEND, Move.PASS_OVER, Move.RECONSIDER)):
            assert cases.move(session, case, step, actor_id=None, now=NOW + timedelta(hours=hours))
        assert (case.state, case.submitted_at) == (CaseState.SUBMITTED, NOW)


def test_two_who_recommend_at_once_do_it_once(
    database: Database, receive: Receive, arrived: Callable[..., Arrived]
) -> None:
    case_id = receive(arrived()).case.id
    with database.begin() as session:
        cases.move(session, session.get_one(Case, case_id), Move.SUBMIT, actor_id=None, now=NOW)
    barrier, outcomes = threading.Barrier(6), []

    def act(step: Move) -> None:
        barrier.wait()
        with database.begin() as session:
            outcomes.append(cases.move(session, session.get_one(Case, case_id), step, actor_id=None, now=NOW))

    threads = [threading.Thread(target=act, args=(Move.RECOMMEND,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 5 + [True]
    with database.read() as session:
        acts = [row.act for row in audit.of_case(session, case_id)]
    assert acts.count("case.recommend") == 1


def test_category_of_a_decided_case_stays(
    database: Database, receive: Receive, arrived: Callable[..., Arrived]
) -> None:
    received = receive(arrived())
    with database.begin() as session:
        case = session.get_one(Case, received.case.id)
        assert cases.set_category(session, case, "B1", actor_id=case.owner_id, now=NOW)
        cases.move(session, case, Move.SUBMIT, actor_id=None, now=NOW)
        cases.move(session, case, Move.RECOMMEND, actor_id=None, now=NOW)
        assert not cases.set_category(session, case, "C", actor_id=case.owner_id, now=NOW)
        assert (case.category, case.receipt) == ("B1", received.case.receipt)


def test_check_result_is_kept_once_and_the_newest_rules_win(
    database: Database, receive: Receive, arrived: Callable[..., Arrived]
) -> None:
    material = receive(arrived()).material

    def keep(session: Session, digest: str, verdict: str, now: datetime) -> None:
        checks.record(
            session,
            material_id=material.id,
            category="B1",
            verdict=verdict,
            report={"verdict": verdict},
            rules_digest=digest,
            now=now,
        )

    with database.begin() as session:
        keep(session, "old", "fail", NOW)
        keep(session, "old", "fail", NOW)
        keep(session, "new", "pass", NOW + timedelta(hours=1))
    assert rows(database, CheckResult) == 2
    with database.read() as session:
        found = checks.latest(session, material.id, "B1")
        assert found is not None
        assert (found.verdict, found.report) == ("pass", {"verdict": "pass"})
        assert checks.latest(session, material.id, "C") is None


def test_audit_rows_cannot_be_changed_or_deleted(
    database: Database, receive: Receive, arrived: Callable[..., Arrived]
) -> None:
    receive(arrived())

    def rewrite(session: Session) -> None:
        session.scalars(select(Audit)).first().act = "nothing"
        session.flush()

    def remove(session: Session) -> None:
        session.delete(session.scalars(select(Audit)).first())
        session.flush()

    attempts = [
        rewrite,
        remove,
        lambda session: session.execute(update(Audit).values(act="nothing")),
        lambda session: session.execute(delete(Audit)),
    ]
    for attempt in attempts:
        with pytest.raises(AppendOnlyError), database.begin() as session:
            attempt(session)
    with database.read() as session:
        assert "case.new_case" in session.scalars(select(Audit.act)).all()
