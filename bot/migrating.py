"""Brings a database to the newest tables; safe when several processes start at once.

Alembic is loaded only when there is something to do: a start on a database that is up to date, as after a crash, is a
tenth quicker without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from store.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
_LOCK = 0x0CA5E  # any number, the same for every process of this service
_NOTED = "alembic_version"


def alembic_config(connection: Connection) -> Config:
    """Alembic's settings without a file of its own, bound to an open connection."""
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def newest_revision() -> str:
    """The last revision there is: a revision's file is named after it, and they are numbered in their order."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def migrate(database: Database) -> None:
    """Upgrade to the newest revision. On PostgreSQL an advisory lock lets one process do it while others wait; SQLite's
    write lock does the same.
    """
    with database.read() as session:
        if revision(session.connection()) == newest_revision():
            return
    from alembic import command  # noqa: PLC0415 - see above

    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        command.upgrade(alembic_config(connection), "head")


def revision(connection: Connection) -> str | None:
    """The revision of the tables that are there, None for a database without any."""
    if not inspect(connection).has_table(_NOTED):
        return None
    found = connection.scalar(text(f"select version_num from {_NOTED}"))  # noqa: S608 - ours
    return None if found is None else str(found)
