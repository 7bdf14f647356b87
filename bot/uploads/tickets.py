"""The links that lead to the upload page. A ticket belongs to one person and is good for one file; it is signed, not
stored, so it can be handed out anywhere. Who holds it may upload in that person's name, so it goes to nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.signing import Signer

TICKET_FOR = timedelta(hours=24)
_PURPOSE = "ticket for an upload"
_NONCE_BYTES = 8
_TOKEN = re.compile(r"([1-9][0-9]{0,17}\.([0-9]{1,12})\.([0-9a-f]{16}))\.([A-Za-z0-9_-]{24})")


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may upload, until when (real time) an upload may begin, and `nonce`, under which it is good once."""

    person_id: int
    until: datetime
    nonce: str
    token: str


class Tickets:
    """Makes and reads tickets with a key derived from SECRET_KEY."""

    def __init__(self, public_url: str, secret: str) -> None:
        self._base = public_url.rstrip("/")
        self._signer = Signer(secret, _PURPOSE)

    def make(self, person_id: int, now: datetime, randomness: Callable[[int], bytes]) -> Ticket:
        """A new ticket for this person."""
        until = int((now + TICKET_FOR).timestamp())
        content = f"{person_id}.{until}.{randomness(_NONCE_BYTES).hex()}"
        ticket = self.read(f"{content}.{self._signer.sign(content)}")
        if ticket is None:
            raise RuntimeError("a ticket was made that cannot be read")
        return ticket

    def address(self, ticket: Ticket) -> str:
        """The public address of the page."""
        return f"{self._base}/upload/{ticket.token}"

    def read(self, token: str) -> Ticket | None:
        """The ticket of a token of ours, also one whose time is over; None for any other text."""
        found = _TOKEN.fullmatch(token)
        if found is None or not self._signer.is_signed(found[1], found[4]):
            return None
        until = datetime.fromtimestamp(int(found[2]), UTC)
        return Ticket(int(found[1].partition(".")[0]), until, found[3], token)
