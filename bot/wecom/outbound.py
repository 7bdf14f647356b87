"""Calling an address that came in with a message: checked first, and reached exactly where it was checked.

Such an address comes from outside, so it may only lead to public hosts over https. The host is resolved once, every one
of its addresses must be public, and the connection goes to a checked address (TLS still proves the name): a name server
that answers differently a moment later gains nothing. Proxies of the environment are not used for the same reason.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

import certifi
import urllib3
from urllib3.exceptions import HTTPError

from domain.errors import BotError

_PORTS = {"https": 443, "http": 80}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_MAX_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class UrlRefusedError(BotError):
    """An address we do not call. The text never holds the address."""


class UnreachableError(BotError):
    """The host could not be resolved, reached or understood; trying again may help. `sent` tells whether the request
    may have been carried out."""

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


@dataclass(frozen=True, slots=True)
class UrlPolicy:
    """`allow_loopback`: http and addresses of this machine, for a stand-in of WeCom on the same machine."""

    allow_loopback: bool = False


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to connect and seconds between two pieces of an answer."""

    connect_s: float = 5.0
    read_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: where to connect (any of `addresses`), and what to ask for."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]


def check_url(url: str, policy: UrlPolicy) -> Target:
    """`url` resolved and checked against `policy`. Raises UrlRefusedError, or UnreachableError when the name does not
    resolve."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise UrlRefusedError("the address is malformed") from None
    host = parts.hostname or ""
    odd = not url.isascii() or not url.isprintable() or " " in url
    if odd or parts.scheme not in _PORTS or not host or parts.username is not None or parts.password is not None:
        raise UrlRefusedError("the address is malformed or of an unknown scheme")
    if parts.scheme != "https" and not policy.allow_loopback:
        raise UrlRefusedError("only https is called")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnreachableError("the host name does not resolve", sent=False) from None
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    local = policy.allow_loopback and all(_parse(address).is_loopback for address in addresses)
    if not local and (parts.scheme != "https" or not all(_is_public(_parse(address)) for address in addresses)):
        raise UrlRefusedError("only https to public hosts is called")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, addresses)


def request(
    method: str,
    target: Target,
    timeouts: Timeouts,
    *,
    attempt: int = 0,
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
) -> urllib3.BaseHTTPResponse:
    """One request without redirects; the answer's body is not read yet, the caller closes it.

    `attempt` picks the address, so that a later attempt tries the next one. Raises UnreachableError.
    """
    pool = _pool(target, target.addresses[attempt % len(target.addresses)], timeouts)
    default_port = target.port == _PORTS[target.scheme]
    name = f"[{target.host}]" if ":" in target.host else target.host
    all_headers = {
        "Host": name if default_port else f"{name}:{target.port}",
        "Accept-Encoding": "identity",
        **(headers or {}),
    }
    sent = False
    error = ""
    try:
        return pool.urlopen(
            method,
            target.path,
            body=body,
            headers=all_headers,
            redirect=False,
            retries=False,
            preload_content=False,
            decode_content=False,
        )
    except HTTPError as caught:
        sent, error = may_have_been_sent(caught), type(caught).__name__
    # Raised outside of the handler: the library's exception holds the address, which is a secret.
    raise UnreachableError(f"the host does not answer ({error})", sent=sent)


def get_following(url: str, policy: UrlPolicy, timeouts: Timeouts, *, attempt: int = 0) -> urllib3.BaseHTTPResponse:
    """GET `url`, following redirects only within the same scheme, host and port.

    Raises UrlRefusedError, UnreachableError.
    """
    target = check_url(url, policy)
    for _ in range(_MAX_REDIRECTS + 1):
        response = request("GET", target, timeouts, attempt=attempt)
        location = response.headers.get("Location")
        if response.status not in _REDIRECTS or not location:
            return response
        response.close()
        if location.startswith("/") and not location.startswith("//"):
            location = f"{_origin(target)}{location}"
        following = check_url(location, policy)
        if _origin(following) != _origin(target):
            raise UrlRefusedError("the host redirects to another one")
        target = following
    raise UrlRefusedError("the host redirects without end")


def may_have_been_sent(error: HTTPError) -> bool:
    """Whether a request that failed with `error` may have reached the host all the same."""
    never_sent = (
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.ConnectTimeoutError,
        urllib3.exceptions.SSLError,
        urllib3.exceptions.ProxyError,
    )
    reason = getattr(error, "reason", None)
    return not isinstance(error, never_sent) and not isinstance(reason, never_sent)


def _origin(target: Target) -> str:
    name = f"[{target.host}]" if ":" in target.host else target.host
    return f"{target.scheme}://{name}:{target.port}"


def _pool(target: Target, address: str, timeouts: Timeouts) -> urllib3.HTTPConnectionPool:
    timeout = urllib3.Timeout(connect=timeouts.connect_s, read=timeouts.read_s)
    if target.scheme == "http":
        return urllib3.HTTPConnectionPool(address, target.port, timeout=timeout, maxsize=1)
    return urllib3.HTTPSConnectionPool(
        address,
        target.port,
        timeout=timeout,
        maxsize=1,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
        server_hostname=target.host,
        assert_hostname=target.host,
    )


def _parse(address: str) -> _Address:
    return ipaddress.ip_address(address.split("%", 1)[0])


def _is_public(address: _Address) -> bool:
    """Whether everybody on the internet means the same host by `address`; addresses that wrap another are unwrapped."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(inner)
        if address.teredo is not None or address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
