"""Writes of many threads in one transaction: each gets its own outcome, nobody suffers from another's."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from store.database import Database
from store.group_commit import GroupCommit
from store.schema.mail import Setting

OTHERS = 6


class Stage:
    """A group commit on a database, whose syncs and transactions are counted; the first write can be held open."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.transactions = 0
        self.syncs = 0
        self.group = GroupCommit(self._begin, self._sync)

    @contextmanager
    def _begin(self) -> Iterator[Session]:
        self.transactions += 1
        with self._database.begin() as session:
            yield session

    def _sync(self) -> None:
        self.syncs += 1

    def together(self, writes: list[Callable[[Session], str]]) -> list[Future[str]]:
        """Run these in one group: while another write is under way they all come."""
        leading, may_end = threading.Event(), threading.Event()

        def lead(_: Session) -> str:
            leading.set()
            assert may_end.wait(30)
            return "led"

        with ThreadPoolExecutor(len(writes) + 1) as pool:
            first = pool.submit(self.group.run, lead)
            assert leading.wait(30)
            outcomes = [pool.submit(self.group.run, write) for write in writes]
            while self.group.waiting < len(writes):
                threading.Event().wait(0.001)
            may_end.set()
            assert first.result(30) == "led"
        return outcomes


def adding(name: str) -> Callable[[Session], str]:
    def write(session: Session) -> str:
        session.add(Setting(name=name, value=name))
        session.flush()
        return name

    return write


def failing(session: Session) -> str:
    adding("lost")(session)
    raise KeyError("this one only")


def clashing(session: Session) -> str:
    """Fails at the commit of the group, not while it runs."""
    session.add(Setting(name="taken", value="twice"))
    return "never"


def names(database: Database) -> set[str]:
    with database.read() as session:
        return set(session.scalars(select(Setting.name)))


@pytest.fixture
def stage(database: Database) -> Stage:
    with database.begin() as session:
        adding("taken")(session)
    return Stage(database)


def test_a_lone_write_is_committed_and_synced(stage: Stage, database: Database) -> None:
    assert stage.group.run(adding("a")) == "a"
    assert (names(database), stage.transactions, stage.syncs) == ({"taken", "a"}, 1, 1)


def test_who_comes_while_others_write_goes_together(stage: Stage, database: Database) -> None:
    outcomes = stage.together([adding(str(number)) for number in range(OTHERS)])
    assert [each.result(0) for each in outcomes] == [str(number) for number in range(OTHERS)]
    assert names(database) == {"taken", *map(str, range(OTHERS))}
    assert (stage.transactions, stage.syncs) == (2, 2)


@pytest.mark.parametrize("bad", [failing, clashing])
def test_a_write_that_fails_hurts_nobody_else(stage: Stage, database: Database, bad: Callable[[Session], str]) -> None:
    before, broken, after = stage.together([adding("a"), bad, adding("b")])
    assert (before.result(0), after.result(0)) == ("a", "b")
    assert isinstance(broken.exception(0), Exception)
    assert names(database) == {"taken", "a", "b"}


def test_a_lone_write_that_fails_is_run_once(stage: Stage, database: Database) -> None:
    with pytest.raises(KeyError):
        stage.group.run(failing)
    assert (stage.transactions, names(database)) == (1, {"taken"})
    assert stage.group.run(adding("a")) == "a"


def test_with_the_database_away_all_hear_it_at_once(stage: Stage) -> None:
    def gone(_: Session) -> str:
        raise OperationalError("BEGIN", {}, Exception("away"))

    outcomes = stage.together([adding("a"), gone, adding("b")])
    assert all(isinstance(each.exception(0), OperationalError) for each in outcomes)
    assert stage.transactions == 2  # nobody was tried alone
    assert stage.group.run(adding("c")) == "c"


def test_without_a_sync_nobody_is_told_that_it_is_stored(database: Database) -> None:
    def refuse() -> None:
        raise OSError("the disk refuses")

    group = GroupCommit(database.begin, refuse)
    for _ in range(2):
        with pytest.raises(OSError, match="refuses"):
            group.run(adding("a" + str(_)))
