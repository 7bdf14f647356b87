"""The way to every page below /console: who it is, whether they may, and whether the form is ours. All of it is asked
anew with each request, so that a changed role or an ended session counts at once."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog
from flask import Response, redirect, request
from markupsafe import Markup

from bot.console.cookies import Cookie
from bot.console.menu import menu_for
from bot.console.showing import harden, sentence, show
from bot.rate_limit import RateLimit
from bot.services import Services
from bot.signing import Signer
from domain.policy import Act, may
from domain.roles import Actor
from store import sessions

_log = structlog.get_logger(__name__)

MOST_A_MINUTE = 240
_MINUTE_S = 60.0
_SALT_BYTES, _SALT_SIGNS = 6, 8
_SAFE = frozenset({"GET", "HEAD"})
CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
_STALE = "这个页面打开得太久，操作没有执行。请刷新页面后再做一次。"
_FAST = "操作太频繁了，请过一分钟再试。"
_SIGN_IN = "登录已过期，操作没有执行。请重新登录后再做一次。"
NOT_SET_UP = "网页端还没有开通。请告诉管理员：需要设置自建应用、PUBLIC_URL 和 SECRET_KEY。"

View = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at a page. `csrf` goes into every form, as the field of that name; htmx sends it by itself."""

    actor: Actor
    csrf: str

    @property
    def csrf_field(self) -> Markup:
        """The field itself: `<form method="post">{{ visitor.csrf_field }}`."""
        return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, self.csrf)

    def show(self, template: str, status: int = 200, **values: object) -> Response:
        """A page made from `console/base.html`, which needs to know for whom it is."""
        return show(template, status, visitor=self, menu=menu_for(self.actor), path=request.path, **values)


class Guard:
    """Makes a view a page for people who are signed in.

        @pages.get("/cases")
        @guard.page(Act.SEE_UNIT_CASES)
        def cases(visitor: Visitor) -> Response: ...

    The view is called with the visitor and the parts of the address, and only when `domain.policy` lets this person do
    each of `acts` at all. What they may do with one case or unit is still to be asked by the view, at the action.
    Whatever is not GET must carry the visitor's `csrf`.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        secret = services.settings.secret_key
        self._signer = None if secret is None else Signer(secret.get_secret_value(), "forms of the console")
        self._limit = RateLimit(MOST_A_MINUTE, _MINUTE_S)
        self.cookie = Cookie(services.settings, "session", sessions.SESSION_FOR)

    def page(self, *acts: Act) -> Callable[[View], View]:
        """The decorator; see the class."""

        def guarded(view: View) -> View:
            @wraps(view)
            def run(*args: Any, **kwargs: Any) -> Response:
                visitor = self._visitor()
                if isinstance(visitor, Response):
                    return visitor
                refused = next((each for each in (may(visitor.actor, act) for act in acts) if not each.allowed), None)
                if refused is not None:
                    return sentence(refused.reason, 403, title="不能打开这个页面")
                return harden(view(visitor, *args, **kwargs))

            return run

        return guarded

    def csrf_of(self, cookie: str) -> str:
        """A token for this session's forms, another one for each page: pages are compressed, and from the lengths of
        compressed pages a secret that always stands in them could be guessed sign by sign."""
        if self._signer is None:
            return ""
        salt = secrets.token_urlsafe(_SALT_BYTES)
        return salt + self._signer.sign(salt + sessions.hash_of(cookie))

    def _visitor(self) -> Visitor | Response:
        """Who it is, or what they are told instead."""
        cookie, services = self.cookie.read(), self._services
        if self._signer is None:
            return sentence(NOT_SET_UP, 503)
        now = services.clock.real()
        with services.database.read() as session:
            known = sessions.who(session, cookie, now) if cookie else None
        if known is None:
            return _to_login()
        actor, note = known
        if not self._limit.allows(str(actor.person_id), time.monotonic()):
            return sentence(_FAST, 429)
        if request.method not in _SAFE and not self._is_ours(cookie):
            _log.warning("a form without its token was refused", path=request.path)
            return sentence(_STALE, 403)
        if note:
            with services.database.begin() as session:
                sessions.note_seen(session, cookie, now)
        return Visitor(actor, self.csrf_of(cookie))

    def _is_ours(self, cookie: str) -> bool:
        """Whether what was sent comes from a page of ours, shown in this very session."""
        shown = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
        salt, signature, signer = shown[:_SALT_SIGNS], shown[_SALT_SIGNS:], self._signer
        signed = signer is not None and signer.is_signed(salt + sessions.hash_of(cookie), signature)
        return signed and self._same_site()

    def _same_site(self) -> bool:
        """Where the browser says it comes from; old ones do not say. A proxy may call us by another name than people
        do."""
        origin = request.headers.get("Origin")
        known = {request.host, urlsplit(self._services.settings.public_url).netloc} - {""}
        return origin is None or urlsplit(origin).netloc in known


def _to_login() -> Response:
    """To the login and back to this page; what was to be done is told to be done again."""
    if request.method not in _SAFE:
        return sentence(_SIGN_IN, 401, login=True)
    address = f"/console/login?{urlencode({'to': request.full_path.rstrip('?')})}"
    if request.headers.get("HX-Request"):  # part of a page: the whole page goes
        return harden(Response(status=401, headers={"HX-Redirect": "/console/login"}))
    return harden(redirect(address))  # type: ignore[arg-type]  # Flask's own response class
