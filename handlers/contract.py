"""What a handler is, and everything it may know when it runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from answers import Engine
from domain.chat import Incoming, MessageKind, OutgoingFile, Reply
from domain.deadlines import Deadlines, printed_deadline
from domain.notice import Notice
from domain.roles import Actor, Role
from domain.table import Table
from store import talks
from store.talks import Spoken
from validators.facts import FileFacts
from validators.report import Reading


class Mode(StrEnum):
    """INLINE: database only, moves no case, answered in the callback itself. WORKER: files, checks, cases."""

    INLINE = "inline"
    WORKER = "worker"


UNPACKED = "unpacked"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of this message that is safely stored. `path` may be read, never changed. `facts` is what the readers
    found in their sandbox, before the transaction began; `table` is what they read in a table that may be a roster.
    `inside` are the files of a coordinator's ZIP; `unpacked` is UNPACKED then, or in Chinese why it was not opened.
    """

    position: int
    kind: MessageKind
    name: str
    size: int
    sha256: str
    path: Path
    facts: FileFacts
    table: Table | None = None
    inside: tuple[Inside, ...] = ()
    unpacked: str = ""


@dataclass(frozen=True, slots=True)
class Inside:
    """One file of a ZIP, by its path there; without `file` it could not be used, as `trouble` says in Chinese."""

    path: str
    file: Attachment | None
    trouble: str


@dataclass(frozen=True, slots=True)
class LostFile:
    """A file of this message that could not be brought home. `reason` is a sentence for the person."""

    position: int
    kind: MessageKind
    name: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a language model contributes to a question, checked beforehand: the whole question a follow-up stands for,
    or other words (`text`) for the answer that reads `of`."""

    question: str = ""
    text: str = ""
    of: str = ""


Effect = Callable[[Session], None]
"""Something to be written in the transaction that stores the message."""


class CopyKind(StrEnum):
    """A copy of a Word file: with comments at what was found, or set as the notice wants it."""

    ANNOTATED = "annotate"
    REFORMATTED = "reformat"


@dataclass(frozen=True, slots=True)
class CopyWish:
    """The copy of a stored file that a handler wants to send. `name` is what its sender called the file; the comments
    of an annotated copy are about `readings`."""

    kind: CopyKind
    sha256: str
    name: str
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class CopyMade:
    """The copy, or in `refused`, in Chinese, why there is none; `changes` says what was changed in it."""

    file: OutgoingFile | None
    refused: str = ""
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UploadLink:
    """Where this person may upload one file: the address, until when (campaign time) and how many bytes at most."""

    address: str
    until: datetime
    most_bytes: int


def no_upload() -> UploadLink | None:
    """For a service without a public address."""
    return None


def no_copies(wish: CopyWish) -> CopyMade | None:  # noqa: ARG001
    """For a context without a sandbox."""
    return None


def _nowhere(name: str, content: bytes) -> OutgoingFile:  # noqa: ARG001 - a context without a place for files
    raise RuntimeError("there is no place to keep a file here")


@dataclass(frozen=True, slots=True)
class Context:
    """The world as one handler sees it.

    `now` is campaign time of this run, `arrived_at` campaign time at which the callback arrived (it decides "on time");
    both aware UTC. `session` is the open transaction: a handler adds to it and never commits. `randomness` gives n
    unpredictable bytes. `inbox_id` identifies the message, so that a repeated run can find what the first one made.
    `upload_link` makes a link by which this person may upload one file, None where there is none.
    `keep` stores the bytes of a file for the reply (the same bytes are one blob, however often); WORKER handlers only.
    `copy` gives a copy of a file, made once for the same file and findings. None while there is none: WORKER handlers
    are then run again, from the beginning and in a new transaction, when it has been made.
    """

    notice: Notice
    engine: Engine
    session: Session
    actor: Actor
    now: datetime
    arrived_at: datetime
    inbox_id: int
    randomness: Callable[[int], bytes]
    public_url: str = ""
    attachments: tuple[Attachment, ...] = ()
    lost_files: tuple[LostFile, ...] = ()
    keep: Callable[[str, bytes], OutgoingFile] = _nowhere
    upload_link: Callable[[], UploadLink | None] = no_upload
    suggestion: Suggestion | None = None
    copy: Callable[[CopyWish], CopyMade | None] = no_copies
    effects: list[Effect] | None = None
    deadlines: Deadlines | None = None
    spoken: Spoken | None = None

    def is_on_time(self, arrived_at: datetime) -> bool:
        """Whether what this person sent and what arrived then is within the deadline in force then for their unit."""
        deadlines = self.deadlines or printed_deadline(self.notice)
        return deadlines.on_time(self.actor.unit_id, arrived_at)

    def recall(self, message: Incoming) -> Spoken:
        """What was last spoken of in the chat of this message with its sender."""
        return talks.recall(self.session, message, self.now) if self.spoken is None else self.spoken

    def write(self, effect: Effect) -> None:
        """Write something for the record: now, or with the message as soon as it has its row.

        Inline handlers are run before that, where nothing can be written, so that nobody waits while they think. One
        that writes in another way, or needs `inbox_id`, is run once more when the message has its row.
        """
        if self.effects is None:
            effect(self.session)
        else:
            self.effects.append(effect)


@dataclass(frozen=True, slots=True)
class Handler:
    """One thing a person can ask the bot to do.

    `usage` is one line for the help text, empty if the handler is not asked for by words. `roles` may ask for it.
    `matches` looks at the message only through what `Incoming` and `Context` hold; `run` returns what is said back.
    Only a `public` handler may run in a group: it says nothing that concerns a person or a unit. `asks_engine` marks
    the one whose answers a language model may help with, if there is one.
    """

    name: str
    usage: str
    roles: frozenset[Role]
    mode: Mode
    matches: Callable[[Incoming, Context], bool]
    run: Callable[[Incoming, Context], list[Reply]]
    public: bool = False
    asks_engine: bool = False


Deed = Callable[[Context], Sequence[Reply]]
"""What a handler does, with everything it needs to know beside the context given already."""

EVERYBODY = frozenset(Role)
