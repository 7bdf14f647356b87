"""Fetch: brings one file from the platform to our disk. Only then does the person read 收到."""

from __future__ import annotations

import time
import uuid
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath

import structlog
from sqlalchemy.orm import Session

from bot import fail_points
from bot.metrics import FAILED
from bot.nudge import Waiting
from bot.services import Services
from bot.uploads.finishing import bring, take_from_page
from bot.wecom.app_media import fetch_app_media
from bot.wecom.download import FetchedMedia, MediaError, MediaFault
from bot.wecom.envelope import decode_key
from bot.wecom.errors import ApiError, ErrorKind
from bot.wecom.media import fetch_aibot_media
from bot.wecom.outbound import UrlPolicy
from domain.errors import UserError
from domain.wording import show_instant, show_size
from store import blobs, fetches, inbox, people, streams
from store.schema.mail import Fetch

_log = structlog.get_logger(__name__)

STORED = "收到《{name}》，{size}。正在检查…"
GONE = "企业微信那里已经取不到了（发来的文件只保留一段时间）。请重新发送一次。"
AWAY = "企业微信暂时没有把文件交给我，自动重试了也没有取到。请重新发送一次。"
TOO_LARGE = "文件超过 100 MB，聊天里收不了。请压缩后再发，或联系县市协调员。"
TOO_LARGE_LINK = "文件超过 100 MB，聊天里收不了，请点这里上传（{until}前有效，只能传一个，请不要转发）：\n{address}"
LOST_UPLOAD = "上传的文件没有保存下来。请发“上传链接”重新上传一次。"
BROKEN = "文件传来时不完整。请重新发送一次。"
_BACKOFF = (timedelta(seconds=2), timedelta(seconds=10), timedelta(seconds=30))
_EXPLAINED = {
    MediaFault.BROKEN: BROKEN,
    MediaFault.TRUNCATED: BROKEN,
    MediaFault.UNAVAILABLE: AWAY,
}


def fetch_one(services: Services, fetch_id: int) -> None:
    """Take the file's lease, bring the bytes home, commit the row. Does nothing when another process is at it."""
    owner = uuid.uuid4().hex
    with services.database.begin() as session:
        row = fetches.claim(session, fetch_id, owner, services.clock.real(), services.leases.length(fetches.LEASE))
    if row is None:
        return
    with services.leases.renewing(partial(_renew, services, row.id, owner)):
        _bring_home(services, row, owner)


def _renew(services: Services, fetch_id: int, owner: str, session: Session, now: datetime) -> None:
    fetches.renew(session, fetch_id, owner, now + services.leases.length(fetches.LEASE))


def _bring_home(services: Services, row: Fetch, owner: str) -> None:
    try:
        stored = _obtain(services, row)
    except UserError as error:  # the disk is full: said plainly
        _settle(services, row, owner, str(error))
    except MediaError as error:
        if error.fault is MediaFault.STOPPED:
            _give_back(services, row, owner)
            return
        sentence = (
            _too_large(services, row) if error.fault is MediaFault.TOO_LARGE else _EXPLAINED.get(error.fault, GONE)
        )
        _failed(services, row, owner, str(error), sentence, may_pass=error.retryable)
    except ApiError as error:
        _failed(services, row, owner, str(error), AWAY, may_pass=error.kind is not ErrorKind.USER)
    except FileNotFoundError:
        _log.exception("the file of an upload is gone", fetch=row.id)
        _settle(services, row, owner, LOST_UPLOAD)
    except Exception:
        FAILED.labels(step="fetch").inc()
        _log.exception("fetch failed", fetch=row.id)
        sentence = LOST_UPLOAD if _is_upload(row) else AWAY
        _failed(services, row, owner, "unexpected failure", sentence, may_pass=True)
    else:
        fail_points.reach("after_store_before_row")
        _settle(services, row, owner, stored)


def _too_large(services: Services, row: Fetch) -> str:
    """The other way in, for whoever sent it."""
    if services.desk is None:
        return TOO_LARGE
    with services.database.read() as session:
        sender = people.by_lane(session, inbox.lane_of(session, row.inbox_id))
    if sender is None:
        return TOO_LARGE
    ticket = services.desk.tickets.make(sender.id, services.clock.real(), services.randomness)
    until = show_instant(services.clock.campaign(ticket.until), services.notice.timezone)
    return TOO_LARGE_LINK.format(until=until, address=services.desk.tickets.address(ticket))


def _is_upload(row: Fetch) -> bool:
    """Whether the file came by web page and lies with us already."""
    return row.url is None and row.media_id is None


def _obtain(services: Services, row: Fetch) -> fetches.Stored:
    """The file, safe where all files lie: from the folder of uploads, else from the platform."""
    brought = bring(services, row) if _is_upload(row) else None
    if brought is not None:
        return brought
    with services.blobs.receive() as writer:
        fail_points.reach("during_download")
        media = _download(services, row, writer)
        fail_points.reach("after_download_before_store")
    blob = writer.stored
    if blob is None:
        raise RuntimeError("a file was received without being stored")
    return fetches.Stored(_name(media, row), blob.size, blob.sha256)


def _name(media: FetchedMedia, row: Fetch) -> str:
    """The file's name. What came without one gets a number of its own: two of them are not versions of one case."""
    if media.named:
        return media.name
    path = PurePath(media.name)
    return f"{path.stem}{row.id}{path.suffix}"


def _download(services: Services, row: Fetch, writer: blobs.Writer) -> FetchedMedia:
    """The bytes, decrypted, into `writer`: by the AI bot's address or by the app's media id."""
    if row.url is not None:
        key = services.settings.wecom_bot_aes_key
        if key is None:
            raise MediaError(MediaFault.REFUSED, "the AI bot is not configured")
        left = (row.expires_at - services.clock.real()).total_seconds()
        policy = UrlPolicy(allow_loopback=services.settings.api_is_loopback)
        return fetch_aibot_media(
            row.url,
            decode_key(key.get_secret_value()),
            writer,
            deadline=time.monotonic() + left,
            policy=policy,
            stop=services.stopping,
        )
    if services.api is None or row.media_id is None:
        raise MediaError(MediaFault.REFUSED, "the app is not configured")
    return fetch_app_media(row.media_id, services.api, writer, told_name=row.told_name, stop=services.stopping)


def _settle(services: Services, row: Fetch, owner: str, outcome: fetches.Stored | str) -> None:
    """The file is home, or given up with a sentence for the person. The last one makes its message ready."""
    now = services.clock.real()
    lane, uploaded = "", None
    with services.database.begin() as session:
        if isinstance(outcome, str):
            kept = fetches.give_up(session, row.id, owner, outcome)
        else:
            blobs.record(session, blobs.StoredBlob(outcome.sha256, outcome.size), now)
            kept = fetches.store(session, row.id, owner, outcome)
            content = STORED.format(name=outcome.name, size=show_size(outcome.size))
            streams.grow(session, row.inbox_id, content, now)
        if kept and _is_upload(row):
            uploaded = take_from_page(session, row)
        if kept and fetches.all_settled(session, row.inbox_id) and inbox.make_ready(session, row.inbox_id, now):
            lane = inbox.lane_of(session, row.inbox_id)
    fail_points.reach("after_row_before_nudge")
    if uploaded is not None and services.desk is not None:
        services.desk.parts.remove(uploaded)
    if lane:
        services.nudge(Waiting(lanes=(lane,)))


def _give_back(services: Services, row: Fetch, owner: str) -> None:
    """This process is stopping in the middle of the download: the next one begins anew, at once, while it can."""
    _log.info("file left for the next process", fetch=row.id)
    with services.database.begin() as session:
        fetches.give_back(session, row.id, owner, services.clock.real())


def _failed(services: Services, row: Fetch, owner: str, detail: str, sentence: str, *, may_pass: bool) -> None:
    """Try again while the platform still has the file, else give it up."""
    now = services.clock.real()
    next_try_at = now + _BACKOFF[min(row.attempts, len(_BACKOFF)) - 1]
    _log.warning("file not fetched", fetch=row.id, attempt=row.attempts, reason=detail)
    if not may_pass or next_try_at >= row.expires_at:
        _settle(services, row, owner, sentence)
        return
    with services.database.begin() as session:
        fetches.put_back(session, row.id, owner, detail, next_try_at)
    services.nudge(Waiting(fetches=(row.id,), after=next_try_at - now))
