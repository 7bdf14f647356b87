"""The AI bot's callbacks: read by a third party's cryptography, judged strictly, refreshed until finished."""

from __future__ import annotations

import json
import threading

import pytest
import requests
from echo_product import button_card, stream

GROUP = "wrGROUP0001"


def said(sim, userid="teacher-1"):
    return [(shown.author, shown.text) for shown in sim.platform.chat(userid, "bot")]


def test_a_text_is_delivered_and_its_answer_shown(sim, product):
    product.answer = lambda _plain: stream("您好 **老师**", finish=True)
    record = sim.platform.say("teacher-1", "字数要求？")
    assert record.statuses == [200]
    assert record.acknowledged
    message = product.messages[0]
    assert message["msgid"] == record.msgid
    assert message["from"] == {"userid": "teacher-1"}
    assert message["chattype"] == "single"
    assert message["text"] == {"content": "字数要求？"}
    assert said(sim) == [("person", "字数要求？"), ("bot", "您好 **老师**")]
    assert sim.platform.ledger.violations() == []


def test_a_person_may_appear_under_an_opaque_id(sim, product):
    sim.platform.say("teacher-2", "您好")
    assert product.messages[0]["from"]["userid"] == "woAAAABBBB0001"


def test_a_stream_grows_until_it_is_finished(sim, product):
    product.answer = lambda _plain: stream("第" + "一" * len(product.got), finish=len(product.got) == 4)
    record = sim.platform.say("teacher-1", "查")
    assert sim.platform.chats.get(record.answer).finished is False
    sim.platform.wait_for(lambda: sim.platform.chats.get(record.answer).finished)
    refreshes = product.messages[1:]
    assert [message["msgtype"] for message in refreshes] == ["stream"] * 3
    assert {message["stream"]["id"] for message in refreshes} == {"S1"}
    assert len({message["msgid"] for message in product.messages}) == 4
    assert said(sim)[-1] == ("bot", "第一一一一")
    sim.platform.wait_for(lambda: sim.platform.ledger.entries("stream_finished"))


def test_refreshing_goes_on_after_a_failed_refresh(sim, product):
    product.statuses = [200, 500, 500]
    product.answer = lambda _plain: stream("x", finish=len(product.got) == 4)
    record = sim.platform.say("teacher-1", "查")
    sim.platform.wait_for(lambda: sim.platform.chats.get(record.answer).finished)
    assert [entry.data["status"] for entry in sim.platform.ledger.entries("refresh")] == [500, 500, 200]


def test_a_stream_ends_six_minutes_after_the_message(sim, product, clock):
    product.answer = lambda _plain: stream("还在查", finish=False)
    record = sim.platform.say("teacher-1", "查")
    clock.ahead = 361
    sim.platform.wait_for(lambda: sim.platform.chats.get(record.answer).expired)
    assert sim.platform.ledger.entries("stream_expired")


BROKEN_FIRST = (
    ("不能回复 'text'", json.dumps({"msgtype": "text", "text": {"content": "x"}})),
    ("不能回复 'markdown'", json.dumps({"msgtype": "markdown", "markdown": {"content": "x"}})),
    ("20480", stream("字" * 6827, finish=True)),
    ("stream.id", json.dumps({"msgtype": "stream", "stream": {"finish": True}})),
    ("布尔", json.dumps({"msgtype": "stream", "stream": {"id": "S", "finish": "true"}})),
    ("msg_item", stream("x", finish=False, msg_item=[{"msgtype": "image"}])),
    ("msg_item", stream("x", finish=True, msg_item=[{"msgtype": "image", "image": {"base64": "eA==", "md5": "0"}}])),
    ("feedback.id", stream("x", finish=True, feedback={"id": "f" * 257})),
    ("模板卡片", json.dumps({"msgtype": "template_card", "template_card": button_card(button_list=[])})),
    ("JSON", "not json"),
)


@pytest.mark.parametrize(("what", "reply"), BROKEN_FIRST)
def test_answers_the_documents_forbid_are_not_shown(sim, product, what, reply):
    product.answer = lambda _plain: reply
    record = sim.platform.say("teacher-1", "查")
    assert what in record.violations[0]
    assert [author for author, _text in said(sim)] == ["person", "platform"]


SPOILT = (
    ("timestamp", lambda e: e | {"timestamp": str(e["timestamp"])}),
    ("nonce", lambda e: e | {"nonce": "another"}),
    ("msgsignature", lambda e: e | {"msgsignature": "0" * 40}),
    ("msgsignature", lambda e: e | {"timestamp": e["timestamp"] + 1}),
    ("encrypt", lambda e: {key: value for key, value in e.items() if key != "encrypt"}),
)


@pytest.mark.parametrize(("what", "spoil"), SPOILT)
def test_envelopes_are_verified(sim, product, what, spoil):
    product.answer = lambda _plain: stream("x", finish=True)
    product.spoil = lambda sealed: json.dumps(spoil(json.loads(sealed))).encode()
    assert what in sim.platform.say("teacher-1", "查").violations[0]


@pytest.mark.parametrize(
    ("what", "second"),
    [
        ("没有得到回复", None),
        ("只能回复 stream", json.dumps({"msgtype": "template_card", "template_card": button_card()})),
        ("另一个 stream.id", stream("x", finish=True, stream_id="S2")),
        ("20480", stream("x" * 20481, finish=True)),
    ],
)
def test_a_refresh_takes_nothing_but_its_stream(sim, product, what, second):
    product.answer = lambda _plain: stream("x", finish=False) if len(product.got) == 1 else second
    record = sim.platform.say("teacher-1", "查")
    sim.platform.wait_for(lambda: record.violations)
    assert what in record.violations[0]
    sim.platform.wait_for(lambda: sim.platform.chats.get(record.answer).expired)


def test_the_fourth_message_in_flight_is_not_passed_on(sim, product):
    over = threading.Event()

    def answer(plain):
        message = json.loads(plain)
        asked = message.get("text", {}).get("content", "")
        stream_id = message.get("stream", {}).get("id", message["msgid"])
        return stream("x", finish=over.is_set() or asked == "完", stream_id=stream_id)

    product.answer = answer
    records = [sim.platform.say("teacher-1", str(number)) for number in range(4)]
    assert [len(record.tries) for record in records] == [1, 1, 1, 0]
    assert sim.platform.say("teacher-2", "完").acknowledged
    over.set()
    sim.platform.wait_for(lambda: len(sim.platform.ledger.entries("stream_finished")) == 3)
    sim.platform.wait_for(lambda: sim.platform.say("teacher-1", "完").acknowledged)


def test_messages_are_tried_three_times_and_events_once(sim, product):
    product.statuses = [500, 503] + [500] * 10
    record = sim.platform.say("teacher-1", "查")
    assert record.statuses == [500, 503, 500]
    assert len(set(product.bodies)) == 1
    assert not record.acknowledged
    assert sim.platform.enter_chat("teacher-1").statuses == [500]


def test_five_seconds_are_the_limit(sim, product):
    sim.platform.pace.post_limit = 0.1
    sim.platform.pace.bot_message_tries = 1
    product.pause = 0.5
    record = sim.platform.say("teacher-1", "查")
    assert record.statuses == [None]
    assert record.tries[0].error == "timeout"


def test_a_redelivery_is_the_same_bytes_and_shows_nothing_twice(sim, product):
    product.answer = lambda _plain: stream("答", finish=True)
    record = sim.platform.say("teacher-1", "查")
    again = sim.platform.redeliver(record)
    assert product.bodies[0] == product.bodies[1]
    assert again.reply == record.reply
    fresh = sim.platform.redeliver(record, fresh=True)
    assert product.bodies[2] != product.bodies[0]
    assert fresh.acknowledged
    assert len({message["msgid"] for message in product.messages}) == 1
    assert said(sim) == [("person", "查"), ("bot", "答")]


def test_welcome_and_feedback(sim, product):
    product.answer = lambda plain: (
        json.dumps({"msgtype": "text", "text": {"content": "欢迎"}}) if "enter" in plain else None
    )
    assert sim.platform.enter_chat("teacher-1").violations == []
    assert said(sim) == [("bot", "欢迎")]
    record = sim.platform.feedback("teacher-1", "FB1", 2, (2, 3))
    assert record.acknowledged
    body = product.messages[-1]["event"]
    assert body["feedback_event"] == {"id": "FB1", "type": 2, "content": "", "inaccurate_reason_list": [2, 3]}
    product.answer = lambda _plain: stream("x", finish=True)
    assert sim.platform.feedback("teacher-1", "FB1", 1).violations


@pytest.mark.parametrize("flat", [False, True])
def test_a_pressed_button_updates_its_card(sim, product, flat):
    sim.platform.pace.flat_card_event = flat
    product.answer = lambda _plain: json.dumps({"msgtype": "template_card", "template_card": button_card()})
    sim.platform.say("teacher-1", "查")
    new = {"card_type": "text_notice", "task_id": "task-1", "main_title": {"title": "已处理"},
           "card_action": {"type": 1, "url": "https://example.com/"}}  # fmt: skip
    product.answer = lambda _plain: json.dumps({"response_type": "update_template_card", "template_card": new})
    record = sim.platform.press("teacher-1", "yes", "task-1", {"q": ["a"]})
    event = product.messages[-1]["event"]
    details = event if flat else event["template_card_event"]
    assert details["event_key"] == "yes"
    assert details["selected_items"]["selected_item"] == [{"question_key": "q", "option_ids": {"option_id": ["a"]}}]
    assert record.violations == []
    assert sim.platform.chat("teacher-1")[-1].card == new
    with pytest.raises(KeyError):
        sim.platform.press("teacher-1", "yes", "no-such-task")
    product.answer = lambda _plain: json.dumps({"response_type": "update_template_card",
                                                "template_card": new | {"task_id": "other"}})  # fmt: skip
    assert sim.platform.press("teacher-1", "yes", "task-1").violations


def test_a_task_id_is_used_once(sim, product):
    product.answer = lambda _plain: json.dumps({"msgtype": "template_card", "template_card": button_card()})
    assert sim.platform.say("teacher-1", "一").violations == []
    assert "task-1" in sim.platform.say("teacher-1", "二").violations[0]


def test_a_group_hears_mentions_only_and_no_files(sim, product):
    product.answer = lambda _plain: stream("答", finish=True)
    record = sim.platform.say("teacher-1", "字数？", group=GROUP)
    message = product.messages[-1]
    assert (message["chattype"], message["chatid"]) == ("group", GROUP)
    assert message["text"]["content"] == "@案例管家 字数？"
    assert record.violations == []
    file = sim.platform.send_file("teacher-1", "a.docx", b"data", group=GROUP)
    assert (file.tries, len(product.got)) == ([], 1)
    shown = sim.platform.chats.get(file.shown)
    sim.platform.say("teacher-2", "看看这个", group=GROUP, quote=shown)
    assert product.messages[-1]["quote"]["file"]["url"].startswith(f"{sim.url}/media/")
    assert [shown.author for shown in sim.platform.chat("teacher-2", group=GROUP)].count("bot") == 2
    product.answer = lambda _plain: json.dumps({"msgtype": "template_card", "template_card": button_card()})
    assert sim.platform.say("teacher-1", "卡", group=GROUP).violations


def test_a_response_url_takes_one_answer_within_the_hour(sim, product, clock):
    first, late = sim.platform.say("teacher-1", "一"), sim.platform.say("teacher-1", "二")
    good = {"msgtype": "markdown", "markdown": {"content": "晚到的答复"}}

    def post(url, body):
        return requests.post(url, json=body, timeout=10).json()["errcode"]

    assert post(first.response_url, {"msgtype": "text", "text": {"content": "x"}}) == 40058
    assert post(first.response_url, {"msgtype": "markdown", "markdown": {"content": "字" * 6827}}) == 40058
    assert post(first.response_url, good) == 0
    assert post(first.response_url, good) == 40058
    assert said(sim)[-1] == ("bot", "晚到的答复")
    clock.ahead = 3601
    assert post(late.response_url, good) == 40058


@pytest.mark.parametrize("raw_plus", [False, True])
def test_the_address_check_wants_the_exact_text_at_once(sim, product, raw_plus):
    sim.platform.pace.raw_plus_in_echostr = raw_plus
    for channel in ("bot", "app"):
        assert sim.platform.verify_url(channel).status == 200
        product.greet = lambda plain: plain + "\n"
        assert sim.platform.verify_url(channel).status is None
        product.greet = lambda plain: plain
    sim.platform.pace.verify_limit = 0.1
    product.pause = 0.4
    assert sim.platform.verify_url("bot").error == "timeout"
