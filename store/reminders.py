"""Every state move of reminders: planned once, taken by one sender, put off, replaced when the deadline moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.reminders import ReminderKind
from store.rows import count_changed, put_row
from store.schema.campaign import Person
from store.schema.mail import Outbox, OutboxState
from store.schema.reminders import Reminder, ReminderMute, ReminderState, WhyNot

_AT_ONCE = 500
_RECENT = timedelta(days=3)
_LOST = (OutboxState.REFUSED, OutboxState.UNKNOWN)
# Built once: each message that is sent asks them.
_OF_OUTBOX = (
    select(Reminder)
    .where(Reminder.outbox_id == bindparam("outbox"), Reminder.state == ReminderState.SENT)
    .order_by(Reminder.due_at, Reminder.id)
)
_MUTED = select(ReminderMute.kind, ReminderMute.case_id).where(ReminderMute.person_id == bindparam("person"))


class Key(NamedTuple):
    """What makes a reminder the same: it is planned, and sent, once. `case_id` 0: about no single case."""

    kind: ReminderKind
    person_id: int
    case_id: int
    occurrence: str
    version: int


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The planned reminders of one kind and occurrence: how many people, from when to when (campaign time)."""

    occurrence: str
    kind: ReminderKind
    people: int
    first: datetime
    last: datetime


def plan(session: Session, campaign: str, stage: str, wanted: Iterable[tuple[Key, datetime]]) -> int:
    """Plan what is not planned yet, each with its instant; how many. Two who plan at once plan each reminder once."""
    known = _known(session, campaign)
    new = [
        {
            "campaign": campaign,
            "stage": stage,
            "kind": key.kind.value,
            "person_id": key.person_id,
            "case_id": key.case_id,
            "occurrence": key.occurrence,
            "deadline_version": key.version,
            "due_at": due_at,
            "state": ReminderState.PLANNED.value,
        }
        for key, due_at in wanted
        if key not in known
    ]
    table = cast("Table", Reminder.__table__)
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    for begin in range(0, len(new), _AT_ONCE):
        session.execute(dialect.insert(table).on_conflict_do_nothing(), new[begin : begin + _AT_ONCE])
    return len(new)


def _known(session: Session, campaign: str) -> set[tuple[object, ...]]:
    """Everything that is planned or was, as keys are: a kind is equal to its name."""
    columns = Reminder.kind, Reminder.person_id, Reminder.case_id, Reminder.occurrence, Reminder.deadline_version
    return set(map(tuple, session.connection().execute(select(*columns).where(Reminder.campaign == campaign))))


def replace_outdated(session: Session, campaign: str, version_of: Callable[[str | None], int], now: datetime) -> int:
    """Take back what was planned by a deadline that no longer holds for the person's unit; how many."""
    query = (
        select(Reminder.id, Reminder.deadline_version, Person.unit_id)
        .join(Person, Person.id == Reminder.person_id)
        .where(Reminder.campaign == campaign, Reminder.state == ReminderState.PLANNED)
        .where(Reminder.kind != ReminderKind.MOVED)
    )
    outdated = [row_id for row_id, version, unit in session.execute(query) if version != version_of(unit)]
    values = {"state": ReminderState.REPLACED, "decided_at": now}
    return sum(
        count_changed(session, _planned(outdated[begin : begin + _AT_ONCE]).values(**values))
        for begin in range(0, len(outdated), _AT_ONCE)
    )


def _planned(ids: Sequence[int]) -> Any:
    return update(Reminder).where(Reminder.id.in_(ids), Reminder.state == ReminderState.PLANNED)


def has_moved(session: Session, campaign: str, number: int) -> bool:
    """Whether people have been planned to be told of this change of the deadline."""
    known = select(Reminder.id).where(
        Reminder.campaign == campaign, Reminder.kind == ReminderKind.MOVED, Reminder.deadline_version == number
    )
    return session.scalar(known.limit(1)) is not None


def is_due(session: Session, campaign: str, now: datetime) -> bool:
    """Whether anything planned has come to its time."""
    return session.scalar(_due(campaign, now).with_only_columns(Reminder.id).limit(1)) is not None


def take_due(session: Session, campaign: str, now: datetime, most_people: int) -> dict[int, list[Reminder]]:
    """Everything that is due, of at most so many people, locked until the transaction ends, by person, oldest first.

    What somebody else is sending at this moment is left to them."""
    people = session.scalars(_due(campaign, now).with_only_columns(Reminder.person_id).distinct().limit(most_people))
    mine = _due(campaign, now).where(Reminder.person_id.in_(people.all())).order_by(Reminder.due_at, Reminder.id)
    found: dict[int, list[Reminder]] = {}
    for row in session.scalars(mine.with_for_update(skip_locked=True).execution_options(populate_existing=True)):
        found.setdefault(row.person_id, []).append(row)
    return found


def _due(campaign: str, now: datetime) -> Any:
    planned = (Reminder.campaign == campaign, Reminder.state == ReminderState.PLANNED, Reminder.due_at <= now)
    return select(Reminder).where(*planned)


def mark_sent(rows: Iterable[Reminder], outbox_id: int, now: datetime) -> None:
    """The message that carries them is on its way."""
    for row in rows:
        row.state, row.outbox_id, row.decided_at = ReminderState.SENT, outbox_id, now


def skip(rows: Iterable[Reminder], why: WhyNot, now: datetime) -> None:
    """They are not sent, now or later."""
    for row in rows:
        row.state, row.why_not, row.decided_at = ReminderState.SKIPPED, why, now


def of_outbox(session: Session, outbox_id: int) -> list[Reminder]:
    """The reminders that this message carries, oldest first."""
    return list(session.scalars(_OF_OUTBOX, {"outbox": outbox_id}))


def last_sent(session: Session, person_id: int, campaign: str) -> list[Reminder]:
    """The reminders of the newest message of reminders to this person."""
    mine = (Reminder.person_id == person_id, Reminder.campaign == campaign, Reminder.state == ReminderState.SENT)
    newest = session.scalar(select(func.max(Reminder.outbox_id)).where(*mine))
    return [] if newest is None else of_outbox(session, newest)


def put_off(session: Session, rows: Sequence[Reminder], occurrence: str, until: datetime, now: datetime) -> None:
    """Remind of the same again at `until`, and of the same not before then."""
    for row in rows:
        key = Key(ReminderKind(row.kind), row.person_id, row.case_id, occurrence, row.deadline_version)
        plan(session, row.campaign, row.stage, [(key, until)])
        session.execute(
            update(Reminder)
            .where(
                Reminder.campaign == row.campaign,
                Reminder.person_id == row.person_id,
                Reminder.kind == row.kind,
                Reminder.state == ReminderState.PLANNED,
                Reminder.due_at < until,
            )
            .values(state=ReminderState.SKIPPED, why_not=WhyNot.SNOOZED, decided_at=now)
        )


def mute(session: Session, person_id: int, kind: ReminderKind, case_id: int, now: datetime) -> None:
    """From now on the person is not reminded of this any more."""
    put_row(session, ReminderMute, {"person_id": person_id, "kind": kind.value, "case_id": case_id, "at": now})


def unmute(session: Session, person_id: int, kind: ReminderKind, case_id: int) -> bool:
    """Remind the person of this again. False if they had not switched it off."""
    row = session.get(ReminderMute, (person_id, kind.value, case_id))
    if row is None:
        return False
    session.delete(row)
    return True


def muted(session: Session, person_id: int) -> frozenset[tuple[ReminderKind, int]]:
    """What the person does not want to be reminded of: kind and case (0: no single one)."""
    return frozenset((ReminderKind(kind), case_id) for kind, case_id in session.execute(_MUTED, {"person": person_id}))


def upcoming(session: Session, campaign: str, unit_id: str | None, limit: int) -> list[Upcoming]:
    """The next planned reminders, soonest first; with `unit_id` only those to people of that unit."""
    people = func.count(Reminder.person_id.distinct())
    first, last = func.min(Reminder.due_at), func.max(Reminder.due_at)
    query = (
        select(Reminder.occurrence, Reminder.kind, people, first, last)
        .join(Person, Person.id == Reminder.person_id)
        .where(Reminder.campaign == campaign, Reminder.state == ReminderState.PLANNED)
        .group_by(Reminder.occurrence, Reminder.kind, Reminder.deadline_version)
        .order_by(first)
        .limit(limit)
    )
    if unit_id is not None:
        query = query.where(Person.unit_id == unit_id)
    rows = session.execute(query)
    return [Upcoming(row[0], ReminderKind(row[1]), people=row[2], first=row[3], last=row[4]) for row in rows]


def of_person(session: Session, person_id: int, campaign: str) -> list[Reminder]:
    """All reminders of a person, planned and past, in the order of their time."""
    query = select(Reminder).where(Reminder.person_id == person_id, Reminder.campaign == campaign)
    return list(session.scalars(query.order_by(Reminder.due_at, Reminder.id)))


def reminded(session: Session, campaign: str) -> list[int]:
    """Everybody who has reminders, past or planned, by person_id."""
    return list(session.scalars(select(Reminder.person_id).where(Reminder.campaign == campaign).distinct()))


def not_arrived(session: Session, campaign: str, unit_id: str | None, now: datetime) -> list[Person]:
    """Whom a reminder of the last days did not reach, or perhaps not; with `unit_id` only people of that unit."""
    recent = Reminder.decided_at > now - _RECENT
    query = (
        select(Person)
        .join(Reminder, Reminder.person_id == Person.id)
        .outerjoin(Outbox, Outbox.id == Reminder.outbox_id)
        .where(Reminder.campaign == campaign, recent)
        .where(or_(Outbox.state.in_(_LOST), Reminder.why_not == WhyNot.UNREACHABLE))
    )
    if unit_id is not None:
        query = query.where(Person.unit_id == unit_id)
    return list(session.scalars(query.distinct().order_by(Person.unit_id, Person.id)))


def told_of_change(session: Session, campaign: str, number: int, unit_id: str | None) -> list[Person]:
    """Whom a message told of this change of the deadline; with `unit_id` only people of that unit."""
    query = (
        select(Person)
        .join(Reminder, Reminder.person_id == Person.id)
        .where(Reminder.campaign == campaign, Reminder.kind == ReminderKind.MOVED, Reminder.deadline_version == number)
        .where(Reminder.state == ReminderState.SENT)
    )
    if unit_id is not None:
        query = query.where(Person.unit_id == unit_id)
    return list(session.scalars(query.order_by(Person.unit_id, Person.id)))
