"""The queue (Huey): carries nudges to the threads that work. The only module that knows Huey.

Two queues, so that a file never waits behind a check: `quick` fetches and delivers, `slow` reads and handles. A ticker
of our own finds what a lost nudge left behind, and works by itself while the queue is away.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import structlog
from huey import Huey, RedisHuey
from huey.consumer import Consumer
from huey.storage import SqliteStorage
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.broadcasting import send_batch
from bot.config import Settings
from bot.delivering import deliver_one
from bot.directory import look_up_names
from bot.fetching import fetch_one
from bot.forgetting import forget_what_is_over
from bot.handling import drain_lane
from bot.nudge import Waiting
from bot.nudging import Nudger
from bot.packing import pack_one
from bot.services import Services
from bot.ticking import find_waiting
from store import fetches

_log = structlog.get_logger(__name__)

TICK_SECONDS = 60.0
_QUICK_THREADS = 6
_SLOW_THREADS = 2
_REDIS_CONNECT_SECONDS = 0.5
_REDIS_SECONDS = 2.0
_COMPLAIN_EVERY_SECONDS = 60.0


class _Seldom(logging.Filter):
    """Lets Huey complain about a queue that is away once a minute, not many times a second."""

    def __init__(self) -> None:
        super().__init__()
        self._next_at = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.ERROR:
            return False
        now = time.monotonic()
        if now < self._next_at:
            return False
        self._next_at = now + _COMPLAIN_EVERY_SECONDS
        return True


class _NoTrace(logging.Filter):
    """An exception's text may quote what somebody wrote: Huey says that a task failed, our own log says where."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        return True


class _QuietConsumer(Consumer):  # type: ignore[misc]  # Huey ships no types
    """A consumer beside others in one process: signals are the process's business, not its own."""

    def _set_signal_handlers(self) -> None:
        return


class _NudgeStorage(SqliteStorage):  # type: ignore[misc]  # Huey ships no types
    """Nudges may be lost in a power cut, the file may not be spoiled: no sync of the disk with each of them."""

    def _create_connection(self) -> Any:
        connection = super()._create_connection()
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection


class Jobs:
    """The process's end of the queue: `nudge` hands work over, `start` begins to work, `stop` ends cleanly."""

    def __init__(self, settings: Settings) -> None:
        self._quick = _open_queue(settings, "quick")
        self._slow = _open_queue(settings, "slow")
        _quiet_huey()
        self._services: Services | None = None
        self._consumers: list[Consumer] = []
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._keep_seconds = (settings.lease or fetches.LEASE).total_seconds() / 3
        self._tick_seconds = min(TICK_SECONDS, (settings.lease or timedelta.max).total_seconds())
        self._finished = threading.Event()
        self._keeper = threading.Thread(target=self._keep_leases, name="leases", daemon=True)
        self._ticker = threading.Thread(target=self._tick_for_ever, name="ticker", daemon=True)
        self._fetch = self._quick.task(name="fetch")(lambda fetch_id: fetch_one(self.services, fetch_id))
        self._deliver = self._quick.task(name="deliver")(self._deliver_all)
        self._send_batch = self._quick.task(name="batch")(lambda batch_id: send_batch(self.services, batch_id))
        self._handle = self._slow.task(name="handle")(lambda lane: drain_lane(self.services, lane))
        self._pack = self._slow.task(name="pack")(lambda report_id: pack_one(self.services, report_id))
        self._nudger = Nudger(self._hand_over)

    @property
    def services(self) -> Services:
        """What the steps work with. RuntimeError before `bind`."""
        if self._services is None:
            raise RuntimeError("the jobs are not bound to services yet")
        return self._services

    def bind(self, services: Services) -> None:
        """Give the steps what they work with."""
        self._services = services

    def nudge(self, waiting: Waiting) -> None:
        """Hand over soon; a queue that is down is logged and otherwise ignored, the ticker finds the rows."""
        self._nudger(waiting)

    def start(self) -> None:
        """Start the threads; what waited while nobody ran is found at once."""
        for queue, threads in ((self._quick, _QUICK_THREADS), (self._slow, _SLOW_THREADS)):
            consumer = _QuietConsumer(queue, workers=threads, periodic=False, initial_delay=0.02, max_delay=0.25)
            consumer.start()
            self._consumers.append(consumer)
        self._keeper.start()
        self._ticker.start()

    def stop(self) -> None:
        """Finish what is being worked on, take nothing new. What is left stays in the rows."""
        self._stopping.set()
        self._wake.set()
        self.services.stopping.set()
        self._nudger.stop()
        for consumer in self._consumers:
            consumer.stop_flag.set()
        for consumer in self._consumers:
            consumer.stop(graceful=True)
        if self._ticker.is_alive():
            self._ticker.join(timeout=TICK_SECONDS)
        self._finished.set()
        if self._keeper.is_alive():
            self._keeper.join(timeout=TICK_SECONDS)

    def _hand_over(self, waiting: Waiting) -> bool:
        try:
            for fetch_id in waiting.fetches:
                self._fetch(fetch_id)
            for lane in waiting.lanes:
                self._handle(lane)
            for report_id in waiting.packages:
                self._pack(report_id)
            for some in _in_parts(waiting.sends):
                self._deliver(some)
            for some in _in_parts(waiting.followers):
                self._deliver(some, early=True)
            for batch_id in waiting.batches:
                self._send_batch(batch_id)
        except Exception as error:
            _log.warning("the queue is away, the ticker will find the rows", error=type(error).__name__)
            self._wake.set()
            return False
        return True

    def _deliver_all(self, outbox_ids: tuple[int, ...], *, early: bool = False) -> None:
        for outbox_id in outbox_ids:
            deliver_one(self.services, outbox_id, early=early)

    def _tick_for_ever(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self._tick()
            except Exception:
                _log.exception("tick failed")
            self._wake.wait(self._tick_seconds)

    def _keep_leases(self) -> None:
        while not self._finished.wait(self._keep_seconds):
            self.services.leases.renew(self.services.database, self.services.clock.real())

    def _tick(self) -> None:
        """Hand over what is due; while the queue is away, do it here until nothing is left."""
        forget_what_is_over(self.services)
        look_up_names(self.services)
        waiting = find_waiting(self.services)
        while not self._hand_over(waiting) and not self._stopping.is_set():
            work_through(self.services, waiting, self._stopping)
            before, waiting = waiting, find_waiting(self.services)
            if waiting in (before, Waiting()):
                self._wake.clear()
                return


def _in_parts(outbox_ids: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Few messages each for themselves, so that they go out side by side; many in parts: each part is a task."""
    size = -(-len(outbox_ids) // _QUICK_THREADS)
    return (outbox_ids[at : at + size] for at in range(0, len(outbox_ids), max(size, 1)))


def work_through(services: Services, waiting: Waiting, stopping: threading.Event) -> None:
    """Do the waiting work in this thread, one after the other, until done or told to stop."""
    steps: list[tuple[Any, Any]] = [
        *((fetch_one, fetch_id) for fetch_id in waiting.fetches),
        *((drain_lane, lane) for lane in waiting.lanes),
        *((deliver_one, outbox_id) for outbox_id in waiting.sends),
        *((pack_one, report_id) for report_id in waiting.packages),
        *((send_batch, batch_id) for batch_id in waiting.batches),
    ]
    for step, argument in steps:
        if stopping.is_set():
            return
        step(services, argument)


def _quiet_huey() -> None:
    """Huey's own log goes through one handler that complains seldom."""
    logger = logging.getLogger("huey")
    if not any(isinstance(each, _Seldom) for handler in logger.handlers for each in handler.filters):
        handler = logging.StreamHandler()
        handler.addFilter(_Seldom())
        logger.addHandler(handler)
        logger.propagate = False
        for name in ("huey", "huey.consumer", "huey.consumer.Worker", "huey.consumer.Scheduler"):
            logging.getLogger(name).addFilter(_NoTrace())


def _open_queue(settings: Settings, name: str) -> Huey:
    if settings.redis_url:
        pool = ConnectionPool.from_url(
            settings.redis_url,
            socket_connect_timeout=_REDIS_CONNECT_SECONDS,
            socket_timeout=_REDIS_SECONDS,
            retry=Retry(NoBackoff(), 0),  # a nudge is never worth waiting for
        )
        return RedisHuey(f"case-keeper-{name}", connection_pool=pool, results=False)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    file = str(settings.data_dir / "queue.db")
    return Huey(f"case-keeper-{name}", storage_class=_NudgeStorage, filename=file, results=False)
