"""What pages have in common that anybody with their address may open: a limit for each client, and headers by which
nothing is kept, framed, indexed or told to other sites."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps

from flask import Response, make_response, render_template, request

from bot.rate_limit import RateLimit, client_of

_MINUTE_S = 60.0
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
View = Callable[..., Response]


def limited(most_a_minute: int, busy_template: str) -> Callable[[View], View]:
    """For a view: a client gets `most_a_minute` answers a minute from each web process, then the busy page and 429."""
    limit = RateLimit(most_a_minute, _MINUTE_S)

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(**parts: str) -> Response:
            client = client_of(request.remote_addr, request.headers.get("X-Forwarded-For", ""))
            if limit.allows(client, time.monotonic()):
                return view(**parts)
            refused = open_page(busy_template, 429)
            refused.headers["Retry-After"] = str(int(_MINUTE_S))
            return refused

        return answer

    return decorate


def open_page(template: str, status: int, **values: object) -> Response:
    """A rendered template with the headers of such pages."""
    return with_open_headers(make_response(render_template(template, **values), status))


def with_open_headers(response: Response, *, sandboxed: bool = False) -> Response:
    """The same response with those headers; `sandboxed` for bytes that came from somebody else."""
    response.headers.update(_HEADERS)
    if sandboxed:
        response.headers["Content-Security-Policy"] = f"{_POLICY}; sandbox"
    return response
