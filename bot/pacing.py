"""Keeps below the number of messages to one member beyond which the platform drops the rest without a word.

It takes 30 a minute and 1000 an hour (protocol 4.3). These take at most 23 a minute and 465 an hour; the rest of the
minute is for two broadcasts with file and card, see `store.batches.crowded`."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from store import buckets, turns
from store.schema.mail import Outbox

_AT_ONCE = 15
_EACH = timedelta(seconds=8)
_PER_SECOND = 1 / _EACH.total_seconds()


def wait_for_turn(session: Session, row: Outbox, userid: str, now: datetime) -> list[tuple[int, timedelta]]:
    """Empty when the claimed message may go to this member now; else it waits, and so does in its turn what else is
    queued for them: which messages are due again after which time."""
    name = hashlib.blake2b(userid.lower().encode(), digest_size=16).hexdigest()
    wait = buckets.take(session, buckets.Pace(f"member {name}", _PER_SECOND, _AT_ONCE), now)
    if not wait:
        return []
    later = [(each, wait + place * _EACH) for place, each in enumerate(turns.queued_behind(session, row, now))]
    turns.wait_in_turn(session, row.id, [(each, now + after) for each, after in later])
    return later
