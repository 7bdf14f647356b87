"""A send that takes longer than a lease keeps it: while its process lives, nobody else takes it up."""

from __future__ import annotations

from pathlib import Path

import pytest
from crash_run import recover_and_check, stage
from installation import TEACHER, Backend
from ledger_checker import Sent, faults
from supervised import supervised
from word_files import case_document

from store.database import Database


@pytest.mark.timeout(300)
def test_a_slow_upload_is_begun_once_and_its_message_sent_once(tmp_path: Path) -> None:
    """The upload takes five times as long as a lease."""
    document = case_document(1000)
    backend = Backend("", "", tmp_path / "data")
    with stage() as sim:
        with supervised(sim, backend, bot_lease_seconds=1) as service:
            sim.platform.knobs.set("media/upload", "delay", 5)
            sent = [Sent(sim.platform.send_file(TEACHER, "案例.docx", document), document)]
            sim.platform.wait_for(lambda: sim.platform.ledger.entries("accepted", msgtype="file"), 60)
            assert recover_and_check(sim.platform, service, sent) == []
        # Stopped: whoever was slow has done all it would do.
        database = Database(service.settings.effective_database_url)
        found = faults(sim.platform, database, backend.data_dir / "blobs", sent)
        database.close()
        assert found == []
        assert len(sim.platform.ledger.entries("upload")) == 1
        assert len(sim.platform.ledger.entries("accepted", msgtype="file")) == 1
