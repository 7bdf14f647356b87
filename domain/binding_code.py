"""One-time codes that bind an id of the AI bot to a person: made of randomness, typed by hand, kept as hashes only."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import timedelta

from domain.receipt import ALPHABET

RANDOM_BYTES = 5
GOOD_FOR = timedelta(minutes=10)
_SIGNS = 8
_BITS = 5
_LOOKALIKES = str.maketrans("OIL", "011")
# Costly on purpose (about 50 ms): whoever reads the table cannot try all codes within their ten minutes.
_COST = {"n": 2**14, "r": 8, "p": 1}
_SALT = b"case-keeper binding code"


def new_code(randomness: bytes) -> str:
    """The code of exactly RANDOM_BYTES random bytes, as it is shown: K7QM-9XD4. Raises ValueError otherwise."""
    if len(randomness) != RANDOM_BYTES:
        raise ValueError(f"a code takes {RANDOM_BYTES} random bytes, not {len(randomness)}")
    number = int.from_bytes(randomness, "big")
    signs = "".join(ALPHABET[number >> _BITS * place & 0x1F] for place in reversed(range(_SIGNS)))
    return f"{signs[:4]}-{signs[4:]}"


def normalise_code(typed: str) -> str | None:
    """The code somebody typed, as it is shown, in whatever width, case and spacing; None if it cannot be one."""
    plain = unicodedata.normalize("NFKC", typed).upper().translate(_LOOKALIKES)
    signs = "".join(sign for sign in plain if sign.isalnum())
    if len(signs) != _SIGNS or not set(signs) <= set(ALPHABET):
        return None
    return f"{signs[:4]}-{signs[4:]}"


def hash_code(code: str) -> str:
    """What is kept of a code, in hexadecimal."""
    return hashlib.scrypt(code.encode(), salt=_SALT, dklen=32, **_COST).hex()
