"""Alembic's environment: runs on the connection it is given, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from alembic import context

from store.schema import (  # noqa: F401 - importing them fills the metadata
    campaign,
    copies,
    deadlines,
    intake,
    mail,
    people,
    questions,
    reports,
    uploads,
    web,
)
from store.schema.root import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="",
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
