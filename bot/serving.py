"""Runs the service in one process (`serve`) or its working half alone (`worker`), and stops it cleanly."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import structlog
from cheroot.wsgi import Server

from answers import Engine
from bot.config import Settings
from bot.heap import settle, starting
from bot.jobs import Jobs
from bot.services import Services, build
from bot.unread_bodies import PatientGateway
from bot.web import create_app
from domain.errors import ConfigError

_log = structlog.get_logger(__name__)

# Of these at most MOST_AT_ONCE receive uploads; callbacks have five seconds and must find a free one.
_WEB_THREADS = 24
# So often the server looks round when nobody calls, and so long it may take to notice that it shall stop.
_LOOK_ROUND_SECONDS = 0.1
_NO_PLACE = (
    "{host} 的端口 {port} 用不了：{reason}。多半是本服务已经在运行，或别的程序占着它；请停掉那一个，或换一个 PORT。"
)


@contextmanager
def working(settings: Settings, engine: Engine | None = None) -> Iterator[Services]:
    """Services whose jobs run in this process until the block ends; then what is under way is finished. Several may
    share an `engine`."""
    jobs = Jobs(settings)
    with starting():
        services = build(settings, jobs.nudge, engine)
    jobs.bind(services)
    jobs.start()
    try:
        yield services
    finally:
        jobs.stop()
        services.close()


@contextmanager
def listening(services: Services, host: str, port: int) -> Iterator[int]:
    """The web application on a threaded server until the block ends. Gives the port (0 asks for a free one).

    Raises ConfigError when nobody can listen there."""
    server = Server((host, port), create_app(services), numthreads=_WEB_THREADS, request_queue_size=128, timeout=30)
    server.gateway = PatientGateway
    server.expiration_interval = _LOOK_ROUND_SECONDS
    try:
        server.prepare()
    except OSError as error:
        raise ConfigError((_NO_PLACE.format(host=host, port=port, reason=error),)) from None
    thread = threading.Thread(target=server.serve, name="web", daemon=True)
    thread.start()
    try:
        yield int(server.bind_addr[1])
    finally:
        server.stop()
        thread.join(timeout=10)
        _forget(server)


def _forget(server: Server) -> None:
    """Cheroot keeps the numbers of every server for as long as the process lives, and with them all that it served."""
    logging.statistics.pop(f"Cheroot HTTPServer {id(server)}", None)  # type: ignore[attr-defined]


def serve(settings: Settings, ready: Callable[[int], None] = lambda _port: None) -> None:
    """One process does everything, until INT or TERM."""
    stopped = wait_for_signal()
    with working(settings) as services, listening(services, settings.host, settings.port) as port:
        _log.info("listening", host=settings.host, port=port)
        ready(port)
        settle()
        stopped.wait()
        _log.info("stopping")


def work(settings: Settings) -> None:
    """Fetch, handle, deliver and tick, until INT or TERM."""
    stopped = wait_for_signal()
    with working(settings):
        _log.info("working")
        settle()
        stopped.wait()
        _log.info("stopping")


def wait_for_signal() -> threading.Event:
    """An event that INT or TERM sets; call it in the main thread."""
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    return stopped
