"""`python -m bot verify`: silent about what is as promised, one line for each thing that is not."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text, update

from bot.commands.verify import verify
from bot.safekeeping.checks import CHECKS
from domain.chat import Channel, Incoming, MessageKind
from domain.chat_json import incoming_to_json
from store.blobs import BlobStore, StoredBlob, record
from store.database import Database
from store.schema.broadcasts import Batch, Broadcast, Recipient
from store.schema.campaign import Case, Material, Person
from store.schema.mail import Fetch, Inbox, Outbox
from store.schema.reminders import Reminder
from store.schema.reports import StampedTable, UnitReport

PACK = Path(__file__).parents[2] / "notices/enshi-2023-05"
NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=2)
IN_TIME = datetime(2023, 5, 6, 1, 0, tzinfo=UTC)
RECEIPT, REPORT, STAMPED = "B1-7K2QM9XD-S", "R-7K2QM9XD-V", "T-7K2QM9XD-A"


@dataclass
class World:
    database: Database
    blobs: BlobStore
    stored: StoredBlob

    @property
    def path(self) -> Path:
        return self.blobs.path(self.stored.sha256)


def inbox(number: int, kind: MessageKind = MessageKind.TEXT, **more: object) -> Inbox:
    key = f"key-{number}"
    message = incoming_to_json(Incoming(Channel.APP, key, kind, "someone", NOW, text="你好"))
    given = {"state": "done", "reply": "您好", "received_at": LONG_AGO} | more
    return Inbox(
        id=number,
        channel="app",
        key=key,
        lane="someone",
        message=message,
        campaign_at=IN_TIME,
        next_try_at=NOW,
        **given,
    )


def outgoing(number: int, **more: object) -> Outbox:
    given = {"state": "accepted", "created_at": LONG_AGO} | more
    return Outbox(id=number, key=f"out-{number}", lane="someone", text="您好", next_try_at=LONG_AGO, **given)


def messages() -> list[object]:
    return [
        Person(id=1, role="teacher", unit_id="lichuan"),
        inbox(1),
        inbox(2, MessageKind.NOTIFICATION, reply=None),
        inbox(3, reply=None),
        inbox(4, state="fetching", received_at=NOW),
        outgoing(1),
        outgoing(2, inbox_id=3),
        outgoing(3, state="queued", created_at=NOW),
        outgoing(4, state="held"),
    ]


def handed_in(sha256: str, size: int) -> list[object]:
    of_unit = {"unit_id": "lichuan", "person_id": 1, "on_time": True, "arrived_at": IN_TIME}
    bytes_of = {"sha256": sha256, "size": size}
    file = bytes_of | {"inbox_id": 1, "position": 0}
    case = {"owner_id": 1, "first_arrived_at": IN_TIME, "on_time": True, "created_at": NOW, "updated_at": NOW}
    material = {"case_id": 1, "version": 1, "kind": "main", "arrived_at": IN_TIME, "on_time": True}
    frozen = {"files": [{"receipt": RECEIPT} | bytes_of]}
    return [
        Case(id=1, receipt=RECEIPT, title="案例", state="submitted", **case),
        Material(name="案例.docx", **file, **material),
        Fetch(id=1, kind="file", state="stored", next_try_at=NOW, expires_at=NOW, **file),
        UnitReport(edition=1, number=REPORT, content=frozen, package_state="waiting", next_try_at=NOW, **of_unit),
        StampedTable(number=STAMPED, name="汇总表.pdf", **file, **of_unit),
    ]


def told() -> list[object]:
    reminder = {"campaign": "c", "stage": "s", "kind": "owed", "occurrence": "first", "deadline_version": 0}
    return [
        Broadcast(id=1, sender_id=1, audience="全体", text="请看", asks=False, state="done", total=1, written_at=NOW),
        Batch(id=1, broadcast_id=1, kind="text", state="sent", attempts=1, next_try_at=LONG_AGO),
        Recipient(broadcast_id=1, person_id=1, batch_id=1, state="accepted"),
        Reminder(id=1, person_id=1, case_id=0, due_at=NOW, state="sent", outbox_id=1, **reminder),
    ]


def fill(world: World) -> None:
    """One of everything, as it is after a quiet day."""
    with world.database.begin() as session:
        record(session, world.stored, NOW)
        for row in (*messages(), *handed_in(world.stored.sha256, world.stored.size), *told()):
            session.add(row)
            session.flush()


def settings(monkeypatch: pytest.MonkeyPatch, url: str, data_dir: Path, **more: str) -> None:
    values = {
        "WECOM_BOT_TOKEN": "token",
        "WECOM_BOT_AES_KEY": "a" * 43,
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": url,
        "NOTICE": str(PACK),
    }
    for name, value in (values | more).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, database: Database, tmp_path: Path) -> Iterator[World]:
    settings(monkeypatch, database.url, tmp_path / "data")
    blobs = BlobStore(tmp_path / "data" / "blobs", free=lambda _: 1.0)
    with blobs.receive() as writer:
        writer.write(b"a case")
    assert writer.stored is not None
    made = World(database, blobs, writer.stored)
    fill(made)
    return made


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(verify, arguments)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def faults(*arguments: str) -> list[tuple[str, str]]:
    code, output = run("--format", "json", *arguments)
    *lines, looked = map(json.loads, output.splitlines())
    assert code == (1 if lines else 0)
    assert looked["faults"] == len(lines)
    return [(line["check"], line["subject"]) for line in lines]


def test_nothing_is_said_of_what_is_as_promised(world: World) -> None:
    code, output = run()
    assert (code, "没有发现问题" in output) == (0, True), output
    assert f"{len(CHECKS) + 1} 项承诺、1 个文件，其中 1 个（6 字节）" in output


SPOILED: dict[str, tuple[str, list[object]]] = {
    "message.handled": ("4", [update(Inbox).where(Inbox.id == 4).values(received_at=LONG_AGO)]),
    "message.given_up": ("1", [update(Inbox).where(Inbox.id == 1).values(state="dead")]),
    "message.answered": ("3", [update(Outbox).where(Outbox.id == 2).values(inbox_id=None)]),
    "lease.alive": ("取文件", [update(Fetch).values(state="working", lease_until=LONG_AGO)]),
    "outgoing.ended": ("消息", [update(Outbox).where(Outbox.id == 3).values(created_at=LONG_AGO)]),
    "broadcast.ended": ("1", [update(Recipient).values(state="planned")]),
    "reminder.sent": ("1", [update(Reminder).values(outbox_id=None)]),
    "receipt.right": ("B1-7K2QM9XD-X", [update(Case).values(receipt="B1-7K2QM9XD-X")]),
    "receipt.unique": (REPORT, [update(StampedTable).values(number=REPORT)]),
    "case.has_file": (RECEIPT, [text("delete from material")]),
    "file.registered": ("material", [update(Material).values(size=7)]),
    "report.whole": (
        REPORT,
        [update(UnitReport).values(content={"files": [{"receipt": RECEIPT, "sha256": "ab" * 32, "size": 6}]})],
    ),
    "case.on_time": (RECEIPT, [update(Case).values(on_time=False)]),
}


@pytest.mark.parametrize("check", SPOILED)
def test_each_broken_promise_is_told_once(world: World, check: str) -> None:
    subject, statements = SPOILED[check]
    with world.database.begin() as session:
        for statement in statements:
            session.execute(statement)
    assert faults() == [(check, subject)]


def test_every_check_of_the_table_has_been_seen_to_fail() -> None:
    assert {check.name for check in CHECKS} - set(SPOILED) == {"database.whole"}


def lose(world: World) -> None:
    world.path.unlink()


def shorten(world: World) -> None:
    world.path.chmod(0o640)
    world.path.write_bytes(b"a")


def spoil(world: World) -> None:
    world.path.chmod(0o640)
    world.path.write_bytes(b"a cast")


@pytest.mark.parametrize(("harm", "said"), [(lose, "不见了"), (shorten, "大小"), (spoil, "内容")])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_is_not_what_it_was_is_named_with_its_case(
    world: World, harm: Callable[[World], None], said: str
) -> None:
    harm(world)
    code, output = run()
    assert code == 1
    assert all(word in output for word in (said, world.stored.sha256, RECEIPT, "从备份里"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_a_sample_only_the_bytes_drawn_are_read(world: World) -> None:
    with world.blobs.receive() as writer:
        writer.write(b"another")
    with world.database.begin() as session:
        record(session, StoredBlob(writer.sha256, writer.size), NOW)
    assert "2 个文件，其中 1 个" in run("--files", "1")[1]
    assert "2 个文件，其中 2 个" in run("--files", "5")[1]
    assert run("--files", "0")[0] == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_damaged_database_is_told(world: World) -> None:
    path = Path(world.database.url.removeprefix("sqlite:///"))
    world.database.close()
    with closing(sqlite3.connect(path)) as connection:  # which by itself does not look after references
        connection.execute("pragma journal_mode=delete")
        connection.execute("delete from person")
        connection.commit()
        root, page = connection.execute(
            "select rootpage, (select page_size from pragma_page_size) from sqlite_master where name = 'outbox'"
        ).fetchone()
    assert {check for check, _ in faults()} == {"database.whole"}
    with path.open("r+b") as file:
        file.seek((root - 1) * page)
        file.write(b"\xff" * page)
    assert "database.whole" in {check for check, _ in faults()}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_where_it_cannot_look_it_says_so_and_makes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    world.blobs.folder.rename(tmp_path / "elsewhere")
    code, output = run()
    assert (code, "磁盘有没有挂上" in output) == (2, True)
    assert not world.blobs.folder.exists()
    with world.database.begin() as session:
        session.execute(text("update alembic_version set version_num = '0001'"))
    assert "旧版本的表" in run()[1]
    settings(monkeypatch, "", tmp_path / "nowhere")
    code, output = run()
    assert (code, "还没有数据库" in output) == (2, True)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_writes_nothing(world: World) -> None:
    world.database.close()
    before = {path: path.stat().st_mtime_ns for path in world.blobs.folder.rglob("*")}
    rows = Path(world.database.url.removeprefix("sqlite:///")).read_bytes()
    run()
    assert {path: path.stat().st_mtime_ns for path in world.blobs.folder.rglob("*")} == before
    assert Path(world.database.url.removeprefix("sqlite:///")).read_bytes() == rows
