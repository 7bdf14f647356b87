"""What somebody's next files are for, as they said before they sent them: one purpose at a time, the last one said."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from store.rows import put_row
from store.schema.campaign import Case
from store.schema.intake import AwaitedFile, Purpose

AWAITED_FOR = timedelta(minutes=30)


def expect(
    session: Session,
    person_id: int,
    purpose: Purpose,
    now: datetime,
    *,
    category: str | None = None,
    school: str | None = None,
    contact: str | None = None,
    case_id: int | None = None,
) -> None:
    """For half an hour this person's files are for this; what was said before is forgotten."""
    values = {
        "person_id": person_id,
        "purpose": purpose.value,
        "category": category,
        "school": school,
        "contact": contact,
        "case_id": case_id,
        "until": now + AWAITED_FOR,
    }
    put_row(session, AwaitedFile, values)


def expected(session: Session, person_id: int, now: datetime, *purposes: Purpose) -> AwaitedFile | None:
    """What the person's next file is for; None when nothing was said, or something else than one of these purposes, or
    half an hour has gone by."""
    row = session.get(AwaitedFile, person_id, populate_existing=True)
    if row is None or now >= row.until or (purposes and row.purpose not in purposes):
        return None
    return row


def expect_no_more(session: Session, person_id: int, *purposes: Purpose) -> bool:
    """The files have come, or are not wanted any more. False when none were awaited for one of these purposes."""
    row = session.get(AwaitedFile, person_id, populate_existing=True)
    if row is None or (purposes and row.purpose not in purposes):
        return False
    session.delete(row)
    session.flush()
    return True


def expect_support(session: Session, person_id: int, case: Case, now: datetime) -> None:
    """From now on, for half an hour after the last one, this person's files are supporting files of the case."""
    expect(session, person_id, Purpose.SUPPORTING, now, case_id=case.id)
    case.updated_at = now
    session.flush()


def supported(session: Session, person_id: int, now: datetime) -> Case | None:
    """The case this person is sending supporting files for."""
    row = expected(session, person_id, now, Purpose.SUPPORTING)
    return None if row is None or row.case_id is None else session.get_one(Case, row.case_id)
