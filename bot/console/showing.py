"""How pages below /console leave the house: rendered for one person, kept by nobody, allowed nothing but our own
scripts and styles."""

from __future__ import annotations

from flask import Response, make_response, render_template

# Pico's icons are data: addresses in its style sheet.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def show(template: str, status: int = 200, **values: object) -> Response:
    """A page from `bot/templates`."""
    return harden(make_response(render_template(template, **values), status))


def harden(response: Response) -> Response:
    """The same answer with the headers that every page has."""
    response.headers.update(HEADERS)
    return response


def sentence(text: str, status: int, *, title: str = "案例管家", login: bool = False) -> Response:
    """A page that says one thing and what to do; `login` offers to sign in (again)."""
    return show("console/sentence.html", status, title=title, text=text, login=login)
