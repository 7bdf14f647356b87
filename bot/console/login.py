"""Signing in through WeCom and out again. A state belongs to the browser it was made for and is good once; the session
begins with a cookie made for it, so that nobody can lay one before."""

from __future__ import annotations

import re
import secrets
import time

import structlog
from flask import Blueprint, Response, redirect, request

from bot.console.cookies import Cookie
from bot.console.guard import NOT_SET_UP, Guard, Visitor
from bot.console.oauth import LoginPages, login_pages
from bot.console.showing import harden, sentence
from bot.rate_limit import RateLimit, client_of
from bot.services import Services
from bot.wecom.errors import ApiError, ErrorKind
from domain.chat import Channel
from store import audit, people, sessions

_log = structlog.get_logger(__name__)

MOST_A_MINUTE = 30
_MINUTE_S = 60.0
_COOKIE_BYTES = 32
_STATE_BYTES = 24  # in hex: WeCom takes letters and digits only, 128 at most
_LONGEST_CODE = 512
_LONGEST_RETURN = 512
_HOME = "/console/"
_OWN_PAGE = re.compile(r"/console/[!-\[\]-~]*")

_TITLE = "没有登录"
_FAST = "登录太频繁了，请过一分钟再试。"
_NOT_YOURS = "这个登录链接不是在这个浏览器里打开的，或者已经用过、过期了。请重新登录。"
_NO_CODE = "企业微信没有确认您的身份。请重新登录，并在企业微信里点同意。"
_CODE_USED = "这次登录已经用过或过期了。请重新登录。"
_NOT_A_MEMBER = "您不是本企业的成员，不能登录。请用已加入本企业的企业微信扫码，或联系管理员把您加入通讯录。"
_AWAY = "企业微信暂时没有回应，没有登录成功。请过一会儿重新登录。"
_MISCONFIGURED = "企业微信拒绝了这次登录，多半是应用的设置不对。请告诉管理员查看运行日志。"
_OUT = "您已退出登录。"


def login(services: Services, guard: Guard) -> Blueprint:
    """The addresses /console/login, /console/login/done and /console/logout."""
    pages, attempts = login_pages(services.settings), Cookie(services.settings, "login", sessions.ATTEMPT_FOR)
    blueprint = Blueprint("login", __name__, url_prefix="/console")
    limit = RateLimit(MOST_A_MINUTE, _MINUTE_S)

    def refused() -> Response | None:
        if pages is None or services.api is None:
            return sentence(NOT_SET_UP, 503)
        client = client_of(request.remote_addr, request.headers.get("X-Forwarded-For", ""))
        return None if limit.allows(client, time.monotonic()) else sentence(_FAST, 429)

    @blueprint.get("/login")
    def begin() -> Response:
        told = refused()
        if told is not None or pages is None:
            return told or sentence(NOT_SET_UP, 503)
        return _begin(services, pages, attempts)

    @blueprint.get("/login/done")
    def done() -> Response:
        told = refused()
        return told if told is not None else _done(services, guard, attempts)

    @blueprint.post("/logout")
    @guard.page()
    def logout(visitor: Visitor) -> Response:
        """Here, or on every device."""
        with services.database.begin() as session:
            sessions.sign_out(session, guard.cookie.read())
            if "everywhere" in request.form:
                sessions.sign_out_everywhere(session, visitor.actor.person_id)
            audit.write(session, at=services.clock.now(), actor_id=visitor.actor.person_id, act="person.signed_out")
        response = sentence(_OUT, 200, title="已退出", login=True)
        guard.cookie.take(response)
        return response

    return blueprint


def own_page(address: str) -> str:
    """The page to go to after the login: one of ours, or the first one for anything else."""
    fits = len(address) <= _LONGEST_RETURN and _OWN_PAGE.fullmatch(address) is not None
    return address if fits and not address.startswith("/console/log") else _HOME


def _begin(services: Services, pages: LoginPages, attempts: Cookie) -> Response:
    state, browser = secrets.token_hex(_STATE_BYTES), secrets.token_urlsafe(_COOKIE_BYTES)
    return_to = own_page(request.args.get("to", ""))
    with services.database.begin() as session:
        sessions.begin_attempt(
            session, state=state, browser=browser, return_to=return_to, now=services.clock.real()
        )  # fmt: skip
    response: Response = redirect(pages.address(request.user_agent.string, state))  # type: ignore[assignment]
    attempts.give(response, browser)
    return harden(response)


def _done(services: Services, guard: Guard, attempts: Cookie) -> Response:
    """The browser is back. State first: a code that comes with a foreign one is not even asked about."""
    with services.database.begin() as session:
        state, browser = request.args.get("state", ""), attempts.read()
        return_to = sessions.use_attempt(session, state=state, browser=browser, now=services.clock.real())
    if return_to is None:
        return _refuse(_NOT_YOURS, attempts)
    code = request.args.get("code", "")
    if not code or len(code) > _LONGEST_CODE:
        return _refuse(_NO_CODE, attempts)
    userid, trouble = _member_behind(services, code)
    if userid is None:
        return _refuse(trouble, attempts)
    cookie = _open(services, guard, userid)
    response: Response = redirect(return_to)  # type: ignore[assignment]
    guard.cookie.give(response, cookie)
    attempts.take(response)
    return harden(response)


def _member_behind(services: Services, code: str) -> tuple[str | None, str]:
    """The userid this code stands for, or a sentence."""
    if services.api is None:
        return None, NOT_SET_UP
    try:
        return services.api.who(code), _NOT_A_MEMBER
    except ApiError as error:
        _log.warning("login refused by the platform", errcode=error.errcode, kind=error.kind)
        told = {ErrorKind.USER: _CODE_USED, ErrorKind.CONFIG: _MISCONFIGURED}
        return None, told.get(error.kind, _AWAY)


def _open(services: Services, guard: Guard, userid: str) -> str:
    """A new session under a new cookie; the one this browser had before ends."""
    cookie, before = secrets.token_urlsafe(_COOKIE_BYTES), guard.cookie.read()
    with services.database.begin() as session:
        actor = people.actor_for(session, Channel.APP, userid)
        if before:
            sessions.sign_out(session, before)
        sessions.sign_in(session, cookie=cookie, person_id=actor.person_id, now=services.clock.real())
        audit.write(session, at=services.clock.now(), actor_id=actor.person_id, act="person.signed_in")
    return cookie


def _refuse(text: str, attempts: Cookie) -> Response:
    response = sentence(text, 403, title=_TITLE, login=True)
    attempts.take(response)
    return response
