"""The stand-in platform: everything a test can do to it, as plain method calls."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote as url_quote
from urllib.parse import urlencode

from simulator.app_channel import AppChannel
from simulator.bot_channel import BotChannel
from simulator.chats import APP, BOT, ChatBook, Shown, thread_of
from simulator.core import Core
from simulator.crypto import decode_key, seal, sign
from simulator.knobs import Knobs
from simulator.ledger import Ledger
from simulator.media import MediaStore
from simulator.members import Members
from simulator.pace import Pace
from simulator.records import HTTP_OK, CallbackRecord, Try
from simulator.sending import Sending
from simulator.settings import Group, Person, PlatformSettings
from simulator.tokens import Tokens

__all__ = ["CallbackRecord", "Group", "Person", "Platform", "PlatformSettings"]

Json = dict[str, Any]
_WAIT = 10.0


class Platform(Members):
    """A stand-in WeCom with one corp. `clock` gives seconds since the epoch and rules all lives and limits.

    What members do (`say`, `send_file`, `press`, …) is in `Members`; each call returns when the HTTP exchange of the
    callback is over. Streams are refreshed in the background until `close`.
    """

    def __init__(
        self, settings: PlatformSettings, clock: Callable[[], float] = time.time, ledger_path: Path | None = None
    ) -> None:
        self.core = Core(settings, clock, ledger_path)
        self.bot = BotChannel(self.core)
        self.app = AppChannel(self.core)
        self.tokens = Tokens(self.core)
        self.sending = Sending(self.core)

    @property
    def settings(self) -> PlatformSettings:
        """What the platform was set up with."""
        return self.core.settings

    @property
    def records(self) -> list[CallbackRecord]:
        """Every callback so far, also those caused from the page, in order."""
        return list(self.core.records)

    @property
    def knobs(self) -> Knobs:
        """Faults on demand."""
        return self.core.knobs

    @property
    def pace(self) -> Pace:
        """Times and habits, to be turned while running."""
        return self.core.pace

    @property
    def ledger(self) -> Ledger:
        """What happened."""
        return self.core.ledger

    @property
    def chats(self) -> ChatBook:
        """What is on the screens."""
        return self.core.chats

    @property
    def media(self) -> MediaStore:
        """Bytes with an id."""
        return self.core.media

    def set_callback(self, channel: str, url: str) -> None:
        """Set, change or (with "") take away the callback address of `bot` or `app`."""
        if channel not in {BOT, APP}:
            raise ValueError(channel)
        self.core.callback_urls[channel] = url

    def verify_url(self, channel: str, url: str | None = None) -> Try:
        """The GET that the console sends when a callback address is saved; `status` is 200 only for the exact answer.

        With `pace.raw_plus_in_echostr` a "+" of the echostr is sent as it is instead of %2B.
        """
        core, settings = self.core, self.core.settings
        token, key, receiveid = (
            (settings.bot_token, settings.bot_aes_key, "")
            if channel == BOT
            else (settings.app_token, settings.app_aes_key, settings.corp_id)
        )
        plain, sealed = str(secrets.randbelow(10**19)), ""
        while "+" not in sealed:
            sealed = seal(decode_key(key), plain, receiveid)
        timestamp, nonce = str(int(time.time())), secrets.token_hex(8)
        query = urlencode(
            {"msg_signature": sign(token, timestamp, nonce, sealed), "timestamp": timestamp, "nonce": nonce}
        )
        safe = "+" if core.pace.raw_plus_in_echostr else ""
        query += "&echostr=" + url_quote(sealed, safe=safe)
        attempt = core.outbound.get(url or core.callback_urls[channel], query, core.pace.verify_limit)
        good = attempt.status == HTTP_OK and attempt.body == plain.encode()
        core.ledger.add("verify", channel=channel, status=attempt.status, error=attempt.error, good=good)
        if not good and attempt.status == HTTP_OK:
            return Try(attempt.at, None, attempt.seconds, "answer is not the exact plain text", attempt.body)
        return attempt

    def redeliver(self, record: CallbackRecord, *, fresh: bool = False) -> CallbackRecord:
        """The same msgid again: the same bytes, or with `fresh` in a new envelope with the time of now.

        Gives a new record unless the first delivery was never acknowledged.
        """
        channel = self.bot if record.channel == BOT else self.app
        if fresh:
            record.params, record.body = channel.seal(record.plaintext)
        return channel.repeat(record)

    def post_raw(
        self,
        channel: str,
        body: bytes,
        params: dict[str, str],
        *,
        method: str = "POST",
        headers: dict[str, str] | None = None,
    ) -> Try:
        """Send any bytes to a channel's callback address: forged, stale or broken requests."""
        return self.core.outbound.raw(method, self.core.callback_urls[channel], params, body, headers or {})

    def chat(self, userid: str, channel: str | None = None, group: str | None = None) -> list[Shown]:
        """What this person sees, in order: both single chats, one of them, or a group."""
        if group is not None:
            return self.chats.thread(thread_of(userid, BOT, group))
        names = {thread_of(userid, name) for name in ((channel,) if channel else (BOT, APP))}
        return self.chats.find(lambda shown: shown.thread in names)

    def wait_for(self, predicate: Callable[[], Any], timeout: float = _WAIT) -> Any:
        """Wait until `predicate` gives something true and return that; asked again after every change.

        Raises TimeoutError, naming the last ledger entries, after `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        with self.core.pulse.condition:
            while not (found := predicate()):
                left = deadline - time.monotonic()
                if left <= 0:
                    last = "\n".join(str(entry) for entry in self.ledger.entries()[-5:])
                    raise TimeoutError(f"not within {timeout} s; the ledger ends with:\n{last}")
                # The predicate may look at things outside the platform: do not wait for a change alone.
                self.core.pulse.condition.wait(min(left, 0.1))
            return found

    def revoke_token(self) -> None:
        """The live access_token becomes invalid before its time (40014)."""
        self.tokens.revoke()

    def expire_token(self) -> None:
        """The live access_token runs out now (42001)."""
        self.tokens.expire()

    def expire_media(self) -> None:
        """All media URLs and media_ids given so far are out of date."""
        self.media.expire_all()

    def oauth_code(self, userid: str) -> str:
        """A code as the login redirect would carry it."""
        return self.tokens.code_for(userid)

    def close(self) -> None:
        """End the background refreshes."""
        self.core.stopping.set()
        self.core.pulse.beat()
        self.bot.streams.close()
