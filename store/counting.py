"""How many cases of each unit, category and state there are: one query that reads the board's index and nothing else.

Grouping compares the keys of every row with those of the row before. Asked for one key after the other, the database
only walks along the part of the index that has it, which takes half the time and less (benchmarks/bench_quotas.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Case as Case_
from sqlalchemy import Select, Subquery, false, func, literal_column, or_, select, true, union_all
from sqlalchemy import case as case_
from sqlalchemy.orm import Session

from store.schema.campaign import Case, CaseState


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases of a unit and category are in a state, and how many of them came after the deadline."""

    unit_id: str
    category: str
    state: CaseState
    cases: int
    late: int = 0


@dataclass(frozen=True, slots=True)
class SchoolsAsked:
    """Schools of one unit, by `school_key`. `categories` are those of which their cases count, none meaning all."""

    unit_id: str
    keys: frozenset[str]
    categories: tuple[str, ...] = ()


def furthest_of_schools(
    session: Session, asked: Sequence[SchoolsAsked], ranks: Mapping[CaseState, int]
) -> list[dict[str, int]]:
    """For each entry the highest rank that a case of each of its schools has; a school without one is left out.

    A case whose category is not known yet counts: it may become one that does. One statement, which reads a range of
    the index for each school and no row of the table."""
    found: list[dict[str, int]] = [{} for _ in asked]
    if asked:
        rank = case_({state.value: number for state, number in ranks.items()}, value=Case.state, else_=0)
        parts = [_furthest(place, each, rank) for place, each in enumerate(asked)]
        for place, key, highest in session.execute(union_all(*parts)):
            found[place][key] = highest
    return found


def _furthest(place: int, asked: SchoolsAsked, rank: Case_[int]) -> Select[Any]:
    columns: tuple[Any, ...] = (literal_column(str(place)), Case.school_key, func.max(rank))
    query = select(*columns).where(Case.unit_id == asked.unit_id, Case.school_key.in_(sorted(asked.keys)))
    if asked.categories:
        query = query.where(or_(Case.category.in_(asked.categories), Case.category.is_(None)))
    return query.group_by(Case.school_key)


def count_cases(
    session: Session, unit_ids: Sequence[str], categories: Sequence[str], states: Iterable[CaseState]
) -> list[Count]:
    """The counts of these units, categories and states that are not zero. A plain query, nothing is stored."""
    query = _query(tuple(unit_ids), tuple(categories), tuple(states))
    rows = session.execute(query).all()
    return [
        Count(unit, category, CaseState(state), cases, late) for unit, category, state, cases, late in rows if cases
    ]


@cache
def _query(unit_ids: tuple[str, ...], categories: tuple[str, ...], states: tuple[CaseState, ...]) -> Select[Any]:
    units, kinds, steps = _values(unit_ids, "unit"), _values(categories, "kind"), _values(states, "step")
    mine = Case.unit_id == units.c.value, Case.category == kinds.c.value, Case.state == steps.c.value
    counted = select(func.count()).select_from(Case).where(*mine).correlate(units, kinds, steps)
    late = counted.where(Case.on_time == false())
    keys = units.join(kinds, true()).join(steps, true())
    found = (counted.scalar_subquery(), late.scalar_subquery())
    return select(units.c.value, kinds.c.value, steps.c.value, *found).select_from(keys)


def _values(values: Iterable[str], name: str) -> Subquery:
    """A table of one column. Quoted by hand: bound one by one they would be dozens of parameters."""
    quoted = ("'" + value.replace("'", "''") + "'" for value in values)
    return union_all(*(select(literal_column(each).label("value")) for each in quoted)).subquery(name)
