"""Keys and signatures from SECRET_KEY: each purpose has a key of its own, so that no signature is good for another."""

from __future__ import annotations

import base64
import hmac

_SIGNATURE_BYTES = 18


class Signer:
    """Signs short texts for one purpose."""

    def __init__(self, secret: str, purpose: str) -> None:
        self._key = hmac.digest(secret.encode("utf-8"), purpose.encode("utf-8"), "sha256")

    def sign(self, text: str) -> str:
        """24 characters that fit into an address."""
        digest = hmac.digest(self._key, text.encode("utf-8"), "sha256")
        return base64.urlsafe_b64encode(digest[:_SIGNATURE_BYTES]).decode("ascii")

    def is_signed(self, text: str, signature: str) -> bool:
        """Whether this is our signature of this text; takes the same time for any answer."""
        return hmac.compare_digest(self.sign(text).encode("ascii"), signature.encode("utf-8", "surrogateescape"))
