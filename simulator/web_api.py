"""The HTTP face of the platform for the product: /cgi-bin/, media URLs and response_url."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulator.api_errors import ApiError
from simulator.crypto import decode_key, seal_media, sealed_media_size
from simulator.media import disposition, is_amr, is_image, is_mp4
from simulator.multipart import parts
from simulator.platform import Platform

Json = dict[str, Any]
Answer = Json | Response

_MIB = 1024 * 1024
_SMALLEST = 6
_LIMITS = {
    "image": (10 * _MIB, 40009),
    "voice": (2 * _MIB, 45007),
    "video": (10 * _MIB, 40011),
    "file": (20 * _MIB, 45001),
}
_MAGIC: dict[str, Callable[[bytes], bool]] = {"image": is_image, "voice": is_amr, "video": is_mp4}


def api_blueprint(platform: Platform) -> Blueprint:
    """All addresses the product may call."""
    api = Blueprint("api", __name__)
    calls = _Calls(platform)
    routes: tuple[tuple[str, str, Callable[[], Answer]], ...] = (
        ("GET", "agent/get", calls.agent_get),
        ("GET", "user/get", calls.user_get),
        ("GET", "auth/getuserinfo", calls.getuserinfo),
        ("GET", "get_api_domain_ip", calls.ip_list),
        ("GET", "getcallbackip", calls.ip_list),
        ("GET", "media/get", calls.media_get),
        ("POST", "media/upload", calls.media_upload),
        ("POST", "message/send", lambda: platform.sending.send(request.get_data())),
        ("POST", "message/recall", lambda: platform.sending.recall(request.get_data())),
        ("POST", "message/update_template_card", lambda: platform.sending.update_card(request.get_data())),
    )
    for method, name, call in routes:
        api.add_url_rule(f"/cgi-bin/{name}", name, _guarded(platform, name, method, call), methods=["GET", "POST"])
    api.add_url_rule("/cgi-bin/gettoken", "gettoken", _open(platform, "gettoken", calls.gettoken))
    api.add_url_rule("/media/<key>", "media_url", calls.media_url)
    api.add_url_rule("/response/<code>", "response_url", calls.response_url, methods=["POST"])
    return api


def _open(platform: Platform, name: str, call: Callable[[], Answer]) -> Callable[[], Response]:
    def run() -> Response:
        try:
            answer = call()
        except ApiError as error:
            platform.ledger.add("api", channel="app", call=name, errcode=error.errcode, errmsg=error.errmsg)
            return jsonify(errcode=error.errcode, errmsg=error.errmsg)
        platform.ledger.add("api", channel="app", call=name, errcode=0)
        return answer if isinstance(answer, Response) else jsonify({"errcode": 0, "errmsg": "ok", **answer})

    return run


def _guarded(platform: Platform, name: str, method: str, call: Callable[[], Answer]) -> Callable[[], Response]:
    def checked() -> Answer:
        request.get_data()
        platform.tokens.check(request.args.get("access_token", ""))
        if platform.pace.untrusted_ip:
            raise ApiError(60020, f"hint: [stand-in], from ip: {platform.pace.untrusted_ip}")
        if request.method != method and method == "POST":
            raise ApiError(43002)
        return call()

    return _open(platform, name, checked)


class _Calls:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def gettoken(self) -> Json:
        return self._platform.tokens.gettoken(request.args.get("corpid", ""), request.args.get("corpsecret", ""))

    def agent_get(self) -> Json:
        platform, settings = self._platform, self._platform.settings
        asked = request.args.get("agentid", "")
        if not asked.isdigit():
            raise ApiError(40056)
        if int(asked) != settings.agent_id:
            raise ApiError(301002)
        return {
            "agentid": settings.agent_id,
            "name": settings.bot_name,
            "square_logo_url": "",
            "description": "",
            "allow_userinfos": {"user": [{"userid": each.userid} for each in settings.people if each.in_app_scope]},
            "allow_partys": {"partyid": []},
            "allow_tags": {"tagid": []},
            "close": int(platform.pace.app_closed),
            "redirect_domain": settings.app_domain,
            "report_location_flag": 0,
            "isreportenter": int(platform.pace.app_reports_enter),
            "home_url": settings.app_home_url,
        }

    def user_get(self) -> Json:
        settings = self._platform.settings
        person = settings.person(request.args.get("userid", ""))
        if person is None:
            raise ApiError(60111)
        if not person.in_app_scope:
            raise ApiError(60011)
        departments = settings.department_ids(person)
        return {
            "userid": person.userid,
            "name": person.name,
            "department": departments,
            "order": [0] * len(departments),
            "position": "",
            "main_department": departments[0],
            "is_leader_in_dept": [0] * len(departments),
            "direct_leader": [],
            "alias": "",
            "telephone": "",
            "status": 1 if person.activated else 4,
            "extattr": {"attrs": []},
        }

    def getuserinfo(self) -> Json:
        return self._platform.tokens.who(request.args.get("code", ""))

    def ip_list(self) -> Json:
        return {"ip_list": ["127.0.0.1"]}

    def media_upload(self) -> Json:
        kind = request.args.get("type", "")
        if kind not in _LIMITS:
            raise ApiError(40004)
        found = [part for part in parts(request.content_type or "", request.get_data()) if part.name == "media"]
        if not found or found[0].filename is None or not found[0].data:
            raise ApiError(44001)
        part = found[0]
        most, code = _LIMITS[kind]
        if len(part.data) < _SMALLEST:
            raise ApiError(40006)
        if len(part.data) > most:
            raise ApiError(code)
        if kind in _MAGIC and not _MAGIC[kind](part.data):
            raise ApiError(40005)
        platform = self._platform
        stored = platform.media.keep(part.filename or "", kind, part.data, from_member=False)
        platform.ledger.add(
            "upload", channel="app", media_id=stored.key, name=stored.name, size=len(part.data), type=kind
        )
        return {"type": kind, "media_id": stored.key, "created_at": str(int(stored.made_at))}

    def media_get(self) -> Response:
        pace = self._platform.pace
        stored = self._platform.media.live(request.args.get("media_id", ""), pace.media_id_life)
        if stored is None:
            raise ApiError(40007)
        whole, asked = len(stored.data), request.headers.get("Range")
        if asked is None and whole > pace.media_whole_limit:
            raise ApiError(830002)
        suffix = {"image": ".jpg", "voice": ".amr", "video": ".mp4"}.get(stored.kind, "")
        name = f"{stored.key}{suffix}" if stored.from_member and suffix else stored.name
        kind = {"image": "image/jpeg", "voice": "audio/amr", "video": "video/mp4"}.get(stored.kind)
        response = Response(stored.data, content_type=kind or "application/octet-stream")
        response.headers["Content-disposition"] = disposition(name, "plain")
        response.headers["Accept-Ranges"] = "bytes"
        if asked is not None:
            response.make_conditional(request.environ, accept_ranges=True, complete_length=whole)
        return response

    def media_url(self, key: str) -> Response:
        platform, settings = self._platform, self._platform.settings
        stored = platform.media.live(key, platform.pace.media_url_life)
        platform.ledger.add("media_url", channel="bot", key=key, served=stored is not None)
        if stored is None or not stored.from_member:
            return Response("<Error><Code>AccessDenied</Code></Error>", 403, content_type="application/xml")
        body = seal_media(decode_key(settings.bot_aes_key), stored.data)
        response = Response(body, content_type="application/octet-stream")
        response.headers["Content-Length"] = str(sealed_media_size(len(stored.data)))
        response.headers["Content-Disposition"] = disposition(stored.name, platform.pace.disposition)
        return response

    def response_url(self, code: str) -> Response:
        errcode, errmsg = self._platform.bot.respond(code, request.get_data())
        return jsonify(errcode=errcode, errmsg=errmsg)
