"""One GET as a browser without memory would do it: no redirect is followed, and every way to fail has a name."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import requests
import urllib3
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError

from bot.config import LOOPBACK
from domain.errors import BotError

PAGE_BYTES = 1 << 16
_CONNECT_S = 5.0
_BLOCK_BYTES = 8192


class Away(StrEnum):
    """Why there is no answer, as it is told."""

    NAME = "域名解析不了"
    REFUSED = "连不上（连接被拒绝或网络不通）"
    TIMEOUT = "等了很久没有回答"
    CERTIFICATE = "证书没有通过验证"
    PROXY = "代理服务器连不上"
    BROKEN = "连接中途断开"


class AwayError(BotError):
    """No answer, for this reason."""

    def __init__(self, reason: Away) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: the first 64 KB of it, and how many seconds it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def is_html(self) -> bool:
        """Whether it is a page for people."""
        return "html" in self.headers.get("Content-Type", "").lower() or self.body.lstrip()[:1] == b"<"

    @property
    def leads_to(self) -> str:
        """Where a redirect leads, without what may be a secret in it; "" for no redirect."""
        found = urlsplit(self.headers.get("Location", ""))
        return f"{found.scheme}://{found.netloc}{found.path}" if found.netloc else found.path


def ask(url: str, params: Mapping[str, str] | None = None, *, patience_s: float, authorities: str = "") -> Page:
    """GET `url`. `authorities` is a file of certificates to believe in, "" for those of the environment. Raises
    AwayError, never what the library raises: that holds the address with its parameters."""
    with requests.Session() as session:
        session.trust_env = (urlsplit(url).hostname or "") not in LOOPBACK
        started = time.monotonic()
        try:
            response = session.get(
                url,
                params=params,
                headers={"Accept-Encoding": "identity"},
                timeout=(min(_CONNECT_S, patience_s), patience_s),
                allow_redirects=False,
                stream=True,
                verify=authorities or True,
            )
            body = _first(response, started + 2 * patience_s)
        except (requests.RequestException, HTTPError) as error:
            reason = _reason(error)
        else:
            return Page(response.status_code, response.headers, body, time.monotonic() - started)
    raise AwayError(reason)


def _first(response: requests.Response, until: float) -> bytes:
    """The beginning of the body. Who sends it drop by drop is not waited for longer than `until`."""
    kept = bytearray()
    with response:
        while len(kept) < PAGE_BYTES and (block := response.raw.read1(_BLOCK_BYTES)):
            kept += block
            if time.monotonic() > until:
                raise requests.Timeout
    return bytes(kept)


def _reason(error: requests.RequestException | HTTPError) -> Away:
    if isinstance(error, requests.exceptions.SSLError):
        return Away.CERTIFICATE
    if isinstance(error, requests.exceptions.ProxyError):
        return Away.PROXY
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return Away.TIMEOUT
    cause = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(cause, NameResolutionError) or isinstance(error, requests.exceptions.InvalidURL):
        return Away.NAME
    return Away.REFUSED if isinstance(cause, NewConnectionError) else Away.BROKEN
