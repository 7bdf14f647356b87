"""access_token and OAuth codes: documents 91039, 91022 and 91023."""

from __future__ import annotations

import secrets
import threading
from typing import Any

from simulator.api_errors import ApiError
from simulator.core import Core

Json = dict[str, Any]

_MINUTE = 60.0


class Tokens:
    """One token at a time for the one app: the same within its validity. Thread-safe."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._lock = threading.Lock()
        self._token = ""
        self._made_at = 0.0
        self._expired: set[str] = set()
        self._asked: list[float] = []
        self._wrong = 0
        self._banned_until = 0.0
        self._codes: dict[str, tuple[str, float]] = {}

    def gettoken(self, corp_id: str, secret: str) -> Json:
        """The token for the right secret. Raises ApiError; many wrong secrets ban everybody for an hour."""
        core, now = self._core, self._core.clock()
        if not secret:
            raise ApiError(41004)
        with self._lock:
            self._asked = [at for at in self._asked if now - at < _MINUTE] + [now]
            if now < self._banned_until or len(self._asked) > core.pace.gettoken_per_minute:
                raise ApiError(45009)
            wrong_corp = corp_id != core.settings.corp_id
            if wrong_corp or not secrets.compare_digest(secret.encode(), core.settings.app_secret.encode()):
                self._wrong += 1
                if self._wrong >= core.pace.wrong_secrets_allowed:
                    self._banned_until, self._wrong = now + core.pace.secret_ban, 0
                raise ApiError(40013 if wrong_corp else 40001)
            self._wrong = 0
            if self._token and now - self._made_at > core.pace.token_life:
                self._expired.add(self._token)
                self._token = ""
            if not self._token:
                self._token, self._made_at = secrets.token_urlsafe(64), now
            left = int(self._made_at + core.pace.token_life - now)
            return {"access_token": self._token, "expires_in": left}

    def check(self, token: str) -> None:
        """Raise ApiError 41001, 42001 or 40014 unless `token` is the live one."""
        if not token:
            raise ApiError(41001)
        with self._lock:
            live = self._core.clock() - self._made_at <= self._core.pace.token_life
            if token in self._expired or (token == self._token and not live):
                raise ApiError(42001)
            if not self._token or token != self._token:
                raise ApiError(40014)

    def revoke(self) -> None:
        """Make the live token invalid before its time: calls with it now get 40014."""
        with self._lock:
            self._token = ""

    def expire(self) -> None:
        """Make the live token count as run out: calls with it now get 42001."""
        with self._lock:
            self._expired.add(self._token)
            self._token = ""

    def code_for(self, userid: str) -> str:
        """A fresh OAuth code for this person: one use, five minutes."""
        code = secrets.token_urlsafe(32)
        with self._lock:
            self._codes[code] = (userid, self._core.clock())
        return code

    def who(self, code: str) -> Json:
        """auth/getuserinfo. Raises ApiError 40029 for a used, old or unknown code."""
        with self._lock:
            userid, made_at = self._codes.pop(code, ("", 0.0))
        if not userid or self._core.clock() - made_at > self._core.pace.oauth_code_life:
            raise ApiError(40029)
        person = self._core.settings.person(userid)
        return {"openid": f"o{userid}"} if person is None else {"userid": person.userid}
