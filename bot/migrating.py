"""Brings a database to the newest tables; safe when several processes start at once."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from store.database import Database

_LOCK = 0x0CA5E  # any number, the same for every process of this service


def alembic_config(connection: Connection) -> Config:
    """Alembic's settings without a file of its own, bound to an open connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).resolve().parent.parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def migrate(database: Database) -> None:
    """Upgrade to the newest revision. On PostgreSQL an advisory lock lets one process do it while others wait; SQLite's
    write lock does the same.
    """
    engine = database.engine.execution_options(sqlite_immediate=True) if database.is_sqlite else database.engine
    with engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        command.upgrade(alembic_config(connection), "head")
