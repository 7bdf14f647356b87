"""Keeping tokens and secrets out of texts and logs: WeCom takes them in the query string, and libraries print that."""

from __future__ import annotations

import logging
import re

_QUERY = re.compile(r"\?[^\s\"'<>)\]}]+")
_LONG_SEGMENT = re.compile(r"/[^/\s\"'?]{24,}")  # a code in a path; no API of WeCom's has a name that long
_NAMED = re.compile(
    r"((?:access_token|corpsecret|secret|aeskey|response_url)[\"']?\s*[:=]\s*[\"']?)[^\s\"'&,}]+", re.IGNORECASE
)
_TALKATIVE = ("urllib3.connectionpool", "urllib3.poolmanager", "urllib3.connection", "wechatpy.client.base")


def scrub(text: str) -> str:
    """`text` without the query of any address and without the values of fields that are secrets by name."""
    return _NAMED.sub(r"\1…", _QUERY.sub("?…", text))


class _ScrubFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _LONG_SEGMENT.sub("/…", scrub(record.getMessage())), ()
        return True


_FILTER = _ScrubFilter()


def guard_library_logs() -> None:
    """Scrub what the HTTP libraries log, also at debug level. Harmless when repeated."""
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_FILTER)
