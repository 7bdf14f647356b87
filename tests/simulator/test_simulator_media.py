"""Uploads, downloads and the AI bot's encrypted file URLs."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

import pytest
import requests
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.crypto import decode_key

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 40
MIB = 1024 * 1024
NAME = "恩施 教学案例（终稿）.docx"


def decrypted(cipher: bytes, key: bytes) -> bytes:
    """Decryption written against the `cryptography` package directly, as an outsider would."""
    worker = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    remover = PKCS7(256).unpadder()
    return remover.update(worker.update(cipher) + worker.finalize()) + remover.finalize()


def file_url(product) -> str:
    return product.messages[-1]["file"]["url"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200))
def test_a_dropped_file_comes_out_of_its_url_unchanged(sim, product, data):
    sim.platform.send_file("teacher-1", NAME, data)
    answer = requests.get(file_url(product), timeout=10)
    assert len(answer.content) % 32 == 0
    assert decrypted(answer.content, decode_key(sim.settings.bot_aes_key)) == data


@pytest.mark.parametrize(("style", "plain", "star"), [("both", 1, 1), ("star", 0, 1), ("plain", 1, 0), ("none", 0, 0)])
def test_the_name_is_in_the_header_and_never_in_the_callback(sim, product, style, plain, star):
    sim.platform.pace.disposition = style
    sim.platform.send_file("teacher-1", NAME, b"data")
    assert NAME not in product.got[-1]
    assert set(product.messages[-1]["file"]) == {"url"}
    header = requests.get(file_url(product), timeout=10).headers["Content-Disposition"]
    raw = header.encode("latin-1").decode()
    assert (f'filename="{NAME}"' in raw) == bool(plain)
    found = re.search(r"filename\*=UTF-8''(\S+)", raw)
    assert (found is not None and unquote(found[1]) == NAME) == bool(star)


def test_the_url_lives_five_minutes(sim, product, clock):
    sim.platform.send_file("teacher-1", NAME, b"data")
    clock.ahead = 299
    assert requests.get(file_url(product), timeout=10).status_code == 200
    clock.ahead = 302
    assert requests.get(file_url(product), timeout=10).status_code == 403
    sim.platform.send_file("teacher-1", NAME, b"data")
    sim.platform.expire_media()
    assert requests.get(file_url(product), timeout=10).status_code == 403


@pytest.mark.parametrize(
    ("kind", "data", "errcode"),
    [
        ("poem", b"123456", 40004),
        ("file", b"", 44001),
        ("file", b"12345", 40006),
        ("file", b"1" * (20 * MIB + 1), 45001),
        ("image", b"not a picture", 40005),
        ("image", PNG + b"1" * 10 * MIB, 40009),
        ("voice", b"not amr", 40005),
        ("voice", b"#!AMR" + b"1" * 2 * MIB, 45007),
        ("video", b"\0\0\0\x18ftypisom" + b"1" * 10 * MIB, 40011),
        ("video", b"not a film", 40005),
    ],
)
def test_what_an_upload_refuses(client, kind, data, errcode):
    assert client.upload("a.bin", data, kind)["errcode"] == errcode


def test_an_upload_keeps_the_plain_name_exactly(client, sim):
    answer = client.upload(NAME, b"123456")
    assert answer["created_at"].isdecimal()
    assert sim.platform.ledger.entries("upload")[0].data["name"] == NAME
    client.send(msgtype="file", file={"media_id": answer["media_id"]})
    shown = sim.platform.chat("teacher-1")[-1]
    assert shown.attachment == {"id": answer["media_id"], "name": NAME, "size": 6}
    assert client.send(msgtype="image", image={"media_id": answer["media_id"]})["errcode"] == 40007


@pytest.mark.parametrize("disposition", ["filename*=UTF-8''a.docx", ""])
def test_a_part_without_a_plain_filename_is_no_upload(client, sim, disposition):
    body = f'--b\r\nContent-Disposition: form-data; name="media"; {disposition}\r\n\r\n123456789\r\n--b--\r\n'.encode()
    params = {"access_token": client.token(), "type": "file"}
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = requests.post(sim.api_base + "media/upload", params=params, data=body, headers=headers, timeout=10)
    assert answer.json()["errcode"] == 44001


def test_media_get_gives_bytes_ranges_and_errors(client, sim):
    media_id = client.upload("a.bin", b"0123456789")["media_id"]
    url, params = sim.api_base + "media/get", {"access_token": client.token(), "media_id": media_id}
    whole = requests.get(url, params=params, timeout=10)
    assert (whole.status_code, whole.content) == (200, b"0123456789")
    part = requests.get(url, params=params, headers={"Range": "bytes=2-4"}, timeout=10)
    assert (part.status_code, part.content, part.headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    sim.platform.pace.media_whole_limit = 5
    assert requests.get(url, params=params, timeout=10).json()["errcode"] == 830002
    assert requests.get(url, params=params, headers={"Range": "bytes=0-4"}, timeout=10).content == b"01234"
    client.clock.ahead = 3 * 86400 + 60
    params["access_token"] = client.token()
    gone = requests.get(url, params=params, headers={"Range": "bytes=0-4"}, timeout=10)
    assert (gone.status_code, gone.json()["errcode"]) == (200, 40007)


def test_a_picture_for_the_app_can_be_fetched_by_its_media_id(client, sim, product):
    sim.platform.send_image("teacher-1", "图.png", PNG, channel="app")
    media_id = re.search(r"<MediaId><!\[CDATA\[(.*?)\]\]>", product.got[-1])[1]
    answer = requests.get(
        sim.api_base + "media/get", params={"access_token": client.token(), "media_id": media_id}, timeout=10
    )
    assert answer.content == PNG
    assert f'filename="{media_id}.jpg"' in answer.headers["Content-disposition"]


def test_a_file_over_the_limit_never_reaches_the_bot(sim, product):
    sim.platform.pace.bot_file_limit = 10
    record = sim.platform.send_file("teacher-1", NAME, b"x" * 11)
    assert record.tries == []
    assert record.note
    assert product.got == []


def test_a_mixed_message_carries_fetchable_pictures(sim, product):
    sim.platform.send_mixed("teacher-1", "请看", [PNG, PNG], group="wrGROUP0001")
    message = product.messages[-1]
    items = message["mixed"]["msg_item"]
    assert message["chattype"] == "group"
    assert items[0]["text"]["content"] == "@案例管家 请看"
    data = requests.get(items[1]["image"]["url"], timeout=10).content
    assert decrypted(data, decode_key(sim.settings.bot_aes_key)) == PNG
    assert json.dumps(items).count('"image"') == 4
