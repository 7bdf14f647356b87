"""Two processes, one database: whichever moves the deadline, both answer by it from the next question on."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from answers import Engine
from bot.engines import Engines
from domain.notice import Notice
from domain.notice_loader import load_notice
from domain.roles import Role
from store import deadlines, official, people
from store.database import Database
from store.deadlines import Wanted

PACK = Path(__file__).resolve().parents[2] / "notices" / "enshi-2023-05"
NOW = datetime.fromisoformat("2023-05-18T10:00+08:00")
LATER = datetime.fromisoformat("2023-05-25T18:00+08:00")
QUESTION = "什么时候截止"


@pytest.fixture(scope="module")
def notice() -> Notice:
    return load_notice(PACK)


def answered(database: Database, engines: Engines, unit: str | None = None, question: str = QUESTION) -> str:
    with database.read() as session:
        return engines.known(session, unit).engine.answer(question, role=Role.TEACHER, now=NOW).text


def test_every_process_follows_at_once(database: Database, notice: Notice) -> None:
    mine, theirs = (Engines(notice, Engine(notice)) for _ in range(2))
    assert answered(database, mine) == answered(database, theirs)
    before = notice.intake_stage.closes_at
    with database.begin() as session:
        admin = people.appoint(session, "boss", Role.ADMIN, unit_id=None, by=None, now=NOW)
        assert deadlines.change(session, Wanted(1, "lichuan", LATER, before, "雨"), actor_id=admin.id, now=NOW)
        official.add(session, question="能不能手写", text="不能。", person_id=admin.id, now=NOW)
    for engines in (theirs, mine):
        assert "5月25日（周四）18:00" in answered(database, engines, "lichuan")
        assert "5月20日" in answered(database, engines, "enshi")
        for unit in ("lichuan", "enshi"):
            assert "不能。" in answered(database, engines, unit, "能不能手写")


def test_of_two_who_decide_at_once_one_is_told(database: Database, notice: Notice) -> None:
    wanted = Wanted(1, None, LATER, notice.intake_stage.closes_at, "雨")
    with database.begin() as session:
        assert deadlines.change(session, wanted, actor_id=None, now=NOW)
    with database.begin() as session:
        assert not deadlines.change(session, wanted, actor_id=None, now=NOW)
        assert deadlines.load(session, notice.intake_stage.closes_at).revision == 1
