"""Brings one batch of a broadcast to the platform, or takes it back, and notes for each person how it ended.

Rights and recipients are looked at once more at this moment. What may have been carried out already is sent again only
with the same bytes and within the platform's duplicate check; after that its end is unknown, and said to be.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot import fail_points
from bot.answering import tell_others
from bot.nudge import Waiting
from bot.pushes import card_push, file_push, text_push
from bot.services import Services
from bot.uploading import upload_file
from bot.wecom.api import SendResult
from bot.wecom.cards import choice_card
from bot.wecom.errors import ALL_INVALID, NOT_THERE, UNKNOWN_MEDIA, ApiError, ErrorKind
from domain.card import RECEIVED, receipt_task
from domain.chat import Reply
from domain.policy import may_broadcast
from handlers.casework.broadcast_text import ended, recalled
from store import batches, broadcasts, buckets, handouts, people, repeats
from store.batches import Receiver
from store.handouts import StoredFile
from store.outbox import DUPLICATE_WINDOW
from store.schema.broadcasts import Batch, BatchKind, BatchState, Broadcast, BroadcastState, Reached

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
_NO_FILE = "附件已不在"
_OUT_OF_TIME = "企业微信一直没有收下"
_STOPPED = "停止之前没有发出"
_TASK_BYTES = 8
_FEW = 10
_CROWDED_FOR = timedelta(minutes=1)
_TOO_OLD = "超过24小时，不能撤回"


def send_batch(services: Services, batch_id: int) -> None:
    """One try of this batch, if it is due and nobody else is at it. Never raises for what the platform does."""
    now, owner, lease = services.clock.real(), uuid.uuid4().hex, services.leases.length(batches.LEASE)
    with services.database.begin() as session:
        row = batches.claim(session, batch_id, owner, now, lease)
        repeated = row is not None and row.recall_asked
        later = timedelta(0) if row is None else buckets.take(session, PACE, now)
        if row is not None and later:
            batches.wait(session, batch_id, now + later, tried=False)
        ready = row is not None and not later and _prepare(services, session, row, now)
    if later:
        services.nudge(Waiting(batches=(batch_id,), after=later))
    if row is None or later:
        return
    if ready:
        with services.leases.renewing(lambda session, at: batches.renew(session, batch_id, owner, at + lease)):
            if row.state == BatchState.RECALLING:
                _take_back(services, row, repeated=repeated)
            else:
                _try(services, row)
    _note_end(services, row.broadcast_id)


def _prepare(services: Services, session: Session, row: Batch, now: datetime) -> bool:
    """Fix the bytes before the first try. False when there is nothing to send or take back any more."""
    if row.state == BatchState.RECALLING:
        if row.ended_at is None or now - row.ended_at > broadcasts.RECALL_FOR:
            return not batches.end(session, row.id, BatchState.NOT_RECALLED, now, reason=_TOO_OLD)
        row.recall_asked = True
        return True
    broadcast = session.get_one(Broadcast, row.broadcast_id)
    against = _against(services, session, row, broadcast, now)
    if against:
        return _nobody(session, row, now, against, refused=batches.is_out_of_time(row, now))
    return row.body is not None or row.kind == BatchKind.FILE or _fix(services, session, row, broadcast, now)


def _against(services: Services, session: Session, row: Batch, broadcast: Broadcast, now: datetime) -> str:
    """Why nothing may leave now, looked at before every try; empty if it may."""
    sender = people.as_actor(people.get(session, broadcast.sender_id))
    if broadcast.state != BroadcastState.RUNNING:
        return _STOPPED
    if not may_broadcast(sender, broadcast.unit_id).allowed:
        broadcasts.stop(session, broadcast, services.clock.now(), actor_id=None, reason=_NOT_ALLOWED)
        return _NOT_ALLOWED
    if batches.is_out_of_time(row, now):
        return row.reason or _OUT_OF_TIME
    return "" if services.api is not None else _NO_APP


def _fix(services: Services, session: Session, row: Batch, broadcast: Broadcast, now: datetime) -> bool:
    """Look once more who is still meant, then fix the bytes of a text or card; who has been sent very much in this
    minute gets the text a minute later."""
    if row.kind == BatchKind.TEXT:
        still = _still_meant(session, row, broadcast)
        busy = batches.crowded(session, row, now)
        crowded = [each.person_id for each in still if each.userid in busy]
        if crowded and len(crowded) == len(still):
            return not batches.wait(session, row.id, now + _CROWDED_FOR, tried=False)
        if crowded:
            batches.split_off(session, row, crowded, now + _CROWDED_FOR)
            still = [each for each in still if each.userid not in busy]
    else:
        still = batches.receivers_behind(session, row)
    if not still:
        return _nobody(session, row, now)
    touser, agent = "|".join(each.userid for each in still), services.settings.wecom_agent_id
    if row.kind == BatchKind.CARD:
        task_id = receipt_task(broadcast.id, services.randomness(_TASK_BYTES).hex())
        body = card_push(touser, agent, choice_card(task_id, f"群发 {broadcast.id}", [RECEIVED]))
    else:
        body = text_push(touser, agent, broadcast.text)
    batches.fix_body(row, body, now)
    return True


def _nobody(session: Session, row: Batch, now: datetime, reason: str | None = None, *, refused: bool = False) -> bool:
    """The batch ends without a call; if an earlier one may have arrived, that is what is known of it."""
    if row.unclear:
        state, reached = BatchState.UNKNOWN, Reached.UNKNOWN
    elif refused:
        state, reached = BatchState.REFUSED, Reached.REFUSED
    else:
        state, reached = BatchState.STOPPED, Reached.STOPPED
    batches.note(session, row.id, reached, reason)
    batches.end(session, row.id, state, now, reason=reason)
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


def _try(services: Services, row: Batch) -> None:
    try:
        body = row.body if row.body is not None else _with_file(services, row)
        if body is None or services.api is None:
            return
        fail_points.reach("before_batch")
        result = services.api.send_message(body)
        fail_points.reach("after_batch_before_mark")
    except ApiError as error:
        _log.warning("broadcast batch failed", batch=row.id, errcode=error.errcode, attempt=row.attempts)
        _failed(services, row, error)
        return
    _end(services, lambda session, now: _sent(session, row, result, now))


def _with_file(services: Services, row: Batch) -> str | None:
    """Bring the file to the platform, once for all batches; then fix what shows it. None when nobody is left who got
    the text. Raises ApiError."""
    with services.database.read() as session:
        file = broadcasts.file_of(session.get_one(Broadcast, row.broadcast_id))
    if file is None:
        raise ApiError(None, _NO_FILE, ErrorKind.PROGRAM)
    media_id, kind = upload_file(services, file)
    if _went_before(services, row, file, media_id, kind):
        media_id, kind = upload_file(services, file)
    with services.database.begin() as session:
        mine = session.get_one(Batch, row.id)
        if mine.state != BatchState.SENDING or mine.body is not None:
            return mine.body if mine.state == BatchState.SENDING else None
        now, body = services.clock.real(), _shown(services, session, mine, media_id, kind)
        if not body:
            _nobody(session, mine, now)
            return None
        batches.fix_body(mine, body, mine.first_try_at or now)
        return body


def _went_before(services: Services, row: Batch, file: StoredFile, media_id: str, kind: str) -> bool:
    """Whether the same file went to the same people just before: under its old id the platform would drop it, without
    a word, as a message sent twice. The id is forgotten then."""
    with services.database.read() as session:
        body = _shown(services, session, row, media_id, kind)
        repeated = bool(body) and repeats.was_broadcast(session, row, body, services.clock.real())
    if repeated:
        with services.database.begin() as session:
            handouts.forget_upload(session, file)
    return repeated


def _shown(services: Services, session: Session, row: Batch, media_id: str, kind: str) -> str:
    """What shows the file to those who got the text; empty when nobody is left of them."""
    userids = [each.userid for each in batches.receivers_behind(session, row)]
    return file_push("|".join(userids), services.settings.wecom_agent_id, media_id, kind) if userids else ""


def _sent(session: Session, row: Batch, result: SendResult, now: datetime) -> None:
    if not batches.end(session, row.id, BatchState.SENT, now, platform_id=result.msgid):
        return
    broadcast = session.get_one(Broadcast, row.broadcast_id, with_for_update=True, populate_existing=True)
    if row.kind == BatchKind.TEXT:
        for userids, reason in ((result.invalid_users, _OUT_OF_RANGE), (result.unlicensed, _UNLICENSED)):
            if userids:
                refused = batches.note_refused(session, row.id, [each.lower() for each in userids], reason)
                if broadcast.recalled_at is None:
                    broadcasts.hold_for_away(session, broadcast, refused, reason, now)
        batches.note(session, row.id, Reached.ACCEPTED)
    if broadcast.recalled_at is not None:
        batches.to_be_recalled(session, row.id, now)
    elif broadcast.state == BroadcastState.RUNNING:
        _put_next(session, row, broadcast)


def _put_next(session: Session, row: Batch, broadcast: Broadcast) -> None:
    """Behind the text the file, behind that the card; a file that failed keeps back no card."""
    if row.kind == BatchKind.TEXT and broadcast.file_sha256 is not None:
        batches.put_behind(session, row, BatchKind.FILE)
    elif row.kind != BatchKind.CARD and broadcast.asks:
        batches.put_behind(session, row, BatchKind.CARD)


def _failed(services: Services, row: Batch, error: ApiError) -> None:
    """Later what may pass; unknown what may have arrived and cannot be repeated safely; refused the rest."""
    now = services.clock.real()
    pause = max(timedelta(seconds=error.retry_after or 0), _BACKOFF[min(row.attempts, len(_BACKOFF)) - 1])
    lost = error.errcode == UNKNOWN_MEDIA and row.kind == BatchKind.FILE and row.attempts == 1
    started = row.first_try_at or now
    repeatable = now + pause < started + DUPLICATE_WINDOW
    may_pass = lost or error.kind in {ErrorKind.RETRY, ErrorKind.TOKEN, ErrorKind.CONFIG}
    if may_pass and repeatable and row.attempts < batches.MAX_ATTEMPTS:
        with services.database.begin() as session:
            if lost:
                _forget_file(session, row)
            batches.wait(session, row.id, now + pause, error.explanation, unclear=error.outcome_unknown)
            if error.kind is ErrorKind.RETRY and error.errcode is not None:
                buckets.close(session, PACE, now, now + pause)
        services.nudge(Waiting(batches=(row.id,), after=pause))
        return
    _end(services, lambda session, at: _given_up(session, row, error, at))


def _forget_file(session: Session, row: Batch) -> None:
    """The platform has lost the uploaded bytes, and so has refused the message: both are made anew."""
    file = broadcasts.file_of(session.get_one(Broadcast, row.broadcast_id))
    if file is not None:
        handouts.forget_upload(session, file)
    batches.forget_body(session, row.id)


def _given_up(session: Session, row: Batch, error: ApiError, now: datetime) -> None:
    reason = error.explanation
    broadcast = session.get_one(Broadcast, row.broadcast_id)
    if (row.unclear or error.outcome_unknown) and error.errcode != ALL_INVALID:
        batches.note(session, row.id, Reached.UNKNOWN, reason)
        batches.end(session, row.id, BatchState.UNKNOWN, now, reason=reason)
    elif batches.end(session, row.id, BatchState.REFUSED, now, reason=reason):
        meant = [each.person_id for each in batches.receivers(session, row.id)]
        batches.note(session, row.id, Reached.REFUSED, reason)
        if error.errcode == ALL_INVALID and broadcast.recalled_at is None:
            broadcasts.hold_for_away(session, broadcast, meant, _OUT_OF_RANGE, now)
    if row.kind == BatchKind.FILE and broadcast.state == BroadcastState.RUNNING:
        _put_next(session, row, broadcast)


def _take_back(services: Services, row: Batch, *, repeated: bool) -> None:
    """`repeated`: an earlier try may have taken it back already; then "there is no such message" is what was wanted."""
    if services.api is None:
        return
    try:
        fail_points.reach("before_recall")
        services.api.recall(row.platform_id or "")
        fail_points.reach("after_recall_before_mark")
    except ApiError as error:
        _log.warning("recall failed", batch=row.id, errcode=error.errcode, attempt=row.attempts)
        if not (repeated and error.errcode == NOT_THERE):
            _not_taken_back(services, row, error, repeated=repeated)
            return
    _end(services, lambda session, now: batches.end(session, row.id, BatchState.RECALLED, now))


def _not_taken_back(services: Services, row: Batch, error: ApiError, *, repeated: bool) -> None:
    now = services.clock.real()
    pause = max(timedelta(seconds=error.retry_after or 0), _BACKOFF[min(row.attempts, len(_BACKOFF)) - 1])
    if error.kind in {ErrorKind.RETRY, ErrorKind.TOKEN, ErrorKind.CONFIG} and row.attempts < batches.MAX_ATTEMPTS:
        with services.database.begin() as session:
            batches.wait(session, row.id, now + pause, error.explanation)
            session.get_one(Batch, row.id).recall_asked = repeated or error.outcome_unknown
        services.nudge(Waiting(batches=(row.id,), after=pause))
        return
    reason = error.explanation
    _end(services, lambda session, at: batches.end(session, row.id, BatchState.NOT_RECALLED, at, reason=reason))


def _end(services: Services, note: Callable[[Session, datetime], object]) -> None:
    now = services.clock.real()
    with services.database.begin() as session:
        note(session, now)
    fail_points.reach("after_batch_mark")


def _note_end(services: Services, broadcast_id: int) -> None:
    """Set going what now follows; tell the sender once how it ended, when the last batch has."""
    sends: tuple[int, ...] = ()
    with services.database.begin() as session:
        broadcast = session.get_one(Broadcast, broadcast_id)
        ledger = broadcasts.ledger(session, broadcast_id)
        told: Reply | None = None
        if broadcast.recalled_at is not None:
            if ledger.is_over and not ledger.is_being_recalled:
                told = replace(recalled(broadcast, ledger), cause=f"broadcast:{broadcast_id}:recalled")
        elif broadcasts.finish_if_over(session, broadcast_id, services.clock.now()):
            missed, _ = broadcasts.unreached(session, broadcast_id, offset=0, limit=_FEW)
            told = replace(ended(services.notice, broadcast, ledger, missed), cause=f"broadcast:{broadcast_id}:ended")
        if told is not None:
            sends = tell_others(services, session, [replace(told, to=broadcast.sender_id)], services.clock.now())
        waiting = batches.due_of(session, broadcast_id, services.clock.real())
    services.nudge(Waiting(sends=sends, batches=waiting))
