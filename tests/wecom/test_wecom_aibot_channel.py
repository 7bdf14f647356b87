"""The AI bot's callback, fed by an independent implementation of the envelope."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wx_crypt import WXBizMsgCrypt, WxChannel_WecomAiBot

from bot.wecom.aibot_channel import AiBotChannel, StreamRefresh
from bot.wecom.callback import ChannelError
from bot.wecom.mention import strip_mention
from domain.chat import Channel, ChatType, Incoming, MediaRef, MessageKind, Selection
from domain.chat_json import incoming_from_json, incoming_to_json

VECTORS = json.loads((Path(__file__).parents[1] / "cases" / "wecom-vectors.json").read_text(encoding="utf-8"))
KEY, TOKEN = VECTORS["aibot"]["aes_key"], "tok123"
NOW = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
STAMP = "1700000000"
CHANNEL = AiBotChannel(TOKEN, KEY)
THEIRS = WXBizMsgCrypt(TOKEN, KEY, "", WxChannel_WecomAiBot)
URL = "https://bucket.cos.example.com/x?sign=1"


def sealed(message: object) -> tuple[bytes, dict[str, str]]:
    plain = message if isinstance(message, str) else json.dumps(message)
    ret, answer = THEIRS.EncryptMsg(plain.encode(), "n1", STAMP)
    assert ret == 0
    outer = json.loads(answer)
    query = {"msg_signature": outer["msgsignature"], "timestamp": STAMP, "nonce": "n1"}
    return json.dumps({"encrypt": outer["encrypt"]}).encode(), query


def message(msg_type: str, **rest: object) -> dict:
    frame = {"msgid": "M1", "aibotid": "B1", "chattype": "single", "from": {"userid": "ZhangSan"}, "msgtype": msg_type}
    return {**frame, **rest}


def parsed(raw: object) -> Incoming:
    incoming = CHANNEL.parse(*sealed(raw), NOW)
    assert isinstance(incoming, Incoming)
    assert incoming_from_json(incoming_to_json(incoming)) == incoming
    return incoming


def test_the_vector_is_read() -> None:
    bot = VECTORS["aibot"]
    query = {name: bot[name] for name in ("msg_signature", "timestamp", "nonce")}
    incoming = AiBotChannel(bot["token"], bot["aes_key"]).parse(
        json.dumps({"encrypt": bot["encrypt"]}).encode(), query, NOW
    )
    assert incoming == Incoming(
        Channel.AIBOT, "M1", MessageKind.TEXT, "zhangsan", NOW, text="你好", platform_type="text"
    )


def _image(url: str = URL) -> MediaRef:
    return MediaRef(MessageKind.IMAGE, url=url)


MIXED = {
    "msg_item": [
        {"msgtype": "text", "text": {"content": "这张图"}},
        {"msgtype": "image", "image": {"url": URL}},
        {"msgtype": "text", "text": {"content": "行吗"}},
        {"msgtype": "mixed", "mixed": {"msg_item": []}},
        "noise",
    ]
}


@pytest.mark.parametrize(
    ("raw", "kind", "text", "media"),
    [
        (message("text", text={"content": "您好 @张三"}), MessageKind.TEXT, "您好 @张三", ()),
        (message("voice", voice={"content": "字数多少"}), MessageKind.VOICE, "字数多少", ()),
        (message("image", image={"url": URL}), MessageKind.IMAGE, "", (_image(),)),
        (message("file", file={"url": URL}), MessageKind.FILE, "", (MediaRef(MessageKind.FILE, url=URL),)),
        (
            message("file", file={"url": URL, "filename": "案例.docx"}),
            MessageKind.FILE,
            "",
            (MediaRef(MessageKind.FILE, url=URL, name="案例.docx"),),
        ),
        (message("video", video={"url": URL}), MessageKind.VIDEO, "", (MediaRef(MessageKind.VIDEO, url=URL),)),
        (message("mixed", mixed=MIXED), MessageKind.MIXED, "这张图\n行吗", (_image(),)),
        (message("file", file={}), MessageKind.UNKNOWN, "", ()),
        (message("file"), MessageKind.UNKNOWN, "", ()),
        (message("text", text="plain"), MessageKind.UNKNOWN, "", ()),
        (message("text", text={"content": 7}), MessageKind.UNKNOWN, "", ()),
        (message("hologram", hologram={"url": URL}), MessageKind.UNKNOWN, "", ()),
        (message("text", text={"content": "a\x00b\ud83d"}), MessageKind.TEXT, "ab", ()),
    ],
)
def test_every_message_type_is_read(raw: dict, kind: MessageKind, text: str, media: tuple) -> None:
    incoming = parsed(raw)
    assert (incoming.kind, incoming.text, incoming.media) == (kind, text, media)
    assert (incoming.key, incoming.sender, incoming.platform_type) == ("M1", "ZhangSan", raw["msgtype"])
    assert incoming.chat is ChatType.SINGLE


def test_in_a_group_the_mention_goes_and_the_quoted_file_is_kept() -> None:
    quote = {"msgtype": "file", "file": {"url": URL}}
    raw = message(
        "text",
        chattype="group",
        chatid="wrAbC",
        text={"content": "@案例管家 这份行吗"},
        quote=quote,
        response_url="https://r.example.com/secret",
    )
    incoming = parsed(raw)
    assert (incoming.chat, incoming.chat_id, incoming.text) == (ChatType.GROUP, "wrAbC", "这份行吗")
    assert incoming.media == ()
    assert incoming.quoted_media == (MediaRef(MessageKind.FILE, url=URL),)
    assert incoming.response_url == "https://r.example.com/secret"
    assert "secret" not in repr(incoming)


@pytest.mark.parametrize(
    ("quote", "text", "media"),
    [
        ({"msgtype": "text", "text": {"content": "请于5月20日前报送"}}, "请于5月20日前报送", ()),
        ({"msgtype": "mixed", "mixed": MIXED}, "这张图\n行吗", (_image(),)),
        ({"msgtype": "voice", "voice": {"content": "说的话"}}, "说的话", ()),
        ({"msgtype": "file"}, "", ()),
        ("noise", "", ()),
    ],
)
def test_quotes_are_read(quote: object, text: str, media: tuple) -> None:
    incoming = parsed(message("text", text={"content": "这是真的吗"}, quote=quote))
    assert (incoming.text, incoming.quoted_text, incoming.quoted_media) == ("这是真的吗", text, media)


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        ("@案例管家 字数要求是多少", (), "字数要求是多少"),
        ("@案例管家\u2005字数要求是多少", (), "字数要求是多少"),
        ("字数要求 @案例管家", (), "字数要求"),
        ("@案例管家 @张三 交了吗", (), "@张三 交了吗"),
        ("请问 @案例管家 邮箱a@b.cn对吗", (), "请问 邮箱a@b.cn对吗"),
        ("邮箱a@b.cn对吗", (), "邮箱a@b.cn对吗"),
        ("@案例管家", (), ""),
        ("@案例管家字数要求是多少", ("案例管家",), "字数要求是多少"),
        ("@案例 管家 字数\n第二行", ("案例", "案例 管家"), "字数\n第二行"),
        ("@张三 问 @案例管家 截止时间", ("案例管家",), "@张三 问 截止时间"),
        ("@小管家 截止时间", ("案例管家",), "截止时间"),
    ],
)
def test_only_the_mention_of_the_bot_goes(text: str, names: tuple[str, ...], left: str) -> None:
    assert strip_mention(text, names) == left


CARD = {
    "event_key": "confirm",
    "task_id": "task_1",
    "selected_items": {"selected_item": [{"question_key": "q1", "option_ids": {"option_id": ["a", "b"]}}]},
}


@pytest.mark.parametrize(
    "event",
    [
        {"eventtype": "template_card_event", "template_card_event": CARD},
        {"eventtype": "template_card_event", **CARD},
    ],
)
def test_card_events_are_read_nested_and_flat(event: dict) -> None:
    incoming = parsed(message("event", event=event, response_url=URL))
    assert (incoming.kind, incoming.button, incoming.task_id) == (MessageKind.BUTTON, "confirm", "task_1")
    assert incoming.selected == (Selection("q1", ("a", "b")),)
    assert incoming.response_url == URL


@pytest.mark.parametrize(
    ("event", "kind", "button", "text"),
    [
        ({"eventtype": "enter_chat"}, MessageKind.ENTER, "", ""),
        (
            {"eventtype": "feedback_event", "feedback_event": {"id": "F", "type": 2, "content": "不对"}},
            MessageKind.FEEDBACK,
            "2",
            "不对",
        ),
        ({"eventtype": "brand_new"}, MessageKind.NOTIFICATION, "", ""),
        ({}, MessageKind.NOTIFICATION, "", ""),
        ("noise", MessageKind.NOTIFICATION, "", ""),
    ],
)
def test_other_events_are_sorted(event: object, kind: MessageKind, button: str, text: str) -> None:
    incoming = parsed(message("event", event=event))
    assert (incoming.kind, incoming.button, incoming.text) == (kind, button, text)


def test_a_stream_refresh_is_its_own_type() -> None:
    assert CHANNEL.parse(*sealed(message("stream", stream={"id": "S1"})), NOW) == StreamRefresh("S1", "ZhangSan")


def refused(body: bytes, query: dict[str, str]) -> int:
    with pytest.raises(ChannelError) as refusal:
        CHANNEL.parse(body, query, NOW)
    return refusal.value.status


GENUINE_BODY, GENUINE_QUERY = sealed(message("text", text={"content": "hello"}))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"encrypt":7}', 400),
        (b'{"encrypt":""}', 400),
        (b'{"encrypt":"AAAA"}', 403),
        (b"[" * 200_000, 400),
        (b"\xff", 400),
        pytest.param(b" " * (1 << 20) + GENUINE_BODY, 413, id="large"),
    ],
)
def test_a_bad_body_is_refused(body: bytes, status: int) -> None:
    assert refused(body, GENUINE_QUERY) == status


@pytest.mark.parametrize(
    "raw",
    [
        "null",
        "[1]",
        "[" * 200_000,
        {"msgtype": "text"},
        {**message("text"), "msgid": ""},
        {**message("text"), "from": {}},
        {**message("text"), "from": "x"},
        message("stream"),
        message("stream", stream={"id": 3}),
    ],
)
def test_a_genuine_envelope_around_something_bad_is_refused(raw: object) -> None:
    assert refused(*sealed(raw)) == 400


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
FIELDS = ["text", "voice", "file", "mixed", "event", "quote", "from", "chattype", "chatid", "response_url", "msgtype"]


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_arbitrary_signed_fields_never_crash(fields: dict) -> None:
    try:
        incoming = CHANNEL.parse(*sealed({**message("mixed"), **fields}), NOW)
    except ChannelError:
        return
    assert isinstance(incoming, Incoming | StreamRefresh)
    if isinstance(incoming, Incoming):
        incoming_to_json(incoming).encode("utf-8")


def _opened(answer: bytes) -> dict:
    outer = json.loads(answer)
    assert outer["timestamp"] == 1700000005
    assert outer["nonce"] == "n1"
    ret, plain = THEIRS.DecryptMsg(answer, outer["msgsignature"], "1700000005", "n1")
    assert ret == 0
    return json.loads(plain)


def test_replies_are_readable_by_another_implementation() -> None:
    when = {"timestamp": 1700000005, "nonce": "n1"}
    stream = CHANNEL.stream_reply("S1", "**正在查询**", finish=False, feedback_id="F1", **when)
    assert _opened(stream) == {
        "msgtype": "stream",
        "stream": {"id": "S1", "finish": False, "content": "**正在查询**", "feedback": {"id": "F1"}},
    }
    done = CHANNEL.stream_reply("S1", "好", finish=True, **when)
    assert _opened(done)["stream"] == {"id": "S1", "finish": True, "content": "好"}
    assert _opened(CHANNEL.welcome_reply("您好", **when)) == {"msgtype": "text", "text": {"content": "您好"}}
    card = CHANNEL.card_update_reply({"card_type": "text_notice", "task_id": "T"}, userids=["a"], **when)
    assert _opened(card) == {
        "response_type": "update_template_card",
        "template_card": {"card_type": "text_notice", "task_id": "T"},
        "userids": ["a"],
    }


def test_a_stream_holds_20480_bytes_and_no_more() -> None:
    when = {"timestamp": 1700000005, "nonce": "n1"}
    full = "汉" * 6826 + "ab"
    assert _opened(CHANNEL.stream_reply("S1", full, finish=True, **when))["stream"]["content"] == full
    with pytest.raises(ValueError, match="20481"):
        CHANNEL.stream_reply("S1", full + "c", finish=True, **when)


def test_the_address_check_answers_the_plain_text() -> None:
    ret, answer = THEIRS.EncryptMsg(b"12345", "n1", STAMP)
    assert ret == 0
    outer = json.loads(answer)
    query = {"msg_signature": outer["msgsignature"], "timestamp": STAMP, "nonce": "n1", "echostr": outer["encrypt"]}
    assert CHANNEL.verify(query, NOW) == "12345"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"channel":"app"}', "null", '{"channel":"x","kind":"text"}'])
def test_what_is_no_stored_message_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="stored message"):
        incoming_from_json(text)
