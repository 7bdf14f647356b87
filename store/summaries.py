"""The rows of a unit's summary table, from the cases as they are now."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.notice import Notice
from domain.summary import SummaryRow, SummarySheet, in_order
from store import contacts
from store.moves import COUNTED
from store.schema.campaign import Case, CaseState, Person


def sheet_of(
    session: Session, notice: Notice, unit_id: str, head: Person | None, states: Collection[CaseState] = COUNTED
) -> SummarySheet:
    """The table of this unit with the cases in these states, `head` answering for it.

    Numbers are given whole: whoever shows them to others than the unit masks them."""
    query = (
        select(Case, Person.school)
        .join(Person, Person.id == Case.owner_id)
        .where(Case.unit_id == unit_id, Case.category.is_not(None), Case.state.in_(states))
        .order_by(Case.submitted_at, Case.id)
    )
    unit = notice.unit(unit_id).name
    found = session.execute(query).all()
    known = contacts.of_cases(session, [case.id for case, _school in found])
    rows = (
        SummaryRow(
            case_id=case.id,
            receipt=case.receipt,
            category=case.category or "",
            title=case.title,
            contact=known[case.id].name or "",
            school=case.school or school or unit,
            phone=known[case.id].phone or "",
        )
        for case, school in found
    )
    name, phone = (head.name or "", head.phone or "") if head is not None else ("", "")
    return SummarySheet(unit, name, phone, in_order(notice, rows))
