"""kill -9 of the one process while a file is on its way: the receipt arrives once, or one request to send again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from crash_run import recover_and_check, stage
from installation import TEACHER, Backend
from ledger_checker import Sent, quiet
from supervised import supervised
from word_files import case_document

from bot.jobs import TICK_SECONDS
from store import fetches, inbox
from store.database import Database

pytestmark = [pytest.mark.timeout(400), pytest.mark.xdist_group("crash upload")]
DOCUMENT = case_document(3600, title="上传途中的案例")


@pytest.fixture
def backend(make_backend: Callable[[str], AbstractContextManager[Backend]]) -> Iterator[Backend]:
    """One process does everything, as in the demo."""
    with make_backend("sqlite") as made:
        yield made


@pytest.mark.parametrize("fault", [("delay", 1.5), ("truncate", 2000)])
def test_a_kill_during_the_download_costs_nothing(backend: Backend, fault: tuple[str, float]) -> None:
    with stage() as sim, supervised(sim, backend) as service:
        sim.platform.knobs.set("media_url", fault[0], fault[1])
        record = sim.platform.send_file(TEACHER, "案例.docx", DOCUMENT)
        assert record.acknowledged
        sim.platform.wait_for(lambda: sim.platform.ledger.entries("fault"))
        for command in service.commands:
            service.kill(command)
        assert recover_and_check(sim.platform, service, [Sent(record, DOCUMENT)]) == []


def test_after_the_file_is_gone_there_is_one_request_to_send_again(backend: Backend) -> None:
    with stage() as sim, supervised(sim, backend) as service:
        sim.platform.knobs.set("media_url", "delay", 1.5)
        record = sim.platform.send_file(TEACHER, "案例.docx", DOCUMENT)
        sim.platform.wait_for(lambda: sim.platform.ledger.entries("fault"))
        for command in service.commands:
            service.kill(command)
        sim.platform.expire_media()
        service.tend()
        database = Database(service.settings.effective_database_url)
        sim.platform.wait_for(lambda: quiet(sim.platform, database), 40)
        database.close()

        shown = [message.text for message in sim.platform.chat(TEACHER, "bot") if message.author != "person"]
        assert record.acknowledged
        assert len(shown) == 1
        assert "请重新发送" in shown[0]


def test_leases_end_long_before_the_platform_forgets_the_file() -> None:
    """Killed at once and restarted within four minutes: lease and tick are over while the bytes are still there."""
    found_after = max(fetches.LEASE, inbox.LEASE) + timedelta(seconds=TICK_SECONDS)
    assert found_after <= timedelta(minutes=2)
