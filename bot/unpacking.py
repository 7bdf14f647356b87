"""ZIPs of coordinators, unpacked in the sandbox: each file in it becomes safe bytes of its own and is read."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO

from bot.copy_orders import UNPACK
from domain.chat import MessageKind
from domain.roles import Role
from handlers.contract import UNPACKED, Attachment, Inside
from store.blobs import Blobs, StoredBlob
from validators.facts import FileFacts, FileKind
from validators.json_codec import MalformedError, from_json
from validators.packed import Listing, Packed
from validators.sandbox import Sandbox, UnmadeError

_BROKEN = "这个压缩包没能打开，可能已损坏或太大。请重新压缩，或分成几个 ZIP 再发。"
_CHUNK = 1024 * 1024


def is_worth_unpacking(facts: FileFacts, role: Role) -> bool:
    """Whether somebody's file is a ZIP of cases to be: only those who look after a unit send such. One that the readers
    refuse to look into, for the names in it or its size, is told by its own name."""
    named = facts.name.lower().endswith(".zip") and not facts.readable
    return role is Role.COORDINATOR and (facts.kind is FileKind.ZIP or named)


def with_files_inside(file: Attachment, sandbox: Sandbox, blobs: Blobs, opened: ExitStack) -> Attachment:
    """The attachment with what is in it. The local copies stay until `opened` is closed. Raises StorageFullError,
    BlobsAwayError; the sandbox has to be the service's own (`bot.copies.COMMAND`)."""
    with tempfile.TemporaryFile() as result:
        try:
            listing = from_json(Listing, sandbox.make(file.path, file.name, UNPACK, None, result))
        except (UnmadeError, MalformedError):
            listing = Listing(refused=_BROKEN)
        desk = _Desk(sandbox, blobs, opened)
        inside = tuple(desk.take(number, each, result) for number, each in enumerate(listing.files))
    return replace(file, inside=inside, unpacked=listing.refused or UNPACKED)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where a ZIP's files are stored and read."""

    sandbox: Sandbox
    blobs: Blobs
    opened: ExitStack

    def take(self, number: int, packed: Packed, result: IO[bytes]) -> Inside:
        """Store and read one file, whose bytes lie in `result`."""
        if packed.trouble:
            return Inside(packed.path, None, packed.trouble)
        stored = _store(packed, result, self.blobs)
        path: Path = self.opened.enter_context(self.blobs.open_local(stored.sha256))
        name = PurePosixPath(packed.path).name
        facts = self.sandbox.read(path, name)
        file = Attachment(number, MessageKind.FILE, name, stored.size, stored.sha256, path, facts)
        return Inside(packed.path, file, "")


def _store(packed: Packed, result: IO[bytes], blobs: Blobs) -> StoredBlob:
    result.seek(packed.start)
    left = packed.size
    with blobs.receive() as writer:
        while left > 0 and (block := result.read(min(_CHUNK, left))):
            writer.write(block)
            left -= len(block)
    if writer.stored is None:
        raise RuntimeError("a file was taken in without being stored")
    return writer.stored
