"""预检 over the wire: checked, and after its day gone with every byte, except what a case or a young file needs."""

from __future__ import annotations

import hashlib
import os
from datetime import timedelta

from installation import TEACHER, Installation
from sqlalchemy import func, select, update
from word_files import case_document

from bot.forgetting import forget_what_is_over
from store.schema.campaign import Blob, Case, Material
from store.schema.copies import FileCopy
from store.schema.intake import Precheck
from store.schema.mail import Fetch, FetchState


def rows(service: Installation, table: type) -> int:
    with service.services.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def end_the_day(service: Installation) -> None:
    now = service.services.clock.now()
    with service.services.database.begin() as session:
        session.execute(update(Precheck).values(until=now - timedelta(seconds=1)))


def age_the_files(service: Installation) -> None:
    for path in service.services.settings.data_dir.glob("blobs/??/*"):
        os.utime(path, (0, 0))


def precheck(service: Installation, name: str, data: bytes) -> str:
    service.platform.say(TEACHER, "预检")
    service.answer(TEACHER)
    service.platform.send_file(TEACHER, name, data)
    return service.answer(TEACHER)


def test_what_was_only_checked_is_gone_after_a_day(service: Installation) -> None:
    data = case_document(words=2000)
    digest = hashlib.sha256(data).hexdigest()
    assert "预检结果（没有提交）" in precheck(service, "初稿.docx", data)
    assert (rows(service, Precheck), rows(service, Case), rows(service, Material)) == (1, 0, 0)

    assert forget_what_is_over(service.services) == 0, "not before its day is over"
    end_the_day(service)
    assert forget_what_is_over(service.services) == 0, "bytes that were written just now stay"
    assert rows(service, Precheck) == 1
    age_the_files(service)
    assert forget_what_is_over(service.services) == 1
    assert (rows(service, Precheck), rows(service, FileCopy)) == (0, 0)
    with service.services.database.read() as session:
        assert session.get(Blob, digest) is None
        fetch = session.scalars(select(Fetch)).one()
        assert (fetch.state, fetch.sha256) == (FetchState.FORGOTTEN, None)
    assert not service.services.blobs.verify(digest)
    assert forget_what_is_over(service.services) == 0
    # The copies that were sent stay with who got them, and nothing else does.
    with service.services.database.read() as session:
        left = list(session.scalars(select(Blob.sha256)))
    assert all(service.services.blobs.verify(each) for each in left)
    assert service.violations() == []


def test_what_became_a_case_keeps_its_bytes(service: Installation) -> None:
    data = case_document(words=3800)
    digest = hashlib.sha256(data).hexdigest()
    precheck(service, "初稿.docx", data)
    service.platform.say(TEACHER, "正式提交 B1")
    assert "由预检转为提交" in service.answer(TEACHER)
    end_the_day(service)
    age_the_files(service)
    assert forget_what_is_over(service.services) == 1
    assert (rows(service, Precheck), rows(service, Material)) == (0, 1)
    assert service.services.blobs.verify(digest)
    assert service.violations() == []
