"""Which handler a message goes to, and what a numbered reply or a pressed button stands for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.card import RECEIVED, broadcast_of, is_press
from domain.chat import ChatType, Choice, Incoming, MessageKind, Reply
from handlers.casework.news import news_of_moves
from handlers.contract import Context, Deed, Handler
from handlers.explain_other import ALONE_ONLY
from handlers.registry import HANDLERS
from handlers.said import number_in, spoken
from store import cards, offers

# Whoever writes a shorter label may mean what the word says by itself: 推荐, 退回, 进度. What has to be confirmed
# is confirmed by its button, its number, or words that name it.
_LABEL = re.compile(r"(?!确认|确定).{4,}")
_DECLINES = re.compile(r"取消|算了|不用了?|不要了?|先不(?:要|用)?了?|不了|否|不")


def translate(
    message: Incoming, session: Session, now: datetime, inbox_id: int, offered: Sequence[Choice] | None = None
) -> Incoming:
    """The message in words: a pressed button becomes the text it stands for, a number the choice that was offered, and
    so does the label of a choice that was offered last, written out, and 取消 the choice that changes nothing.

    `offered` are the choices last offered, if they are known already. A press of a card that did not count for this
    message (`inbox_id`) stays a press, a number nobody offered a number. In a group numbers stay numbers: what was
    offered alone is not public.
    """
    if is_press(message):
        broadcast = broadcast_of(message.task_id)
        if broadcast is not None:  # a card of many people: whoever presses it says this much, for themselves
            return replace(message, kind=MessageKind.TEXT, text=f"{RECEIVED} {broadcast}")
        pressed = cards.chosen_by(session, message.task_id, inbox_id)
        return message if pressed is None else replace(message, kind=MessageKind.TEXT, text=pressed.says)
    if message.kind is MessageKind.BUTTON:
        return replace(message, kind=MessageKind.TEXT, text=message.button)
    if message.chat is ChatType.GROUP:
        return message
    said = spoken(message)
    number = number_in(said)
    declines = _DECLINES.fullmatch(said) is not None
    if number is None and not declines and not _LABEL.fullmatch(said):
        return message
    choices = offers.latest(session, message.lane, now) if offered is None else offered
    if declines:
        chosen = offers.declining(choices)
    else:
        chosen = offers.labelled(choices, said) if number is None else offers.numbered(choices, number)
    return message if chosen is None else replace(message, kind=MessageKind.TEXT, text=chosen.says)


def run(handler: Handler, message: Incoming, ctx: Context) -> list[Reply]:
    """What the handler says, and what others hear of the moves it made."""
    return [*handler.run(message, ctx), *news_of_moves(ctx)]


def carry_out(deed: Deed, ctx: Context) -> list[Reply]:
    """The same for what was done on a page: a part of a handler, asked for by name and with values, never by words."""
    return [*deed(ctx), *news_of_moves(ctx)]


def choose(message: Incoming, ctx: Context) -> Handler:
    """The first handler that matches and that the person's role may use; the last one of the registry takes anything.

    In a group only public handlers run; whoever asks there for something personal is referred to the single chat.
    """
    chosen = next(each for each in HANDLERS if ctx.actor.role in each.roles and each.matches(message, ctx))
    if message.chat is ChatType.GROUP and not chosen.public:
        return ALONE_ONLY
    return chosen
