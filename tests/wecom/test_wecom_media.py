"""Downloads from real servers that behave well and badly."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.wecom.app_media import RANGE_BYTES, fetch_app_media
from bot.wecom.download import UNNAMED, FetchedMedia, MediaError, MediaFault, MediaLimits
from bot.wecom.envelope import decode_key
from bot.wecom.media import fetch_aibot_media
from bot.wecom.outbound import Timeouts, UrlPolicy, UrlRefusedError, check_url

VECTORS = json.loads((Path(__file__).parents[1] / "cases" / "wecom-vectors.json").read_text(encoding="utf-8"))
KEY = decode_key(VECTORS["aibot_media"]["aes_key"])
HERE = UrlPolicy(allow_loopback=True)
QUICK = MediaLimits(
    max_bytes=1 << 20, attempts=4, first_pause_s=0.01, longest_pause_s=0.02, timeouts=Timeouts(1.0, 0.3)
)


class Sink(io.BytesIO):
    """A destination that can start over."""

    def restart(self) -> None:
        self.seek(0)
        self.truncate()


def locked(plain: bytes) -> bytes:
    count = 32 - len(plain) % 32
    encryptor = Cipher(algorithms.AES(KEY), modes.CBC(KEY[:16])).encryptor()
    return encryptor.update(plain + bytes([count]) * count) + encryptor.finalize()


def fetch(url: str, sink: io.BytesIO | None = None, **changes: object) -> FetchedMedia:
    options = {"deadline": time.monotonic() + 20, "policy": HERE, "limits": QUICK, **changes}
    return fetch_aibot_media(url, KEY, Sink() if sink is None else sink, **options)


def fault(url: str, sink: io.BytesIO | None = None, **changes: object) -> MediaFault:
    with pytest.raises(MediaError) as failure:
        fetch(url, sink, **changes)
    assert "sign" not in str(failure.value)
    return failure.value.fault


@pytest.mark.parametrize("case", VECTORS["aibot_media"]["cases"])
def test_the_vectors_are_decrypted(server, make_answer, case: dict) -> None:
    server.answers = [make_answer(base64.b64decode(case["cipher_b64"]))]
    sink = Sink()
    fetched = fetch(f"{server.url}/x?sign=1", sink)
    assert sink.getvalue().decode() == case["plain"]
    assert fetched.size == len(case["plain"])


@pytest.mark.parametrize("size", [0, 1, 15, 16, 31, 32, 33, 65535, 65536, 65537, 300_000])
def test_any_size_arrives_whole(server, make_answer, size: int) -> None:
    plain = bytes(index * 7 % 251 for index in range(size))
    server.answers = [make_answer(locked(plain), headers={"Content-Type": "application/octet-stream; x=y"})]
    sink = Sink()
    fetched = fetch(f"{server.url}/x", sink)
    assert sink.getvalue() == plain
    assert (fetched.size, fetched.sha256) == (size, hashlib.sha256(plain).hexdigest())
    assert fetched.content_type == "application/octet-stream"
    assert server.asked[0].headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("announce", [True, False])
def test_a_body_packed_for_the_way_unasked_is_unpacked(server, make_answer, *, announce: bool) -> None:
    packed = gzip.compress(locked(b"plain" * 10_000))
    server.answers = [make_answer(packed, headers={"Content-Encoding": "gzip"}, announce=announce)]
    assert fetch(f"{server.url}/x").size == 50_000
    server.answers = [make_answer(gzip.compress(locked(bytes(2 << 20))), headers={"Content-Encoding": "gzip"})]
    assert fault(f"{server.url}/x") is MediaFault.TOO_LARGE
    server.answers = [make_answer(b"not packed", headers={"Content-Encoding": "gzip"})]
    assert fault(f"{server.url}/x") is MediaFault.TRUNCATED


PLAIN = bytes(range(256)) * 1000
WHOLE = locked(PLAIN)


def half(write: Callable[[bytes], object]) -> None:
    write(WHOLE[: len(WHOLE) // 2])


@pytest.mark.parametrize(
    "bad",
    [
        {"status": 503},
        {"status": 500},
        {"status": 429},
        {"body": WHOLE, "sent": half},
        {"body": WHOLE[:-7], "announce": False},
        {"body": WHOLE[:-32], "announce": False},
        {"body": WHOLE[:-16], "announce": False},
        {"body": b""},
    ],
)
def test_a_passing_failure_is_tried_again(server, make_answer, bad: dict) -> None:
    server.answers = [make_answer(**bad), make_answer(**bad), make_answer(WHOLE)]
    sink = Sink()
    assert fetch(f"{server.url}/x", sink).sha256 == hashlib.sha256(PLAIN).hexdigest()
    assert sink.getvalue() == PLAIN
    assert len(server.asked) == 3


def test_a_lasting_failure_ends_after_the_tries(server, make_answer) -> None:
    server.answers = [make_answer(status=503)]
    assert fault(f"{server.url}/x?sign=1") is MediaFault.UNAVAILABLE
    assert len(server.asked) == QUICK.attempts


def test_a_server_that_is_not_there_ends_after_the_tries(server) -> None:
    url = server.url
    server.close()
    assert fault(f"{url}/x") is MediaFault.UNAVAILABLE


def test_a_destination_that_cannot_start_over_gets_no_second_half(server, make_answer) -> None:
    server.answers = [make_answer(status=503), make_answer(WHOLE, sent=half), make_answer(WHOLE)]
    assert fault(f"{server.url}/x", io.BytesIO()) is MediaFault.TRUNCATED
    assert len(server.asked) == 2


@pytest.mark.parametrize("status", [403, 404, 410, 400])
def test_an_expired_address_is_not_tried_again(server, make_answer, status: int) -> None:
    server.answers = [make_answer(b"<Error/>", status=status)]
    assert fault(f"{server.url}/x") is MediaFault.EXPIRED
    assert len(server.asked) == 1


def test_a_body_of_another_key_is_broken_and_not_tried_again(server, make_answer) -> None:
    server.answers = [make_answer(bytes(64))]
    assert fault(f"{server.url}/x") is MediaFault.BROKEN
    assert len(server.asked) == 1


@pytest.mark.parametrize("announce", [True, False])
def test_too_large_is_noticed_from_the_header_or_on_the_way(server, make_answer, *, announce: bool) -> None:
    limits = MediaLimits(max_bytes=1000, first_pause_s=0.01)
    server.answers = [make_answer(locked(bytes(1001)), announce=announce)]
    sink = Sink()
    if announce:
        server.answers = [make_answer(locked(bytes(2000)))]
    assert fault(f"{server.url}/x", sink, limits=limits) is MediaFault.TOO_LARGE
    assert len(sink.getvalue()) <= 1000
    server.answers = [make_answer(locked(bytes(1000)), announce=announce)]
    assert fetch(f"{server.url}/x", limits=limits).size == 1000


def test_a_dripping_server_does_not_hold_us_beyond_the_deadline(server, make_answer) -> None:
    def drip(write: Callable[[bytes], object]) -> None:
        for index in range(len(WHOLE)):
            write(WHOLE[index : index + 1])
            if server.closing.wait(0.02):
                return

    server.answers = [make_answer(WHOLE, sent=drip)]
    started = time.monotonic()
    assert fault(f"{server.url}/x", deadline=started + 0.5) is MediaFault.EXPIRED
    assert time.monotonic() - started < 3


def test_a_silent_server_times_out_and_is_tried_again(server, make_answer) -> None:
    def nothing(_: Callable[[bytes], object]) -> None:
        server.closing.wait(5)

    server.answers = [make_answer(WHOLE, sent=nothing), make_answer(WHOLE)]
    assert fetch(f"{server.url}/x").size == len(PLAIN)


def test_the_deadline_ends_the_tries(server, make_answer) -> None:
    server.answers = [make_answer(status=503)]
    assert fault(f"{server.url}/x", deadline=time.monotonic() - 1) is MediaFault.EXPIRED
    assert server.asked == []
    slow = MediaLimits(first_pause_s=60, longest_pause_s=60)
    assert fault(f"{server.url}/x", limits=slow) is MediaFault.UNAVAILABLE
    assert len(server.asked) == 1


def test_a_stop_ends_the_pause(server, make_answer) -> None:
    stop = threading.Event()

    def failing(_: object) -> object:
        stop.set()
        return make_answer(status=503)

    server.answer = failing
    started = time.monotonic()
    assert fault(f"{server.url}/x", limits=MediaLimits(first_pause_s=10), stop=stop) is MediaFault.STOPPED
    assert time.monotonic() - started < 5


def test_a_redirect_within_the_host_is_followed_and_another_refused(server, other_server, make_answer) -> None:
    server.answers = [make_answer(status=302, headers={"Location": "/y?z=1"}), make_answer(WHOLE)]
    assert fetch(f"{server.url}/x").size == len(PLAIN)
    assert server.asked[1].path == "/y"
    other_server.answers = [make_answer(WHOLE)]
    server.answers = [make_answer(status=302, headers={"Location": f"{other_server.url}/x"})]
    assert fault(f"{server.url}/x") is MediaFault.REFUSED
    assert other_server.asked == []
    server.answers = [make_answer(status=302, headers={"Location": "//127.0.0.2/x"})]
    assert fault(f"{server.url}/x") is MediaFault.REFUSED
    server.answers = [make_answer(status=302, headers={"Location": "/x"})]
    assert fault(f"{server.url}/x") is MediaFault.REFUSED


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://10.0.0.8/x",
        "https://192.168.1.1/x",
        "https://169.254.169.254/latest",
        "https://100.64.0.1/x",
        "https://0.0.0.0/x",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://[64:ff9b::a00:1]/x",
        "https://[2002:7f00:1::]/x",
        "https://[fe80::1]/x",
        "https://[fd00::1]/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://224.0.0.1/x",
        "https://user:pass@8.8.8.8/x",
        "ftp://8.8.8.8/x",
        "file:///etc/passwd",
        "https:///x",
        "https://8.8.8.8:99999/x",
        "https://[::1/x",
        "https://8.8.8.8/a b",
        "https://8.8.8.8/x\r\nHost: y",
        "",
        "中文",
    ],
)
def test_only_https_to_public_hosts_is_called(url: str) -> None:
    with pytest.raises(UrlRefusedError):
        check_url(url, UrlPolicy())


def test_public_addresses_pass_and_loopback_passes_only_when_allowed() -> None:
    assert check_url("https://8.8.8.8/x?y=1#z", UrlPolicy()).path == "/x?y=1"
    assert check_url("https://[2001:4860:4860::8888]/", UrlPolicy()).port == 443
    assert check_url("http://127.0.0.1:8080", HERE).path == "/"
    for url in ("http://8.8.8.8/x", "https://10.0.0.8/x", "http://10.0.0.8/x"):
        with pytest.raises(UrlRefusedError):
            check_url(url, HERE)


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="数字校园　建设案例.docx"'.encode(), "数字校园　建设案例.docx"),
        ('attachment; filename="数字校园.docx"'.encode("gbk"), "数字校园.docx"),
        (b"", UNNAMED + ".pdf"),
    ],
)
def test_the_name_comes_with_the_download(server, make_answer, disposition: bytes, name: str) -> None:
    server.answers = [make_answer(locked(b"%PDF-1.7"), headers={"Content-Disposition": disposition})]
    fetched = fetch(f"{server.url}/x")
    assert fetched.name == name
    assert fetched.named is not name.startswith(UNNAMED)


@pytest.mark.parametrize(
    ("head", "suffix"),
    [
        (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml", ".docx"),
        (b"PK\x03\x04" + bytes(26) + b"photos/1.jpg", ".zip"),
        (bytes(4) + b"ftypisom", ".mp4"),
        (b"\xff\xd8\xff\xe0", ".jpg"),
        (b"\x89PNG\r\n\x1a\n", ".png"),
        (b"hello", ""),
    ],
)
def test_a_file_without_a_name_gets_a_suffix_from_its_bytes(server, make_answer, head: bytes, suffix: str) -> None:
    server.answers = [make_answer(locked(head + bytes(100)))]
    assert fetch(f"{server.url}/x").name == UNNAMED + suffix


CONTENT = hashlib.shake_256(b"media").digest(RANGE_BYTES + 12345)
BIG = MediaLimits(attempts=6, first_pause_s=0.01, longest_pause_s=0.01)
DISPOSITION = {"Content-Disposition": 'attachment; filename="MEDIA.docx"', "Content-Type": "application/msword"}


def ranged(make_answer, asked, content: bytes = CONTENT, **changes: object):
    first, last = (int(number) for number in asked.headers["Range"].removeprefix("bytes=").split("-"))
    last = min(last, len(content) - 1)
    headers = {**DISPOSITION, "Content-Range": f"bytes {first}-{last}/{len(content)}"}
    return make_answer(content[first : last + 1], status=206, headers=headers, **changes)


def test_app_media_come_in_ranges(server, api, make_answer) -> None:
    server.answer = lambda asked: ranged(make_answer, asked)
    sink = io.BytesIO()
    fetched = fetch_app_media("M1", api, sink, limits=BIG)
    assert sink.getvalue() == CONTENT
    assert (fetched.name, fetched.size, fetched.content_type) == ("MEDIA.docx", len(CONTENT), "application/msword")
    assert [asked.headers["Range"] for asked in server.asked] == [
        f"bytes=0-{RANGE_BYTES - 1}",
        f"bytes={RANGE_BYTES}-{2 * RANGE_BYTES - 1}",
    ]
    assert all(asked.query == {"access_token": "T1", "media_id": "M1"} for asked in server.asked)


def test_app_media_go_on_where_they_broke_off(server, api, make_answer) -> None:
    content = CONTENT[:300_000]

    def answer(asked):
        if len(server.asked) == 1:
            return ranged(make_answer, asked, content, sent=lambda write: write(content[:100_000]))
        if len(server.asked) == 2:
            return make_answer(b'{"errcode":45033,"errmsg":"busy"}', headers={"Content-Type": "application/json"})
        return ranged(make_answer, asked, content)

    server.answer = answer
    sink = io.BytesIO()
    assert fetch_app_media("M1", api, sink, told_name="真名.docx", limits=BIG).name == "真名.docx"
    assert sink.getvalue() == content
    assert server.asked[2].headers["Range"].startswith("bytes=100000-")


def test_a_server_without_ranges_is_read_from_the_start(server, api, make_answer) -> None:
    content = CONTENT[:300_000]
    whole = make_answer(content, headers=DISPOSITION)
    server.answers = [make_answer(content, headers=DISPOSITION, sent=lambda write: write(content[:90_000])), whole]
    sink = io.BytesIO()
    assert fetch_app_media("M1", api, sink, limits=BIG).sha256 == hashlib.sha256(content).hexdigest()
    assert sink.getvalue() == content


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"body": b'{"errcode":40007}', "headers": {"Content-Type": "application/json"}}, MediaFault.EXPIRED),
        ({"body": b'{"errcode":-1}', "headers": {"Content-Type": "application/json"}}, MediaFault.UNAVAILABLE),
        ({"body": b"nonsense", "headers": {"Content-Type": "application/json"}}, MediaFault.UNAVAILABLE),
        ({"status": 502}, MediaFault.UNAVAILABLE),
        ({"status": 206, "body": b"x", "headers": {"Content-Range": "bytes 5-9/10"}}, MediaFault.UNAVAILABLE),
        ({"status": 206, "body": b"x", "headers": {"Content-Range": "bytes 0-9/999999999"}}, MediaFault.TOO_LARGE),
    ],
)
def test_app_media_errors_are_told_apart(server, api, make_answer, answer: dict, expected: MediaFault) -> None:
    server.answers = [make_answer(**answer)]
    with pytest.raises(MediaError) as failure:
        fetch_app_media("M1", api, io.BytesIO(), limits=BIG)
    assert failure.value.fault is expected
    tries = BIG.attempts if expected is MediaFault.UNAVAILABLE else 1
    assert len(server.asked) == tries


def test_a_json_file_is_a_file(server, api, make_answer) -> None:
    headers = {"Content-Type": "application/json", "Content-Disposition": 'attachment; filename="a.json"'}
    server.answers = [make_answer(b'{"errcode":40007}', headers=headers)]
    assert fetch_app_media("M1", api, io.BytesIO(), limits=BIG).name == "a.json"
