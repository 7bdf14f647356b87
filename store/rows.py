"""Compare-and-swap on rows: whether an UPDATE found the row in the state it expected."""

from __future__ import annotations

from typing import cast

from sqlalchemy import CursorResult, Update
from sqlalchemy.orm import Session


def count_changed(session: Session, statement: Update) -> int:
    """Run the UPDATE; how many rows it changed. Loaded objects are refreshed from the database when next used."""
    result = cast("CursorResult[object]", session.execute(statement.execution_options(synchronize_session="fetch")))
    return result.rowcount


def changed(session: Session, statement: Update) -> bool:
    """Run the UPDATE; whether it changed exactly one row."""
    return count_changed(session, statement) == 1
