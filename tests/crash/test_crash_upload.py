"""kill -9 of the one process at any moment of an upload: the receipt arrives once, or one request to send again.

The service is away for as long as it says, without anybody waiting for it: `later.pass_time`. Leases are those of an
installation, not the short ones of the other runs.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from crash_run import recover_and_check, stage
from installation import TEACHER, Backend
from later import Clock, pass_time
from ledger_checker import Sent, answers_shown, quiet
from supervised import supervised
from word_files import case_document

from bot.fail_points import FAIL_POINTS
from bot.jobs import TICK_SECONDS
from store import fetches, inbox
from store.database import Database

pytestmark = [pytest.mark.long, pytest.mark.timeout(400), pytest.mark.xdist_group("crash upload")]
DOCUMENT = case_document(3600, title="上传途中的案例")
# Every place an upload by the AI bot passes, in its order, up to the one where the person has read the receipt.
UPLOAD = FAIL_POINTS[: FAIL_POINTS.index("after_answer_before_collected") + 1]
STORED = UPLOAD[UPLOAD.index("after_row_before_nudge") :]
SOON, LATE = timedelta(minutes=3, seconds=50), timedelta(minutes=7)


@pytest.fixture
def backend(make_backend: Callable[[str], AbstractContextManager[Backend]]) -> Iterator[Backend]:
    """One process does everything, as in the demo."""
    with make_backend("sqlite") as made:
        yield made


@pytest.mark.parametrize("point", UPLOAD)
def test_back_within_four_minutes_the_receipt_arrives_once(backend: Backend, point: str) -> None:
    clock = Clock()
    with stage(clock) as sim, supervised(sim, backend, fail_points=f"{point}:1", bot_lease_seconds=None) as service:
        record = sim.platform.send_file(TEACHER, "案例.docx", DOCUMENT)
        sim.platform.wait_for(service.died, 60)
        pass_time(clock, service.settings.effective_database_url, SOON)
        assert recover_and_check(sim.platform, service, [Sent(record, DOCUMENT)]) == []


@pytest.mark.parametrize("seed", range(4))
def test_at_any_moment_the_receipt_arrives_once(backend: Backend, seed: int) -> None:
    """Not at a named place: somewhere in the second and a half that an upload takes."""
    clock, moment = Clock(), random.Random(seed).uniform(0, 1.5)
    with stage(clock) as sim, supervised(sim, backend, bot_lease_seconds=None) as service:
        sim.platform.knobs.set("media_url", "delay", 0.5)
        record = sim.platform.send_file(TEACHER, "案例.docx", DOCUMENT)
        time.sleep(moment)
        service.kill()
        pass_time(clock, service.settings.effective_database_url, SOON)
        assert recover_and_check(sim.platform, service, [Sent(record, DOCUMENT)]) == []


@pytest.mark.parametrize("point", UPLOAD)
def test_back_later_there_is_one_request_to_send_again(backend: Backend, point: str) -> None:
    """The platform has forgotten the file and asks for the stream no more. What was home is home: then the receipt."""
    clock = Clock()
    with stage(clock) as sim, supervised(sim, backend, fail_points=f"{point}:1", bot_lease_seconds=None) as service:
        record = sim.platform.send_file(TEACHER, "案例.docx", DOCUMENT)
        sim.platform.wait_for(service.died, 60)
        pass_time(clock, service.settings.effective_database_url, LATE)
        service.tend()
        database = Database(service.settings.effective_database_url)
        sim.platform.wait_for(lambda: quiet(sim.platform, database), 60)
        database.close()
        texts = [shown.text for shown in answers_shown(sim.platform)]
    if point == "before_commit_of_callback":  # the platform has said that the bot does not answer
        assert (record.acknowledged, texts) == (False, [])
    elif point == "after_answer_before_collected":  # nobody can know that it was read: rather twice than never
        assert len(texts) == 2
        assert all("回执" in text for text in texts)
    else:
        (text,) = texts
        assert ("回执" in text) is (point in STORED)
        assert ("请重新发送" in text) is (point not in STORED)


def test_leases_end_long_before_the_platform_forgets_the_file() -> None:
    """Killed at once and restarted within four minutes: lease and tick are over while the bytes are still there."""
    found_after = max(fetches.LEASE, inbox.LEASE) + timedelta(seconds=TICK_SECONDS)
    assert found_after <= timedelta(minutes=2)
