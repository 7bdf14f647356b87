"""Deliver: brings one outgoing message to its person by the first way that is open, and notes how it ended."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, count
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bot import fail_points
from bot.handing_out import link_line
from bot.metrics import ENDED
from bot.nudge import Waiting
from bot.pacing import wait_for_turn
from bot.pushes import card_push, file_push, text_push
from bot.reminding import still_good
from bot.services import Services
from bot.uploading import upload
from bot.wecom.api import SendResult
from bot.wecom.callback import APP_TEXT_BYTES
from bot.wecom.cards import choice_card
from bot.wecom.errors import UNKNOWN_MEDIA, ApiError, ErrorKind
from bot.wecom.outbound import UrlPolicy
from bot.wecom.response_url import post_markdown
from domain.wording import split_bytes
from store import cards, handouts, outbox, people, reach, repeats, streams
from store.outbox import Route
from store.schema.mail import Outbox, OutboxKind, OutboxState

_log = structlog.get_logger(__name__)

_BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 60, 300, 900, 1800, 3600))
# A person waits for the file: after so many tries they get its link instead.
_FILE_ATTEMPTS = 3
# Tries at the one-time address: less than two minutes in all, so that the answer is not long in coming another way.
_MOST_REPLIES = 4
AGAIN = "\n（{time}）"
_AGAIN_BYTES = 32  # kept free behind each part, so that a mark finds room
NO_WAY = "no way to this person is open now"
HAS_LEFT = "the person is not on the roster any more"
TOO_LATE = "the sending process died during the send, and the address is out of time"


@dataclass(frozen=True, slots=True)
class _Plan:
    """One try: the way, and what goes over it. `url` is the one-time address, `body` the fixed bytes of a push.

    `repeated`: an earlier try at the one-time address may have arrived."""

    outbox_id: int
    route: Route
    text: str
    url: str = ""
    body: str = ""
    userid: str = ""
    uploads: bool = False
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class _Turns:
    """No try: much has gone to this person just now, and these messages are due later, each after its own time."""

    turns: tuple[tuple[int, timedelta], ...]


def deliver_one(services: Services, outbox_id: int, *, early: bool = False) -> None:
    """Try this message once, if it is due and nobody else is trying. Never raises for what the platform does.

    `early`: the HTTP answer it stands behind has left, so its first try waits no longer.
    """
    now = services.clock.real()
    owner = uuid.uuid4().hex
    with services.database.begin() as session:
        lease = services.leases.length(outbox.LEASE)
        row = outbox.claim(session, outbox_id, owner, now, lease, early=early)
        good = row is not None and not _refuse_gone(session, row, now) and still_good(services, session, row, now)
        plan = _plan(services, session, row, now) if row is not None and good else None
    if row is None:
        return
    if isinstance(plan, _Turns):
        for later, after in plan.turns:
            services.nudge(Waiting(sends=(later,), after=after))
        return
    with services.leases.renewing(partial(_renew, services, row.id, owner)):
        if plan is not None and not _sent(services, row, plan):
            return
    sends = {row.id} if plan is None else set()
    with services.database.read() as session:
        sends.update(outbox.waiting_parts(session, row.inbox_id, row.lane))
    more = tuple(sorted(sends))
    services.nudge(Waiting(followers=more) if early else Waiting(sends=more))


def _renew(services: Services, outbox_id: int, owner: str, session: Session, now: datetime) -> None:
    outbox.renew(session, outbox_id, owner, now + services.leases.length(outbox.LEASE))


def _plan(services: Services, session: Session, row: Outbox, now: datetime) -> _Plan | _Turns | None:
    """Choose the way: what was begun goes on as it is; else the one-time address; else the app; else it waits."""
    if row.body is not None:
        return _Plan(row.id, Route.APP, row.text, body=row.body, userid=json.loads(row.body)["touser"])
    if row.kind == OutboxKind.TEXT and row.inbox_id is not None:
        begun = row.route == Route.RESPONSE_URL
        address = streams.taken_response_url if begun else streams.take_response_url
        url = address(session, row.inbox_id, now)
        if url is not None:
            return _Plan(row.id, Route.RESPONSE_URL, row.text, url=url, repeated=outbox.begin_reply(row, now))
        if begun:
            outbox.mark_unknown(session, row.id, TOO_LATE, now)
            return None
    userid = reach.app_userid(session, row.lane)
    if services.api is None or userid is None:
        _wait_or_link(services, session, row, NO_WAY, now)
        return None
    return _plan_push(services, session, row, userid, now)


def _plan_push(services: Services, session: Session, row: Outbox, userid: str, now: datetime) -> _Plan | _Turns:
    turns = wait_for_turn(session, row, userid, now)
    if turns:
        return _Turns(tuple(turns))
    row.route = Route.APP
    if row.kind == OutboxKind.FILE:
        return _Plan(row.id, Route.APP, row.text, userid=userid, uploads=True)
    body = _push(services, session, row, userid, now)
    if row.kind == OutboxKind.TEXT and repeats.was_said(session, row, userid, body, now):
        body = _push_again(services, session, row, userid, now)
    outbox.fix_body(row, body, now)
    return _Plan(row.id, Route.APP, row.text, body=body, userid=userid)


def _refuse_gone(session: Session, row: Outbox, now: datetime) -> bool:
    """Whoever has left gets answers only, nothing that others or the service have to say."""
    gone = row.inbox_id is None and people.has_left(session, row.lane)
    return gone and outbox.mark_refused(session, row.id, HAS_LEFT, now)


def _push(services: Services, session: Session, row: Outbox, userid: str, now: datetime) -> str:
    """The bytes of a card, or of a text, whose further parts become rows of their own."""
    if row.kind == OutboxKind.CARD:
        return card_push(userid, services.settings.wecom_agent_id, _card(session, row))
    parts = split_bytes(row.text, APP_TEXT_BYTES - _AGAIN_BYTES)
    if len(parts) > 1:
        outbox.split(session, row, parts, now)
    return text_push(userid, services.settings.wecom_agent_id, row.text)


def _push_again(services: Services, session: Session, row: Outbox, userid: str, now: datetime) -> str:
    """The same words once more, meant so: with the time behind them, else the platform drops them without a word."""
    time = f"{now.astimezone(services.notice.timezone):%H:%M:%S}"
    times = chain((time,), (f"{time}，{number}" for number in count(2)))
    agent_id = services.settings.wecom_agent_id
    bodies = (text_push(userid, agent_id, row.text + AGAIN.format(time=each)) for each in times)
    return next(body for body in bodies if not repeats.was_said(session, row, userid, body, now))


def _sent(services: Services, row: Outbox, plan: _Plan) -> bool:
    """Try it this way; False when that has failed, which is then noted with what follows from it."""
    by_reply = plan.route is Route.RESPONSE_URL
    try:
        if by_reply:
            _by_response_url(services, plan)
        else:
            _by_app(services, row, plan)
    except ApiError as error:
        _log.warning("send failed", outbox=row.id, route=plan.route, errcode=error.errcode, attempt=row.attempts)
        now = services.clock.real()
        if by_reply:
            _after_reply_error(services, row, plan, error, now)
        elif row.kind == OutboxKind.FILE:
            _after_file_error(services, row, error, now)
        else:
            _after_push_error(services, row, error, now)
        return False
    return True


def _card(session: Session, row: Outbox) -> dict[str, Any]:
    card = cards.of_outbox(session, row.id)
    if card is None:
        raise LookupError(f"outbox {row.id} has no card")
    return choice_card(card.task_id, card.title, [choice.label for choice in cards.choices_of(card)], card.brief)


def _by_response_url(services: Services, plan: _Plan) -> None:
    fail_points.reach("before_reply")
    post_markdown(plan.url, plan.text, UrlPolicy(allow_loopback=services.settings.api_is_loopback))
    fail_points.reach("after_reply_before_mark")
    now = services.clock.real()
    _end_reply(services, plan.outbox_id, lambda session: outbox.mark_accepted(session, plan.outbox_id, None, now))
    ENDED.labels(state=OutboxState.ACCEPTED).inc()


def _by_app(services: Services, row: Outbox, plan: _Plan) -> None:
    if services.api is None:
        raise RuntimeError("a push was planned without an app")
    body = _with_upload(services, row, plan.userid) if plan.uploads else plan.body
    if body is None:
        return
    fail_points.reach("before_send")
    result: SendResult = services.api.send_message(body)
    fail_points.reach("after_send_before_mark")
    now = services.clock.real()
    refused = {user.lower() for user in (*result.invalid_users, *result.unlicensed)}
    if plan.userid.lower() in refused:
        _unreachable(services, row, "the app cannot reach this member")
        return
    _end(services, lambda session: outbox.mark_accepted(session, plan.outbox_id, result.msgid, now))
    ENDED.labels(state=OutboxState.ACCEPTED).inc()


def _with_upload(services: Services, row: Outbox, userid: str) -> str | None:
    """Bring the bytes to the platform; the message that shows them is fixed before it is sent. None when somebody else
    has brought the message to its end meanwhile. Raises ApiError."""
    agent_id = services.settings.wecom_agent_id
    media_id, kind = upload(services, row.id)
    fail_points.reach("after_note_before_body")
    body = file_push(userid, agent_id, media_id, kind)
    with services.database.read() as session:
        said = repeats.was_said(session, row, userid, body, services.clock.real())
    if said:  # asked for once more: under the old id the platform would drop it
        with services.database.begin() as session:
            handout = handouts.of_outbox(session, row.id)
            if handout is not None:
                handouts.forget_upload(session, handout)
        body = file_push(userid, agent_id, *upload(services, row.id))
    with services.database.begin() as session:
        return outbox.fix_upload(session, row.id, body, services.clock.real())


def _unreachable(services: Services, row: Outbox, reason: str) -> None:
    """The app does not reach this person."""
    now = services.clock.real()
    _end(services, lambda session: _wait_or_link(services, session, row, reason, now))
    services.nudge(Waiting(sends=(row.id,)))


def _wait_or_link(services: Services, session: Session, row: Outbox, reason: str, now: datetime) -> bool:
    """A text waits for the person's next message, unless it will not be true then; a file becomes a text with its link;
    a card repeats a text only."""
    if row.kind == OutboxKind.CARD or row.good_until is not None:
        return outbox.mark_refused(session, row.id, reason, now)
    if row.kind == OutboxKind.TEXT:
        return outbox.hold(session, row.id, reason)
    handout = handouts.of_outbox(session, row.id)
    text = row.text if handout is None else link_line(services, handout)
    return outbox.say_instead(session, row.id, text, reason, now)


def _after_reply_error(services: Services, row: Outbox, plan: _Plan, error: ApiError, now: datetime) -> None:
    """The one-time address takes one message only: trying again there can never show it twice.

    A clear no leaves the app; a clear no after a try without an answer means that the first one had probably arrived.
    """
    unclear = plan.repeated or error.outcome_unknown
    if error.kind is ErrorKind.RETRY and row.attempts < _MOST_REPLIES:
        _again(services, row, error, now, never_sent=not unclear)
    elif unclear:
        _end_reply(services, row.id, lambda session: outbox.mark_unknown(session, row.id, str(error), now))
        ENDED.labels(state=OutboxState.UNKNOWN).inc()
    else:
        _end_reply(services, row.id, lambda session: outbox.take_another_way(session, row.id, str(error), now))
        services.nudge(Waiting(sends=(row.id,)))


def _after_push_error(services: Services, row: Outbox, error: ApiError, now: datetime) -> None:
    """Try later what may pass; hold what has lost only its way; give up the rest with the reason."""
    started = row.first_try_at or now
    may_pass = error.kind in (ErrorKind.RETRY, ErrorKind.TOKEN, ErrorKind.CONFIG)
    wait = _wait(row, error)
    repeatable = now + wait < started + outbox.DUPLICATE_WINDOW and row.attempts < outbox.MAX_ATTEMPTS
    if may_pass and repeatable:
        _again(services, row, error, now)
    elif error.outcome_unknown:
        _end(services, lambda session: outbox.mark_unknown(session, row.id, str(error), now))
        ENDED.labels(state=OutboxState.UNKNOWN).inc()
    elif error.kind is ErrorKind.USER:
        _unreachable(services, row, str(error))
    else:
        _end(services, lambda session: outbox.mark_refused(session, row.id, str(error), now))
        ENDED.labels(state=OutboxState.REFUSED).inc()


def _after_file_error(services: Services, row: Outbox, error: ApiError, now: datetime) -> None:
    """A file that cannot go as a message goes as a link, unless the message may have arrived."""
    with services.database.read() as session:
        sent = session.get_one(Outbox, row.id).body is not None
    if error.errcode == UNKNOWN_MEDIA and row.attempts < _FILE_ATTEMPTS:
        with services.database.begin() as session:
            handout = handouts.of_outbox(session, row.id)
            if handout is not None:
                handouts.forget_upload(session, handout)
            outbox.upload_again(session, row.id, str(error), now)
        services.nudge(Waiting(sends=(row.id,)))
    elif error.kind in (ErrorKind.RETRY, ErrorKind.TOKEN) and row.attempts < _FILE_ATTEMPTS:
        _again(services, row, error, now)
    elif sent and error.outcome_unknown:
        _after_push_error(services, row, error, now)  # the same bytes again are safe while WeCom knows them
    else:
        _unreachable(services, row, str(error))


def _wait(row: Outbox, error: ApiError) -> timedelta:
    return max(timedelta(seconds=error.retry_after or 0), _BACKOFF[min(row.attempts, len(_BACKOFF)) - 1])


def _again(services: Services, row: Outbox, error: ApiError, now: datetime, *, never_sent: bool = False) -> None:
    wait, reason = _wait(row, error), str(error)
    _end(services, lambda session: outbox.try_later(session, row.id, reason, now + wait, never_sent=never_sent))
    services.nudge(Waiting(sends=(row.id,), after=wait))


def _end_reply(services: Services, outbox_id: int, move: Callable[[Session], bool]) -> None:
    """The end of what went to the one-time address, which is forgotten with it."""

    def both(session: Session) -> bool:
        inbox_id = session.get_one(Outbox, outbox_id).inbox_id
        if inbox_id is not None:
            streams.forget_response_url(session, inbox_id)
        return move(session)

    _end(services, both)


def _end(services: Services, move: Callable[[Session], bool]) -> None:
    with services.database.begin() as session:
        move(session)
    fail_points.reach("after_mark")
