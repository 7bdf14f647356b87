"""`python -m bot ask`: one question, JSON Lines, and lines that are no questions."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from answers import Engine
from bot.commands.ask import answered_lines, ask
from domain.notice_loader import load_notice
from domain.roles import Role

PACK = Path(__file__).parents[2] / "notices/enshi-2023-05"
NOW = datetime(2023, 5, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(load_notice(PACK))


def test_one_question_prints_the_answer_with_its_clause():
    done = CliRunner().invoke(ask, ["字数要求是多少", "--notice", str(PACK)])
    assert done.exit_code == 0
    assert "3500–5000" in done.output
    assert "依据：二、材料要求 1、2" in done.output


def test_lines_typed_by_hand_are_answered_until_the_end():
    done = CliRunner().invoke(ask, ["--notice", str(PACK), "--role", "admin"], input="文号\n联系人\n")
    assert done.exit_code == 0
    assert "恩施州教函〔2023〕5号" in done.output
    assert "周沁如" in done.output


def test_json_lines_keep_order_and_id(engine):
    asked = [{"id": "a", "q": "邮箱", "role": "admin"}, {"id": 2, "q": ""}, {"q": "谢谢"}]
    lines = answered_lines(engine, map(json.dumps, asked), Role.TEACHER, NOW)
    answers = [json.loads(line) for line in lines]
    assert [item["id"] for item in answers] == ["a", 2, None]
    assert [item["kind"] for item in answers] == ["answer", "refuse", "smalltalk"]
    assert answers[0]["clauses"] == ["6.1", "a1.2"]


@pytest.mark.parametrize(
    "line",
    ["no json", "[1]", "{}", '{"id": 1, "q": 5}', '{"id": 1, "q": "x", "role": "boss"}', "[" * 100_000],
)
def test_a_bad_line_gets_an_error_and_the_next_is_answered(engine, line):
    good = '{"id": 9, "q": "邮箱"}'
    bad, answered = (json.loads(each) for each in answered_lines(engine, [line, "  ", good], Role.TEACHER, NOW))
    assert bad["error"]
    assert bad["error"] in bad["answer"]
    assert bad["kind"] == "refuse"
    assert bad["clauses"] == []
    assert answered["id"] == 9


def test_half_a_surrogate_pair_can_be_written_out(engine):
    (line,) = answered_lines(engine, ['{"id": "\\ud800", "q": "邮箱\\ud800"}'], Role.TEACHER, NOW)
    assert json.loads(line.encode("utf-8"))["id"] == "\ud800"


def test_answers_come_line_by_line_not_at_the_end():
    command = [sys.executable, "-m", "bot", "ask", "--jsonl", "--notice", str(PACK)]
    with subprocess.Popen(command, cwd=PACK.parents[1], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for name in ("one", "two"):
            running.stdin.write(json.dumps({"id": name, "q": "邮箱"}).encode() + b"\n")
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["id"] == name
        running.stdin.close()
        assert running.wait(timeout=30) == 0


def test_a_wrong_time_is_named():
    done = CliRunner().invoke(ask, ["邮箱", "--notice", str(PACK), "--at", "morgen"])
    assert done.exit_code == 2
    assert "2023-05-06T09:00" in done.output


def test_another_pack_can_be_asked(tmp_path):
    copy = tmp_path / "pack"
    shutil.copytree(PACK, copy)
    toml = (copy / "notice.toml").read_text("utf-8").replace("min_words = 1500", "min_words = 1600")
    (copy / "notice.toml").write_text(toml, "utf-8")
    done = CliRunner().invoke(ask, ["C类最少多少字", "--notice", str(copy)])
    assert "1600" in done.output
