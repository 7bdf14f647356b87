"""Rows in one statement: whether an UPDATE found what it expected, whether an INSERT was the first, put or replace."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from sqlalchemy import CursorResult, Table, Update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from store.schema.root import Base

_FETCH = {"synchronize_session": "fetch"}


def count_changed(session: Session, statement: Update, asked: Mapping[str, Any] | None = None) -> int:
    """Run the UPDATE; how many rows it changed. Loaded objects are refreshed from the database when next used.
    `asked` are the values of its parameters, where it was built once for all."""
    result = cast("CursorResult[object]", session.execute(statement, asked, execution_options=_FETCH))
    return result.rowcount


def changed(session: Session, statement: Update, asked: Mapping[str, Any] | None = None) -> bool:
    """Run the UPDATE; whether it changed exactly one row."""
    return count_changed(session, statement, asked) == 1


def insert_unless_known(session: Session, model: type[Base], values: Mapping[str, Any]) -> int | None:
    """Insert unless a unique key says no; the new row's id, or None. Of several processes exactly one gets an id."""
    statement = _insert_first(_dialect(session), model)
    return cast("int | None", session.connection().scalar(statement, values))


def put_row(session: Session, model: type[Base], values: Mapping[str, Any]) -> None:
    """Insert the row, or replace what the row with this primary key says. Loaded objects are not refreshed."""
    session.connection().execute(_upsert(_dialect(session), model, tuple(values)), values)


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


@cache
def _insert_first(dialect: str, model: type[Base]) -> Any:
    table = cast("Table", model.__table__)
    made: Any = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    return made.on_conflict_do_nothing().returning(table.c.id)


@cache
def _upsert(dialect: str, model: type[Base], names: tuple[str, ...]) -> Any:
    table = cast("Table", model.__table__)
    made: Any = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    keys = [column.name for column in table.primary_key]
    return made.on_conflict_do_update(
        index_elements=keys, set_={name: made.excluded[name] for name in names if name not in keys}
    )
