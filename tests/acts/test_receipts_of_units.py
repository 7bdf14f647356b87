"""/r/<number> of a unit's report and of its stamped tables: what came when, and nothing about people or contents."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta

import pytest
from acting_world import DIRECT, World, send
from sqlalchemy import select

from bot.packing import pack_one
from bot.receipt_page import MOST_A_MINUTE
from domain.receipt import STAMPED_TABLE, new_receipt
from domain.roles import Role
from store import people, reports, stamped
from store.schema.campaign import CaseState
from store.schema.mail import Inbox
from store.schema.reports import UnitReport
from store.stamped import Scan

HIDDEN = ("中学", "刘校长", "陈老师", "13800000008", "13800000009", "liu-xz", "扫描件.pdf", "个案例", "B2-")


@pytest.fixture
def reported(world: World) -> Iterator[UnitReport]:
    """The report of a unit with one case."""
    world.enrol("liu-xz", Role.COORDINATOR, DIRECT, "刘校长", "13800000008")
    world.enrol("author", Role.TEACHER, DIRECT, "陈老师", "13800000009")
    world.case("author", CaseState.RECOMMENDED)
    send(world.client("liu-xz"), "/console/summary/report")
    with world.services.database.read() as session:
        report = reports.in_force(session, DIRECT)
        assert report is not None
    yield report
    _take_back(world)


def _take_back(world: World) -> None:
    with world.services.database.begin() as session:
        reports.reopen(session, DIRECT, actor_id=1, reason="下一个测试", now=world.services.clock.now())


def _hides(text: str) -> None:
    assert [word for word in HIDDEN if word in text] == []


def test_a_report_shows_when_it_came_and_its_package(world: World, reported: UnitReport) -> None:
    client = world.app().test_client()
    early = client.get(f"/r/{reported.number}")
    assert early.status_code == 200
    for shown in (reported.number, "单位上报，按时收到", "2023年5月6日（周六）09:00", "材料包还没有打好"):
        assert shown in early.text
    assert "SHA-256</dt>" not in early.text
    _hides(early.text)

    pack_one(world.services, reported.id)
    with world.services.database.read() as session:
        made = session.scalars(select(UnitReport).where(UnitReport.id == reported.id)).one()
    page = client.get(f"/r/{reported.number.lower()}").text
    for shown in (made.package_sha256, f"{made.package_size} 字节", f"第 {made.edition} 版"):
        assert shown
        assert shown in page
    assert "不再有效" not in page
    _hides(page)


def test_a_report_that_was_taken_back_is_not_shown_as_good(world: World, reported: UnitReport) -> None:
    _take_back(world)
    page = world.app().test_client().get(f"/r/{reported.number}").text
    assert "这次上报后来被收回，不再有效" in page
    assert "下一个测试" not in page
    _hides(page)


def test_a_stamped_table_shows_its_hash_and_whether_it_came_in_time(world: World) -> None:
    head = world.enrol("liu-xz", Role.COORDINATOR, DIRECT, "刘校长", "13800000008")
    data, now = b"%PDF-1.4 scan", world.services.clock.now()
    sha256, number = hashlib.sha256(data).hexdigest(), new_receipt(STAMPED_TABLE, b"scan1")
    inbox_id = _some_message(world)
    scan = Scan(DIRECT, number, "扫描件.pdf", len(data), sha256, now + timedelta(days=30), False, inbox_id, 0)
    with world.services.database.begin() as session:
        stamped.keep(session, scan, actor_id=head, now=now)
    page = world.app().test_client().get(f"/r/{number}").text
    for shown in (number, "盖章扫描版，收到时已过截止时间", "2023年6月5日（周一）09:00（截止后）", sha256, "13 字节"):
        assert shown in page
    _hides(page)


def _some_message(world: World) -> int:
    """A message of the unit's coordinator: one that ticks a route."""
    client = world.client("liu-xz")
    route = client.get("/console/summary").text.split("/console/summary/routes/")[1].split('"')[0]
    send(client, f"/console/summary/routes/{route}", wanted="yes")
    with world.services.database.read() as session:
        person = people.by_userid(session, "liu-xz")
        assert person is not None
        return session.scalars(select(Inbox.id).order_by(Inbox.id.desc()).limit(1)).one()


@pytest.mark.parametrize("number", [new_receipt(prefix, b"never") for prefix in ("R", "T", "N", "B1", "Z")])
def test_numbers_that_were_never_given_are_alike(world: World, number: str) -> None:
    client = world.app().test_client()
    answers = [client.get(f"/r/{number}") for _ in range(MOST_A_MINUTE + 1)]
    assert {each.status_code for each in answers[:-1]} == {404}
    assert answers[-1].status_code == 429
    assert {each.text for each in answers[:-1]} == {client_page(world)}


def client_page(world: World) -> str:
    """The page of a number that cannot be one."""
    return world.app().test_client().get("/r/nothing").text
