"""One-time codes: of many who type one at once one is bound; what is kept is no code."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from domain.binding_code import hash_code, new_code, normalise_code
from domain.chat import Channel
from domain.roles import Role
from domain.roster import RosterRow
from store import bindings, people
from store.bindings import Tried
from store.database import Database
from store.roster import import_rows
from store.schema.campaign import Identity
from store.schema.people import BindingCode

NOW = datetime(2023, 5, 6, 1, 0, tzinfo=UTC)
CODE = new_code(b"abcde")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (CODE, CODE),
        (CODE.lower().replace("-", " "), CODE),
        ("ｋ７ｑｍ—９ｘｄ４", "K7QM-9XD4"),
        ("O0Il-1234", "0011-1234"),
        ("K7QM-9XD", None),
        ("K7QM-9XD44", None),
        ("K7QM-9XDU", None),
        ("", None),
    ],
)
def test_a_code_is_understood_as_people_type_it(typed: str, meant: str | None) -> None:
    assert normalise_code(typed) == meant


def test_another_amount_of_randomness_is_refused() -> None:
    with pytest.raises(ValueError, match="5 random bytes"):
        new_code(b"abcd")


def test_of_many_who_type_a_code_at_once_one_is_bound(database: Database) -> None:
    with database.begin() as session:
        import_rows(session, [RosterRow("zhang", "张三", Role.ADMIN, None)], by=None, now=NOW)
        member = people.named(session, "zhang")[0]
        assert bindings.issue(session, member, hash_code(CODE), by=member.id, now=NOW)
        strays = [
            people.actor_for(session, Channel.AIBOT, f"wo{n}" + "A" * 28).person_id for n in range(4)
        ]  # fmt: skip
        kept = session.scalars(select(BindingCode.code_hash)).one()
        assert CODE not in kept
        assert CODE.replace("-", "").lower() not in kept
    barrier, outcomes = threading.Barrier(4), []

    def type_it(person_id: int) -> None:
        barrier.wait()
        with database.begin() as session:
            outcomes.append(bindings.redeem(session, people.get(session, person_id), hash_code(CODE), NOW)[0])

    threads = [threading.Thread(target=type_it, args=(person_id,)) for person_id in strays]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [Tried.BOUND, *[Tried.WRONG] * 3]
    with database.read() as session:
        bound = session.scalars(select(Identity.external_id).where(Identity.person_id == member.id)).all()
        assert len([each for each in bound if each.startswith("wo")]) == 1


def test_a_code_of_somebody_who_has_left_binds_nobody(database: Database) -> None:
    with database.begin() as session:
        import_rows(session, [RosterRow("zhang", "张三", Role.ADMIN, None)], by=None, now=NOW)
        member = people.named(session, "zhang")[0]
        assert bindings.issue(session, member, hash_code(CODE), by=member.id, now=NOW)
        member.left_at = NOW
        stray = people.get(session, people.actor_for(session, Channel.AIBOT, "wo" + "A" * 30).person_id)
        assert bindings.redeem(session, stray, hash_code(CODE), NOW) == (Tried.WRONG, None)
