"""Logs: one line an event, with names for values. What people wrote, their ids and all secrets stay out of them."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from typing import TextIO

import structlog
from sqlalchemy.exc import OperationalError

from bot.wecom.redact import scrub

_ROOT = Path(__file__).resolve().parent.parent


def set_up_logs(*, readable: bool | None = None, to: TextIO | None = None) -> None:
    """Send structured lines to standard error (or `to`): JSON for machines, readable ones when it is a terminal."""
    stream = to or sys.stderr
    as_text = stream.isatty() if readable is None else readable
    renderer: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer() if as_text else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _tell_exception,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(stream),
    )


def keep_quiet() -> None:
    """Only what ends the process is logged from now on: for a command that tells the outcome itself."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def describe(error: BaseException) -> str:
    """What was raised and where, for its causes too, without what it says: that may quote a message, a name or a key.

    Only errors of the system and of the connection to the database are quoted: they speak of files and addresses.
    """
    told = []
    seen: BaseException | None = error
    while seen is not None:
        frames = traceback.extract_tb(seen.__traceback__)
        where = " < ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames))
        told.append(f"{type(seen).__module__}.{type(seen).__qualname__}{_quotable(seen)} at {where or 'nowhere'}")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "; because of ".join(told)


def _tell_exception(_logger: object, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    raised = event.pop("exc_info", None)
    error = sys.exc_info()[1] if raised is True else raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        event["error"] = describe(error)
    return event


def _quotable(error: BaseException) -> str:
    if isinstance(error, OperationalError):
        return f" ({scrub(str(error.orig).partition(chr(10))[0])})"
    if isinstance(error, OSError) and error.strerror:
        return f" ({error.strerror})"
    return ""


def _short(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else "/".join(path.parts[-2:])
