"""Brings one batch of a broadcast to the platform, or takes it back, and notes for each person how it ended.

Rights and recipients are looked at once more at this moment. What may have been carried out already is sent again only
with the same bytes and within the platform's duplicate check; after that its end is unknown, and said to be.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot import fail_points
from bot.nudge import Waiting
from bot.pushes import text_push
from bot.services import Services
from bot.wecom.api import SendResult
from bot.wecom.errors import ALL_INVALID, ApiError, ErrorKind
from domain.policy import Act, may
from handlers.casework.broadcast_text import ended_text, recalled_text
from store import batches, broadcasts, buckets, outbox, people, reach
from store.batches import Receiver
from store.schema.broadcasts import Batch, BatchState, Broadcast, Reached

_log = structlog.get_logger(__name__)

# Far below the platform's 10,000 calls a minute (protocol 4.3): answers and receipts go beside it.
PACE = buckets.Pace("message/send of broadcasts", per_second=5, most=10)
_BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 30, 60, 300, 900, 1800))
_LEFT = "已离开或不在名单"
_MOVED = "已不在本单位"
_NOT_ALLOWED = "发送人已没有群发的权限"
_NO_APP = "没有设置自建应用，发不出去"
_OUT_OF_RANGE = "不在应用可见范围"
_UNLICENSED = "没有企业微信接口许可"
_TOO_OLD = "超过24小时，不能撤回"


def send_batch(services: Services, batch_id: int) -> None:
    """One try of this batch, if it is due and nobody else is at it. Never raises for what the platform does."""
    now, owner, lease = services.clock.real(), uuid.uuid4().hex, services.leases.length(batches.LEASE)
    with services.database.begin() as session:
        row = batches.claim(session, batch_id, owner, now, lease)
        later = timedelta(0) if row is None else buckets.take(session, PACE, now)
        if row is not None and later:
            batches.wait(session, batch_id, now + later, None, tried=False)
        ready = row is not None and not later and _prepare(services, session, row, now)
    if later:
        services.nudge(Waiting(batches=(batch_id,), after=later))
    if row is None or later:
        return
    recalls = row.state == BatchState.RECALLING
    if ready:
        with services.leases.renewing(lambda session, at: batches.renew(session, batch_id, owner, at + lease)):
            _try(services, row, recalls=recalls)
    _note_end(services, row.broadcast_id, recalls=recalls)


def _prepare(services: Services, session: Session, row: Batch, now: datetime) -> bool:
    """Fix the bytes before the first try. False when there is nothing to send or take back any more."""
    if row.state == BatchState.RECALLING:
        if row.ended_at is None or now - row.ended_at > broadcasts.RECALL_FOR:
            return not batches.end(session, row.id, BatchState.NOT_RECALLED, now, reason=_TOO_OLD)
        return True
    return row.body is not None or _fix(services, session, row, now)


def _fix(services: Services, session: Session, row: Batch, now: datetime) -> bool:
    """Look once more who may send and who is still meant, then fix the bytes."""
    broadcast = session.get_one(Broadcast, row.broadcast_id)
    sender = people.as_actor(people.get(session, broadcast.sender_id))
    if not may(sender, Act.BROADCAST, target_unit=broadcast.unit_id or sender.unit_id).allowed:
        broadcasts.stop(session, broadcast, services.clock.now(), actor_id=None, reason=_NOT_ALLOWED)
        return _nobody(session, row, now, _NOT_ALLOWED)
    if services.api is None:
        return _nobody(session, row, now, _NO_APP)
    still = _still_meant(session, row, broadcast)
    if not still:
        return _nobody(session, row, now)
    touser = "|".join(each.userid for each in still)
    batches.fix_body(row, text_push(touser, services.settings.wecom_agent_id, broadcast.text), now)
    return True


def _nobody(session: Session, row: Batch, now: datetime, reason: str | None = None) -> bool:
    """The batch ends without a call."""
    batches.note(session, row.id, Reached.STOPPED, reason)
    batches.end(session, row.id, BatchState.STOPPED, now, reason=reason)
    return False


def _still_meant(session: Session, row: Batch, broadcast: Broadcast) -> list[Receiver]:
    """Without whoever has left since the preview, or has left the unit that the broadcast is bound to."""
    receivers = batches.receivers(session, row.id)
    left = [each.person_id for each in receivers if each.has_left]
    moved = [
        each.person_id
        for each in receivers
        if broadcast.unit_id is not None and each.unit_id != broadcast.unit_id and not each.has_left
    ]
    for people_out, reason in ((left, _LEFT), (moved, _MOVED)):
        if people_out:
            batches.leave_out(session, row.id, people_out, reason)
    return [each for each in receivers if each.person_id not in {*left, *moved}]


def _try(services: Services, row: Batch, *, recalls: bool) -> None:
    if services.api is None:
        raise RuntimeError("a batch was prepared without an app")
    try:
        if recalls:
            services.api.recall(row.platform_id or "")
            _end(services, lambda session, now: batches.end(session, row.id, BatchState.RECALLED, now))
        else:
            fail_points.reach("before_batch")
            result = services.api.send_message(row.body or "")
            fail_points.reach("after_batch_before_mark")
            _end(services, lambda session, now: _sent(session, row, result, now))
    except ApiError as error:
        _log.warning("broadcast batch failed", batch=row.id, errcode=error.errcode, attempt=row.attempts)
        _failed(services, row, error, recalls=recalls)


def _sent(session: Session, row: Batch, result: SendResult, now: datetime) -> None:
    if not batches.end(session, row.id, BatchState.SENT, now, platform_id=result.msgid):
        return
    broadcast = session.get_one(Broadcast, row.broadcast_id)
    for userids, reason in ((result.invalid_users, _OUT_OF_RANGE), (result.unlicensed, _UNLICENSED)):
        if userids:
            refused = batches.note_refused(session, row.id, [each.lower() for each in userids], reason)
            broadcasts.hold_for_away(session, broadcast, refused, reason, now)
    batches.note(session, row.id, Reached.ACCEPTED)


def _failed(services: Services, row: Batch, error: ApiError, *, recalls: bool) -> None:
    """Later what may pass; unknown what may have arrived and cannot be repeated safely; refused the rest."""
    now = services.clock.real()
    pause = max(timedelta(seconds=error.retry_after or 0), _BACKOFF[min(row.attempts, len(_BACKOFF)) - 1])
    started = row.first_try_at or now
    repeatable = recalls or now + pause < started + outbox.DUPLICATE_WINDOW
    may_pass = error.kind in {ErrorKind.RETRY, ErrorKind.TOKEN, ErrorKind.CONFIG}
    if may_pass and repeatable and row.attempts < batches.MAX_ATTEMPTS:
        with services.database.begin() as session:
            batches.wait(session, row.id, now + pause, str(error), tried=True)
            if error.kind is ErrorKind.RETRY and error.errcode is not None:
                buckets.close(session, PACE, now, now + pause)
        services.nudge(Waiting(batches=(row.id,), after=pause))
        return
    _end(services, lambda session, at: _given_up(session, row, error, at, recalls=recalls))


def _given_up(session: Session, row: Batch, error: ApiError, now: datetime, *, recalls: bool) -> None:
    reason = error.explanation
    if recalls:
        batches.end(session, row.id, BatchState.NOT_RECALLED, now, reason=reason)
        return
    unclear = error.outcome_unknown or row.attempts > 1
    certain_no = error.errcode is not None and not error.outcome_unknown
    if unclear and not certain_no:
        batches.note(session, row.id, Reached.UNKNOWN, reason)
        batches.end(session, row.id, BatchState.UNKNOWN, now, reason=reason)
        return
    if batches.end(session, row.id, BatchState.REFUSED, now, reason=reason):
        meant = [each.person_id for each in batches.receivers(session, row.id)]
        batches.note(session, row.id, Reached.REFUSED, reason)
        if error.errcode == ALL_INVALID:
            broadcasts.hold_for_away(session, session.get_one(Broadcast, row.broadcast_id), meant, _OUT_OF_RANGE, now)


def _end(services: Services, note: Callable[[Session, datetime], object]) -> None:
    now = services.clock.real()
    with services.database.begin() as session:
        note(session, now)
    fail_points.reach("after_batch_mark")


def _note_end(services: Services, broadcast_id: int, *, recalls: bool) -> None:
    """Tell the sender once how it ended, when the last batch has."""
    now = services.clock.real()
    with services.database.begin() as session:
        broadcast = session.get_one(Broadcast, broadcast_id)
        ledger = broadcasts.ledger(session, broadcast_id)
        if recalls:
            over, text, what = not ledger.is_being_recalled, recalled_text(broadcast, ledger), "recalled"
        else:
            over = broadcasts.finish_if_over(session, broadcast_id, services.clock.now())
            text, what = ended_text(broadcast, ledger), "ended"
        if not over:
            return
        lane = reach.lane_of(session, broadcast.sender_id)
        told = outbox.put(session, key=f"broadcast:{broadcast_id}:{what}", lane=lane, text=text, now=now)
    if told is not None:
        services.nudge(Waiting(sends=(told,)))
