"""The notice pack that comes with the service, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from domain.notice import Notice
from domain.notice_loader import load_notice

# A slow machine is no fault of the code: the slowness of one example decides nothing.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

PACK = Path(__file__).resolve().parents[2] / "notices" / "enshi-2023-05"


@pytest.fixture(scope="session")
def notice() -> Notice:
    return load_notice(PACK)
