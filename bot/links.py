"""The addresses of files, /f/<token>: signed by us, so that nobody can guess one or change it into another."""

from __future__ import annotations

import re

from bot.signing import Signer

_PURPOSE = "address of a file"
_TOKEN = re.compile(r"([1-9][0-9]{0,17})-([A-Za-z0-9_-]{24})")


class Links:
    """Makes and reads tokens with a key derived from SECRET_KEY. A token names a row and carries no secret of it."""

    def __init__(self, public_url: str, secret: str) -> None:
        self._base = public_url.rstrip("/")
        self._signer = Signer(secret, _PURPOSE)

    def address(self, handout_id: int) -> str:
        """The public address of this handout's file."""
        return f"{self._base}/f/{handout_id}-{self._signer.sign(str(handout_id))}"

    def read(self, token: str) -> int | None:
        """The handout a token of ours names, None for any other text."""
        found = _TOKEN.fullmatch(token)
        if found is None or not self._signer.is_signed(found[1], found[2]):
            return None
        return int(found[1])
