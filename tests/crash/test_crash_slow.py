"""A send that outlives its lease is taken up by somebody else; what goes out twice must be known to the platform."""

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
def test_two_who_upload_the_same_file_send_one_message(tmp_path: Path) -> None:
    """The first upload takes longer than its lease of a second, so that a second one is over before it."""
    document = case_document(1000)
    backend = Backend("", "", tmp_path / "data")
    with stage() as sim:
        with supervised(sim, backend, bot_lease_seconds=1) as service:
            sim.platform.knobs.set("media/upload", "delay", 5)
            sent = [Sent(sim.platform.send_file(TEACHER, "案例.docx", document), document)]
            sim.platform.wait_for(lambda: len(sim.platform.ledger.entries("upload")) == 2, 60)
            assert recover_and_check(sim.platform, service, sent) == []
        # Stopped: whoever was slow has done all it would do.
        database = Database(service.settings.effective_database_url)
        found = faults(sim.platform, database, backend.data_dir / "blobs", sent)
        database.close()
        assert found == []
        assert len(sim.platform.ledger.entries("accepted")) == 1
