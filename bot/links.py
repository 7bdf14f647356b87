"""The addresses of files, /f/<token>: signed by us, so that nobody can guess one or change it into another."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

_PURPOSE = b"address of a file"
_SIGNATURE_BYTES = 18
_TOKEN = re.compile(r"([1-9][0-9]{0,17})-([A-Za-z0-9_-]{24})")


class Links:
    """Makes and reads tokens with a key derived from SECRET_KEY. A token names a row and carries no secret of it."""

    def __init__(self, public_url: str, secret: str) -> None:
        self._base = public_url.rstrip("/")
        self._key = hmac.digest(secret.encode("utf-8"), _PURPOSE, "sha256")

    def address(self, handout_id: int) -> str:
        """The public address of this handout's file."""
        return f"{self._base}/f/{handout_id}-{self._signature(handout_id)}"

    def read(self, token: str) -> int | None:
        """The handout a token of ours names, None for any other text."""
        found = _TOKEN.fullmatch(token)
        if found is None or not hmac.compare_digest(self._signature(int(found[1])), found[2]):
            return None
        return int(found[1])

    def _signature(self, handout_id: int) -> str:
        digest = hmac.new(self._key, str(handout_id).encode("ascii"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:_SIGNATURE_BYTES]).decode("ascii")
