"""Tick: finds every row that is due, so that nothing depends on the queue's memory."""

from __future__ import annotations

import structlog

from bot.nudge import Waiting
from bot.reminding import remind
from bot.services import Services
from bot.uploads.sweeping import sweep
from store import batches, fetches, inbox, outbox, packages

_log = structlog.get_logger(__name__)


def find_waiting(services: Services) -> Waiting:
    """Give back the leases of dead processes, remind whoever is to be reminded, then list all that is due now.

    This process lives: what it holds it holds on to first, however late its own renewals come.
    """
    services.leases.renew(services.database, services.clock.real())
    now = services.clock.real()
    sweep(services, now)
    with services.database.begin() as session:
        fetches.return_leases(session, now)
        inbox.return_leases(session, now)
        outbox.return_leases(session, now)
        packages.return_leases(session, now)
        batches.return_leases(session, now)
    try:
        remind(services)
    except Exception:
        _log.exception("reminding failed, everything else goes on")
    with services.database.read() as session:
        return Waiting(
            fetches=tuple(fetches.due(session, now)),
            lanes=tuple(inbox.due_lanes(session, now)),
            sends=tuple(outbox.due(session, now)),
            packages=tuple(packages.due(session, now)),
            batches=tuple(batches.due(session, now)),
        )
