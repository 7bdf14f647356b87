"""A verified callback becomes a row and, where the database alone can answer, an answer: in one transaction."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from bot import fail_points
from bot.answering import Said, has_waiting, put_followers, remember_choices, say, tell_others
from bot.context import open_context
from bot.nudge import Waiting
from bot.services import Services
from bot.suggestions import may_suggest
from bot.wecom.callback import AIBOT_CONTENT_BYTES, APP_TEXT_BYTES
from domain.chat import Channel, Incoming, MessageKind
from domain.chat_json import incoming_to_json
from domain.wording import split_bytes
from handlers.contract import Mode
from handlers.dispatch import choose, translate
from handlers.wanting import wanted_pictures
from store import fetches, inbox, outbox, people, streams
from store.schema.mail import Inbox, InboxState

_log = structlog.get_logger(__name__)

RECEIVING = "正在接收…"
WORKING = "正在处理…"
# Protocol 2.2 and 5.3: how long the platform keeps the bytes, less a margin.
_AIBOT_MEDIA_FOR = timedelta(minutes=4, seconds=45)
_APP_MEDIA_FOR = timedelta(days=2, hours=23)
_AFTER_THE_ANSWER = timedelta(seconds=1)
_ALWAYS_WANTED = frozenset({MessageKind.FILE, MessageKind.VIDEO})
_NO_STREAM = frozenset({MessageKind.ENTER, MessageKind.BUTTON, MessageKind.FEEDBACK, MessageKind.NOTIFICATION})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the HTTP answer to a callback says. With `stream_id` it is a stream, else a text; "" means an empty body."""

    text: str = ""
    stream_id: str | None = None
    finished: bool = True


def take(services: Services, incoming: Incoming) -> Answer:
    """Store the message, answer it at once if that needs only the database, and leave the rest to the workers.

    When this returns, the row is committed. If the inline handler fails, the row alone is committed and a worker takes
    over. Raises what the database raises when nothing could be committed: the platform must not get a 200 then.
    """
    try:
        with services.database.begin() as session:
            answer, waiting = _accept(services, session, incoming, answer_inline=True)
            fail_points.reach("before_commit_of_callback")
    except (OperationalError, PoolTimeoutError):
        raise  # the database is away: a second attempt would only use up the platform's five seconds
    except Exception:
        _log.exception("inline handling failed, the worker takes over", channel=incoming.channel, kind=incoming.kind)
        with services.database.begin() as session:
            answer, waiting = _accept(services, session, incoming, answer_inline=False)
    fail_points.reach("after_commit_before_nudge")
    services.nudge(waiting)
    fail_points.reach("after_nudge_before_answer")
    return answer


def _accept(services: Services, session: Session, incoming: Incoming, *, answer_inline: bool) -> tuple[Answer, Waiting]:
    arrival = inbox.Arrival(
        channel=incoming.channel,
        key=incoming.key,
        lane=incoming.lane,
        message=incoming_to_json(replace(incoming, response_url="")),  # the stream's row keeps this secret
        received_at=incoming.received_at,
        campaign_at=services.clock.campaign(incoming.received_at),
    )
    files = _wanted(services, session, incoming, arrival.campaign_at)
    row, is_new = inbox.accept(session, arrival, InboxState.FETCHING if files else InboxState.READY)
    if not is_new:
        return _repeat(session, row, incoming), Waiting()
    if files:
        fetches.plan(session, row, files, incoming.received_at)
        session.flush()
        waiting = Waiting(fetches=tuple(fetch.id for fetch in fetches.of_message(session, row.id)))
        return _open(session, row, incoming, RECEIVING), waiting
    if answer_inline and not _only_later(session, incoming):
        answer, sends = _answer_inline(services, session, row, incoming)
        if answer is not None:
            return answer, Waiting(sends=sends, after=_AFTER_THE_ANSWER if sends else timedelta(0))
    return _open(session, row, incoming, WORKING), Waiting(lanes=(row.lane,))


def _answer_inline(
    services: Services, session: Session, row: Inbox, incoming: Incoming
) -> tuple[Answer | None, tuple[int, ...]]:
    """The stored answer of an inline handler and the messages that follow it; no answer when a worker is needed."""
    context = open_context(services, session, row)
    message = translate(incoming, session, context.now)
    handler = choose(message, context)
    if handler.mode is not Mode.INLINE or (handler.asks_engine and may_suggest(services, incoming)):
        return None, ()
    replies = handler.run(message, context)
    remember_choices(session, incoming, replies, context.now)
    said = say(services, session, incoming, replies)
    limit = AIBOT_CONTENT_BYTES if incoming.channel is Channel.AIBOT else APP_TEXT_BYTES
    first, has_more = _put_rest(services, session, row, said, limit)
    sends = tell_others(services, session, replies, context.now)
    if has_more:
        sends = (*outbox.waiting_parts(session, row.id, row.lane), *sends)
    inbox.finish(row, handler=handler.name, reply=first)
    if incoming.channel is Channel.AIBOT and incoming.kind not in _NO_STREAM and first:
        stream_id = new_stream_id()
        streams.open_stream(session, row, stream_id, first, incoming.response_url, finished=True)
        return Answer(first, stream_id), sends
    return Answer(first), sends


def _put_rest(services: Services, session: Session, row: Inbox, said: Said, limit: int) -> tuple[str, bool]:
    """What does not fit into the HTTP answer follows as messages of its own, in order; then the files.

    They wait a moment, so that the answer is on the screen before them.
    """
    if not said.text:
        return "", False
    first, *rest = split_bytes(said.text, limit)
    for number, part in enumerate(rest, start=2):
        outbox.put(
            session,
            key=outbox.answer_key(row.id, number),
            lane=row.lane,
            text=part,
            now=services.clock.real(),
            inbox_id=row.id,
            wait=_AFTER_THE_ANSWER,
        )
    put_followers(services, session, row, said, _AFTER_THE_ANSWER)
    return first, bool(rest or said.files)


def _open(session: Session, row: Inbox, incoming: Incoming, content: str) -> Answer:
    if incoming.channel is not Channel.AIBOT:
        return Answer()
    stream_id = new_stream_id()
    without_stream = incoming.kind in _NO_STREAM
    streams.open_stream(session, row, stream_id, content, incoming.response_url, finished=without_stream)
    return Answer() if without_stream else Answer(content, stream_id, finished=False)


def _repeat(session: Session, row: Inbox, incoming: Incoming) -> Answer:
    """The same message again gets the same answer, with the same stream id."""
    stream = streams.of_message(session, row.id)
    if stream is not None and incoming.kind not in _NO_STREAM:
        return Answer(stream.content, stream.id, stream.finished)
    return Answer(row.reply or "")


def _only_later(session: Session, incoming: Incoming) -> bool:
    """Whether the HTTP answer is the wrong way.

    A pressed button of the AI bot may only be answered by a changed card: what we say goes another way. And nobody
    tells us that an HTTP answer was read: what has waited for this message goes with an answer that has an outbox row.
    """
    if incoming.channel is Channel.AIBOT and incoming.kind in _NO_STREAM:
        return incoming.kind is MessageKind.BUTTON
    return has_waiting(session, incoming)


def _wanted(
    services: Services, session: Session, incoming: Incoming, campaign_now: datetime
) -> tuple[fetches.Wanted, ...]:
    """The files to bring home: all files and videos, and the pictures that can become supporting files."""
    media = [ref for ref in (*incoming.media, *incoming.quoted_media) if ref.kind in _ALWAYS_WANTED]
    if any(ref.kind is MessageKind.IMAGE for ref in incoming.media):
        actor = people.actor_for(session, incoming.channel, incoming.sender)
        media += wanted_pictures(incoming, session, services.notice, actor, campaign_now)
    return tuple(
        fetches.Wanted(
            kind=ref.kind,
            url=ref.url,
            media_id=ref.media_id,
            told_name=ref.name,
            expires_at=incoming.received_at + (_AIBOT_MEDIA_FOR if ref.url else _APP_MEDIA_FOR),
        )
        for ref in media
    )


def new_stream_id() -> str:
    """An id nobody can guess: a refresh is answered to whoever names it."""
    return secrets.token_urlsafe(24)
