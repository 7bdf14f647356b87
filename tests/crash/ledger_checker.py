"""The checker: what the platform saw, against the rows and the bytes on disk. Every fault is one sentence."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from screens import by_service, is_text, screen_faults
from sqlalchemy import select

from simulator.chats import APP, Shown, thread_of
from simulator.platform import CallbackRecord, Platform
from store.database import Database
from store.schema.campaign import Case, Material
from store.schema.mail import Card, Fetch, FetchState, Handout, Inbox, InboxState, Outbox, OutboxKind, OutboxState

_FINAL = (InboxState.DONE, InboxState.DEAD)
_ENDS = {
    OutboxState.ACCEPTED,
    OutboxState.REFUSED,
    OutboxState.UNKNOWN,
    OutboxState.HELD,
    OutboxState.SHOWN,
    OutboxState.DROPPED,
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A message or press as its sender knows it; `data` are the bytes of a file. A second press of the same button has
    its answer already: it is not `answered` again."""

    record: CallbackRecord
    data: bytes | None = None
    answered: bool = True

    @property
    def key(self) -> str:
        """What its inbox row is known by: the platform's id, of an event of the app the digest of its body."""
        return self.record.msgid or hashlib.sha256(self.record.plaintext.encode()).hexdigest()


def quiet(platform: Platform, database: Database) -> bool:
    """Whether nothing is under way any more, here or on the screens."""
    with database.read() as session:
        open_rows = (
            select(Inbox.id).where(Inbox.state.not_in(_FINAL)),
            select(Fetch.id).where(Fetch.state.in_((FetchState.WAITING, FetchState.WORKING))),
            select(Outbox.id).where(Outbox.state.not_in(_ENDS)),
        )
        if any(session.scalar(rows.limit(1)) is not None for rows in open_rows):
            return False
    return not platform.chats.find(lambda shown: not shown.finished and not shown.expired)


def faults(platform: Platform, database: Database, blobs: Path, sent: Sequence[Sent]) -> list[str]:
    """Everything that breaks a promise; empty for a service that keeps them."""
    with database.read() as session:
        inbox = list(session.scalars(select(Inbox)))
        outbox = list(session.scalars(select(Outbox)))
        found = session.execute(select(Material, Case).join(Case, Case.id == Material.case_id))
        materials = [(material, case) for material, case in found]
        with_what = (
            select(Outbox, Card, Handout)
            .outerjoin(Card, Card.outbox_id == Outbox.id)
            .outerjoin(Handout, Handout.outbox_id == Outbox.id)
        )
        outgoing = [(row, card, handout) for row, card, handout in session.execute(with_what)]
    return [
        *(f"breach of the protocol: {entry.data}" for entry in platform.ledger.violations()),
        *_inbox_faults(inbox, sent),
        *(f"message {row.key} has no end: {row.state}" for row in outbox if row.state not in _ENDS),
        *_file_faults(platform, inbox, materials, blobs, sent),
        *_screen_faults(platform, sent),
        *_outgoing_faults(platform, outgoing),
    ]


def answers_shown(platform: Platform) -> list[Shown]:
    """The texts that people read as answers."""
    return platform.chats.find(is_text)


def _inbox_faults(inbox: Sequence[Inbox], sent: Sequence[Sent]) -> Iterator[str]:
    rows = Counter(row.key for row in inbox)
    final = {row.key for row in inbox if row.state in _FINAL}
    for each in sent:
        key = each.key
        if each.record.acknowledged and key not in final:
            yield f"lost: {key} was acknowledged, {'not finished' if rows[key] else 'no row'}"
        if rows[key] > 1:
            yield f"taken twice: {key} has {rows[key]} rows"
    yield from (f"no row may be dead: {row.key}: {row.error}" for row in inbox if row.state == InboxState.DEAD)


def _file_faults(
    platform: Platform,
    inbox: Sequence[Inbox],
    materials: Sequence[tuple[Material, Case]],
    blobs: Path,
    sent: Sequence[Sent],
) -> Iterator[str]:
    keys = {row.id: row.key for row in inbox}
    texts = [shown.text for shown in platform.chats.find(is_text)]
    for each in sent:
        if each.data is None or not each.record.acknowledged:
            continue
        key, digest = each.key, hashlib.sha256(each.data).hexdigest()
        mine = [(material, case) for material, case in materials if keys.get(material.inbox_id or 0) == key]
        if len({case.receipt for _, case in mine}) != 1 or len(mine) != 1:
            yield f"{key}: {len(mine)} materials, {len({case.receipt for _, case in mine})} receipts instead of one"
        for material, case in mine:
            path = blobs / material.sha256[:2] / material.sha256
            if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                yield f"{key}: the stored bytes are not those that were sent"
            told = sum(case.receipt in text for text in texts)
            if told != 1:
                yield f"{key}: receipt {case.receipt} was told {told} times"


def _screen_faults(platform: Platform, sent: Sequence[Sent]) -> Iterator[str]:
    asked = Counter(each.record.thread for each in sent if each.answered and each.record.acknowledged)
    yield from screen_faults(platform.chats.find(by_service), asked)
    bodies = Counter(str(entry.data["body"]) for entry in platform.ledger.entries("accepted"))
    yield from (f"pushed {count} times: {body}" for body, count in bodies.items() if count > 1)


def _outgoing_faults(
    platform: Platform, outgoing: Sequence[tuple[Outbox, Card | None, Handout | None]]
) -> Iterator[str]:
    """What the rows say was accepted as a card or file is on the screen, once, with the stored bytes."""
    cards = Counter((shown.card or {}).get("task_id") for shown in platform.chats.find(lambda shown: bool(shown.card)))
    files = Counter(
        (shown.thread, stored.name, hashlib.sha256(stored.data).hexdigest())
        for shown in platform.chats.find(lambda shown: by_service(shown) and bool(shown.attachment))
        if (stored := platform.media.get((shown.attachment or {})["id"])) is not None
    )
    kept: Counter[tuple[str, str, str]] = Counter()
    for row, card, handout in outgoing:
        if row.kind == OutboxKind.CARD and row.state == OutboxState.ACCEPTED:
            shown = 0 if card is None else cards[card.task_id]
            if shown != 1:
                yield f"card {row.key} was accepted and shown {shown} times"
        if row.kind == OutboxKind.FILE and row.state == OutboxState.ACCEPTED and handout is not None:
            kept[thread_of(row.lane, APP), handout.name, handout.sha256] += 1
    for file in sorted(kept | files):
        if kept[file] != files[file]:
            yield f"{file[0]}: file {file[1]} with these bytes: {kept[file]} accepted, {files[file]} shown"
