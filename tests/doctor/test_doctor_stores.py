"""What the doctor says of folders, databases, Redis and the rows: broken for real, then whole."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from examining_place import QUICK, Place
from installation import TEACHER

from bot.config import DATABASE_FILE
from bot.doctor.finding import Verdict
from bot.doctor.stores import kind_of_mount

RIGHT, WARNING, WRONG, UNCHECKED = Verdict.RIGHT, Verdict.WARNING, Verdict.WRONG, Verdict.UNCHECKED


def test_a_folder_that_cannot_be_is_wrong_and_told_once(place: Place, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    found = place.look("blobs", data_dir=tmp_path / "file")
    assert found["folder"].verdict is WRONG
    assert {found[name].seen for name in ("database", "tables", "blobs")} == {"要先解决“数据文件夹”"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_told_with_the_right_command(place: Place, tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, 12345)
    found = place.look("folder", data_dir=tmp_path)["folder"]
    assert (found.verdict, "sudo -u bot" in found.advice) == (WRONG, True)


def test_a_folder_is_left_as_it_was(place: Place, tmp_path: Path) -> None:
    assert place.look("folder", data_dir=tmp_path)["folder"].verdict is RIGHT
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_not_made(place: Place, tmp_path: Path) -> None:
    found = place.look("blobs", data_dir=tmp_path / "new" / "data")
    assert (found["folder"].verdict, found["blobs"].verdict) == (RIGHT, UNCHECKED)
    assert place.look("space", data_dir=tmp_path / "new" / "data")["space"].verdict is not UNCHECKED
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("free", "verdict"), [(0.5, RIGHT), (0.15, WARNING), (0.0999, WRONG)])
def test_room_is_measured(place: Place, free: float, verdict: Verdict) -> None:
    assert place.look("space", replace(QUICK, free_share=lambda _folder: free))["space"].verdict is verdict


def test_before_the_first_start_nothing_is_made(place: Place, tmp_path: Path) -> None:
    found = place.look("worker", data_dir=tmp_path)
    assert {name: each.verdict for name, each in found.items()} == {
        "folder": RIGHT,
        "database": RIGHT,
        "tables": RIGHT,
        "worker": UNCHECKED,
    }
    assert "自动建立" in found["database"].seen
    assert not (tmp_path / DATABASE_FILE).exists()


def test_a_file_that_is_no_database_is_wrong(place: Place, tmp_path: Path) -> None:
    (tmp_path / DATABASE_FILE).write_bytes(b"this is no database" * 500)
    found = place.look("worker", data_dir=tmp_path)
    assert (found["database"].verdict, found["tables"].verdict) == (WRONG, UNCHECKED)
    assert "备份" in found["database"].advice


@pytest.mark.parametrize(
    ("revision", "verdict", "told"), [("0001", WARNING, "旧"), ("9999", WARNING, "新"), (None, RIGHT, "还没有表")]
)
def test_tables_of_another_version_are_told_and_left(
    place: Place, sqlite_template: Path, tmp_path: Path, *, revision: str | None, verdict: Verdict, told: str
) -> None:
    file = tmp_path / DATABASE_FILE
    shutil.copyfile(sqlite_template, file)
    with sqlite3.connect(file) as connection:
        connection.execute("update alembic_version set version_num = ?", (revision or "",))
        if revision is None:
            connection.execute("drop table alembic_version")
    connection.close()
    found = place.look("worker", data_dir=tmp_path)
    assert (found["tables"].verdict, told in found["tables"].seen) == (verdict, True)
    assert found["worker"].verdict is UNCHECKED


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql+psycopg://bot:top-secret@127.0.0.1:1/bot", "连不上 PostgreSQL（127.0.0.1/bot）"),
        ("postgres://bot:top-secret@db/bot", "写法不对"),
        ("mysql://bot:top-secret@db/bot", "写法不对"),
        ("no url", "写法不对"),
        ("postgresql+psycopg://[db/bot", "连不上"),
        ("postgresql+psycopg://bot@db:port/bot", "写法不对"),
    ],
)
def test_a_database_that_is_away_or_misspelt_is_named_without_its_password(place: Place, url: str, told: str) -> None:
    found = place.look("tables", database_url=url)
    assert (found["database"].verdict, told in found["database"].seen) == (WRONG, True)
    assert "top-secret" not in found["database"].seen + found["database"].advice


def test_postgresql_is_looked_at(place: Place, postgres_url_factory: Callable[[], str]) -> None:
    found = place.look("worker", database_url=postgres_url_factory())
    assert {each.verdict for each in found.values()} == {RIGHT}


def test_a_database_that_was_never_made_is_told(place: Place, postgres_url_factory: Callable[[], str]) -> None:
    url = postgres_url_factory().replace("test_", "no_such_database_")
    found = place.look("database", database_url=url)["database"]
    assert (found.verdict, "does not exist" in found.seen) == (WRONG, True)


@pytest.mark.parametrize(
    ("mounts", "kind"),
    [
        ("/dev/sda1 / ext4 rw 0 0\nnas:/x /srv nfs4 rw 0 0", "nfs4"),
        ("nas:/x /srv nfs4 rw 0 0\n/dev/sda1 / ext4 rw 0 0", "nfs4"),
        ("/dev/sda1 / ext4 rw 0 0\nnas:/x /srv/other nfs4 rw 0 0\nbroken", "ext4"),
        ("//nas/x /srv/case\\040keeper cifs rw 0 0", "cifs"),
        ("", ""),
    ],
)
def test_the_file_system_is_the_deepest_that_fits(mounts: str, kind: str) -> None:
    folder = "case keeper" if kind == "cifs" else "data"
    assert kind_of_mount(mounts, Path(f"/srv/{folder}/case-keeper.db")) == kind


@pytest.mark.parametrize(("kind", "verdict"), [("nfs4", WARNING), ("ext4", RIGHT)])
def test_sqlite_on_a_network_is_told(place: Place, tmp_path: Path, kind: str, verdict: Verdict) -> None:
    (tmp_path / "mounts").write_text(f"disk / {kind} rw 0 0\n")
    machine = replace(QUICK, mounts=tmp_path / "mounts")
    assert place.look("file_system", machine)["file_system"].verdict is verdict
    assert place.look("file_system", replace(QUICK, mounts=tmp_path / "none"))["file_system"].verdict is UNCHECKED
    url = "postgresql+psycopg://bot@127.0.0.1:1/bot"
    assert place.look("file_system", machine, database_url=url)["file_system"].verdict is UNCHECKED


def test_redis_is_looked_at(place: Place, redis_url: str) -> None:
    assert place.look("redis", redis_url=redis_url)["redis"].verdict is RIGHT
    secret = redis_url.replace("redis://", "redis://somebody:top-secret@")
    for url, told in (
        ("redis://127.0.0.1:1/0", "连不上"),
        ("127.0.0.1:6379", "写法不对"),
        ("redis://[far", "写法不对"),
        (secret, "密码"),
    ):
        found = place.look("redis", redis_url=url)["redis"]
        assert (found.verdict, told in found.seen) == (WRONG, True)
        assert "top-secret" not in found.seen + found.advice
    assert place.look("redis")["redis"].verdict is UNCHECKED


def test_a_file_is_written_read_and_removed(place: Place, tmp_path: Path) -> None:
    assert place.look("blobs", data_dir=tmp_path)["blobs"].verdict is RIGHT
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []
    shutil.rmtree(tmp_path / "blobs")
    (tmp_path / "blobs").write_text("no folder")
    assert place.look("blobs", data_dir=tmp_path)["blobs"].verdict is WRONG


def test_work_that_nobody_does_is_told(place: Place) -> None:
    assert place.look("worker")["worker"].verdict is RIGHT
    place.platform.send_file(TEACHER, "案例.docx", b"some bytes")
    assert place.look("worker")["worker"].verdict is RIGHT
    later = replace(QUICK, now=lambda: datetime.now(UTC) + timedelta(minutes=6))
    found = place.look("worker", later)["worker"]
    assert (found.verdict, found.seen.startswith("有 1 条")) == (WRONG, True)
