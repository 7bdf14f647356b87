"""Who owes what at this moment: for planning reminders, and once more when one is about to be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.deadlines import Deadlines
from domain.notice import Notice
from domain.owing import Owed, gaps_of, owed_by
from domain.reminder_text import Slots
from domain.reminders import ReminderKind, ReminderPlan
from domain.roles import Role
from domain.standing import Reported, UnitStanding
from domain.wording import closing_minute, show_closing, show_left
from handlers.casework.report_text import show_title
from store import deadlines as stored_deadlines
from store import owing, quotas
from store.schema.campaign import Case, CaseState, Person

ALL_UNITS = "全部单位"
TO_MEND = "案例要改 {count}个"
CASE = "《{title}》（{state}）"
STATES: Mapping[CaseState, str] = {CaseState.RETURNED: "已退回", CaseState.NEEDS_FIX: "检查没有通过"}
EXTENDED = "{unit}（到{until}）"
NOBODY = "{unit}（还没有协调员）"


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody who owes something now. `case_id` is 0 where it is about no single case."""

    kind: ReminderKind
    person_id: int
    unit_id: str | None
    case_id: int = 0


@dataclass(frozen=True, slots=True)
class Campaign:
    """The campaign at one instant (campaign time), inside an open transaction. `notice` is as it was printed."""

    session: Session
    notice: Notice
    plan: ReminderPlan
    deadlines: Deadlines
    now: datetime

    def closes_at(self, unit_id: str | None) -> datetime:
        """The deadline in force for the unit."""
        return self.deadlines.of(unit_id).closes_at


def subjects(campaign: Campaign) -> Iterator[Subject]:
    """Everybody who owes something now, once for each kind, for cases once for each case."""
    session = campaign.session
    standings = quotas.standings(session, campaign.notice)
    coordinators = owing.staff(session, Role.COORDINATOR)
    for standing in standings:
        if owed_by(campaign.notice, standing).anything:
            for person in coordinators.get(standing.unit.id, ()):
                yield Subject(ReminderKind.UNIT, person.id, standing.unit.id)
                yield Subject(ReminderKind.CLOSING_UNIT, person.id, standing.unit.id)
    for case_id, owner_id, owner_unit in owing.all_to_mend(session):
        yield Subject(ReminderKind.CASE, owner_id, owner_unit, case_id)
    for person_id, unit_id, _ in owing.of_schools(session, _without_case(standings)):
        yield Subject(ReminderKind.SCHOOL, person_id, unit_id)
    lacking = any(gaps_of(standing) for standing in standings)
    for admins in owing.staff(session, Role.ADMIN).values():
        for admin in admins:
            yield Subject(ReminderKind.CLOSING, admin.id, admin.unit_id)
            if lacking:
                yield Subject(ReminderKind.DIGEST, admin.id, admin.unit_id)
                yield Subject(ReminderKind.ESCALATION, admin.id, admin.unit_id)


@dataclass(frozen=True, slots=True)
class About:
    """What the due reminders of one kind are about: these cases, or the change of the deadline with this number."""

    cases: tuple[int, ...] = ()
    change: int = 0


def slots_for(campaign: Campaign, kind: ReminderKind, person: Person, about: About) -> Slots | None:
    """What a reminder of this kind says to the person now, None when there is nothing to say."""
    slots = _FILL[kind](campaign, person, about)
    return None if slots is None else {**_time(campaign, person.unit_id), **slots}


def idle_cases(campaign: Campaign, owner_id: int) -> list[Case]:
    """The person's cases that are to be mended and that nobody has touched for long enough."""
    since = campaign.now - campaign.plan.idle
    return [case for case in owing.to_mend(campaign.session, owner_id) if case.updated_at <= since]


def moved_from(campaign: Campaign, unit_id: str | None, number: int) -> datetime | None:
    """From where this change has moved the unit's deadline; None if it has not, or another one has since."""
    known = campaign.deadlines
    until = [each for each in known.changes if each.number <= number]
    before = replace(known, changes=tuple(until[:-1])).of(unit_id)
    after = replace(known, changes=tuple(until)).of(unit_id)
    return before.closes_at if before.closes_at != after.closes_at and known.of(unit_id) == after else None


def _time(campaign: Campaign, unit_id: str | None) -> Slots:
    closes_at, zone = campaign.closes_at(unit_id), campaign.notice.timezone
    left = closing_minute(closes_at, zone) - campaign.now
    return {"left": show_left(left), "deadline": show_closing(closes_at, zone)}


def _standing(campaign: Campaign, unit_id: str | None) -> UnitStanding | None:
    found = quotas.standings(campaign.session, campaign.notice, unit_id or "")
    return found[0] if found else None


def _owed(campaign: Campaign, person: Person) -> tuple[UnitStanding, Owed] | None:
    if person.role != Role.COORDINATOR:
        return None
    standing = _standing(campaign, person.unit_id)
    owed = None if standing is None else owed_by(campaign.notice, standing)
    return (standing, owed) if standing is not None and owed is not None and owed.anything else None


def _fill_unit(campaign: Campaign, person: Person, _about: About) -> Slots | None:
    found = _owed(campaign, person)
    if found is None:
        return None
    standing, owed = found
    return {
        "unit": standing.unit.name,
        "gaps": owed.gaps,
        "waiting": owed.waiting,
        "mending": owed.mending,
        "schools": owed.schools,
        "undone": owed.undone,
    }


def _fill_case(campaign: Campaign, person: Person, about: About) -> Slots | None:
    mine = [case for case in idle_cases(campaign, person.id) if case.id in about.cases]
    if not mine:
        return None
    shown = tuple(CASE.format(title=show_title(case.title), state=STATES[CaseState(case.state)]) for case in mine)
    return {"count": str(len(mine)), "cases": shown}


def _fill_school(campaign: Campaign, person: Person, _about: About) -> Slots | None:
    standing = _standing(campaign, person.unit_id)
    without = () if standing is None else _without_case((standing,))
    school = next((name for who, _, name in owing.of_schools(campaign.session, without) if who == person.id), None)
    if standing is None or school is None:
        return None
    return {"school": school, "must": next(each.must for each in standing.schools if each.name == school)}


def _fill_digest(campaign: Campaign, person: Person, _about: About) -> Slots | None:
    lacking = _lacking(campaign, person)
    return {"count": str(len(lacking)), "units": tuple(map(gaps_of, lacking))} if lacking else None


def _fill_escalation(campaign: Campaign, person: Person, _about: About) -> Slots | None:
    heard, coordinators = owing.last_heard(campaign.session), owing.staff(campaign.session, Role.COORDINATOR)
    since = campaign.now - campaign.plan.silent
    silent = []
    for standing in _lacking(campaign, person):
        unit = standing.unit
        if not coordinators.get(unit.id):
            silent.append(NOBODY.format(unit=unit.name))
        elif unit.id not in heard or heard[unit.id] <= since:
            silent.append(gaps_of(standing))
    return {"days": str(campaign.plan.silent.days), "units": tuple(silent)} if silent else None


def _fill_closing(campaign: Campaign, person: Person, _about: About) -> Slots | None:
    if person.role != Role.ADMIN:
        return None
    everyone = quotas.standings(campaign.session, campaign.notice)
    extended = {unit: own for unit, own in campaign.deadlines.extended().items() if own.closes_at > campaign.now}
    standings = [each for each in everyone if each.unit.id not in extended]
    lacking = [each for each in standings if gaps_of(each)]
    late = sum(category.late for standing in everyone for category in standing.categories)
    return {
        "count": str(len(lacking)) if lacking else "",
        "units": tuple(map(gaps_of, lacking)),
        "complete": str(len(standings) - len(lacking)) if len(standings) > len(lacking) else "",
        "extended": tuple(
            EXTENDED.format(
                unit=campaign.notice.unit(unit).name, until=show_closing(own.closes_at, campaign.notice.timezone)
            )
            for unit, own in extended.items()
        ),
        "late": str(late) if late else "",
    }


def _fill_moved(campaign: Campaign, person: Person, about: About) -> Slots | None:
    change = stored_deadlines.get(campaign.session, about.change)
    before = moved_from(campaign, person.unit_id, about.change)
    if change is None or before is None or change.person_id == person.id:
        return None
    zone = campaign.notice.timezone
    found = _owed(campaign, person)
    to_mend = len(owing.to_mend(campaign.session, person.id))
    yours = [] if found is None else list(found[1].gaps)
    yours += [TO_MEND.format(count=to_mend)] if to_mend else []
    return {
        "who": ALL_UNITS if change.unit_id is None else campaign.notice.unit(change.unit_id).name,
        "before": show_closing(before, zone),
        "reason": change.reason,
        "yours": yours,
    }


def _lacking(campaign: Campaign, person: Person) -> list[UnitStanding]:
    """The units that lack something and still have time."""
    if person.role != Role.ADMIN:
        return []
    standings = quotas.standings(campaign.session, campaign.notice)
    return [each for each in standings if gaps_of(each) and campaign.now < campaign.closes_at(each.unit.id)]


def _without_case(standings: Sequence[UnitStanding]) -> list[tuple[str, str]]:
    return [
        (standing.unit.id, school.name)
        for standing in standings
        for school in standing.schools
        if school.reported is Reported.NOTHING
    ]


_FILL: Mapping[ReminderKind, Callable[[Campaign, Person, About], Slots | None]] = {
    ReminderKind.UNIT: _fill_unit,
    ReminderKind.CASE: _fill_case,
    ReminderKind.SCHOOL: _fill_school,
    ReminderKind.DIGEST: _fill_digest,
    ReminderKind.ESCALATION: _fill_escalation,
    ReminderKind.CLOSING_UNIT: _fill_unit,
    ReminderKind.CLOSING: _fill_closing,
    ReminderKind.MOVED: _fill_moved,
}
