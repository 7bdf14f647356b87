"""The access token: one refresher at a time over all processes, and never a storm of gettoken calls.

Repeated gettoken calls with a wrong secret ban the server's address for an hour (protocol 6.1). So a failed refresh is
remembered next to the token, for all processes, and nobody asks again before that time is over.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from bot.wecom.errors import ApiError, ErrorKind, meaning_of

_LEASE_S = 30.0
_WAIT_S = 20.0
_POLL_S = 0.05
_MARGIN_S = 300.0
_SAME_TOKEN_PAUSE_S = 60.0
_CONFIG_PAUSE_S = 60.0
_SECRET_PAUSE_S = 600.0
_NETWORK_PAUSE_S = 5.0
_FREQUENCY_PAUSE_S = 3600.0
_SECRET_CODES = frozenset({40001, 40013, 40091})
_FREQUENCY_CODE = 45009

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, the time from which to renew it, and the time it ends (aware UTC, real clock)."""

    value: str = field(repr=False)
    refresh_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """A refresh failed: nobody asks again before `until`. `errcode` is None when WeCom was not reached."""

    until: datetime
    errcode: int | None
    errmsg: str


class TokenStore(Protocol):
    """Where the token of one credential lies, shared by all processes. Every method is atomic.

    A store belongs to one credential (`credential_id`), so that a corrected secret starts afresh.
    """

    def get(self) -> Token | None:
        """The stored token, expired or not."""
        ...

    def replace(self, failed: str | None, new: Token) -> Token:
        """Store `new` if the stored value is `failed` (None: nothing stored); else keep what is there. Clears the pause
        when it stores. Returns what is stored now."""
        ...

    def acquire_refresh(self, owner: str, seconds: float) -> bool:
        """Become the only refresher for `seconds`. False when somebody else is."""
        ...

    def release_refresh(self, owner: str) -> None:
        """Stop being the refresher. Nothing happens when `owner` is not."""
        ...

    def paused(self) -> Pause | None:
        """The last failed refresh, over or not."""
        ...

    def pause(self, pause: Pause) -> None:
        """Remember a failed refresh."""
        ...


class MemoryTokenStore:
    """A TokenStore for one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._pause: Pause | None = None
        self._owner = ""
        self._lease_until = 0.0

    def get(self) -> Token | None:
        """See TokenStore."""
        with self._lock:
            return self._token

    def replace(self, failed: str | None, new: Token) -> Token:
        """See TokenStore."""
        with self._lock:
            if self._token is None or self._token.value == failed:
                self._token, self._pause = new, None
            return self._token

    def acquire_refresh(self, owner: str, seconds: float) -> bool:
        """See TokenStore."""
        with self._lock:
            if self._owner and self._owner != owner and time.monotonic() < self._lease_until:
                return False
            self._owner, self._lease_until = owner, time.monotonic() + seconds
            return True

    def release_refresh(self, owner: str) -> None:
        """See TokenStore."""
        with self._lock:
            if self._owner == owner:
                self._owner = ""

    def paused(self) -> Pause | None:
        """See TokenStore."""
        with self._lock:
            return self._pause

    def pause(self, pause: Pause) -> None:
        """See TokenStore."""
        with self._lock:
            self._pause = pause


def credential_id(corp_id: str, secret: str) -> str:
    """The name under which a store keeps the token of a credential: tells credentials apart, reveals nothing."""
    return hashlib.sha256(f"{corp_id}\n{secret}".encode()).hexdigest()[:16]


def real_now() -> datetime:
    """The server's real clock, aware UTC."""
    return datetime.now(UTC)


class TokenKeeper:
    """Hands out the token. `fetch` calls gettoken once and returns (token, seconds it lives) or raises ApiError."""

    def __init__(
        self, store: TokenStore, fetch: Callable[[], tuple[str, int]], now: Callable[[], datetime] = real_now
    ) -> None:
        self._store = store
        self._fetch = fetch
        self._now = now

    def current(self) -> str:
        """A token to call with; renewed when it is about to end. Raises ApiError when none can be got."""
        token = self._store.get()
        if token is None or self._now() >= token.expires_at:
            return self.renewed(token.value if token else None)
        if self._now() >= token.refresh_at:
            return self._renewed_early(token)
        return token.value

    def renewed(self, failed: str | None) -> str:
        """The token to use instead of `failed`: the one somebody else has got meanwhile, or a new one.

        Raises ApiError; never calls gettoken more than once.
        """
        owner = _owner()
        give_up_at = time.monotonic() + _WAIT_S
        while time.monotonic() < give_up_at:
            if (other := self._other_than(failed)) is not None:
                return other
            self._check_pause()
            if self._store.acquire_refresh(owner, _LEASE_S):
                try:
                    return self._other_than(failed) or self._refresh(failed)
                finally:
                    self._store.release_refresh(owner)
            time.sleep(_POLL_S)
        raise ApiError(None, "正在等待其他进程换取 access_token", ErrorKind.RETRY, _NETWORK_PAUSE_S)

    def _renewed_early(self, token: Token) -> str:
        """A new token, or the old one, still good, when renewing does not work out or is somebody else's task."""
        owner = _owner()
        pause = self._store.paused()
        resting = pause is not None and self._now() < pause.until
        if resting or not self._store.acquire_refresh(owner, _LEASE_S):
            return token.value
        try:
            return self._other_than(token.value) or self._refresh(token.value, early=True)
        except ApiError:
            return token.value
        finally:
            self._store.release_refresh(owner)

    def _other_than(self, failed: str | None) -> str | None:
        token = self._store.get()
        usable = token is not None and token.value != failed and self._now() < token.expires_at
        return token.value if token is not None and usable else None

    def _check_pause(self) -> None:
        pause = self._store.paused()
        if pause is None or self._now() >= pause.until:
            return
        left = (pause.until - self._now()).total_seconds()
        kind = ErrorKind.RETRY if pause.errcode is None else _gettoken_kind(pause.errcode)
        raise ApiError(pause.errcode, pause.errmsg, kind, left)

    def _refresh(self, failed: str | None, *, early: bool = False) -> str:
        try:
            value, lives_s = self._fetch()
        except ApiError as error:
            seconds = _pause_after(error.errcode)
            self._rest(error.errcode, error.errmsg, seconds)
            kind = error.kind if error.errcode is None else _gettoken_kind(error.errcode)
            raise ApiError(error.errcode, error.errmsg, kind, seconds) from None
        now = self._now()
        margin = min(_MARGIN_S, lives_s / 2)
        token = Token(value, now + timedelta(seconds=lives_s - margin), now + timedelta(seconds=lives_s))
        stored = self._store.replace(failed, token)
        if stored.value == failed and not early:
            # WeCom insists on a token that it refuses: asking again at once would only get us banned.
            message = "企业微信拒绝了刚换取的 access_token"
            self._rest(None, message, _SAME_TOKEN_PAUSE_S)
            raise ApiError(None, message, ErrorKind.RETRY, _SAME_TOKEN_PAUSE_S)
        _log.info("access token renewed")
        return stored.value

    def _rest(self, errcode: int | None, errmsg: str, seconds: float) -> None:
        self._store.pause(Pause(self._now() + timedelta(seconds=seconds), errcode, errmsg))
        _log.warning("access token not renewed", errcode=errcode, next_try_s=seconds)


def _owner() -> str:
    return f"{os.getpid()}-{threading.get_ident()}-{os.urandom(4).hex()}"


def _gettoken_kind(errcode: int) -> ErrorKind:
    """As in the table, but a credential that gettoken itself refuses is no matter of renewing."""
    kind = meaning_of(errcode).kind
    return ErrorKind.CONFIG if kind is ErrorKind.TOKEN else kind


def _pause_after(errcode: int | None) -> float:
    if errcode is None or errcode == -1:
        return _NETWORK_PAUSE_S
    if errcode == _FREQUENCY_CODE:
        return _FREQUENCY_PAUSE_S
    return _SECRET_PAUSE_S if errcode in _SECRET_CODES else _CONFIG_PAUSE_S
