"""Cases in pages: of one unit or of all, by state, category and words of the title; the oldest waiting first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from store.schema.campaign import Case, CaseState, Person

ALIVE = frozenset(CaseState) - {CaseState.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases to list. `words` stand in the title, the school or the owner's name, in any case of letters."""

    states: frozenset[CaseState] = ALIVE
    category: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A case with what its owner is called and the school they belong to."""

    case: Case
    owner: str | None
    school: str | None


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
        places = (Case.title, Case.school, Person.name, Person.school)
        query = query.where(or_(*(place.ilike(like, escape="!") for place in places)))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.execute(query.order_by(Case.submitted_at, Case.id).offset(offset).limit(limit))
    return [Listed(*row) for row in rows], total
