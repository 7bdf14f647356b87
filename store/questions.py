"""Questions that wait for a person: kept, grouped by likeness, answered once for everybody who asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.orm import Session

from store.rows import changed, count_changed, insert_unless_known
from store.schema.questions import OpenQuestion, Why

# So many new questions are compared with so many of the newest groups at a time.
_COMPARED = 300


@dataclass(frozen=True, slots=True)
class Group:
    """Questions of the same meaning: the first one's number and words, how many people asked, when last.

    `doubted` counts those that came by 不准确: the bot had answered them.
    """

    id: int
    text: str
    people: int
    doubted: int
    last_asked_at: datetime


def keep(
    session: Session, *, inbox_id: int, person_id: int, text: str, why: Why, now: datetime, reasons: str = ""
) -> int | None:
    """Keep a question once per message. Its id, or None when the message has one already: a doubt then adds its
    reasons, and wakes what was put aside."""
    values = {
        "inbox_id": inbox_id,
        "person_id": person_id,
        "text": text,
        "why": why,
        "reasons": reasons,
        "asked_at": now,
    }
    made = insert_unless_known(session, OpenQuestion, values)
    if made is None and why is Why.DOUBTED:
        known = update(OpenQuestion).where(OpenQuestion.inbox_id == inbox_id, OpenQuestion.official_id.is_(None))
        changed(session, known.values(reasons=reasons, dismissed_at=None))
    return made


def take_back_doubt(session: Session, inbox_id: int, now: datetime) -> None:
    """The person took 不准确 back: their question waits no longer."""
    changed(
        session,
        update(OpenQuestion)
        .where(OpenQuestion.inbox_id == inbox_id, OpenQuestion.why == Why.DOUBTED, _waits())
        .values(dismissed_at=now),
    )


def ungrouped(session: Session) -> list[OpenQuestion]:
    """Waiting questions that have not been compared with others yet, oldest first."""
    found = select(OpenQuestion).where(OpenQuestion.group_id.is_(None), _waits()).order_by(OpenQuestion.id)
    return list(session.scalars(found.limit(_COMPARED)))


def firsts(session: Session) -> list[OpenQuestion]:
    """The first question of each group that waits, newest group first."""
    first = select(OpenQuestion).where(OpenQuestion.id.in_(select(OpenQuestion.group_id).where(_waits())))
    return list(session.scalars(first.order_by(OpenQuestion.id.desc()).limit(_COMPARED)))


def put_to(session: Session, question: OpenQuestion, group_id: int) -> None:
    """The question belongs to this group, which may be its own."""
    _lock(
        session, group_id
    )  # an answer being given to the group meanwhile either has this question or leaves it waiting
    question.group_id = group_id
    session.flush()


def waiting(session: Session, *, limit: int, offset: int = 0) -> tuple[list[Group], int]:
    """The groups that wait, most asked first, and how many there are in all."""
    counted = (
        select(
            OpenQuestion.group_id.label("group_id"),
            func.count(OpenQuestion.person_id.distinct()).label("people"),
            func.sum(case((OpenQuestion.why == Why.DOUBTED, 1), else_=0)).label("doubted"),
            func.max(OpenQuestion.asked_at).label("last_asked_at"),
        )
        .where(_waits(), OpenQuestion.group_id.is_not(None))
        .group_by(OpenQuestion.group_id)
        .subquery()
    )
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    rows = session.execute(
        select(OpenQuestion.id, OpenQuestion.text, counted.c.people, counted.c.doubted, counted.c.last_asked_at)
        .join(counted, counted.c.group_id == OpenQuestion.id)
        .order_by(counted.c.people.desc(), OpenQuestion.id)
        .limit(limit)
        .offset(offset)
    )
    return [Group(*row) for row in rows], total


def first_of(session: Session, group_id: int) -> OpenQuestion | None:
    """The question that gave a waiting group its number, None when no such group waits."""
    first = session.get(OpenQuestion, group_id)
    return first if first is not None and askers(session, group_id) else None


def askers(session: Session, group_id: int) -> Sequence[OpenQuestion]:
    """Everybody of a group who still waits: each person's latest question."""
    latest = (
        select(func.max(OpenQuestion.id))
        .where(OpenQuestion.group_id == group_id, _waits())
        .group_by(OpenQuestion.person_id)
    )
    return session.scalars(select(OpenQuestion).where(OpenQuestion.id.in_(latest)).order_by(OpenQuestion.id)).all()


def close(session: Session, group_id: int, official_id: int) -> Sequence[OpenQuestion]:
    """The group has its answer. Who is to hear it: each person's latest question; empty when somebody else has
    answered or dismissed the group meanwhile."""
    _lock(session, group_id)
    told = askers(session, group_id)
    _end(session, group_id, official_id=official_id)
    return told


def dismiss(session: Session, group_id: int, now: datetime) -> bool:
    """Put a group aside without an answer. False when it does not wait any more."""
    return _end(session, group_id, dismissed_at=now) > 0


def _lock(session: Session, question_id: int) -> None:
    session.execute(select(OpenQuestion.id).where(OpenQuestion.id == question_id).with_for_update())


def _end(session: Session, group_id: int, **values: object) -> int:
    ending = update(OpenQuestion).where(OpenQuestion.group_id == group_id, _waits()).values(**values)
    return count_changed(session, ending)


def _waits() -> ColumnElement[bool]:
    return OpenQuestion.official_id.is_(None) & OpenQuestion.dismissed_at.is_(None)
