"""The roster against the people: what it would change, and that it is done once and wholly."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select

from domain.chat import Channel, Choice
from domain.roles import Role
from domain.roster import RosterRow
from store import cases, offers, particulars, people, roster
from store.cases import Arrived
from store.database import Database
from store.moves import Move
from store.schema.campaign import Asked, Audit, Case, Identity, Person

NOW = datetime(2023, 5, 6, 1, 0, tzinfo=UTC)
ZHANG = RosterRow("zhang", "张三", Role.TEACHER, "lichuan", "某小学", "13800000000")
LI = RosterRow("li", "李四", Role.COORDINATOR, "lichuan")
BOSS = RosterRow("boss", "王五", Role.ADMIN, None)
EVERYBODY = (ZHANG, LI, BOSS)


def _import(database: Database, *rows: RosterRow, with_leaving: bool = True) -> roster.Plan:
    with database.begin() as session:
        plan = roster.compare(session, rows)
        roster.carry_out(session, plan, with_leaving=with_leaving, by=None, now=NOW)
        return plan


def _person(database: Database, userid: str) -> Person:
    with database.read() as session:
        return session.scalars(select(Person).where(Person.app_userid == userid)).one()


def _case(database: Database, owner: str, title: str, *steps: Move) -> int:
    with database.begin() as session:
        person = session.scalars(select(Person).where(Person.app_userid == owner)).one()
        arrived = Arrived(person.id, title, "B1", "a.docx", 1, title * 64, NOW, True, None, 0)
        case = cases.open_case(session, person, arrived, lambda _: f"B1-{title}", NOW)
        for step in steps:
            assert cases.move(session, case, step, actor_id=None, now=NOW)
        return case.id


def test_the_first_import_is_all_new_and_the_second_all_unchanged(database: Database) -> None:
    first = _import(database, *EVERYBODY)
    assert (len(first.new), first.changed, first.leaving, first.unchanged) == (3, (), (), 0)
    second = _import(database, *EVERYBODY)
    assert (second.new, second.changed, second.leaving, second.unchanged) == ((), (), (), 3)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 3
        assert session.scalar(select(func.count()).select_from(Identity)) == 6
        assert session.scalars(select(Audit.act).order_by(Audit.id)).all().count("person.imported") == 3
        assert people.known_actor(session, Channel.AIBOT, "LI").role is Role.COORDINATOR


def test_a_changed_row_tells_what_and_empty_cells_change_nothing(database: Database) -> None:
    _import(database, *EVERYBODY)
    plan = _import(database, RosterRow("ZHANG", "张三丰", Role.COORDINATOR, "enshi"), LI, BOSS)
    (changed,) = plan.changed
    assert [(each.field, each.before, each.after) for each in changed.differences] == [
        ("姓名", "张三", "张三丰"),
        ("角色", "teacher", "coordinator"),
        ("单位", "lichuan", "enshi"),
    ]
    person = _person(database, "zhang")
    assert (person.name, person.school, person.phone) == ("张三丰", "某小学", "13800000000")
    with database.read() as session:
        detail = session.scalars(select(Audit.detail).order_by(Audit.id.desc()).where(Audit.act == "person.imported"))
        assert detail.first()["changed"] == ["姓名", "角色", "单位"]


def test_somebody_known_by_writing_becomes_the_person_of_the_roster(database: Database) -> None:
    with database.begin() as session:
        actor = people.actor_for(session, Channel.AIBOT, "Zhang")
        people.set_unit_and_school(session, people.get(session, actor.person_id), "enshi", "别的学校", NOW)
    plan = _import(database, *EVERYBODY)
    assert len(plan.new) == 2
    person = _person(database, "zhang")
    assert (person.id, person.unit_id, person.self_declared) == (actor.person_id, "lichuan", False)


def test_who_left_has_no_rights_no_unit_and_no_choices_and_may_return(database: Database) -> None:
    _import(database, *EVERYBODY)
    submitted = _case(database, "li", "a", Move.SUBMIT)
    with database.begin() as session:
        offers.remember(session, "li", (Choice("推荐", "推荐 B1-x"),), NOW)
        person = session.scalars(select(Person).where(Person.app_userid == "li")).one()
        people.ask(person, Asked.SCHOOL)
    plan = _import(database, ZHANG)
    assert [each.userid for each in plan.leaving] == ["li"]  # admins leave by name only
    with database.read() as session:
        actor = people.known_actor(session, Channel.APP, "li")
        assert (actor.role, actor.unit_id, actor.left) == (Role.TEACHER, None, True)
        assert people.has_left(session, "li")
        assert people.coordinators(session, "lichuan") == []
        assert offers.numbered(offers.latest(session, "li", NOW), 1) is None
        case = session.get_one(Case, submitted)
        assert (case.unit_id, case.state, case.owner_id) == ("lichuan", "submitted", actor.person_id)
    again = _import(database, ZHANG, LI)
    assert [each.returns for each in again.changed] == [True]
    with database.read() as session:
        actor = people.known_actor(session, Channel.APP, "li")
        assert (actor.role, actor.unit_id, actor.left) == (Role.COORDINATOR, "lichuan", False)


def test_others_may_be_kept(database: Database) -> None:
    _import(database, *EVERYBODY)
    _import(database, ZHANG, with_leaving=False)
    assert _person(database, "li").role == Role.COORDINATOR


def test_who_told_their_unit_themselves_does_not_leave(database: Database) -> None:
    with database.begin() as session:
        actor = people.actor_for(session, Channel.APP, "zhao")
        people.set_unit_and_school(session, people.get(session, actor.person_id), "enshi", None, NOW)
    assert _import(database, *EVERYBODY).leaving == ()


def test_moving_takes_along_what_no_coordinator_has_seen(database: Database) -> None:
    _import(database, *EVERYBODY)
    kept = [
        _case(database, "zhang", "a", Move.SUBMIT),
        _case(database, "zhang", "b", Move.SUBMIT, Move.RETURN),
        _case(database, "zhang", "c", Move.SUBMIT, Move.RECOMMEND),
        _case(database, "zhang", "d", Move.SUBMIT, Move.FAIL),
    ]
    gone = [_case(database, "zhang", "e", Move.FAIL), _case(database, "zhang", "f", Move.WAIT)]
    _import(database, RosterRow("zhang", "张三", Role.TEACHER, "enshi", "恩施某小学"), LI, BOSS)
    with database.read() as session:
        units = dict(session.execute(select(Case.id, Case.unit_id)).all())
        schools = dict(session.execute(select(Case.id, Case.school)).all())
    assert {units[each] for each in kept} == {"lichuan"}
    assert {units[each] for each in gone} == {"enshi"}
    assert {schools[each] for each in gone} == {"恩施某小学"}


def test_somebody_must_stay_an_admin(database: Database) -> None:
    _import(database, *EVERYBODY)
    demoted = RosterRow("boss", "王五", Role.TEACHER, "enshi")
    with database.begin() as session:
        assert roster.compare(session, [demoted]).without_admin
        assert not roster.compare(session, [demoted, RosterRow("new", "新人", Role.ADMIN, None)]).without_admin
        assert not roster.compare(session, [ZHANG]).without_admin
        people.fix_admins(session, ["Boss"], NOW)
    with database.begin() as session:
        plan = roster.compare(session, [demoted])
        assert not plan.without_admin
        assert [row.userid for row in plan.kept_admins] == ["boss"]
        people.fix_admins(session, [], NOW)
        assert roster.compare(session, [demoted]).without_admin


def test_the_digest_follows_people_and_rows(database: Database) -> None:
    with database.begin() as session:
        first = roster.compare(session, EVERYBODY).digest
        assert first == roster.compare(session, EVERYBODY).digest
        assert first != roster.compare(session, EVERYBODY[:2]).digest
    _import(database, ZHANG)
    with database.read() as session:
        assert first != roster.compare(session, EVERYBODY).digest


def _sent_for_somebody(database: Database, title: str, *steps: Move) -> int:
    """A case that the coordinator Li sent for a teacher who is not here."""
    case_id = _case(database, "li", title, *steps)
    with database.begin() as session:
        case = session.get_one(Case, case_id)
        particulars.depute(
            session, case, owner_id=case.owner_id, school="某小学", contact="孙悦", actor_id=case.owner_id, now=NOW
        )
        assert case.deputed
    return case_id


def _owners(database: Database, *numbers: int) -> list[tuple[str | None, str | None]]:
    with database.read() as session:
        found = [session.get_one(Case, number) for number in numbers]
        return [(session.get_one(Person, case.owner_id).app_userid, case.unit_id) for case in found]


def test_what_a_coordinator_sent_for_others_stays_with_those_who_look_after_the_unit(database: Database) -> None:
    sun = RosterRow("sun", "孙老师", Role.COORDINATOR, "lichuan")
    _import(database, *EVERYBODY, sun)
    sent = _sent_for_somebody(database, "a", Move.FAIL), _sent_for_somebody(database, "b", Move.SUBMIT)
    own = _case(database, "li", "c", Move.FAIL)
    moved = RosterRow("li", "李四", Role.COORDINATOR, "enshi")
    _import(database, ZHANG, moved, BOSS, sun)
    assert _owners(database, *sent, own) == [("sun", "lichuan"), ("sun", "lichuan"), ("li", "enshi")]
    with database.read() as session:
        assert session.scalars(select(Audit.act)).all().count("case.handed_over") == 2


def test_while_nobody_looks_after_the_unit_they_wait_for_who_will(database: Database) -> None:
    _import(database, *EVERYBODY)
    sent = _sent_for_somebody(database, "a", Move.SUBMIT)
    with database.begin() as session:
        people.dismiss(
            session, session.scalars(select(Person).where(Person.app_userid == "li")).one(), by=None, now=NOW
        )
    assert _owners(database, sent) == [("li", "lichuan")]
    with database.begin() as session:
        people.appoint(session, "zhang", Role.COORDINATOR, unit_id="lichuan", by=None, now=NOW)
    assert _owners(database, sent) == [("zhang", "lichuan")]
