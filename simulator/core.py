"""What all parts of the platform share."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from pathlib import Path

from simulator.chats import BOT, ChatBook
from simulator.knobs import Knobs
from simulator.ledger import Ledger, Pulse
from simulator.media import MediaStore
from simulator.outbound import Outbound
from simulator.pace import Pace
from simulator.records import CallbackRecord
from simulator.settings import Person, PlatformSettings


class Core:
    """Settings, clock, ledger, chats, media and the way out. `clock` gives seconds since the epoch."""

    def __init__(self, settings: PlatformSettings, clock: Callable[[], float], ledger_path: Path | None) -> None:
        self.settings = settings
        self.clock = clock
        self.pace = Pace()
        self.knobs = Knobs()
        self.pulse = Pulse()
        self.ledger = Ledger(self.pulse, clock, ledger_path)
        self.chats = ChatBook(self.pulse, clock)
        self.media = MediaStore(clock)
        self.stopping = threading.Event()
        self.outbound = Outbound(self.knobs, self.stopping)
        self.base_url = ""
        self.callback_urls = {BOT: settings.bot_callback_url, "app": settings.app_callback_url}
        self.records: list[CallbackRecord] = []
        self._numbers = itertools.count(1)

    def number(self) -> int:
        """The next running number."""
        return next(self._numbers)

    def person(self, userid: str) -> Person:
        """The member with this plain userid. Raises KeyError for anybody else."""
        person = self.settings.person(userid)
        if person is None:
            raise KeyError(userid)
        return person

    def violation(self, record: CallbackRecord, what: str) -> None:
        """The product broke the protocol: into the ledger, onto the record, and visible in the chat."""
        record.violations.append(what)
        self.ledger.add("violation", record.userid, record.channel, what=what, msgid=record.msgid)
        self.chats.show(record.thread, "platform", "violation", f"协议错误：{what}", userid=record.userid)

    def not_delivered(self, record: CallbackRecord, note: str) -> CallbackRecord:
        """The platform itself does not pass this on; the person sees a grey note."""
        record.note = note
        self.ledger.add("not_delivered", record.userid, record.channel, note=note, msgtype=record.msgtype)
        self.chats.show(record.thread, "platform", "notice", note, userid=record.userid)
        return record
