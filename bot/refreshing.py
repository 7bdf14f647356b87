"""Refresh: the platform comes for a growing answer, and at last for the finished one.

It never confirms that it has got it; it only stops asking. So the finished answer is handed over in two steps: before
the HTTP answer leaves, the row is kept from every other way until the platform certainly asks no more; when it has
left, the row is accepted. Whoever dies in between leaves a row that is shown again if the platform asks again, and that
goes another way if nobody was there to be asked.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import fail_points
from bot.intake import AFTER_THE_ANSWER, Answer, card_of
from bot.nudge import Waiting
from bot.services import Services
from store import inbox, outbox, streams

_log = structlog.get_logger(__name__)

STREAM_UNKNOWN = "这条消息的处理已经结束，请再发一次。"
STREAM_ELSEWHERE = "结果已经另发一条消息给您。没有看到的话，请发“我的案例”。"
STREAM_LATE = "还在处理，结果稍后单独发给您，不用重发。"
# In this time the platform would have asked again; it is also the pause before a failed note is tried again.
_ASKED_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What the stream shows now. `handed` is the message whose answer it brings, to be noted once it has left."""

    answer: Answer
    handed: int | None = None


def refresh(services: Services, stream_id: str) -> Refreshed:
    """How a stream stands now. A stream whose time is up is closed here; what it showed last has then been fetched."""
    now = services.clock.real()
    with services.database.read() as session:
        stream = streams.find(session, stream_id)
    if stream is None:
        return Refreshed(Answer(STREAM_UNKNOWN, stream_id))
    if not stream.finished and now < stream.closes_at:
        return Refreshed(Answer(stream.content, stream_id, finished=False))
    with services.database.begin() as session:
        if streams.close(session, stream_id, STREAM_LATE):
            return Refreshed(Answer(STREAM_LATE, stream_id))
        if not outbox.hand_to_stream(session, stream.inbox_id, streams.asked_until(stream)):
            return Refreshed(Answer(STREAM_ELSEWHERE, stream_id))
        current = streams.find(session, stream_id)
        content = current.content if current else stream.content
        card = card_of(session, stream.inbox_id)
    fail_points.reach("after_hand_over_before_answer")
    return Refreshed(Answer(content, stream_id, card=card), stream.inbox_id)


def note_collected(services: Services, inbox_id: int) -> None:
    """The answer with the finished stream has left: what stands behind it follows. With the database away it is noted
    later."""
    fail_points.reach("after_answer_before_collected")
    behind: list[int] = []

    def collected(session: Session) -> None:
        outbox.mark_collected(session, inbox_id, services.clock.real())
        behind[:] = outbox.waiting_parts(session, inbox_id, inbox.lane_of(session, inbox_id))

    if _noted(services, collected):
        services.nudge(Waiting(sends=tuple(behind), after=AFTER_THE_ANSWER))
    else:
        _soon(services, lambda: note_collected(services, inbox_id))


def note_what_was_handed(services: Services) -> None:
    """A web process has started: what another one handed over before it died is noted once the platform, which asks
    again for what it has not got, has had time to ask."""
    _soon(services, lambda: _noted(services, lambda session: outbox.mark_asked_again(session, services.clock.real())))


def _noted(services: Services, move: Callable[[Session], None]) -> bool:
    try:
        with services.database.begin() as session:
            move(session)
    except SQLAlchemyError as error:
        _log.warning("not noted what was collected", error=type(error).__name__)
        return False
    return True


def _soon(services: Services, act: Callable[[], object]) -> None:
    def later() -> None:
        if not services.stopping.wait(_ASKED_WITHIN_S):
            act()

    threading.Thread(target=later, name="collected", daemon=True).start()
