"""Named places where a test may let the process die, and nothing else.

Safe in production: nothing is armed unless BOT_FAIL_POINTS is set, the settings refuse it together with the real WeCom
(as they refuse BOT_CLOCK), and `reach` then does one look-up in an empty dict.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import BotError, ConfigError

FAIL_POINTS = (
    "before_commit_of_callback",
    "after_commit_before_nudge",
    "after_nudge_before_answer",
    "after_answer",
    "during_download",
    "after_download_before_store",
    "after_store_before_row",
    "after_row_before_nudge",
    "before_handling",
    "before_commit_of_handling",
    "after_handling_before_nudge",
    "after_hand_over_before_answer",
    "after_answer_before_collected",
    "before_reply",
    "after_reply_before_mark",
    "before_send",
    "after_send_before_mark",
    "after_mark",
    "after_copy_before_row",
    "before_upload",
    "after_upload_before_note",
    "after_note_before_body",
)
"""Places on the way of a message and its answer."""
BROADCAST_POINTS = (
    "before_batch",
    "after_batch_before_mark",
    "after_batch_mark",
    "before_recall",
    "after_recall_before_mark",
)
"""Places on the way of a broadcast."""
REMINDER_POINTS = ("before_commit_of_reminders", "after_reminders_queued")
"""Places on the way of reminders, before they are messages like others."""
_KNOWN = frozenset({*FAIL_POINTS, *BROADCAST_POINTS, *REMINDER_POINTS})
_SLEEP_SECONDS = 2.0


class Act(StrEnum):
    """What happens there: the process dies as by `kill -9`, the step raises, or it takes two seconds longer."""

    KILL = "kill"
    RAISE = "raise"
    SLEEP = "sleep"


class FailPointError(BotError):
    """Raised where a test asked for it."""


@dataclass(slots=True)
class _Armed:
    nth: int
    act: Act


_armed: dict[str, _Armed] = {}
_lock = threading.Lock()


def arm(setting: str) -> None:
    """Take over BOT_FAIL_POINTS: `name:nth[:kill|raise|sleep]`, several separated by commas; "" disarms all.

    At the `nth` time the place is reached it happens, once. Raises ConfigError.
    """
    armed = parse(setting)
    with _lock:
        _armed.clear()
        _armed.update(armed)


def parse(setting: str) -> dict[str, _Armed]:
    """What the setting asks for. Raises ConfigError when it is not understood."""
    found = {}
    for part in filter(None, (piece.strip() for piece in setting.split(","))):
        name, _, rest = part.partition(":")
        nth, _, act = rest.partition(":")
        if name not in _KNOWN or not nth.isdecimal() or int(nth) < 1 or (act or Act.KILL) not in set(Act):
            raise ConfigError((f"BOT_FAIL_POINTS: {part!r} is no fail point as name:nth[:kill|raise|sleep]",))
        found[name] = _Armed(int(nth), Act(act or Act.KILL))
    return found


def reach(name: str) -> None:
    """The place `name` is reached."""
    if not _armed:
        return
    with _lock:
        armed = _armed.get(name)
        if armed is None:
            return
        armed.nth -= 1
        if armed.nth:
            return
        del _armed[name]
    if armed.act is Act.KILL:
        os.kill(os.getpid(), signal.SIGKILL)
    if armed.act is Act.RAISE:
        raise FailPointError(name)
    time.sleep(_SLEEP_SECONDS)
