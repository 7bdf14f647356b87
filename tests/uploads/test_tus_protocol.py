"""The protocol, request by request, as a client that knows it and one that means harm would speak it."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count, pairwise

import pytest
from installation import COORDINATOR, TEACHER, Installation
from sqlalchemy import update
from uploading import BYTES, TUS, Page, document, encoded, page, receipts, sha1, stored

from bot.uploads.sweeping import sweep
from store import uploads
from store.schema.mail import Inbox
from store.schema.uploads import Upload

ADDRESSES = count(1)


@pytest.fixture
def mine(service: Installation) -> Page:
    """A new ticket of the teacher, asked from an address of its own."""
    made = page(service)
    made.http.headers["X-Forwarded-For"] = f"198.51.100.{next(ADDRESSES)}"
    return made


def test_what_the_server_can_do(mine: Page) -> None:
    answer = mine.ask("OPTIONS")
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,expiration,checksum,termination"
    assert answer.headers["Tus-Max-Size"] == str(256 << 20)
    assert "sha1" in answer.headers["Tus-Checksum-Algorithm"].split(",")


def test_a_file_in_three_pieces_becomes_a_case(service: Installation, mine: Page) -> None:
    data = document("分三次上传的案例")
    address = mine.new(len(data), "分三次上传的案例.docx")
    ends = [0, 1, len(data) // 2, len(data)]
    for start, end in pairwise(ends):
        assert mine.offset(address) == start
        answer = mine.send(address, start, data[start:end], **{"Upload-Checksum": sha1(data[start:end])})
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(end))
    fetch = stored(service, address)
    assert (fetch.name, fetch.size, fetch.sha256) == (
        "分三次上传的案例.docx",
        len(data),
        hashlib.sha256(data).hexdigest(),
    )
    service.wait(lambda: mine.state()["phase"] == "done")
    assert "回执" in str(mine.state()["text"])
    service.wait(lambda: "《分三次上传的案例》" in service.last(TEACHER, "app"))
    assert receipts(service, str(fetch.sha256)) == 1
    assert mine.offset(address) == len(data)
    assert mine.send(address, len(data), b"x").status_code == 409
    assert mine.ask("DELETE", address, **TUS).status_code == 403
    again = mine.begin(5)
    assert (again.status_code, "已经用过" in again.text) == (410, True)
    assert not list(service.services.desk.parts.folder.glob(f"{address.rsplit('/', 1)[1]}*"))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Upload-Length": ""}, 400),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "1e3"}, 400),
        ({"Upload-Length": "９"}, 400),
        ({"Upload-Length": "9" * 40}, 400),
        ({"Upload-Length": str((256 << 20) + 1)}, 413),
        ({"Upload-Metadata": "filename ###"}, 400),
        ({"Upload-Metadata": f"filename {encoded(bytes([255, 254]))}"}, 400),
        ({"Upload-Metadata": "a " + "QUFB" * 2000}, 400),
        ({"Upload-Metadata": ",".join(f"k{number} QQ==" for number in range(20))}, 400),
    ],
)
def test_a_beginning_that_is_refused(mine: Page, headers: dict[str, str], status: int) -> None:
    encoded_headers = {name: value.encode() for name, value in headers.items()}
    answer = mine.begin(5, **encoded_headers)  # type: ignore[arg-type]
    assert (answer.status_code, answer.headers["Tus-Resumable"]) == (status, "1.0.0")
    assert answer.text.strip().endswith("。")
    assert mine.state()["phase"] == "new"


def test_metadata_may_be_missing(service: Installation, mine: Page) -> None:
    answer = mine.ask("POST", **{**TUS, "Upload-Length": "5"})
    assert answer.status_code == 201
    assert mine.state()["name"] == "上传的文件"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\案例.docx", "案例.docx"),
        ("a\r\nSet-Cookie: x=1.docx", "a  Set-Cookie: x=1.docx"),
        ("\u202egnp.exe", "gnp.exe"),
        ("<img src=x>.docx", "<img src=x>.docx"),
        ("案" * 200 + ".docx", "案" * 83 + ".docx"),
        ("..", "上传的文件"),
        ("", "上传的文件"),
        ("\x00\x07", "上传的文件"),
    ],
)
def test_names_are_hostile(mine: Page, name: str, kept: str) -> None:
    mine.new(5, name)
    assert mine.state()["name"] == kept


def test_a_wrong_offset_changes_nothing(mine: Page) -> None:
    address = mine.new(10)
    assert mine.send(address, 0, b"12345").status_code == 204
    for wrong in ("0", "4", "6", "10"):
        answer = mine.send(address, int(wrong), b"67890")
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "5")
    for bad in ("", "-5", "5.0", "abc"):
        assert mine.ask("PATCH", address, b"6", **{**BYTES, "Upload-Offset": bad}).status_code == 400
    assert mine.offset(address) == 5


def test_what_is_spoiled_on_the_way_is_not_kept(mine: Page) -> None:
    address = mine.new(10)
    assert mine.send(address, 0, b"12345", **{"Upload-Checksum": sha1(b"1234!")}).status_code == 460
    assert mine.offset(address) == 0
    for bad in ("md5 AAAA", "sha1 AAAA", "sha1", "sha1 ###"):
        assert mine.send(address, 0, b"12345", **{"Upload-Checksum": bad}).status_code == 400
    assert mine.send(address, 0, b"12345", **{"Upload-Checksum": sha1(b"12345")}).status_code == 204
    sha256 = f"sha256 {encoded(hashlib.sha256(b'678').digest())}"
    assert mine.send(address, 5, b"678", **{"Upload-Checksum": sha256}).status_code == 204
    assert mine.offset(address) == 8


@pytest.mark.parametrize("chunked", [False, True])
def test_more_than_was_promised_is_refused(mine: Page, chunked: bool) -> None:  # noqa: FBT001
    address = mine.new(5)
    data = iter([b"12345", b"6" * 300_000]) if chunked else b"123456"
    assert mine.send(address, 0, data).status_code == 413  # type: ignore[arg-type]
    assert mine.offset(address) == 0


def test_a_body_without_a_length_is_taken(mine: Page) -> None:
    address = mine.new(10)
    assert mine.send(address, 0, iter([b"123", b"45"])).status_code == 204  # type: ignore[arg-type]
    assert mine.offset(address) == 5


def test_only_bytes_of_the_right_type(mine: Page) -> None:
    address = mine.new(5)
    assert mine.send(address, 0, b"12345", **{"Content-Type": "text/plain"}).status_code == 415
    assert (
        mine.ask("PATCH", address, b"1", **{"Upload-Offset": "0", "Content-Type": BYTES["Content-Type"]}).status_code
        == 412
    )
    assert mine.offset(address) == 0


def test_two_at_once_write_once(service: Installation, mine: Page) -> None:
    data = bytes(range(256)) * 40_000
    address = mine.new(len(data) + 1)
    others = [Page(service, mine.token) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda each: each.send(address, 0, data).status_code, others))
    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 409, 423}
    assert mine.offset(address) == len(data)
    assert service.services.desk.parts.path(address.rsplit("/", 1)[1]).read_bytes() == data


def test_it_can_be_cancelled(service: Installation, mine: Page) -> None:
    address = mine.new(10)
    mine.send(address, 0, b"12345")
    part = service.services.desk.parts.path(address.rsplit("/", 1)[1])
    with service.services.desk.parts.hold(part.stem):
        assert mine.ask("DELETE", address, **TUS).status_code == 423
        assert mine.send(address, 5, b"6").status_code == 423
    assert mine.ask("DELETE", address, **TUS).status_code == 204
    assert not part.exists()
    assert mine.ask("HEAD", address, **TUS).status_code == 410
    assert mine.send(address, 5, b"6").status_code == 410
    assert mine.state()["phase"] == "new"


def test_clients_that_can_only_post(mine: Page) -> None:
    address = mine.new(5)
    answer = mine.ask("POST", address, b"123", **{**BYTES, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"})
    assert answer.status_code == 204
    assert mine.ask("POST", address, **TUS).status_code == 405
    assert mine.ask("POST", address, **TUS, **{"X-HTTP-Method-Override": "DELETE"}).status_code == 204


@pytest.mark.parametrize("bad", ["", "x", "1.2.3.4", "cut", "other person", "later"])
def test_a_ticket_that_is_not_ours(service: Installation, mine: Page, bad: str) -> None:
    address = mine.new(5)
    person, until, nonce, signature = mine.token.split(".")
    tokens = {
        "cut": mine.token[:-1],
        "other person": f"{int(person) + 1}.{until}.{nonce}.{signature}",
        "later": f"{person}.{int(until) + 1}.{nonce}.{signature}",
    }
    forged = Page(service, tokens.get(bad, bad or "-"))
    assert forged.begin(5).status_code == 404
    assert forged.ask("GET", "").status_code == 404
    assert forged.ask("GET", "/state").status_code == 404
    for method in ("HEAD", "PATCH", "DELETE"):
        answer = forged.ask(method, f"/files/{address.rsplit('/', 1)[1]}", **{**BYTES, "Upload-Offset": "0"})
        assert answer.status_code == 404
    assert mine.offset(address) == 0


def test_a_ticket_opens_its_own_uploads_only(service: Installation, mine: Page) -> None:
    upload_id = mine.new(5).rsplit("/", 1)[1]
    others = (page(service), page(service, COORDINATOR))
    for other in others:
        for method in ("HEAD", "PATCH", "DELETE"):
            answer = other.ask(method, f"/files/{upload_id}", **{**BYTES, "Upload-Offset": "0"})
            assert answer.status_code == 404
        assert other.state() == {"phase": "new", "text": ""}


@pytest.mark.parametrize("odd", ["..%2f..%2fetc", "a" * 32, "0" * 31, "%00", "x.part"])
def test_an_id_leads_nowhere_else(mine: Page, odd: str) -> None:
    assert mine.ask("HEAD", f"/files/{odd}", **TUS).status_code == 404


def test_what_is_expired_goes(service: Installation, mine: Page) -> None:
    address = mine.new(10)
    mine.send(address, 0, b"12345")
    upload_id, services = address.rsplit("/", 1)[1], service.services
    with services.database.begin() as session:
        session.execute(update(Upload).where(Upload.id == upload_id).values(expires_at=services.clock.real()))
    assert mine.ask("HEAD", address, **TUS).status_code == 410
    assert mine.send(address, 5, b"6").status_code == 410
    sweep(services, services.clock.real())
    assert not services.desk.parts.path(upload_id).exists()
    assert mine.state()["phase"] == "new"


def test_files_without_an_upload_go_and_others_stay(service: Installation, mine: Page) -> None:
    upload_id = mine.new(10).rsplit("/", 1)[1]
    services = service.services
    stray = services.desk.parts.path("f" * 32)
    stray.write_bytes(b"left by a killed process")
    sweep(services, services.clock.real())
    assert stray.exists(), "it may belong to a row that is being written"
    sweep(services, services.clock.real() + timedelta(hours=2))
    assert not stray.exists()
    assert services.desk.parts.path(upload_id).exists()


def test_a_ticket_is_good_for_one_file(service: Installation, mine: Page) -> None:
    first, second = mine.new(3), mine.new(3)
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(
            lambda address: Page(service, mine.token).send(address, 0, b"abc").status_code, (first, second)
        )
    assert sorted((one, two)) == [204, 410]
    with service.services.database.read() as session:
        ticket = service.services.desk.tickets.read(mine.token)
        rows = uploads.of_ticket(session, ticket.nonce)
        assert sorted(row.state for row in rows if row.inbox_id is None) == ["gone"]
        assert session.query(Inbox).filter(Inbox.key.in_([f"upload:{row.id}" for row in rows])).count() == 1


def test_of_too_many_the_oldest_goes(service: Installation) -> None:
    other = page(service, "es-teacher-1")
    addresses = [other.new(5) for _ in range(6)]
    assert [other.ask("HEAD", each, **TUS).status_code for each in addresses] == [410] + [200] * 5


def test_whoever_begins_too_often_waits(service: Installation) -> None:
    other = page(service, "es-teacher-1")
    other.http.headers["X-Forwarded-For"] = "198.51.100.250"
    assert [other.begin(-1).status_code for _ in range(21)] == [400] * 20 + [429]


def test_an_empty_file_is_checked_like_any(service: Installation, mine: Page) -> None:
    mine.new(0, "空.docx")
    service.wait(lambda: mine.state()["phase"] == "done")
    assert "空.docx" in str(mine.state()["text"])
