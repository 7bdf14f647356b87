"""Dialogues as data: what is said, what is heard, and what the rows say at the end. One file a story."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from dialogue_stage import Heard, OpenStage

from answers import Engine
from bot.engines import Engines
from domain.notice import Intake, Notice
from domain.roles import Role
from handlers import HANDLERS

STORIES = sorted((Path(__file__).resolve().parents[1] / "cases" / "dialogues").glob("*.toml"))
ONE_SCREEN = 300  # characters
LINE_KEYS = {
    "who",
    "says",
    "kind",
    "channel",
    "chat",
    "file",
    "name",
    "loses",
    "platform_type",
    "task",
    "again",
    "clock",
    "meanwhile",
    "keeps",
} | {
    "handler",
    "hears",
    "exactly",
    "lacks",
    "offers",
    "silence",
    "tells",
    "brings",
}


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
def test_dialogue(story: Path, open_stage: OpenStage) -> None:
    script = tomllib.loads(story.read_text(encoding="utf-8"))
    stage = open_stage(script["clock"])
    for person in script.get("people", []):
        stage.enrol(**person)
    for number, line in enumerate(script["lines"], start=1):
        assert set(line) <= LINE_KEYS, f"line {number}: unknown keys {set(line) - LINE_KEYS}"
        if "clock" in line:
            stage.now = line["clock"].astimezone(UTC)
        for receipt, steps in line.get("meanwhile", {}).items():
            for step in [steps] if isinstance(steps, str) else steps:
                stage.move(receipt, step)
        heard = stage.say(line)
        _compare(line, heard, stage.receipts(), f"{story.stem}, line {number}: {line.get('says') or line}\n{heard}")
    if "cases" in script:
        wanted = script["cases"]
        assert [{key: case[key] for key in want} for case, want in zip(stage.cases(), wanted, strict=True)] == wanted


def _compare(line: dict[str, Any], heard: Heard, slots: dict[str, str], where: str) -> None:
    assert heard.text or line.get("silence"), f"silence at {where}"
    assert line.get("handler", heard.handler) == heard.handler, where
    for fragment in line.get("hears", []):
        assert fragment.format(**slots) in heard.text, f"missing {fragment!r} at {where}"
    for fragment in line.get("lacks", []):
        assert fragment.format(**slots) not in heard.text, f"found {fragment!r} at {where}"
    if "exactly" in line:
        assert line["exactly"].format(**slots) == heard.text, where
    if "tells" in line:
        assert set(line["tells"]) == set(heard.told), f"told {heard.told} at {where}"
    for who, fragments in line.get("tells", {}).items():
        for fragment in fragments:
            assert fragment.format(**slots) in heard.told[who], f"missing {fragment!r} for {who} at {where}"
    assert line.get("brings", []) == [file.name for file in heard.files], where
    if "offers" in line:
        assert line["offers"] == [choice.label for choice in heard.choices], where


@pytest.mark.parametrize("intake", list(Intake))
def test_the_official_route_is_named_only_beside_the_bot(
    open_stage: OpenStage, notice: Notice, engine: Engine, intake: Intake
) -> None:
    stage = open_stage(datetime(2023, 5, 6, 1, 0, tzinfo=UTC))
    stage.notice = replace(notice, intake=intake)
    stage.engines = Engines(stage.notice, engine)
    stage.enrol("teacher", unit="lichuan", school="利川市某中学")
    receipt = stage.say({"who": "teacher", "file": "good"}).text
    submitted = stage.say({"who": "teacher", "says": "类别 B1"}).text
    assert "回执" in receipt
    assert (notice.intake_reminder in receipt + submitted) is (intake is Intake.ASSISTANT)


def test_every_handler_speaks_in_a_dialogue() -> None:
    spoken = set()
    for story in STORIES:
        spoken |= {line.get("handler") for line in tomllib.loads(story.read_text(encoding="utf-8"))["lines"]}
    assert {handler.name for handler in HANDLERS} - spoken == set()


@pytest.mark.parametrize("role", list(Role))
def test_all_functions_are_those_the_role_may_ask_for(open_stage: OpenStage, role: Role) -> None:
    stage = open_stage(datetime(2023, 5, 6, 1, 0, tzinfo=UTC))
    stage.enrol("somebody", role.value, unit="enshi")
    heard = stage.say({"who": "somebody", "says": "全部功能"})
    for handler in HANDLERS:
        if handler.usage and handler.name not in {"greet", "list_functions"}:
            assert heard.text.count(handler.usage) == (role in handler.roles), handler.name


@pytest.mark.parametrize("role", list(Role))
def test_help_is_one_screen_of_what_the_role_may_ask_for(open_stage: OpenStage, role: Role) -> None:
    stage = open_stage(datetime(2023, 5, 6, 1, 0, tzinfo=UTC))
    stage.enrol("somebody", role.value, unit="enshi")
    heard = stage.say({"who": "somebody", "says": "帮助"})
    told = [handler for handler in HANDLERS if handler.usage and handler.usage in heard.text]
    assert len(told) >= 5
    assert all(role in handler.roles for handler in told)
    assert len(heard.text) <= ONE_SCREEN


def test_handler_names_are_unique() -> None:
    names = [handler.name for handler in HANDLERS]
    assert len(names) == len(set(names))
