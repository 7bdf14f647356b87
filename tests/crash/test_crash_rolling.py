"""A new version is rolled out under load: both are alive on the same rows, the old one gets TERM, nothing is lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from crash_run import OTHER, recover_and_check, stage
from installation import TEACHER, Backend
from ledger_checker import Sent
from mutation import mutated
from supervised import ROOT, free_port, running, supervised
from word_files import case_document

pytestmark = [pytest.mark.long, pytest.mark.timeout(400)]
# With what answers the files fewer than 30 pushes a minute to one member: what is above WeCom drops in silence.
_QUESTIONS = 40
# The next version knows one column more, and writes one field more into every waiting message.
NEXT = (
    (
        "store/schema/mail.py",
        """    reply: Mapped[str | None] = mapped_column(Text)
    stream_id""",
        """    reply: Mapped[str | None] = mapped_column(Text)
    origin: Mapped[str | None] = mapped_column(Text)
    stream_id""",
    ),
    (
        "domain/chat.py",
        """    platform_type: str = \"\"""",
        """    platform_type: str = \"\"\n    origin: str = \"next\"""",
    ),
)
MIGRATION = '''"""A column of the next version."""

import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"


def upgrade() -> None:
    op.add_column("inbox", sa.Column("origin", sa.Text, nullable=True))
'''


def next_version(folder: Path) -> Path:
    """The source as a later release might be."""
    source = mutated(folder, *NEXT)
    head = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
    (source / "migrations" / "versions" / "9999_next.py").write_text(MIGRATION.format(head=head), encoding="utf-8")
    return source


@pytest.mark.parametrize("kind", ["sqlite", "postgresql+redis"])
def test_two_versions_at_once_and_the_old_one_goes(
    make_backend: Callable[[str], AbstractContextManager[Backend]], kind: str, tmp_path: Path
) -> None:
    source = next_version(tmp_path / "next")
    documents = {f"{name}.docx": case_document(3600, title=f"{name}校的案例") for name in "甲乙丙丁"}
    order = random.Random(1)
    acts: list[Callable[[], Sent]] = [
        lambda: Sent(sim.platform.say(order.choice((TEACHER, OTHER)), "字数要求是多少", channel="app"))
    ] * _QUESTIONS
    acts += [lambda n=name, d=data: Sent(sim.platform.send_file(TEACHER, n, d), d) for name, data in documents.items()]
    order.shuffle(acts)
    with make_backend(kind) as backend, stage() as sim, supervised(sim, backend) as old:
        sim.platform.pace.interactions_in_flight = len(documents)
        with ThreadPoolExecutor(4) as pool:
            third = len(acts) // 3
            alone = [pool.submit(act) for act in acts[:third]]
            newer = old.settings.model_copy(update={"port": free_port()})
            with running(newer, old.commands, source) as new:
                together = [pool.submit(act) for act in acts[third : 2 * third]]
                for channel, address in (("app", "app"), ("bot", "aibot")):
                    sim.platform.set_callback(channel, f"http://127.0.0.1:{newer.port}/wecom/{address}")
                after = [pool.submit(act) for act in acts[2 * third :]]
                old.stop()
                sent = [future.result() for future in (*alone, *together, *after)]
                assert recover_and_check(sim.platform, new, sent) == []
    assert new.deaths == 0
