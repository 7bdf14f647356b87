"""What coordinators sent for people who are not here (代交) belongs to whoever looks after the unit now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.roles import Role
from store import audit
from store.schema.campaign import Case, Person


def hand_over(session: Session, unit_ids: Iterable[str | None], *, by: int | None, now: datetime) -> None:
    """Such cases of these units whose owner does not look after the unit any more get one who does. While nobody does
    they stay where they are, for the next coordinator who is appointed."""
    session.flush()
    for unit_id in sorted({unit_id for unit_id in unit_ids if unit_id is not None}):
        there = Person.unit_id == unit_id, Person.role == Role.COORDINATOR, Person.left_at.is_(None)
        present = list(session.scalars(select(Person.id).where(*there).order_by(Person.id)))
        if not present:
            continue
        sent = Case.unit_id == unit_id, Case.contact.is_not(None), Case.owner_id.not_in(present)
        for case in session.scalars(select(Case).where(*sent).order_by(Case.id).with_for_update()):
            detail = {"from": case.owner_id, "owner": present[0]}
            case.owner_id = present[0]
            audit.write(session, at=now, actor_id=by, act="case.handed_over", case_id=case.id, detail=detail)
    session.flush()
