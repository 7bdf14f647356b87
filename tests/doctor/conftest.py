"""A running web process and its platform for the tests of the doctor."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from examining_place import ASLEEP, Place
from installation import ADMIN, PEOPLE, Backend, settings_for, web_only

from bot.config import DATABASE_FILE
from simulator.platform import Person, PlatformSettings
from simulator.server import SimulatorServer

SECRET_KEY = "0123456789abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Place]:
    data_dir = tmp_path_factory.mktemp("doctor") / "data"
    data_dir.mkdir()
    shutil.copyfile(sqlite_template, data_dir / DATABASE_FILE)
    backend = Backend("", "", data_dir)
    people = (*PEOPLE, Person(ASLEEP, "州教育局 新同事", "州教育局", activated=False))
    more = {"secret_key": SECRET_KEY, "admin_userids": ADMIN, "wecom_domain_files": "WW_verify_AbC123.txt"}
    with SimulatorServer(PlatformSettings(people=people)) as sim, web_only(sim, backend, **more):
        url = sim.platform.core.callback_urls["app"].removesuffix("/wecom/app")
        sim.platform.core.settings = replace(
            sim.settings, app_domain=url.removeprefix("http://"), app_home_url=f"{url}/console/"
        )
        yield Place(sim, url, lambda **changed: settings_for(sim, backend, **({"public_url": url} | more | changed)))


@pytest.fixture
def pace(place: Place) -> Iterator[object]:
    """The platform's habits, put back after the test, with no fault left."""
    pace = place.platform.pace
    kept = {name: getattr(pace, name) for name in pace.__slots__}
    yield pace
    for name, value in kept.items():
        setattr(pace, name, value)
    place.platform.knobs.clear()
