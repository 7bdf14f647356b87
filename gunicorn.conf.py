"""How gunicorn runs the web half: `gunicorn 'bot.web:from_environment()'` in this folder reads this file by itself."""

from __future__ import annotations

import gc
import os
from typing import Any

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8000')}"  # noqa: S104 - callbacks come from outside
worker_class = "gthread"  # a callback waits for the database: threads, and few processes
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "16"))  # up to 8 of them may be receiving uploads
backlog = 512
keepalive = 5
# A thread that hangs longer than this takes its process with it; a callback has 5 s in all.
timeout = 30
# TERM: take nothing new, finish what is under way. Compose waits a little longer before it kills (stop_grace_period).
graceful_timeout = 25
# Every process opens its own connections, threads and locks: none may be inherited over a fork.
preload_app = False
# No access log: the query of a callback holds its signature, and of a download link its token. /metrics counts instead.
accesslog = None
errorlog = "-"
loglevel = "warning"
# The heartbeat file lies in memory: on a slow disk it would stop the process (containers have /dev/shm).
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108 - gunicorn wants a string
control_socket_disable = True  # nobody steers it from inside


def post_fork(server: Any, worker: Any) -> None:  # noqa: ARG001 - as gunicorn calls it
    """The application is loaded without looking for garbage on the way: see bot/heap.py."""
    gc.disable()


def post_worker_init(worker: Any) -> None:  # noqa: ARG001 - as gunicorn calls it
    """The application is loaded; what it is made of is never looked through again."""
    gc.collect()
    gc.freeze()
    gc.enable()
