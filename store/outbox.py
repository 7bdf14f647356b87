"""Every state move of outgoing messages. Each ends as accepted, refused, unknown or shown; none is sent twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, bindparam, or_, select, update
from sqlalchemy.orm import Session

from store.rows import changed, count_changed, insert_unless_known
from store.schema.mail import Outbox, OutboxKind, OutboxState
from store.sending_order import UNFINISHED, claiming, part_key

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 8
# The platform's duplicate check covers this long from the first try (protocol 4.1): inside, a repeat is harmless.
DUPLICATE_WINDOW = timedelta(seconds=14_400)
# Who holds a message that the platform has come for, until the HTTP answer has left.
_IN_STREAM = "stream"
_IS_HELD = (Outbox.lane == bindparam("lane"), Outbox.state == OutboxState.HELD)
_HELD = select(Outbox).where(*_IS_HELD).order_by(Outbox.id).with_for_update()
ANY_HELD = select(Outbox.id).where(*_IS_HELD).limit(1)  # built once: every callback asks this


# Built once: each message asks it, and building it costs more than running it.
_CLAIM = claiming(Outbox.next_try_at <= bindparam("now"))
_CLAIM_EARLY = claiming(Outbox.next_try_at <= bindparam("now"), Outbox.attempts == 0)
_END = (
    update(Outbox)
    .where(Outbox.id == bindparam("outbox"), Outbox.state == OutboxState.SENDING)
    .values(
        lease_owner=None,
        lease_until=None,
        **{name: bindparam(f"new_{name}") for name in ("state", "ended_at", "platform_id", "reason")},
    )
)


class Route(StrEnum):
    """The way a message goes out: in the open stream, by the one-time reply address, or as a push of the app."""

    STREAM = "stream"
    RESPONSE_URL = "response_url"
    APP = "app"


def put(
    session: Session,
    *,
    key: str,
    lane: str,
    text: str,
    now: datetime,
    inbox_id: int | None = None,
    route: Route | None = None,
    wait: timedelta = timedelta(0),
    kind: OutboxKind = OutboxKind.TEXT,
    good_until: datetime | None = None,
) -> int | None:
    """Queue one message; its id, or None if the same cause has queued it before (then nothing is written)."""
    values = {
        "key": key,
        "lane": lane,
        "inbox_id": inbox_id,
        "kind": kind,
        "text": text,
        "route": route,
        "state": OutboxState.QUEUED,
        "attempts": 0,
        "created_at": now,
        "next_try_at": now + wait,
        "good_until": good_until,
    }
    return insert_unless_known(session, Outbox, values)


def put_held(session: Session, *, key: str, lane: str, text: str, reason: str, now: datetime) -> None:
    """A text that no push can bring waits for the person's next message. Nothing if this cause has put it before."""
    outbox_id = put(session, key=key, lane=lane, text=text, now=now)
    if outbox_id is not None:
        held = update(Outbox).where(Outbox.id == outbox_id, Outbox.state == OutboxState.QUEUED)
        changed(session, held.values(state=OutboxState.HELD, reason=reason))


def id_of(session: Session, key: str) -> int | None:
    """The id of the message with this cause."""
    return session.scalar(select(Outbox.id).where(Outbox.key == key))


def claim(
    session: Session, outbox_id: int, owner: str, now: datetime, lease: timedelta = LEASE, *, early: bool = False
) -> Outbox | None:
    """Take the message for one try if it is due (`early`: its first try at any time), unless an earlier part of the
    same answer or text is still on its way.

    Texts go first, also those that a long one was cut into; then files and cards, in the order they were put.
    """
    asked = {"outbox": outbox_id, "now": now, "owner": owner, "until": now + lease}
    if not changed(session, _CLAIM_EARLY if early else _CLAIM, asked):
        return None
    return session.get(Outbox, outbox_id)


def renew(session: Session, outbox_id: int, owner: str, until: datetime) -> bool:
    """The send goes on: hold the lease until then. False if it was lost."""
    return changed(
        session,
        update(Outbox)
        .where(Outbox.id == outbox_id, Outbox.lease_owner == owner, Outbox.state == OutboxState.SENDING)
        .values(lease_until=until),
    )


def split(session: Session, row: Outbox, parts: list[str], now: datetime) -> None:
    """A text too long for its route goes out in parts: the row keeps the first, the others become rows behind it."""
    row.text = parts[0]
    for number, part in enumerate(parts[1:], start=2):
        put(
            session,
            key=part_key(row.key, number),
            lane=row.lane,
            text=part,
            now=now,
            inbox_id=row.inbox_id,
            route=None,
        )


def fix_body(row: Outbox, body: str, now: datetime) -> None:
    """Fix what goes over the wire before the first try: every retry sends these bytes."""
    row.body = body
    row.first_try_at = now


def fix_upload(session: Session, outbox_id: int, body: str, now: datetime) -> str | None:
    """Fix what shows an uploaded file, and give what is to be sent: the bytes of whoever came first, so that two who
    upload the same file, because the first took longer than its lease, send one message. None when the message is no
    file any more, or has ended."""
    under_way = (Outbox.id == outbox_id, Outbox.kind == OutboxKind.FILE, Outbox.state == OutboxState.SENDING)
    changed(session, update(Outbox).where(*under_way, Outbox.body.is_(None)).values(body=body, first_try_at=now))
    return session.scalar(select(Outbox.body).where(*under_way))


def begin_reply(row: Outbox, now: datetime) -> bool:
    """The next try goes to the one-time address. Whether an earlier try may have arrived there already."""
    repeated = row.first_try_at is not None
    row.route = Route.RESPONSE_URL
    row.first_try_at = row.first_try_at or now
    return repeated


def mark_accepted(session: Session, outbox_id: int, platform_id: str | None, now: datetime) -> bool:
    """The platform took it for this person."""
    return _end(session, outbox_id, OutboxState.ACCEPTED, now, platform_id=platform_id)


def mark_refused(session: Session, outbox_id: int, reason: str, now: datetime) -> bool:
    """The platform will never take it; `reason` is for the admin's list."""
    return _end(session, outbox_id, OutboxState.REFUSED, now, reason=reason)


def mark_unknown(session: Session, outbox_id: int, reason: str, now: datetime) -> bool:
    """It may or may not have arrived, and repeating it is not safe."""
    return _end(session, outbox_id, OutboxState.UNKNOWN, now, reason=reason)


def drop(session: Session, row: Outbox, now: datetime) -> bool:
    """It is not true any more: neither it nor the card behind it is sent."""
    count_changed(
        session,
        update(Outbox)
        .where(Outbox.key == card_key(row.key), Outbox.state == OutboxState.QUEUED)
        .values(state=OutboxState.DROPPED, ended_at=now),
    )
    return _end(session, row.id, OutboxState.DROPPED, now)


def card_key(key: str) -> str:
    """The key of the card behind the text with this key."""
    return f"{key}:card"


def hold(session: Session, outbox_id: int, reason: str) -> bool:
    """No way to the person is open: keep it for their next message."""
    return changed(
        session,
        update(Outbox)
        .where(Outbox.id == outbox_id, Outbox.state == OutboxState.SENDING)
        .values(state=OutboxState.HELD, reason=reason, lease_owner=None, lease_until=None),
    )


def say_instead(session: Session, outbox_id: int, text: str, reason: str, now: datetime) -> bool:
    """The file or card cannot go this way: the same row becomes a text, which looks for a way of its own."""
    anew = {"kind": OutboxKind.TEXT, "text": text, "body": None, "route": None, "first_try_at": None, "attempts": 0}
    return _queue_again(session, outbox_id, reason, now, anew)


def upload_again(session: Session, outbox_id: int, reason: str, now: datetime) -> bool:
    """The platform has lost the uploaded bytes and refused the message: it is put together anew."""
    return _queue_again(session, outbox_id, reason, now, {"body": None, "route": None})


def try_later(
    session: Session, outbox_id: int, reason: str, next_try_at: datetime, *, never_sent: bool = False
) -> bool:
    """This try failed in a way that may pass; `never_sent` when certainly nothing has left yet."""
    unsent = {"first_try_at": None} if never_sent else {}
    return _queue_again(session, outbox_id, reason, next_try_at, unsent)


def take_another_way(session: Session, outbox_id: int, reason: str, now: datetime) -> bool:
    """The one-time address has refused it for good: the next try goes another way."""
    return _queue_again(session, outbox_id, reason, now, {"first_try_at": None, "route": None})


def answer_key(inbox_id: int, part: int = 1) -> str:
    """The key of one part of the answer to a message; the first part is what its stream shows."""
    return f"in:{inbox_id}:{part}"


def hand_to_stream(session: Session, inbox_id: int, until: datetime) -> bool:
    """The platform asks for the finished stream of this message. True: the stream is to show the answer.

    From now on nobody sends it another way before `until`, when the platform no longer asks; `mark_collected` follows
    once the HTTP answer has left. False when another way has been taken meanwhile (a restart can take longer than the
    platform may wait): shown in the stream as well, the person would have the answer twice.
    """
    key = answer_key(inbox_id)
    answer = session.scalar(select(Outbox).where(Outbox.key == key).with_for_update())
    if answer is None or answer.state == OutboxState.REFUSED:
        return True
    untouched = answer.route == Route.STREAM and answer.state in UNFINISHED
    if not untouched and answer.state != OutboxState.HELD:
        return answer.route == Route.STREAM and answer.state == OutboxState.ACCEPTED
    count_changed(
        session,
        update(Outbox)
        .where(or_(Outbox.key == key, _cut_from(key) & (Outbox.state == OutboxState.HELD)))
        .values(
            state=OutboxState.SENDING,
            route=Route.STREAM,
            body=None,
            first_try_at=None,
            lease_owner=_IN_STREAM,
            lease_until=until,
        ),
    )
    return True


def mark_collected(session: Session, inbox_id: int, now: datetime) -> None:
    """The answer to the platform's question has left: what the stream shows has thereby arrived."""
    key = answer_key(inbox_id)
    _mark_shown(session, or_(Outbox.key == key, _cut_from(key)), now)


def mark_asked_again(session: Session, now: datetime) -> None:
    """Messages handed to a stream that is still open, while the platform could ask all the time and has not: they had
    arrived before the process died that handed them over."""
    _mark_shown(session, Outbox.lease_until > now, now)


def has_held(session: Session, lane: str) -> bool:
    """Whether texts wait for this person's next message."""
    return session.connection().scalar(ANY_HELD, {"lane": lane}) is not None


def show_held(session: Session, lane: str, now: datetime) -> list[str]:
    """Take all texts that were waiting for this person's next message; they are shown with the answer to it."""
    rows = list(session.scalars(_HELD, {"lane": lane}))
    for row in rows:
        row.state = OutboxState.SHOWN
        row.ended_at = now
    return [row.text for row in rows]


def due(session: Session, now: datetime, limit: int = 200) -> list[int]:
    """Ids of messages that may be tried now, oldest first."""
    return list(
        session.scalars(
            select(Outbox.id)
            .where(Outbox.state == OutboxState.QUEUED, Outbox.next_try_at <= now)
            .order_by(Outbox.id)
            .limit(limit)
        )
    )


def waiting_parts(session: Session, inbox_id: int | None, lane: str) -> list[int]:
    """Ids of the parts of one answer that are still queued, texts first; without `inbox_id`, of all the person is told
    without having asked."""
    return list(
        session.scalars(
            select(Outbox.id)
            .where(
                Outbox.inbox_id.is_not_distinct_from(inbox_id),
                Outbox.lane == lane,
                Outbox.state == OutboxState.QUEUED,
            )
            .order_by(Outbox.kind != OutboxKind.TEXT, Outbox.id)
        )
    )


def return_leases(session: Session, now: datetime) -> int:
    """Messages whose sender process died while sending.

    A push inside the duplicate-check window is queued again with its fixed bytes, after it its end is unknown. A
    one-time address takes one message only, so a second try there is harmless.
    """
    dead = (Outbox.state == OutboxState.SENDING) & (Outbox.lease_until <= now)
    repeatable = or_(Outbox.body.is_(None), Outbox.first_try_at > now - DUPLICATE_WINDOW)
    freed = {"lease_owner": None, "lease_until": None}
    again = count_changed(
        session,
        update(Outbox).where(dead, repeatable).values(state=OutboxState.QUEUED, next_try_at=now, **freed),
    )
    lost = count_changed(
        session,
        update(Outbox)
        .where(dead)
        .values(state=OutboxState.UNKNOWN, ended_at=now, reason="the sending process died during the send", **freed),
    )
    return again + lost


def _cut_from(key: str) -> ColumnElement[bool]:
    """The parts into which `split` has cut the message with this key."""
    return Outbox.key.startswith(f"{key}:", autoescape=True)


def _mark_shown(session: Session, which: ColumnElement[bool], now: datetime) -> None:
    handed = (Outbox.state == OutboxState.SENDING) & (Outbox.lease_owner == _IN_STREAM)
    count_changed(
        session,
        update(Outbox)
        .where(handed, which)
        .values(state=OutboxState.ACCEPTED, ended_at=now, lease_owner=None, lease_until=None),
    )


def _queue_again(
    session: Session, outbox_id: int, reason: str, next_try_at: datetime, more: Mapping[str, object]
) -> bool:
    return changed(
        session,
        update(Outbox)
        .where(Outbox.id == outbox_id, Outbox.state == OutboxState.SENDING)
        .values(
            state=OutboxState.QUEUED,
            reason=reason,
            next_try_at=next_try_at,
            lease_owner=None,
            lease_until=None,
            **more,
        ),
    )


def _end(
    session: Session,
    outbox_id: int,
    state: OutboxState,
    now: datetime,
    *,
    platform_id: str | None = None,
    reason: str | None = None,
) -> bool:
    values = {"state": state, "ended_at": now, "platform_id": platform_id, "reason": reason}
    return changed(session, _END, {"outbox": outbox_id, **{f"new_{name}": value for name, value in values.items()}})
