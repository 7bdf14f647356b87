"""The platform as an HTTP server on the loopback address, for tests in the same process and for the command."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from simulator.fault_gate import FaultGate
from simulator.login_pages import login_blueprint
from simulator.platform import Platform
from simulator.settings import PlatformSettings
from simulator.web_api import api_blueprint
from simulator.web_page import page_blueprint
from simulator.workbench import workbench_blueprint

ADDRESS = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """No line a request: the ledger tells more, and tokens stay out of logs."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:  # noqa: ARG002
        """End the connection: after a reset on demand nothing more may be answered on it."""
        self.close_connection = True


def application(platform: Platform) -> Flask:
    """The Flask application with every address; without the fault gate."""
    app = Flask("simulator", root_path=str(Path(__file__).parent))
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.register_blueprint(api_blueprint(platform))
    app.register_blueprint(page_blueprint(platform))
    app.register_blueprint(login_blueprint(platform))
    app.register_blueprint(workbench_blueprint(platform))
    return app


class SimulatorServer:
    """`with SimulatorServer(settings) as sim:` gives `sim.url` and `sim.platform`; port 0 means any free one.

    Listens on 127.0.0.1 only and refuses requests for any other host name.
    """

    def __init__(
        self,
        settings: PlatformSettings,
        port: int = 0,
        *,
        clock: Callable[[], float] = time.time,
        ledger_path: Path | None = None,
    ) -> None:
        self.platform = Platform(settings, clock, ledger_path)
        self.settings = settings
        core = self.platform.core
        gate = FaultGate(application(self.platform).wsgi_app, core.knobs, core.ledger, core.stopping)
        self._server = make_server(ADDRESS, port, gate, threaded=True, request_handler=_Quiet)
        self.url = core.base_url = f"http://{ADDRESS}:{self._server.server_port}"
        self.api_base = f"{self.url}/cgi-bin/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="simulator", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """End streams, waiting requests and the server."""
        self.platform.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
