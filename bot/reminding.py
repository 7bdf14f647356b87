"""Reminds: plans reminders in rows, puts what is due into one message a person, looks once more before it leaves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import fail_points
from bot.answering import tell_others
from bot.services import Services
from domain.chat import with_numbers
from domain.deadlines import Deadline
from domain.reminders import ReminderKind, Round
from domain.reminding import minutes_of, pick, spread
from handlers.casework.owed import Campaign, moved_from, subjects
from handlers.casework.reminders import Message, message_for
from store import audit, deadlines, outbox, owing, reminders, settings
from store.reminders import Key
from store.schema.mail import Outbox, OutboxKind
from store.schema.reminders import WhyNot

_PLANNED = "reminders_planned_at"
_AT_ONCE = 15  # people in one transaction: on SQLite nobody else writes meanwhile
_GOOD_FOR = timedelta(minutes=30)
_A_MINUTE = timedelta(seconds=61)


def remind(services: Services) -> tuple[int, ...]:
    """Plan anew if anything has happened, then send what is due. The ids of the messages to send.

    Any number of processes may do this at once: keys are unique, and due rows are taken by one of them."""
    now = services.clock.now()
    with services.database.read() as session:
        campaign = campaign_at(services, session, now)
        if campaign is None:
            return ()
        seen = _seen(campaign)
        stale = settings.get(session, _PLANNED) != seen
        is_due = reminders.is_due(session, services.notice.id, now)
    if stale:
        with services.database.begin() as session:
            campaign = campaign_at(services, session, now)
            if campaign is not None:
                plan_reminders(campaign)
                settings.put(session, _PLANNED, seen)
    if not is_due or not campaign_allows(services, now):  # what has just been planned is never due already
        return ()
    queued: list[int] = []
    more = True
    while more:
        batch, more = _send_some(services, now)
        queued += batch
    return tuple(queued)


def campaign_at(services: Services, session: Session, now: datetime) -> Campaign | None:
    """The campaign at this instant of campaign time; None where the notice reminds nobody."""
    notice = services.notice
    if notice.reminders is None:
        return None
    known = deadlines.load(session, notice.intake_stage.closes_at)
    return Campaign(session, notice, notice.reminders, known, now)


def campaign_allows(services: Services, now: datetime) -> bool:
    """Whether reminders may go out at this instant."""
    plan = services.notice.reminders
    return plan is not None and plan.may_send(now, services.notice.timezone)


def plan_reminders(campaign: Campaign) -> None:
    """Plan every round that is still to come for everybody who owes something, by the deadline in force for them."""
    session, notice = campaign.session, campaign.notice
    reminders.replace_outdated(session, notice.id, lambda unit: campaign.deadlines.of(unit).version, campaign.now)
    reminders.plan(session, notice.id, notice.intake_stage.id, _wanted(campaign))


def _wanted(campaign: Campaign) -> Iterator[tuple[Key, datetime]]:
    rounds: dict[ReminderKind, list[Round]] = {}
    for a_round in campaign.plan.rounds:
        for kind in a_round.kinds:
            rounds.setdefault(kind, []).append(a_round)
    known: dict[tuple[str, Deadline], tuple[datetime, ...]] = {}
    for subject in subjects(campaign):
        deadline = campaign.deadlines.of(subject.unit_id)
        for a_round in rounds.get(subject.kind, ()):
            minutes = known.get((a_round.id, deadline))
            if minutes is None:
                minutes = minutes_of(campaign.plan, a_round, deadline.closes_at, campaign.notice.timezone)
                known[a_round.id, deadline] = minutes
            if minutes[-1] <= campaign.now:
                continue
            # Not by kind: what somebody is told at one time is one message.
            due = pick(minutes, f"{campaign.notice.id}:{a_round.id}:{subject.person_id}")
            if due > campaign.now:
                yield Key(subject.kind, subject.person_id, subject.case_id, a_round.id, deadline.version), due
    yield from _moved(campaign)


def _moved(campaign: Campaign) -> Iterator[tuple[Key, datetime]]:
    """Everybody whose deadline the newest changes have moved is told, once."""
    changes = {each.unit_id: each for each in campaign.deadlines.changes}
    zone = campaign.notice.timezone
    soon = spread(campaign.plan, campaign.plan.quiet_ends(campaign.now, zone), zone)
    for change in changes.values():
        if reminders.has_moved(campaign.session, campaign.notice.id, change.number):
            continue
        for person in owing.everybody(campaign.session):
            if change.unit_id in {None, person.unit_id} and moved_from(campaign, person.unit_id, change.number):
                who = f"{campaign.notice.id}:{change.number}:{person.id}"
                yield Key(ReminderKind.MOVED, person.id, 0, "moved", change.number), pick(soon, who)


def _seen(campaign: Campaign) -> str:
    """Tells whether anything has happened since: whatever changes what somebody owes leaves an audit row."""
    return f"{campaign.notice.id}:{campaign.notice.digest[:16]}:{audit.newest(campaign.session)}"


def _send_some(services: Services, now: datetime) -> tuple[list[int], bool]:
    """One transaction: what is due for some people, each in one message. The messages' ids; whether more is due, of
    which nothing is left to us when somebody else is sending all of it."""
    queued: list[int] = []
    with services.database.begin() as session:
        campaign = campaign_at(services, session, now)
        if campaign is None:
            return [], False
        taken = reminders.take_due(session, services.notice.id, now, _AT_ONCE)
        for person_id, due in taken.items():
            message = message_for(campaign, person_id, due)
            for row, why in message.dropped:
                reminders.skip([row], why, now)
            queued += _put(services, campaign, message)
        more = bool(taken) and reminders.is_due(session, services.notice.id, now)
        fail_points.reach("before_commit_of_reminders")
    fail_points.reach("after_reminders_queued")
    return queued, more


def _put(services: Services, campaign: Campaign, message: Message) -> list[int]:
    if message.reply is None:
        return []
    session, now = campaign.session, campaign.now
    good_until = services.clock.real() + (_latest(campaign, message) - now)
    try:
        ids = tell_others(services, session, [message.reply], now, good_until)
    except LookupError:  # nobody knows under which id to reach the person
        reminders.skip(message.carried, WhyNot.UNREACHABLE, now)
        return []
    reminders.mark_sent(message.carried, ids[0], now)
    session.flush()
    return list(ids)


def _latest(campaign: Campaign, message: Message) -> datetime:
    """How long the message may be on its way: not into quiet hours, nor past a deadline it tells of as to come."""
    zone = campaign.notice.timezone
    latest = min(campaign.now + _GOOD_FOR, campaign.plan.quiet_begins(campaign.now, zone))
    coming = message.closes_at is not None and message.closes_at > campaign.now
    return min(latest, message.closes_at) if message.closes_at is not None and coming else latest


def still_good(services: Services, session: Session, row: Outbox, now: datetime) -> bool:
    """Whether a message that is claimed to be sent now (real time) may go: a reminder only if it is still true, with
    the words that are true now; on the hour and half hour it waits a minute. What may not go has been ended."""
    if row.good_until is None:
        return True
    if now >= row.good_until:
        begun = row.body is not None
        outbox.mark_unknown(session, row.id, row.reason or "", now) if begun else _drop(services, session, row, now)
        return False
    begins = row.body is None and row.kind == OutboxKind.TEXT
    carried = reminders.of_outbox(session, row.id) if begins else []
    campaign = campaign_at(services, session, services.clock.campaign(now)) if carried else None
    if campaign is None:
        return True
    if not campaign_allows(services, campaign.now):
        outbox.try_later(session, row.id, "", now + _A_MINUTE, never_sent=True)
        return False
    message = message_for(campaign, carried[0].person_id, carried)
    for each, why in message.dropped:
        reminders.skip([each], why, campaign.now)
    if message.reply is None:
        outbox.drop(session, row, now)
        return False
    row.text = with_numbers(message.reply)
    return True


def _drop(services: Services, session: Session, row: Outbox, now: datetime) -> None:
    reminders.skip(reminders.of_outbox(session, row.id), WhyNot.TOO_LATE, services.clock.campaign(now))
    outbox.drop(session, row, now)
