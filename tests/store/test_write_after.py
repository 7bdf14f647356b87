"""Reading and thinking before the writing transaction: what was found is handed over, nothing written gets lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from store import settings
from store.database import Database
from store.schema.mail import Setting


def value(session: Session, name: str) -> str | None:
    found = session.get(Setting, name)
    return found and found.value


@pytest.fixture(autouse=True)
def one_row(database: Database) -> None:
    with database.begin() as session:
        settings.get_or_fix(session, "n", "x")


def test_what_was_found_is_handed_over(database: Database) -> None:
    def write(session: Session, seen: str | None) -> str | None:
        settings.get_or_fix(session, "m", "y")
        return seen

    assert database.write_after(lambda session: value(session, "n"), write) == "x"
    with database.read() as session:
        assert value(session, "m") == "y"


def add_row(session: Session) -> str:
    return settings.get_or_fix(session, "m", "y")


def change_loaded(session: Session) -> str:
    session.get_one(Setting, "n").value = "z"
    return "z"


def add_unsaved(session: Session) -> str:
    session.add(Setting(name="m", value="y"))
    return "y"


@pytest.mark.parametrize("look", [add_row, change_loaded, add_unsaved])
def test_who_writes_while_looking_has_found_nothing(database: Database, look: Callable[[Session], str]) -> None:
    def write(session: Session, seen: str | None) -> tuple[str | None, ...]:
        return seen, value(session, "n"), value(session, "m")

    assert database.write_after(look, write) == (None, "x", None)


def test_a_failure_while_looking_is_the_callers(database: Database) -> None:
    def fail(_: Session) -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        database.write_after(fail, lambda _session, _seen: None)


def test_who_only_reads_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError), database.read() as session:
        add_row(session)


def test_nobody_waits_for_the_writers_turn_while_looking(database: Database) -> None:
    looked = threading.Event()

    def look(session: Session) -> str | None:
        looked.set()
        return value(session, "n")

    with ThreadPoolExecutor(1) as pool:
        with database.begin() as session:
            settings.get_or_fix(session, "m", "y")  # this transaction has its turn and keeps it
            thinking = pool.submit(database.write_after, look, lambda _, seen: seen)
            assert looked.wait(10)
        assert thinking.result(10) == "x"
