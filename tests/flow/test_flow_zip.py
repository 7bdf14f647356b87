"""A coordinator's ZIP over the wire: listed from what the sandbox unpacked, confirmed, and gone after its day."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import timedelta

from installation import COORDINATOR, Installation
from sqlalchemy import func, select, update
from word_files import case_document

from bot.forgetting import forget_what_is_over
from store.schema.campaign import Blob, Case, Material
from store.schema.intake import Batch, BatchItem


def packed() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("B1_利川市某中学_张三/智慧课堂.docx", case_document(words=3800))
        archive.writestr("B1_利川市某中学_张三/证明.pdf", b"%PDF-1.4\n%%EOF\n")
        archive.writestr("B2_利川市某小学_李四.docx", case_document(3800, "作业设计"))
        archive.writestr("以后再说.docx", case_document(3800, "以后再说"))
    return stream.getvalue()


def test_a_zip_becomes_cases_and_what_is_left_over_is_forgotten(service: Installation) -> None:
    service.platform.send_file(COORDINATOR, "全部案例.zip", packed())
    listed = service.answer(COORDINATOR)
    assert "压缩包《全部案例.zip》里有 4 个文件：可以提交 2，要补信息 1，支撑材料 1，不能用 0。" in listed
    service.platform.say(COORDINATOR, "1")
    done = service.answer(COORDINATOR)
    assert "2 个案例已办理，1 个没有办。" in done
    assert done.count("回执 ") == 2
    with service.services.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 2
        kept = set(session.scalars(select(Material.sha256)))
        listed_hashes = set(session.scalars(select(BatchItem.sha256)))
    assert len(kept) == 3
    assert kept < listed_hashes

    now = service.services.clock.now()
    with service.services.database.begin() as session:
        session.execute(update(Batch).values(until=now - timedelta(seconds=1)))
    for path in service.services.settings.data_dir.glob("blobs/??/*"):
        os.utime(path, (0, 0))
    assert forget_what_is_over(service.services) == 1
    with service.services.database.read() as session:
        assert session.scalar(select(func.count()).select_from(BatchItem)) == 0
        assert kept <= set(session.scalars(select(Blob.sha256)))
        assert not (listed_hashes - kept) & set(session.scalars(select(Blob.sha256)))
    assert all(service.services.blobs.verify(sha256) for sha256 in kept)
    assert not any(service.services.blobs.verify(sha256) for sha256 in listed_hashes - kept)
    assert service.violations() == []
