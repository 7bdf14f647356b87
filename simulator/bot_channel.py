"""The AI bot's side of the platform: callbacks out, answers in, documents 100719, 101027, 101031, 101033 and 101138."""

from __future__ import annotations

import json
import secrets
import threading
import time
from typing import Any

from simulator.bot_replies import ReplyError, check_reply, check_response_url, open_reply
from simulator.chats import BOT, GROUP
from simulator.core import Core
from simulator.crypto import decode_key, seal, sign
from simulator.delivery import exchange, same_again
from simulator.records import CallbackRecord
from simulator.streams import CALL, Streams, stream_changes

Json = dict[str, Any]

_BAD_VALUE = 40058
_OK = 0


class BotChannel:
    """Delivers messages and events to the bot's callback address and shows what comes back."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._lock = threading.Lock()
        self._in_flight: dict[str, set[int]] = {}
        self._task_ids: set[str] = set()
        self._responses: dict[str, CallbackRecord] = {}
        self._used: set[str] = set()
        self.streams = Streams(core, self.seal, self.show_card, self._release)

    def seal(self, plaintext: str) -> tuple[dict[str, str], bytes]:
        """Query and body of a callback for this JSON, with the time of now."""
        settings = self._core.settings
        timestamp, nonce = str(int(time.time())), secrets.token_hex(8)
        sealed = seal(decode_key(settings.bot_aes_key), plaintext, "")
        signature = sign(settings.bot_token, timestamp, nonce, sealed)
        params = {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}
        return params, json.dumps({"encrypt": sealed}).encode()

    def prepare(self, record: CallbackRecord, content: Json) -> None:
        """Write the JSON of a message or event and seal it; `content` is what depends on its type."""
        core = self._core
        record.msgid = record.msgid or secrets.token_urlsafe(18)
        record.sent_at = core.clock()
        body: Json = {"msgid": record.msgid, "aibotid": core.settings.bot_id, "chattype": "single"}
        if record.chatid:
            body |= {"chattype": "group", "chatid": record.chatid}
        body["from"] = {"userid": core.person(record.userid).bot_sender}
        if record.event:
            body["create_time"] = int(core.clock())
        if record.event in {"", "template_card_event"}:
            code = secrets.token_urlsafe(24)
            record.response_url = f"{core.base_url}/response/{code}"
            body["response_url"] = record.response_url
            with self._lock:
                self._responses[code] = record
        record.plaintext = json.dumps(body | {"msgtype": record.msgtype} | content, ensure_ascii=False)
        record.params, record.body = self.seal(record.plaintext)

    def deliver(self, record: CallbackRecord) -> CallbackRecord:
        """Hand a prepared record to the product: tries, answer, and the stream it may start."""
        core = self._core
        if not core.callback_urls[BOT]:
            return core.not_delivered(record, "智能机器人尚未设置回调地址，消息没有送达。")
        if not record.event and not self._enter(record):
            return core.not_delivered(record, "前面的问题还在回答中，请稍后再发。")
        tries = core.pace.bot_event_tries if record.event else core.pace.bot_message_tries
        exchange(core, record, CALL, "application/json", tries)
        if not record.acknowledged:
            core.chats.show(record.thread, "platform", "notice", "机器人暂时没有响应。", userid=record.userid)
            self._release(record)
            return record
        reply = self._opened(record)
        if reply is None:
            self._release(record)
        else:
            self._show(record, reply)
        return record

    def repeat(self, record: CallbackRecord) -> CallbackRecord:
        """The same callback once more. An answer is shown only when the first one never got through."""
        if not record.acknowledged:
            record.tries.clear()
            return self.deliver(record)
        again = same_again(record)
        exchange(self._core, again, CALL, "application/json", 1)
        if again.acknowledged:
            self._opened(again)
        return again

    def respond(self, code: str, body: bytes) -> tuple[int, str]:
        """Take a POST to a response_url; gives errcode and errmsg. Usable once, for an hour."""
        core = self._core
        with self._lock:
            record = self._responses.get(code)
            stale = record is None or core.clock() - record.sent_at > core.pace.response_url_life
            if record is None or stale or code in self._used:
                core.ledger.add("response_url", channel=BOT, errcode=_BAD_VALUE, used=code in self._used)
                return _BAD_VALUE, "response_url invalid, used or expired"
            try:
                message = check_response_url(json.loads(body), group=bool(record.chatid))
            except (ReplyError, ValueError) as error:
                core.ledger.add("response_url", record.userid, BOT, errcode=_BAD_VALUE, error=str(error))
                return _BAD_VALUE, str(error)
            self._used.add(code)
        core.ledger.add("response_url", record.userid, BOT, errcode=_OK, msgid=record.msgid, reply=message)
        if message["msgtype"] == "template_card":
            self.show_card(record, message["template_card"])
            return _OK, "ok"
        markdown = message["markdown"]
        quoted = core.chats.get(record.shown) if record.chatid else None
        core.chats.show(
            record.thread, BOT, "markdown", markdown["content"], userid=record.userid, msgid=record.msgid,
            feedback_id=markdown.get("feedback", {}).get("id", ""), quote=quoted.text if quoted else "",
        )  # fmt: skip
        return _OK, "ok"

    def show_card(self, record: CallbackRecord, card: Json) -> None:
        """Show a new card; its task_id must never have been used by this bot."""
        task_id = card.get("task_id")
        with self._lock:
            if task_id is not None and task_id in self._task_ids:
                fresh = False
            else:
                fresh = True
                self._task_ids.add(str(task_id))
        if not fresh:
            self._core.violation(record, f"task_id {task_id!r} 已经用过")
            return
        self._core.chats.show(record.thread, BOT, "card", userid=record.userid, card=card, msgid=record.msgid)

    def _opened(self, record: CallbackRecord) -> Json | None:
        """Decrypt and judge the answer of the last try; None when there is nothing to show."""
        core, settings = self._core, self._core.settings
        try:
            reply = open_reply(record.tries[-1].body, record.params["nonce"], settings.bot_token, settings.bot_aes_key)
            if reply is not None:
                check_reply(reply, record.event, group=record.thread.startswith(GROUP))
        except ReplyError as error:
            core.violation(record, str(error))
            return None
        record.reply = reply
        core.ledger.add("reply", record.userid, BOT, msgid=record.msgid, reply=reply)
        return reply

    def _show(self, record: CallbackRecord, reply: Json) -> None:
        core, kind = self._core, reply.get("msgtype")
        if record.event == "template_card_event":
            self._update_card(record, reply)
        elif kind == "text":
            shown = core.chats.show(record.thread, BOT, "text", reply["text"]["content"], userid=record.userid)
            record.answer = shown.number
        elif kind in ("stream", "stream_with_template_card"):
            self._show_stream(record, reply["stream"])
        if record.event != "template_card_event" and "template_card" in reply:
            self.show_card(record, reply["template_card"])
        if kind not in ("stream", "stream_with_template_card") or reply["stream"].get("finish", False):
            self._release(record)

    def _show_stream(self, record: CallbackRecord, stream: Json) -> None:
        record.stream_id = stream["id"]
        feedback = (stream.get("feedback") or {}).get("id", "")
        shown = self._core.chats.show(
            record.thread, BOT, "markdown", userid=record.userid, msgid=record.msgid, feedback_id=feedback,
            **stream_changes(stream),
        )  # fmt: skip
        record.answer = shown.number
        if not stream.get("finish", False):
            self.streams.start(record)

    def _update_card(self, record: CallbackRecord, reply: Json) -> None:
        core, card = self._core, reply["template_card"]
        if card.get("task_id") != record.task_id:
            core.violation(record, "update_template_card 的 task_id 与回调不同")
            return
        ids = reply.get("userids")
        if ids is not None and (not isinstance(ids, list) or any(not isinstance(one, str) for one in ids)):
            core.violation(record, "update_template_card 的 userids 不是字符串列表")
            return
        wanted = {one.lower() for one in ids} if ids else None
        for shown in core.chats.find(lambda s: bool(s.card) and (s.card or {}).get("task_id") == record.task_id):
            person = core.settings.person(shown.userid)
            if shown.author == BOT and (wanted is None or (person and person.bot_sender.lower() in wanted)):
                core.chats.change(shown.number, card=card)
                record.answer = shown.number

    def _enter(self, record: CallbackRecord) -> bool:
        with self._lock:
            flying = self._in_flight.setdefault(record.userid.lower(), set())
            if len(flying) >= self._core.pace.interactions_in_flight:
                return False
            flying.add(record.number)
            return True

    def _release(self, record: CallbackRecord) -> None:
        with self._lock:
            self._in_flight.get(record.userid.lower(), set()).discard(record.number)
