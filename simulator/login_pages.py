"""The two login pages: inside the client (documents 91022, 96441) and on the desktop with its QR code (98151, 98152).

Who is at the device is chosen on the page; inside the client it is the person chosen in the chat, without asking. So
it is in a browser that was opened from the 工作台.
"""

from __future__ import annotations

import re
from typing import cast
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request

from simulator.platform import Platform
from simulator.workbench import OPENED_BY

LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Somebody with a WeChat of their own who is no member of the corp.
STRANGER = "-"
_STATE = re.compile(r"[A-Za-z0-9]{0,128}")
_SCOPES = ("snsapi_base", "snsapi_privateinfo")
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"


def login_blueprint(platform: Platform) -> Blueprint:
    """The addresses of open.weixin.qq.com and login.work.weixin.qq.com that an app sends browsers to."""
    pages = Blueprint("login_pages", __name__)

    @pages.get("/connect/oauth2/authorize")
    def inside() -> Response:
        if request.args.get("response_type") != "code" or request.args.get("scope") not in _SCOPES:
            abort(400, "response_type or scope not accepted")
        chosen = request.args.get("userid") or request.cookies.get("simulated_person", "")
        return _answer(platform, chosen, scans=False)

    @pages.get("/wwlogin/sso/login")
    def desktop() -> Response:
        if request.args.get("login_type") != "CorpApp":
            abort(400, "login_type not accepted")
        inside = request.cookies.get(OPENED_BY, "")
        response = _answer(platform, request.args.get("userid") or inside, scans=True)
        if inside:
            response.delete_cookie(OPENED_BY, httponly=True, samesite="Lax")
        return response

    return pages


def _answer(platform: Platform, userid: str, *, scans: bool) -> Response:
    settings, target = platform.settings, request.args.get("redirect_uri", "")
    if request.args.get("appid") != settings.corp_id or urlsplit(target).hostname not in LOOPBACK:
        abort(400, "appid or redirect_uri not accepted")
    if request.args.get("agentid") not in {None, str(settings.agent_id)} or (scans and "agentid" not in request.args):
        abort(400, "agentid not accepted")
    state = request.args.get("state", "")
    if not _STATE.fullmatch(state):
        abort(400, "state may hold letters and digits only")
    if not userid:
        return _picker(platform, scans=scans)
    if userid != STRANGER and settings.person(userid) is None:
        abort(400, "no such person")
    joint = "&" if urlsplit(target).query else "?"
    query = urlencode({"code": platform.oauth_code(userid), "state": state})
    return cast("Response", redirect(f"{target}{joint}{query}"))


def _picker(platform: Platform, *, scans: bool) -> Response:
    def address(userid: str) -> str:
        return f"{request.path}?{urlencode({**request.args.to_dict(), 'userid': userid})}"

    people = [
        (person.name, person.department or person.note, address(person.userid)) for person in platform.settings.people
    ]
    page = render_template("login.html", people=people, stranger=address(STRANGER), scans=scans)
    response = make_response(page)
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "no-store"
    return response
