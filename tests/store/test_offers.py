"""Numbered replies mean the latest offer, for 48 hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.chat import Choice
from store import offers
from store.database import Database

NOW = datetime(2023, 5, 6, 1, 0, tzinfo=UTC)
FIRST = (Choice("仍然提交", "仍然提交 B1"), Choice("看全部检查项", "看全部检查项 B1"))
SECOND = (Choice("我的案例", "我的案例"),)


@pytest.mark.parametrize(
    ("number", "later", "expected"),
    [
        (1, timedelta(0), FIRST[0]),
        (2, timedelta(hours=48), FIRST[1]),
        (2, timedelta(hours=48, seconds=1), None),
        (0, timedelta(0), None),
        (-1, timedelta(0), None),
        (3, timedelta(0), None),
    ],
)
def test_a_number_recalls_its_choice(
    database: Database, number: int, later: timedelta, expected: Choice | None
) -> None:
    with database.begin() as session:
        offers.remember(session, "wang", FIRST, NOW)
    with database.read() as session:
        assert offers.numbered(offers.latest(session, "wang", NOW + later), number) == expected
        assert offers.numbered(offers.latest(session, "li", NOW), number) is None


def test_only_the_latest_offer_holds(database: Database) -> None:
    with database.begin() as session:
        offers.remember(session, "wang", FIRST, NOW)
    with database.begin() as session:
        offers.remember(session, "wang", SECOND, NOW + timedelta(hours=1))
    with database.read() as session:
        assert offers.numbered(offers.latest(session, "wang", NOW + timedelta(hours=49)), 1) == SECOND[0]
        assert offers.numbered(offers.latest(session, "wang", NOW + timedelta(hours=1)), 2) is None
