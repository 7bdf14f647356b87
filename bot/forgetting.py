"""Forget: what was kept for a day only goes, rows first, bytes in the same moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot.services import Services
from store import forgetting

_log = structlog.get_logger(__name__)

# Bytes that somebody has just sent again may not have their row yet.
YOUNG = timedelta(hours=1)
_AT_ONCE = 50


class _TooYoungError(Exception):
    """These bytes were written a moment ago: perhaps somebody is about to refer to them."""


def forget_what_is_over(services: Services) -> int:
    """Let go of prechecks and listed ZIPs whose day is over, a bounded number of them. Returns how many went."""
    with services.database.read() as session:
        prechecks, batches = forgetting.over(session, services.clock.now())
    steps: list[tuple[Callable[[Session, int], list[str]], int]] = [
        *((forgetting.forget_precheck, number) for number in prechecks[:_AT_ONCE]),
        *((forgetting.forget_batch, number) for number in batches[:_AT_ONCE]),
    ]
    return sum(_forget(services, step, number) for step, number in steps)


def _forget(services: Services, step: Callable[[Session, int], list[str]], number: int) -> bool:
    """One of them. The bytes go before the rows are committed: a process killed in between does it once more."""
    young_until = services.clock.real() - YOUNG
    try:
        with services.database.begin() as session:
            for sha256 in step(session, number):
                _remove(services, sha256, young_until)
    except _TooYoungError:
        return False
    except Exception as error:
        _log.warning("could not be forgotten yet", error=type(error).__name__)
        return False
    return True


def _remove(services: Services, sha256: str, young_until: datetime) -> None:
    if not services.blobs.remove(sha256, written_before=young_until):
        raise _TooYoungError
