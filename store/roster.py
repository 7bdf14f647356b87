"""The roster against the people: what it would change, shown first, then done in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.chat import Channel
from domain.roles import Role
from domain.roster import RosterRow
from store import audit, cases
from store.handing_over import hand_over
from store.people import is_opaque
from store.schema.campaign import Case, CaseState, Identity, Person
from store.schema.mail import Offer

# Nobody but the owner has seen these cases: they go along when the owner moves to another unit.
_GO_ALONG = (CaseState.RECEIVED, CaseState.NEEDS_FIX)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody as they are now."""

    person_id: int
    userid: str
    name: str | None
    role: Role
    unit_id: str | None
    school: str | None
    phone: str | None
    on_roster: bool
    left: bool
    admin_by_settings: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes about one thing of a person; `field` is the roster's column."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody known whom the roster describes otherwise; `returns` is who had left."""

    known: Known
    row: RosterRow
    differences: tuple[Difference, ...]

    @property
    def returns(self) -> bool:
        """Whether the person had left and is there again."""
        return self.known.left


@dataclass(frozen=True, slots=True)
class Plan:
    """What a roster would change. `leaving` are those an earlier roster brought and this one does not hold; admins are
    never among them: they are dismissed by name. `kept_admins` are admins whom the settings name, which a roster does
    not change; `without_admin` is whether nobody could look after the campaign any more; `orphaned` are the units that
    would lose their last coordinator."""

    new: tuple[RosterRow, ...]
    changed: tuple[Changed, ...]
    leaving: tuple[Known, ...]
    unchanged: int
    kept_admins: tuple[RosterRow, ...]
    without_admin: bool
    orphaned: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The same plan has the same digest: what was shown is what is done."""
        parts = [[astuple(each) for each in group] for group in (self.new, self.changed, self.leaving)]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def compare(session: Session, rows: Sequence[RosterRow]) -> Plan:
    """What importing these rows would do now. Empty name, school and phone change nothing; role and unit hold."""
    known = _everybody(session)
    rows = [replace(row, userid=row.userid.lower()) for row in rows]
    new, changed, kept = [], [], []
    unchanged = 0
    for row in rows:
        person = known.get(row.userid)
        if person is None:
            new.append(row)
        elif person.admin_by_settings and row.role is not Role.ADMIN:
            kept.append(row)
        elif differences := _differences(person, row):
            changed.append(Changed(person, row, differences))
        elif person.left or not person.on_roster:
            changed.append(Changed(person, row, ()))
        else:
            unchanged += 1
    told = {row.userid for row in rows}
    missing = (each for each in known.values() if each.userid not in told)
    leaving = (each for each in missing if each.on_roster and each.role is not Role.ADMIN)
    return Plan(
        tuple(new),
        tuple(changed),
        tuple(leaving),
        unchanged,
        tuple(kept),
        _without_admin(known, rows),
        _orphaned(known, rows),
    )


def carry_out(session: Session, plan: Plan, *, with_leaving: bool, by: int | None, now: datetime) -> None:
    """Do what the plan says; without `with_leaving` those not on the roster stay as they are. `by` None is the command
    line. Whoever may do this is decided by the caller."""
    _add(session, plan.new, by, now)
    people = _people(session, [each.known.person_id for each in plan.changed])
    for each in plan.changed:
        _change(session, people[each.known.person_id], each, by, now)
    if with_leaving:
        people = _people(session, [each.person_id for each in plan.leaving])
        for gone in plan.leaving:
            leave(session, people[gone.person_id], by=by, now=now)
    touched = {row.unit_id for row in plan.new} | {each.row.unit_id for each in plan.changed}
    touched |= {known.unit_id for known in (*(each.known for each in plan.changed), *plan.leaving)}
    hand_over(session, touched, by=by, now=now)
    detail = {
        "new": len(plan.new),
        "changed": len(plan.changed),
        "left": len(plan.leaving) if with_leaving else 0,
        "unchanged": plan.unchanged,
    }
    audit.write(session, at=now, actor_id=by, act="roster.imported", detail=detail)
    session.flush()


def import_rows(session: Session, rows: Sequence[RosterRow], *, by: int | None, now: datetime) -> Plan:
    """Add or update these people; whoever is not among them stays as they are."""
    plan = compare(session, rows)
    carry_out(session, plan, with_leaving=False, by=by, now=now)
    return plan


def leave(session: Session, person: Person, *, by: int | None, now: datetime) -> None:
    """The person is there no more: no rights, no unit, nothing asked or offered. Cases stay what and where they are."""
    detail = {"person": person.id, "role": person.role, "unit": person.unit_id}
    person.role = Role.TEACHER
    person.unit_id = None
    person.on_roster = False
    person.left_at = now
    person.asked = None
    lanes = select(Identity.external_id).where(Identity.person_id == person.id)
    session.execute(delete(Offer).where(Offer.lane.in_(lanes)).execution_options(synchronize_session=False))
    audit.write(session, at=now, actor_id=by, act="person.left", detail=detail)


def _everybody(session: Session) -> Mapping[str, Known]:
    columns = (
        Person.id,
        Identity.external_id,
        Person.name,
        Person.role,
        Person.unit_id,
        Person.school,
        Person.phone,
        Person.on_roster,
        Person.left_at,
        Person.admin_by_settings,
    )
    found = select(*columns).join(Identity, Identity.person_id == Person.id).where(Identity.channel == Channel.APP)
    return {
        row.external_id: Known(
            row.id,
            row.external_id,
            row.name,
            Role(row.role),
            row.unit_id,
            row.school,
            row.phone,
            row.on_roster,
            row.left_at is not None,
            row.admin_by_settings,
        )
        for row in session.execute(found.order_by(Person.id))
    }


def _differences(known: Known, row: RosterRow) -> tuple[Difference, ...]:
    pairs = (
        ("姓名", known.name, row.name or known.name),
        ("角色", known.role.value, row.role.value),
        ("单位", known.unit_id, row.unit_id),
        ("学校", known.school, row.school or known.school),
        ("电话", known.phone, row.phone or known.phone),
    )
    return tuple(Difference(*pair) for pair in pairs if pair[1] != pair[2])


def _without_admin(known: Mapping[str, Known], rows: Sequence[RosterRow]) -> bool:
    """Admins not in the file stay; one in the file becomes what it says, unless the settings name them."""
    told = {row.userid: row.role for row in rows}
    stay = any(
        person.admin_by_settings or told.get(person.userid, Role.ADMIN) is Role.ADMIN
        for person in known.values()
        if person.role is Role.ADMIN
    )
    return not stay and Role.ADMIN not in told.values()


def _orphaned(known: Mapping[str, Known], rows: Sequence[RosterRow]) -> tuple[str, ...]:
    """Units that are looked after now and, should all go who are not in the file, by nobody then."""
    told = {row.userid for row in rows}
    now = [each for each in known.values() if each.role is Role.COORDINATOR and not each.left]
    then = {row.unit_id for row in rows if row.role is Role.COORDINATOR}
    then |= {each.unit_id for each in now if not each.on_roster and each.userid not in told}
    return tuple(dict.fromkeys(each.unit_id for each in now if each.unit_id is not None and each.unit_id not in then))


def _add(session: Session, rows: Sequence[RosterRow], by: int | None, now: datetime) -> None:
    people = [
        Person(
            app_userid=row.userid,
            name=row.name,
            phone=row.phone,
            role=row.role,
            unit_id=row.unit_id,
            school=row.school,
            self_declared=False,
            on_roster=True,
        )
        for row in rows
    ]
    session.add_all(people)
    session.flush()
    for person, row in zip(people, rows, strict=True):
        channels = (Channel.APP,) if is_opaque(row.userid) else tuple(Channel)
        session.add_all(Identity(channel=each, external_id=row.userid, person_id=person.id) for each in channels)
        detail = {"person": person.id, "role": row.role.value, "unit": row.unit_id}
        audit.write(session, at=now, actor_id=by, act="person.imported", detail=detail)
    session.flush()


def _people(session: Session, ids: Sequence[int]) -> Mapping[int, Person]:
    """These people, locked until the transaction ends."""
    found: dict[int, Person] = {}
    for start in range(0, len(ids), 500):
        some = select(Person).where(Person.id.in_(ids[start : start + 500])).order_by(Person.id).with_for_update()
        found |= {person.id: person for person in session.scalars(some)}
    return found


def _change(session: Session, person: Person, changed: Changed, by: int | None, now: datetime) -> None:
    row = changed.row
    moved = person.unit_id != row.unit_id
    person.app_userid = row.userid
    person.name = row.name or person.name
    person.phone = row.phone or person.phone
    person.school = row.school or person.school
    person.role = row.role
    person.unit_id = row.unit_id
    person.self_declared = False
    person.on_roster = True
    person.left_at = None
    # A telephone number is not repeated here: the columns are enough to see who changed what.
    fields = [each.field for each in changed.differences]
    detail = {"person": person.id, "role": row.role.value, "unit": row.unit_id, "changed": fields}
    audit.write(session, at=now, actor_id=by, act="person.imported", detail=detail)
    if moved and row.unit_id is not None:
        take_along(session, person, by=by, now=now)


def take_along(session: Session, person: Person, *, by: int | None, now: datetime) -> None:
    """Cases that no coordinator has seen yet go to the unit the person is in now; all others stay with the unit they
    were submitted to, and so do those that a coordinator sent for people of a unit."""
    if person.unit_id is None:
        return
    unseen = Case.state.in_(_GO_ALONG), Case.submitted_at.is_(None)
    mine = select(Case).where(Case.owner_id == person.id, Case.contact.is_(None), *unseen)
    for case in session.scalars(mine.order_by(Case.id)):
        if case.unit_id != person.unit_id:
            cases.set_unit(session, case, person.unit_id, person.school, actor_id=by, now=now)
