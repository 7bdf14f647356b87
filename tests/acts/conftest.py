"""A world for the tests of one file, with two counties, a directly managed school and the bureau: each test brings
cases of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from acting_world import World, open_world

from domain.roles import Role


@pytest.fixture(scope="module")
def on_postgresql(postgres_url_factory: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """What most tests of a file share."""
    yield from _peopled(postgres_url_factory(), tmp_path_factory.mktemp("acts"))


@pytest.fixture(scope="module")
def on_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """For what the engine has a part in."""
    folder = tmp_path_factory.mktemp("acts")
    shutil.copyfile(sqlite_template, folder / "bot.db")
    yield from _peopled(f"sqlite:///{folder / 'bot.db'}", folder / "data")


@pytest.fixture
def world(on_postgresql: World) -> World:
    """The same for one test: what others did does not count."""
    on_postgresql.begin()
    return on_postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def either_world(request: pytest.FixtureRequest) -> World:
    """The same on each engine."""
    made: World = request.getfixturevalue(f"on_{request.param}")
    made.begin()
    return made


def _peopled(url: str, folder: Path) -> Iterator[World]:
    made = open_world(url, folder)
    made.enrol("teacher", Role.TEACHER, "lichuan", "张老师", "13800000001")
    made.enrol("colleague", Role.TEACHER, "lichuan", "李老师")
    made.enrol("coordinator", Role.COORDINATOR, "lichuan", "王协调", "13800000002")
    made.enrol("deputy", Role.COORDINATOR, "lichuan", "周协调")
    made.enrol("other", Role.COORDINATOR, "enshi", "外县协调")
    made.enrol("admin", Role.ADMIN, None, "州管理员")
    yield made
    made.services.close()
