"""`notice check` and `notice show`, run as an operator runs them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.commands.notice import notice

PACK = Path(__file__).resolve().parents[2] / "notices" / "enshi-2023-05"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the pack to spoil."""
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(notice, arguments)


def spoil(pack: Path, old: str, new: str) -> None:
    text = (pack / "notice.toml").read_text(encoding="utf-8")
    assert old in text
    (pack / "notice.toml").write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_clean_pack_is_one_line_of_counts(pack):
    result = run("check", str(pack))
    assert result.exit_code == 0
    assert len(result.output.splitlines()) == 1
    assert "没有问题：原文 44 条、填报单位 8 个、案例类型 5 个" in result.output


def test_five_planted_faults_are_five_lines(pack):
    spoil(pack, "min_words = 3500", "min_words = 9000")
    spoil(pack, 'category = "C"', 'category = "D"')
    spoil(pack, 'document_no = "恩施州教函〔2023〕5号"', "")
    spoil(pack, "closes_at = 2023-05-21T00:00:00+08:00", "closes_at = 2023-05-21T00:00:00")
    spoil(pack, 'clause = "2.3"', 'clause = "7.7"')
    result = run("check", str(pack))
    assert result.exit_code == 1
    *faults, total = result.output.splitlines()
    assert len(faults) == 5
    assert all(fault.startswith("notice.toml：") for fault in faults)
    for words in ("min_words", "quotas", "document_no", "closes_at", "7.7"):
        assert sum(words in fault for fault in faults) == 1
    assert "共 5 处" in total


def test_faults_of_checks_are_told_beside_the_others(pack):
    spoil(pack, 'rule = "pictures.count"', 'rule = "pictures.colour"')
    spoil(pack, "params = { tolerance = 8 }", "params = { tolerence = 8 }")
    spoil(pack, 'document_no = "恩施州教函〔2023〕5号"', "")
    result = run("check", str(pack))
    assert result.exit_code == 1
    for words in ("pictures.colour", "tolerence", "document_no"):
        assert words in result.output


def test_a_slot_the_notice_cannot_fill_is_told_beside_the_others(pack):
    spoil(pack, "min_words = 3500", "min_words = 9000")
    with (pack / "answers.toml").open("a", encoding="utf-8") as answers:
        answers.write('\n[[facts]]\nid = "x"\ntopics = ["某事"]\nsay = "见 {awards.colour}"\nclauses = ["4.2"]\n')
    result = run("check", str(pack))
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 3
    assert "awards.colour" in result.output


def test_a_check_used_twice_is_told_once(pack):
    spoil(pack, 'rule = "pictures.count"', 'rule = "text.count"')
    result = run("check", str(pack))
    assert result.exit_code == 1
    assert result.output.count("text.count") == 4  # one line for each of the four categories


@pytest.mark.parametrize("command", ["check", "show"])
def test_a_missing_folder_is_a_usage_error(tmp_path, command):
    result = run(command, str(tmp_path / "none"))
    assert result.exit_code == 2
    assert "找不到文件夹" in result.output
    assert "Traceback" not in result.output


def test_show_tells_the_facts(pack):
    result = run("show", str(pack))
    assert result.exit_code == 0
    for fact in (
        "3500–5000 字",
        "不少于 1500 字",
        "5月20日（周六）23:59",
        "方正小标宋简体 二号",
        "至少 5 个",
        "18007269195",
        "鹤峰县",
    ):
        assert fact in result.output


def test_show_of_a_wrong_pack_tells_the_faults(pack):
    spoil(pack, "[awards]", "[award]")
    result = run("show", str(pack))
    assert result.exit_code == 1
    assert "缺少 awards" in result.output


def test_show_without_folder_takes_the_installed_notice(pack):
    result = CliRunner().invoke(notice, ["show"], env={"NOTICE": str(pack)})
    assert result.exit_code == 0
    assert "鹤峰县" in result.output
