"""Planning a broadcast to 100,000 people: found, kept, confirmed and cut into batches, on SQLite with its sync.

The floor is the insert of as many rows of one ledger line each, in one synced transaction, in the same run.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from measure import seconds
from sqlalchemy import func, insert, select

from bot.migrating import migrate
from domain.audience import Audience
from domain.chat import Channel
from domain.notice_loader import load_notice
from domain.roles import Role
from store import audiences, broadcasts
from store.database import Database
from store.schema import campaign
from store.schema.broadcasts import Batch, Broadcast, BroadcastState, Recipient

PEOPLE = 100_000
ROUNDS = 3
WANTED_S = 5.0
NOTICE = Path(__file__).resolve().parent.parent / "notices" / "enshi-2023-05"
NOW = datetime(2023, 5, 6, 1, 0, tzinfo=UTC)


def main() -> None:
    """Print the median of the rounds, its ratio to the floor, and how many calls the batches are."""
    notice = load_notice(NOTICE)
    unit = notice.units[0].id
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/campaign.db")
        migrate(database)
        sender = _enrol(database, unit)

        def plan() -> None:
            with database.begin() as session:
                members = audiences.find(session, notice, Audience(everybody=True), within=unit)
                assert len(members) == PEOPLE
                writing = broadcasts.Writing(sender, unit, "全体", "请查收")
                row = broadcasts.draft(session, writing, members, NOW)
                assert broadcasts.confirm(session, row, NOW)

        def floor() -> None:
            with database.begin() as session:
                row = Broadcast(
                    sender_id=sender, audience="", text="", asks=False, state=BroadcastState.CANCELLED, total=0,
                    written_at=NOW,
                )  # fmt: skip
                session.add(row)
                session.flush()
                lines = [
                    {"broadcast_id": row.id, "person_id": each, "state": "planned"} for each in range(2, PEOPLE + 2)
                ]
                session.execute(insert(Recipient), lines)

        pairs = sorted((_both(plan), _both(floor)) for _ in range(ROUNDS))
        (ours, cpu), (bare, _) = pairs[ROUNDS // 2]
        with database.read() as session:
            calls = (session.scalar(select(func.count()).select_from(Batch)) or 0) // ROUNDS
        database.close()
    print(
        f"broadcast to {PEOPLE} planned: {ours:.2f} s, {cpu:.2f} s of processor (wanted {WANTED_S:.0f} s), "
        f"bare rows {bare:.2f} s, ratio {ours / bare:.1f}; {calls} calls"
    )


def _both(step: Callable[[], None]) -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    started = time.process_time()
    return seconds(step), time.process_time() - started


def _enrol(database: Database, unit: str) -> int:
    """The sender, who comes first, and everybody else."""
    with database.begin() as session:
        boss = campaign.Person(role=Role.ADMIN, name="boss", app_userid="boss")
        session.add(boss)
        session.flush()
        rows = [
            {"app_userid": f"u{number}", "name": f"u{number}", "role": Role.TEACHER, "unit_id": unit}
            for number in range(PEOPLE)
        ]
        session.execute(insert(campaign.Person), rows)
        known = session.execute(select(campaign.Person.id, campaign.Person.app_userid))
        identities = [{"channel": Channel.APP, "external_id": userid, "person_id": number} for number, userid in known]
        session.execute(insert(campaign.Identity), identities)
        return boss.id


if __name__ == "__main__":
    main()
