"""The browser chat and the control addresses under /sim/: what a person at the demo or a test from outside uses."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request

from simulator.chats import APP, BOT, Shown, thread_of
from simulator.knobs import CALLS, FaultKind
from simulator.media import disposition
from simulator.platform import Platform
from simulator.samples import PICTURE, VIDEO

Json = dict[str, Any]

_LONGEST_WAIT = 25.0
_LEDGER_PAGE = 200
_UPLOAD_CAP = 120 * 1024 * 1024
_CSP = (
    "default-src 'self'; img-src 'self' data: http://127.0.0.1:* http://localhost:*; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def page_blueprint(platform: Platform) -> Blueprint:
    """The page and its addresses."""
    page = Blueprint("page", __name__, static_folder="static", template_folder="templates")
    acts, control = _Acts(platform), _Control(platform)
    for path, view, methods in (
        ("/", lambda: render_template("chat.html", bot_name=platform.settings.bot_name), ["GET"]),
        ("/sim/state", control.state, ["GET"]),
        ("/sim/updates", acts.updates, ["GET"]),
        ("/sim/say", acts.say, ["POST"]),
        ("/sim/file", acts.file, ["POST"]),
        ("/sim/sample", acts.sample, ["POST"]),
        ("/sim/press", acts.press, ["POST"]),
        ("/sim/enter", acts.enter, ["POST"]),
        ("/sim/feedback", acts.feedback, ["POST"]),
        ("/sim/download/<key>", control.download, ["GET"]),
        ("/sim/ledger", control.ledger, ["GET"]),
        ("/sim/knobs", control.knobs, ["GET", "POST", "DELETE"]),
        ("/sim/token", control.token, ["POST"]),
        ("/sim/callback", control.callback, ["POST"]),
        ("/sim/verify", control.verify, ["POST"]),
    ):
        page.add_url_rule(path, path.strip("/") or "index", view, methods=methods)
    page.after_request(_harden)
    return page


def _harden(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _body() -> Json:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(400, "a JSON object is expected")
    return body


class _Acts:
    """What the chosen person does. Callbacks run in the background: the page sees their effects as messages."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._entered: set[tuple[str, str]] = set()

    def _start(self, act: Callable[..., Any], *args: Any, **extra: Any) -> Response:
        threading.Thread(target=act, args=args, kwargs=extra, daemon=True).start()
        return jsonify(ok=True)

    def _where(self, body: Json) -> tuple[str, str, str | None]:
        userid, channel = str(body.get("userid", "")), str(body.get("channel", BOT))
        group = str(body["group"]) if body.get("group") else None
        groups = {known.chatid for known in self._platform.settings.groups}
        wrong_group = group is not None and (group not in groups or channel == APP)
        if self._platform.settings.person(userid) is None or channel not in {BOT, APP} or wrong_group:
            abort(400, "no such person, channel or group")
        return userid, channel, group

    def updates(self) -> Response:
        """Messages of one chat changed since `after`; waits up to `wait` seconds for news in any chat.

        `heads`: for each chat of this person how much came in; `incoming`: the same for every person.
        """
        platform = self._platform
        userid, channel, group = self._where(request.args.to_dict())
        after = request.args.get("after", 0, int)
        deadline = time.monotonic() + min(request.args.get("wait", 0.0, float), _LONGEST_WAIT)
        pulse, thread = platform.core.pulse, thread_of(userid, channel, group)
        with pulse.condition:
            while True:
                changed, version = platform.chats.find(lambda shown: shown.version > after), pulse.count
                left = deadline - time.monotonic()
                if changed or left <= 0 or platform.core.stopping.is_set():
                    break
                pulse.condition.wait(left)
        mine = {thread_of(userid, BOT): BOT, thread_of(userid, APP): APP}
        mine |= {thread_of(userid, BOT, known.chatid): known.chatid for known in platform.settings.groups}
        heads = platform.chats.heads()
        incoming = {
            person.userid: sum(heads.get(thread_of(person.userid, name), {}).get("incoming", 0) for name in (BOT, APP))
            for person in platform.settings.people
        }
        return jsonify(
            messages=[shown.as_json() for shown in changed if shown.thread == thread],
            version=version,
            heads={mine[name]: head for name, head in heads.items() if name in mine},
            incoming=incoming,
        )

    def say(self) -> Response:
        """{userid, channel, group?, text, quote?}: type a text; `quote` is the number of a shown message."""
        body = _body()
        userid, channel, group = self._where(body)
        text = str(body.get("text", "")).strip()
        if not text:
            abort(400, "text is empty")
        quoted = self._platform.chats.get(int(body["quote"])) if body.get("quote") else None
        return self._start(self._platform.say, userid, text, channel, group, quoted)

    def file(self) -> Response:
        """Query userid, channel, group?, name, kind (file, image or video); the body is the file itself."""
        userid, channel, group = self._where(request.args.to_dict())
        if (request.content_length or 0) > _UPLOAD_CAP:
            abort(413, "larger than the chat takes")
        name, kind = request.args.get("name", "") or "未命名", request.args.get("kind", "file")
        platform, data = self._platform, request.get_data()
        act = {"image": platform.send_image, "video": platform.send_video}.get(kind, platform.send_file)
        return self._start(act, userid, name, data, channel, group)

    def sample(self) -> Response:
        """{userid, channel, group?, kind}: a ready-made picture, voice, video, link, location, mixed or unknown."""
        body, platform = _body(), self._platform
        userid, channel, group = self._where(body)
        kind = body.get("kind")
        if kind == "voice":
            return self._start(platform.send_voice, userid, "字数要求是多少", channel=channel)
        if kind == "mixed":
            return self._start(platform.send_mixed, userid, "请看这张图", [PICTURE], group)
        if kind in ("picture", "video"):
            act, name, data = {
                "picture": (platform.send_image, "图片.png", PICTURE),
                "video": (platform.send_video, "视频.mp4", VIDEO),
            }[kind]
            return self._start(act, userid, name, data, channel, group)
        acts: dict[Any, Callable[..., Any]] = {
            "link": platform.send_link,
            "location": platform.send_location,
            "unknown": platform.send_unknown,
        }
        if not isinstance(kind, str) or kind not in acts:
            abort(400, "unknown kind")
        return self._start(acts[kind], userid, channel=channel)

    def press(self) -> Response:
        """{userid, number, key, selected?}: press a button of the card shown as message `number`."""
        body = _body()
        shown = self._platform.chats.get(int(body.get("number", 0)))
        if shown is None or not shown.card or "task_id" not in shown.card:
            abort(400, "no such card")
        userid = str(body.get("userid", ""))
        if self._platform.settings.person(userid) is None:
            abort(400, "no such person")
        selected = {str(q): [str(one) for one in ids] for q, ids in (body.get("selected") or {}).items()}
        channel = BOT if shown.author == BOT else APP
        return self._start(
            self._platform.press, userid, str(body.get("key", "")), shown.card["task_id"], selected, channel
        )

    def enter(self) -> Response:
        """{userid}: open the bot's chat; the event goes out at the first time only, as once a day in WeCom."""
        userid, channel, _group = self._where(_body())
        if channel != BOT or (userid, channel) in self._entered or not self._platform.core.callback_urls[BOT]:
            return jsonify(ok=True)
        self._entered.add((userid, channel))
        return self._start(self._platform.enter_chat, userid)

    def feedback(self) -> Response:
        """{userid, number, type, reasons?}: 准确 (1), 不准确 (2) or taken back (3) under a bot's answer."""
        body = _body()
        userid, _channel, _group = self._where(body)
        shown: Shown | None = self._platform.chats.get(int(body.get("number", 0)))
        if shown is None or not shown.feedback_id:
            abort(400, "this message takes no feedback")
        kind = int(body.get("type", 1))
        self._platform.chats.change(shown.number, details={**shown.details, "rated": kind})
        return self._start(self._platform.feedback, userid, shown.feedback_id, kind, tuple(body.get("reasons") or ()))


class _Control:
    """What a test or the side panel does to the platform itself."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def state(self) -> Response:
        """People, groups, channels and the names of the knobs."""
        settings, core = self._platform.settings, self._platform.core
        people = [
            {"userid": p.userid, "name": p.name, "note": p.note, "in_app_scope": p.in_app_scope, "unit": p.department}
            for p in settings.people
        ]
        return jsonify(
            people=people,
            groups=[asdict(group) for group in settings.groups],
            bot_name=settings.bot_name,
            workbench=bool(settings.app_home_url),
            channels={name: bool(url) for name, url in core.callback_urls.items()},
            calls=CALLS,
            faults=[str(kind) for kind in FaultKind],
        )

    def download(self, key: str) -> Response:
        """Plain bytes of anything sent, as the person's own phone would save them."""
        stored = self._platform.media.get(key)
        if stored is None:
            abort(404)
        picture = stored.kind == "image" and request.args.get("inline") == "1"
        response = Response(stored.data, content_type="image/png" if picture else "application/octet-stream")
        if not picture:
            response.headers["Content-Disposition"] = disposition(stored.name, "star")
        return response

    def ledger(self) -> Response:
        """Query kind?, userid?, after?, limit?: entries in order, the last `limit` of them."""
        kind, userid = request.args.get("kind"), request.args.get("userid")
        found = self._platform.ledger.entries(kind, userid, request.args.get("after", 0, int))
        limit = max(1, request.args.get("limit", _LEDGER_PAGE, int))
        return jsonify(entries=[asdict(entry) for entry in found[-limit:]])

    def knobs(self) -> Response:
        """GET what is set; POST {call, kind, value?, times?}; DELETE ?call= takes back."""
        knobs = self._platform.knobs
        if request.method == "DELETE":
            knobs.clear(request.args.get("call"))
        elif request.method == "POST":
            body = _body()
            try:
                value, times = float(body.get("value", 0)), int(body.get("times", 1))
                knobs.set(str(body.get("call")), str(body.get("kind")), value, times)
            except (ValueError, TypeError) as error:
                abort(400, str(error))
        return jsonify(faults=knobs.active())

    def token(self) -> Response:
        """{act: revoke | expire | expire_media}."""
        platform = self._platform
        acts = {"revoke": platform.revoke_token, "expire": platform.expire_token, "expire_media": platform.expire_media}
        act = acts.get(_body().get("act", ""))
        if act is None:
            abort(400, "act must be revoke, expire or expire_media")
        act()
        return jsonify(ok=True)

    def callback(self) -> Response:
        """{channel, url}: set a callback address."""
        body = _body()
        try:
            self._platform.set_callback(str(body.get("channel")), str(body.get("url", "")))
        except ValueError:
            abort(400, "channel must be bot or app")
        return jsonify(ok=True)

    def verify(self) -> Response:
        """{channel, url?}: the URL check of the console; ok only for the exact answer within a second."""
        body = _body()
        channel = str(body.get("channel"))
        if channel not in {BOT, APP}:
            abort(400, "channel must be bot or app")
        attempt = self._platform.verify_url(channel, body.get("url"))
        return jsonify(ok=attempt.status is not None and not attempt.error, status=attempt.status, error=attempt.error)
