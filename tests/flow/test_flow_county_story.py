"""The whole story over the encrypted callbacks: two counties and the bureau, from the first question to the report.

Every number that chat shows is compared with the exported workbook, every row of the summary table and every byte of
the package with what was sent in; and nothing of one county is ever shown to the other."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from docx import Document
from handing_out import PUBLIC, shown
from installation import ADMIN, COORDINATOR, TEACHER, Installation, install
from openpyxl import load_workbook
from word_files import case_document

from domain.roles import Role
from domain.roster import RosterRow
from simulator.platform import Person, PlatformSettings
from simulator.server import SimulatorServer
from store.roster import import_rows

SECOND, OTHER_TEACHER, OTHER = "lc-teacher-2", "es-teacher-1", "es-coordinator"
NAMES = {
    TEACHER: "覃老师",
    SECOND: "向老师",
    OTHER_TEACHER: "田老师",
    COORDINATOR: "谭主任",
    OTHER: "冉主任",
    ADMIN: "州教育局 管理员",
}
UNITS = {TEACHER: "lichuan", SECOND: "lichuan", COORDINATOR: "lichuan", OTHER_TEACHER: "enshi", OTHER: "enshi"}
SCHOOLS = {TEACHER: "利川市某中学", SECOND: "利川市某小学", OTHER_TEACHER: "恩施市某小学"}
ROLES = {COORDINATOR: Role.COORDINATOR, OTHER: Role.COORDINATOR, ADMIN: Role.ADMIN}
# Words that belong to one county alone: nobody of the other may ever see them.
MARKERS = {
    "lichuan": ("覃老师", "向老师", "谭主任", "利川市某", "山区课堂", "作业设计", "13800000001", "0718-8234567"),
    "enshi": ("田老师", "冉主任", "恩施市某", "空间故事", "13800000002"),
}
RECEIPT = re.compile(r"[A-Z]\d?-[0-9A-Z]{8}-[0-9A-Z]")
CHAT_LINE = re.compile(r"^(\w+)　需(\d+)　已推荐(\d+)　(?:✅|还差(\d+))(?:（(.*)）)?$", re.MULTILINE)
UNIT_LINE = re.compile(r"^(\S+?)　(?:还差 (.*?)|✅ 已达最低数)(，已上报)?$", re.MULTILINE)


@pytest.fixture
def sim() -> Iterator[SimulatorServer]:
    members = tuple(Person(userid, name, SCHOOLS.get(userid, "")) for userid, name in NAMES.items())
    with SimulatorServer(PlatformSettings(people=members)) as server:
        server.platform.pace.refresh_every = 0.1
        server.platform.pace.retry_pause = 0.05
        yield server


@pytest.fixture
def service(sim: SimulatorServer, backend: object) -> Iterator[Installation]:
    clock = "2023-05-18T10:00:00+08:00"
    with install(sim, backend, public_url=PUBLIC, secret_key="s" * 32, bot_clock=clock) as running:
        rows = (
            RosterRow(userid, name, ROLES.get(userid, Role.TEACHER), UNITS.get(userid), SCHOOLS.get(userid))
            for userid, name in NAMES.items()
        )
        with running.services.database.begin() as session:
            import_rows(session, rows, by=None, now=running.services.clock.real())
        yield running


@dataclass
class Story:
    """What the six do, one after the other."""

    service: Installation

    def settle(self) -> None:
        self.service.wait(lambda: self.service.settled() and self.service.outgoing_ended(), 40)

    def says(self, userid: str, text: str, channel: str = "bot") -> str:
        """What is answered, once everything has come to its end."""
        self.service.platform.say(userid, text, channel=channel)
        self.settle()
        return self.service.answer(userid, channel)

    def hears_by_app(self, userid: str) -> str:
        """The text that was pushed last."""
        return [each.text for each in shown(self.service, userid, "app") if each.kind == "text"][-1]

    def hands_in(self, userid: str, title: str, words: int, category: str) -> tuple[str, bytes]:
        """Send a case; its receipt and bytes."""
        data = case_document(words=words, title=title)
        self.service.platform.send_file(userid, f"{title}.docx", data)
        self.settle()
        answer = self.service.answer(userid)
        if "哪一类" in answer:
            answer = self.says(userid, f"类别 {category}")
        found = RECEIPT.search(answer)
        assert found, answer
        return found.group(), data

    def file(self, userid: str, ending: str) -> bytes:
        """The bytes of the last file with this ending that came through the app."""
        got = [each for each in shown(self.service, userid, "app") if each.attachment]
        (*_, last) = [each for each in got if each.attachment["name"].endswith(ending)]
        return bytes(self.service.platform.media.get(last.attachment["id"]).data)

    def board(self, userid: str) -> dict[tuple[str, str], list[object]]:
        """The exported board: the numbers by unit and category."""
        assert "进度表发给您" in self.says(userid, "导出进度")
        rows = load_workbook(io.BytesIO(self.file(userid, ".xlsx")))["进度"].iter_rows(min_row=2, values_only=True)
        return {(row[0], row[1]): list(row[2:]) for row in rows}

    def compare_with_export(self, coordinator: str, unit: str) -> None:
        """What 进度 says in chat is what the workbook says."""
        board = self.board(coordinator)
        lines = CHAT_LINE.findall(self.says(coordinator, "进度"))
        assert set(board) == {(unit, code) for code, *_ in lines}
        for code, minimum, recommended, missing, rest in lines:
            said = dict(re.findall(r"(待您推荐|待修改|迟交) (\d+)", rest))
            told = [
                minimum,
                said.get("待修改", 0),
                said.get("待您推荐", 0),
                recommended,
                missing or 0,
                said.get("迟交", 0),
            ]
            written = board[unit, code]
            assert [int(each) for each in told] == [written[0], *written[2:6], written[7]], code

    def compare_all_with_export(self) -> dict[str, str]:
        """The same for the bureau; what chat says of each unit."""
        board = self.board(ADMIN)
        found = UNIT_LINE.findall(self.says(ADMIN, "进度"))
        assert [unit for unit, *_ in found] == [unit.name for unit in self.service.services.notice.units]
        for unit, gaps, _filed in found:
            said = dict(re.findall(r"(\w+) (\d+)", gaps))
            written = {code: numbers[5] for (name, code), numbers in board.items() if name == unit and numbers[5]}
            assert {code: int(count) for code, count in said.items()} == written
        return {unit: filed for unit, _gaps, filed in found}


@pytest.mark.timeout(300)
def test_from_the_first_question_to_the_report(service: Installation) -> None:
    story = Story(service)
    assert "3500" in story.says(TEACHER, "B1要写多少字")

    first, first_bytes = story.hands_in(TEACHER, "山区课堂里的智慧平台", 4000, "B1")
    story.says(TEACHER, "我的电话 13800000001")
    left_out, _ = story.hands_in(SECOND, "数据驱动的作业设计", 4000, "B2")
    assert left_out in story.hears_by_app(COORDINATOR)
    story.says(COORDINATOR, "我的电话 0718-8234567")
    returned, _ = story.hands_in(OTHER_TEACHER, "我们的空间故事", 4000, "B1")
    story.compare_with_export(COORDINATOR, "利川市")
    assert set(story.compare_all_with_export().values()) == {""}

    assert "✅ 已推荐" in story.says(COORDINATOR, f"推荐 {first}", "app")
    assert "已退回" in story.says(OTHER, f"退回 {returned} 原因：请补充数据")
    assert "原因：请补充数据" in story.hears_by_app(OTHER_TEACHER)
    story.compare_with_export(OTHER, "恩施市")
    story.hands_in(OTHER_TEACHER, "我们的空间故事", 4600, "B1")
    assert "✅ 已推荐" in story.says(OTHER, f"推荐 {returned}")
    assert "没有找到" in story.says(OTHER, f"推荐 {left_out}")

    assert "共 1 个案例（B1 1）" in story.says(COORDINATOR, "汇总表")
    table = Document(io.BytesIO(story.file(COORDINATOR, "汇总表.docx")))
    row = ["1", "B1", "山区课堂里的智慧平台", "覃老师", "利川市某中学", "13800000001"]
    assert [cell.text for cell in table.tables[0].rows[1].cells] == row
    story.compare_with_export(COORDINATOR, "利川市")

    preview = story.says(COORDINATOR, "上报")
    assert "将上报 1 个案例：B1 1" in preview
    done = story.says(COORDINATOR, "1")
    assert "✅ 利川市已上报 1 个案例（第 1 版）：B1 1" in done
    assert "按通知，材料还须上传州智慧教育平台" in done
    assert "已经上报过了" in story.says(COORDINATOR, "上报")
    assert "这次没有被推荐上报" in story.hears_by_app(SECOND)
    service.wait(lambda: any("材料包已打好" in each.text for each in shown(service, COORDINATOR, "app")), 40)
    story.settle()
    _check_package(story.file(COORDINATOR, ".zip"), row, first_bytes)

    story.compare_with_export(COORDINATOR, "利川市")
    filed = story.compare_all_with_export()
    assert {unit for unit, said in filed.items() if said} == {"利川市"}
    assert "进度图发给您" in story.says(ADMIN, "进度图")
    assert story.file(ADMIN, ".png").startswith(b"\x89PNG")
    assert [each.kind for each in shown(service, ADMIN, "app") if each.attachment][-1] == "image"
    _check_strangers(service)
    assert service.violations() == []


def _check_package(data: bytes, row: list[str], sent: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        folder = "B1 学校案例/01 山区课堂里的智慧平台/山区课堂里的智慧平台.docx"
        assert set(package.namelist()) == {folder, "利川市县市推报案例汇总表.docx", "index.xlsx", "SHA256SUMS.txt"}
        assert package.read(folder) == sent
        assert f"{hashlib.sha256(sent).hexdigest()}  {folder}\n" in package.read("SHA256SUMS.txt").decode()
        index = list(load_workbook(io.BytesIO(package.read("index.xlsx"))).active.iter_rows(values_only=True))
        assert [str(each) for each in index[1][:6]] == row


def _check_strangers(service: Installation) -> None:
    """Nothing of one county was shown to anybody of the other: no text, no card, no file."""
    for userid, unit in UNITS.items():
        seen = []
        for channel in ("bot", "app"):
            for each in shown(service, userid, channel):
                seen += [each.text, str(each.card or ""), str(each.attachment or "")]
        said = "\n".join(seen)
        for other, markers in MARKERS.items():
            if other != unit:
                assert [word for word in markers if word in said] == [], userid
