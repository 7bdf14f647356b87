"""Cases in pages: of one unit or of all, by state, category, school, lateness and words; the oldest waiting first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from store.moves import OWNERS_TURN
from store.schema.campaign import Case, CaseState, Material, MaterialKind, Person, school_key

ALIVE = frozenset(CaseState) - {CaseState.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases to list. `words` stand in the title, the school, the name of its owner or of whom it was sent for, or
    in the receipt number, in any case of letters. `school` is meant however its name is written; `late` came after the
    deadline."""

    states: frozenset[CaseState] = ALIVE
    category: str | None = None
    words: str = ""
    school: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A case with what its owner is called and the school they belong to."""

    case: Case
    owner: str | None
    school: str | None

    @property
    def author(self) -> str:
        """Whose case it is: whom it was sent for, else its owner; "" where no name is known."""
        return (self.owner if self.case.contact is None else self.case.contact) or ""


def page(session: Session, unit_id: str | None, wanted: Wanted, *, offset: int, limit: int) -> tuple[list[Listed], int]:
    """One page and the number of all. `unit_id` None means every unit: the caller has asked domain.policy."""
    query = select(Case, Person.name, Person.school).join(Person, Person.id == Case.owner_id)
    query = query.where(Case.state.in_(wanted.states), Case.unit_id.is_not(None))
    if unit_id is not None:
        query = query.where(Case.unit_id == unit_id)
    if wanted.category is not None:
        query = query.where(Case.category == wanted.category)
    if wanted.words:
        like = f"%{wanted.words.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        places = (Case.title, Case.school, Case.contact, Case.receipt, Person.name, Person.school)
        query = query.where(or_(*(place.ilike(like, escape="!") for place in places)))
    if wanted.school:
        query = query.where(Case.school_key == school_key(wanted.school))
    if wanted.late:
        query = query.where(Case.on_time.is_(False))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order = Case.submitted_at.nulls_last(), Case.id
    rows = session.execute(query.order_by(*order).offset(offset).limit(limit))
    return [Listed(*row) for row in rows], total


def of_owner(session: Session, owner_id: int, *, offset: int, limit: int) -> tuple[list[Case], int]:
    """One page of a person's own cases, the one touched last first, and the number of all."""
    mine = Case.owner_id == owner_id
    total = session.scalar(select(func.count()).select_from(Case).where(mine)) or 0
    query = select(Case).where(mine).order_by(Case.updated_at.desc(), Case.id.desc())
    return list(session.scalars(query.offset(offset).limit(limit))), total


def waiting_for_owner(session: Session, owner_id: int) -> int:
    """How many of a person's own cases wait for them: to be answered, mended, sent again, or a new file confirmed."""
    unsure = select(Material.id).where(Material.case_id == Case.id, Material.kind == MaterialKind.WAITING)
    waits = or_(Case.state.in_(OWNERS_TURN), unsure.exists())
    return session.scalar(select(func.count()).select_from(Case).where(Case.owner_id == owner_id, waits)) or 0
