"""Who answers for a case: its owner as they are called now, or whom it was submitted for."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from domain.chat import Channel
from domain.contact import Contact
from store import cases, contacts, people
from store.cases import Arrived
from store.database import Database
from store.schema.campaign import Audit

NOW = datetime(2023, 5, 6, 1, 0, tzinfo=UTC)


def _case(database: Database, owner: str, title: str) -> int:
    with database.begin() as session:
        person = people.get(session, people.actor_for(session, Channel.APP, owner).person_id)
        arrived = Arrived(person.id, title, "B1", "a.docx", 1, "a" * 64, NOW, True, None, 0)
        return cases.open_case(session, person, arrived, lambda _: f"B1-{title}", NOW).id


def test_the_owner_answers_under_the_name_of_today(database: Database) -> None:
    first, second = _case(database, "zhang", "1"), _case(database, "zhang", "2")
    with database.begin() as session:
        assert contacts.of_case(session, first) == Contact(None, None)
        person = people.get(session, people.actor_for(session, Channel.APP, "zhang").person_id)
        contacts.tell(session, person, Contact("张三", "13800000000"), NOW)
        contacts.tell(session, person, Contact("张三", None), NOW)
    with database.read() as session:
        wanted = Contact("张三", "13800000000")
        assert contacts.of_cases(session, [first, second]) == {first: wanted, second: wanted}
        told = session.scalars(select(Audit).where(Audit.act == "person.told_contact")).all()
        assert [row.detail for row in told] == [{"changed": ["name", "phone"]}]


def test_a_case_submitted_for_somebody_has_a_contact_of_its_own(database: Database) -> None:
    case_id = _case(database, "lc-xt", "1")
    for name in ("李四", "王五"):
        with database.begin() as session:
            contacts.set_for_case(session, case_id, Contact(name, None), actor_id=None, now=NOW)
            assert contacts.of_case(session, case_id) == Contact(name, None)
