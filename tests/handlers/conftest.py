"""What the dialogues share: the notice pack, the engine and the sandbox, each made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from answers import Engine
from bot.copies import COMMAND
from domain.notice import Notice
from domain.notice_loader import load_notice
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
