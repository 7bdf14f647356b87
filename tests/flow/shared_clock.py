"""One clock for the platform and for us, moved by hand."""

from __future__ import annotations

from datetime import UTC, datetime


class SharedClock:
    """Stands still until somebody moves `instant`."""

    def __init__(self) -> None:
        self.instant = datetime.now(UTC)

    def real(self) -> datetime:
        return self.instant

    now = real

    def seconds(self) -> float:
        return self.instant.timestamp()

    def campaign(self, real: datetime) -> datetime:
        return real
