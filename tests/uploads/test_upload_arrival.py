"""What surrounds the protocol: when a file counts as arrived, the way from a refusal in the chat, room on the disk."""

from __future__ import annotations

import re
import socket
from datetime import timedelta

import pytest
from browsing import PUBLIC, Browser
from films import film
from installation import TEACHER, Installation
from sqlalchemy import select, update
from uploading import Page, page, receipts, stored

from store.schema.campaign import Material
from store.schema.mail import Inbox
from store.schema.uploads import Upload


@pytest.mark.parametrize(("hours", "counts"), [(5.9, "the beginning"), (6.1, "the end")])
def test_a_web_upload_arrives_when_it_began_if_it_did_not_take_too_long(
    service: Installation, hours: float, counts: str
) -> None:
    mine, data, services = page(service), film(300_000, seed=int(hours * 10)), service.services
    address = mine.new(len(data), f"用了{hours}小时.mp4")
    began = services.clock.real() - timedelta(hours=hours)
    with services.database.begin() as session:
        session.execute(update(Upload).where(Upload.id == address.rsplit("/", 1)[1]).values(begun_at=began))
    assert mine.send(address, 0, data).status_code == 204
    fetch = stored(service, address)
    service.wait(lambda: receipts(service, str(fetch.sha256)) == 1)
    with services.database.read() as session:
        arrived = session.get_one(Inbox, fetch.inbox_id).received_at
        material = session.scalars(select(Material).where(Material.sha256 == fetch.sha256)).one()
    assert (arrived == began) is (counts == "the beginning")
    assert abs(material.arrived_at - services.clock.campaign(arrived)) < timedelta(seconds=1)


def test_a_file_refused_in_the_chat_comes_with_a_link(service: Installation) -> None:
    """The link is the person's own, and what comes by it counts from the refused attempt."""
    service.platform.pace.bot_file_limit = 200 << 20
    service.platform.send_file(TEACHER, "太大的课堂实录.mp4", bytes((100 << 20) + 64))
    text = service.answer(TEACHER)
    told = re.search(rf"{PUBLIC}/upload/(\S+)", text)
    assert told is not None, text
    assert "请点这里上传" in text
    mine, data = Page(service, told[1]), film(300_000, seed=4711)
    address = mine.new(len(data), "太大的课堂实录.mp4")
    assert mine.send(address, 0, data).status_code == 204
    service.wait(lambda: mine.state()["phase"] == "done")
    assert "当时没有取到" in str(mine.state()["text"])


def test_without_room_nothing_begins(service: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = service.services.desk.parts
    monkeypatch.setattr(parts, "_disk", lambda _folder: (1000 << 20, 150 << 20))
    mine = page(service)
    refused = mine.begin(60 << 20)
    assert (refused.status_code, "空间" in refused.text) == (507, True)
    first = mine.begin(30 << 20)
    assert first.status_code == 201
    assert mine.begin(30 << 20).status_code == 507, "what was promised before is kept free"


def test_from_the_console_to_a_page_of_ones_own(service: Installation) -> None:
    browser = Browser(service)
    assert browser.get("/console/upload").status_code == 302
    browser.sign_in(TEACHER)
    answer = browser.get("/console/upload")
    assert re.fullmatch(r"/upload/[\w.-]+", answer.headers["Location"])
    assert browser.get(answer.headers["Location"]).status_code == 200


def test_the_rest_of_a_refused_body_is_no_request_of_its_own(service: Installation) -> None:
    """What is too long to be thrown away ends the connection: a proxy may send somebody else's request behind it."""
    port = int(page(service).base.rsplit(":", 1)[1])
    hidden = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        head = b"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 40000000\r\n\r\n"
        got = b""
        try:
            connection.sendall(head)
            for _ in range(600):
                connection.sendall(hidden * 1000)
        except OSError:
            pass
        try:
            while block := connection.recv(65536):
                got += block
        except OSError:
            pass
    assert got.count(b"HTTP/1.1 ") <= 1
    assert b"200 OK" not in got
