"""The two cookies: who is signed in, and which browser is on its way to WeCom. Both out of reach of scripts and of
other sites; with https also bound to it."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, request

from bot.config import Settings


class Cookie:
    """One cookie of this installation. Over https its name begins with __Host-, so that no other host under the same
    domain can set it."""

    def __init__(self, settings: Settings, name: str, lives: timedelta) -> None:
        self._secure = settings.public_url.startswith("https://")
        self._name = f"__Host-{name}" if self._secure else name
        self._lives = lives

    def read(self) -> str:
        """What the browser of this request shows, "" for nothing."""
        return request.cookies.get(self._name, "")

    def give(self, response: Response, value: str) -> None:
        """Set it. Lax: it comes back with the redirect from WeCom, never with what another page sends."""
        response.set_cookie(
            self._name, value, max_age=self._lives, path="/", secure=self._secure, httponly=True, samesite="Lax"
        )

    def take(self, response: Response) -> None:
        """Remove it from the browser."""
        response.delete_cookie(self._name, path="/", secure=self._secure, httponly=True, samesite="Lax")
