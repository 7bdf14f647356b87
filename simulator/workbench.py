"""The 工作台 of the chosen person: opens the app's home page as the client does, where the login asks nothing.

A client says what it is by its user agent, which a page cannot change for another tab. So the browser that was opened
from here is known by a cookie, for a minute and for one login.
"""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, abort, redirect, request

from simulator.platform import Platform

OPENED_BY = "simulated_workbench"
_LOGIN_WITHIN_S = 60


def workbench_blueprint(platform: Platform) -> Blueprint:
    """The address behind the button of the chat page."""
    pages = Blueprint("workbench", __name__)

    @pages.get("/sim/workbench")
    def opened() -> Response:
        """Query userid. 404 without a home page, 403 for whom the app is not visible: it is not on their 工作台."""
        home, person = platform.settings.app_home_url, platform.settings.person(request.args.get("userid", ""))
        if not home or person is None:
            abort(404)
        if not person.in_app_scope:
            abort(403)
        response = cast("Response", redirect(home))
        response.set_cookie(OPENED_BY, person.userid, max_age=_LOGIN_WITHIN_S, httponly=True, samesite="Lax")
        return response

    return pages
