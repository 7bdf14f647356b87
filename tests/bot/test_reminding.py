"""A few people of one county and what reminders say to them: put off, switched off, overtaken, not reached, moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from campaign_world import World, another_world, configure, open_world, people_of
from click.testing import CliRunner
from sqlalchemy import select

from answers import Engine
from bot.cli import cli
from bot.delivering import deliver_one
from bot.reminding import remind
from domain.roles import Role
from domain.roster import RosterRow
from store import outbox
from store.moves import Move
from store.schema.campaign import Audit, CaseState
from store.schema.mail import Outbox, OutboxKind, OutboxState
from store.schema.reminders import Reminder, ReminderState, WhyNot

ZONE = ZoneInfo("Asia/Shanghai")


def at(day: int, clock: str) -> datetime:
    return datetime.fromisoformat(f"2023-05-{day:02d}T{clock}:00").replace(tzinfo=ZONE)


@pytest.fixture(scope="module")
def first_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Engine]]:
    """What is the same for all tests here: the notice, what is known of it, the settings."""
    made = open_world(tmp_path_factory.mktemp("world"), at(12, "10:02"), seed=1)
    yield made, Engine(made.services.notice)
    made.services.close()


@pytest.fixture
def world(first_world: tuple[World, Engine], sqlite_url: str) -> Iterator[World]:
    made = another_world(first_world[0], sqlite_url, first_world[1], at(12, "10:02"))
    made.enrol(people_of(("lichuan", "enshi"), 4))
    yield made
    made.services.database.close()


def states(world: World, userid: str) -> Counter[tuple[str, str | None]]:
    with world.services.database.read() as session:
        rows = session.execute(
            select(Reminder.state, Reminder.why_not).where(Reminder.person_id == world.person(userid).id)
        )
        return Counter((state, why) for state, why in rows)


def test_put_off_until_tomorrow(world: World) -> None:
    world.go_to(at(13, "10:02"))
    assert len(world.told("lichuan-c0")) == 1
    assert "5月14日（周日）上午再提醒您" in world.say("lichuan-c0", "明天再提醒")
    assert "5月14日（周日）上午再提醒您" in world.say("lichuan-c0", "明天再提醒")
    world.go_to(at(14, "20:02"))
    assert len(world.told("lichuan-c0")) == 2
    assert world.told("lichuan-c1") == world.told("lichuan-c1")[:1]
    assert world.ledger[-1].at.astimezone(ZONE).day == 14
    world.go_to(at(20, "18:50"))
    assert "5月20日（周六）23:59就截止了，不能推迟到明天" in world.say("lichuan-c0", "明天再提醒")


def test_not_this_case(world: World) -> None:
    first, second = (world.hand_in("lichuan-t3", "B1", Move.FAIL) for _ in range(2))
    world.go_to(at(13, "10:02"))
    assert world.told("lichuan-t3") == []  # nobody had a day to mend it yet
    world.go_to(at(17, "10:02"))
    assert "您有2个案例还要改" in world.told("lichuan-t3")[-1]
    assert "哪一个" in world.say("lichuan-t3", "别提醒我这个")
    assert "不再提醒您改《第1号课堂案例》" in world.say("lichuan-t3", "1")
    world.go_to(at(19, "10:02"))
    assert "您有1个案例还要改：《第2号课堂案例》" in world.told("lichuan-t3")[-1]
    assert world.move(second, Move.WITHDRAW)
    world.go_to(at(20, "20:02"))
    assert len(world.told("lichuan-t3")) == 2
    assert states(world, "lichuan-t3")[ReminderState.SKIPPED, WhyNot.MUTED] == 3
    assert first in world.in_state(CaseState.NEEDS_FIX)


def test_what_is_overtaken_is_not_sent(world: World) -> None:
    case = world.hand_in("lichuan-t3", "B1", Move.FAIL)
    other = world.hand_in("lichuan-t2", "B1", Move.SUBMIT)
    world.tick()
    world.clock.instant = at(17, "09:59")
    world.tick()  # the outbox has it now
    assert world.move(case, Move.WITHDRAW)
    assert world.move(other, Move.RECOMMEND)
    world.deliver()
    assert world.told("lichuan-t3") == []
    assert states(world, "lichuan-t3")[ReminderState.SKIPPED, WhyNot.NOTHING_OWED] == 2  # of both rounds that were due
    assert "B1 1个" in world.told("lichuan-c0")[-1]
    assert "等您推荐" not in world.told("lichuan-c0")[-1]
    with world.services.database.read() as session:
        dropped = session.scalars(select(Outbox.kind).where(Outbox.state == OutboxState.DROPPED)).all()
    assert sorted(dropped) == [OutboxKind.CARD, OutboxKind.TEXT]


def test_what_comes_too_late_is_not_sent_at_all(world: World) -> None:
    world.tick()
    world.clock.instant = at(17, "20:47")
    world.tick()
    world.clock.instant = at(17, "21:02")
    world.deliver()
    world.clock.instant = at(18, "10:02")
    world.deliver()
    assert world.ledger == []
    assert states(world, "lichuan-c0")[ReminderState.SKIPPED, WhyNot.TOO_LATE] == 2


def test_on_the_hour_it_waits_a_minute(world: World) -> None:
    world.tick()
    world.clock.instant = at(17, "09:59")
    world.tick()
    world.clock.instant = at(17, "10:00")
    world.deliver()
    assert world.ledger == []
    world.clock.instant = at(17, "10:02")
    world.deliver()
    assert world.told("lichuan-c0")


def test_whom_the_app_does_not_reach_is_told_to_the_admin(world: World) -> None:
    """A reminder is not kept for the person's next message: it would not be true then."""
    world.tick()
    world.clock.instant = at(17, "09:59")
    ids = remind(world.services)
    without_app = replace(world.services, api=None)
    for outbox_id in ids:
        deliver_one(without_app, outbox_id)
    with world.services.database.read() as session:
        assert set(session.scalars(select(Outbox.state).where(Outbox.id.in_(ids)))) == {OutboxState.REFUSED}
        assert not outbox.has_held(session, "lichuan-c0")
    assert "最近没有送到的提醒" in world.say("admin-0", "接下来的提醒")
    shown = world.say("lichuan-c0", "接下来的提醒")
    assert "协调员0、协调员1" in shown
    assert "管理员" not in shown


def test_what_is_planned_is_listed(world: World) -> None:
    world.tick()
    shown = world.say("admin-0", "接下来的提醒")
    assert "5月13日（周六）09:" in shown
    assert "截止前7天　单位还差什么　4人" in shown
    assert "截止前7天　单位还差什么　2人" in world.say("lichuan-c0", "接下来的提醒")
    assert "截止前7天　单位还差什么　2人" in world.say("admin-0", "恩施市接下来的提醒")
    assert "您只能处理本单位的案例" in world.say("lichuan-c0", "恩施市接下来的提醒")


def test_a_move_of_the_deadline_from_the_word_to_the_last_acknowledgement(world: World) -> None:
    world.go_to(at(19, "10:02"))
    world.hand_in("lichuan-t2", "B1", Move.FAIL)
    world.say("admin-0", "截止改到5月24日18点，原因：暴雨停课")
    assert "已改" in world.say("admin-0", "1")
    assert "还没有发出" in world.say("admin-0", "谁没确认")
    world.go_to(at(19, "10:50"))
    told = [sent for sent in world.ledger if sent.kinds == {"moved"}]
    assert len(told) == 2 * 6 + 2
    assert "从5月20日（周六）23:59改到5月24日（周三）18:00" in world.told("lichuan-t3")[-1]
    told = world.told("lichuan-c0")[-1]
    assert "您这里还差：A1 1个、A2 1个、B1 2个、B2 2个、C 5个、必报学校第一示范校的案例。" in told
    assert "请在新的时间以前补齐，回复“进度”看明细。" in told
    assert "您这里还差：《第1号课堂案例》（检查没有通过）。\n请改好后直接把文件发给我" in world.told("lichuan-t2")[-1]
    assert "您这里还差：必报学校第一示范校的案例。\n请把案例文件直接发给我" in world.told("lichuan-t0")[-1]
    assert "您这里现在什么都不差。" in world.told("enshi-t3")[-1]
    assert "您这里还差：恩施市（A1 1、" in world.told("admin-1")[-1]
    assert "现在的截止时间是5月24日（周三）18:00" in world.say("lichuan-t3", "1")
    listed = world.say("lichuan-c0", "谁没确认")
    assert "利川市收到改期通知 6 人，点了“知道了” 1 人" in listed
    assert "教师3" not in listed
    assert "恩施" not in listed
    before = len(world.told("lichuan-c0"))
    world.go_to(at(20, "20:02"))
    assert len(world.told("lichuan-c0")) == before  # the rounds of the old deadline are gone
    world.go_to(at(25, "20:02"))
    said = world.told("lichuan-c0")[before:]
    assert ["5月24日（周三）18:00" in each for each in said] == [True] * 5
    assert "已于5月24日（周三）18:00截止" in said[-1]


def test_a_shortened_deadline_takes_planned_reminders_back(world: World) -> None:
    world.go_to(at(14, "10:02"))
    world.say("admin-0", "截止提前到5月16日18点，原因：安排调整")
    assert "已改" in world.say("admin-0", "1")
    world.go_to(at(14, "10:50"))
    assert "从5月20日（周六）23:59改到5月16日（周二）18:00" in world.told("lichuan-c0")[-1]
    world.go_to(at(16, "20:02"))
    world.go_to(at(22, "20:02"))
    assert "已于5月16日（周二）18:00截止" in world.told("lichuan-c0")[-1]
    days = [sent.at.astimezone(ZONE).day for sent in world.ledger if sent.lane == "lichuan-c0"]
    assert days == [13, 14, 15, 16, 16, 17]


def test_several_schedulers_on_one_server(first_world: tuple[World, Engine], postgres_url_factory) -> None:
    world = another_world(first_world[0], postgres_url_factory(), first_world[1], at(12, "10:02"))
    world.enrol([*people_of(("lichuan", "enshi"), 30)])
    for number in range(30):
        world.hand_in(f"lichuan-t{number}", "B1", Move.FAIL)
    with ThreadPoolExecutor(4) as pool:
        for moment in (at(12, "10:03"), at(17, "09:59")):
            world.clock.instant = moment
            for each in [pool.submit(remind, world.services) for _ in range(4)]:
                each.result()
    world.deliver()
    lanes = Counter(sent.lane for sent in world.ledger)
    assert set(lanes.values()) == {1}
    assert len(lanes) == 30 + 4 + 3
    world.services.database.close()


@pytest.fixture
def command(world: World, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    configure(world, monkeypatch)
    monkeypatch.setenv("BOT_CLOCK", "2023-05-19T10:02:00+08:00")
    return CliRunner()


def test_the_command_lists_each_persons_messages(world: World, command: CliRunner) -> None:
    world.hand_in("lichuan-t3", "B1", Move.FAIL)
    world.go_to(at(19, "10:02"))
    everybody = command.invoke(cli, ["reminders"])
    assert everybody.exit_code == 0, everybody.output
    assert sum("｜" not in line and "已送到" in line for line in everybody.output.splitlines()) == len(world.ledger)
    mine = command.invoke(cli, ["reminders", "--person", "lichuan-t3"]).output
    assert mine.startswith("教师3（lichuan-t3，利川市，教师）")
    assert "截止前3天　案例还要改　已送到\n    ｜您有1个案例还要改" in mine
    assert "截止当天早上　案例还要改　计划" in mine
    assert "lichuan-c0" not in mine
    assert command.invoke(cli, ["reminders", "--person", "nobody"]).exit_code == 2


def test_the_command_moves_the_deadline(world: World, command: CliRunner) -> None:
    order = ["deadline", "--to", "2023-05-25T18:00", "--reason", "暴雨", "--by", "admin-0"]
    assert "全部单位：5月20日（周六）23:59" in command.invoke(cli, ["deadline"]).output
    assert command.invoke(cli, order, input="n\n").exit_code == 1
    assert "已改" in command.invoke(cli, order, input="y\n").output
    assert command.invoke(cli, [*order[:-1], "lichuan-c0"]).exit_code == 1
    for wrong in (["--to", "2023-05-01"], ["--to", "soon"], ["--reason", " "], ["--unit", "moon"], ["--by", "nobody"]):
        assert command.invoke(cli, [*order, *wrong]).exit_code == 2, wrong
    unit = [*order, "--unit", "lichuan", "--to", "2023-05-27T18:00", "--yes"]
    assert "利川市：5月25日（周四）18:00 改到 5月27日（周六）18:00" in command.invoke(cli, unit).output
    assert "利川市（延期）：5月27日（周六）18:00" in command.invoke(cli, ["deadline"]).output
    with world.services.database.read() as session:
        assert len(session.scalars(select(Audit.id).where(Audit.act == "deadline.changed")).all()) == 2


def test_a_person_nobody_can_reach_is_skipped(world: World) -> None:
    world.enrol([RosterRow("enshi-c9", "协调员九", Role.COORDINATOR, "enshi")])
    world.go_to(at(13, "20:02"))
    assert len(world.told("enshi-c9")) == 1
    assert timedelta(0) < world.ledger[0].at - at(13, "09:00") < timedelta(hours=1)
