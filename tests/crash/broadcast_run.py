"""A broadcast to five thousand people, and a process that dies in the middle: what is left after the restart."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator

from crash_run import DIED_S, DRAINED_S
from installation import ADMIN, PEOPLE, Backend
from ledger_checker import quiet
from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from supervised import Supervised, supervised

from bot.fail_points import BROADCAST_POINTS
from domain.chat import Channel
from domain.roles import Role
from simulator.platform import Person, Platform, PlatformSettings
from simulator.server import SimulatorServer
from store.broadcasts import BATCH
from store.database import Database
from store.schema import campaign
from store.schema.broadcasts import Batch, Broadcast, Reached, Recipient

MANY = 5000
SENDING = BROADCAST_POINTS[:3]
RECALLING = BROADCAST_POINTS[3:]
_MEMBERS = tuple(f"many-{number:04d}" for number in range(MANY))
_UNLICENSED, _OUTSIDE = frozenset(_MEMBERS[17::900]), frozenset(_MEMBERS[41::700])
_REACHABLE = frozenset(_MEMBERS) - _UNLICENSED - _OUTSIDE
_WORDS = "请在周五前核对本校的材料"
_N = re.compile(r"将发给 (\d+) 人")


def broadcast_run(backend: Backend, seed: int, points: tuple[str, ...] = SENDING) -> list[str]:
    """Kill at one of the points, at a batch that the seed draws; the broken promises that are left.

    With even seeds a worker runs beside the one process. AssertionError when nobody died."""
    chance = random.Random(seed)
    point, batch, worker = chance.choice(points), chance.randint(1, MANY // BATCH), seed % 2 == 0
    if worker:  # two processes share the batches: one of them surely comes as far as half
        batch = min(batch, MANY // BATCH // 2)
    armed = f"{point}:{batch}"
    with _stage() as sim, supervised(sim, backend, fail_points=armed, worker=worker) as service:
        database = Database(service.settings.effective_database_url)
        try:
            with database.begin() as session:
                _enrol(session)
            promised = _send(sim.platform)
            if points is RECALLING:
                sim.platform.wait_for(lambda: _has_ended(database), DRAINED_S)
                _recall(sim.platform)
            sim.platform.wait_for(service.died, DIED_S)
            _drain(sim.platform, service, database, recalled=points is RECALLING)
            assert service.deaths, f"{armed} was never reached"
            return [*_faults(sim.platform, database, promised, recalled=points is RECALLING)]
        finally:
            database.close()


def _stage() -> SimulatorServer:
    many = tuple(
        Person(userid, userid, in_app_scope=userid not in _OUTSIDE, licensed=userid not in _UNLICENSED)
        for userid in _MEMBERS
    )
    sim = SimulatorServer(PlatformSettings(people=(*PEOPLE, *many)))
    pace = sim.platform.pace
    pace.refresh_every, pace.retry_pause = 0.1, 0.05
    return sim


def _enrol(session: Session) -> None:
    rows = [{"app_userid": each, "name": each, "role": Role.TEACHER, "unit_id": "enshi"} for each in _MEMBERS]
    session.execute(insert(campaign.Person), rows)
    known = select(campaign.Person.id, campaign.Person.app_userid).where(campaign.Person.app_userid.like("many-%"))
    identities = [
        {"channel": Channel.APP, "external_id": userid, "person_id": number}
        for number, userid in session.execute(known)
    ]
    session.execute(insert(campaign.Identity), identities)


def _send(platform: Platform) -> int:
    """Written and confirmed in chat; the N that the preview promised."""
    platform.say(ADMIN, f"群发 全体教师：{_WORDS}")
    shown = platform.wait_for(lambda: _last_with(platform, "将发给"), DIED_S)
    platform.say(ADMIN, "2")
    found = _N.search(shown)
    assert found is not None
    return int(found[1])


def _recall(platform: Platform) -> None:
    platform.say(ADMIN, "确认撤回群发 1")


def _last_with(platform: Platform, words: str) -> str:
    said = [shown.text for shown in platform.chat(ADMIN, "bot") if shown.author != "person" and words in shown.text]
    return said[-1] if said else ""


def _has_ended(database: Database) -> bool:
    with database.read() as session:
        return session.scalar(select(Broadcast.ended_at)) is not None


def _drain(platform: Platform, service: Supervised, database: Database, *, recalled: bool) -> None:
    """Start again whatever has died until the broadcast has its end and nothing is under way."""
    told = "已撤回" if recalled else "已发完"

    def over() -> bool:
        if service.died():
            service.tend()
        return _has_ended(database) and quiet(platform, database) and _told(platform, told)

    service.tend()
    platform.wait_for(over, DRAINED_S)


def _told(platform: Platform, words: str) -> bool:
    return any(words in shown.text for shown in platform.chat(ADMIN, "app") if shown.author != "person")


def _faults(platform: Platform, database: Database, promised: int, *, recalled: bool) -> Iterator[str]:
    calls = [
        entry.data["msgid"]
        for entry in platform.ledger.entries("accepted")
        if _WORDS in entry.data["body"].get("text", {}).get("content", "") and "many-" in entry.data["body"]["touser"]
    ]
    got = Counter(
        entry.userid
        for entry in platform.ledger.entries("delivered")
        if entry.data["msgid"] in set(calls) and entry.userid.startswith("many-")
    )
    with database.read() as session:
        states = session.execute(select(Recipient.userid, Recipient.state))
        ledger = {userid: state for userid, state in states}  # noqa: C416 - rows are no pairs to dict
        rows, total = len(session.scalars(select(Recipient.person_id)).all()), session.scalar(select(Broadcast.total))
        sent = session.scalars(select(Batch.platform_id).where(Batch.platform_id.is_not(None))).all()
    if not promised == total == rows:
        yield f"previewed {promised}, kept {total}, in the ledger {rows}"
    if got != Counter(_REACHABLE):
        twice = [userid for userid, count in got.items() if count > 1]
        yield f"missing {len(_REACHABLE - got.keys())}, more than once {twice[:5]}, nobody's {got.keys() - _REACHABLE}"
    if len(calls) != -(-rows // BATCH):
        yield f"{len(calls)} calls for {rows} people"
    if set(sent) != set(calls):
        yield "the ids for the recall are not those of the platform"
    wanted = {userid: Reached.ACCEPTED if userid in _REACHABLE else Reached.AWAY for userid in _MEMBERS}
    wrong = {userid: state for userid, state in ledger.items() if userid in wanted and state != wanted[userid]}
    if wrong or not set(_MEMBERS) <= ledger.keys():
        yield f"the ledger says {Counter(wrong.values())} of {sorted(wrong)[:5]}"
    shown = platform.chats.find(lambda each: each.msgid in set(calls))
    if recalled and not all(each.recalled for each in shown):
        yield f"{sum(not each.recalled for each in shown)} copies are still there"
    yield from (str(each) for each in platform.ledger.violations())
