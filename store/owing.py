"""Whom reminders concern: who looks after a unit, whose case waits to be mended, who is of a school, who is silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from domain.names import letters_of
from domain.roles import Role
from store.schema.campaign import Case, CaseState, Identity, Person
from store.schema.mail import Inbox

TO_MEND = (CaseState.NEEDS_FIX, CaseState.RETURNED)
_HERE = Person.left_at.is_(None)
_MINE_TO_MEND = (  # built once: every reminder asks it twice
    select(Case).where(Case.state.in_(TO_MEND), Case.owner_id == bindparam("owner")).order_by(Case.updated_at, Case.id)
)


def staff(session: Session, role: Role) -> dict[str | None, list[Person]]:
    """Who has this role now, by unit; whoever has left is not among them."""
    found = defaultdict[str | None, list[Person]](list)
    for person in session.scalars(select(Person).where(Person.role == role, _HERE).order_by(Person.id)):
        found[person.unit_id].append(person)
    return found


def everybody(session: Session) -> list[Person]:
    """Everybody who is here."""
    return list(session.scalars(select(Person).where(_HERE).order_by(Person.id)))


def to_mend(session: Session, owner_id: int) -> list[Case]:
    """The cases this person has to mend, the one untouched for longest first."""
    return list(session.scalars(_MINE_TO_MEND, {"owner": owner_id}))


def all_to_mend(session: Session) -> list[tuple[int, int, str | None]]:
    """Every case that its owner, who is here, has to mend: case_id, person_id, and the person's unit."""
    query = select(Case.id, Person.id, Person.unit_id).join(Person, Person.id == Case.owner_id)
    rows = session.execute(query.where(Case.state.in_(TO_MEND), _HERE).order_by(Case.id))
    return [(case_id, person_id, unit) for case_id, person_id, unit in rows]


def of_schools(session: Session, schools: Sequence[tuple[str, str]]) -> list[tuple[int, str, str]]:
    """Who belongs to one of these schools (unit and name): person_id, unit, and the school's name as given here."""
    if not schools:
        return []
    wanted = {(unit, letters_of(name)): name for unit, name in schools}
    of_unit = Person.unit_id.in_({unit for unit, _ in schools})
    query = select(Person.id, Person.unit_id, Person.school).where(of_unit, Person.school.is_not(None), _HERE)
    found = []
    for person_id, unit, school in session.execute(query.where(Person.role != Role.ADMIN).order_by(Person.id)):
        name = wanted.get((unit or "", letters_of(school or "")))
        if name is not None:
            found.append((person_id, unit or "", name))
    return found


def last_heard(session: Session) -> dict[str, datetime]:
    """When each unit's coordinators last wrote (campaign time); a unit of which none ever has is missing."""
    query = (
        select(Person.unit_id, func.max(Inbox.campaign_at))
        .join(Identity, Identity.person_id == Person.id)
        .join(Inbox, Inbox.lane == Identity.external_id)
        .where(Person.role == Role.COORDINATOR, Person.unit_id.is_not(None), _HERE)
        .group_by(Person.unit_id)
    )
    return {unit: at for unit, at in session.execute(query) if unit is not None and at is not None}
