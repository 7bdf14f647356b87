"""Thirty days of a campaign: eight counties, 400 people, two moves of the deadline, one of them for one county, six
hours without a service, two schedulers all the time. What was sent is judged by a second opinion that knows the rows
alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from campaign_world import Sent, World, configure, open_world, people_of
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cli import cli
from domain.roles import Role
from domain.roster import RosterRow
from store import deadlines, owing, people, quotas, reminders, roster
from store.deadlines import Wanted
from store.moves import Move
from store.schema.campaign import Case, CaseState, Person
from store.schema.reminders import Reminder, ReminderState

pytestmark = pytest.mark.timeout(400)  # a minute of work where the machine is busy with other tests
ZONE = ZoneInfo("Asia/Shanghai")
UNITS = ("enshi", "lichuan", "jianshi", "badong", "xuanen", "xianfeng", "laifeng", "hefeng")
CATEGORIES = ("A1", "A2", "B1", "B2", "C")
NEEDED = {"A1": 1, "A2": 1, "B1": 2, "B2": 2, "C": 5}
WEEKDAYS = "一二三四五六日"


def at(day: int, clock: str) -> datetime:
    return datetime.fromisoformat(f"2023-05-{day:02d}T{clock}:00").replace(tzinfo=ZONE)


START, END = at(1, "08:10"), at(31, "08:10")
OUTAGE = (at(22, "06:00"), at(22, "12:07"))
PRINTED = datetime(2023, 5, 21, tzinfo=ZONE)
MOVES = (
    (at(18, "22:30"), None, at(25, "18:00"), PRINTED),
    (at(20, "10:11"), "lichuan", at(28, "18:00"), at(25, "18:00")),
)


class Judge:
    """What should have been said, computed from the rows without the code that said it."""

    def __init__(self, world: World) -> None:
        self.world = world

    def deadline(self, unit: str | None, now: datetime) -> datetime:
        common = [closes for when, whom, closes, _ in MOVES if whom is None and when <= now]
        own = [closes for when, whom, closes, _ in MOVES if whom == unit is not None and when <= now]
        return max([(common or [PRINTED])[-1], *own[-1:]])

    def shown(self, closes: datetime) -> str:
        local = closes.astimezone(ZONE)
        if (local.hour, local.minute) == (0, 0):
            local -= timedelta(minutes=1)
        return f"{local.month}月{local.day}日（周{WEEKDAYS[local.weekday()]}）{local:%H:%M}"

    def gaps(self, session: Session, unit: str) -> list[str]:
        done = Counter(self._categories(session, unit, CaseState.RECOMMENDED))
        return [f"{code} {NEEDED[code] - done[code]}个" for code in CATEGORIES if done[code] < NEEDED[code]]

    def waiting(self, session: Session, unit: str) -> list[str]:
        found = Counter(self._categories(session, unit, CaseState.SUBMITTED))
        return [f"{code} {found[code]}个" for code in CATEGORIES if found[code]]

    def to_mend(self, session: Session, owner: int, now: datetime) -> set[str]:
        query = select(Case.title).where(
            Case.owner_id == owner,
            Case.state.in_([CaseState.NEEDS_FIX, CaseState.RETURNED]),
            Case.updated_at <= now - timedelta(hours=24),
        )
        return set(session.scalars(query))

    def _categories(self, session: Session, unit: str, state: CaseState) -> list[str]:
        return list(session.scalars(select(Case.category).where(Case.unit_id == unit, Case.state == state)))

    def faults(self, session: Session, sent: Sent) -> Iterator[str]:
        """Everything that is wrong with a message at the moment it leaves."""
        person = people.by_userid(session, sent.lane)
        local = sent.at.astimezone(ZONE)
        if not 8 <= local.hour < 21 or local.minute in {0, 30}:
            yield f"sent at {local:%H:%M}"
        if person.left_at is not None:
            yield "to somebody who has left"
        deadline = self.deadline(person.unit_id, sent.at)
        if self.shown(deadline) not in sent.text:
            yield f"does not name {self.shown(deadline)}"
        before = sent.at < deadline
        if not sent.kinds.isdisjoint({"closing", "closing_unit"}) and before:
            yield "closing before the deadline"
        if not sent.kinds <= {"closing", "closing_unit", "moved"} and not before:
            yield "late"
        yield from self._form(sent)
        for kind in sent.kinds:
            yield from self._content(session, sent, kind, person)

    def _form(self, sent: Sent) -> Iterator[str]:
        if len(sent.text.encode()) > 900:
            yield f"{len(sent.text.encode())} bytes"
        if re.search(r"[{}]|：[。、，；]|[A-Za-z_]", re.sub(r"\b(?:A1|A2|B1|B2|C)\b", "", sent.text, flags=re.ASCII)):
            yield "empty slot, code or English"
        if not re.search(r"请|发给我", sent.text):
            yield "no next step"

    def _content(self, session: Session, sent: Sent, kind: str, person: Person) -> Iterator[str]:
        if kind == "unit":
            yield from self._unit(session, sent.text, person.unit_id)
        elif kind == "case":
            said, mine = set(re.findall(r"《(.*?)》", sent.text)), self.to_mend(session, person.id, sent.at)
            if not said or not said <= mine or f"您有{len(mine)}个案例" not in sent.text:
                yield f"cases {said}"
        elif kind == "school":
            mine = (Case.school == "第一示范校", Case.unit_id == "lichuan")
            if (
                "第一示范校" not in sent.text
                or person.unit_id != "lichuan"
                or session.scalar(select(Case.id).where(*mine))
            ):
                yield "the school has a case, or is another"
        elif kind == "moved":
            yield from self._moved(session, sent.text, person)
        elif kind in {"digest", "escalation"}:
            units = [unit for unit in UNITS if self.gaps(session, unit)]
            names = [unit.name for unit in self.world.services.notice.units if unit.id in units]
            if not any(name in sent.text for name in names):
                yield "names no unit that owes"

    def _moved(self, session: Session, text: str, person: Person) -> Iterator[str]:
        """What the person owes is named in the notice of a moved deadline, or that it is nothing."""
        own = text.split("\n\n", maxsplit=1)[0]
        said = re.search(r"您这里还差：(.*?)。", own)
        if (said is None) is not ("什么都不差" in own):
            yield "neither a gap nor none"
        if person.role == Role.COORDINATOR:
            waiting = [f"等您推荐的{each}" for each in self.waiting(session, person.unit_id)]
            wanted = [*self.gaps(session, person.unit_id), *waiting]
            if not (said[1] if said else "").startswith("、".join(wanted)):
                yield f"{said and said[1]} instead of {wanted}"
        elif person.role == Role.TEACHER:
            cases = set(re.findall(r"《(.*?)》", own))
            mine = self.to_mend(session, person.id, self.world.clock.now() + timedelta(days=1))
            owes = bool(mine) or self._silent_school(session, person)
            if cases != mine or (said is not None) is not owes:
                yield f"cases {cases} instead of {mine}"

    def _silent_school(self, session: Session, person: Person) -> bool:
        must = {("lichuan", "第一示范校")}  # the other one of the notice's list has no people here
        mine = session.scalar(select(Case.id).where(Case.school == person.school, Case.unit_id == person.unit_id))
        return (person.unit_id, person.school) in must and mine is None

    def _unit(self, session: Session, text: str, unit: str) -> Iterator[str]:
        gaps, waiting = self.gaps(session, unit), self.waiting(session, unit)
        if not (gaps or waiting or "还没办" in text or "必报学校还没有" in text):
            yield "owes nothing"
        for head, items in (("还差：", gaps), ("等您推荐：", waiting)):
            said = re.search(rf"{head}(.*?)。", text)
            if (said[1] if said else "") != "、".join(items):
                yield f"{head} {said and said[1]} instead of {items}"


def campaign_events(world: World) -> list[tuple[datetime, Callable[[], None]]]:
    """What people do, at instants drawn by dice, in the order of time."""
    dice, events = world.dice, []
    minutes = int((END - START).total_seconds() // 60)

    def when() -> datetime:
        return START + timedelta(minutes=dice.randrange(minutes))

    def hand_in() -> None:
        unit = dice.choice(UNITS)
        category = dice.choice(CATEGORIES)
        who = f"{unit}-c0" if category in {"A1", "A2"} else f"{unit}-t{dice.randrange(3, 47)}"
        world.hand_in(who, category, dice.choice([Move.SUBMIT, Move.SUBMIT, Move.FAIL]))

    def decide() -> None:
        waiting = world.in_state(CaseState.SUBMITTED)
        if waiting:
            world.move(dice.choice(waiting), dice.choice([Move.RECOMMEND, Move.RECOMMEND, Move.RETURN]))

    def mend() -> None:
        open_cases = world.in_state(CaseState.RETURNED, CaseState.NEEDS_FIX)
        if open_cases:
            world.move(dice.choice(open_cases), dice.choice([Move.SUBMIT, Move.WITHDRAW]))

    def write() -> None:
        world.write(f"{dice.choice(UNITS)}-c{dice.randrange(2)}")

    events += [
        (when(), act) for act, count in ((hand_in, 170), (decide, 130), (mend, 40), (write, 60)) for _ in range(count)
    ]
    events += [(moment, lambda m=moment: _move_deadline(world, m)) for moment, *_ in MOVES]
    events.append((at(12, "11:17"), lambda: _leave(world, "enshi-c1")))
    events.append((at(19, "15:03"), lambda: world.hand_in("lichuan-t1", "B1", Move.SUBMIT)))
    return sorted(events, key=lambda event: event[0])


def _move_deadline(world: World, moment: datetime) -> None:
    number, (_, unit, closes, before) = next((n, each) for n, each in enumerate(MOVES, 1) if each[0] == moment)
    with world.services.database.begin() as session:
        boss = people.by_userid(session, "admin-0")
        wanted = Wanted(number, unit, closes, before, "各单位申请延长")
        assert deadlines.change(session, wanted, actor_id=boss.id, now=world.clock.now())


def _leave(world: World, userid: str) -> None:
    with world.services.database.begin() as session:
        roster.leave(session, people.by_userid(session, userid), by=None, now=world.clock.now())


def run_campaign(world: World) -> list[str]:
    """Play it through; every fault of every message, at the moment it left."""
    judge, faults = Judge(world), []
    events = campaign_events(world)
    while world.clock.instant < END:
        step = [world.clock.instant + timedelta(hours=3)]
        if world.clock.instant < OUTAGE[1]:
            step.append(OUTAGE[1])
        due = world.next_due()
        if due is not None and not OUTAGE[0] <= due <= OUTAGE[1]:
            step.append(due)
        world.clock.instant = max(world.clock.instant, min(step)) + timedelta(seconds=1)
        while events and events[0][0] <= world.clock.instant:
            events.pop(0)[1]()
        if OUTAGE[0] <= world.clock.instant < OUTAGE[1]:
            continue
        world.tick()
        if world.dice.random() < 0.1:
            continue  # the sender is behind: what it sends at its next turn must be true then
        seen = len(world.ledger)
        world.deliver()
        with world.services.database.read() as session:
            faults += [f"{sent} {fault}" for sent in world.ledger[seen:] for fault in judge.faults(session, sent)]
    return faults


def everybody(world: World) -> list[Person]:
    with world.services.database.read() as session:
        return owing.everybody(session)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, list[str]]]:
    world = open_world(tmp_path_factory.mktemp("campaign"), START, seed=7)
    without_unit = [RosterRow(f"new-{number}", f"新老师{number}", Role.TEACHER, None) for number in range(5)]
    world.enrol([*people_of(UNITS, 47), *without_unit])
    assert len(everybody(world)) == 400
    yield world, run_campaign(world)
    world.services.close()


def test_nothing_untrue_nothing_at_night(played: tuple[World, list[str]]) -> None:
    world, faults = played
    assert not faults, "\n".join(faults[:5])
    kinds = Counter(kind for sent in world.ledger for kind in sent.kinds)
    assert set(kinds) == {"unit", "case", "school", "digest", "escalation", "closing_unit", "closing", "moved"}


def test_nothing_twice(played: tuple[World, list[str]]) -> None:
    world, _ = played
    keys = Counter(key for sent in world.ledger for key in sent.keys)
    assert [key for key, count in keys.items() if count > 1] == []
    told = Counter((sent.lane, sent.text) for sent in world.ledger)
    assert [each for each, count in told.items() if count > 1] == []


def test_one_message_for_what_was_missed(played: tuple[World, list[str]]) -> None:
    world, _ = played
    missed = [sent for sent in world.ledger if OUTAGE[1] < sent.at <= OUTAGE[1] + timedelta(minutes=1)]
    assert len(missed) > 10
    assert max(Counter(sent.lane for sent in missed).values()) == 1
    assert not [sent for sent in world.ledger if OUTAGE[0] <= sent.at <= OUTAGE[1]]


def test_everybody_hears_of_the_moves(played: tuple[World, list[str]]) -> None:
    """The first concerns everybody who is here but the admin who decided it, the second one county."""
    world, _ = played
    by_change = Counter(key[-1] for sent in world.ledger for key in sent.keys if key[2] == "moved")
    assert by_change == {1: 400 - 2, 2: 49}


def test_the_command_lists_what_each_person_was_told(
    played: tuple[World, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody's list, word for word, and nobody's but their own."""
    world, _ = played
    configure(world, monkeypatch)
    printed = CliRunner().invoke(cli, ["reminders"]).output
    listed = Counter()
    for part in re.split(r"(?m)^(?=\S)", printed)[1:]:
        lane = re.match(r".*?（(\S+?)，", part)[1]
        listed.update((lane, each) for each in _words(part))
    assert listed == Counter((sent.lane, sent.text) for sent in world.ledger)


def _words(part: str) -> list[str]:
    """The messages of one person's list: runs of quoted lines."""
    runs = re.findall(r"(?m)(?:^    ｜.*\n?)+", part)
    return ["\n".join(line.removeprefix("    ｜") for line in run.splitlines()) for run in runs]


def test_every_reminder_has_its_end(played: tuple[World, list[str]]) -> None:
    world, _ = played
    with world.services.database.read() as session:
        states = Counter(session.scalars(select(Reminder.state)))
        assert ReminderState.PLANNED not in states, states
        owing = [unit for unit in quotas.standings(session, world.services.notice) if unit.owes]
        assert owing
        assert set(reminders.reminded(session, world.services.notice.id)) >= {world.person("enshi-c0").id}
