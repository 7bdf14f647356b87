"""A verified callback becomes a row and, where the database alone can answer, an answer: in one transaction."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from bot.answering import remember_choices, say
from bot.context import open_context
from bot.nudge import Waiting
from bot.services import Services
from bot.wecom.callback import AIBOT_CONTENT_BYTES, APP_TEXT_BYTES
from domain.chat import Channel, Incoming, MessageKind
from domain.chat_json import incoming_to_json
from domain.wording import split_bytes
from handlers.contract import Mode
from handlers.dispatch import choose, translate
from store import fetches, inbox, outbox, streams
from store.schema.mail import Inbox, InboxState

_log = structlog.get_logger(__name__)

RECEIVING = "正在接收…"
WORKING = "正在处理…"
# Protocol 2.2 and 5.3: how long the platform keeps the bytes, less a margin.
_AIBOT_MEDIA_FOR = timedelta(minutes=4, seconds=45)
_APP_MEDIA_FOR = timedelta(days=2, hours=23)
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
    except (OperationalError, PoolTimeoutError):
        raise  # the database is away: a second attempt would only use up the platform's five seconds
    except Exception:
        _log.exception("inline handling failed, the worker takes over", channel=incoming.channel, kind=incoming.kind)
        with services.database.begin() as session:
            answer, waiting = _accept(services, session, incoming, answer_inline=False)
    services.nudge(waiting)
    return answer


def _accept(services: Services, session: Session, incoming: Incoming, *, answer_inline: bool) -> tuple[Answer, Waiting]:
    arrival = inbox.Arrival(
        channel=incoming.channel,
        key=incoming.key,
        lane=incoming.lane,
        message=incoming_to_json(incoming),
        received_at=incoming.received_at,
        campaign_at=services.clock.campaign(incoming.received_at),
    )
    files = _wanted(incoming)
    row, is_new = inbox.accept(session, arrival, InboxState.FETCHING if files else InboxState.READY)
    if not is_new:
        return _repeat(session, row, incoming), Waiting()
    if files:
        fetches.plan(session, row, files, incoming.received_at)
        session.flush()
        waiting = Waiting(fetches=tuple(fetch.id for fetch in fetches.of_message(session, row.id)))
        return _open(session, row, incoming, RECEIVING), waiting
    if answer_inline and not _only_later(incoming):
        answer, has_more = _answer_inline(services, session, row, incoming)
        if answer is not None:
            sends = tuple(outbox.waiting_parts(session, row.id, row.lane)) if has_more else ()
            return answer, Waiting(sends=sends)
    return _open(session, row, incoming, WORKING), Waiting(lanes=(row.lane,))


def _answer_inline(services: Services, session: Session, row: Inbox, incoming: Incoming) -> tuple[Answer | None, bool]:
    """The stored answer of an inline handler and whether more of it follows; no answer when a worker is needed."""
    context = open_context(services, session, row)
    message = translate(incoming, session, context.now)
    handler = choose(message, context)
    if handler.mode is not Mode.INLINE:
        return None, False
    replies = handler.run(message, context)
    remember_choices(session, incoming, replies, context.now)
    text = say(session, incoming, replies, services.clock.real())
    limit = AIBOT_CONTENT_BYTES if incoming.channel is Channel.AIBOT else APP_TEXT_BYTES
    first = _put_overflow(services, session, row, text, limit)
    inbox.finish(row, handler=handler.name, reply=first)
    if incoming.channel is Channel.AIBOT and incoming.kind not in _NO_STREAM and first:
        stream_id = new_stream_id()
        streams.open_stream(session, row, stream_id, first, incoming.response_url, finished=True)
        return Answer(first, stream_id), first != text
    return Answer(first), first != text


def _put_overflow(services: Services, session: Session, row: Inbox, text: str, limit: int) -> str:
    """What does not fit into the HTTP answer follows as messages of its own, in order."""
    if not text:
        return ""
    first, *rest = split_bytes(text, limit)
    for number, part in enumerate(rest, start=2):
        outbox.put(
            session, key=f"in:{row.id}:{number}", lane=row.lane, text=part, now=services.clock.real(), inbox_id=row.id
        )
    return first


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


def _only_later(incoming: Incoming) -> bool:
    """A pressed button of the AI bot may only be answered by a changed card: what we say goes another way."""
    return incoming.channel is Channel.AIBOT and incoming.kind is MessageKind.BUTTON


def _wanted(incoming: Incoming) -> tuple[fetches.Wanted, ...]:
    return tuple(
        fetches.Wanted(
            kind=media.kind,
            url=media.url,
            media_id=media.media_id,
            told_name=media.name,
            expires_at=incoming.received_at + (_AIBOT_MEDIA_FOR if media.url else _APP_MEDIA_FOR),
        )
        for media in (*incoming.media, *incoming.quoted_media)
        if media.kind in (MessageKind.FILE, MessageKind.VIDEO)
    )


def new_stream_id() -> str:
    """An id nobody can guess: a refresh is answered to whoever names it."""
    return secrets.token_urlsafe(24)
