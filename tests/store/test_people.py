"""People and the ids their channels know them by."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from domain.chat import Channel
from domain.roles import Role
from domain.roster import RosterRow
from store import people
from store.database import Database
from store.roster import import_rows
from store.schema.campaign import Audit, Identity, Person

NOW = datetime(2023, 5, 6, 1, 0, tzinfo=UTC)
OPAQUE = "woAJ2GCAAAXtWyujaWJHDDGi0mACas1w"


def test_unknown_id_becomes_a_teacher_without_unit(database: Database) -> None:
    with database.begin() as session:
        actor = people.actor_for(session, Channel.AIBOT, "Wang.Li")
    assert (actor.role, actor.unit_id, actor.name) == (Role.TEACHER, None, None)


@pytest.mark.parametrize("order", [(Channel.APP, Channel.AIBOT), (Channel.AIBOT, Channel.APP)])
def test_plain_id_is_one_person_on_both_channels_in_any_spelling(
    database: Database, order: tuple[Channel, Channel]
) -> None:
    ids = []
    for channel, spelling in zip(order, ("WangLi", "wangli"), strict=True):
        with database.begin() as session:
            ids.append(people.actor_for(session, channel, spelling).person_id)
    assert ids[0] == ids[1]
    with database.read() as session:
        assert session.scalars(select(Person.app_userid)).all() == ["wangli"]


def test_plain_bot_id_unknown_to_the_app_has_no_app_userid(database: Database) -> None:
    with database.begin() as session:
        people.actor_for(session, Channel.AIBOT, "wangli")
        assert session.scalars(select(Person.app_userid)).all() == [None]


def test_roster_member_is_recognised_on_the_bot(database: Database) -> None:
    with database.begin() as session:
        import_rows(session, [RosterRow("lichuan.xt", "利川协调员", Role.COORDINATOR, "lichuan")], by=None, now=NOW)
    with database.begin() as session:
        actor = people.actor_for(session, Channel.AIBOT, "lichuan.xt")
    assert (actor.role, actor.unit_id, actor.name) == (Role.COORDINATOR, "lichuan", "利川协调员")


def test_opaque_id_is_a_person_of_its_own_with_teacher_rights(database: Database) -> None:
    with database.begin() as session:
        import_rows(session, [RosterRow("wolf", "甲", Role.ADMIN, None)], by=None, now=NOW)
        known = people.actor_for(session, Channel.AIBOT, "wolf")
        unknown = people.actor_for(session, Channel.AIBOT, OPAQUE)
    assert known.role is Role.ADMIN
    assert unknown.role is Role.TEACHER
    assert unknown.person_id != known.person_id


def test_many_at_once_meet_one_new_id_and_make_one_person(database: Database) -> None:
    barrier = threading.Barrier(8)
    ids: list[int] = []

    def meet(channel: Channel) -> None:
        barrier.wait()
        with database.begin() as session:
            ids.append(people.actor_for(session, channel, "newcomer").person_id)

    threads = [threading.Thread(target=meet, args=(list(Channel)[n % 2],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 8
    assert len(set(ids)) == 1
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1
        assert session.scalar(select(func.count()).select_from(Identity)) == 2


def test_roster_again_updates_and_empty_cells_erase_nothing(database: Database) -> None:
    with database.begin() as session:
        import_rows(session, [RosterRow("a", "甲", Role.TEACHER, "enshi", "某小学", "13800000000")], by=None, now=NOW)
    with database.begin() as session:
        import_rows(session, [RosterRow("a", None, Role.COORDINATOR, "lichuan")], by=None, now=NOW)
    with database.read() as session:
        person = session.scalars(select(Person)).one()
        assert (person.name, person.school, person.phone) == ("甲", "某小学", "13800000000")
        assert (person.role, person.unit_id) == (Role.COORDINATOR, "lichuan")


def test_appoint_is_audited_once(database: Database) -> None:
    for _ in range(2):
        with database.begin() as session:
            people.appoint(session, "Boss", Role.ADMIN, unit_id=None, by=None, now=NOW)
    with database.read() as session:
        assert people.actor_for(session, Channel.APP, "boss").role is Role.ADMIN
        assert session.scalars(select(Audit.act)).all() == ["person.appointed"]


def test_coordinator_is_appointed_for_a_unit_only(database: Database) -> None:
    with database.begin() as session:
        person = people.get(session, people.actor_for(session, Channel.APP, "a").person_id)
        people.set_unit_and_school(session, person, "enshi", None, NOW)
    with pytest.raises(ValueError, match="for a unit"), database.begin() as session:
        people.appoint(session, "a", Role.COORDINATOR, unit_id=None, by=None, now=NOW)
    with database.begin() as session:
        person = people.appoint(session, "a", Role.COORDINATOR, unit_id="lichuan", by=None, now=NOW)
        assert (person.unit_id, person.self_declared) == ("lichuan", False)


def test_told_unit_and_licence_are_recorded(database: Database) -> None:
    with database.begin() as session:
        person = people.get(session, people.actor_for(session, Channel.APP, "a").person_id)
        people.set_unit_and_school(session, person, "enshi", "某小学", NOW)
        assert people.show_licence(session, person, NOW) is True
        assert people.show_licence(session, person, NOW) is False
    with database.read() as session:
        person = session.scalars(select(Person)).one()
        assert (person.unit_id, person.school, person.role) == ("enshi", "某小学", Role.TEACHER)
        assert session.scalars(select(Audit.act)).all() == ["person.told_unit", "person.licence_shown"]
