"""The end of an upload: it becomes a message in its person's lane, and its bytes go where all files lie."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.nudge import Waiting
from bot.services import Services
from domain.chat import Channel, Incoming, MessageKind
from domain.chat_json import incoming_to_json
from domain.policy import counted_arrival
from store import fetches, inbox, reach, uploads
from store.people import is_opaque
from store.schema.mail import Fetch, InboxState
from store.schema.uploads import Upload

# The bytes are ours already: there is no hurry to give up.
_TRY_FOR = timedelta(days=2)


class SpentError(Exception):
    """A file has come by this link before."""


def finish(services: Services, upload_id: str, received: int) -> None:
    """The last bytes are on the disk: note them, write the message and its file, spend the ticket; in one transaction.

    Arrival is the beginning of the upload when it was complete within the notice's hours. Raises SpentError.
    """
    now = services.clock.real()
    try:
        with services.database.begin() as session:
            row = session.get_one(Upload, upload_id, with_for_update=True)
            if received != row.received and not uploads.advance(session, row.id, row.received, received):
                raise SpentError
            fetch, dropped = _accept(services, session, row, now)
    except IntegrityError:
        with services.database.begin() as session:
            uploads.give_up(session, upload_id)
        raise SpentError from None
    if services.desk is not None:
        for each in dropped:
            services.desk.parts.remove(each)
    services.nudge(Waiting(fetches=(fetch,)))


def _accept(services: Services, session: Session, row: Upload, now: datetime) -> tuple[int, list[str]]:
    arrived = counted_arrival(services.notice, row.begun_at, now)
    lane = reach.lane_of(session, row.person_id)
    # The door by which this person is known; answers go where the person can be reached.
    channel = Channel.AIBOT if is_opaque(lane) else Channel.APP
    incoming = Incoming(channel, f"upload:{row.id}", MessageKind.FILE, lane, arrived)
    arrival = inbox.Arrival(
        channel=channel,
        key=incoming.key,
        lane=lane,
        message=incoming_to_json(incoming),
        received_at=arrived,
        campaign_at=services.clock.campaign(arrived),
    )
    inbox_id = inbox.accept(session, arrival, InboxState.FETCHING)
    if inbox_id is None:
        raise SpentError
    wanted = fetches.Wanted(MessageKind.FILE, None, None, row.name, now + _TRY_FOR)
    fetches.plan(session, inbox_id, (wanted,), now)
    dropped = uploads.complete(session, row.id, inbox_id)
    session.flush()
    return fetches.of_message(session, inbox_id)[0].id, dropped


def bring(services: Services, fetch: Fetch) -> fetches.Stored | None:
    """The file of this message out of the folder of uploads into the blob store; None when it did not come by upload.

    Raises FileNotFoundError, LockedError, StorageFullError, BlobsAwayError.
    """
    with services.database.read() as session:
        row = uploads.of_message(session, fetch.inbox_id)
    if row is None or services.desk is None:
        return None
    parts = services.desk.parts
    with parts.hold(row.id, writes=False):
        stored = services.blobs.adopt(parts.path(row.id))
    if stored.size != row.size:
        raise RuntimeError("an upload is not as long as it was when it was complete")
    return fetches.Stored(row.name, stored.size, stored.sha256)


def take_from_page(session: Session, fetch: Fetch) -> str | None:
    """The file of this message lies with all others, or cannot be had: the id of the upload whose part may go now."""
    row = uploads.of_message(session, fetch.inbox_id)
    if row is None:
        return None
    uploads.take(session, row.id)
    return row.id
