"""Every planted fault of tests/cases/notice/faults.toml is told on a line of its own, with its place and what may be
written there; several at once are all told."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.commands.notice import notice

ROOT = Path(__file__).resolve().parents[2]
CASES = tomllib.loads((ROOT / "tests" / "cases" / "notice" / "faults.toml").read_text(encoding="utf-8"))["case"]
_CLASHING = {"misspelt parameter", "text demand without a check", "size and points apart"}
ENGLISH = re.compile(r"\b(unknown|must be|known are|parameter|is missing|used twice)\b")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the pack to spoil."""
    return Path(shutil.copytree(ROOT / "notices" / "enshi-2023-05", tmp_path / "pack"))


def spoil(pack: Path, old: str, new: str, file: str = "notice.toml") -> None:
    text = (pack / file).read_text(encoding="utf-8")
    assert old in text
    (pack / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(pack: Path) -> list[str]:
    """The lines told, without the line that counts them."""
    result = CliRunner().invoke(notice, ["check", str(pack)])
    assert result.exit_code == 1, result.output
    *lines, total = result.output.splitlines()
    assert f"共 {len(lines)} 处" in total
    return lines


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_planted_fault_is_one_line(pack, case):
    spoil(pack, case["old"], case["new"], case.get("file", "notice.toml"))
    lines = faults(pack)
    assert len(lines) == case.get("lines", 1), lines
    for line in lines:
        assert all(word in line for word in case["words"]), line
        assert not ENGLISH.search(line)
        assert line.endswith("。")


HIDDEN = {
    "parts beside the rate": [
        ("rate_percent = 80", "rate_percent = 180", "awards.rate_percent"),
        ("parts = [2, 4, 4]", "parts = [2, 4]", "awards.parts 有 2 项"),
    ],
    "accepts beside a time": [
        ("accepts = true\n", "", "accepts = true"),
        (
            "opens_at = 2023-01-01T00:00:00+08:00",
            "opens_at = 2023-01-01T00:00:00",
            "stages 第1项（reporting）.opens_at",
        ),
    ],
    "order beside the sorting": [
        ('sorted_by = "案例类型"', 'sorted_by = "年份"', "summary_table.sorted_by"),
        ('type_order = ["A1", ', "type_order = [", "summary_table.type_order"),
    ],
    "overlap beside a name": [
        ('name = "专家遴选、通报评审结果"', 'name = ""', "stages 第2项（review）.name"),
        ("opens_at = 2023-05-21T00", "opens_at = 2023-05-20T00", "stages 的时间顺序不对"),
    ],
    "unknown check beside its severity": [
        (
            'rule = "file.macros"\ncategories = ["A1", "A2", "B1", "B2", "C"]\nseverity = "error"',
            'rule = "file.makros"\ncategories = ["A1", "A2", "B1", "B2", "C"]\nseverity = "fatal"',
            "没有“file.makros”这个检查",
        ),
        ("params = { tolerance = 8 }", "params = { tolerance = 800 }", "params.tolerance"),
    ],
}


@pytest.mark.parametrize("name", HIDDEN)
def test_no_fault_hides_another(pack, name):
    for old, new, _ in HIDDEN[name]:
        spoil(pack, old, new)
    lines = faults(pack)
    for _, _, words in HIDDEN[name]:
        assert sum(words in line for line in lines) == 1, lines


def test_a_bad_slot_is_told_beside_missing_topics(pack):
    with (pack / "answers.toml").open("a", encoding="utf-8") as answers:
        answers.write('\n[[facts]]\nid = "x"\nsay = "见 {awards.colour}"\nclauses = ["4.2"]\n')
    lines = faults(pack)
    assert len(lines) == 2
    assert any("缺少" in line and "topics" in line for line in lines)
    assert any("（x）.say" in line and "{awards.colour}" in line and "rate_percent" in line for line in lines)


def test_a_bad_slot_is_told_beside_a_fault_of_the_same_table(pack):
    spoil(pack, "rate_percent = 80", "rate_percent = 180")
    spoil(pack, "{document_no}", "{awards.colour}", "answers.toml")
    lines = faults(pack)
    assert ["rate_percent" in lines[0], "{awards.colour}" in lines[-1], len(lines)] == [True, True, 2]


def test_a_missing_text_is_one_line(pack):
    (pack / "notice.md").unlink()
    (line,) = faults(pack)
    assert line.startswith("notice.md：")


def test_missing_answers_are_one_line_unless_said(pack):
    (pack / "answers.toml").unlink()
    (line,) = faults(pack)
    assert line.startswith("answers.toml：")
    assert "answers = false" in line
    spoil(pack, "upload_grace_hours", "answers = false\nupload_grace_hours")
    assert CliRunner().invoke(notice, ["check", str(pack)]).exit_code == 0


def test_a_gap_between_stages_is_allowed(pack):
    spoil(pack, "opens_at = 2023-05-21T00", "opens_at = 2023-05-21T12")
    assert CliRunner().invoke(notice, ["check", str(pack)]).exit_code == 0


def test_many_faults_are_told_at_once(pack):
    single = [case for case in CASES if case.get("file", "notice.toml") == "notice.toml" and "lines" not in case]
    chosen = {case["words"][0]: case for case in single if case["words"][0].startswith(("fonts", "awards", "licence"))}
    chosen |= {case["words"][0]: case for case in single if case["name"].endswith(("parameter", "check", "month"))}
    planted = [case for case in chosen.values() if case["name"] not in _CLASHING]
    for case in planted:
        spoil(pack, case["old"], case["new"])
    lines = faults(pack)
    assert len(planted) > 6
    assert len(lines) == len(planted), lines
