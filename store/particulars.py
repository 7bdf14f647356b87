"""What is said of a case beside its file: its name, its school, whose it is. Set by people, each with its audit row."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.names import letters_of
from domain.roles import Role
from store import audit
from store.cases import TITLE_LENGTH, lock
from store.schema.campaign import Case, CaseState, Person

SCHOOL_LENGTH = 128


def set_title(session: Session, case: Case, title: str, *, actor_id: int, now: datetime) -> None:
    """From now on the case is called this, whatever its next file is called. Whether it may be is the caller's."""
    locked = lock(session, case.id)
    before, locked.title = locked.title, title[:TITLE_LENGTH]
    locked.title_by_hand = True
    locked.updated_at = now
    session.flush()
    detail = {"from": before, "to": locked.title}
    audit.write(session, at=now, actor_id=actor_id, act="case.title", case_id=case.id, detail=detail)


def set_school(session: Session, case: Case, school: str, *, actor_id: int, now: datetime) -> None:
    """The case is of this school."""
    locked = lock(session, case.id)
    before, locked.school = locked.school, school[:SCHOOL_LENGTH]
    locked.updated_at = now
    session.flush()
    detail = {"from": before, "to": locked.school}
    audit.write(session, at=now, actor_id=actor_id, act="case.school", case_id=case.id, detail=detail)


def depute(
    session: Session,
    case: Case,
    *,
    owner_id: int,
    school: str | None,
    contact: str | None,
    actor_id: int,
    now: datetime,
) -> None:
    """The case was sent for somebody else: for that owner, or, with `contact` ("" unnamed), for somebody not here."""
    locked = lock(session, case.id)
    locked.owner_id = owner_id
    locked.school = school[:SCHOOL_LENGTH] if school else locked.school
    locked.contact = contact
    locked.deputed = contact is not None or owner_id != actor_id
    locked.updated_at = now
    session.flush()
    detail = {"owner": owner_id, "school": school}
    audit.write(session, at=now, actor_id=actor_id, act="case.deputed", case_id=case.id, detail=detail)


def teacher_named(session: Session, unit_id: str, name: str, school: str | None) -> Person | None:
    """The one teacher of the unit who is called this, at that school if one is given; None for none and for several."""
    query = select(Person).where(
        Person.unit_id == unit_id, Person.name == name, Person.role == Role.TEACHER, Person.left_at.is_(None)
    )
    found = [each for each in session.scalars(query) if school is None or each.school in {None, school}]
    return found[0] if len(found) == 1 else None


def same_title(session: Session, unit_id: str, title: str, school: str | None) -> Case | None:
    """The one living case of the unit that is called this, of that school if both are known; None for several."""
    wanted = letters_of(title)
    query = select(Case).where(Case.unit_id == unit_id, Case.state != CaseState.WITHDRAWN).order_by(Case.id)
    found = [
        case
        for case in session.scalars(query)
        if letters_of(case.title) == wanted and (school is None or case.school in {None, school})
    ]
    return found[0] if len(found) == 1 else None


def people_of(session: Session, unit_id: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names of the unit's people and of the schools they or its cases are from."""
    people = session.execute(select(Person.name, Person.school).where(Person.unit_id == unit_id)).all()
    schools = session.scalars(select(Case.school).where(Case.unit_id == unit_id).distinct())
    names = frozenset(name for name, _ in people if name)
    return names, frozenset(school for school in (*(school for _, school in people), *schools) if school)
