"""How often one client address may ask: counted in this process's memory, forgotten when it ends."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict, deque

_MOST_CLIENTS = 10_000
_IPV6_SITE_BITS = 64


class RateLimit:
    """At most `most` questions of one client within any `window_s` seconds.

    With several web processes each counts for itself, so that a client may get as many times more. Ten thousand clients
    are remembered; beyond that the one who asked longest ago is forgotten.
    """

    def __init__(self, most: int, window_s: float) -> None:
        self.window_s = window_s
        self._most = most
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, client: str, now: float) -> bool:
        """Whether this client may ask at `now` (seconds of a clock that never goes back). A refusal does not count."""
        with self._lock:
            asked = self._asked.setdefault(client, deque())
            self._asked.move_to_end(client)
            while len(self._asked) > _MOST_CLIENTS:
                self._asked.popitem(last=False)
            while asked and asked[0] <= now - self.window_s:
                asked.popleft()
            if len(asked) >= self._most:
                return False
            asked.append(now)
            return True


def client_of(peer: str | None, forwarded_for: str) -> str:
    """Whom a request counts for: the connected address or, when that is a proxy on this machine or in a private
    network, the address that the proxy added last to X-Forwarded-For. Of IPv6 the site (/64) counts.

    Somebody who connects from the internet has no private address, so nobody there can choose whom to count for.
    """
    connected = _address(peer or "")
    if connected is not None and (connected.is_loopback or connected.is_private):
        told = _address(forwarded_for.rsplit(",", 1)[-1].strip())
        connected = told or connected
    if connected is None:
        return "unknown"
    if isinstance(connected, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((connected, _IPV6_SITE_BITS), strict=False))
    return str(connected)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
