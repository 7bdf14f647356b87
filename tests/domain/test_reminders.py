"""When reminders are due, what fits into one, and that a notice's own words are checked line by line."""

from __future__ import annotations

import shutil
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ConfigError
from domain.notice_loader import load_notice
from domain.reminder_text import MOST_BYTES, SLOTS, compose, share
from domain.reminders import ReminderKind, ReminderPlan, Round
from domain.reminding import due_at, minutes_of

PACK = Path(__file__).resolve().parents[2] / "notices" / "enshi-2023-05"

ZONE = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture(scope="module")
def plan(notice) -> ReminderPlan:
    assert notice.reminders is not None
    return notice.reminders


@pytest.mark.parametrize(
    ("a_round", "closes", "first", "last"),
    [
        ("days-14", "2023-05-21T00:00", "2023-05-06T09:06", "2023-05-06T09:45"),
        ("days-1", "2023-05-21T00:00", "2023-05-19T09:06", "2023-05-19T09:45"),
        ("last-morning", "2023-05-21T00:00", "2023-05-20T08:06", "2023-05-20T08:45"),
        ("last-hours", "2023-05-21T00:00", "2023-05-20T18:01", "2023-05-20T18:40"),
        ("last-hours", "2023-05-25T09:00", "2023-05-24T20:20", "2023-05-24T20:59"),
        ("last-morning", "2023-05-25T07:00", "2023-05-24T20:20", "2023-05-24T20:59"),
        ("closing", "2023-05-21T00:00", "2023-05-21T09:06", "2023-05-21T09:45"),
        ("closing", "2023-05-25T18:00", "2023-05-26T09:06", "2023-05-26T09:45"),
    ],
)
def test_a_round_falls_where_the_notice_wants_it(plan, a_round: str, closes: str, first: str, last: str) -> None:
    wanted = next(each for each in plan.rounds if each.id == a_round)
    minutes = minutes_of(plan, wanted, local(closes), ZONE)
    assert (minutes[0], minutes[-1]) == (local(first), local(last))


_ROUNDS = st.one_of(
    st.builds(Round, st.just("r"), st.just("r"), st.just(()), days=st.integers(-5, 20), at=st.times()),
    st.builds(Round, st.just("r"), st.just("r"), st.just(()), hours=st.integers(1, 72)),
)


@given(a_round=_ROUNDS, minute=st.integers(0, 60 * 24 * 40), who=st.text(max_size=8))
def test_never_at_night_never_punctual_never_too_late(plan, a_round: Round, minute: int, who: str) -> None:
    closes = local("2023-05-01T00:00") + timedelta(minutes=minute)
    due = due_at(plan, a_round, closes, ZONE, who)
    assert due == due_at(plan, a_round, closes, ZONE, who)
    assert time(8) <= due.astimezone(ZONE).time() < time(21)
    assert due.astimezone(ZONE).minute not in {0, 30}
    assert a_round.is_after or due < closes


def test_people_are_spread_over_the_minutes(plan) -> None:
    due = {due_at(plan, plan.rounds[0], local("2023-05-21T00:00"), ZONE, f"p{number}") for number in range(400)}
    assert len(due) > 30


_LISTS = st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=140), max_size=40)
FIXED = {
    "unit": "某某土家族苗族自治县",
    "left": "12天23小时",
    "deadline": "12月30日（周六）23:59",
    "before": "12月30日（周六）23:59",
    "count": "12",
    "days": "2",
    "must": "国家智慧教育平台整省试点重点学校",
    "who": "全部单位",
    "complete": "8",
    "late": "17",
    "reason": "雨" * 60,
}


@given(
    lists=st.lists(_LISTS, min_size=8, max_size=8), room=st.integers(500, MOST_BYTES), kind=st.sampled_from(list(SLOTS))
)
def test_what_is_composed_fits_and_has_no_empty_slot(plan, lists: list, room: int, kind: ReminderKind) -> None:
    slots = {name: FIXED.get(name, tuple(lists[place])) for place, name in enumerate(SLOTS[kind])}
    lines = plan.texts[kind].lines
    text = compose(lines, slots, room)
    assert len(text.encode()) <= room
    assert FIXED["deadline"] in text
    for line in lines:
        told = all(slots[name] for name in SLOTS[kind] if f"{{{name}}}" in line)
        opening = line.partition("{")[0]  # a line that begins with a slot is known by no words of its own
        assert not opening or told is (opening in text)


def test_short_lists_are_told_whole_before_long_ones() -> None:
    lines = ("还差：{gaps}。", "单位：{units}。")
    text = compose(
        lines, {"gaps": ("A1 1个", "C 5个"), "units": tuple(f"第{n}个很长的单位名称" for n in range(30))}, 200
    )
    assert text.startswith("还差：A1 1个、C 5个。\n单位：第0个很长的单位名称、")
    assert text.endswith("等30个。")


@given(st.lists(st.integers(1, 900), min_size=1, max_size=6))
def test_room_is_shared_fairly(sizes: list[int]) -> None:
    rooms = share(sizes, 900)
    assert sum(rooms) <= 900
    assert all(room <= size for room, size in zip(rooms, sizes, strict=True))
    assert sum(sizes) > 900 or rooms == sizes


FAULTS = [
    ("{unit}距截止", "{units}距截止", ["第7行（unit）没有 units 这个空位", "第4行（unit）缺少空位 unit"]),
    ('  "还差：{gaps}。",\n  "已经', '  "已经', ["第4行（unit）缺少空位 gaps"]),
    ("改好后直接把文件发给我", "改好后直接把 file 发给我", ["第21行（case）里有“file”", "只用中文"]),
    ('回复“谁没报”看名单。",\n]\n\n[esc', '回复“谁没报”看名单{。",\n]\n\n[esc', ["第37行（digest）的花括号不对"]),
    ("请打电话问一下", "请打电话问一下" + "，一定要问到" * 30, ["第40行（escalation）太长", "最多 360"]),
    ("[moved]\n", "[movd]\n", ["缺少 moved", "不认识的键 movd"]),
]


@pytest.mark.parametrize(("old", "new", "words"), FAULTS, ids=[each[2][0] for each in FAULTS])
def test_a_fault_in_the_words_is_told_with_its_line(tmp_path: Path, old: str, new: str, words: list[str]) -> None:
    pack = Path(shutil.copytree(PACK, tmp_path / "pack"))
    file = pack / "reminders.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_notice(pack)
    told = "\n".join(caught.value.faults)
    assert all(word in told for word in words), told
    assert all(fault.startswith("reminders.toml：") for fault in caught.value.faults)


PLAN_FAULTS = [
    ('quiet_from = "21:00"', 'quiet_from = "21点"', "reminders.quiet_from 写的“21点”不是时刻"),
    ("days_before = 14\n", "days_before = 14\nhours_before = 2\n", "只能写一项"),
    ('kinds = ["closing_unit", "closing"]', 'kinds = ["unit", "closing"]', "unit 不能在截止以后发"),
    ('kinds = ["escalation"]', 'kinds = ["closing"]', "closing 不能在截止以前发"),
    ('kinds = ["escalation"]', 'kinds = ["moved"]', "不是已有的提醒种类"),
    ("days_before = 14\n", "days_before = 140\n", "离截止太远"),
]


@pytest.mark.parametrize(("old", "new", "words"), PLAN_FAULTS, ids=[each[2] for each in PLAN_FAULTS])
def test_a_fault_in_the_plan_is_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    pack = Path(shutil.copytree(PACK, tmp_path / "pack"))
    file = pack / "notice.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=words):
        load_notice(pack)


def test_without_a_plan_nobody_is_reminded(tmp_path: Path) -> None:
    pack = Path(shutil.copytree(PACK, tmp_path / "pack"))
    (pack / "reminders.toml").unlink()
    text = (pack / "notice.toml").read_text(encoding="utf-8")
    begin, end = text.index("[reminders]"), text.index("# ── 检查 ──")
    with pytest.raises(ConfigError, match="没有这个文件"):
        load_notice(pack)
    (pack / "notice.toml").write_text(text[:begin] + text[end:], encoding="utf-8")
    assert load_notice(pack).reminders is None
