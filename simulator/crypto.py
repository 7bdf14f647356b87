"""WeCom's callback cryptography, written from the official description alone (documents 90968 and 101033).

It shares no code with the product, so that a mistake in one cannot be cancelled out by the same mistake in the other.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import struct
from collections.abc import Iterator

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32
_AES_BLOCK = 16
_RANDOM_BYTES = 16
_HEADER_BYTES = 20
_PIECE = 1024 * 1024


class SealError(Exception):
    """An envelope that the real platform would not accept; the text says what is wrong with it."""


def decode_key(encoding_aes_key: str) -> bytes:
    """The 32 bytes behind an EncodingAESKey of 43 characters. Raises SealError for anything else."""
    try:
        raw = base64.b64decode(encoding_aes_key + "=", validate=True)
    except binascii.Error as error:
        raise SealError("EncodingAESKey is not base64") from error
    if len(raw) != _BLOCK:
        raise SealError("EncodingAESKey must decode to 32 bytes")
    return raw


def sign(token: str, timestamp: str, nonce: str, sealed: str) -> str:
    """Lower-case hex SHA-1 over the four strings, sorted and joined."""
    joined = b"".join(sorted(part.encode() for part in (token, timestamp, nonce, sealed)))
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def same(first: str, second: str) -> bool:
    """Compare two signatures in constant time."""
    return hmac.compare_digest(first.encode(), second.encode("utf-8", "replace"))


def pad(length: int) -> bytes:
    """PKCS#7 padding to a multiple of 32 for `length` bytes: never empty, so a full block gets another one."""
    count = _BLOCK - length % _BLOCK
    return bytes([count]) * count


def unpad(data: bytes) -> bytes:
    """Take the padding off; every padding byte is checked."""
    count = data[-1] if data else 0
    if not 1 <= count <= _BLOCK or count > len(data) or data[-count:] != bytes([count]) * count:
        raise SealError("bad padding")
    return data[:-count]


def _cipher(key: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(key), modes.CBC(key[:_AES_BLOCK]))


def seal(key: bytes, text: str, receiveid: str, random_bytes: bytes | None = None) -> str:
    """Encrypt `text` for `receiveid` (a CorpID, or "" for an AI bot); base64."""
    body = text.encode()
    raw = (random_bytes or os.urandom(_RANDOM_BYTES)) + struct.pack(">I", len(body)) + body + receiveid.encode()
    worker = _cipher(key).encryptor()
    return base64.b64encode(worker.update(raw + pad(len(raw))) + worker.finalize()).decode()


def unseal(key: bytes, sealed: str, receiveid: str) -> str:
    """Decrypt what `seal` or the other side sealed. Raises SealError on any departure from the format."""
    try:
        raw = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SealError("encrypt is not base64") from error
    if not raw or len(raw) % _BLOCK:
        raise SealError("ciphertext is not a multiple of 32 bytes")
    worker = _cipher(key).decryptor()
    plain = unpad(worker.update(raw) + worker.finalize())
    if len(plain) < _HEADER_BYTES:
        raise SealError("plaintext shorter than its header")
    (size,) = struct.unpack(">I", plain[_RANDOM_BYTES:_HEADER_BYTES])
    end = _HEADER_BYTES + size
    if end > len(plain):
        raise SealError("length field beyond the end")
    if plain[end:] != receiveid.encode():
        raise SealError(f"receiveid is {plain[end:]!r}, expected {receiveid!r}")
    try:
        return plain[_HEADER_BYTES:end].decode()
    except UnicodeDecodeError as error:
        raise SealError("message is not UTF-8") from error


def sealed_media_size(plain_size: int) -> int:
    """How many bytes `seal_media` gives for `plain_size` bytes."""
    return plain_size + _BLOCK - plain_size % _BLOCK


def seal_media(key: bytes, data: bytes) -> Iterator[bytes]:
    """Encrypt a file the way the AI bot's media URLs serve it: AES-256-CBC, padded to 32 bytes, no envelope."""
    worker = _cipher(key).encryptor()
    for start in range(0, len(data), _PIECE):
        yield worker.update(data[start : start + _PIECE])
    yield worker.update(pad(len(data))) + worker.finalize()
