"""The checker: what the platform saw, against the rows and the bytes on disk. Every fault is one sentence."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from bot.refreshing import STREAM_ELSEWHERE
from simulator.chats import Shown
from simulator.platform import CallbackRecord, Platform
from store.database import Database
from store.schema.campaign import Case, Material
from store.schema.mail import Fetch, FetchState, Inbox, InboxState, Outbox, OutboxState

_FINAL = (InboxState.DONE, InboxState.DEAD)
_ENDS = {OutboxState.ACCEPTED, OutboxState.REFUSED, OutboxState.UNKNOWN, OutboxState.HELD, OutboxState.SHOWN}


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as its sender knows it; `data` are the bytes of a file."""

    record: CallbackRecord
    data: bytes | None = None


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
    return [
        *(f"breach of the protocol: {entry.data}" for entry in platform.ledger.violations()),
        *_inbox_faults(inbox, sent),
        *(f"message {row.key} has no end: {row.state}" for row in outbox if row.state not in _ENDS),
        *_file_faults(platform, inbox, materials, blobs, sent),
        *_screen_faults(platform, sent),
    ]


def answers_shown(platform: Platform) -> list[Shown]:
    """What people read as an answer: not a stream that only points to the one that came another way, nor one that the
    platform gave up unfinished."""
    return [
        shown
        for shown in platform.chats.find(lambda shown: shown.author in {"bot", "app"})
        if shown.text != STREAM_ELSEWHERE and not shown.expired
    ]


def _inbox_faults(inbox: Sequence[Inbox], sent: Sequence[Sent]) -> Iterator[str]:
    rows = Counter(row.key for row in inbox)
    final = {row.key for row in inbox if row.state in _FINAL}
    for each in sent:
        key = each.record.msgid
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
    texts = [shown.text for shown in platform.chats.find(lambda shown: shown.author in {"bot", "app"})]
    for each in sent:
        if each.data is None or not each.record.acknowledged:
            continue
        key, digest = each.record.msgid, hashlib.sha256(each.data).hexdigest()
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
    asked = Counter(each.record.thread for each in sent if each.record.acknowledged)
    answers = Counter(shown.thread for shown in answers_shown(platform))
    for thread in sorted(asked | answers):
        if asked[thread] != answers[thread]:
            yield f"{thread}: {asked[thread]} messages, {answers[thread]} answers"
    bodies = Counter(str(entry.data["body"]) for entry in platform.ledger.entries("accepted"))
    yield from (f"pushed {count} times: {body}" for body, count in bodies.items() if count > 1)
    for shown in platform.chats.find(lambda shown: shown.author in {"bot", "app"} and not shown.text):
        yield f"an empty answer in {shown.thread}"
