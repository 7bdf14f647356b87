"""The callback envelope: published vectors, an independent implementation, and arbitrary bytes."""

from __future__ import annotations

import base64
import json
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wx_crypt import WXBizMsgCrypt, WxChannel_Wecom, WxChannel_WecomAiBot

from bot.wecom.envelope import Envelope, EnvelopeError, Flaw, check_fresh, cipher, decode_key, decrypt, encrypt, sign

VECTORS = json.loads((Path(__file__).parents[1] / "cases" / "wecom-vectors.json").read_text(encoding="utf-8"))
KEY_TEXT = VECTORS["aibot"]["aes_key"]
KEY = decode_key(KEY_TEXT)
NOW = datetime(2023, 5, 6, tzinfo=UTC)
ENVELOPE = Envelope("token", KEY_TEXT, "ww1")


def _openings() -> list:
    app, go, bot = VECTORS["official_app"], VECTORS["go_workwx"], VECTORS["aibot"]
    verify, message = app["verify"], app["message"]
    return [
        pytest.param(app, verify, verify["echostr"], verify["plain"], id="official verification"),
        pytest.param(app, message, message["encrypt"], message["plain"], id="official message"),
        pytest.param(go, go, go["echostr"], go["plain"], id="go-workwx"),
        pytest.param(bot, bot, bot["encrypt"], bot["plain"], id="aibot"),
    ]


@pytest.mark.parametrize(("secrets", "signed", "ciphertext", "plain"), _openings())
def test_published_vectors_open(secrets: dict, signed: dict, ciphertext: str, plain: str) -> None:
    envelope = Envelope(secrets["token"], secrets["aes_key"], secrets["receiveid"])
    assert envelope.open(signed["msg_signature"], signed["timestamp"], signed["nonce"], ciphertext) == plain


@pytest.mark.parametrize(("secrets", "signed", "ciphertext", "plain"), _openings())
def test_published_vectors_are_reproduced(secrets: dict, signed: dict, ciphertext: str, plain: str) -> None:
    assert sign(secrets["token"], signed["timestamp"], signed["nonce"], ciphertext) == signed["msg_signature"]
    if "random_ascii" in signed:
        random = signed["random_ascii"].encode()
        assert encrypt(decode_key(secrets["aes_key"]), plain, secrets["receiveid"], random) == ciphertext


@pytest.mark.parametrize(("channel", "receive_id"), [(WxChannel_Wecom, "ww1"), (WxChannel_WecomAiBot, "")])
@pytest.mark.parametrize("message", ["您好", "x" * 11, "a" * 12, "长" * 5000])
def test_an_independent_implementation_opens_ours_and_we_open_its(channel: int, receive_id: str, message: str) -> None:
    theirs, ours = WXBizMsgCrypt("tok", KEY_TEXT, receive_id, channel), Envelope("tok", KEY_TEXT, receive_id)
    sealed = ours.seal(message, 1700000000, "n1")
    outer = {
        WxChannel_Wecom: f"<xml><Encrypt>{sealed.encrypt}</Encrypt></xml>",
        WxChannel_WecomAiBot: json.dumps({"encrypt": sealed.encrypt}),
    }[channel]
    assert theirs.DecryptMsg(outer, sealed.signature, "1700000000", "n1") == (0, message.encode())

    ret, answer = theirs.EncryptMsg(message.encode(), "n2", "1700000001")
    assert ret == 0
    encrypted = json.loads(answer)["encrypt"] if receive_id == "" else answer.split("CDATA[")[1].split("]")[0]
    assert ours.open(sign("tok", "1700000001", "n2", encrypted), "1700000001", "n2", encrypted) == message


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text("abwx019", max_size=40))
def test_what_is_encrypted_comes_back(message: str, receive_id: str) -> None:
    sealed = encrypt(KEY, message, receive_id)
    assert len(base64.b64decode(sealed)) % 32 == 0
    assert decrypt(KEY, sealed, receive_id) == message


@given(st.text(), st.text(), st.text(), st.text())
def test_arbitrary_text_is_refused_and_nothing_else(signature: str, timestamp: str, nonce: str, sealed: str) -> None:
    with pytest.raises(EnvelopeError) as refusal:
        ENVELOPE.open(signature, timestamp, nonce, sealed)
    assert refusal.value.reason is Flaw.SIGNATURE


@given(st.text() | st.binary().map(lambda raw: base64.b64encode(raw).decode()))
def test_arbitrary_ciphertext_is_refused_even_when_signed(sealed: str) -> None:
    with pytest.raises(EnvelopeError) as refusal:
        ENVELOPE.open(sign("token", "1", "n", sealed), "1", "n", sealed)
    assert refusal.value.reason is not Flaw.SIGNATURE


def _raw(plain: bytes) -> str:
    encryptor = cipher(KEY).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def _framed(message: bytes, receive_id: bytes = b"ww1", size: int | None = None, pad: bytes | None = None) -> str:
    plain = b"0123456789abcdef" + struct.pack(">I", len(message) if size is None else size) + message + receive_id
    count = 32 - len(plain) % 32
    return _raw(plain + (bytes([count]) * count if pad is None else pad))


@pytest.mark.parametrize(
    ("sealed", "reason"),
    [
        ("####", Flaw.BASE64),
        ("4j/AuRx71kQl", Flaw.LENGTH),
        ("", Flaw.LENGTH),
        (_raw(b"\x00" * 32), Flaw.PADDING),
        (_raw(b"\x21" * 64), Flaw.PADDING),
        (_raw(b"a" * 30 + b"\x01\x02"), Flaw.PADDING),
        (_raw(b"\x10" * 32), Flaw.SIZE),
        (_framed(b"hello", size=2**32 - 1), Flaw.SIZE),
        (_framed(b"hello", b"ww2"), Flaw.RECEIVE_ID),
        (_framed(b"hello", b""), Flaw.RECEIVE_ID),
        (_framed(b"hello", size=4), Flaw.RECEIVE_ID),
        (_framed(b"\xff\xfe"), Flaw.ENCODING),
    ],
)
def test_each_flaw_is_named_and_reflects_nothing(sealed: str, reason: Flaw) -> None:
    with pytest.raises(EnvelopeError) as refusal:
        decrypt(KEY, sealed, "ww1")
    assert refusal.value.reason is reason
    assert str(refusal.value) == reason.value


@pytest.mark.parametrize("key", ["", "short", "A" * 42, "A" * 44, "中" * 43, "A" * 42 + "#", KEY_TEXT + "=="])
def test_an_unusable_key_is_refused(key: str) -> None:
    with pytest.raises(EnvelopeError) as refusal:
        Envelope("token", key, "")
    assert refusal.value.reason is Flaw.KEY


def test_secrets_do_not_show() -> None:
    assert KEY_TEXT not in repr(ENVELOPE)
    assert "token=" not in repr(ENVELOPE)


@pytest.mark.parametrize("away", [0, 600, -600])
def test_ten_minutes_either_way_are_fresh(away: int) -> None:
    check_fresh(str(int((NOW + timedelta(seconds=away)).timestamp())), NOW)


@pytest.mark.parametrize("away", [601, -601, 3600, -86400])
def test_more_is_stale(away: int) -> None:
    with pytest.raises(EnvelopeError) as refusal:
        check_fresh(str(int((NOW + timedelta(seconds=away)).timestamp())), NOW)
    assert refusal.value.reason is Flaw.STALE


@pytest.mark.parametrize("timestamp", ["", "abc", "-1", "1e9", "１７０００００００", "9" * 5000, " 1700000000"])
def test_a_malformed_timestamp_is_stale(timestamp: str) -> None:
    with pytest.raises(EnvelopeError) as refusal:
        check_fresh(timestamp, datetime.now(UTC))
    assert refusal.value.reason is Flaw.STALE
