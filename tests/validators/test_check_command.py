"""`python -m bot check`: contract of its output and exit status."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from film_builder import film
from sketch import word_file

from bot.commands.check import check
from bot.commands.check_targets import find_targets

GOOD = "^云端课堂\n#1700\n[图]"
BAD = "^云端课堂\n#1300"
KEYS = {"rule", "name", "severity", "status", "message", "advice", "expected", "found", "where", "clause", "paragraphs"}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "甲.docx").write_bytes(word_file(GOOD))
    (tmp_path / "乙.docx").write_bytes(word_file(BAD))
    (tmp_path / "~$甲.docx").write_bytes(b"\x02aa")
    (tmp_path / ".hidden.docx").write_bytes(b"")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.docx").write_bytes(b"")
    return tmp_path


def _run(*arguments):
    return CliRunner().invoke(check, [str(argument) for argument in arguments])


def _records(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def _unchecked(record):
    """The message of the one finding of something that could not be opened."""
    (finding,) = record["findings"]
    assert set(record) == {"file", "category", "sha256", "verdict", "facts", "findings"}
    assert (record["verdict"], finding["name"], finding["status"]) == ("unchecked", "file.readable", "unchecked")
    return finding["message"] + finding["advice"]


@contextmanager
def _as_nobody():
    """Without the rights of root, if there are any."""
    if os.geteuid() == 0:
        os.seteuid(65534)
        try:
            yield
        finally:
            os.seteuid(0)
    else:
        yield


def _too_deep(top):
    """Folders in folders until the path is too long to be opened, which not even root can."""
    top.mkdir()
    here = os.open(top, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("x" * 250, dir_fd=here)
        below = os.open("x" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    return top


def _remove_deep(top):
    subprocess.run(["rm", "-rf", str(top)], check=True)


def test_json_of_a_file_with_faults(folder):
    result = _run(folder / "乙.docx", "--category", "C", "--format", "json")
    assert result.exit_code == 1
    (record,) = _records(result)
    assert set(record) == {"file", "category", "sha256", "verdict", "facts", "findings"}
    assert (record["file"], record["category"], record["verdict"]) == (str(folder / "乙.docx"), "C", "fail")
    assert {finding["name"] for finding in record["findings"]} == {"text.count", "pictures.required"}
    assert all(set(finding) == KEYS for finding in record["findings"])
    assert {"words", "words_low", "pictures", "title", "headings"} <= set(record["facts"])
    assert (record["facts"]["words"], record["facts"]["title"]) == (1304, "云端课堂")


def test_a_clean_file_ends_with_0(folder):
    assert _run(folder / "甲.docx", "--category", "C").exit_code == 0


def test_a_folder_leaves_out_hidden_and_lock_files(folder):
    result = _run(folder, "--category", "C", "--format", "json")
    assert [record["file"].rsplit("/", 1)[1] for record in _records(result)] == ["乙.docx", "甲.docx"]
    assert result.exit_code == 1


def test_without_a_category_both_readings_are_given(folder):
    (record,) = _records(_run(folder / "甲.docx", "--format", "json"))
    assert record["category"] is None
    assert record["verdict"] == "unchecked"
    assert [(r["categories"], r["verdict"]) for r in record["readings"]] == [
        (["A1", "A2", "B1", "B2"], "fail"),
        (["C"], "pass"),
    ]
    assert all(finding["categories"] == ["A1", "A2", "B1", "B2"] for finding in record["findings"])


def test_facts_of_a_film(tmp_path):
    (record,) = _records(_run(film(tmp_path / "a.mp4", size=(1280, 720)), "--category", "C", "--format", "json"))
    facts = record["facts"]
    assert {"width", "height", "duration_s", "container", "codec", "has_audio", "subtitles"} <= set(facts)
    assert (facts["width"], facts["height"]) == (1280, 720)
    assert {finding["name"] for finding in record["findings"]} == {"video.resolution"}


def test_text_says_the_verdict_first_then_what_to_do(folder):
    lines = _run(folder / "乙.docx", "--category", "C").stdout.splitlines()
    assert lines[0] == "❌《乙.docx》需要修改：2 处必须改"
    assert lines[2].startswith("1. 字数 1304，要求不少于 1500，还差 196")


def test_output_goes_to_a_file(folder):
    target = folder / "结果.jsonl"
    result = _run(folder / "甲.docx", "--category", "C", "--format", "json", "--output", target)
    assert result.stdout == ""
    assert json.loads(target.read_text("utf-8"))["verdict"] == "pass"


def test_a_missing_file_beside_a_good_one_is_told(folder):
    result = _run(folder / "甲.docx", folder / "无.docx", "--category", "C")
    assert result.exit_code == 1
    assert "找不到" in result.stderr
    assert "甲.docx" in result.stdout


def test_pipes_sockets_and_devices_are_told_and_the_rest_is_checked(folder):
    os.mkfifo(folder / "管道.docx")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "插座.docx"))
        result = _run(folder, "/dev/zero", "--category", "C", "--format", "json")
    found = {record["file"].rsplit("/", 1)[1]: record for record in _records(result)}
    assert result.exit_code == 1
    assert (found["甲.docx"]["verdict"], found["乙.docx"]["verdict"]) == ("pass", "fail")
    for name in ("管道.docx", "插座.docx", "zero"):
        assert _unchecked(found[name]).startswith("这不是普通文件")
        assert f"{name}：这不是普通文件" in result.stderr


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_pipe_alone_is_nothing_to_check(tmp_path, form):
    os.mkfifo(tmp_path / "a.docx")
    result = _run(tmp_path / "a.docx", "--format", form)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "这不是普通文件" in result.stderr


def test_a_subfolder_that_cannot_be_read_is_told(folder):
    deep = _too_deep(folder / "深")
    try:
        result = _run(folder, "--category", "C", "--format", "json")
    finally:
        _remove_deep(folder / "深")
    told = [record for record in _records(result) if not record["file"].endswith(".docx")]
    assert result.exit_code == 1
    assert [len(record["file"]) > 4000 for record in told] == [True], deep
    assert _unchecked(told[0]).startswith("文件夹里的内容没有检查：路径太长")


def test_without_permission_files_and_folders_are_told(folder):
    (folder / "锁").mkdir(mode=0)
    (folder / "甲.docx").chmod(0)
    inside = [place for place in folder.parents if place.is_relative_to(tempfile.gettempdir())]
    for place in (folder, *inside[:-1]):
        place.chmod(0o755)
    with _as_nobody():
        found = {target.path.name: target.trouble for target in find_targets([folder])}
        named = find_targets([folder / "锁", folder / "锁" / "a.docx"])
    assert found.keys() == {"甲.docx", "乙.docx", "锁"}
    assert not found["乙.docx"]
    assert found["甲.docx"].startswith("没有权限打开。")
    assert found["锁"].startswith("文件夹里的内容没有检查：没有权限打开。")
    assert [(target.named, "没有权限" in target.trouble) for target in named] == [(True, True)] * 2


def test_links_that_lead_nowhere_or_elsewhere_are_told(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (folder / "圈.docx").symlink_to("圈.docx")
    (folder / "断.docx").symlink_to("无.docx")
    (folder / "别处").symlink_to(elsewhere)
    (folder / "本处").symlink_to(folder)
    result = _run(folder, "--category", "C", "--format", "json")
    found = {record["file"].rsplit("/", 1)[1]: record for record in _records(result)}
    assert set(found) == {"甲.docx", "乙.docx", "圈.docx", "断.docx", "别处"}
    assert "绕圈" in _unchecked(found["圈.docx"])
    assert "找不到" in _unchecked(found["断.docx"])
    assert "另一个文件夹" in _unchecked(found["别处"])
    assert (found["甲.docx"]["verdict"], result.exit_code) == ("pass", 1)


def test_names_that_are_no_text_are_written_all_the_same(tmp_path):
    path = tmp_path / os.fsdecode(b"\xb0\xb8\xc0\xfd.docx")
    path.write_bytes(word_file(GOOD))
    (record,) = _records(_run(path, "--category", "C", "--format", "json"))
    assert (record["file"], record["verdict"]) == (f"{tmp_path}/{chr(0xFFFD) * 4}.docx", "pass")
    assert "《\ufffd\ufffd\ufffd\ufffd.docx》" in _run(path, "--category", "C").stdout
    assert "\ufffd" in _run(f"{path}x").stderr


@pytest.mark.parametrize("charset", ["ascii", "gbk"])
def test_a_terminal_that_cannot_show_a_sign_stops_nothing(folder, charset):
    runner = CliRunner(charset=charset)
    shown = runner.invoke(check, [str(folder / "甲.docx"), "--category", "C"])
    assert (shown.exit_code, shown.exception) == (0, None)
    assert shown.stdout_bytes.decode(charset)
    lines = runner.invoke(check, [str(folder / "甲.docx"), "--category", "C", "--format", "json"])
    assert json.loads(lines.stdout_bytes.decode("utf-8"))["facts"]["title"] == "云端课堂"


def test_a_category_may_be_written_small(folder):
    (record,) = _records(_run(folder / "甲.docx", "--category", "b2", "--format", "json"))
    assert record["category"] == "B2"


def test_what_is_wrong_for_every_category_alike_is_told_once(tmp_path):
    (tmp_path / "a.docx").write_bytes(b"%PDF-1.7")
    (record,) = _records(_run(tmp_path / "a.docx", "--format", "json"))
    assert [(f["name"], f["categories"]) for f in record["findings"]] == [("file.kind", ["A1", "A2", "B1", "B2", "C"])]
    assert _run(tmp_path / "a.docx").stdout.count("这是 PDF 文件") == 1


def test_the_results_are_never_written_over_a_checked_file(folder):
    before = (folder / "甲.docx").read_bytes()
    result = _run(folder, "--output", folder / "甲.docx")
    assert (result.exit_code, (folder / "甲.docx").read_bytes()) == (2, before)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["无.docx"], "没有可以检查的文件"),
        (["甲.docx", "--category", "Z"], "没有“Z”这个类别"),
        (["甲.docx", "--annotate", "{here}/甲.docx"], "甲.docx 不是文件夹"),
        (["甲.docx", "--reformat", "{here}/甲.docx/x"], "写不了"),
        (["甲.docx", "--format", "xlsx"], "请用 --output 写明文件名"),
        (["甲.docx", "--format", "xlsx", "--output", "none/x"], "写不了 none/x：找不到"),
        (["甲.docx", "--output", "none/x"], "写不了 none/x：找不到"),
        (["甲.docx", "--output", "/"], "这是文件夹，不是文件"),
        (["甲.docx", "--category", "B1", "--category", "C"], "--category 只能写一次，这里写了 2 次：B1、C。"),
        (["甲.docx", "--notice", "none"], "none"),
    ],
)
def test_wrong_use_ends_with_2(folder, arguments, said):
    result = _run(folder / arguments[0], *(str(each).replace("{here}", str(folder)) for each in arguments[1:]))
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
