"""A film that plays, sent in chat: fetched, read in the sandbox, and its owner reads what it is."""

from __future__ import annotations

from pathlib import Path

from film_builder import film
from installation import TEACHER, Installation
from sqlalchemy import select

from store.schema.campaign import Case, Material


def test_a_film_is_taken_and_its_owner_reads_its_size_and_length(service: Installation, tmp_path: Path) -> None:
    data = film(tmp_path / "课堂实录.mp4", size=(1920, 1080), frames=36, sound=True).read_bytes()
    service.platform.send_video(TEACHER, "课堂实录.mp4", data)
    text = service.answer(TEACHER, timeout=60)

    assert "视频完整（3秒）" in text
    assert "分辨率（1920×1080）" in text
    with service.services.database.read() as session:
        case = session.scalars(select(Case)).one()
        material = session.scalars(select(Material)).one()
    assert case.receipt in text
    assert material.size == len(data)
    assert service.violations() == []
