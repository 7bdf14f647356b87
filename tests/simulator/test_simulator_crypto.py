"""The simulator's cryptography against the published vectors."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.crypto import (
    SealError,
    decode_key,
    seal,
    seal_media,
    sealed_media_size,
    sign,
    unpad,
    unseal,
)

VECTORS = json.loads((Path(__file__).parent.parent / "cases" / "wecom-vectors.json").read_text("utf-8"))
KEY = decode_key(VECTORS["aibot"]["aes_key"])

SEALED = (
    ("official_app", VECTORS["official_app"]["verify"], "echostr"),
    ("official_app", VECTORS["official_app"]["message"], "encrypt"),
    ("go_workwx", VECTORS["go_workwx"], "echostr"),
    ("aibot", VECTORS["aibot"], "encrypt"),
)


@pytest.mark.parametrize(("owner", "vector", "field"), SEALED)
def test_published_envelopes_open_and_close_byte_for_byte(owner, vector, field):
    settings = VECTORS[owner]
    key = decode_key(settings["aes_key"])
    sealed = vector[field]
    assert sign(settings["token"], vector["timestamp"], vector["nonce"], sealed) == vector["msg_signature"]
    assert unseal(key, sealed, settings["receiveid"]) == vector["plain"]
    if "random_ascii" in vector:
        assert seal(key, vector["plain"], settings["receiveid"], vector["random_ascii"].encode()) == sealed


@pytest.mark.parametrize("case", VECTORS["aibot_media"]["cases"])
def test_published_media_is_encrypted_byte_for_byte(case):
    plain = case["plain"].encode()
    cipher = b"".join(seal_media(decode_key(VECTORS["aibot_media"]["aes_key"]), plain))
    assert base64.b64encode(cipher).decode() == case["cipher_b64"]
    assert len(cipher) == sealed_media_size(len(plain)) == len(plain) + case["pad"]


@given(st.text(), st.text(max_size=40))
def test_what_is_sealed_opens_for_its_receiver_only(text, receiver):
    sealed = seal(KEY, text, receiver)
    assert unseal(KEY, sealed, receiver) == text
    with pytest.raises(SealError, match="receiveid"):
        unseal(KEY, sealed, receiver + "x")


@pytest.mark.parametrize("sealed", ["", "not base64!", base64.b64encode(b"x" * 31).decode(), "A" * 44])
def test_broken_envelopes_are_refused(sealed):
    with pytest.raises(SealError):
        unseal(KEY, sealed, "")


@pytest.mark.parametrize("data", [b"", b"\x00" * 32, b"x" * 31 + b"\x21", b"x" * 30 + b"\x01\x02"])
def test_every_padding_byte_counts(data):
    with pytest.raises(SealError, match="padding"):
        unpad(data)


@pytest.mark.parametrize("key", ["", "A" * 42, "A" * 44, "!" * 43])
def test_wrong_keys_are_refused(key):
    with pytest.raises(SealError):
        decode_key(key)
