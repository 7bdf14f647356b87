"""No wording, button or forged card lets a coordinator write to another unit, or learn of its broadcasts."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dialogue_stage import OpenStage, Stage
from sqlalchemy import select, update

from bot.reminding import plan_reminders
from handlers.casework.owed import Campaign
from store import deadlines
from store.schema.broadcasts import Broadcast, Recipient
from store.schema.campaign import Person
from store.schema.reminders import Reminder, ReminderMute, ReminderState

NOW = datetime(2023, 5, 10, 1, 0, tzinfo=UTC)
CASES = tomllib.loads((Path(__file__).resolve().parents[1] / "cases" / "broadcast_attacks.toml").read_text("utf-8"))
ATTACKER, ITS_UNIT = "lc-xt", "lichuan"
FOREIGN = ("赵协调", "赵老师乙", "钱老师丙", "恩施的材料", "全州的材料", "还没发的材料", "恩施暴雨", "5月26日")
PEOPLE = (
    ("boss", "admin", {"name": "李主任"}),
    (ATTACKER, "coordinator", {"unit": ITS_UNIT, "name": "王协调"}),
    ("wang", "teacher", {"unit": ITS_UNIT, "name": "王老师甲", "school": "利川市某中学"}),
    ("es-xt", "coordinator", {"unit": "enshi", "name": "赵协调"}),
    ("zhao", "teacher", {"unit": "enshi", "name": "赵老师乙", "school": "恩施市某中学"}),
    ("qian", "teacher", {"name": "钱老师丙"}),
)


@pytest.fixture
def stage(open_stage: OpenStage) -> Stage:
    """Broadcast 1 of the bureau, 2 of another unit, draft 3 of the bureau."""
    made = open_stage(NOW)
    for userid, role, more in PEOPLE:
        made.enrol(userid, role, **more)
    made.say({"who": "boss", "says": "群发 所有人 需确认：全州的材料"})
    made.say({"who": "boss", "says": "确认群发 1"})
    made.say({"who": "es-xt", "says": "群发 全体教师 需确认：恩施的材料"})
    made.say({"who": "es-xt", "says": "确认群发 2"})
    made.say({"who": "boss", "says": "群发 全体教师：还没发的材料"})
    moved = "确认给恩施市延期到2023年5月26日18:00（第1次修改），原因：恩施暴雨"
    assert "已改" in made.say({"who": "boss", "says": moved}).text
    plan_what_is_due(made)
    return made


def test_no_wording_button_or_card_leaves_the_own_unit(stage: Stage) -> None:
    before = _states(stage)
    assert before == {1: "running", 2: "running", 3: "draft"}
    tries = [{"says": words} for words in CASES["tries"]]
    tries += [{"says": words, "kind": "button"} for words in CASES["tries"]]
    tries += [{"says": words, "kind": "button", "task": "0123456789abcdef"} for words in CASES["tries"]]
    tries += [{"says": "1", "kind": "button", "task": task} for task in CASES["cards"]]
    for each in tries:
        heard = stage.say({"who": ATTACKER, **each})
        assert _told(heard.text, each["says"]) == [], (each, heard)
        assert set(heard.told) <= {ATTACKER}, (each, heard)
        for choice in heard.choices:  # whatever is offered is tried as well
            again = stage.say({"who": ATTACKER, "says": choice.says})
            assert _told(again.text, each["says"]) == [], (each, choice, again)
    after = _states(stage)
    assert {number: after[number] for number in before} == before
    assert _outside(stage) == []
    with stage.database.read() as session:
        texts = [row.text for row in session.scalars(select(Broadcast))]
        assert any("点这里" in text for text in texts)
        assert not any("<a" in text or "](" in text for text in texts)  # words, no links
        assert deadlines.revision(session) == 1
        assert session.scalars(select(ReminderMute.person_id)).all() == []


def plan_what_is_due(stage: Stage) -> None:
    """Reminders of both units are planned, the notice of the moved deadline has gone to the other one."""
    with stage.database.begin() as session:
        printed = stage.notice.intake_stage.closes_at
        known = deadlines.load(session, printed)
        assert stage.notice.reminders is not None
        plan_reminders(Campaign(session, stage.notice, stage.notice.reminders, known, stage.now))
        session.execute(update(Reminder).where(Reminder.kind == "moved").values(state=ReminderState.SENT))


def _told(text: str, said: str) -> list[str]:
    """What was learned of others: names and words that the attacker has not said."""
    return [name for name in FOREIGN if name in text and name not in said]


def _states(stage: Stage) -> dict[int, str]:
    with stage.database.read() as session:
        return {row.id: row.state for row in session.scalars(select(Broadcast))}


def _outside(stage: Stage) -> list[tuple[int, int]]:
    """Whoever of another unit, or of none, is in a ledger of the attacker's, drafts among them; or has answered for."""
    with stage.database.read() as session:
        attacker = session.scalars(select(Person.id).where(Person.app_userid == ATTACKER)).one()
        rows = session.execute(
            select(Recipient.broadcast_id, Recipient.person_id)
            .join(Broadcast, Broadcast.id == Recipient.broadcast_id)
            .join(Person, Person.id == Recipient.person_id)
            .where(Broadcast.sender_id == attacker, Person.unit_id.is_distinct_from(ITS_UNIT))
        )
        answered = session.execute(
            select(Recipient.broadcast_id, Recipient.person_id).where(
                Recipient.acknowledged_at.is_not(None), Recipient.person_id != attacker
            )
        )
        return [(row[0], row[1]) for row in (*rows, *answered)]
