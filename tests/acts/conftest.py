"""A world for the tests of one file on each engine: each test brings cases of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from acting_world import World, open_world

from domain.roles import Role


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two counties with their people, a directly managed school, and the bureau."""
    folder = tmp_path_factory.mktemp("console")
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), folder / "bot.db")
        url = f"sqlite:///{folder / 'bot.db'}"
    else:
        url = request.getfixturevalue("postgres_url_factory")()
    made = open_world(url, folder / "data")
    made.enrol("teacher", Role.TEACHER, "lichuan", "张老师", "13800000001")
    made.enrol("colleague", Role.TEACHER, "lichuan", "李老师")
    made.enrol("coordinator", Role.COORDINATOR, "lichuan", "王协调", "13800000002")
    made.enrol("deputy", Role.COORDINATOR, "lichuan", "周协调")
    made.enrol("other", Role.COORDINATOR, "enshi", "外县协调")
    made.enrol("admin", Role.ADMIN, None, "州管理员")
    yield made
    made.services.close()


@pytest.fixture
def world(shared_world: World) -> World:
    """The same for one test: what others did does not count."""
    shared_world.begin()
    return shared_world
