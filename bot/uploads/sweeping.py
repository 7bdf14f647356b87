"""Uploads nobody goes on with: their time ends, and their bytes go."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.services import Services
from bot.uploads.parts import LockedError
from store import uploads

# A file whose row is being written must not look like one without a row.
_YOUNG = timedelta(hours=1)


def sweep(services: Services, now: datetime) -> None:
    """Give up what is expired, then remove every file that no upload needs: also those that a killed process left."""
    desk = services.desk
    if desk is None:
        return
    with services.database.read() as session:
        over = uploads.expired(session, now)
        lying = desk.parts.older_than(now - _YOUNG)
        left = sorted(set(lying) - uploads.needed(session, lying)) if lying else []
    for each in over:
        try:
            with desk.parts.hold(each), services.database.begin() as session:
                uploads.give_up(session, each)
        except LockedError:  # its last bytes may be coming just now
            continue
        except FileNotFoundError:
            with services.database.begin() as session:
                uploads.give_up(session, each)
        desk.parts.remove(each)
    for each in left:
        desk.parts.remove(each)
