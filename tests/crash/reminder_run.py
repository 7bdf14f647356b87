"""A round of reminders, and a process that dies while it goes out: nobody is reminded twice, nobody is forgotten."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from crash_run import DIED_S, DRAINED_S
from installation import PEOPLE, Backend
from ledger_checker import quiet
from sqlalchemy import select
from supervised import Supervised, supervised

from bot.fail_points import REMINDER_POINTS
from domain.reminders import ReminderKind
from domain.roles import Role
from domain.roster import RosterRow
from simulator.platform import Person, Platform, PlatformSettings
from simulator.server import SimulatorServer
from store.database import Database
from store.roster import import_rows
from store.schema.mail import Outbox, OutboxKind, OutboxState
from store.schema.reminders import Reminder, ReminderState

POINTS = (*REMINDER_POINTS, "before_send", "after_send_before_mark", "after_mark")
_UNITS = ("enshi", "jianshi", "badong", "xuanen", "xianfeng", "laifeng", "hefeng")
_STAFF = tuple((f"{unit}-c{number}", unit) for unit in _UNITS for number in range(3))
_BEFORE, _DUE = "2023-05-12T10:12:00+08:00", "2023-05-13T10:12:00+08:00"
_TRANSACTIONS, _SENDS = 2, 30


def reminder_run(backend: Backend, seed: int, point: str) -> list[str]:
    """Kill at the point, at a pass the seed draws; the broken promises that are left.

    With even seeds a worker runs beside the one process. AssertionError when nobody died."""
    chance = random.Random(seed)
    armed = f"{point}:{chance.randint(1, _TRANSACTIONS if point in REMINDER_POINTS else _SENDS)}"
    clock = backend.data_dir.parent / f"{backend.data_dir.name}.clock"
    clock.parent.mkdir(parents=True, exist_ok=True)
    clock.write_text(_BEFORE)
    with (
        _stage() as sim,
        supervised(sim, backend, fail_points=armed, worker=seed % 2 == 0, bot_clock=f"@{clock}") as service,
    ):
        database = Database(service.settings.effective_database_url)
        try:
            with database.begin() as session:
                rows = [RosterRow(userid, userid, Role.COORDINATOR, unit) for userid, unit in _STAFF]
                import_rows(session, rows, by=None, now=datetime.now(UTC))
            sim.platform.wait_for(lambda: _planned(database), DIED_S)
            clock.write_text(_DUE)
            sim.platform.wait_for(service.died, DIED_S)
            _drain(sim.platform, service, database)
            assert service.deaths, f"{armed} was never reached"
            return [*_faults(sim.platform, database)]
        finally:
            database.close()


def _stage() -> SimulatorServer:
    staff = tuple(Person(userid, userid) for userid, _ in _STAFF)
    return SimulatorServer(PlatformSettings(people=(*PEOPLE, *staff)))


def _planned(database: Database) -> bool:
    with database.read() as session:
        kinds = select(Reminder.person_id).where(Reminder.kind == ReminderKind.UNIT)
        return len(set(session.scalars(kinds))) > len(_STAFF)


def _drain(platform: Platform, service: Supervised, database: Database) -> None:
    def over() -> bool:
        if service.died():
            service.tend()
        return _nothing_due(database) and quiet(platform, database)

    service.tend()
    platform.wait_for(over, DRAINED_S)


def _nothing_due(database: Database) -> bool:
    due = (Reminder.state == ReminderState.PLANNED, Reminder.due_at <= datetime.fromisoformat(_DUE))
    with database.read() as session:
        return session.scalar(select(Reminder.id).where(*due).limit(1)) is None


def _faults(platform: Platform, database: Database) -> Iterator[str]:
    """Every coordinator has one text that names the gap and its card; all that is written is true."""
    delivered = platform.ledger.entries("delivered")
    texts, cards = (Counter(e.userid for e in delivered if e.data["msgtype"] == kind) for kind in ("text", "card"))
    staff = {userid for userid, _ in _STAFF}
    for name, found in (("text", texts), ("card", cards)):
        wrong = {userid: found[userid] for userid in staff if found[userid] != 1}
        if wrong:
            yield f"so many {name}s: {wrong}"
    for userid in staff:
        shown = [each.text for each in platform.chat(userid, "app") if not each.card]
        if not all("还差：A1 1个、A2 1个、B1 2个、B2 2个、C 5个" in text for text in shown):
            yield f"{userid} was told {shown}"
    with database.read() as session:
        reminders = list(session.scalars(select(Reminder).where(Reminder.state == ReminderState.SENT)))
        keys = Counter((row.kind, row.person_id, row.case_id, row.occurrence) for row in reminders)
        open_rows = select(Outbox.key, Outbox.state).where(Outbox.state != OutboxState.ACCEPTED)
        unended = session.execute(open_rows.where(Outbox.kind != OutboxKind.FILE)).all()
    yield from (f"sent twice by the rows: {key}" for key, count in keys.items() if count > 1)
    yield from (f"{key} is {state}" for key, state in unended)
    yield from (str(each) for each in platform.ledger.violations())
