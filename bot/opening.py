"""Opens the database when a process starts: one that is still starting itself, as after a power cut, is waited for."""

from __future__ import annotations

import time

import structlog
from sqlalchemy.exc import OperationalError

from bot.migrating import migrate
from domain.errors import ConfigError
from store.database import Database

_log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 20.0  # gunicorn gives a process that starts 30 s
_AGAIN_SECONDS = 0.5
_AWAY = (
    "数据库打不开：{reason}。请检查设置 DATABASE_URL（没有设置时是 DATA_DIR 里的文件），"
    "确认数据库已经启动、用户名和密码正确，再启动一次。"
)


def open_database(url: str, patience: float = PATIENCE_SECONDS) -> Database:
    """The database with the newest tables. One behind a network is waited for, up to `patience` seconds; a file comes
    by no waiting.

    Raises ConfigError with a sentence that names the cause, never the URL: it may hold a password.
    """
    database = Database(url)
    try:
        _await(database, 0.0 if database.is_sqlite else patience)
        migrate(database)
    except OperationalError as error:
        database.close()
        raise ConfigError((_AWAY.format(reason=_cause(error)),)) from None
    return database


def _await(database: Database, patience: float) -> None:
    """Raises sqlalchemy.exc.OperationalError when the patience is at its end."""
    deadline = time.monotonic() + patience
    while True:
        try:
            database.ping()
        except OperationalError as error:
            if time.monotonic() >= deadline:
                raise
            _log.warning("the database is away, trying again", reason=_cause(error))
            time.sleep(_AGAIN_SECONDS)
        else:
            return


def _cause(error: OperationalError) -> str:
    return next(iter(str(error.orig).splitlines()), "").strip().rstrip(".。")
