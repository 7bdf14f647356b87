"""What the upload pages work with: tickets, the folder of parts, the largest file."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from bot.config import Settings
from bot.uploads.parts import Parts
from bot.uploads.tickets import Tickets

# How many uploads one web process receives at once: callbacks, which have five seconds, must always find a free thread.
MOST_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class UploadDesk:
    """One for a process."""

    tickets: Tickets
    parts: Parts
    most_bytes: int
    places: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MOST_AT_ONCE))


def upload_desk(settings: Settings) -> UploadDesk | None:
    """None where there is no upload: its links need PUBLIC_URL and SECRET_KEY."""
    if not settings.public_url or settings.secret_key is None:
        return None
    tickets = Tickets(settings.public_url, settings.secret_key.get_secret_value())
    return UploadDesk(tickets, Parts(settings.data_dir / "uploads"), settings.upload_max_bytes)
