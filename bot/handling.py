"""Handle: one message of one sender, read and checked outside any transaction, its effects in exactly one."""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from bot import fail_points
from bot.alarms import tell_admins
from bot.answering import Said, put_followers, remember_choices, say, show_waiting, tell_others
from bot.context import Brought, open_context
from bot.copying import Copies, until_copied
from bot.metrics import CHECK_SECONDS, FAILED
from bot.nudge import Waiting
from bot.services import Services
from bot.stages import COPYING, show_stage
from bot.suggestions import suggestion_for
from bot.tables import is_wanted, table_of
from bot.unpacking import is_worth_unpacking, with_files_inside
from bot.wecom.callback import AIBOT_CONTENT_BYTES
from domain.chat import Channel, MessageKind
from domain.chat_json import incoming_from_json
from domain.roles import Role
from domain.wording import show_size, split_bytes
from handlers.contract import Attachment, LostFile
from handlers.dispatch import choose, run, translate
from store import audit, broadcasts, fetches, inbox, outbox, people, reports, streams
from store.outbox import Route
from store.schema.mail import FetchState, Inbox
from validators.facts import FileFacts

_log = structlog.get_logger(__name__)

CHECKING = "收到《{name}》，{size}。正在检查（{stage}）…"
BROKEN = "刚才没有处理成功，您发来的内容我已经存好，不用重发。管理员会看到并联系您。"
DONE = "已处理。"
LOST = "请重新发送一次。"
# How long a finished stream may wait for WeCom's next refresh before another way is taken.
_COLLECT_WITHIN = timedelta(seconds=10)


def drain_lane(services: Services, lane: str) -> None:
    """Handle this sender's messages one after the other until none is due."""
    while handle_next(services, lane):
        pass


def handle_next(services: Services, lane: str) -> bool:
    """Handle the sender's oldest unfinished message. False when none is due or somebody else is at it."""
    owner = uuid.uuid4().hex
    with services.database.begin() as session:
        row = inbox.claim(session, lane, owner, services.clock.real(), services.leases.length(inbox.LEASE))
    if row is None:
        return False
    try:
        with services.leases.renewing(partial(_renew, services, row, owner)):
            _handle(services, row, owner)
    except Exception:
        FAILED.labels(step="handle").inc()
        _log.exception("handling failed", inbox=row.id, attempt=row.attempts)
        _failed(services, row, owner)
    return True


def _renew(services: Services, row: Inbox, owner: str, session: Session, now: datetime) -> None:
    inbox.renew(session, row, owner, now + services.leases.length(inbox.LEASE))


def _handle(services: Services, row: Inbox, owner: str) -> None:
    if row.attempts > inbox.MAX_ATTEMPTS:
        raise RuntimeError("every process that handled this message has died")
    fail_points.reach("before_handling")
    with ExitStack() as opened:
        attachments, lost = _files(services, row, opened)
        brought = Brought(attachments, lost, suggestion_for(services, row))
        _decide(services, row, owner, brought)


def _decide(services: Services, row: Inbox, owner: str, brought: Brought) -> None:
    """Everything the message changes, in one transaction: the last of its attempts. Earlier ones end in wishes for
    copies, which are made in between."""
    known = {each.sha256: each.facts for each in brought.attachments}
    copies = Copies(
        services.sandbox,
        services.notice,
        database=services.database,
        blobs=services.blobs,
        clock=services.clock,
        known=known,
    )
    show = partial(_show_copying, services, row, brought)
    waiting = until_copied(copies, partial(_attempt, services, row, owner, brought), show)
    for each in waiting:
        services.nudge(each)


def _attempt(
    services: Services, row: Inbox, owner: str, brought: Brought, copies: Copies, *, last: bool
) -> tuple[Waiting, ...]:
    incoming = incoming_from_json(row.message)
    with services.database.begin() as session:
        mine = inbox.still_mine(session, row.id, owner)
        if mine is None:  # our lease ran out meanwhile: whoever has it now does the work
            inbox.count_no_death(session, row.id)
            return ()
        context = replace(open_context(services, session, mine, brought), copy=copies.look_up(session))
        message = translate(incoming, session, context.now, row.id)
        handler = choose(message, context)
        replies = run(handler, message, context)
        copies.demand(last=last)
        remember_choices(session, incoming, replies, context.now)
        others = tell_others(services, session, replies, context.now)
        before = show_waiting(session, incoming, replies, services.clock.real())
        waiting = _put_replies(services, session, mine, say(services, session, incoming, replies, before))
        inbox.finish(mine, handler=handler.name)
        inbox.release_lane(session, mine.lane, owner)
        packages, batches = reports.made_here(session), broadcasts.begun(session)
        fail_points.reach("before_commit_of_handling")
    fail_points.reach("after_handling_before_nudge")
    return waiting, Waiting(sends=others, packages=packages, batches=batches)


def _put_replies(services: Services, session: Session, row: Inbox, said: Said) -> Waiting:
    """The answer into the open stream, else into the outbox; what the stream cannot hold follows as parts, then the
    files."""
    now = services.clock.real()
    if not said.text:
        streams.finish(session, row.id, DONE, now)
        return Waiting()
    first, *rest = split_bytes(said.text, AIBOT_CONTENT_BYTES)
    in_stream = streams.finish(session, row.id, first, now)
    outbox.put(
        session,
        key=outbox.answer_key(row.id),
        lane=row.lane,
        text=first,
        now=now,
        inbox_id=row.id,
        route=Route.STREAM if in_stream else None,
        wait=_COLLECT_WITHIN if in_stream else timedelta(0),
    )
    for number, part in enumerate(rest, start=2):
        outbox.put(session, key=outbox.answer_key(row.id, number), lane=row.lane, text=part, now=now, inbox_id=row.id)
    put_followers(services, session, said, lane=row.lane, channel=row.channel, inbox_id=row.id)
    session.flush()
    sends = tuple(outbox.waiting_parts(session, row.id, row.lane))
    return Waiting(sends=sends, after=_COLLECT_WITHIN if in_stream else timedelta(0))


def _files(services: Services, row: Inbox, opened: ExitStack) -> tuple[tuple[Attachment, ...], tuple[LostFile, ...]]:
    """What the message brought, read; the local copies stay until `opened` is closed."""
    with services.database.read() as session:
        brought = fetches.of_message(session, row.id)
        sender = people.known_actor(session, Channel(row.channel), row.lane)
    role = Role.TEACHER if sender is None else sender.role
    attachments, lost = [], []
    for fetch in brought:
        kind = MessageKind(fetch.kind)
        if fetch.state == FetchState.STORED and fetch.sha256 and fetch.name is not None and fetch.size is not None:
            stored = fetches.Stored(fetch.name, fetch.size, fetch.sha256)
            path = opened.enter_context(services.blobs.open_local(stored.sha256))
            facts = _read(services, row, stored, path)
            table = table_of(services.sandbox, path, stored.name) if is_wanted(facts, stored.name, role) else None
            file = Attachment(fetch.position, kind, stored.name, stored.size, stored.sha256, path, facts, table)
            if is_worth_unpacking(facts, role):
                file = with_files_inside(file, services.sandbox, services.blobs, opened)
            attachments.append(file)
        else:
            lost.append(LostFile(fetch.position, kind, fetch.told_name, fetch.error or LOST))
    return tuple(attachments), tuple(lost)


def _read(services: Services, row: Inbox, stored: fetches.Stored, path: Path) -> FileFacts:
    """Read the file in the sandbox; the person sees in the stream how far it is."""
    with CHECK_SECONDS.time():
        return services.sandbox.read(path, stored.name, progress=partial(_show_stage, services, row, stored))


def _show_copying(services: Services, row: Inbox, brought: Brought) -> None:
    for file in brought.attachments[:1]:
        _show_stage(services, row, fetches.Stored(file.name, file.size, file.sha256), COPYING)


def _show_stage(services: Services, row: Inbox, stored: fetches.Stored, stage: str) -> None:
    content = CHECKING.format(name=stored.name, size=show_size(stored.size), stage=show_stage(stage))
    with services.database.begin() as session:
        streams.grow(session, row.id, content, services.clock.real())


def _failed(services: Services, row: Inbox, owner: str) -> None:
    """Put the message back, or after the last attempt tell its sender that a person will look."""
    now = services.clock.real()
    with services.database.begin() as session:
        mine = inbox.still_mine(session, row.id, owner)
        inbox.release_lane(session, row.lane, owner)
        if mine is None:
            inbox.count_no_death(session, row.id)
            return
        alarms: tuple[int, ...] = ()
        if inbox.put_back(mine, "see the log", now):
            audit.write(session, at=now, actor_id=None, act="message.dead", detail={"inbox": row.id})
            waiting = _put_replies(services, session, mine, Said(BROKEN))
            alarms = tell_admins(session, now)
        else:
            waiting = Waiting(lanes=(row.lane,), after=mine.next_try_at - now)
    services.nudge(waiting)
    services.nudge(Waiting(sends=alarms))
