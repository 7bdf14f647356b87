"""What a number or a button stands for, and that every message finds exactly one handler its sender may use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from dialogue_stage import OpenStage, Stage
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.chat import Channel, ChatType, Choice, Incoming, MessageKind
from domain.roles import Role
from handlers import HANDLERS
from handlers.contract import Handler
from handlers.dispatch import translate
from store import offers
from store.database import Database

NOW = datetime(2023, 5, 6, 1, 0, tzinfo=UTC)
OFFER = (Choice("仍然提交", "仍然提交 X"), Choice("我的案例", "我的案例"), Choice("撤回", "撤回 X"))
PUBLIC = {handler.name for handler in HANDLERS if handler.public}


def message(text: str = "", kind: MessageKind = MessageKind.TEXT, **more: object) -> Incoming:
    return Incoming(Channel.AIBOT, "key", kind, "Wang", NOW, text=text, **more)


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        (message("2"), "我的案例"),
        (message("〔1〕"), "仍然提交 X"),
        (message("回复2"), "我的案例"),
        (message("4"), "4"),
        (message("仍然提交！"), "仍然提交 X"),
        (message("仍然提交 Y"), "仍然提交 Y"),
        (message("撤回"), "撤回"),
        (message("仍然提交", chat=ChatType.GROUP), "仍然提交"),
        (message("字数"), "字数"),
        (message("２", MessageKind.VOICE), "我的案例"),
        (message(kind=MessageKind.BUTTON, button="我的案例"), "我的案例"),
        (message("2", chat=ChatType.GROUP), "2"),
    ],
)
def test_numbers_and_buttons_become_words(database: Database, said: Incoming, becomes: str) -> None:
    with database.begin() as session:
        offers.remember(session, "wang", OFFER, NOW)
    with database.read() as session:
        assert translate(said, session, NOW, 1).text == becomes


def test_an_old_offer_is_forgotten(database: Database) -> None:
    with database.begin() as session:
        offers.remember(session, "wang", OFFER, NOW)
    with database.read() as session:
        assert translate(message("1"), session, NOW + timedelta(hours=49), 1).text == "1"


@pytest.fixture
def stage(open_stage: OpenStage) -> Stage:
    opened = open_stage(NOW)
    opened.enrol("t", Role.TEACHER, unit="lichuan")
    opened.enrol("c", Role.COORDINATOR, unit="lichuan")
    opened.enrol("a", Role.ADMIN)
    return opened


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    who=st.sampled_from(["t", "c", "a", "stranger"]),
    kind=st.sampled_from(list(MessageKind)),
    chat=st.sampled_from(list(ChatType)),
    channel=st.sampled_from(list(Channel)),
    text=st.one_of(
        st.text(max_size=60),
        st.sampled_from(["进度", "我的案例", "类别 B1", "我在恩施市", "仍然提交", "看原文 2", "帮助"]),
    ),
)
def test_everybody_is_answered_whatever_they_send(  # noqa: PLR0917 - drawn
    stage: Stage, who: str, kind: MessageKind, chat: ChatType, channel: Channel, text: str
) -> None:
    says = text.replace("{", "").replace("}", "")
    heard = stage.say({"who": who, "kind": kind, "chat": chat, "channel": channel, "says": says})
    assert bool(heard.text) is (kind not in {MessageKind.NOTIFICATION, MessageKind.FEEDBACK})
    if chat is ChatType.GROUP:
        assert heard.handler in PUBLIC | {"refer_to_single_chat"}
        everybodys = all(unit.name in heard.text for unit in stage.notice.units)  # the list of all is no secret
        assert everybodys or "利川" not in heard.text or "利川" in says
        assert heard.choices == ()


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda handler: handler.name)
def test_a_role_without_the_right_never_gets_the_handler(stage: Stage, handler: Handler) -> None:
    words = {
        "show_progress": "进度",
        "tell_unit": "我在恩施市",
        "list_questions": "待答问题",
        "show_failures": "失败消息",
        "list_cases": "待推荐",
        "list_schools": "谁没报",
        "recommend_case": "推荐 N-VMEVSCT5-J",
        "return_case": "退回 N-VMEVSCT5-J",
        "tick_route": "已发邮箱",
        "submit_batch": "确认提交 ZIP",
        "list_misjudgements": "误判报告",
        "close_misjudgement": "M1 判错了",
        "answer_officially": "答复 Q1：有奖金",
        "change_deadline": "截止改到5月25日18点",
        "list_reminders": "接下来的提醒",
        "make_summary": "生成汇总表",
        "export_progress": "导出进度",
        "draw_progress": "进度图",
        "report_unit": "上报",
        "send_package": "材料包",
        "reopen_unit": "重开 利川市",
        "compare_table": "对照汇总表",
        "refuse_table": "对照汇总表",
        "take_stamped": "盖章扫描版",
        "import_roster": "导入名单",
        "appoint_person": "任命 张三 为利川市协调员",
        "refuse_appointment": "任命 张三 为利川市协调员",
        "refuse_roster": "导入名单",
        "write_broadcast": "群发 全体协调员：请尽快",
        "confirm_broadcast": "确认群发 1",
        "follow_broadcast": "群发进度",
    }
    said = words.get(handler.name)
    senders = {"t": Role.TEACHER, "c": Role.COORDINATOR, "a": Role.ADMIN}
    refused = [who for who, role in senders.items() if role not in handler.roles]
    assert bool(refused) is (said is not None), "a handler not for everybody needs its words here"
    for who in refused:
        assert stage.say({"who": who, "says": said}).handler != handler.name
