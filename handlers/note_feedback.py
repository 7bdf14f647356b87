"""准确 / 不准确 under an answer: a doubted answer is kept for the admins. The platform takes an empty answer only."""

from __future__ import annotations

from domain.chat import Incoming, MessageKind, Reply
from domain.chat_json import incoming_from_json
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import one_line
from store import inbox, questions, streams
from store.schema.questions import Why

_DOUBTED = "2"
_TAKEN_BACK = "3"
_LONGEST_KEPT = 300


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the kind decides
    """A press of 准确, 不准确, or one taken back (protocol 2.4)."""
    return message.kind is MessageKind.FEEDBACK


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Keep the question whose answer is doubted; forget it when the press is taken back. Nothing is said.

    The feedback id is the id of the stream that was rated; only who asked may rate, whatever id a callback names."""
    stream = streams.find(ctx.session, message.task_id) if message.task_id else None
    if stream is None or inbox.lane_of(ctx.session, stream.inbox_id) != message.lane:
        return []
    if message.button == _TAKEN_BACK:
        questions.take_back_doubt(ctx.session, stream.inbox_id, ctx.now)
    asked = incoming_from_json(inbox.message_of(ctx.session, stream.inbox_id))
    text = one_line(asked.text)[:_LONGEST_KEPT]
    if message.button == _DOUBTED and text:
        questions.keep(
            ctx.session,
            inbox_id=stream.inbox_id,
            person_id=ctx.actor.person_id,
            text=text,
            why=Why.DOUBTED,
            reasons=",".join(each for reason in message.selected for each in reason.options),
            now=ctx.now,
        )
    return []


HANDLER = Handler("note_feedback", "", EVERYBODY, Mode.INLINE, matches, run, public=True)
