"""The migrations make exactly the tables the models describe, on both engines, once or often, alone or together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from bot.migrating import alembic_config, migrate, newest_revision
from store.database import Database
from store.schema import (
    broadcasts,
    campaign,
    copies,
    deadlines,
    intake,
    mail,
    people,
    questions,
    reminders,
    reports,
    uploads,
    web,
)
from store.schema.root import Base

TABLES = (broadcasts, campaign, copies, deadlines, intake, mail, people, questions, reminders, reports, uploads, web)


def test_models_and_migrations_agree(database: Database) -> None:
    migrate(database)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_newest_revision_is_known_without_alembic(database: Database) -> None:
    with database.engine.connect() as connection:
        script = ScriptDirectory.from_config(alembic_config(connection))
    assert [newest_revision()] == script.get_heads()


def test_an_older_database_is_brought_up(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    with database.engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0018")
    migrate(database)
    with database.engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == newest_revision()
    database.close()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_several_processes_may_start_at_once(request: pytest.FixtureRequest, tmp_path: Path, engine: str) -> None:
    if engine == "sqlite":
        url = f"sqlite:///{tmp_path / 'new.db'}"
    else:
        url = request.getfixturevalue("postgres_url_factory")()
        emptied = Database(url)
        Base.metadata.drop_all(emptied.engine)
        with emptied.engine.begin() as connection:
            connection.exec_driver_sql("drop table alembic_version")
        emptied.close()
    databases = [Database(url) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(migrate, databases))
    assert set(Base.metadata.tables) <= set(inspect(databases[0].engine).get_table_names())
    for database in databases:
        database.close()
