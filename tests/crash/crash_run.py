"""One run: a seeded mix of messages and files, a process that dies in the middle, a restart, and what is left."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from installation import PEOPLE, TEACHER, Backend
from ledger_checker import Sent, faults, quiet
from supervised import ROOT, Supervised, supervised
from word_files import case_document

from bot.fail_points import FAIL_POINTS
from simulator.chats import Shown
from simulator.platform import CallbackRecord, Platform, PlatformSettings
from simulator.server import SimulatorServer
from store.database import Database

OTHER = "es-teacher-1"
# Limits, not pauses: a busy machine may take long.
DRAINED_S = 150.0
DIED_S = 60.0
_TOO_SHORT = 1000
# The process dies at the first pass or a later one; a place that few messages of the mix pass, at the first: with a
# worker beside it the passes are shared by two processes. Texts, cards and files are pushed.
_MOST_PASSES = 2
_PASSES = {
    "before_send": 3,
    "after_send_before_mark": 3,
    "after_mark": 3,
    "before_reply": 1,
    "after_reply_before_mark": 1,
    "after_copy_before_row": 1,
    "before_upload": 1,
    "after_upload_before_note": 1,
    "after_note_before_body": 1,
}
_IN_STREAM = frozenset({"after_hand_over_before_answer", "after_answer_before_collected"})
_IN_WEB = frozenset(FAIL_POINTS[: FAIL_POINTS.index("during_download")]) | _IN_STREAM
# Reached only when the platform does not come for the finished answer.
_WITHOUT_STREAM = frozenset({"before_reply", "after_reply_before_mark"})


def crash_run(backend: Backend, point: str, seed: int, source: Path = ROOT) -> list[str]:
    """Let the process die at `point`; the broken promises that are left after restart and drain.

    The same seed gives the same mix; with even seeds a worker runs beside the one process. AssertionError when the
    point was never reached.
    """
    chance = random.Random(seed)
    with stage() as sim:
        if point in _WITHOUT_STREAM:
            sim.platform.pace.stream_life = 0
        nth = chance.randint(1, _PASSES.get(point, _MOST_PASSES))
        armed, worker = f"{point}:{nth}", seed % 2 == 0 and point not in _IN_WEB
        with supervised(sim, backend, fail_points=armed, source=source, worker=worker) as service:
            sent = send_mix(sim.platform, chance)
            sim.platform.wait_for(service.died, DIED_S)
            found = recover_and_check(sim.platform, service, sent)
            assert service.deaths, f"{point} was never reached"
            return found


def stage(clock: Callable[[], float] = time.time) -> SimulatorServer:
    """A platform that asks often and tries again soon."""
    sim = SimulatorServer(PlatformSettings(people=PEOPLE), clock=clock)
    pace = sim.platform.pace
    pace.refresh_every, pace.retry_pause, pace.app_delivers_files = 0.1, 0.05, True
    return sim


def send_mix(platform: Platform, chance: random.Random) -> list[Sent]:
    """Files by both channels, two of which bring copies, questions, and a press, of two people, in the order of the
    seed; each callback may come twice."""
    documents = [
        case_document(words, title=f"案例{chance.randrange(10**6)}之{number}")
        for number, words in enumerate((_TOO_SHORT, 3600, _TOO_SHORT))
    ]
    acts: list[Callable[[], Sent]] = [
        lambda: Sent(platform.send_file(TEACHER, "甲.docx", documents[0]), documents[0]),
        lambda: Sent(platform.send_file(OTHER, "乙.docx", documents[1]), documents[1]),
        lambda: Sent(platform.send_file(OTHER, "丙.docx", documents[2], channel="app"), documents[2]),
        lambda: Sent(platform.say(TEACHER, "字数要求是多少")),
        lambda: Sent(platform.say(TEACHER, "什么时候截止", channel="app")),
    ]
    chance.shuffle(acts)
    sent = [act() for act in acts]
    sent += [
        Sent(press(platform, card)) for each in sent if not each.data for card in cards_with(platform, each.record)
    ]
    for each in sent:
        if each.record.acknowledged:
            platform.redeliver(each.record)
    return sent


def cards_with(platform: Platform, record: CallbackRecord) -> list[Shown]:
    """The card that the AI bot shows with its answer to this message, if it is there already."""
    return platform.chats.find(lambda shown: bool(shown.card) and bool(record.msgid) and shown.msgid == record.msgid)


def press(platform: Platform, card: Shown, key: str = "1") -> CallbackRecord:
    """Whoever was shown the card presses one of its buttons."""
    return platform.press(card.userid, key, str((card.card or {})["task_id"]))


def recover_and_check(platform: Platform, service: Supervised, sent: list[Sent]) -> list[str]:
    """Start what has died, send again what was never acknowledged, wait until all is quiet, and compare."""
    database = Database(service.settings.effective_database_url)
    try:
        service.tend()
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(platform.redeliver, [each.record for each in sent if not each.record.acknowledged]))

        def drained() -> bool:
            if service.died():
                service.tend()
            return quiet(platform, database)

        try:
            platform.wait_for(drained, DRAINED_S)
        except TimeoutError:
            return ["never quiet", *faults(platform, database, service.settings.data_dir / "blobs", sent)]
        return faults(platform, database, service.settings.data_dir / "blobs", sent)
    finally:
        database.close()
