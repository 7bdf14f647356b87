"""The two times: real time for leases, signatures and retries; campaign time for stages and deadlines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.errors import ConfigError
from store import settings as stored_settings
from store.database import Database

_OFFSET = "campaign_clock_offset_s"


class Clock:
    """`real()` is the server's clock. `campaign(t)` maps a real instant to campaign time. Both are aware UTC."""

    def __init__(
        self, timezone: ZoneInfo, *, offset: timedelta = timedelta(0), instant_file: Path | None = None
    ) -> None:
        self._timezone = timezone
        self._offset = offset
        self._instant_file = instant_file

    def real(self) -> datetime:
        """The server's clock."""
        return datetime.now(UTC)

    def campaign(self, real: datetime) -> datetime:
        """Campaign time at this real instant. Raises ConfigError when BOT_CLOCK=@FILE holds no time."""
        if self._instant_file is not None:
            return _parse(self._instant_file.read_text(encoding="utf-8").strip(), self._timezone)
        return real + self._offset

    def now(self) -> datetime:
        """Campaign time now."""
        return self.campaign(self.real())


def open_clock(setting: str, timezone: ZoneInfo, database: Database) -> Clock:
    """Build the clock that BOT_CLOCK asks for.

    An instant becomes an offset that is fixed in the database at the first start, so that a restart, or a second
    process, does not turn time back. Raises ConfigError.
    """
    if not setting:
        return Clock(timezone)
    if setting.startswith("@"):
        clock = Clock(timezone, instant_file=Path(setting[1:]))
        clock.now()
        return clock
    offset = _parse(setting, timezone) - datetime.now(UTC)
    with database.begin() as session:
        fixed = stored_settings.get_or_fix(session, _OFFSET, str(offset.total_seconds()))
    return Clock(timezone, offset=timedelta(seconds=float(fixed)))


def _parse(text: str, timezone: ZoneInfo) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError((f"BOT_CLOCK: {text!r} is no ISO time such as 2023-05-06T09:00+08:00",)) from None
    return (instant if instant.tzinfo else instant.replace(tzinfo=timezone)).astimezone(UTC)
