"""Stream refreshes: the platform keeps asking until an answer is finished or six minutes are over."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable
from typing import Any

from simulator.bot_replies import ReplyError, check_refresh, open_reply
from simulator.core import Core
from simulator.records import HTTP_OK, CallbackRecord, Try

Json = dict[str, Any]

CALL = "callback_bot"


def stream_changes(stream: Json) -> Json:
    """What an accepted stream answer changes on the screen: each answer replaces the whole text."""
    images = [f"data:image/*;base64,{item['image']['base64']}" for item in stream.get("msg_item", [])]
    return {"text": stream.get("content", ""), "finished": stream.get("finish", False), "images": images}


class Streams:
    """One background thread for each unfinished stream; all end with `close`.

    `seal` makes query and body of a callback from its JSON; `show_card` shows the card that may come with a stream;
    `done` is called once for each stream that ended, however it ended.
    """

    def __init__(
        self,
        core: Core,
        seal: Callable[[str], tuple[dict[str, str], bytes]],
        show_card: Callable[[CallbackRecord, Json], None],
        done: Callable[[CallbackRecord], None],
    ) -> None:
        self._core = core
        self._seal = seal
        self._show_card = show_card
        self._done = done
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def start(self, record: CallbackRecord) -> None:
        """Begin to refresh the stream shown as `record.answer`."""
        thread = threading.Thread(target=self._run, args=(record,), name=f"stream-{record.number}", daemon=True)
        with self._lock:
            self._threads = [*(other for other in self._threads if other.is_alive()), thread]
        thread.start()

    def close(self) -> None:
        """Wait for the threads; the core's stop event must be set."""
        with self._lock:
            threads = list(self._threads)
        for thread in threads:
            thread.join(self._core.pace.post_limit + 1)

    def _run(self, record: CallbackRecord) -> None:
        core = self._core
        try:
            while not core.stopping.wait(core.pace.refresh_every):
                if core.clock() >= record.sent_at + core.pace.stream_life:
                    core.chats.change(record.answer, expired=True)
                    core.ledger.add("stream_expired", record.userid, record.channel, stream=record.stream_id)
                    return
                if self._refresh(record):
                    return
        finally:
            self._done(record)

    def _refresh(self, record: CallbackRecord) -> bool:
        """Ask once; True when the stream is over."""
        core = self._core
        params, body = self._seal(json.dumps(self._question(record), ensure_ascii=False))
        url = core.callback_urls["bot"]
        attempt = core.outbound.post(
            CALL, url, params, body, content_type="application/json", limit=core.pace.post_limit
        )
        if attempt.status != HTTP_OK:
            self._note(record, attempt)
            return False
        try:
            settings = core.settings
            reply = open_reply(attempt.body, params["nonce"], settings.bot_token, settings.bot_aes_key)
            check_refresh(reply, record.stream_id)
        except ReplyError as error:
            self._note(record, attempt)
            core.violation(record, str(error))
            core.chats.change(record.answer, expired=True)
            return True
        assert reply is not None
        self._note(record, attempt, reply)
        record.reply = reply
        core.chats.change(record.answer, **stream_changes(reply["stream"]))
        if "template_card" in reply:
            self._show_card(record, reply["template_card"])
        if reply["stream"].get("finish", False):
            core.ledger.add("stream_finished", record.userid, record.channel, stream=record.stream_id)
            return True
        return False

    def _note(self, record: CallbackRecord, attempt: Try, reply: Json | None = None) -> None:
        stream = (reply or {}).get("stream", {})
        self._core.ledger.add(
            "refresh",
            record.userid,
            record.channel,
            stream=record.stream_id,
            status=attempt.status,
            error=attempt.error,
            bytes=len(stream.get("content", "").encode()),
            finish=stream.get("finish", False),
        )

    def _question(self, record: CallbackRecord) -> Json:
        group = {"chatid": record.chatid, "chattype": "group"} if record.chatid else {"chattype": "single"}
        return {
            "msgid": secrets.token_urlsafe(18),
            "aibotid": self._core.settings.bot_id,
            **group,
            "from": {"userid": self._core.person(record.userid).bot_sender},
            "msgtype": "stream",
            "stream": {"id": record.stream_id},
        }
