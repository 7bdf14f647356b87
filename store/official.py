"""Official answers beside the notice: added, taken back, and the number that tells whether all are known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from store.schema.questions import OfficialAnswer

# Built once: every message asks this.
REVISION = select(func.max(OfficialAnswer.id))


def revision(session: Session) -> int:
    """Grows with every answer given or taken back; 0 when there has been none."""
    return session.connection().scalar(REVISION) or 0


def add(session: Session, *, question: str, text: str, person_id: int, now: datetime) -> OfficialAnswer:
    """A new answer, in force from the next question on."""
    row = OfficialAnswer(question=question, text=text, person_id=person_id, answered_at=now)
    session.add(row)
    session.flush()
    return row


def take_back(session: Session, answer: OfficialAnswer, *, person_id: int, now: datetime) -> None:
    """The answer is no longer given."""
    session.add(
        OfficialAnswer(question=answer.question, text="", person_id=person_id, answered_at=now, ends_id=answer.id)
    )
    session.flush()


def in_force(session: Session) -> Sequence[OfficialAnswer]:
    """All answers that are given now, oldest first."""
    end = aliased(OfficialAnswer)
    ended = select(end.id).where(end.ends_id == OfficialAnswer.id).exists()
    return session.scalars(
        select(OfficialAnswer).where(OfficialAnswer.ends_id.is_(None), ~ended).order_by(OfficialAnswer.id)
    ).all()


def find(session: Session, answer_id: int) -> OfficialAnswer | None:
    """The answer with this number if it is in force."""
    return next((each for each in in_force(session) if each.id == answer_id), None)
