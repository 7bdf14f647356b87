"""Names from the directory: taken where none is known, and nothing happens where it does not answer."""

from __future__ import annotations

import pytest
from installation import TEACHER, Installation
from sqlalchemy import select

from bot.directory import look_up_names
from store.schema.campaign import Person


def _teacher(service: Installation, **values: object) -> Person:
    """The teacher, changed so."""
    with service.services.database.begin() as session:
        person = session.scalars(select(Person).where(Person.app_userid == TEACHER)).one()
        for name, value in values.items():
            setattr(person, name, value)
        session.flush()
        session.expunge(person)
        return person


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_missing_name_comes_from_the_directory_or_not_at_all(service: Installation) -> None:
    for refused in (48002, 60011):
        service.platform.knobs.set("user/get", "errcode", refused)
        _teacher(service, name=None, looked_up_at=None)
        look_up_names(service.services)
        asked = _teacher(service)
        assert (asked.name, asked.looked_up_at is not None) == (None, True)
    look_up_names(service.services)  # asked today already
    assert _teacher(service).name is None
    _teacher(service, looked_up_at=None)
    look_up_names(service.services)
    assert _teacher(service).name == "利川市教师一"
    _teacher(service, name="自己写的", looked_up_at=None)
    look_up_names(service.services)
    assert _teacher(service).name == "自己写的"
