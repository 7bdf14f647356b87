"""`python -m bot doctor` as it is called: what it prints and how it ends, good and bad, and what it never does."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from examining_place import Place, secrets_of
from pydantic import SecretStr

from bot.cli import cli
from bot.config import Settings
from bot.doctor import CHECKS
from bot.doctor.examining import Check, examine
from bot.doctor.finding import Finding, Verdict, right, wrong
from bot.doctor.showing import as_text
from bot.doctor.subject import Subject
from bot.logs import set_up_logs

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def run(place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Run]:
    """Run the command with the place's settings in the environment, some of them changed."""
    monkeypatch.chdir(tmp_path)
    settings = place.make()

    def call(*options: str, **changed: object) -> tuple[int, list[str]]:
        for name in Settings.model_fields:
            value = changed.get(name, getattr(settings, name))
            value = value.get_secret_value() if isinstance(value, SecretStr) else value
            text = ",".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
            if name == "notice":
                text = str(ROOT / text)
            monkeypatch.setenv(name.upper(), text)
        done = CliRunner().invoke(cli, ["doctor", *options])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert [secret for secret in secrets_of(settings) if secret in done.output] == []
        return done.exit_code, done.output.splitlines()

    yield call
    set_up_logs(readable=False)


def test_a_healthy_installation_ends_with_nothing_wrong(place: Place, run: Run) -> None:
    shown = len(place.platform.chats.find(lambda _shown: True))
    code, lines = run("--format", "json")
    told = {line["check"]: line for line in map(json.loads, lines)}
    assert code == 0
    assert list(told) == [check.name for check in CHECKS]
    assert {name for name, line in told.items() if line["verdict"] == "unchecked"} == {"redis", "certificate"}
    assert "wrong" not in {line["verdict"] for line in told.values()}
    assert len(place.platform.chats.find(lambda _shown: True)) == shown
    assert "message/send" not in {entry.data.get("call") for entry in place.platform.ledger.entries()}


def test_each_cause_is_told_once_and_what_waits_for_it_in_one_line(run: Run) -> None:
    code, lines = run(wecom_app_secret="forgotten", public_url="http://127.0.0.1:1")
    assert code == 1
    assert [line.split()[1] for line in lines if line.startswith("❌")] == ["企业ID和Secret", "服务"]
    left_out = [line for line in lines if line.startswith("－")]
    assert "－ 没有查：自建应用、可见范围、可信域名、应用主页、上传文件、管理员（要先解决“企业ID和Secret”）" in left_out
    assert "－ 没有查：服务状态、应用回调、机器人回调、校验文件（要先解决“服务”）" in left_out
    assert lines[-1].startswith("15 项正常，2 项不对，12 项没有查。请从第一个 ❌ 改起")


def test_offline_nothing_beyond_this_machine_is_asked(place: Place, run: Run) -> None:
    before = len(place.platform.ledger.entries())
    far = "postgresql+psycopg://bot:pass@db.invalid/bot"
    code, lines = run("--offline", database_url=far, redis_url="redis://far.invalid/0", blob_url="s3://cases")
    assert code == 0
    assert len(place.platform.ledger.entries()) == before
    left_out = next(line for line in lines if "--offline" in line)
    assert all(name in left_out for name in ("数据库", "数据表", "Redis", "文件存储", "企业微信接口", "服务", "证书"))


def test_settings_that_cannot_be_read_end_with_their_faults(run: Run) -> None:
    code, lines = run(wecom_app_aes_key="短", port="many")
    assert code == 2
    assert any(line == "PORT：要填整数" for line in lines)
    assert "没有 .env" in lines[-1]
    code, lines = run("--format", "json", port="many")
    assert (code, [json.loads(line)["seen"] for line in lines]) == (2, ["PORT：要填整数"])


def test_with_one_channel_the_other_is_left_out(place: Place) -> None:
    app = ("wecom_corp_id", "wecom_agent_id", "wecom_app_secret", "wecom_app_token", "wecom_app_aes_key")
    without_app = place.look("app_callback", **dict.fromkeys(app, ""))
    assert (without_app["service"].verdict, without_app["app_callback"].seen) == (Verdict.RIGHT, "没有配置自建应用")
    assert place.look("admins", **dict.fromkeys(app, ""))["admins"].seen == "没有配置自建应用"
    without_bot = place.look("aibot_callback", wecom_bot_token="", wecom_bot_aes_key="")
    assert without_bot["aibot_callback"].seen == "没有配置智能机器人"


def test_a_check_that_breaks_down_is_not_taken_for_health(place: Place) -> None:
    def broken(_subject: Subject) -> Finding:
        raise ZeroDivisionError

    checks = (Check("a", "甲", broken), Check("b", "乙", lambda _: right("好"), needs=("a",)), Check("c", "丙", broken))
    found = [result.finding for result in examine(Subject(place.make()), checks)]
    assert [each.verdict for each in found] == [Verdict.WRONG, Verdict.UNCHECKED, Verdict.WRONG]
    assert "ZeroDivisionError" in found[0].seen


def test_nothing_that_others_sent_steers_the_terminal(place: Place) -> None:
    check = Check("a", "甲", lambda _: wrong("\x1b[2Jover\nnext", "\r\x9b"))
    lines = list(as_text(examine(Subject(place.make()), (check,))))
    assert lines[0] == "❌ 甲               [2Jover next。  。"


def test_checks_need_only_what_came_before() -> None:
    seen: set[str] = set()
    for check in CHECKS:
        assert set(check.needs) <= seen
        seen.add(check.name)
    assert len(seen) == len({check.title for check in CHECKS}) == len(CHECKS)


def test_no_other_command_loads_the_doctor() -> None:
    program = "import sys, bot.cli; sys.exit('bot.doctor' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
