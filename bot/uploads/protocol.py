"""The words of tus 1.0 (core, creation, expiration, checksum, termination): headers read strictly, answers written."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,checksum,termination"
# RFC: a server with the checksum extension must know sha1.
ALGORITHMS = ("sha1", "sha256")
BODY_TYPE = "application/offset+octet-stream"
CHECKSUM_MISMATCH = 460
_NUMBER = re.compile(r"[0-9]{1,16}")
_METADATA_BYTES = 4096
_METADATA_KEYS = 16


class TusError(Exception):
    """A request that is answered with this status and a sentence for the person at the page."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the bytes of one PATCH must hash to."""

    algorithm: str
    digest: bytes

    def start(self) -> Any:
        """A hash to feed the bytes to."""
        return hashlib.new(self.algorithm, usedforsecurity=False)


def number(text: str | None, name: str) -> int:
    """A size or an offset, the value of this header. Raises TusError 400 for anything but plain digits."""
    text = text or ""
    if not _NUMBER.fullmatch(text):
        raise TusError(400, f"{name} 不是合法的数字。")
    return int(text)


def metadata(text: str) -> dict[str, str]:
    """Upload-Metadata: keys with Base64 values. Whatever stands in it is a stranger's. Raises TusError 400."""
    if len(text) > _METADATA_BYTES:
        raise TusError(400, "Upload-Metadata 太长。")
    values: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        key, _, value = pair.partition(" ")
        try:
            values[key] = base64.b64decode(value.strip(), validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            raise TusError(400, "Upload-Metadata 不是合法的 Base64。") from None
    if len(values) > _METADATA_KEYS:
        raise TusError(400, "Upload-Metadata 太多。")
    return values


def checksum(text: str | None) -> Checksum | None:
    """Upload-Checksum: an algorithm and a Base64 digest; None without the header. Raises TusError 400."""
    if text is None:
        return None
    algorithm, _, value = text.partition(" ")
    if algorithm not in ALGORITHMS:
        raise TusError(400, f"不支持校验算法，请用 {'、'.join(ALGORITHMS)}。")
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
        raise TusError(400, "Upload-Checksum 不是合法的 Base64。")
    return Checksum(algorithm, digest)


def check_version(text: str | None) -> None:
    """Raise TusError 412 for a client whose Tus-Resumable names another version, or none."""
    if text != VERSION:
        raise TusError(412, "上传协议版本不符。", {"Tus-Version": VERSION})


def abilities(most_bytes: int) -> dict[str, str]:
    """What OPTIONS tells."""
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(most_bytes),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }


def http_date(instant: datetime) -> str:
    """Upload-Expires."""
    return format_datetime(instant, usegmt=True)
