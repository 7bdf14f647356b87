"""A checked file's copies on their way: shown as a stage, sent with the answer, made and sent once."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from docx import Document
from handing_out import HIDDEN, PUBLIC, fetch, shown
from installation import TEACHER, Installation, install
from sqlalchemy import select
from word_files import case_document

from bot import fail_points
from simulator.server import SimulatorServer
from store.schema.copies import FileCopy
from store.schema.mail import Handout

NAME = "智慧课堂案例.docx"
COPIES = ["智慧课堂案例（批注版）.docx", "智慧课堂案例（自动排版版）.docx"]


@pytest.fixture
def service(sim: SimulatorServer, backend: object) -> Iterator[Installation]:
    with install(sim, backend, public_url=PUBLIC, secret_key="s" * 32) as running:
        yield running


def badly_set() -> bytes:
    """A case that is too short, with its text in another font."""
    document = Document(io.BytesIO(case_document(words=2000)))
    for paragraph in document.paragraphs[8:]:
        for run in paragraph.runs:
            run.font.size = 140_000
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def send(service: Installation, userid: str, data: bytes, timeout: float = 20) -> list[str]:
    """Send the file and wait until everything has an end; what the person saw meanwhile."""
    seen: list[str] = []
    service.platform.send_file(userid, NAME, data)

    def over() -> bool:
        seen.append(service.last(userid))
        return bool(service.settled() and service.outgoing_ended() and shown(service, userid, "bot"))

    service.wait(over, timeout)
    return seen


def files(service: Installation, userid: str) -> dict[str, bytes]:
    """The files this person got through the app, by name; none comes twice."""
    got = [each.attachment for each in shown(service, userid, "app") if each.kind == "file"]
    assert len({each["name"] for each in got}) == len(got)
    return {each["name"]: service.platform.media.get(each["id"]).data for each in got}


def made(service: Installation) -> list[str]:
    with service.services.database.read() as session:
        return sorted(session.scalars(select(FileCopy.kind)))


def test_both_copies_come_with_the_answer_and_are_made_once(service: Installation) -> None:
    data = badly_set()
    seen = send(service, TEACHER, data)
    assert all("/5 " in text or "（文件）" in text for text in seen if "正在检查（" in text)
    text = service.answer(TEACHER)
    assert text.index("❌") < text.index("字体、字号和对齐在自动排版版里已经改好") < text.index(f"📎 {COPIES[0]}（")
    got = files(service, TEACHER)
    assert sorted(got) == sorted(COPIES)
    assert "字数" in next(iter(Document(io.BytesIO(got[COPIES[0]])).comments)).text
    original = [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs]
    assert [paragraph.text for paragraph in Document(io.BytesIO(got[COPIES[1]])).paragraphs] == original

    send(service, "es-teacher-1", data)
    assert files(service, "es-teacher-1") == got
    assert made(service) == ["annotate", "reformat"]
    assert len(service.platform.ledger.entries("upload")) == 2
    assert service.violations() == []


def test_whom_the_app_cannot_know_gets_links(service: Installation) -> None:
    send(service, HIDDEN, badly_set())
    with service.services.database.read() as session:
        rows = list(session.scalars(select(Handout).order_by(Handout.id)))
    assert [row.name for row in rows] == COPIES
    assert service.services.links is not None
    said = service.answer(HIDDEN)
    for row in rows:
        address = service.services.links.address(row.id)
        assert address in said
        assert Document(io.BytesIO(fetch(service, address.removeprefix(PUBLIC)).content)).paragraphs


def test_a_run_that_breaks_off_sends_the_copies_once_all_the_same(service: Installation) -> None:
    fail_points.arm("before_commit_of_handling:1:raise")
    try:
        send(service, TEACHER, badly_set(), timeout=90)
    finally:
        fail_points.arm("")
    assert sorted(files(service, TEACHER)) == sorted(COPIES)
    assert made(service) == ["annotate", "reformat"]
    assert service.violations() == []
