"""The harness itself: with a promise broken on purpose, the checker must turn red."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from crash_run import crash_run, recover_and_check, stage
from installation import TEACHER, Backend
from ledger_checker import Sent
from mutation import mutated
from sqlalchemy import text
from supervised import supervised
from word_files import case_document

from store.database import Database

MakeBackend = Callable[[str], AbstractContextManager[Backend]]
pytestmark = [pytest.mark.timeout(400), pytest.mark.long]
# Each changes one place of the source into a well-known mistake.
ANSWER_BEFORE_COMMIT = (
    "bot/intake.py",
    """        answer, waiting = services.database.write_after(partial(look_ahead, services, incoming), write)
""",
    """        with services.database.begin() as session:
            answer, waiting = _accept(services, session, incoming, arrival, None)
            session.rollback()
        __import__("threading").Timer(0.3, _afterwards, (services, incoming, arrival)).start()
        return answer
""",
)
AFTERWARDS = (
    "bot/intake.py",
    "def _accept(",
    """def _afterwards(services: Services, incoming: Incoming, arrival: inbox.Arrival) -> None:
    with services.database.begin() as session:
        _, waiting = _accept(services, session, incoming, arrival, None)
        fail_points.reach("before_commit_of_callback")
    services.nudge(waiting)


def _accept(""",
)
SENT_BEFORE_SENDING = (
    "bot/delivering.py",
    """    fail_points.reach("before_send")
    result: SendResult""",
    """    _end(services, lambda session: outbox.mark_accepted(session, plan.outbox_id, None, services.clock.real()))
    fail_points.reach("before_send")
    result: SendResult""",
)

# The same card under another number, and the same file uploaded anew: what the platform's duplicate check cannot know.
BODY_NOT_FIXED = ("bot/delivering.py", "    outbox.fix_body(row, body, now)\n", "")
CARD_ANEW = ("bot/delivering.py", "return choice_card(card.task_id,", "return choice_card(uuid.uuid4().hex,")
FILE_NOT_FIXED = (
    "bot/delivering.py",
    "        return outbox.fix_upload(session, row.id, body, services.clock.real())",
    "        return body",
)
UPLOAD_NOT_NOTED = (
    "bot/uploading.py",
    "        handouts.note_upload(session, handout, media_id, now)\n",
    "        pass\n",
)


def test_an_answer_before_the_commit_is_found(make_backend: MakeBackend, tmp_path: Path) -> None:
    source = mutated(tmp_path / "source", ANSWER_BEFORE_COMMIT, AFTERWARDS)
    with make_backend("sqlite") as backend:
        found = crash_run(backend, "before_commit_of_callback", 1, source)
    assert any(fault.startswith("lost: ") for fault in found)


def test_sent_marked_before_sending_is_found(make_backend: MakeBackend, tmp_path: Path) -> None:
    source, document = mutated(tmp_path / "source", SENT_BEFORE_SENDING), case_document(1000)
    with (
        make_backend("sqlite") as backend,
        stage() as sim,
        supervised(sim, backend, fail_points="before_send:1", source=source) as service,
    ):
        sent = [Sent(sim.platform.send_file(TEACHER, "案例.docx", document, channel="app"), document)]
        sim.platform.wait_for(service.died, 60)
        found = recover_and_check(sim.platform, service, sent)
    assert any("was told 0 times" in fault for fault in found)


def test_a_doubled_card_is_found(make_backend: MakeBackend, tmp_path: Path) -> None:
    source = mutated(tmp_path / "source", BODY_NOT_FIXED, CARD_ANEW)
    with (
        make_backend("sqlite") as backend,
        stage() as sim,
        supervised(sim, backend, fail_points="after_send_before_mark:1", source=source) as service,
    ):
        sent = [Sent(sim.platform.say(TEACHER, "什么时候截止", channel="app"))]
        sim.platform.wait_for(service.died, 60)
        found = recover_and_check(sim.platform, service, sent)
    assert any("a card without a text of its own" in fault for fault in found)


def test_a_doubled_file_is_found(make_backend: MakeBackend, tmp_path: Path) -> None:
    source, document = mutated(tmp_path / "source", FILE_NOT_FIXED, UPLOAD_NOT_NOTED), case_document(1000)
    with (
        make_backend("sqlite") as backend,
        stage() as sim,
        supervised(sim, backend, fail_points="after_send_before_mark:1", source=source) as service,
    ):
        sent = [Sent(sim.platform.send_file(TEACHER, "案例.docx", document), document)]
        sim.platform.wait_for(service.died, 60)
        found = recover_and_check(sim.platform, service, sent)
    assert any("announced 1 times and came 2 times" in fault for fault in found)


def twice_at_once(backend: Backend, *, unique_key: bool) -> list[str]:
    """The same file callback twice while the first is still uncommitted; then what the checker says."""
    document = case_document(3600, title=f"案例{random.randrange(10**6)}")
    with stage() as sim, supervised(sim, backend, fail_points="before_commit_of_callback:1:sleep") as service:
        if not unique_key:
            _drop_unique_key(service.settings.effective_database_url)
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(sim.platform.send_file, TEACHER, "甲.docx", document)
            while not (sim.platform.records and sim.platform.records[0].body):
                time.sleep(0.01)
            time.sleep(0.5)  # the first now waits inside its transaction
            record = sim.platform.records[0]
            url = sim.platform.core.callback_urls["bot"]
            again = pool.submit(sim.platform.core.outbound.raw, "POST", url, record.params, record.body, {})
            assert (first.result().acknowledged, again.result().status) == (True, 200)
        return recover_and_check(sim.platform, service, [Sent(record, document)])


def _drop_unique_key(url: str) -> None:
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE inbox DROP CONSTRAINT uq_inbox_channel_key"))
    database.close()


@pytest.mark.parametrize("unique_key", [True, False])
def test_a_dropped_unique_key_is_found(make_backend: MakeBackend, *, unique_key: bool) -> None:
    """On PostgreSQL: SQLite's one writer at a time hides the mistake."""
    with make_backend("postgresql+redis") as backend:
        found = twice_at_once(backend, unique_key=unique_key)
    assert any(fault.startswith("taken twice: ") for fault in found) is not unique_key
    assert bool(found) is not unique_key
