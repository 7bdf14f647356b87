"""The copies that one run of a handler wishes for: looked up, or made outside of its transaction and looked up then."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from bot import fail_points
from bot.clock import Clock
from bot.copies import COPY_NAMES, CopyMaker, reformat_order
from bot.copy_orders import Said
from documents.naming import copy_name
from domain.chat import OutgoingFile
from domain.notice import Notice
from handlers.casework.notes import notes_of
from handlers.contract import CopyKind, CopyMade, CopyWish
from store import copies
from store.blobs import Blobs, StoredBlob
from store.database import Database
from validators.facts import FileFacts
from validators.json_codec import to_json
from validators.sandbox import Sandbox

_CHUNK = 1024 * 1024
# Wishes may follow from what was refused, but not for ever.
_MOST_ATTEMPTS = 3
_Done_co = TypeVar("_Done_co", covariant=True)


class _CopiesWishedError(Exception):
    """A handler wishes for copies that have still to be made: its transaction is given up."""


class Attempt(Protocol[_Done_co]):
    """Runs a handler in a transaction of its own and calls `demand` before it changes anything outside of it."""

    def __call__(self, copies: Copies, *, last: bool) -> _Done_co:
        """The outcome of the transaction."""


def until_copied(copies: Copies, attempt: Attempt[_Done_co], show: Callable[[], None]) -> _Done_co:
    """Attempt until all wishes are answered, making copies in between; `show` is called before that. The last attempt
    goes on without what could not be made."""
    for _ in range(_MOST_ATTEMPTS - 1):
        try:
            return attempt(copies, last=False)
        except _CopiesWishedError:
            show()
            copies.make()
    return attempt(copies, last=True)


class Copies:
    """For one message: `look_up` goes into the context, `make` follows when it had to say None.

    `known` are the facts of files that were read already, by their digests."""

    def __init__(
        self,
        sandbox: Sandbox,
        notice: Notice,
        *,
        database: Database,
        blobs: Blobs,
        clock: Clock,
        known: Mapping[str, FileFacts],
    ) -> None:
        self._sandbox = sandbox
        self._notice = notice
        self._database = database
        self._blobs = blobs
        self._clock = clock
        self._maker = CopyMaker(sandbox, notice)
        self._known = known
        self._passing: dict[tuple[str, str, str], CopyMade] = {}
        self._wished: list[CopyWish] = []

    def look_up(self, session: Session) -> Callable[[CopyWish], CopyMade | None]:
        """What answers wishes inside this transaction; a wish that cannot be answered is noted."""
        self._wished = []

        def copy(wish: CopyWish) -> CopyMade | None:
            key = wish.sha256, wish.kind.value, self._order_digest(wish)
            row = copies.find(session, *key)
            if row is None:
                if key not in self._passing:
                    self._wished.append(wish)
                return self._passing.get(key)
            name = copy_name(wish.name, COPY_NAMES[wish.kind])
            file = OutgoingFile(name, row.copy_sha256, row.size) if row.copy_sha256 else None
            return CopyMade(file, row.refused, tuple(row.changes.splitlines()))

        return copy

    def demand(self, *, last: bool) -> None:
        """Give the transaction up when a wish could not be answered, unless it is the `last` attempt."""
        if self._wished and not last:
            raise _CopiesWishedError

    def make(self) -> None:
        """Make what was wished for, outside of any transaction. What could not be made for a passing reason is refused
        for this message and tried again for the next."""
        for wish in self._wished:
            said, blob = self._made(wish)
            fail_points.reach("after_copy_before_row")
            key = wish.sha256, wish.kind.value, self._order_digest(wish)
            if said.refused and not said.lasting:
                self._passing[key] = CopyMade(None, said.refused)
                continue
            with self._database.begin() as session:
                copies.keep(
                    session,
                    sha256=key[0],
                    kind=key[1],
                    order_sha256=key[2],
                    copy=blob,
                    refused=said.refused,
                    changes="\n".join(said.changes),
                    now=self._clock.real(),
                )

    def _made(self, wish: CopyWish) -> tuple[Said, StoredBlob | None]:
        with self._blobs.open_local(wish.sha256) as path, tempfile.TemporaryFile() as result:
            known = self._known.get(wish.sha256)
            facts = self._sandbox.read(path, wish.name) if known is None else replace(known, name=wish.name)
            if wish.kind is CopyKind.ANNOTATED:
                said = self._maker.annotate(path, facts, wish.readings, self._clock.now(), result)
            else:
                said = self._maker.reformat(path, facts, result)
            if said.refused:
                return said, None
            result.seek(0)
            with self._blobs.receive() as writer:
                while chunk := result.read(_CHUNK):
                    writer.write(chunk)
        return said, writer.stored

    def _order_digest(self, wish: CopyWish) -> str:
        if wish.kind is CopyKind.ANNOTATED:
            order: object = [to_json(note) for note in notes_of(self._notice, wish.name, wish.readings)]
        else:
            order = to_json(reformat_order(self._notice))
        return hashlib.sha256(json.dumps(order, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
