"""Puts what is due for one person into one message, judged by what is true at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.chat import Choice, Reply, with_numbers
from domain.reminder_text import MOST_BYTES, compose, share
from domain.reminders import AFTER, MUTABLE, ReminderKind
from domain.wording import closing_minute
from handlers.casework.owed import About, Campaign, idle_cases, slots_for
from store import people, reminders
from store.schema.campaign import Person
from store.schema.reminders import Reminder, WhyNot

NOT_THIS = Choice("别提醒我这个", "别提醒我这个")
TOMORROW = Choice("明天再提醒", "明天再提醒")
_CHOICES: dict[ReminderKind, tuple[Choice, ...]] = {
    ReminderKind.UNIT: (Choice("去推荐", "待推荐"), Choice("进度", "进度")),
    ReminderKind.CASE: (Choice("我的案例", "我的案例"),),
    ReminderKind.SCHOOL: (),
    ReminderKind.DIGEST: (Choice("进度", "进度"),),
    ReminderKind.ESCALATION: (Choice("谁没报", "谁没报"),),
    ReminderKind.CLOSING_UNIT: (Choice("进度", "进度"),),
    ReminderKind.CLOSING: (Choice("进度", "进度"),),
    ReminderKind.MOVED: (),
}
_ORDER = (
    ReminderKind.MOVED,
    ReminderKind.CLOSING_UNIT,
    ReminderKind.CLOSING,
    ReminderKind.UNIT,
    ReminderKind.ESCALATION,
    ReminderKind.DIGEST,
    ReminderKind.SCHOOL,
    ReminderKind.CASE,
)
_BETWEEN = "\n\n"
_SLACK = 24  # what else the text twin may add


@dataclass(frozen=True, slots=True)
class Message:
    """What one person is told, which reminders it carries, and which are not sent, and why. `closes_at` is the deadline
    it speaks of."""

    reply: Reply | None
    carried: tuple[Reminder, ...] = ()
    dropped: tuple[tuple[Reminder, WhyNot], ...] = ()
    closes_at: datetime | None = None


@dataclass(slots=True)
class _Sorted:
    """The reminders of one person that are worth looking at, by kind, and those that are not."""

    by_kind: dict[ReminderKind, list[Reminder]] = field(default_factory=dict)
    dropped: list[tuple[Reminder, WhyNot]] = field(default_factory=list)


def acknowledged(number: int) -> Choice:
    """The button by which somebody says that they know of a change of the deadline."""
    return Choice("知道了", f"知道改期 {number}")


def message_for(campaign: Campaign, person_id: int, due: Sequence[Reminder]) -> Message:
    """One message out of everything that is due: of several rounds of one kind only what is true now is said, once."""
    person = people.get(campaign.session, person_id)
    if person.left_at is not None:
        return Message(None, dropped=tuple((row, WhyNot.LEFT) for row in due))
    found = _sorted(campaign, person, due)
    told = {}
    for kind in _ORDER:
        rows = found.by_kind.get(kind, [])
        slots = slots_for(campaign, kind, person, _about(rows)) if rows else None
        if slots is None:
            found.dropped += [(row, WhyNot.NOTHING_OWED) for row in rows]
        else:
            told[kind] = slots
    carried = tuple(row for kind in told for row in found.by_kind[kind])
    if not told:
        return Message(None, dropped=tuple(found.dropped))
    choices = _choices(campaign, person, {kind: found.by_kind[kind] for kind in told})
    overhead = len(with_numbers(Reply("", choices)).encode()) + _SLACK + (len(told) - 1) * len(_BETWEEN)
    lines = {kind: campaign.plan.texts[kind].lines for kind in told}
    whole = [len(compose(lines[kind], slots).encode()) for kind, slots in told.items()]
    rooms = share(whole, MOST_BYTES - overhead)
    texts = [compose(lines[kind], slots, room) for (kind, slots), room in zip(told.items(), rooms, strict=True)]
    cause = f"reminder:{min(row.id for row in carried)}"
    reply = Reply(_BETWEEN.join(texts), choices, to=person_id, cause=cause)
    return Message(reply, carried, tuple(found.dropped), campaign.closes_at(person.unit_id))


def _sorted(campaign: Campaign, person: Person, due: Sequence[Reminder]) -> _Sorted:
    deadline = campaign.deadlines.of(person.unit_id)
    over = campaign.now >= deadline.closes_at
    muted = reminders.muted(campaign.session, person.id)
    of_cases = any(row.case_id for row in due)
    idle = {0, *(case.id for case in idle_cases(campaign, person.id))} if of_cases else {0}
    found = _Sorted()
    for row in due:
        kind = ReminderKind(row.kind)
        if kind is ReminderKind.MOVED:
            found.by_kind[kind] = [row]  # the newest change alone
            continue
        if row.deadline_version != deadline.version or (kind in AFTER) is not over:
            found.dropped.append((row, WhyNot.TOO_LATE))
        elif (kind, row.case_id) in muted:
            found.dropped.append((row, WhyNot.MUTED))
        elif row.case_id not in idle:
            found.dropped.append((row, WhyNot.NOTHING_OWED))
        else:
            found.by_kind.setdefault(kind, []).append(row)
    moved = found.by_kind.get(ReminderKind.MOVED, [])
    found.dropped += [(row, WhyNot.NOTHING_OWED) for row in due if row.kind == ReminderKind.MOVED and row not in moved]
    return found


def _about(rows: Sequence[Reminder]) -> About:
    return About(tuple(row.case_id for row in rows if row.case_id), _version(rows))


def _version(rows: Sequence[Reminder]) -> int:
    return rows[-1].deadline_version


def _choices(campaign: Campaign, person: Person, told: dict[ReminderKind, list[Reminder]]) -> tuple[Choice, ...]:
    choices = [choice for kind in told for choice in _CHOICES[kind]]
    if ReminderKind.MOVED in told:
        choices.insert(0, acknowledged(_version(told[ReminderKind.MOVED])))
    if MUTABLE & set(told):
        choices.append(NOT_THIS)
    if any(kind not in AFTER and kind is not ReminderKind.MOVED for kind in told) and tomorrow(campaign, person):
        choices.append(TOMORROW)
    return tuple(dict.fromkeys(choices))


def tomorrow(campaign: Campaign, person: Person) -> bool:
    """Whether there is a day left to remind the person on before the deadline."""
    zone = campaign.notice.timezone
    last = closing_minute(campaign.closes_at(person.unit_id), zone)
    return (last.date() - campaign.now.astimezone(zone).date()).days >= 1 and last.time() > campaign.plan.quiet_until
