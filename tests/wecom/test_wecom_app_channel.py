"""The self-built app's callback, fed by an independent implementation of the envelope."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wx_crypt import WXBizMsgCrypt

from bot.wecom.app_channel import AppChannel
from bot.wecom.callback import MAX_BODY_BYTES, ChannelError
from bot.wecom.envelope import sign
from domain.chat import Channel, Incoming, MediaRef, MessageKind, Selection
from domain.chat_json import incoming_from_json, incoming_to_json

VECTORS = json.loads((Path(__file__).parents[1] / "cases" / "wecom-vectors.json").read_text(encoding="utf-8"))
KEY, TOKEN, CORP = VECTORS["aibot"]["aes_key"], "tok123", "ww1234567890abcdef"
NOW = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
STAMP = "1700000000"
CHANNEL = AppChannel(TOKEN, KEY, CORP)
THEIRS = WXBizMsgCrypt(TOKEN, KEY, CORP)


def sealed(inner: str, corp: str = CORP) -> tuple[bytes, dict[str, str]]:
    ret, answer = WXBizMsgCrypt(TOKEN, KEY, corp).EncryptMsg(inner.encode(), "n1", STAMP)
    assert ret == 0
    fields = ET.fromstring(answer)
    body = (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[1000002]]></AgentID>"
        f"<Encrypt><![CDATA[{fields.findtext('Encrypt')}]]></Encrypt></xml>"
    )
    query = {"msg_signature": fields.findtext("MsgSignature"), "timestamp": STAMP, "nonce": "n1"}
    return body.encode(), query


def xml(rest: str, msg_type: str = "text", *, msg_id: str = "<MsgId>42</MsgId>", corp: str = CORP) -> str:
    return (
        f"<xml><ToUserName><![CDATA[{corp}]]></ToUserName><FromUserName><![CDATA[ZhangSan]]></FromUserName>"
        f"<CreateTime>1700000000</CreateTime><MsgType><![CDATA[{msg_type}]]></MsgType>{rest}{msg_id}"
        "<AgentID>1000002</AgentID></xml>"
    )


def parsed(inner: str) -> Incoming:
    incoming = CHANNEL.parse(*sealed(inner), NOW)
    assert incoming_from_json(incoming_to_json(incoming)) == incoming
    return incoming


MESSAGES = [
    ("text", "<Content><![CDATA[字数要求是多少]]></Content>", MessageKind.TEXT, "字数要求是多少", ()),
    ("text", "<Content><![CDATA[<!DOCTYPE html> 怎么交]]></Content>", MessageKind.TEXT, "<!DOCTYPE html> 怎么交", ()),
    ("text", "<Content></Content>", MessageKind.TEXT, "", ()),
    (
        "image",
        "<PicUrl>https://p.example.com/1</PicUrl><MediaId>M1</MediaId>",
        MessageKind.IMAGE,
        "",
        (MediaRef(MessageKind.IMAGE, media_id="M1"),),
    ),
    (
        "voice",
        "<MediaId>M2</MediaId><Format>amr</Format><Recognition>你好</Recognition>",
        MessageKind.VOICE,
        "你好",
        (MediaRef(MessageKind.VOICE, media_id="M2"),),
    ),
    (
        "video",
        "<MediaId>M3</MediaId><ThumbMediaId>T</ThumbMediaId>",
        MessageKind.VIDEO,
        "",
        (MediaRef(MessageKind.VIDEO, media_id="M3"),),
    ),
    (
        "file",
        "<MediaId>M4</MediaId><FileName>案例.docx</FileName>",
        MessageKind.FILE,
        "",
        (MediaRef(MessageKind.FILE, media_id="M4", name="案例.docx"),),
    ),
    (
        "file",
        "<MediaId>M5</MediaId><Filename>b.docx</Filename>",
        MessageKind.FILE,
        "",
        (MediaRef(MessageKind.FILE, media_id="M5", name="b.docx"),),
    ),
    ("file", "", MessageKind.UNKNOWN, "", ()),
    ("location", "<Location_X>30.2</Location_X><Label>恩施市</Label>", MessageKind.LOCATION, "恩施市", ()),
    ("link", "<Title>通知</Title><Url>https://e.cn/</Url>", MessageKind.LINK, "通知\nhttps://e.cn/", ()),
    ("hologram", "<Depth>3</Depth>", MessageKind.UNKNOWN, "", ()),
]


@pytest.mark.parametrize(("msg_type", "rest", "kind", "text", "media"), MESSAGES)
def test_every_message_type_is_read(msg_type: str, rest: str, kind: MessageKind, text: str, media: tuple) -> None:
    incoming = parsed(xml(rest, msg_type))
    assert (incoming.kind, incoming.text, incoming.media) == (kind, text, media)
    assert (incoming.channel, incoming.key, incoming.sender) == (Channel.APP, "42", "ZhangSan")
    assert (incoming.agent_id, incoming.platform_type, incoming.lane) == ("1000002", msg_type, "zhangsan")
    assert incoming.received_at == NOW


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("subscribe", MessageKind.ENTER),
        ("enter_agent", MessageKind.ENTER),
        ("unsubscribe", MessageKind.NOTIFICATION),
        ("LOCATION", MessageKind.NOTIFICATION),
        ("view", MessageKind.NOTIFICATION),
        ("inactive_alert", MessageKind.NOTIFICATION),
        ("brand_new", MessageKind.NOTIFICATION),
        ("click", MessageKind.BUTTON),
    ],
)
def test_events_are_sorted_by_the_answer_they_want(event: str, kind: MessageKind) -> None:
    inner = xml(f"<Event><![CDATA[{event}]]></Event><EventKey>progress</EventKey>", "event", msg_id="")
    incoming = parsed(inner)
    assert incoming.kind is kind
    assert incoming.button == ("progress" if kind is MessageKind.BUTTON else "")
    assert incoming.key == hashlib.sha256(inner.encode()).hexdigest()
    assert incoming.platform_type == f"event/{event.lower()}"


@pytest.mark.parametrize("options", [("a",), ("a", "b")])
def test_a_pressed_card_keeps_what_was_chosen(options: tuple[str, ...]) -> None:
    chosen = "".join(f"<OptionId><![CDATA[{option}]]></OptionId>" for option in options)
    item = f"<SelectedItem><QuestionKey>q1</QuestionKey><OptionIds>{chosen}</OptionIds></SelectedItem>"
    rest = (
        "<Event>template_card_event</Event><EventKey>confirm</EventKey><TaskId>task_1</TaskId>"
        f"<ResponseCode>RC</ResponseCode><SelectedItems>{item}</SelectedItems>"
    )
    incoming = parsed(xml(rest, "event", msg_id=""))
    assert (incoming.kind, incoming.button, incoming.task_id) == (MessageKind.BUTTON, "confirm", "task_1")
    assert incoming.selected == (Selection("q1", options),)
    assert incoming.response_code == "RC"
    assert "RC" not in repr(incoming)


def test_two_events_of_one_second_have_two_keys() -> None:
    first, second = (
        parsed(xml(f"<Event>click</Event><EventKey>{key}</EventKey>", "event", msg_id="")) for key in ("a", "b")
    )
    assert first.key != second.key


def refused(body: bytes, query: dict[str, str], now: datetime = NOW) -> int:
    with pytest.raises(ChannelError) as refusal:
        CHANNEL.parse(body, query, now)
    return refusal.value.status


def _signed(body_of: str) -> tuple[bytes, dict[str, str]]:
    """A body of our making around a genuine ciphertext."""
    _, query = sealed(xml("<Content>a</Content>"))
    return body_of.encode(), query


GENUINE_BODY, GENUINE_QUERY = sealed(xml("<Content>hello</Content>"))


BAD_BODIES = {
    "empty": (b"", 400),
    "blank": (b"   ", 400),
    "json": (b"{}", 400),
    "cut": (b"<xml>", 400),
    "nothing inside": (b"<xml></xml>", 400),
    "no ciphertext": (b"<xml><Encrypt/></xml>", 400),
    "another root": (b"<root><Encrypt>a</Encrypt></root>", 400),
    "gbk": ("<xml><Encrypt>中</Encrypt></xml>".encode("gbk"), 400),
    "utf-16": (GENUINE_BODY.decode().encode("utf-16"), 400),
    "utf-16 without mark": (GENUINE_BODY.decode().encode("utf-16-le"), 400),
    "entity": (b'<!DOCTYPE xml [<!ENTITY a "b">]>' + GENUINE_BODY, 400),
    "external type": (b'<!DOCTYPE xml SYSTEM "http://127.0.0.1/x.dtd">' + GENUINE_BODY, 400),
    "deep": (b"<a>" * 100_000, 400),
    "large": (b"<xml>" + b" " * MAX_BODY_BYTES + b"</xml>", 413),
    "another corp": (GENUINE_BODY.replace(CORP.encode(), b"wwother"), 403),
    "changed ciphertext": (GENUINE_BODY.replace(b"Encrypt><![CDATA[", b"Encrypt><![CDATA[AAAA"), 403),
}


@pytest.mark.parametrize(("body", "status"), BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_a_bad_body_is_refused(body: bytes, status: int) -> None:
    assert refused(body, GENUINE_QUERY) == status


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"msg_signature": "0" * 40}, 403),
        ({"msg_signature": "签名"}, 403),
        ({"msg_signature": ""}, 400),
        ({"nonce": "n2"}, 403),
        ({"timestamp": "1700000001"}, 403),
        ({"timestamp": "1699999000"}, 403),
        ({"timestamp": "later"}, 403),
        ({"nonce": ""}, 400),
    ],
)
def test_a_bad_query_is_refused(change: dict[str, str], status: int) -> None:
    assert refused(GENUINE_BODY, {**GENUINE_QUERY, **change}) == status


@pytest.mark.parametrize(
    ("inner", "corp", "status"),
    [
        (xml("<Content>a</Content>"), "wwother", 403),
        (xml("<Content>a</Content>", corp="wwother"), CORP, 403),
        (xml("<Content>a</Content>", msg_type=""), CORP, 400),
        (xml("", "event", msg_id=""), CORP, 400),
        (xml("<Content>a</Content>", msg_id="<MsgId>x</MsgId>"), CORP, 400),
        ("not xml", CORP, 400),
        ('<!DOCTYPE xml [<!ENTITY e "x">]>' + xml("<Content>&e;</Content>"), CORP, 400),
        ("<xml/>", CORP, 400),
    ],
)
def test_a_genuine_envelope_around_something_bad_is_refused(inner: str, corp: str, status: int) -> None:
    assert refused(*sealed(inner, corp)) == status


@given(st.binary(max_size=400))
def test_arbitrary_bodies_never_crash(body: bytes) -> None:
    assert refused(body, GENUINE_QUERY) in {400, 403}


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_arbitrary_signed_content_never_crashes(inner: str) -> None:
    if inner:
        assert refused(*sealed(inner)) == 400


def test_the_official_message_is_read() -> None:
    app = VECTORS["official_app"]
    message = app["message"]
    channel = AppChannel(app["token"], app["aes_key"], app["receiveid"])
    body = f"<xml><ToUserName>{app['receiveid']}</ToUserName><Encrypt>{message['encrypt']}</Encrypt></xml>"
    query = {name: message[name] for name in ("msg_signature", "timestamp", "nonce")}
    incoming = channel.parse(body.encode(), query, datetime.fromtimestamp(int(message["timestamp"]), UTC))
    assert (incoming.text, incoming.sender, incoming.key) == ("hello", "mycreate", "4561255354251345929")
    assert incoming.agent_id == "218"


def test_the_address_check_survives_a_plus_that_became_a_space() -> None:
    go = VECTORS["go_workwx"]
    app = VECTORS["official_app"]
    signed = app["verify"]
    channel = AppChannel(app["token"], app["aes_key"], app["receiveid"])
    query = {name: signed[name] for name in ("msg_signature", "timestamp", "nonce", "echostr")}
    now = datetime.fromtimestamp(int(signed["timestamp"]), UTC)
    assert "+" in query["echostr"]
    query["echostr"] = query["echostr"].replace("+", " ")
    assert channel.verify(query, now) == signed["plain"]
    with pytest.raises(ChannelError) as refusal:
        channel.verify({**query, "echostr": go["echostr"]}, now)
    assert refusal.value.status == 403
    with pytest.raises(ChannelError) as refusal:
        channel.verify({**query, "echostr": ""}, now)
    assert refusal.value.status == 400


@pytest.mark.parametrize("text", ["您好，字数不限。", "a]]>b<c>&amp;", "汉" * 682 + "ab"])
def test_the_reply_is_readable_by_another_implementation(text: str) -> None:
    incoming = parsed(xml("<Content>hello</Content>"))
    answer = CHANNEL.reply(text, incoming, 1700000005, "n9")
    outer = ET.fromstring(answer)
    assert (outer.findtext("TimeStamp"), outer.findtext("Nonce")) == ("1700000005", "n9")
    ret, plain = THEIRS.DecryptMsg(answer.decode(), outer.findtext("MsgSignature"), "1700000005", "n9")
    assert ret == 0
    inner = ET.fromstring(plain)
    assert inner.findtext("Content") == text
    assert (inner.findtext("ToUserName"), inner.findtext("FromUserName")) == ("ZhangSan", CORP)
    assert (inner.findtext("MsgType"), inner.findtext("CreateTime")) == ("text", "1700000005")
    assert outer.findtext("MsgSignature") == sign(TOKEN, "1700000005", "n9", outer.findtext("Encrypt"))


def test_a_reply_keeps_only_what_xml_can_hold_and_what_wecom_takes() -> None:
    incoming = parsed(xml("<Content>hello</Content>"))
    answer = CHANNEL.reply("a\x00\x0bb", incoming, 1700000005, "n9")
    signature = ET.fromstring(answer).findtext("MsgSignature")
    _, plain = THEIRS.DecryptMsg(answer.decode(), signature, "1700000005", "n9")
    assert ET.fromstring(plain).findtext("Content") == "ab"
    with pytest.raises(ValueError, match="2049"):
        CHANNEL.reply("汉" * 683, incoming, 1700000005, "n9")
