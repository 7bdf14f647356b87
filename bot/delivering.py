"""Deliver: brings one outgoing message to its person by the first way that is open, and notes how it ended."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot import fail_points
from bot.metrics import ENDED
from bot.nudge import Waiting
from bot.services import Services
from bot.wecom.api import SendResult
from bot.wecom.callback import APP_TEXT_BYTES
from bot.wecom.errors import ApiError, ErrorKind
from bot.wecom.outbound import UrlPolicy
from bot.wecom.response_url import post_markdown
from domain.wording import split_bytes
from store import outbox, reach, streams
from store.outbox import Route
from store.schema.mail import Outbox, OutboxState

_log = structlog.get_logger(__name__)

_BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 60, 300, 900, 1800, 3600))
_DUPLICATE_INTERVAL_S = int(outbox.DUPLICATE_WINDOW.total_seconds())


@dataclass(frozen=True, slots=True)
class _Plan:
    """One try: the way, and what goes over it. `url` is the one-time address, `body` the fixed bytes of a push."""

    outbox_id: int
    route: Route | None
    text: str
    url: str = ""
    body: str = ""
    userid: str = ""


def deliver_one(services: Services, outbox_id: int) -> None:
    """Try this message once, if it is due and nobody else is trying. Never raises for what the platform does."""
    now = services.clock.real()
    with services.database.begin() as session:
        row = outbox.claim(session, outbox_id, uuid.uuid4().hex, now, services.leases.length(outbox.LEASE))
        plan = None if row is None else _plan(services, session, row, now)
    if row is None or plan is None:
        return
    try:
        if plan.route is Route.RESPONSE_URL:
            _by_response_url(services, plan)
        elif plan.route is Route.APP:
            _by_app(services, plan)
        else:
            _end(services, lambda session: outbox.hold(session, plan.outbox_id, "no way to this person is open now"))
    except ApiError as error:
        _after_error(services, row, error)
        return
    if row.inbox_id is not None:
        with services.database.read() as session:
            waiting = Waiting(sends=tuple(outbox.waiting_parts(session, row.inbox_id, row.lane)))
        services.nudge(waiting)


def _plan(services: Services, session: Session, row: Outbox, now: datetime) -> _Plan:
    """Choose the way: a push that was begun goes on as it is; else the one-time address; else the app."""
    if row.body is not None:
        return _Plan(row.id, Route.APP, row.text, body=row.body, userid=json.loads(row.body)["touser"])
    if row.inbox_id is not None and row.route != Route.APP:
        url = streams.take_response_url(session, row.inbox_id, now)
        if url is not None:
            row.route = Route.RESPONSE_URL
            return _Plan(row.id, Route.RESPONSE_URL, row.text, url=url)
    userid = reach.app_userid(session, row.lane)
    if services.api is None or userid is None:
        return _Plan(row.id, None, row.text)
    parts = split_bytes(row.text, APP_TEXT_BYTES)
    if len(parts) > 1:
        outbox.split(session, row, parts, now)
    body = _push_body(userid, services.settings.wecom_agent_id, row.text)
    outbox.fix_body(row, body, now)
    row.route = Route.APP
    return _Plan(row.id, Route.APP, row.text, body=body, userid=userid)


def _push_body(userid: str, agent_id: int | None, text: str) -> str:
    return json.dumps(
        {
            "touser": userid,
            "msgtype": "text",
            "agentid": agent_id,
            "text": {"content": text},
            "enable_duplicate_check": 1,
            "duplicate_check_interval": _DUPLICATE_INTERVAL_S,
        },
        ensure_ascii=False,
    )


def _by_response_url(services: Services, plan: _Plan) -> None:
    fail_points.reach("before_send")
    post_markdown(plan.url, plan.text, UrlPolicy(allow_loopback=services.settings.api_is_loopback))
    fail_points.reach("after_send_before_mark")
    now = services.clock.real()
    _end(services, lambda session: outbox.mark_accepted(session, plan.outbox_id, None, now))
    ENDED.labels(state=OutboxState.ACCEPTED).inc()


def _by_app(services: Services, plan: _Plan) -> None:
    if services.api is None:
        raise RuntimeError("a push was planned without an app")
    fail_points.reach("before_send")
    result: SendResult = services.api.send_message(plan.body)
    fail_points.reach("after_send_before_mark")
    now = services.clock.real()
    refused = {user.lower() for user in (*result.invalid_users, *result.unlicensed)}
    if plan.userid.lower() in refused:
        _end(services, lambda session: outbox.hold(session, plan.outbox_id, "the app cannot reach this member"))
        return
    _end(services, lambda session: outbox.mark_accepted(session, plan.outbox_id, result.msgid, now))
    ENDED.labels(state=OutboxState.ACCEPTED).inc()


def _after_error(services: Services, row: Outbox, error: ApiError) -> None:
    """Try later what may pass; hold what has lost only its way; give up the rest with the reason."""
    now = services.clock.real()
    _log.warning("send failed", outbox=row.id, route=row.route, errcode=error.errcode, attempt=row.attempts)
    if row.route == Route.RESPONSE_URL:
        # The one-time address is spent. A clear no leaves the app; a lost answer may have arrived.
        if error.outcome_unknown:
            _end(services, lambda session: outbox.mark_unknown(session, row.id, str(error), now))
        else:
            _again(services, row, error, now)
        return
    started = row.first_try_at or now
    may_pass = error.kind in (ErrorKind.RETRY, ErrorKind.TOKEN, ErrorKind.CONFIG)
    wait = max(timedelta(seconds=error.retry_after or 0), _BACKOFF[min(row.attempts, len(_BACKOFF)) - 1])
    repeatable = now + wait < started + outbox.DUPLICATE_WINDOW and row.attempts < outbox.MAX_ATTEMPTS
    if may_pass and repeatable:
        _again(services, row, error, now, wait)
    elif error.outcome_unknown:
        _end(services, lambda session: outbox.mark_unknown(session, row.id, str(error), now))
        ENDED.labels(state=OutboxState.UNKNOWN).inc()
    elif error.kind is ErrorKind.USER:
        _end(services, lambda session: outbox.hold(session, row.id, str(error)))
    else:
        _end(services, lambda session: outbox.mark_refused(session, row.id, str(error), now))
        ENDED.labels(state=OutboxState.REFUSED).inc()


def _again(services: Services, row: Outbox, error: ApiError, now: datetime, wait: timedelta = timedelta(0)) -> None:
    _end(services, lambda session: outbox.try_later(session, row.id, str(error), now + wait))
    services.nudge(Waiting(sends=(row.id,), after=wait))


def _end(services: Services, move: Callable[[Session], bool]) -> None:
    with services.database.begin() as session:
        move(session)
    fail_points.reach("after_mark")
