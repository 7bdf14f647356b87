"""Binding an id of the AI bot to a person by a one-time code, and ending that."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from domain.binding_code import GOOD_FOR
from domain.chat import Channel
from domain.roles import Role
from store import audit
from store.people import is_opaque
from store.rows import put_row
from store.schema.campaign import Case, Identity, LostFile, Person
from store.schema.copies import Misjudgement
from store.schema.intake import AwaitedFile
from store.schema.people import BindingCode, BindingTries
from store.schema.questions import OpenQuestion
from store.schema.uploads import Upload

MOST_CODES = 5
MOST_TRIES = 5
TRIES_PER = timedelta(hours=1)
# What belongs to a person wherever they write from. All other rows that name a person tell who did something.
_GOES_ALONG = (
    Case.owner_id,
    LostFile.person_id,
    OpenQuestion.person_id,
    Misjudgement.person_id,
    Upload.person_id,
)


class Tried(StrEnum):
    """What came of a code that somebody typed. WRONG: unknown, used, or out of time; nobody is told which."""

    BOUND = "bound"
    WRONG = "wrong"
    TOO_OFTEN = "too_often"


def issue(session: Session, person: Person, code_hash: str, *, by: int, now: datetime) -> bool:
    """Let this code bind to the person for ten minutes; earlier ones end. False: too many were asked for in an hour."""
    mine = select(func.count()).where(BindingCode.person_id == person.id, BindingCode.made_at > now - TRIES_PER)
    if (session.scalar(mine) or 0) >= MOST_CODES:
        return False
    still_good = update(BindingCode).where(BindingCode.person_id == person.id, BindingCode.expires_at > now)
    session.execute(still_good.values(expires_at=now))
    session.add(
        BindingCode(
            person_id=person.id, issued_by=by, code_hash=code_hash, made_at=now, expires_at=now + GOOD_FOR, used_at=None
        )
    )
    session.flush()
    audit.write(session, at=now, actor_id=by, act="binding.code_made", detail={"person": person.id})
    return True


def may_try(session: Session, stray: Person, now: datetime) -> bool:
    """Whether this person may type one more code now: five wrong ones in an hour are enough."""
    tries = session.get(BindingTries, stray.id, populate_existing=True)
    return tries is None or tries.count < MOST_TRIES or now - tries.since >= TRIES_PER


def redeem(session: Session, stray: Person, code_hash: str, now: datetime) -> tuple[Tried, Person | None]:
    """Use the code: from now on whatever `stray` is known by is the person the code was made for, whose cases are
    joined. Of several who type the same code one is bound. `stray` has to be somebody the app does not know."""
    if not may_try(session, stray, now):
        return Tried.TOO_OFTEN, None
    code = session.scalar(select(BindingCode).where(BindingCode.code_hash == code_hash).with_for_update())
    if code is None or code.used_at is not None or code.expires_at <= now:
        _count_wrong(session, stray, now)
        return Tried.WRONG, None
    people = select(Person).where(Person.id.in_((stray.id, code.person_id))).order_by(Person.id)
    locked = {person.id: person for person in session.scalars(people.with_for_update())}
    member = locked[code.person_id]
    if member.left_at is not None:
        _count_wrong(session, stray, now)
        return Tried.WRONG, None
    code.used_at = now
    _join(session, stray, member, now)
    return Tried.BOUND, member


def release(session: Session, member: Person, *, by: int, now: datetime) -> int:
    """End every binding of this person: who writes from those ids is a stranger again, cases stay. How many ids."""
    bound = [each for each in _identities(session, member) if is_opaque(each.external_id)]
    for identity in bound:
        stranger = Person(role=Role.TEACHER)
        session.add(stranger)
        session.flush()
        identity.person_id = stranger.id
    session.flush()
    if bound:
        audit.write(
            session, at=now, actor_id=by, act="binding.released", detail={"person": member.id, "ids": len(bound)}
        )
    return len(bound)


def _count_wrong(session: Session, stray: Person, now: datetime) -> None:
    tries = session.get(BindingTries, stray.id, populate_existing=True)
    fresh = tries is None or now - tries.since >= TRIES_PER
    count, since = (1, now) if fresh or tries is None else (tries.count + 1, tries.since)
    put_row(session, BindingTries, {"person_id": stray.id, "count": count, "since": since})
    audit.write(session, at=now, actor_id=stray.id, act="binding.wrong_code", detail={"count": count})


def _join(session: Session, stray: Person, member: Person, now: datetime) -> None:
    ids = [each.external_id for each in _identities(session, stray)]
    moved = update(Identity).where(Identity.person_id == stray.id).values(person_id=member.id)
    session.execute(moved.execution_options(synchronize_session="fetch"))
    for column in _GOES_ALONG:
        statement = update(column.class_).where(column == stray.id).values({column.key: member.id})
        session.execute(statement.execution_options(synchronize_session="fetch"))
    session.execute(delete(AwaitedFile).where(AwaitedFile.person_id == stray.id))
    for name in ("name", "phone", "school", "licence_shown_at", "contact_asked_at"):
        if getattr(member, name) is None:
            setattr(member, name, getattr(stray, name))
    if member.unit_id is None and member.role == Role.TEACHER and stray.unit_id is not None:
        member.unit_id, member.self_declared = stray.unit_id, True
    stray.left_at, stray.unit_id, stray.asked = now, None, None
    session.flush()
    detail = {"person": member.id, "was": stray.id, "ids": len(ids)}
    audit.write(session, at=now, actor_id=member.id, act="binding.bound", detail=detail)


def _identities(session: Session, person: Person) -> list[Identity]:
    query = select(Identity).where(Identity.person_id == person.id, Identity.channel == Channel.AIBOT)
    return list(session.scalars(query.order_by(Identity.id)))
