"""Files that could not be brought home: who sends one again soon keeps the time at which it first came."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.people import lock
from store.schema.campaign import LostFile

KEPT_FOR = timedelta(hours=2)


def note(session: Session, *, person_id: int, inbox_id: int, position: int, arrived_at: datetime) -> None:
    """Remember that this file of a message came at `arrived_at` (campaign time) and was lost. Once for each file."""
    known = select(LostFile.id).where(LostFile.inbox_id == inbox_id, LostFile.position == position)
    if session.scalar(known) is None:
        session.add(LostFile(person_id=person_id, inbox_id=inbox_id, position=position, arrived_at=arrived_at))
        session.flush()


def first_arrival(session: Session, *, person_id: int, inbox_id: int, arrived_at: datetime) -> LostFile | None:
    """The earliest file of this person that was lost within the last two hours and has not been sent again yet.

    A file that comes in the same message as the lost one is not that file.
    """
    lock(session, person_id)
    query = select(LostFile).where(
        LostFile.person_id == person_id,
        LostFile.material_id.is_(None),
        LostFile.inbox_id != inbox_id,
        LostFile.arrived_at <= arrived_at,
        LostFile.arrived_at >= arrived_at - KEPT_FOR,
    )
    return session.scalars(query.order_by(LostFile.arrived_at, LostFile.id).limit(1)).first()


def found(session: Session, lost: LostFile, material_id: int) -> None:
    """The lost file has come again as this material; it excuses no other one."""
    lost.material_id = material_id
    session.flush()
