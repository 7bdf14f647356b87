"""Time that passes while nobody runs: the platform's clock goes on, and every instant in the rows lies further back."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from sqlalchemy import inspect, select

from store.database import Database
from store.schema.mail import ApiToken, Fetch, Inbox, Lane, Outbox, Stream

_TABLES = (ApiToken, Fetch, Inbox, Lane, Outbox, Stream)


class Clock:
    """Real time plus what a test adds."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> float:
        return time.time() + self.ahead.total_seconds()


def pass_time(clock: Clock, url: str, away: timedelta) -> None:
    """What waiting for so long would do, with the service down."""
    clock.ahead += away
    database = Database(url)
    with database.begin() as session:
        for table in _TABLES:
            names = [column.key for column in inspect(table).column_attrs]
            for row in session.scalars(select(table)):
                for name in names:
                    value = getattr(row, name)
                    if isinstance(value, datetime):
                        setattr(row, name, value - away)
    database.close()
