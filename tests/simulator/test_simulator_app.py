"""The self-built app's callbacks and passive replies, and faults on demand."""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET

import pytest
import requests
from echo_product import button_card, passive_text

APP_FILE = b"PK\x03\x04data"


def fields(plain: str) -> dict[str, str]:
    return {child.tag: child.text or "" for child in ET.fromstring(plain)}


def test_every_documented_type_arrives_as_documented(sim, product):
    platform = sim.platform
    platform.say("teacher-1", "您好 ]]> <b>", channel="app")
    platform.send_voice("teacher-1", channel="app")
    platform.send_video("teacher-1", "a.mp4", b"film", channel="app")
    platform.send_location("teacher-1")
    platform.send_link("teacher-1")
    platform.send_unknown("teacher-1", channel="app")
    platform.enter_chat("teacher-1", channel="app")
    got = [fields(plain) for plain in product.got]
    kinds = ["text", "voice", "video", "location", "link", "hologram", "event"]
    assert [one["MsgType"] for one in got] == kinds
    assert got[0]["Content"] == "您好 ]]> <b>"
    assert {one["ToUserName"] for one in got} == {sim.settings.corp_id}
    assert {one["AgentID"] for one in got} == {str(sim.settings.agent_id)}
    assert all(0 < int(one["MsgId"]) < 2**63 for one in got[:-1])
    assert "MsgId" not in got[-1]
    assert {"MediaId", "Format"} <= set(got[1])
    assert {"MediaId", "ThumbMediaId"} <= set(got[2])


def test_files_never_reach_an_app(sim, product):
    record = sim.platform.send_file("teacher-1", "a.docx", APP_FILE, channel="app")
    assert (record.tries, product.got) == ([], [])
    assert sim.platform.chat("teacher-1", "app")[-1].author == "platform"
    sim.platform.pace.app_delivers_files = True
    sim.platform.send_file("teacher-1", "a.docx", APP_FILE, channel="app")
    assert fields(product.got[-1])["FileName"] == "a.docx"


@pytest.mark.parametrize(("statuses", "seen"), [([500, 200], [500, 200]), ([500] * 5, [500] * 3), ([204], [204, 200])])
def test_anything_but_200_is_tried_three_times_in_all(sim, product, statuses, seen):
    product.statuses = statuses
    record = sim.platform.say("teacher-1", "您好", channel="app")
    assert record.statuses == seen
    assert len(set(product.bodies)) == 1


def test_a_passive_text_is_shown_and_cut_at_bytes(sim, product):
    corp = sim.settings.corp_id
    product.answer = lambda _plain: passive_text("收到" + "字" * 700, "teacher-1", corp)
    record = sim.platform.say("teacher-1", "您好", channel="app")
    assert record.violations == []
    shown = sim.platform.chat("teacher-1", "app")[-1]
    assert shown.text.startswith("收到字")
    assert "字" * 681 not in shown.text
    assert sim.platform.ledger.entries("truncated")


def test_success_is_no_reply(sim, product):
    product.answer = lambda _plain: passive_text("x", "teacher-1", sim.settings.corp_id)
    product.spoil = lambda _sealed: b"success"
    assert sim.platform.say("teacher-1", "您好", channel="app").reply is None
    assert sim.platform.ledger.violations() == []


WRONG_PASSIVE = (
    ("ToUserName", lambda xml, corp: xml.replace("teacher-1", "teacher-2")),
    ("FromUserName", lambda xml, corp: xml.replace(corp, "wwother")),
    ("MsgType|不能被动回复", lambda xml, corp: xml.replace("[text]", "[markdown]")),
    ("Content", lambda xml, corp: xml.replace("[x]", "[]")),
    ("CreateTime", lambda xml, corp: xml.replace("1700000000", "now")),
)


@pytest.mark.parametrize(("what", "change"), WRONG_PASSIVE)
def test_passive_replies_are_judged(sim, product, what, change):
    corp = sim.settings.corp_id
    product.answer = lambda _plain: change(passive_text("x", "teacher-1", corp), corp)
    violation = sim.platform.say("teacher-1", "您好", channel="app").violations[0]
    assert any(part in violation for part in what.split("|"))


@pytest.mark.parametrize(
    ("what", "spoil"),
    [
        ("签名", lambda sealed: sealed.replace(b"<TimeStamp>", b"<TimeStamp>1")),
        ("XML", lambda sealed: b"<xml>"),
        ("DTD", lambda sealed: b"<!DOCTYPE x>" + sealed),
        ("Encrypt", lambda sealed: b"<xml><Nonce>1</Nonce></xml>"),
    ],
)
def test_passive_envelopes_are_verified(sim, product, what, spoil):
    product.answer = lambda _plain: passive_text("x", "teacher-1", sim.settings.corp_id)
    product.spoil = spoil
    assert what in sim.platform.say("teacher-1", "您好", channel="app").violations[0]


def test_a_pressed_card_is_updated_passively_or_by_its_code(client, sim, product):
    client.send(msgtype="template_card", template_card=button_card())
    corp = sim.settings.corp_id
    product.answer = lambda _plain: (
        passive_text("x", "teacher-1", corp)
        .replace("[text]", "[update_button]")
        .replace("<Content><![CDATA[x]]></Content>", "<Button><ReplaceName><![CDATA[已处理]]></ReplaceName></Button>")
    )
    record = sim.platform.press("teacher-1", "yes", "task-1", {"q": ["a", "b"]})
    assert record.violations == []
    assert sim.platform.chat("teacher-1")[0].card["replaced"] == "已处理"
    root = ET.fromstring(product.got[-1])
    assert [option.text for option in root.iter("OptionId")] == ["a", "b"]
    body = {"userids": ["teacher-1"], "agentid": sim.settings.agent_id, "button": {"replace_name": "完成"},
            "response_code": root.findtext("ResponseCode")}  # fmt: skip
    assert client.post("message/update_template_card", body)["errcode"] == 0
    assert sim.platform.chat("teacher-1")[0].card["replaced"] == "完成"
    product.answer = lambda _plain: passive_text("x", "teacher-1", corp)
    assert sim.platform.press("teacher-1", "yes", "task-1").violations


def test_forged_requests_go_out_as_they_are(sim, product):
    attempt = sim.platform.post_raw("app", b"<xml/>", {"msg_signature": "x", "timestamp": "1", "nonce": "n"})
    assert attempt.status == 500
    assert product.got == []


def test_without_an_address_nothing_is_delivered(sim):
    for channel in ("bot", "app"):
        record = sim.platform.say("teacher-1", "您好", channel=channel)
        assert (record.tries, record.acknowledged) == ([], False)
        assert "回调地址" in record.note


def test_faults_on_calls_are_used_up(client, sim):
    knobs, url = sim.platform.knobs, sim.api_base + "user/get"
    params = {"access_token": client.token(), "userid": "teacher-1"}

    def get():
        return requests.get(url, params=params, timeout=10)

    knobs.set("user/get", "errcode", -1, times=2)
    knobs.set("user/get", "status", 502)
    assert [get().json()["errcode"] for _ in range(2)] == [-1, -1]
    assert get().status_code == 502
    for kind in ("reset", "truncate", "drop"):
        knobs.set("user/get", kind)
        with pytest.raises(requests.exceptions.RequestException):
            get()
    knobs.set("user/get", "delay", 0.2)
    start = time.monotonic()
    assert get().json()["errcode"] == 0
    assert time.monotonic() - start >= 0.2
    assert knobs.active() == []
    assert len(sim.platform.ledger.entries("fault")) == 7


def test_a_dropped_send_was_delivered(client, sim):
    token = client.token()
    body = {"touser": "teacher-1", "msgtype": "text", "agentid": sim.settings.agent_id, "text": {"content": "x"},
            "enable_duplicate_check": 1}  # fmt: skip
    sim.platform.knobs.set("message/send", "drop")
    with pytest.raises(requests.exceptions.ConnectionError):
        client.post("message/send", body, token)
    assert client.post("message/send", body, token)["errcode"] == 0
    assert [shown.text for shown in sim.platform.chat("teacher-1")] == ["x"]


LOST = (("status", [503, 200], 1), ("drop", [None, 200], 2), ("reset", [None, 200], 1), ("truncate", [None, 200], 1))


@pytest.mark.parametrize(("kind", "seen", "arrived"), LOST)
def test_faults_on_callbacks(sim, product, kind, seen, arrived):
    sim.platform.knobs.set("callback_app", kind, 503)
    record = sim.platform.say("teacher-1", "您好", channel="app")
    assert record.statuses == seen
    assert len(product.got) == arrived


@pytest.mark.parametrize(
    ("call", "kind", "times"), [("no/such", "reset", 1), ("gettoken", "explode", 1), ("gettoken", "reset", 0)]
)
def test_unknown_knobs_are_refused(sim, call, kind, times):
    with pytest.raises(ValueError, match=r"unknown call|FaultKind|times"):
        sim.platform.knobs.set(call, kind, times=times)
    body = {"call": call, "kind": kind, "times": times}
    assert requests.post(f"{sim.url}/sim/knobs", json=body, timeout=10).status_code == 400
