"""Who an audience is now: computed from the rows as they are, without anybody who has left."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from domain.audience import Audience
from domain.notice import Notice
from domain.roles import Role
from store import quotas
from store.schema.broadcasts import Broadcast, BroadcastState, Recipient
from store.schema.campaign import Case, CaseState, Identity, Person

_TO_MEND = (CaseState.NEEDS_FIX, CaseState.RETURNED)
_NAME = func.replace(Person.name, " ", "")


@dataclass(frozen=True, slots=True)
class Member:
    """One recipient. `userid` is None for who can only be told when they write to the AI bot."""

    person_id: int
    userid: str | None
    name: str | None
    role: Role
    unit_id: str | None
    school: str | None = None

    @property
    def plain_name(self) -> str:
        """The name as it is asked for, without blanks."""
        return (self.name or "").replace(" ", "")


def find(session: Session, notice: Notice, audience: Audience, *, within: str | None) -> list[Member]:
    """The people of this audience, in the order they came; `within` is the unit nobody outside of which is meant."""
    conditions = [Person.left_at.is_(None), exists().where(Identity.person_id == Person.id)]
    if within is not None:
        conditions.append(Person.unit_id == within)
    if audience.roles:
        conditions.append(Person.role.in_(audience.roles))
    if audience.units is not None or audience.kinds is not None:
        conditions.append(Person.unit_id.in_(_units(notice, audience)))
    if audience.names or audience.people:
        numbered = (and_(Person.id == number, _NAME.in_([name])) for number, name in audience.people)
        conditions.append(or_(_NAME.in_(audience.names), *numbered))
    if audience.categories:
        conditions.append(_has_case(Case.category.in_(audience.categories), Case.state != CaseState.WITHDRAWN))
    if audience.owes:
        conditions.append(_owes(session, notice, within))
    if audience.unacknowledged:
        conditions.append(_silent(session, within))
    columns = (Person.id, Person.app_userid, Person.name, Person.role, Person.unit_id, Person.school)
    rows = session.execute(select(*columns).where(*conditions).order_by(Person.id))
    return [Member(row[0], row[1], row[2], Role(row[3]), row[4], row[5]) for row in rows]


def _units(notice: Notice, audience: Audience) -> list[str]:
    by_name = audience.units or frozenset()
    by_kind = audience.kinds or frozenset()
    both = audience.units is not None and audience.kinds is not None
    return [
        unit.id
        for unit in notice.units
        if (unit.id in by_name and unit.kind in by_kind if both else unit.id in by_name or unit.kind in by_kind)
    ]


def _owes(session: Session, notice: Notice, within: str | None) -> ColumnElement[bool]:
    """A coordinator's unit misses cases; a teacher's case has to be mended."""
    owing = [each.unit.id for each in quotas.standings(session, notice, within) if each.owes]
    unit_owes = and_(Person.role == Role.COORDINATOR, Person.unit_id.in_(owing))
    return or_(unit_owes, and_(Person.role == Role.TEACHER, _has_case(Case.state.in_(_TO_MEND))))


def _has_case(*what: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Case.owner_id == Person.id, *what)


def _silent(session: Session, within: str | None) -> ColumnElement[bool]:
    """Was asked by the last broadcast that asked at all, and has not answered it."""
    asked = select(Broadcast.id).where(
        Broadcast.asks, Broadcast.state.in_((BroadcastState.RUNNING, BroadcastState.DONE))
    )
    if within is not None:
        asked = asked.where(Broadcast.unit_id == within)
    last = session.scalar(asked.order_by(Broadcast.id.desc()).limit(1))
    return exists().where(
        Recipient.broadcast_id == (last or 0),
        Recipient.person_id == Person.id,
        Recipient.acknowledged_at.is_(None),
    )
