"""Logs: one line an event, with names for values. What people wrote, their ids and all secrets stay out of them."""

from __future__ import annotations

import logging
import sys

import structlog


def set_up_logs(*, readable: bool | None = None) -> None:
    """Send structured lines to standard error: JSON for machines, or readable ones when it is a terminal."""
    as_text = sys.stderr.isatty() if readable is None else readable
    renderer: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if as_text
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
