"""What becomes of a message, found out by reading alone: files to fetch, an answer at once, or work for later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.answering import has_waiting, join
from bot.context import make_context
from bot.services import Services
from bot.suggestions import may_suggest
from bot.wecom.callback import AIBOT_CONTENT_BYTES, APP_TEXT_BYTES
from domain.card import is_press
from domain.chat import Channel, ChatType, Choice, Incoming, MessageKind, Reply
from domain.roles import Actor
from handlers.contract import Context, Effect, Mode
from handlers.dispatch import choose, run, translate
from handlers.wanting import wanted_pictures
from store import people
from store.fetches import Wanted
from store.glance import glance

# Protocol 2.2: how long the platform keeps the bytes, less a margin.
_AIBOT_MEDIA_FOR = timedelta(minutes=4, seconds=45)
# The app's media live for three days; but whoever waits for an answer must get one while sending again still helps.
_APP_MEDIA_FOR = timedelta(minutes=30)
_ALWAYS_WANTED = frozenset({MessageKind.FILE, MessageKind.VIDEO})
# Kinds no stream may answer.
NO_STREAM = frozenset({MessageKind.ENTER, MessageKind.BUTTON, MessageKind.FEEDBACK, MessageKind.NOTIFICATION})
# How many bytes of text the HTTP answer takes.
LIMITS: Mapping[Channel, int] = {Channel.AIBOT: AIBOT_CONTENT_BYTES, Channel.APP: APP_TEXT_BYTES}


@dataclass(frozen=True, slots=True)
class Decision:
    """`files` are fetched first. Else `handler` has answered with `replies`. With neither, a worker handles it.

    `effects` are still to be written with the message. `at` is campaign time.
    """

    at: datetime
    files: tuple[Wanted, ...] = ()
    handler: str | None = None
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()


def look_ahead(services: Services, incoming: Incoming, session: Session) -> Decision | None:
    """The decision, unless more has to be written for it than a row that is complete, the choices and the effects:
    an unknown sender, an answer that brings files, goes to others, or does not fit.
    """
    seen = glance(session, incoming, services.clock.now())
    if seen is None:
        return None
    effects: list[Effect] = []
    arrived_at = services.clock.campaign(incoming.received_at)
    in_group = incoming.chat is ChatType.GROUP
    context = make_context(services, session, seen.actor, arrived_at, in_group=in_group, seen=seen)
    held = seen.held and not in_group
    decision = _decide(services, incoming, replace(context, effects=effects), held=held, offered=seen.offered)
    if decision.handler is None:
        return decision
    plain = all(reply.to is None and not reply.files for reply in decision.replies)
    if not plain or len(join(decision.replies).encode()) > LIMITS[incoming.channel]:
        return None
    return replace(decision, effects=tuple(effects))


def decide(services: Services, incoming: Incoming, session: Session, inbox_id: int) -> Decision:
    """The decision about a message that has its row, in a transaction that may write."""
    actor = people.actor_for(session, incoming.channel, incoming.sender)
    arrived_at = services.clock.campaign(incoming.received_at)
    in_group = incoming.chat is ChatType.GROUP
    context = make_context(services, session, actor, arrived_at, inbox_id=inbox_id, in_group=in_group)
    return _decide(services, incoming, context, held=has_waiting(session, incoming))


def only_files(services: Services, incoming: Incoming, session: Session) -> Decision:
    """The files of the message are fetched, a worker does the rest: for when `decide` has failed."""
    now = services.clock.now()
    actor = people.actor_for(session, incoming.channel, incoming.sender)
    return Decision(now, _wanted(services, session, incoming, actor))


def _decide(
    services: Services,
    incoming: Incoming,
    context: Context,
    *,
    held: bool,
    offered: Sequence[Choice] | None = None,
) -> Decision:
    files = _wanted(services, context.session, incoming, context.actor)
    if files or _only_later(incoming, held=held):
        return Decision(context.now, files)
    message = translate(incoming, context.session, context.now, context.inbox_id, offered)
    handler = choose(message, context)
    if handler.mode is not Mode.INLINE or (handler.asks_engine and may_suggest(services, incoming)):
        return Decision(context.now)
    return Decision(context.now, handler=handler.name, replies=tuple(run(handler, message, context)))


def _only_later(incoming: Incoming, *, held: bool) -> bool:
    """Whether the HTTP answer is the wrong way; texts may be `held` for this message.

    The press of a card, and any button of the AI bot, may only be answered by a changed card: what we say goes another
    way. And nobody
    tells us that an HTTP answer was read: what has waited for this message goes with an answer that has an outbox row.
    """
    if is_press(incoming):
        return True
    if incoming.channel is Channel.AIBOT and incoming.kind in NO_STREAM:
        return incoming.kind is MessageKind.BUTTON
    return held


def _wanted(services: Services, session: Session, incoming: Incoming, actor: Actor) -> tuple[Wanted, ...]:
    """The files to bring home: all files and videos, and the pictures that can become supporting files. None in a
    group: whose a file quoted there is nobody tells us."""
    if incoming.chat is ChatType.GROUP:
        return ()
    media = [ref for ref in (*incoming.media, *incoming.quoted_media) if ref.kind in _ALWAYS_WANTED]
    if any(ref.kind is MessageKind.IMAGE for ref in incoming.media):
        campaign_now = services.clock.campaign(incoming.received_at)
        media += wanted_pictures(incoming, session, services.notice, actor, campaign_now)
    return tuple(
        Wanted(
            kind=ref.kind,
            url=ref.url,
            media_id=ref.media_id,
            told_name=ref.name,
            expires_at=incoming.received_at + (_AIBOT_MEDIA_FOR if ref.url else _APP_MEDIA_FOR),
        )
        for ref in media
    )
