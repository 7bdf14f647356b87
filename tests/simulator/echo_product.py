"""A callback server whose cryptography is a third party's (wx_crypt): what it answers is set by the test."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any, Self

from flask import Flask, Response, request
from werkzeug.serving import WSGIRequestHandler, make_server
from wx_crypt import WXBizMsgCrypt, WxChannel_Wecom, WxChannel_WecomAiBot

from simulator.settings import PlatformSettings


class Quiet(WSGIRequestHandler):
    def log(self, *args):
        pass


class EchoProduct:
    """`answer(plaintext)` gives the plaintext of the reply, or None for an empty one; `spoil(bytes)` may break the
    sealed reply; `greet(plaintext)` answers the address check.

    `statuses` are used up one a request, then 200; `pause` seconds are waited before each answer.
    """

    def __init__(self, settings: PlatformSettings) -> None:
        self._crypt = {
            "bot": WXBizMsgCrypt(settings.bot_token, settings.bot_aes_key, "", channel=WxChannel_WecomAiBot),
            "app": WXBizMsgCrypt(settings.app_token, settings.app_aes_key, settings.corp_id, channel=WxChannel_Wecom),
        }
        self.got: list[str] = []
        self.bodies: list[bytes] = []
        self.statuses: list[int] = []
        self.pause = 0.0
        self.answer: Callable[[str], str | None] = lambda _plain: None
        self.spoil: Callable[[bytes], bytes] = lambda sealed: sealed
        self.greet: Callable[[str], str] = lambda plain: plain
        app = Flask("echo")
        app.add_url_rule("/<channel>", "verify", self._verify, methods=["GET"])
        app.add_url_rule("/<channel>", "receive", self._receive, methods=["POST"])
        self._server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def messages(self) -> list[Any]:
        return [json.loads(plain) for plain in self.got]

    def _verify(self, channel: str) -> str:
        asked = request.args
        echo = asked["echostr"].replace(" ", "+")
        code, plain = self._crypt[channel].VerifyURL(asked["msg_signature"], asked["timestamp"], asked["nonce"], echo)
        assert code == 0
        time.sleep(self.pause)
        return self.greet(plain.decode() if isinstance(plain, bytes) else plain)

    def _receive(self, channel: str) -> Response:
        asked, body = request.args, request.get_data()
        code, plain = self._crypt[channel].DecryptMsg(
            body.decode(), asked["msg_signature"], asked["timestamp"], asked["nonce"]
        )
        assert code == 0, f"a third party cannot read the envelope: {code}"
        text = plain.decode() if isinstance(plain, bytes) else plain
        self.bodies.append(body)
        self.got.append(text)
        time.sleep(self.pause)
        if self.statuses and (status := self.statuses.pop(0)) != 200:
            return Response("", status)
        reply = self.answer(text)
        if reply is None:
            return Response("")
        code, sealed = self._crypt[channel].EncryptMsg(reply.encode(), asked["nonce"], str(int(time.time())))
        assert code == 0
        return Response(self.spoil(sealed.encode()))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def stream(content: str, *, finish: bool, stream_id: str = "S1", **more: Any) -> str:
    return json.dumps({"msgtype": "stream", "stream": {"id": stream_id, "finish": finish, "content": content, **more}})


def passive_text(content: str, userid: str, corp_id: str) -> str:
    return (
        f"<xml><ToUserName><![CDATA[{userid}]]></ToUserName><FromUserName><![CDATA[{corp_id}]]></FromUserName>"
        f"<CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{content}]]></Content></xml>"
    )


def button_card(task_id: str = "task-1", **more: Any) -> dict[str, Any]:
    return {
        "card_type": "button_interaction",
        "main_title": {"title": "请选择"},
        "task_id": task_id,
        "button_list": [{"text": "好", "style": 1, "key": "yes"}],
        **more,
    }
