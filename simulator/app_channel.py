"""The self-built app's side of the platform: callbacks out and passive replies in (documents 90239 to 90241, 90930)."""

from __future__ import annotations

import secrets
import time
from typing import Any

from simulator.app_xml import (
    TEXT_BYTES,
    UPDATES,
    PassiveError,
    articles,
    check_passive,
    open_passive,
    snake,
    write,
)
from simulator.chats import APP
from simulator.core import Core
from simulator.crypto import decode_key, seal, sign
from simulator.delivery import exchange, same_again
from simulator.outgoing import shorten
from simulator.records import CallbackRecord

Json = dict[str, Any]

CALL = "callback_app"
_MSGID_BITS = 62


class AppChannel:
    """Delivers messages and events to the app's callback address, up to three times, and shows passive replies."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def seal(self, plaintext: str) -> tuple[dict[str, str], bytes]:
        """Query and body of a callback for this XML, with the time of now."""
        settings = self._core.settings
        timestamp, nonce = str(int(time.time())), str(secrets.randbelow(10**10))
        sealed = seal(decode_key(settings.app_aes_key), plaintext, settings.corp_id)
        signature = sign(settings.app_token, timestamp, nonce, sealed)
        envelope = {"ToUserName": settings.corp_id, "AgentID": str(settings.agent_id), "Encrypt": sealed}
        params = {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}
        return params, write(envelope).encode()

    def prepare(self, record: CallbackRecord, content: Json) -> None:
        """Write the XML of a message or event and seal it; `content` holds the fields of its type."""
        core = self._core
        record.sent_at = core.clock()
        fields: Json = {
            "ToUserName": core.settings.corp_id,
            "FromUserName": core.person(record.userid).userid,
            "CreateTime": int(core.clock()),
            "MsgType": record.msgtype,
            **content,
        }
        if not record.event:
            record.msgid = record.msgid or str((1 << _MSGID_BITS) + secrets.randbits(_MSGID_BITS))
            fields["MsgId"] = int(record.msgid)
        fields["AgentID"] = core.settings.agent_id
        record.plaintext = write(fields)
        record.params, record.body = self.seal(record.plaintext)

    def deliver(self, record: CallbackRecord) -> CallbackRecord:
        """Hand a prepared record to the product and show its passive reply, if there is one."""
        core = self._core
        if not core.callback_urls[APP]:
            return core.not_delivered(record, "自建应用尚未设置回调地址，消息没有送达。")
        exchange(core, record, CALL, "text/xml", core.pace.app_tries)
        if not record.acknowledged:
            core.ledger.add("not_delivered", record.userid, APP, msgid=record.msgid, note="gave up")
            return record
        if (reply := self._opened(record)) is not None:
            self._show(record, reply)
        return record

    def repeat(self, record: CallbackRecord) -> CallbackRecord:
        """The same callback once more; its answer is verified, but shown only if none got through before."""
        if not record.acknowledged:
            record.tries.clear()
            return self.deliver(record)
        again = same_again(record)
        exchange(self._core, again, CALL, "text/xml", 1)
        if again.acknowledged:
            self._opened(again)
        return again

    def _opened(self, record: CallbackRecord) -> Json | None:
        core, settings = self._core, self._core.settings
        try:
            reply = open_passive(record.tries[-1].body, settings.app_token, settings.app_aes_key, settings.corp_id)
            if reply is not None:
                check_passive(reply, record.userid, settings.corp_id, record.event)
        except PassiveError as error:
            core.violation(record, str(error))
            return None
        record.reply = reply
        core.ledger.add("reply", record.userid, APP, msgid=record.msgid, reply=reply)
        return reply

    def _show(self, record: CallbackRecord, reply: Json) -> None:
        core, kind = self._core, reply["MsgType"]
        if kind in UPDATES:
            self._update(record, reply)
        elif kind == "text":
            text = reply["Content"]
            if len(text.encode()) > TEXT_BYTES:
                core.ledger.add("truncated", record.userid, APP, bytes=len(text.encode()), limit=TEXT_BYTES)
            shown = core.chats.show(record.thread, APP, "text", shorten(text, TEXT_BYTES), userid=record.userid)
            record.answer = shown.number
        elif kind == "news":
            items = [
                {"title": i.get("Title", ""), "description": i.get("Description", ""), "url": i.get("Url", "")}
                for i in articles(reply)
            ]
            core.chats.show(record.thread, APP, "news", userid=record.userid, details={"articles": items})
        else:
            self._show_media(record, reply, kind)

    def _show_media(self, record: CallbackRecord, reply: Json, kind: str) -> None:
        core = self._core
        part = reply.get(kind.capitalize())
        media_id = part.get("MediaId", "") if isinstance(part, dict) else ""
        stored = core.media.live(media_id, core.pace.media_id_life)
        if stored is None:
            core.violation(record, f"被动回复的 MediaId {media_id!r} 无效")
            return
        attachment = {"id": stored.key, "name": stored.name, "size": len(stored.data)}
        core.chats.show(record.thread, APP, kind, userid=record.userid, attachment=attachment)

    def _update(self, record: CallbackRecord, reply: Json) -> None:
        core = self._core
        cards = core.chats.find(
            lambda s: s.thread == record.thread and bool(s.card) and (s.card or {}).get("task_id") == record.task_id
        )
        for shown in cards[-1:]:
            if reply["MsgType"] == "update_button":
                name = (reply.get("Button") or {}).get("ReplaceName", "")
                card = {**(shown.card or {}), "replaced": name}
            else:
                card = {**snake(reply.get("TemplateCard") or {}), "task_id": record.task_id}
            core.chats.change(shown.number, card=card)
            record.answer = shown.number
