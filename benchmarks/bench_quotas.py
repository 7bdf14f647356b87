"""The board of all units from 10,000 to 1,000,000 cases, on PostgreSQL and on SQLite: one plain query, nothing stored.

Beside it, in turn, the floor: the database counts the rows of the same table, which is the least that reads them all.
Each size is measured without schools that must report, and with lists of some and of many.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from measure import seconds
from servers import postgres
from sqlalchemy import event, insert, text

from bot.migrating import migrate
from domain.notice import MustReportSchool, Notice
from domain.notice_loader import load_notice
from store import quotas
from store.database import Database
from store.schema.campaign import Case, CaseState, Person, school_key

ROOT = Path(__file__).resolve().parent.parent
SIZES = (10_000, 100_000, 1_000_000)
PLAN_AT = 100_000
WANTED_MS = 20
ROUNDS = 31
OWNERS = 500
SCHOOLS = 400
# As many as a prefecture may list, and ten times as many.
LISTED = 40
MUST_REPORT = (0, LISTED, 10 * LISTED)
BATCH = 10_000
# Steps of the plans that only make the table of keys.
_KEYS = ("CONSTANT ROW", "UNION ALL", "COMPOUND", "LEFT-MOST", "MATERIALIZE", "Result")
_EPOCH = datetime(2023, 5, 1, tzinfo=UTC)


def main() -> None:
    """Print the table and the plans; exit 1 when no board of 100,000 cases was had in the wanted time, with a list of
    schools or without."""
    notice = load_notice(ROOT / "notices" / "enshi-2023-05")
    sizes = tuple(int(size) for size in sys.argv[1:]) or SIZES
    slow = False
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        urls = {
            "SQLite": f"sqlite:///{folder}/bot.db",
            "PostgreSQL": stack.enter_context(postgres(Path(folder) / "pg")),
        }
        for name, url in urls.items():
            database = Database(url)
            migrate(database)
            made = 0
            for size in sizes:
                _fill(database, notice, made, size)
                made = size
                for schools in MUST_REPORT:
                    listed = _with_schools(notice, schools)
                    quickest = _measure(name, database, listed, size, schools)
                    slow |= quickest > WANTED_MS and size == PLAN_AT and schools <= LISTED
                if size == PLAN_AT:
                    _print_plan(database, _with_schools(notice, 2))
            database.close()
    if slow:
        sys.exit(f"no board of {PLAN_AT} cases was had within {WANTED_MS} ms")


def _with_schools(notice: Notice, count: int) -> Notice:
    """The notice with that many schools that must report, spread over the units."""
    must, *others = notice.must_report
    places = [(unit, number) for number in range(SCHOOLS) for unit in notice.units]
    schools = tuple(MustReportSchool(_school(number), unit.id) for unit, number in places[:count])
    return replace(notice, must_report=(replace(must, schools=schools), *others))


def _school(number: int) -> str:
    return f"第{number}中学"


def _measure(name: str, database: Database, notice: Notice, size: int, schools: int) -> float:
    with database.read() as session:

        def board() -> object:
            return quotas.standings(session, notice)

        def floor() -> object:
            return session.execute(text('select count(*) from "case"')).all()

        board(), floor()
        pairs = [(seconds(board) * 1000, seconds(floor) * 1000) for _ in range(ROUNDS)]
        counted = sum(each.alive for unit in quotas.standings(session, notice) for each in unit.categories)
    ours = sorted(pair[0] for pair in pairs)
    ratio = statistics.median(mine / least for mine, least in pairs)
    print(
        f"{name:<11} {size:>9,} cases, {schools:>3} schools   board {statistics.median(ours):7.1f} ms "
        f"(quickest {ours[0]:.1f}, 9 of 10 within {ours[len(ours) * 9 // 10]:.1f})   "
        f"count(*) {statistics.median(pair[1] for pair in pairs):7.1f} ms   ratio {ratio:5.2f}   {counted:,} alive"
    )
    return ours[0]


def _print_plan(database: Database, notice: Notice) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        if '"case"' in statement:
            asked.append((statement, parameters))

    with database.read() as session:
        event.listen(session.get_bind(), "before_cursor_execute", note)
        quotas.standings(session, notice)
        event.remove(session.get_bind(), "before_cursor_execute", note)
        explain = "explain query plan " if database.is_sqlite else "explain (analyze, buffers, costs off) "
        for statement, parameters in asked:
            for row in session.connection().exec_driver_sql(explain + statement, parameters):
                if not any(word in row[-1] for word in _KEYS):
                    print(f"    {row[-1]}")


def _fill(database: Database, notice: Notice, made: int, size: int) -> None:
    """Add cases until there are `size`, spread over units, categories, states and schools by a fixed seed."""
    random_ = random.Random(made)
    with database.begin() as session:
        if not made:
            session.execute(insert(Person), [{"id": n, "role": "teacher"} for n in range(1, OWNERS + 1)])
        rows = (_case(random_, notice, number) for number in range(made + 1, size + 1))
        while batch := list(islice(rows, BATCH)):
            session.execute(insert(Case), batch)
    with database.engine.connect() as connection:  # what autovacuum does in a real installation
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(
            "analyze" if database.is_sqlite else 'vacuum analyze "case"'
        )


def _case(random_: random.Random, notice: Notice, number: int) -> dict[str, object]:
    at, school = _EPOCH + timedelta(minutes=number % 30_000), _school(random_.randrange(SCHOOLS))
    return {
        "receipt": f"B1-{number:08d}",
        "owner_id": 1 + number % OWNERS,
        "unit_id": random_.choice(notice.units).id,
        "school": school,
        "school_key": school_key(school),
        "category": random_.choice(notice.categories).code,
        "title": f"智慧教育平台支持下的课堂教学案例之{number}",
        "state": random_.choice(list(CaseState)),
        "marks": [],
        "first_arrived_at": at,
        "on_time": random_.random() < 0.95,  # noqa: PLR2004 - one in twenty is late
        "submitted_at": at,
        "created_at": at,
        "updated_at": at,
        "revision": 1,
    }


if __name__ == "__main__":
    main()
