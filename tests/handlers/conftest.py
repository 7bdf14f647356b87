"""What the dialogues share: notice pack, engine and sandbox, each made once, and the stage where they happen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dialogue_stage import OpenStage, Stage

from answers import Engine
from bot.copies import COMMAND
from bot.engines import Engines
from domain.notice import Notice
from domain.notice_loader import load_notice
from store.blobs import BlobStore
from store.database import Database
from validators.facts import FileFacts
from validators.sandbox import Sandbox

PACK = Path(__file__).resolve().parents[2] / "notices" / "enshi-2023-05"


@pytest.fixture(scope="session")
def notice() -> Notice:
    return load_notice(PACK)


@pytest.fixture(scope="session")
def engine(notice: Notice) -> Engine:
    return Engine(notice)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(command=COMMAND) as running:
        yield running


@pytest.fixture(scope="session")
def facts() -> dict[tuple[str, str], FileFacts]:
    """What was read before: the same file need not be read for each engine."""
    return {}


@pytest.fixture
def open_stage(  # noqa: PLR0917 - fixtures
    database: Database,
    notice: Notice,
    engine: Engine,
    sandbox: Sandbox,
    facts: dict[tuple[str, str], FileFacts],
    tmp_path: Path,
) -> OpenStage:
    """Opens the stage at an instant, with this notice or another one."""
    blobs = BlobStore(tmp_path / "blobs", free=lambda _: 1.0)

    def opened(now: datetime, other: Notice = notice) -> Stage:
        return Stage(database, other, Engines(other, engine), sandbox, blobs, facts, now.astimezone(UTC))

    return opened
