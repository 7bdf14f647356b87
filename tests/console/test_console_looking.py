"""The pages one looks at: each role sees what it may see in chat, the filters find what they say, and of what is
others' nothing shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from console_world import (
    ADMIN,
    COORDINATOR,
    DIRECT,
    MUST,
    OTHER_COORDINATOR,
    OTHER_TEACHER,
    STRANGER,
    TEACHER,
    World,
    console_world,
    many_cases,
)
from flask.testing import FlaskClient

from bot.console.history import told
from store import cases
from store.moves import Move

FOUND = re.compile(r'href="/console/cases/([A-Z]\d?-\w{8}-\w)"')


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for all tests of this file: they only look."""
    with console_world(tmp_path_factory.mktemp("console")) as opened:
        yield opened


@pytest.fixture
def admin(world: World) -> FlaskClient:
    return world.client(ADMIN)


@pytest.fixture
def coordinator(world: World) -> FlaskClient:
    return world.client(COORDINATOR)


@pytest.fixture
def teacher(world: World) -> FlaskClient:
    return world.client(TEACHER)


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.text


def listed(client: FlaskClient, world: World, query: str = "") -> set[str]:
    """The slots of the cases on the first page of a list."""
    names = {receipt: slot for slot, receipt in world.receipts.items()}
    return {names[receipt] for receipt in FOUND.findall(text(client, f"/console/cases{query}"))}


def test_the_board_shows_all_units_to_the_bureau_and_the_own_one_to_its_coordinator(
    world: World, admin: FlaskClient, coordinator: FlaskClient, teacher: FlaskClient
) -> None:
    board = text(admin, "/console/board")
    for unit in world.services.notice.units:
        assert f'href="/console/board/{unit.id}"' in board
    own = text(coordinator, "/console/board")
    assert "利川市进度" in own
    assert "恩施" not in own
    assert text(coordinator, "/console/board/lichuan").count("利川市") >= own.count("利川市")
    text(teacher, "/console/board", 403)
    text(world.client(STRANGER), "/console/board", 403)
    assert world.client(None).get("/console/board").status_code == 302


def test_the_board_says_what_chat_says(world: World, admin: FlaskClient, coordinator: FlaskClient) -> None:
    said = world.stage.say({"who": COORDINATOR, "says": "进度"}).text
    for code, missing in re.findall(r"^(\w\d?)　需\d　已推荐\d　还差(\d)", said, re.MULTILINE):
        assert f"{code} {missing} 个" in text(coordinator, "/console/board")
    board = text(admin, "/console/board")
    row = board.split('href="/console/board/enshi"')[1].split("</tr>")[0]
    assert "<b>1/2</b> <span>差1</span>" in row
    assert "✓ 是" in row
    assert 'class="fact h-enough">1/1' in row
    lichuan = board.split('href="/console/board/lichuan"')[1].split("</tr>")[0]
    assert "待改1" in lichuan
    assert 'class="fact h-3">1/2' in lichuan
    direct = board.split(DIRECT)[1].split("</tr>")[0]
    assert "差" not in direct
    assert "h-none" in direct


def test_each_number_of_the_board_leads_to_its_cases(world: World, coordinator: FlaskClient) -> None:
    board = text(coordinator, "/console/board")
    for slot, step, category in (
        ("failing", "mending", "B2"),
        ("mended", "waiting", "B1"),
        ("returned", "mending", "C"),
    ):
        address = f"/console/cases?unit=lichuan&amp;category={category}&amp;step={step}"
        assert f'href="{address}">1</a>' in board
        assert listed(coordinator, world, address.replace("&amp;", "&").removeprefix("/console/cases")) == {slot}
    for school in MUST[:2]:
        assert f"school={quote(school)}" in board
    assert MUST[2] not in board


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"failing", "mended", "returned", "unsorted", "foreign"}),
        ("?unit=enshi", {"foreign"}),
        ("?unit=lichuan&category=B1", {"mended"}),
        ("?category=B1", {"mended", "foreign"}),
        ("?step=waiting", {"mended"}),
        ("?step=mending", {"failing", "returned"}),
        ("?step=returned", {"returned"}),
        ("?step=recommended", {"foreign"}),
        ("?step=withdrawn", set()),
        ("?late=1", set()),
        (f"?school={quote('利川市 第一中学')}", {"failing", "mended", "returned", "unsorted"}),
        (f"?school={quote(MUST[1])}", set()),
        (f"?q={quote('空间故事')}", {"returned"}),
        (f"?q={quote('李建国')}", {"foreign"}),
        ("?q=%25", set()),
        ("?category=Z9&step=nonsense&late=yes&page=-1", {"failing", "mended", "returned", "unsorted", "foreign"}),
        ("?page=" + "9" * 5000, {"failing", "mended", "returned", "unsorted", "foreign"}),
    ],
)
def test_filters(world: World, admin: FlaskClient, query: str, found: set[str]) -> None:
    assert listed(admin, world, query) == found


def test_a_receipt_number_is_found_however_it_is_written(world: World, admin: FlaskClient) -> None:
    receipt = world.receipts["mended"]
    for written in (receipt, receipt.lower(), receipt.replace("-", ""), receipt[2:7]):
        assert listed(admin, world, f"?q={written}") == {"mended"}


def test_a_coordinator_lists_the_own_unit_only(world: World, coordinator: FlaskClient) -> None:
    assert listed(coordinator, world) == {"failing", "mended", "returned", "unsorted"}
    for query in (f"?q={world.receipts['foreign']}", f"?q={quote('李建国')}"):
        assert listed(coordinator, world, query) == set()
    assert "恩施" not in text(coordinator, "/console/cases")


def test_with_htmx_only_the_list_travels(admin: FlaskClient) -> None:
    part = admin.get("/console/cases?step=waiting", headers={"HX-Request": "true"}).text
    assert part.startswith('<section id="list"')
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert admin.get("/console/cases?step=waiting", headers=back).text.startswith("<!doctype html>")


def test_a_page_beyond_the_last(admin: FlaskClient) -> None:
    page = text(admin, "/console/cases?page=7")
    assert "没有第 7 页，共 1 页" in page
    assert 'href="/console/cases" rel="prev"' in page


def test_of_what_is_others_nothing_shows(world: World, coordinator: FlaskClient, teacher: FlaskClient) -> None:
    foreign, unknown = world.receipts["foreign"], "B1-7K2QM9XD-4"
    for client in (coordinator, teacher):
        for pattern in ("/console/cases/{}", "/console/cases/{}?version=1", "/console/cases/{}/files/main-1",
                        "/console/cases/{}/copies/annotate-1", "/console/cases/{}/copies/reformat-1"):  # fmt: skip
            answers = [client.get(pattern.format(number)) for number in (foreign, unknown, "x", "0" * 300)]
            assert {answer.status_code for answer in answers} == {404}
            assert len({answer.data for answer in answers}) == 1
            headers = [{k: v for k, v in answer.headers if k != "Date"} for answer in answers]
            assert all(each == headers[0] for each in headers)
    for path in ("/console/board/{}", "/console/cases?unit={}"):
        answers = [coordinator.get(path.format(unit)) for unit in ("enshi", "nowhere", "first-school")]
        assert {(answer.status_code, answer.data) for answer in answers} == {(404, answers[0].data)}
    nobody = world.client(None)
    for number in (foreign, unknown):
        assert nobody.get(f"/console/cases/{number}/files/main-1").status_code == 302


def test_a_case_shows_findings_versions_and_history(world: World, teacher: FlaskClient) -> None:
    page = text(teacher, f"/console/cases/{world.receipts['mended']}")
    assert "项检查全部合格" in page
    assert "第 2 版（现在用的）" in page
    assert "检查过了，需要修改" in page
    assert "等本单位协调员推荐" in page
    older = text(teacher, f"/console/cases/{world.receipts['mended']}?version=1")
    assert "检查结果（第 1 版）" in older
    assert "必须改" in older
    assert "〔" in older
    for junk in ("9", "x", "-1", "9" * 5000):
        assert "检查结果（第 2 版）" in text(teacher, f"/console/cases/{world.receipts['mended']}?version={junk}")


def test_who_looks_is_told_in_their_words(
    world: World, teacher: FlaskClient, coordinator: FlaskClient, admin: FlaskClient
) -> None:
    address = f"/console/cases/{world.receipts['returned']}"
    own = text(teacher, address)
    assert "请按退回理由改好" in own
    assert "请补充课堂实录的截图" in own
    assert "王主任" not in own
    unit = text(coordinator, address)
    assert "等老师修改" in unit
    assert "请按退回理由改好" not in unit
    assert "张晓梅" in unit
    assert "王主任" in text(admin, address)


def test_files_come_under_their_own_names(world: World, teacher: FlaskClient, coordinator: FlaskClient) -> None:
    receipt = world.receipts["mended"]
    with world.services.database.read() as session:
        case = cases.by_receipt(session, receipt)
        assert case is not None
        material = cases.latest_material(session, case.id)
    for client in (teacher, coordinator):
        answer = client.get(f"/console/cases/{receipt}/files/main-2", buffered=True)
        assert answer.status_code == 200
        assert answer.data == world.services.blobs.path(material.sha256).read_bytes()
        assert unquote(answer.headers["Content-Disposition"]).endswith("''数据驱动的作业设计.docx")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        part = client.get(f"/console/cases/{receipt}/files/main-2", headers={"Range": "bytes=0-3"}, buffered=True)
        assert (part.status_code, part.data) == (206, b"PK\x03\x04")
    for which in ("main-3", "supporting-1", "main-0", "other-1", "main-1/x", "main-" + "9" * 30):
        assert teacher.get(f"/console/cases/{receipt}/files/{which}").status_code == 404


def test_copies_are_made_when_they_are_asked_for(world: World, teacher: FlaskClient) -> None:
    receipt = world.receipts["failing"]
    page = text(teacher, f"/console/cases/{receipt}")
    copies = re.findall(rf'href="(/console/cases/{receipt}/copies/[\w-]+)"', page)
    assert copies
    for address in copies:
        answer = teacher.get(address, buffered=True)
        assert answer.status_code == 200
        assert answer.data.startswith(b"PK")
        assert "版）.docx" in unquote(answer.headers["Content-Disposition"])


def test_one_s_own_cases_and_what_to_do(world: World, teacher: FlaskClient) -> None:
    page = text(teacher, "/console/mine")
    assert FOUND.findall(page)[0] == world.receipts["unsorted"]
    assert world.receipts["foreign"] not in page
    assert "没有交过案例" in text(world.client(STRANGER), "/console/mine")
    assert listed(world.client(OTHER_COORDINATOR), world) == {"foreign"}
    assert world.receipts["foreign"] in text(world.client(OTHER_TEACHER), "/console/mine")


def test_the_first_page_says_what_needs_whom(
    world: World, teacher: FlaskClient, coordinator: FlaskClient, admin: FlaskClient
) -> None:
    def needs(client: FlaskClient) -> dict[str, int]:
        found = re.findall(r"<b>(\d+)</b> <span>([^<]+)</span>", text(client, "/console/"))
        return {what: int(count) for count, what in found}

    assert needs(teacher) == {"个您交的案例等您处理": 3}
    assert text(teacher, "/console/mine").count('<p class="act">') == 3
    own = needs(coordinator)
    assert own["个案例等您推荐"] == len(listed(coordinator, world, "?step=waiting")) == 1
    assert own["个案例等老师修改"] == len(listed(coordinator, world, "?step=mending")) == 2
    assert own["个案例还差：A1 1、A2 1、B1 2、B2 2、C 5"] == 11
    units = len(world.services.notice.units)
    assert needs(admin) == {"个单位还没有达到最低数": units - 1, "所必报学校还没有提交": 1, "个单位还没有上报": units}
    assert needs(world.client(STRANGER)) == {}


def test_one_s_own_cases_come_in_pages(tmp_path: Path) -> None:
    with console_world(tmp_path, told=False) as many:
        many_cases(many, 60)
        client = many.client(TEACHER)
        pages = [FOUND.findall(text(client, f"/console/mine?page={number}")) for number in (1, 2, 3)]
        assert [len(page) for page in pages] == [25, 25, 10]
        assert len({receipt for page in pages for receipt in page}) == 60
        assert "没有第 4 页，共 3 页" in text(client, "/console/mine?page=4")


def test_each_move_and_deed_of_a_case_has_its_sentence() -> None:
    """The acts that are written to the audit of cases, wherever the code writes them."""
    root = Path(__file__).resolve().parents[2]
    sources = [
        path.read_text("utf-8") for folder in ("store", "handlers", "bot") for path in (root / folder).rglob("*.py")
    ]
    written = {act for source in sources for act in re.findall(r'act="(case\.\w+)"', source)}
    written |= {f"case.{move.value}" for move in Move} | {"case.new_case", "case.asks_first"}
    assert len(written) > 20
    assert {act for act in written if not told(act)} == set()
