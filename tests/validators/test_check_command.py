"""`python -m bot check`: contract of its output and exit status."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from film_builder import film
from sketch import word_file

from bot.commands.check import check

GOOD = "^云端课堂\n#1700\n[图]"
BAD = "^云端课堂\n#1300"
KEYS = {"rule", "name", "severity", "status", "message", "advice", "expected", "found", "where", "clause"}


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


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["无.docx"], "没有可以检查的文件"),
        (["甲.docx", "--category", "Z"], "没有“Z”这个类别"),
        (["甲.docx", "--annotate", "out"], "此选项尚未提供：--annotate"),
        (["甲.docx", "--reformat", "out"], "此选项尚未提供：--reformat"),
        (["甲.docx", "--format", "xlsx"], "此选项尚未提供：--format xlsx"),
        (["甲.docx", "--output", "none/x"], "写不了"),
        (["甲.docx", "--notice", "none"], "none"),
    ],
)
def test_wrong_use_ends_with_2(folder, arguments, said):
    result = _run(folder / arguments[0], *arguments[1:])
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
