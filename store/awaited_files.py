"""What somebody's next file is for, as they said before they sent it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from store.rows import put_row
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
) -> None:
    """For half an hour this person's next file is for this; what was said before is forgotten."""
    values = {
        "person_id": person_id,
        "purpose": purpose.value,
        "category": category,
        "school": school,
        "contact": contact,
        "until": now + AWAITED_FOR,
    }
    put_row(session, AwaitedFile, values)


def expected(session: Session, person_id: int, now: datetime) -> AwaitedFile | None:
    """What the person's next file is for, None when nothing was said or half an hour has gone by."""
    row = session.get(AwaitedFile, person_id, populate_existing=True)
    return row if row is not None and now < row.until else None


def expect_no_more(session: Session, person_id: int) -> bool:
    """The file has come, or is not wanted any more. False when none was awaited."""
    row = session.get(AwaitedFile, person_id, populate_existing=True)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True
