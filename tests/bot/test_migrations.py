"""The migrations make exactly the tables the models describe, on both engines, once or often, alone or together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from bot.migrating import migrate
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
