"""The board: the same numbers as a recount of every case, one unit or all, and nothing of what it does not know."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from domain.notice import MustReportSchool, Notice
from domain.notice_loader import load_notice
from domain.standing import Reported
from store import quotas
from store.counting import count_cases
from store.database import Database
from store.moves import COUNTED
from store.schema.campaign import Case, CaseState, Person

NOW = datetime(2023, 5, 6, 1, 0, tzinfo=UTC)
PACK = Path(__file__).resolve().parents[2] / "notices" / "enshi-2023-05"


@pytest.fixture(scope="module")
def notice() -> Notice:
    return load_notice(PACK)


def fill(database: Database, notice: Notice, seed: int, cases: int = 300) -> None:
    """Cases of all sorts, also of no unit, no category and of a unit the notice does not know."""
    random_ = random.Random(seed)
    units = [*(unit.id for unit in notice.units), None, "unknown'; --"]
    categories = [*(each.code for each in notice.categories), None, "Z9"]
    with database.begin() as session:
        session.execute(insert(Person), [{"id": 1, "role": "teacher"}])
        session.execute(
            insert(Case),
            [
                {
                    "receipt": f"B1-{number}",
                    "owner_id": 1,
                    "unit_id": random_.choice(units),
                    "category": random_.choice(categories),
                    "title": f"案例{number}",
                    "state": random_.choice(list(CaseState)),
                    "marks": [],
                    "first_arrived_at": NOW,
                    "on_time": random_.random() < 0.7,
                    "created_at": NOW,
                    "updated_at": NOW,
                    "revision": 1,
                }
                for number in range(cases)
            ],
        )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_board_equals_a_recount(database: Database, notice: Notice, seed: int) -> None:
    fill(database, notice, seed)
    with database.read() as session:
        all_cases = session.scalars(select(Case)).all()
        board = quotas.standings(session, notice)
        alone = tuple(quotas.standings(session, notice, unit.id)[0] for unit in notice.units)
    assert board == alone
    for standing in board:
        for each in standing.categories:
            mine = [case for case in all_cases if (case.unit_id, case.category) == (standing.unit.id, each.category)]
            states = Counter(CaseState(case.state) for case in mine)
            assert each.recommended == sum(states[state] for state in COUNTED)
            assert each.submitted == states[CaseState.SUBMITTED]
            assert (each.received, each.needs_fix, each.returned) == (
                states[CaseState.RECEIVED],
                states[CaseState.NEEDS_FIX],
                states[CaseState.RETURNED],
            )
            late = [case for case in mine if not case.on_time and case.state in {*COUNTED, CaseState.SUBMITTED}]
            assert each.late == len(late)
            assert each.missing == max(0, (each.minimum or 0) - each.recommended)


def test_a_unit_the_notice_does_not_know_has_no_board(database: Database, notice: Notice) -> None:
    with database.read() as session:
        assert quotas.standings(session, notice, "unknown'; --") == ()


def test_signs_in_a_name_stay_part_of_it(database: Database, notice: Notice) -> None:
    fill(database, notice, 4)
    with database.read() as session:
        found = count_cases(session, ["unknown'; --", "%s:x"], ["Z9", "100%"], list(CaseState))
        assert {count.unit_id for count in found} == {"unknown'; --"}
        wanted = select(Case).where(Case.unit_id == "unknown'; --", Case.category == "Z9")
        assert sum(count.cases for count in found) == len(session.scalars(wanted).all())


SCHOOLS = {
    "a": "利川市第一中学",
    "b": "利川市 第二中学",
    "c": "利川市第三中学",
    "d": "利川市第四中学",
    "e": "恩施市第一中学",
}


def with_schools(notice: Notice) -> Notice:
    """The notice with schools that must report, of two units."""
    must, *others = notice.must_report
    schools = tuple(
        MustReportSchool(name, "enshi" if name.startswith("恩施") else "lichuan") for name in SCHOOLS.values()
    )
    return replace(notice, must_report=(replace(must, schools=schools), *others))


def test_a_school_has_come_as_far_as_its_furthest_case_of_the_categories_it_must_report_in(
    database: Database, notice: Notice
) -> None:
    listed = with_schools(notice)
    demanded = listed.must_report[0].categories[0]
    other = next(each.code for each in listed.categories if each.code not in listed.must_report[0].categories)
    sent = [
        ("lichuan", "利川市第一中学", demanded, CaseState.SUBMITTED),
        ("lichuan", "利川市第一中学", demanded, CaseState.RETURNED),
        ("lichuan", "利川市－第二中学", demanded, CaseState.REPORTED),  # written otherwise
        ("lichuan", "利川市第三中学", other, CaseState.RECOMMENDED),  # of a category that does not count for it
        ("enshi", "利川市第四中学", demanded, CaseState.SUBMITTED),  # another unit's school of that name
        ("lichuan", "利川市第四中学", demanded, CaseState.WITHDRAWN),
        ("enshi", "恩施市第一中学", demanded, CaseState.NEEDS_FIX),
        ("lichuan", None, demanded, CaseState.SUBMITTED),
    ]
    with database.begin() as session:
        session.add(Person(id=1, role="teacher"))
        session.flush()
        for number, (unit, school, category, state) in enumerate(sent):
            session.add(
                Case(
                    receipt=f"B1-{number}", owner_id=1, unit_id=unit, school=school, category=category, title="题",
                    state=state, first_arrived_at=NOW, on_time=True, created_at=NOW, updated_at=NOW,
                )
            )  # fmt: skip
    with database.read() as session:
        board = {each.unit.id: each for each in quotas.standings(session, listed)}
        (alone,) = quotas.standings(session, listed, "lichuan")
    found = {school.name: school.reported for unit in board.values() for school in unit.schools}
    assert found == {
        SCHOOLS["a"]: Reported.SUBMITTED,
        SCHOOLS["b"]: Reported.RECOMMENDED,
        SCHOOLS["c"]: Reported.NOTHING,
        SCHOOLS["d"]: Reported.NOTHING,
        SCHOOLS["e"]: Reported.UNDER_WAY,
    }
    assert alone.schools == board["lichuan"].schools
