"""`python -m bot check` with copies, a workbook and a progress bar."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from openpyxl import load_workbook
from sketch import word_file
from word_builder import docx, paragraph, table

from bot.commands.check import check

BAD = "^云端课堂\n#1300"
TYPOGRAPHY = {f"{part}.{what}" for part in ("title", "heading", "body") for what in ("font", "size", "alignment")}
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "乙.docx").write_bytes(word_file(BAD))
    (tmp_path / "丙.docx").write_bytes(b"%PDF-1.7")
    return tmp_path


def _run(*arguments):
    return CliRunner().invoke(check, [str(argument) for argument in arguments])


def _names(result):
    return {finding["name"] for record in map(json.loads, result.stdout.splitlines()) for finding in record["findings"]}


def _copies(result):
    return {Path(record["file"]).name: record["copies"] for record in map(json.loads, result.stdout.splitlines())}


def test_annotated_copies_lie_in_the_folder_and_say_what_is_wrong(folder):
    out, before = folder / "批注" / "甲", (folder / "乙.docx").read_bytes()
    result = _run(folder, "--category", "C", "--format", "json", "--annotate", out)
    copies = _copies(result)
    assert copies["乙.docx"]["批注版"] == {"path": str(out / "乙（批注版）.docx"), "trouble": "", "changes": []}
    assert copies["丙.docx"]["批注版"]["trouble"] == "这不是 Word 文件，没有批注版。"
    assert [path.name for path in out.iterdir()] == ["乙（批注版）.docx"]
    comments = [comment.text for comment in Document(str(out / "乙（批注版）.docx")).comments]
    assert comments[0].startswith("❌《乙.docx》需要修改：2 处必须改。批注由案例管家自动添加")
    assert "必须改：字数 1304，要求不少于 1500，还差 196" in comments[0]
    assert (folder / "乙.docx").read_bytes() == before


def test_a_reformatted_copy_is_right_in_its_fonts_and_says_what_was_changed(folder):
    plain = docx(
        paragraph("云端课堂") + paragraph("一、课堂") + paragraph("这里写的是课堂里的故事。" * 20) + table(("格",))
    )
    (folder / "乙.docx").write_bytes(plain)
    out = folder / "排版"
    first = _run(folder / "乙.docx", "--category", "C", "--format", "json", "--reformat", out)
    copy = _copies(first)["乙.docx"]["自动排版版"]
    assert copy["path"] == str(out / "乙（自动排版版）.docx")
    assert copy["changes"] == [
        "主标题 1 段：方正小标宋简体 二号，居中",
        "正文标题 1 段：黑体 三号",
        "其他文字 1 段：仿宋 三号",
        "表格文字 1 段：仿宋 三号",
    ]
    names = [_names(result) & TYPOGRAPHY for result in (first, _run(out, "--category", "C", "--format", "json"))]
    assert names[0]
    assert not names[1]
    again = _copies(_run(out, "--category", "C", "--format", "json", "--reformat", out))
    assert again["乙（自动排版版）.docx"]["自动排版版"]["trouble"].startswith("字体、字号和对齐都已符合要求")


def test_nothing_is_overwritten_and_no_link_is_followed(folder):
    out = folder / "out"
    out.mkdir()
    (out / "乙（批注版）.docx").write_text("mine", "utf-8")
    (out / "乙（批注版 2）.docx").symlink_to(folder / "elsewhere")
    result = _run(folder / "乙.docx", "--category", "C", "--annotate", out)
    assert f"📎 批注版：{out / '乙（批注版 3）.docx'}" in result.stdout.splitlines()
    assert (out / "乙（批注版）.docx").read_text("utf-8") == "mine"
    assert not (folder / "elsewhere").exists()


def test_files_of_one_name_from_several_folders_get_a_copy_each(folder):
    (folder / "别处").mkdir()
    (folder / "别处" / "乙.docx").write_bytes(word_file(BAD))
    _run(folder, "--category", "C", "--annotate", folder / "out")
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["乙（批注版 2）.docx", "乙（批注版）.docx"]


def test_without_a_category_the_comments_name_the_readings(folder):
    _run(folder / "乙.docx", "--annotate", folder)
    comments = [comment.text for comment in Document(str(folder / "乙（批注版）.docx")).comments]
    assert comments[0].startswith("按 A1、A2、B1、B2 类：❌")
    assert any("（只按 C 类）" in comment for comment in comments)


def test_macros_and_what_cannot_be_read_get_no_copy(folder):
    (folder / "宏.docx").write_bytes(word_file("^题\n[宏]"))
    (folder / "坏.docx").write_bytes(word_file("^题")[:-30])
    result = _run(folder / "坏.docx", folder / "无.docx", "--category", "C", "--format", "json", "--annotate", folder)
    copies = _copies(result)
    assert copies["坏.docx"]["批注版"]["trouble"] == "文件没能读出来，所以没有批注版。"
    assert copies["无.docx"]["批注版"]["trouble"].startswith("找不到")


def test_the_workbook_has_a_row_for_each_file_and_each_finding(folder):
    (folder / "=1+1.docx").write_bytes(word_file("^=cmd|'/c calc'!A1\n#1300"))
    target = folder / "结果.xlsx"
    result = _run(folder, "--category", "C", "--format", "xlsx", "--output", target, "--annotate", folder / "out")
    assert (result.exit_code, result.stdout) == (1, "")
    book = load_workbook(target)
    rows = [dict(zip([cell.value for cell in book["文件"][1]], row, strict=True)) for row in book["文件"].values][1:]
    by_name = {Path(row["文件"]).name: row for row in rows}
    assert by_name["乙.docx"] | {"文件": "", "SHA-256": ""} == {
        "文件": "",
        "类别": "C",
        "结果": "需要修改",
        "必须改": 2,
        "建议改": 0,
        "请人工确认": 0,
        "字数": 1304,
        "插图": 0,
        "标题": "云端课堂",
        "没能检查的原因": None,
        "批注版": str(folder / "out" / "乙（批注版）.docx"),
        "SHA-256": "",
    }
    assert by_name["丙.docx"]["没能检查的原因"].startswith("这是 PDF 文件")
    assert by_name["=1+1.docx"]["标题"] == "=cmd|'/c calc'!A1"
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    findings = [row for row in book["问题"].values if str(row[0]).endswith("乙.docx")]
    assert [(row[2], row[3]) for row in findings] == [("必须改", "text.count"), ("必须改", "pictures.required")]


def test_a_terminal_sees_how_far_it_is(folder):
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "bot", "check", str(folder), "--category", "C", "--format", "json"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=follower, cwd=ROOT, env=environment, check=False, timeout=60
    )
    os.close(follower)
    shown = io.BytesIO()
    try:
        while chunk := os.read(leader, 65536):
            shown.write(chunk)
    except OSError:  # the far end is closed
        pass
    os.close(leader)
    said = shown.getvalue().decode()
    assert "正在检查" in said
    assert "乙.docx" in said
    assert "100%" in said
    assert len(done.stdout.decode().splitlines()) == 2
