"""A verified callback becomes a row and, where the database alone can answer, an answer: in one transaction."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from bot import fail_points
from bot.answering import Said, carded, join, put_followers, remember_choices, say, tell_others
from bot.deciding import LIMITS, NO_STREAM, Decision, decide, look_ahead, only_files
from bot.nudge import Waiting
from bot.services import Services
from bot.wecom.cards import choice_card
from domain.card import RECEIVED, broadcast_of, is_press, number_pressed
from domain.chat import Channel, Incoming
from domain.chat_json import incoming_to_json
from domain.wording import split_bytes
from store import broadcasts, cards, fetches, inbox, outbox, people, streams
from store.schema.mail import Inbox, InboxState

_log = structlog.get_logger(__name__)

RECEIVING = "正在接收…"
WORKING = "正在处理…"
# What stands behind an HTTP answer goes out a moment after it: the answer shall be on the screen before. Should this
# process die meanwhile, it waits until the platform has tried for the answer three times, for 5 s each.
AFTER_THE_ANSWER = timedelta(seconds=1)
_WITHOUT_THE_ANSWER = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A card as it is from now on: which it is, what it was about, what was chosen."""

    task_id: str
    title: str
    label: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the HTTP answer to a callback says. With `stream_id` it is a stream, else a text; "" means an empty body."""

    text: str = ""
    stream_id: str | None = None
    finished: bool = True
    card: Mapping[str, Any] | None = None
    pressed: Pressed | None = None


@dataclass(frozen=True, slots=True)
class _Stored:
    """A message that has its row, and the stream it can be answered in."""

    incoming: Incoming
    inbox_id: int
    stream_id: str | None


def take(services: Services, incoming: Incoming) -> Answer:
    """Store the message, answer it at once if that needs only the database, and leave the rest to the workers.

    When this returns, the row is committed. If the inline handler fails, the row alone is committed and a worker takes
    over. Raises what the database raises when nothing could be committed: the platform must not get a 200 then.
    """
    arrival = _arrival(services, incoming)

    def write(session: Session, decision: Decision | None) -> tuple[Answer, Waiting]:
        accepted = _accept(services, session, incoming, arrival, decision)
        fail_points.reach("before_commit_of_callback")
        return accepted

    try:
        answer, waiting = services.database.write_after(partial(look_ahead, services, incoming), write)
    except (OperationalError, PoolTimeoutError):
        raise  # the database is away: a second attempt would only use up the platform's five seconds
    except Exception:
        _log.exception("inline handling failed, the worker takes over", channel=incoming.channel, kind=incoming.kind)
        with services.database.begin() as session:
            files = only_files(services, incoming, session)
            answer, waiting = _accept(services, session, incoming, arrival, files)
    fail_points.reach("after_commit_before_nudge")
    services.nudge(waiting)
    fail_points.reach("after_nudge_before_answer")
    return answer


def _accept(
    services: Services, session: Session, incoming: Incoming, arrival: inbox.Arrival, decision: Decision | None
) -> tuple[Answer, Waiting]:
    """The row of the message and what follows from it; of a message that is known the answer it had.

    An answer that is known already is written with the row. Else the row comes first: whoever decides then may write.
    """
    if decision is not None and decision.handler is not None:
        arrival = replace(arrival, handler=decision.handler, reply=join(decision.replies))
    inbox_id = inbox.accept(session, arrival, InboxState.READY if arrival.handler is None else InboxState.DONE)
    if inbox_id is None:
        known = inbox.get(session, incoming.channel, arrival.key)
        if known.lane == arrival.lane:
            return _repeat(session, incoming, known), Waiting()
        # Somebody else's message under the same id: it is a message of its own, and their answer is theirs.
        own_key = hashlib.sha256(f"{arrival.lane}\n{arrival.key}".encode()).hexdigest()
        return _accept(services, session, incoming, replace(arrival, key=own_key), decision)
    stored = _Stored(incoming, inbox_id, arrival.stream_id)
    if decision is None:
        decision = decide(services, incoming, session, inbox_id)
        if decision.handler is not None:
            return _answer(services, session, stored, decision)
    if arrival.reply is None:
        return _leave(services, session, stored, decision)
    remember_choices(session, incoming, decision.replies, decision.at)
    for effect in decision.effects:
        effect(session)
    said = Said(arrival.reply, card=carded(incoming, decision.replies))
    followers = _follow(services, session, stored, said)
    return _show(session, stored, arrival.reply), Waiting(followers=followers, after=AFTER_THE_ANSWER)


def _answer(services: Services, session: Session, stored: _Stored, decision: Decision) -> tuple[Answer, Waiting]:
    """The answer into its row; what does not fit, files and what others are told go out as messages behind it."""
    remember_choices(session, stored.incoming, decision.replies, decision.at)
    said = say(services, session, stored.incoming, decision.replies)
    text, rest = _put_rest(services, session, stored, said)
    others = tell_others(services, session, decision.replies, decision.at)
    followers = (*rest, *_follow(services, session, stored, said))
    inbox.answer(session, stored.inbox_id, handler=decision.handler or "", reply=text)
    return _show(session, stored, text), Waiting(sends=others, followers=followers, after=AFTER_THE_ANSWER)


def _put_rest(services: Services, session: Session, stored: _Stored, said: Said) -> tuple[str, list[int]]:
    """What fits into the HTTP answer; the rest follows as messages of its own, in order."""
    if not said.text:
        return "", []
    inbox_id, lane = stored.inbox_id, stored.incoming.lane
    first, *rest = split_bytes(said.text, LIMITS[stored.incoming.channel])
    queued = [
        outbox.put(
            session,
            key=outbox.answer_key(inbox_id, number),
            lane=lane,
            text=part,
            now=services.clock.real(),
            inbox_id=inbox_id,
            wait=_WITHOUT_THE_ANSWER,
        )
        for number, part in enumerate(rest, start=2)
    ]
    return first, [each for each in queued if each is not None]


def _follow(services: Services, session: Session, stored: _Stored, said: Said) -> tuple[int, ...]:
    """Files and card behind the text. Returns the ids of their messages."""
    incoming = stored.incoming
    return tuple(
        put_followers(
            services,
            session,
            said,
            lane=incoming.lane,
            channel=incoming.channel,
            inbox_id=stored.inbox_id,
            wait=_WITHOUT_THE_ANSWER,
        )
    )


def _leave(services: Services, session: Session, stored: _Stored, decision: Decision) -> tuple[Answer, Waiting]:
    """The files of the message have to be fetched, or a worker has to handle it; meanwhile its stream is open."""
    if is_press(stored.incoming):
        _open(session, stored, WORKING)
        _press(services, session, stored)
        return Answer(pressed=_pressed(session, stored.incoming)), Waiting(lanes=(stored.incoming.lane,))
    if not decision.files:
        return _open(session, stored, WORKING), Waiting(lanes=(stored.incoming.lane,))
    fetches.plan(session, stored.inbox_id, decision.files, stored.incoming.received_at)
    inbox.await_files(session, stored.inbox_id)
    planned = fetches.of_message(session, stored.inbox_id)
    return _open(session, stored, RECEIVING), Waiting(fetches=tuple(fetch.id for fetch in planned))


def _open(session: Session, stored: _Stored, content: str) -> Answer:
    """The stream in which a later answer grows; for what no stream may answer it only keeps the reply address."""
    if stored.stream_id is None:
        return Answer()
    without_stream = stored.incoming.kind in NO_STREAM
    _write_stream(session, stored, stored.stream_id, content, finished=without_stream)
    return Answer() if without_stream else Answer(content, stored.stream_id, finished=False)


def _show(session: Session, stored: _Stored, text: str) -> Answer:
    """The whole answer at once."""
    if stored.stream_id is None or stored.incoming.kind in NO_STREAM or not text:
        return Answer(text)
    _write_stream(session, stored, stored.stream_id, text, finished=True)
    return Answer(text, stored.stream_id, card=card_of(session, stored.inbox_id))


def _press(services: Services, session: Session, stored: _Stored) -> None:
    incoming = stored.incoming
    press = cards.Press(incoming.task_id, incoming.lane, number_pressed(incoming), stored.inbox_id)
    cards.press(session, press, services.clock.now())


def _pressed(session: Session, incoming: Incoming) -> Pressed | None:
    """What the card shows now; nothing of a card that is not this person's."""
    broadcast = broadcast_of(incoming.task_id)
    if broadcast is not None:
        who = people.known_actor(session, incoming.channel, incoming.sender)
        asked = who is not None and broadcasts.was_sent(session, broadcast, who.person_id)
        return Pressed(incoming.task_id, f"群发 {broadcast}", RECEIVED) if asked else None
    card = cards.find(session, incoming.task_id)
    if card is None or card.lane != incoming.lane or card.pressed is None:
        return None
    return Pressed(card.task_id, card.title, cards.choices_of(card)[card.pressed - 1].label)


def card_of(session: Session, inbox_id: int) -> Mapping[str, Any] | None:
    """The card that goes with the answer to this message, as the AI bot takes it."""
    session.flush()
    card = cards.of_message(session, inbox_id)
    if card is None:
        return None
    return choice_card(card.task_id, card.title, [choice.label for choice in cards.choices_of(card)], card.brief)


def _write_stream(session: Session, stored: _Stored, stream_id: str, content: str, *, finished: bool) -> None:
    streams.open_stream(
        session,
        stored.inbox_id,
        stream_id,
        content,
        response_url=stored.incoming.response_url,
        received_at=stored.incoming.received_at,
        finished=finished,
    )


def _arrival(services: Services, incoming: Incoming) -> inbox.Arrival:
    return inbox.Arrival(
        channel=incoming.channel,
        key=incoming.key,
        lane=incoming.lane,
        message=incoming_to_json(replace(incoming, response_url="")),  # the stream's row keeps this secret
        received_at=incoming.received_at,
        campaign_at=services.clock.campaign(incoming.received_at),
        stream_id=new_stream_id() if incoming.channel is Channel.AIBOT else None,
    )


def _repeat(session: Session, incoming: Incoming, row: Inbox) -> Answer:
    """The same message again gets the same answer, with the same stream id."""
    if is_press(incoming):
        return Answer(pressed=_pressed(session, incoming))
    stream = streams.of_message(session, row.id)
    if stream is not None and incoming.kind not in NO_STREAM:
        card = card_of(session, row.id) if stream.finished else None
        return Answer(stream.content, stream.id, stream.finished, card)
    return Answer(row.reply or "")


def new_stream_id() -> str:
    """An id nobody can guess: a refresh is answered to whoever names it."""
    return secrets.token_urlsafe(24)
