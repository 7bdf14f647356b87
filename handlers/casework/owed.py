"""Who owes what at this moment: for planning reminders, and once more when one is about to be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.deadlines import Deadlines
from domain.names import letters_of
from domain.notice import Notice
from domain.owing import Owed, gaps_of, owed_by
from domain.reminder_text import Slots
from domain.reminders import ReminderKind, ReminderPlan
from domain.roles import Role
from domain.standing import Reported, SchoolStanding, UnitStanding
from domain.wording import closing_minute, show_closing, show_left
from handlers.casework.report_text import show_title
from store import deadlines as stored_deadlines
from store import owing, quotas
from store.schema.campaign import Case, CaseState, Person

ALL_UNITS = "全部单位"
TO_RECOMMEND = "等您推荐的{what}"
MUST_REPORT = "必报学校{school}的案例"
SETTLED = "您这里现在什么都不差"
SEE_UNITS = "请回复“谁没报”看名单"
SEE_PROGRESS = "请在新的时间以前补齐，回复“进度”看明细"
SEND_MENDED = "请改好后直接把文件发给我，回复“我的案例”看改什么"
SEND_CASE = "请把案例文件直接发给我"
AS_BEFORE = "不用另外办什么"
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
    return {"count": str(len(mine)), "cases": tuple(map(_case, mine))}


def _fill_school(campaign: Campaign, person: Person, _about: About) -> Slots | None:
    school = _school_without(campaign, person)
    return None if school is None else {"school": school.name, "must": school.must}


def _school_without(campaign: Campaign, person: Person) -> SchoolStanding | None:
    """The person's school, if it has to report and has no case."""
    mine = person.unit_id, letters_of(person.school or "")
    have_to = {(each.unit, letters_of(each.name)) for must in campaign.notice.must_report for each in must.schools}
    if mine not in have_to:
        return None
    standing = _standing(campaign, person.unit_id)
    without = () if standing is None else _without_case((standing,))
    name = next((name for who, _, name in owing.of_schools(campaign.session, without) if who == person.id), None)
    return None if standing is None else next((each for each in standing.schools if each.name == name), None)


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
    yours, step = _yours(campaign, person)
    return {
        "who": ALL_UNITS if change.unit_id is None else campaign.notice.unit(change.unit_id).name,
        "before": show_closing(before, campaign.notice.timezone),
        "reason": change.reason,
        "yours": yours,
        "settled": "" if yours else SETTLED,
        "step": step,
    }


def _yours(campaign: Campaign, person: Person) -> tuple[tuple[str, ...], str]:
    """Everything this person still owes, by their role, and what they do about it."""
    if person.role == Role.ADMIN:
        lacking = tuple(map(gaps_of, _lacking(campaign, person)))
        return lacking, SEE_UNITS if lacking else AS_BEFORE
    cases = tuple(map(_case, owing.to_mend(campaign.session, person.id)))
    found = _owed(campaign, person)
    if found is not None:
        owed = found[1]
        waiting = tuple(TO_RECOMMEND.format(what=each) for each in owed.waiting)
        schools = tuple(MUST_REPORT.format(school=each) for each in owed.schools)
        return (*owed.gaps, *waiting, *schools, *owed.undone, *cases), SEE_PROGRESS
    if cases:
        return cases, SEND_MENDED
    school = None if person.role == Role.COORDINATOR else _school_without(campaign, person)
    return ((), AS_BEFORE) if school is None else ((MUST_REPORT.format(school=school.name),), SEND_CASE)


def _case(case: Case) -> str:
    return CASE.format(title=show_title(case.title), state=STATES[CaseState(case.state)])


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
