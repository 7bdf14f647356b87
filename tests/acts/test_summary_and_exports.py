"""The summary table on the web, 上报 and 重开 with their confirmations, and the files that can be taken away."""

from __future__ import annotations

import io
import re
import threading
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from acting_world import DIRECT, World, answer, fields, send
from docx import Document
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from bot.packing import pack_one
from domain.roles import Role
from store import awaited_files, reports
from store.schema.campaign import Blob, CaseState
from store.schema.intake import Purpose
from store.schema.mail import Inbox
from store.schema.reports import UnitReport

NAME = re.compile(r"filename\*=UTF-8''(\S+)")
PHONE = "13800000001"


@pytest.fixture
def coordinator(world: World) -> FlaskClient:
    return world.client("coordinator")


@pytest.fixture
def reported(world: World) -> Iterator[str]:
    """A unit of its own for each test that reports: its coordinator `head`, one recommended and one submitted case."""
    unit = DIRECT
    world.enrol("head", Role.COORDINATOR, unit, "刘校长", "13800000008")
    world.enrol("author", Role.TEACHER, unit, "陈老师", "13800000009")
    yield unit
    with world.services.database.begin() as session:
        reports.reopen(session, unit, actor_id=1, reason="下一个测试", now=world.services.clock.now())


def name_of(response: TestResponse) -> str:
    found = NAME.search(response.headers["Content-Disposition"])
    assert found is not None
    return unquote(found[1])


def test_the_preview_shows_the_rows_and_what_to_look_at(world: World, coordinator: FlaskClient) -> None:
    receipt = world.case("teacher", CaseState.RECOMMENDED)
    page = coordinator.get("/console/summary")
    assert page.status_code == 200
    for said in ("利川市汇总表", world.row(receipt).title, PHONE, "还没有达到最低数：A1 1", "还没有上报"):
        assert said in page.text
    seen = world.client("admin").get("/console/summary/lichuan").text
    assert PHONE not in seen
    assert "138****0001" in seen
    assert "确认上报" not in seen
    assert world.client("admin").get("/console/summary").text.count("/console/summary/") >= 9


def test_the_table_is_the_one_of_the_chat(world: World, coordinator: FlaskClient) -> None:
    receipt = world.case("teacher", CaseState.RECOMMENDED)
    before = blobs(world)
    sent = coordinator.get("/console/exports/lichuan/summary.docx")
    cells = [cell.text for row in Document(io.BytesIO(sent.data)).tables[0].rows for cell in row.cells]
    assert world.row(receipt).title in cells
    assert PHONE in cells
    assert name_of(sent) == f"利川市{world.services.notice.summary_table.title}.docx"
    masked = world.client("admin").get("/console/exports/lichuan/summary.docx").data
    cells = [cell.text for row in Document(io.BytesIO(masked)).tables[0].rows for cell in row.cells]
    assert "138****0001" in cells
    assert PHONE not in cells
    assert blobs(world) == before, "looking at a file keeps none"
    empty = world.client("admin").get("/console/exports/jianshi/summary.docx")
    assert (empty.status_code, "还没有已推荐的案例" in empty.text) == (409, True)


def words_of(sent: TestResponse) -> set[str]:
    return {str(cell.value) for sheet in load_workbook(io.BytesIO(sent.data)) for row in sheet.rows for cell in row}


def blobs(world: World) -> int:
    with world.services.database.read() as session:
        return session.scalar(select(func.count()).select_from(Blob)) or 0


def test_the_progress_is_the_own_units_or_everybodys(world: World, coordinator: FlaskClient) -> None:
    own = coordinator.get("/console/exports/progress.xlsx")
    assert name_of(own) == "利川市进度_20230506.xlsx"
    assert "利川市" in words_of(own)
    assert "建始县" not in words_of(own)
    everybody = world.client("admin").get("/console/exports/progress.xlsx")
    assert name_of(everybody).startswith("全部单位进度")
    words = {
        str(cell.value) for sheet in load_workbook(io.BytesIO(everybody.data)) for row in sheet.rows for cell in row
    }
    assert {"利川市", "建始县"} <= words


def test_reporting_is_seen_confirmed_done_once_and_reopened(world: World, reported: str) -> None:
    going, staying = world.case("author", CaseState.RECOMMENDED), world.case("author", CaseState.SUBMITTED)
    head, admin = world.client("head"), world.client("admin")
    shown = head.get("/console/summary/report")
    assert "上报预览" in shown.text
    assert "另有 1 个已提交、没有推荐" in shown.text
    form = fields(shown)
    assert world.state(going) == CaseState.RECOMMENDED
    first = head.post("/console/summary/report", data=form)
    said = answer(head, first)
    assert "✅ 州直属某中学已上报 1 个案例" in said
    assert answer(head, head.post("/console/summary/report", data=form)) == said
    again = head.post("/console/summary/report", data=form | {"once": "y" * 24})
    assert "已经上报过了" in answer(head, again)
    assert (world.state(going), world.state(staying)) == (CaseState.REPORTED, CaseState.NOT_SELECTED)
    assert world.acts("unit.reported") == ["unit.reported"]
    assert [each.packages for each in world.nudged if each.packages] != []
    assert "确认上报" not in head.get("/console/summary/report").text
    refused = send(admin, f"/console/summary/{reported}/reopen", said=" \n ")
    assert (refused.status_code, "请写清楚重开的原因" in refused.text) == (422, True)
    reason = "漏了一个 重开 利川市 原因：没有\n确认上报"
    assert "已重开州直属某中学的上报" in answer(admin, send(admin, f"/console/summary/{reported}/reopen", said=reason))
    assert (world.state(going), world.state(staying)) == (CaseState.RECOMMENDED, CaseState.SUBMITTED)
    assert any(
        "原因：漏了一个 重开 利川市 原因：没有 确认上报" in text for lane, text in world.told() if lane == "head"
    )
    assert admin.get(f"/console/summary/{reported}/reopen").status_code == 409


def test_a_set_that_has_changed_since_is_shown_again(world: World, reported: str) -> None:
    world.case("author", CaseState.RECOMMENDED)
    head = world.client("head")
    form = fields(head.get("/console/summary/report"))
    world.case("author", CaseState.RECOMMENDED)
    said = answer(head, head.post("/console/summary/report", data=form))
    assert "名单在您确认之前变了，还没有上报" in said
    assert 'href="/console/summary/report"' in said
    assert world.acts("unit.reported") == []


def test_many_presses_at_one_moment_are_one_report(world: World, reported: str) -> None:
    world.case("author", CaseState.RECOMMENDED)
    clients = [world.client("head") for _ in range(4)]
    forms = [fields(each.get("/console/summary/report")) for each in clients]
    start = threading.Barrier(len(clients))

    def press(client: FlaskClient, form: dict[str, str]) -> None:
        start.wait(20)
        client.post("/console/summary/report", data=form)

    threads = [threading.Thread(target=press, args=pair) for pair in zip(clients, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.acts("unit.reported") == ["unit.reported"]
    with world.services.database.read() as session:
        report = reports.in_force(session, reported)
        assert report is not None
        assert session.get_one(Inbox, report.inbox_id).handler == "report_unit"


def test_the_materials_are_whole_for_the_unit_and_without_numbers_for_the_bureau(world: World, reported: str) -> None:
    world.case("author", CaseState.RECOMMENDED, "一节“好”课：用/不用?", name="正文.docx")
    head, admin = world.client("head"), world.client("admin")
    early = head.get(f"/console/exports/{reported}/materials.zip")
    assert (early.status_code, "上报后才有材料包" in early.text) == (409, True)
    send(head, "/console/summary/report")
    waiting = head.get(f"/console/exports/{reported}/materials.zip")
    assert (waiting.status_code, "还在打包" in waiting.text) == (409, True)
    streamed = admin.get(f"/console/exports/{reported}/materials.zip")
    assert streamed.is_streamed
    assert "Content-Length" not in streamed.headers
    with world.services.database.read() as session:
        report_id = session.scalars(select(UnitReport.id).order_by(UnitReport.id.desc())).first()
    pack_one(world.services, report_id or 0)
    whole = head.get(f"/console/exports/{reported}/materials.zip", buffered=True)
    for sent, phone in ((whole, "13800000009"), (streamed, "138****0009")):
        assert re.fullmatch(r"州直属某中学上报材料（第\d版）\.zip", name_of(sent))
        with zipfile.ZipFile(io.BytesIO(sent.data)) as package:
            assert package.testzip() is None
            names = package.namelist()
            assert any(name.endswith("正文.docx") for name in names)
            assert all(each.flag_bits & 0x800 or each.filename.isascii() for each in package.infolist())
            assert not any(set(name) & set('<>:"\\|?*') for name in names)
            index = load_workbook(io.BytesIO(package.read("index.xlsx"))).active
            assert phone in {str(cell.value) for row in index.rows for cell in row}
            table = Document(io.BytesIO(package.read(names[0]))).tables[0]
            assert phone in {cell.text for row in table.rows for cell in row.cells}
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    part = head.get(f"/console/exports/{reported}/materials.zip", headers={"Range": "bytes=0-3"}, buffered=True)
    assert (part.status_code, part.data) == (206, b"PK\x03\x04")


def test_too_many_packages_at_once_wait_and_give_their_places_back(world: World, reported: str) -> None:
    world.case("author", CaseState.RECOMMENDED)
    send(world.client("head"), "/console/summary/report")
    admin = world.client("admin")
    path = f"/console/exports/{reported}/materials.zip"
    running = [admin.get(path, buffered=False) for _ in range(4)]
    busy = admin.get(path, buffered=True)
    assert (busy.status_code, "过几分钟" in busy.text) == (503, True)
    for each in running:
        each.close()
    assert admin.head(path, buffered=True).status_code == 200
    assert [admin.get(path, buffered=True).status_code for _ in range(5)] == [200] * 5


def test_a_route_is_ticked_and_unticked_for_the_own_unit(world: World, coordinator: FlaskClient) -> None:
    route = coordinator.get("/console/summary").text.split("/console/summary/routes/")[1].split('"')[0]
    path = f"/console/summary/routes/{route}"
    form = fields(coordinator.get(path)) | {"wanted": "yes"}
    assert "已勾选" in answer(coordinator, coordinator.post(path, data=form))
    assert "取消" in coordinator.get(path).text
    coordinator.post(path, data=form)  # sent again: nothing new
    assert world.acts("unit.route") == ["unit.route"]
    form = fields(coordinator.get(path)) | {"wanted": "no"}
    assert "已取消" in answer(coordinator, coordinator.post(path, data=form))
    assert coordinator.get("/console/summary/routes/none").status_code == 404
    assert coordinator.post(path, data=form | {"wanted": "maybe"}).status_code == 400


def test_the_way_to_the_stamped_scan(world: World, coordinator: FlaskClient) -> None:
    sent = send(coordinator, "/console/summary/stamped")
    assert (sent.status_code, sent.headers["Location"]) == (303, "/console/upload")
    with world.services.database.read() as session:
        asked = session.scalars(select(Inbox).order_by(Inbox.id.desc()).limit(1)).one()
        assert asked.handler == "take_stamped"
        person = world.enrol("coordinator", Role.COORDINATOR, "lichuan", "王协调", "13800000002")
        assert awaited_files.expected(session, person, world.services.clock.now(), Purpose.STAMPED)


@pytest.mark.parametrize("who", ["teacher", "other", "admin"])
def test_what_is_another_units_or_another_roles(world: World, who: str) -> None:
    client = world.client(who)
    form = fields(client.get("/console/")) | {"once": "z" * 24, "sign": "ABCD", "said": "不该", "wanted": "yes"}
    expected = {"teacher": {403}, "other": {403, 404}, "admin": {200, 403, 409}}[who]
    for path in ("/console/summary/lichuan", "/console/exports/lichuan/summary.docx"):
        assert client.get(path).status_code in expected
    for path in ("/console/summary/lichuan/reopen", "/console/exports/lichuan/materials.zip"):
        assert client.get(path).status_code in expected
    if who != "other":
        for path in ("/console/summary/report", "/console/summary/stamped", "/console/summary/routes/platform"):
            assert client.post(path, data=form).status_code == 403
    assert world.acts("unit.reported", "unit.reopened", "unit.route") == []
