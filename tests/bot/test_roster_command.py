"""`python -m bot roster`: the template that comes back filled in, faults at once, a preview, and one import."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from sqlalchemy import select

from bot.commands.roster import roster
from domain.roles import Role
from store.database import Database
from store.schema.campaign import Audit, Person

PACK = Path(__file__).parents[2] / "notices/enshi-2023-05"
HEADER = "姓名,userid,角色,单位,学校,电话"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, sqlite_url: str, tmp_path: Path) -> Database:
    """An installation with one admin named in its settings."""
    values = {
        "WECOM_BOT_TOKEN": "token",
        "WECOM_BOT_AES_KEY": "a" * 43,
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": sqlite_url,
        "NOTICE": str(PACK),
        "ADMIN_USERIDS": "boss",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return Database(sqlite_url)


def _run(*arguments: str | Path, **more: object) -> tuple[int, str]:
    done = CliRunner().invoke(roster, [str(each) for each in arguments], **more)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def _people(database: Database) -> dict[str, tuple[str, str | None]]:
    with database.read() as session:
        return {each.app_userid or "": (each.role, each.unit_id) for each in session.scalars(select(Person))}


def test_the_filled_in_template_is_imported_once(installed: Database, tmp_path: Path) -> None:
    file = tmp_path / "名单.xlsx"
    assert _run("template", file, "--notice", PACK)[0] == 0
    book = load_workbook(file)
    sheet = book["名单"]
    assert [each.sqref for each in sheet.data_validations.dataValidation] == ["C3:C20002", "D3:D20002"]
    assert [cell.value for cell in book["选项"]["D"]][:2] == ["恩施市", "利川市"]
    for place, value in enumerate(("张三", "zhang", "协调员", "利川市", None, 13800000000), start=1):
        sheet.cell(3, place).value = value
    book.save(file)
    code, output = _run("import", file, "--yes")
    assert code == 0
    assert "新增　张三（利川市协调员）" in output
    assert _people(installed) == {"boss": (Role.ADMIN, None), "zhang": (Role.COORDINATOR, "lichuan")}
    code, output = _run("import", file, "--yes")
    assert (code, "和现在登记的一样，不用导入" in output) == (0, True)
    with installed.read() as session:
        assert session.scalars(select(Audit.act)).all().count("roster.imported") == 1


def test_faults_are_all_told_and_nobody_is_imported(installed: Database, tmp_path: Path) -> None:
    file = tmp_path / "名单.csv"
    file.write_text(f"{HEADER}\n张三,zhang,教师,利川市,,\n李四,li,校长,,,\n,wang,教师,武汉,,1\n", encoding="gb18030")
    code, output = _run("import", file, "--yes")
    assert code == 1
    assert "有 5 处要改，一个人都没有导入" in output
    assert "第 3 行：角色“校长”不对" in output
    assert list(_people(installed)) == ["boss"]


def test_without_a_yes_nothing_is_done(installed: Database, tmp_path: Path) -> None:
    file = tmp_path / "名单.csv"
    file.write_text(f"{HEADER}\n张三,zhang,教师,利川市,,\n", encoding="utf-8-sig")
    code, output = _run("import", file)
    assert code == 1
    assert "没有导入，什么也没有改" in output
    assert list(_people(installed)) == ["boss"]


def test_others_leave_unless_they_are_kept(installed: Database, tmp_path: Path) -> None:
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    first.write_text(f"{HEADER}\n张三,zhang,教师,利川市,,\n李四,li,协调员,利川市,,\n", encoding="utf-8")
    second.write_text(f"{HEADER}\n王五,boss,教师,利川市,,\n赵六,zhao,协调员,恩施市,,\n", encoding="utf-8")
    assert _run("import", first, "--yes")[0] == 0
    code, output = _run("import", second, "--yes", "--keep-others")
    assert (code, "王五 由安装设置（ADMIN_USERIDS）指定为管理员" in output) == (0, True)
    assert _people(installed)["li"] == (Role.COORDINATOR, "lichuan")
    assert _run("import", second, "--yes")[0] == 0
    assert _people(installed)["li"] == (Role.TEACHER, None)
    assert _people(installed)["boss"] == (Role.ADMIN, None)


def test_a_template_is_a_workbook_of_the_same_bytes_each_time(tmp_path: Path) -> None:
    made = []
    for name in ("a.xlsx", "b.xlsx"):
        assert _run("template", tmp_path / name, "--notice", PACK)[0] == 0
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    assert load_workbook(io.BytesIO(made[0]))["选项"].sheet_state == "hidden"
