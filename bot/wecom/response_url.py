"""The AI bot's one later answer (protocol 2.6), posted within an hour to the address that came with the message."""

from __future__ import annotations

import json

from urllib3.exceptions import HTTPError

from bot.wecom.callback import AIBOT_CONTENT_BYTES, check_size
from bot.wecom.errors import ApiError, ErrorKind
from bot.wecom.outbound import Timeouts, UnreachableError, UrlPolicy, UrlRefusedError, check_url, request
from bot.wecom.redact import guard_library_logs

_ANSWER_BYTES = 1 << 16
_OK = 200
_SERVER_ERROR = 500
_RETRY_S = 5.0


def post_markdown(url: str, content: str, policy: UrlPolicy, timeouts: Timeouts | None = None) -> None:
    """Post `content` (markdown, at most 20480 bytes, else ValueError) to `url`.

    The address is a secret and works once. Raises ApiError; after one with `outcome_unknown` the answer may have been
    shown, after another RETRY it was not.
    """
    check_size(content, AIBOT_CONTENT_BYTES)
    guard_library_logs()
    body = json.dumps({"msgtype": "markdown", "markdown": {"content": content}}, ensure_ascii=False).encode("utf-8")
    try:
        target = check_url(url, policy)
        response = request(
            "POST", target, timeouts or Timeouts(), headers={"Content-Type": "application/json"}, body=body
        )
    except UrlRefusedError as error:
        raise ApiError(None, str(error), ErrorKind.PROGRAM) from None
    except UnreachableError as error:
        raise ApiError(None, str(error), ErrorKind.RETRY, _RETRY_S, outcome_unknown=error.sent) from None
    try:
        answer = response.read(_ANSWER_BYTES)
    except (HTTPError, OSError):
        answer = b"broken off"
    finally:
        response.close()
    _check(response.status, answer)


def _check(status: int, answer: bytes) -> None:
    """Raise ApiError unless the answer is a success; an empty one with status 200 is (as a missing errcode is 0)."""
    if status >= _SERVER_ERROR:
        raise ApiError(None, f"HTTP {status}", ErrorKind.RETRY, _RETRY_S, outcome_unknown=True)
    if status != _OK:
        raise ApiError(None, f"HTTP {status}", ErrorKind.PROGRAM)
    try:
        fields = json.loads(answer or b"{}")
        errcode = int(fields.get("errcode", 0))
        errmsg = str(fields.get("errmsg", ""))
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise ApiError(None, "unreadable answer", ErrorKind.RETRY, _RETRY_S, outcome_unknown=True) from None
    if errcode:
        raise ApiError.from_code(errcode, errmsg)
