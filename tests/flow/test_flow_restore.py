"""Yesterday's backup is put back and the platform repeats what it sent today: nothing is lost, nothing done twice."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from installation import ADMIN, TEACHER, Backend, Installation, install
from sqlalchemy import select
from word_files import case_document

from bot.config import DATABASE_FILE
from bot.safekeeping.backing_up import begun
from bot.safekeeping.opening import opened
from bot.safekeeping.verifying import check_files, check_rows, files_of
from simulator.records import CallbackRecord
from simulator.server import SimulatorServer
from store.schema.campaign import Case
from store.schema.mail import Inbox

ENOUGH = 40


def back_up(service: Installation, folder: Path) -> Path:
    """What `backup` does; returns the database's copy."""
    with opened(service.settings) as installation, begun(installation, folder) as made:
        return folder / made.finish(list(made.copy_files())).database


def restore(copy: Path, data_dir: Path) -> None:
    """By hand, as the handbook says."""
    data_dir.mkdir()
    shutil.copyfile(copy, data_dir / DATABASE_FILE)
    shutil.copytree(copy.parent / "blobs", data_dir / "blobs")


@contextmanager
def chatter(service: Installation) -> Iterator[list[CallbackRecord]]:
    """Somebody who asks one thing after the other for as long as the block lasts, at least once before it begins."""
    sent: list[CallbackRecord] = []
    begun_, over = threading.Event(), threading.Event()

    def ask() -> None:
        while not over.is_set() and len(sent) < ENOUGH:
            sent.append(service.platform.say(ADMIN, f"字数要求是多少？第{len(sent)}遍"))
            begun_.set()

    asking = threading.Thread(target=ask)
    asking.start()
    begun_.wait(20)
    try:
        yield sent
    finally:
        over.set()
        asking.join(20)


def keys(service: Installation) -> list[str]:
    with service.services.database.read() as session:
        return list(session.scalars(select(Inbox.key)))


def receipts(service: Installation) -> list[str]:
    with service.services.database.read() as session:
        return list(session.scalars(select(Case.receipt)))


def faults(service: Installation) -> list[object]:
    """As if somebody looked days later: by then everything has to have come to its end."""
    later = datetime.now(UTC) + timedelta(days=2)
    with opened(service.settings) as installation:
        files = files_of(installation)
        read = {sha256 for sha256, _ in files}
        looked = check_files(installation, files, read)
        return [*check_rows(installation, later), *(fault for _, fault in looked if fault is not None)]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_restored_backup_answers_todays_repetitions_once(
    sim: SimulatorServer, backend: Backend, tmp_path: Path
) -> None:
    with install(sim, backend) as service:
        file = service.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))
        service.answer(TEACHER, timeout=60)
        (receipt,) = receipts(service)
        with chatter(service) as sent:
            before = [file, *sent]
            copy = back_up(service, tmp_path / "backup")
        today = service.platform.send_file(TEACHER, "今天的.docx", case_document(3700, "今天交的案例"))
        service.wait(lambda: service.settled() and service.outgoing_ended(), 60)
        assert len(receipts(service)) == 2
        assert faults(service) == []

    restore(copy, tmp_path / "restored")
    with install(sim, Backend("", "", tmp_path / "restored")) as service:
        held = set(keys(service))
        assert {record.msgid for record in before} <= held
        assert today.msgid not in held
        shown = len(service.platform.chat(TEACHER))
        for record in (file, *sent, file):
            service.platform.redeliver(record, fresh=True)
        service.wait(lambda: service.settled() and service.outgoing_ended(), 60)
        assert receipts(service) == [receipt]
        assert len(service.platform.chat(TEACHER)) == shown
        service.platform.redeliver(today, fresh=True)
        service.wait(lambda: len(receipts(service)) == 2 and service.settled() and service.outgoing_ended(), 60)
        assert len(keys(service)) == len(set(keys(service)))
        assert {record.msgid for record in (file, *sent, today)} <= set(keys(service))
        assert faults(service) == []
        assert service.violations() == []
