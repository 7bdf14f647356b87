"""The AES envelope of WeCom's callbacks (protocol section 3): signature, encryption, freshness.

Plaintext: 16 random bytes, length of the message (4 bytes, big-endian), message (UTF-8), receive id; padded to a
multiple of 32 with the pad value 1..32; AES-256-CBC with the first 16 bytes of the key as IV; base64. The signature is
the SHA-1 of the sorted token, timestamp, nonce and ciphertext.

Errors carry a reason and never a piece of what was received.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import struct
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from domain.errors import BotError

KEY_BYTES = 32
PAD_BLOCK = 32
_AES_BLOCK = 16
_HEAD = 20  # random bytes and length field
_TIMESTAMP_DIGITS = 12


class Flaw(StrEnum):
    """Why an envelope was refused."""

    KEY = "the key is not base64 of 32 bytes"
    SIGNATURE = "the signature does not match"
    STALE = "the timestamp is missing, malformed or too far from now"
    BASE64 = "the ciphertext is not base64"
    LENGTH = "the ciphertext is not a whole number of blocks"
    PADDING = "the padding is wrong"
    SIZE = "the length field is wrong"
    RECEIVE_ID = "the envelope is addressed to somebody else"
    ENCODING = "the message is not UTF-8"


class EnvelopeError(BotError):
    """An envelope that must not be trusted. `reason` says why; the text reflects nothing of the input."""

    def __init__(self, reason: Flaw) -> None:
        super().__init__(reason.value)
        self.reason = reason


def decode_key(key: str) -> bytes:
    """The 32 bytes of an EncodingAESKey (43 characters) or of a media aeskey (base64 with or without its `=`).

    Raises EnvelopeError(KEY).
    """
    try:
        raw = base64.b64decode(key.encode("ascii") + b"=" * (-len(key) % 4), validate=True)
    except ValueError:
        raw = b""
    if len(raw) != KEY_BYTES:
        raise EnvelopeError(Flaw.KEY)
    return raw


def sign(token: str, timestamp: str, nonce: str, encrypt: str) -> str:
    """The lower-case hex signature over the four strings (protocol 3.2)."""
    parts = sorted(part.encode("utf-8", "surrogatepass") for part in (token, timestamp, nonce, encrypt))
    return hashlib.sha1(b"".join(parts)).hexdigest()  # noqa: S324 - the algorithm is WeCom's choice


def check_fresh(timestamp: str, now: datetime, window_s: int = 600) -> None:
    """Refuse a callback whose timestamp (seconds, as text) is more than `window_s` away from `now` (real time, aware).

    Raises EnvelopeError(STALE).
    """
    well_formed = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _TIMESTAMP_DIGITS
    if not well_formed or abs(now.timestamp() - int(timestamp)) > window_s:
        raise EnvelopeError(Flaw.STALE)


def strip_padding(data: bytes) -> bytes:
    """`data` without its padding of 1..32 equal bytes. Raises EnvelopeError(PADDING)."""
    pad = data[-1] if data else 0
    if not 1 <= pad <= PAD_BLOCK or data[-pad:] != bytes([pad]) * pad:
        raise EnvelopeError(Flaw.PADDING)
    return data[:-pad]


def cipher(key: bytes) -> Cipher[modes.CBC]:
    """AES-256-CBC as WeCom uses it, for callbacks and media alike: the IV is the start of the key."""
    return Cipher(algorithms.AES(key), modes.CBC(key[:_AES_BLOCK]))


def decrypt(key: bytes, encrypt: str, receive_id: str) -> str:
    """The message inside `encrypt`, checked to be addressed to `receive_id`. Raises EnvelopeError."""
    try:
        raw = base64.b64decode(encrypt.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        raise EnvelopeError(Flaw.BASE64) from None
    if not raw or len(raw) % _AES_BLOCK:
        raise EnvelopeError(Flaw.LENGTH)
    decryptor = cipher(key).decryptor()
    plain = strip_padding(decryptor.update(raw) + decryptor.finalize())
    if len(plain) < _HEAD:
        raise EnvelopeError(Flaw.SIZE)
    (size,) = struct.unpack(">I", plain[16:_HEAD])
    end = _HEAD + size
    if end > len(plain):
        raise EnvelopeError(Flaw.SIZE)
    if not hmac.compare_digest(plain[end:], receive_id.encode()):
        raise EnvelopeError(Flaw.RECEIVE_ID)
    try:
        return plain[_HEAD:end].decode("utf-8")
    except UnicodeDecodeError:
        raise EnvelopeError(Flaw.ENCODING) from None


def encrypt(key: bytes, message: str, receive_id: str, random: bytes | None = None) -> str:
    """`message` as base64 ciphertext for `receive_id`. `random` (16 bytes) is for reproducing vectors only."""
    body = message.encode("utf-8")
    plain = (random or os.urandom(16)) + struct.pack(">I", len(body)) + body + receive_id.encode()
    pad = PAD_BLOCK - len(plain) % PAD_BLOCK
    encryptor = cipher(key).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode("ascii")


@dataclass(frozen=True, slots=True)
class Sealed:
    """A reply ready to be put in its outer form (XML or JSON)."""

    encrypt: str
    signature: str
    timestamp: int
    nonce: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """One callback's secrets: token, AES key (43 characters) and receive id (the corp id, or "" for the AI bot).

    Raises EnvelopeError(KEY) when the key is unusable.
    """

    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    receive_id: str
    _key: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_key", decode_key(self.aes_key))

    def open(self, signature: str, timestamp: str, nonce: str, encrypt: str) -> str:
        """The message in `encrypt`; the signature is compared first, in constant time. Raises EnvelopeError."""
        expected = sign(self.token, timestamp, nonce, encrypt)
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogatepass")):
            raise EnvelopeError(Flaw.SIGNATURE)
        return decrypt(self._key, encrypt, self.receive_id)

    def seal(self, message: str, timestamp: int, nonce: str) -> Sealed:
        """`message` encrypted and signed for WeCom, with the given time (seconds) and nonce."""
        sealed = encrypt(self._key, message, self.receive_id)
        return Sealed(sealed, sign(self.token, str(timestamp), nonce, sealed), timestamp, nonce)
