"""The two callback addresses. They verify, hand over to the intake, and answer only what is committed."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import structlog
from flask import Blueprint, Response, abort, request
from sqlalchemy.exc import SQLAlchemyError

from bot import fail_points
from bot.intake import Answer, take
from bot.metrics import ACK_SECONDS, CALLBACKS
from bot.refreshing import note_collected, refresh
from bot.services import Services
from bot.wecom.aibot_channel import AiBotChannel, StreamRefresh
from bot.wecom.app_channel import AppChannel
from bot.wecom.callback import MAX_BODY_BYTES, ChannelError
from bot.wecom.cards import CHOSEN, pressed_card
from domain.chat import Incoming, MessageKind

_log = structlog.get_logger(__name__)
_T = TypeVar("_T")


def callbacks(services: Services) -> Blueprint:
    """The addresses /wecom/app and /wecom/aibot, each only if its channel is configured."""
    blueprint = Blueprint("callbacks", __name__)
    if services.app is not None:
        _add_app(blueprint, services, services.app)
    if services.aibot is not None:
        _add_aibot(blueprint, services, services.aibot)
    blueprint.after_request(_note_end)
    return blueprint


def _note_end(response: Response) -> Response:
    response.call_on_close(lambda: fail_points.reach("after_answer"))
    return response


def _add_app(blueprint: Blueprint, services: Services, channel: AppChannel) -> None:
    def verify() -> Response:
        return _plain(_checked(lambda: channel.verify(request.args, services.clock.real())))

    def receive() -> Response:
        received_at = services.clock.real()
        incoming = _checked(lambda: channel.parse(_body(), request.args, received_at))
        answer = _stored(lambda: take(services, incoming))
        _count("app", incoming, received_at.timestamp())
        if answer.pressed is not None:
            chosen = CHOSEN.format(label=answer.pressed.label)
            changed = channel.button_reply(chosen, incoming, int(time.time()), request.args["nonce"])
            return Response(changed, mimetype="application/xml")
        if not answer.text:
            return _plain("")
        sealed = channel.reply(answer.text, incoming, int(time.time()), request.args["nonce"])
        return Response(sealed, mimetype="application/xml")

    blueprint.add_url_rule("/wecom/app", "app_verify", verify, methods=["GET"])
    blueprint.add_url_rule("/wecom/app", "app_receive", receive, methods=["POST"])


def _add_aibot(blueprint: Blueprint, services: Services, channel: AiBotChannel) -> None:
    def verify() -> Response:
        return _plain(_checked(lambda: channel.verify(request.args, services.clock.real())))

    def receive() -> Response:
        received_at = services.clock.real()
        inbound = _checked(lambda: channel.parse(_body(), request.args, received_at))
        if isinstance(inbound, StreamRefresh):
            refreshed = _stored(lambda: refresh(services, inbound.stream_id))
            response = _seal(channel, refreshed.answer)
            if refreshed.handed is not None:
                response.call_on_close(partial(note_collected, services, refreshed.handed))
            return response
        answer = _stored(lambda: take(services, inbound))
        _count("aibot", inbound, received_at.timestamp())
        if inbound.kind is MessageKind.ENTER and answer.text:
            welcome = channel.welcome_reply(answer.text, timestamp=int(time.time()), nonce=request.args["nonce"])
            return Response(welcome, mimetype="application/json")
        if answer.pressed is not None:
            card = pressed_card(answer.pressed.task_id, answer.pressed.title, answer.pressed.label)
            changed = channel.card_update_reply(card, timestamp=int(time.time()), nonce=request.args["nonce"])
            return Response(changed, mimetype="application/json")
        return _seal(channel, answer, rated=True)

    blueprint.add_url_rule("/wecom/aibot", "aibot_verify", verify, methods=["GET"])
    blueprint.add_url_rule("/wecom/aibot", "aibot_receive", receive, methods=["POST"])


def _seal(channel: AiBotChannel, answer: Answer, *, rated: bool = False) -> Response:
    """The answer as a stream. `rated` (first answers only) lets the member press 准确 or 不准确 under it."""
    if answer.stream_id is None:
        return _plain("")
    body = channel.stream_reply(
        answer.stream_id,
        answer.text,
        finish=answer.finished,
        timestamp=int(time.time()),
        nonce=request.args["nonce"],
        feedback_id=answer.stream_id if rated else "",
        card=answer.card,
    )
    return Response(body, mimetype="application/json")


def _body() -> bytes:
    """The body of a callback. A larger one is read and thrown away first, so that the refusal can be read."""
    body = request.stream.read(MAX_BODY_BYTES + 1)
    if len(body) <= MAX_BODY_BYTES:
        return body
    while request.stream.read(MAX_BODY_BYTES):
        pass
    return abort(413)


def _checked(step: Callable[[], _T]) -> _T:
    """Refuse what is not genuine with its 4xx, without echoing anything of it."""
    try:
        return step()
    except ChannelError as error:
        _log.warning("callback refused", reason=str(error), status=error.status)
        return abort(error.status)


def _stored(step: Callable[[], _T]) -> _T:
    """Without a commit there is no 200: the platform tries again after a 503."""
    try:
        return step()
    except SQLAlchemyError:
        _log.exception("nothing could be stored")
        return abort(503)


def _plain(text: str) -> Response:
    return Response(text, mimetype="text/plain")


def _count(channel: str, incoming: Incoming, started: float) -> None:
    CALLBACKS.labels(channel=channel, kind=incoming.kind).inc()
    ACK_SECONDS.labels(channel=channel).observe(max(0.0, time.time() - started))
