"""The installation that is examined, and the machine it is on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import certifi

from bot.config import Settings
from bot.copies import COMMAND
from bot.wecom.api import WeComApi
from bot.wecom.tokens import real_now
from documents.chinese_font import ChineseFont, find_chinese_font
from domain.notice import Notice
from store.blobs import free_share
from store.database import Database
from validators.reading.video import can_read_videos


@dataclass(frozen=True, slots=True)
class Machine:
    """What the machine says of itself. `authorities` is the file of the authorities whose certificates are believed,
    `patience_s` how long an answer is waited for."""

    now: Callable[[], datetime] = real_now
    free_share: Callable[[Path], float] = free_share
    mounts: Path = Path("/proc/self/mounts")
    env_file: Path = Path(".env")
    chinese_font: Callable[[], ChineseFont | None] = find_chinese_font
    can_read_videos: Callable[[], bool] = can_read_videos
    sandbox: tuple[str, ...] = COMMAND
    authorities: str = field(default_factory=certifi.where)
    patience_s: float = 10.0


@dataclass(slots=True)
class Subject:
    """The installation of these settings, and what checks found out for those that build upon them.

    `database` is open and has the newest tables; `api_date` is what the platform's clock said, and when; `app` is what
    the platform tells about the self-built app. `opened` is closed at the end."""

    settings: Settings
    machine: Machine = field(default_factory=Machine)
    offline: bool = False
    notice: Notice | None = None
    database: Database | None = None
    api_date: tuple[str, datetime] | None = None
    api: WeComApi | None = None
    app: Mapping[str, Any] = field(default_factory=dict)
    opened: ExitStack = field(default_factory=ExitStack)
