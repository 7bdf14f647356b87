"""Faults on demand: any call, by name, can be made to fail for its next calls."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

CALLS = (
    "gettoken",
    "message/send",
    "message/recall",
    "message/update_template_card",
    "media/upload",
    "media/get",
    "agent/get",
    "get_api_domain_ip",
    "user/get",
    "auth/getuserinfo",
    "media_url",
    "response_url",
    "callback_app",
    "callback_bot",
)


class FaultKind(StrEnum):
    """What goes wrong.

    For calls the product makes: `errcode` (HTTP 200 and that code), `status` (that HTTP status), `page` (HTTP 200 with
    a page of HTML, as from a gateway that wants a login), `delay` (seconds, then as usual), `reset` (connection reset
    before anything is done), `truncate` (half of the body, or as many bytes as the value says, then closed), `drop`
    (done and recorded, but the connection is reset instead of answered).

    For the platform's callbacks: `status` (never reaches the product, as if a gateway had answered so), `delay`
    (before sending), `reset` (request cut before its body), `truncate` (half of the body), `drop` (delivered, but the
    answer is lost).
    """

    ERRCODE = "errcode"
    STATUS = "status"
    DELAY = "delay"
    PAGE = "page"
    RESET = "reset"
    TRUNCATE = "truncate"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault for the next `times` calls of `call`; after that the call works again."""

    call: str
    kind: FaultKind
    value: float = 0
    times: int = 1


class Knobs:
    """Faults are used up in the order they were set, one a call. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def set(self, call: str, kind: FaultKind | str, value: float = 0, times: int = 1) -> None:
        """Make the next `times` calls fail so. Raises ValueError for an unknown call or kind."""
        if call not in CALLS:
            raise ValueError(f"unknown call {call!r}; known: {', '.join(CALLS)}")
        if times < 1:
            raise ValueError("times must be at least 1")
        with self._lock:
            self._faults.append(Fault(call, FaultKind(kind), value, times))

    def clear(self, call: str | None = None) -> None:
        """Take back the faults of one call, or all."""
        with self._lock:
            self._faults = [fault for fault in self._faults if call is not None and fault.call != call]

    def take(self, call: str) -> Fault | None:
        """The fault for the call that is happening now, counted down."""
        with self._lock:
            for place, fault in enumerate(self._faults):
                if fault.call != call:
                    continue
                if fault.times > 1:
                    self._faults[place] = replace(fault, times=fault.times - 1)
                else:
                    del self._faults[place]
                return fault
        return None

    def active(self) -> list[dict[str, Any]]:
        """What is set now, in order, ready for JSON."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]
