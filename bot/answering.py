"""From replies to what is shown: what waited for this person first, then what is said now, choices as numbered replies,
files announced or linked; and what follows as messages of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.handing_out import by_app, file_line
from bot.services import Services
from domain.card import card_title, makes_card
from domain.chat import Channel, ChatType, Incoming, MessageKind, OutgoingFile, Reply, with_numbers
from store import cards, handouts, offers, outbox, reach
from store.schema.mail import OutboxKind

_TASK_BYTES = 16


@dataclass(frozen=True, slots=True)
class Said:
    """The text that answers a message, the files that follow it as messages of the app, and the reply whose choices are
    shown as a card as well."""

    text: str = ""
    files: tuple[OutgoingFile, ...] = ()
    card: Reply | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """Whom and what the messages behind a text belong to: the person, the beginning of their keys, the inbox row."""

    lane: str
    key: str
    inbox_id: int | None
    wait: timedelta = timedelta(0)
    good_until: datetime | None = None


def join(replies: Sequence[Reply]) -> str:
    """Replies that bring no files, as one text."""
    return "\n\n".join(filter(None, map(with_numbers, replies)))


def say(
    services: Services, session: Session, incoming: Incoming, replies: Sequence[Reply], before: Sequence[str] = ()
) -> Said:
    """Join the replies to the sender. `before` are the texts that could not reach the person until now."""
    own = [reply for reply in replies if reply.to is None]
    in_app = incoming.channel is Channel.APP
    parts = [*before, *(_text(services, session, incoming.lane, each, in_app=in_app) for each in own)]
    text = "\n\n".join(part for part in parts if part)
    return Said(text, _by_app(services, session, incoming.lane, own), carded(incoming, own))


def carded(incoming: Incoming, own: Sequence[Reply]) -> Reply | None:
    """The reply whose choices are shown as a card: the last one, alone with the person, where a card can be shown.

    With the AI bot it stands below the stream that answers a message; a welcome and a press are answered otherwise.
    """
    shows = incoming.channel is Channel.APP or incoming.kind not in (MessageKind.ENTER, MessageKind.BUTTON)
    if not own or incoming.chat is ChatType.GROUP or not shows or not makes_card(own[-1]):
        return None
    return own[-1]


def has_waiting(session: Session, incoming: Incoming) -> bool:
    """Whether texts wait for this person's next message. Nothing personal is said in a group, so none is held there."""
    return incoming.chat is ChatType.SINGLE and outbox.has_held(session, incoming.lane)


def show_waiting(session: Session, incoming: Incoming, replies: Sequence[Reply], now: datetime) -> list[str]:
    """Take the texts that wait for this person's message, if it is answered at all; they count as shown, so the answer
    that carries them must be one that cannot get lost."""
    answered = incoming.chat is ChatType.SINGLE and any(reply.to is None for reply in replies)
    return outbox.show_held(session, incoming.lane, now) if answered else []


def remember_choices(session: Session, incoming: Incoming, replies: Sequence[Reply], now: datetime) -> None:
    """Keep what the last reply offered, so that "1" can be understood. A reply without choices withdraws old ones.

    What is offered in a group is for everybody there: it says nothing about what this person will mean alone.
    """
    own = [reply for reply in replies if reply.to is None]
    if own and incoming.chat is ChatType.SINGLE:
        offers.remember(session, incoming.lane, own[-1].choices, now)


def tell_others(
    services: Services,
    session: Session,
    replies: Sequence[Reply],
    now: datetime,
    good_until: datetime | None = None,
) -> tuple[int, ...]:
    """Queue what other people than the sender are told, once for each cause; `now` is campaign time. After `good_until`
    (real time) it is not sent any more.

    Returns the ids of the messages to send."""
    queued: list[int] = []
    for reply in replies:
        if reply.to is None:
            continue
        lane, key = reach.lane_of(session, reply.to), f"{reply.cause}:to:{reply.to}"
        if outbox.id_of(session, key) is not None:
            continue
        text = _text(services, session, lane, reply, in_app=True)
        first = outbox.put(session, key=key, lane=lane, text=text, now=services.clock.real(), good_until=good_until)
        if first is not None:
            if reply.choices:  # what brings no numbers takes none away that the person has before them
                offers.remember(session, lane, reply.choices, now)
            files = _by_app(services, session, lane, (reply,))
            place = _Place(lane, key, None, good_until=good_until)
            queued += [first, *_put_files(services, session, place, files)]
            if makes_card(reply):
                queued += _put_card(services, session, place, reply)
    return tuple(queued)


def put_followers(
    services: Services,
    session: Session,
    said: Said,
    *,
    lane: str,
    channel: str,
    inbox_id: int,
    wait: timedelta = timedelta(0),
) -> list[int]:
    """Queue what follows the text of an answer; not before `wait` is over. The ids of the messages."""
    place = _Place(lane, f"in:{inbox_id}", inbox_id, wait)
    queued = _put_files(services, session, place, said.files)
    if said.card is not None and channel == Channel.APP:
        queued += _put_card(services, session, place, said.card)
    elif said.card is not None:
        _add_card(services, session, place, said.card, None)
    return queued


def _put_files(services: Services, session: Session, after: _Place, files: Sequence[OutgoingFile]) -> list[int]:
    now, queued = services.clock.real(), []
    for number, file in enumerate(files, start=1):
        outbox_id = outbox.put(
            session,
            key=f"{after.key}:file{number}",
            lane=after.lane,
            text=f"📎 {file.name}",
            now=now,
            inbox_id=after.inbox_id,
            wait=after.wait,
            kind=OutboxKind.FILE,
        )
        if outbox_id is not None:
            handouts.add(session, after.lane, file, now, outbox_id=outbox_id)
            queued.append(outbox_id)
    return queued


def _put_card(services: Services, session: Session, after: _Place, reply: Reply) -> list[int]:
    """Queue the card as a message of the app, behind its text."""
    outbox_id = outbox.put(
        session,
        key=outbox.card_key(after.key),
        lane=after.lane,
        text=card_title(reply),
        now=services.clock.real(),
        inbox_id=after.inbox_id,
        wait=after.wait,
        kind=OutboxKind.CARD,
        good_until=after.good_until,
    )
    if outbox_id is None:
        return []
    _add_card(services, session, after, reply, outbox_id)
    return [outbox_id]


def _add_card(services: Services, session: Session, after: _Place, reply: Reply, outbox_id: int | None) -> None:
    cards.add(
        session,
        task_id=services.randomness(_TASK_BYTES).hex(),
        lane=after.lane,
        title=card_title(reply),
        choices=reply.choices,
        now=services.clock.now(),
        inbox_id=after.inbox_id,
        outbox_id=outbox_id,
        brief=reply.brief,
    )


def _text(services: Services, session: Session, lane: str, reply: Reply, *, in_app: bool) -> str:
    """The text twin: what is said, the files announced or linked, the choices as numbers."""
    files = "".join(f"\n{file_line(services, session, lane, file, in_app=in_app)}" for file in reply.files)
    return with_numbers(replace(reply, text=reply.text + files))


def _by_app(services: Services, session: Session, lane: str, replies: Sequence[Reply]) -> tuple[OutgoingFile, ...]:
    return tuple(file for each in replies for file in each.files if by_app(services, session, lane, file))
