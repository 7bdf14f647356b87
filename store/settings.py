"""Values all processes share and that survive a restart."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from store.rows import put_row
from store.schema.mail import Setting


def get(session: Session, name: str) -> str | None:
    """The value, or None if it was never set."""
    row = session.get(Setting, name)
    return None if row is None else row.value


def put(session: Session, name: str, value: str) -> None:
    """Set the value for everybody."""
    put_row(session, Setting, {"name": name, "value": value})


def get_or_fix(session: Session, name: str, value: str) -> str:
    """The value; the first caller fixes it for everybody, also when several start at once."""
    known = get(session, name)
    if known is not None:
        return known
    try:
        with session.begin_nested():
            session.add(Setting(name=name, value=value))
    except IntegrityError:
        session.expire_all()
        return get(session, name) or value
    return value
