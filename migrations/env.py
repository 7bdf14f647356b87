"""Alembic's environment: runs on the connection it is given, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from alembic import context

from store.schema import campaign, copies, deadlines, mail, people, questions, reports, web  # noqa: F401 - fills the metadata
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
