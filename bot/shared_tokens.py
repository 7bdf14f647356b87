"""The access token in the database, where every process finds it."""

from __future__ import annotations

from datetime import timedelta

from bot.wecom.tokens import Pause, Token, real_now
from store import tokens
from store.database import Database
from store.schema.mail import ApiToken


class SharedTokens:
    """A `bot.wecom.tokens.TokenStore` on the table api_token, for one credential."""

    def __init__(self, database: Database, credential: str) -> None:
        self._database = database
        self._credential = credential

    def get(self) -> Token | None:
        """See TokenStore."""
        with self._database.read() as session:
            return _token(tokens.find(session, self._credential))

    def replace(self, failed: str | None, new: Token) -> Token:
        """See TokenStore."""
        with self._database.begin() as session:
            tokens.replace(
                session,
                self._credential,
                failed,
                value=new.value,
                refresh_at=new.refresh_at,
                expires_at=new.expires_at,
            )
            return _token(tokens.find(session, self._credential)) or new

    def acquire_refresh(self, owner: str, seconds: float) -> bool:
        """See TokenStore."""
        with self._database.begin() as session:
            return tokens.acquire(session, self._credential, owner, timedelta(seconds=seconds), real_now())

    def release_refresh(self, owner: str) -> None:
        """See TokenStore."""
        with self._database.begin() as session:
            tokens.release(session, self._credential, owner)

    def paused(self) -> Pause | None:
        """See TokenStore."""
        with self._database.read() as session:
            row = tokens.find(session, self._credential)
            if row is None or row.pause_until is None:
                return None
            return Pause(row.pause_until, row.pause_errcode, row.pause_errmsg or "")

    def pause(self, pause: Pause) -> None:
        """See TokenStore."""
        with self._database.begin() as session:
            tokens.pause(session, self._credential, pause.until, pause.errcode, pause.errmsg)


def _token(row: ApiToken | None) -> Token | None:
    if row is None or row.value is None or row.refresh_at is None or row.expires_at is None:
        return None
    return Token(row.value, row.refresh_at, row.expires_at)
