"""Pictures in chat: brought home when they can be supporting files, and else told so."""

from __future__ import annotations

import hashlib

from installation import TEACHER, Installation
from sqlalchemy import select
from word_files import case_document

from store.schema.campaign import Material, MaterialKind
from store.schema.mail import Fetch, FetchState

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def supporting(service: Installation) -> list[str]:
    """The hashes of the supporting files, in the order they came."""
    with service.services.database.read() as session:
        query = select(Material.sha256).where(Material.kind == MaterialKind.SUPPORTING)
        return list(session.scalars(query.order_by(Material.id)))


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def submit_case(service: Installation) -> None:
    service.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))
    service.answer(TEACHER)
    service.platform.say(TEACHER, "类别 B1")
    assert "类别" not in service.answer(TEACHER)


def test_pictures_of_both_channels_go_with_the_case(service: Installation) -> None:
    submit_case(service)
    bot, app, *mixed = (PNG + bytes([number]) for number in range(4))
    service.platform.send_image(TEACHER, "课堂.png", bot)
    assert "第 1 份支撑材料" in service.answer(TEACHER)
    service.platform.send_image(TEACHER, "证书.png", app, channel="app")
    assert "第 2 份支撑材料" in service.answer(TEACHER, "app")
    service.platform.send_mixed(TEACHER, "补充两张课堂截图", mixed)
    text = service.answer(TEACHER)
    assert "第 3 份支撑材料" in text
    assert "第 4 份支撑材料" in text

    assert supporting(service) == [digest(data) for data in (bot, app, *mixed)]
    for data in (bot, app, *mixed):
        assert service.services.blobs.path(digest(data)).read_bytes() == data
    assert service.violations() == []


def test_a_picture_beside_a_question_is_not_kept(service: Installation) -> None:
    submit_case(service)
    service.platform.send_mixed(TEACHER, "插图最多几张？", [PNG])
    text = service.last(TEACHER)
    assert "5" in text
    assert "图片我没有存" in text
    assert supporting(service) == []


def test_a_picture_right_behind_its_file_waits_for_it(service: Installation) -> None:
    service.platform.knobs.set("media_url", "delay", 0.5)
    service.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))
    service.platform.send_image(TEACHER, "课堂.png", PNG)
    assert "第 1 份支撑材料" in service.answer(TEACHER)
    assert supporting(service) == [digest(PNG)]


def test_a_lost_picture_is_asked_for_again(service: Installation) -> None:
    submit_case(service)
    service.platform.knobs.set("media_url", "status", 404, times=9)
    service.platform.send_image(TEACHER, "课堂.png", PNG)
    assert "没有存下" in service.answer(TEACHER)
    service.platform.knobs.clear()
    service.platform.send_image(TEACHER, "课堂.png", PNG)
    text = service.answer(TEACHER)
    assert "第 1 份支撑材料" in text
    assert "第一次发来" in text


def test_no_picture_is_fetched_without_a_case(service: Installation) -> None:
    service.platform.send_image(TEACHER, "课堂.png", PNG)
    assert "图片我没有存下" in service.last(TEACHER)
    with service.services.database.read() as session:
        assert session.scalars(select(Fetch).where(Fetch.state == FetchState.STORED)).all() == []
