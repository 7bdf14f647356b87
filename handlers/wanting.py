"""Which pictures of a message are brought home: only such that can become supporting files."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy.orm import Session

from domain.chat import ChatType, Incoming, MediaRef, MessageKind
from domain.notice import Notice
from domain.roles import Actor
from handlers.casework.support import candidates
from handlers.said import plain
from store import awaited_files, underway
from store.schema.intake import Purpose

_ABOUT_SUPPORT = re.compile(r"支撑|佐证|印证|补交|补充|证书|截图|附件|材料")
_ASKS = re.compile(r"[?？]|吗|呢|怎|什么|多少|几|哪|能不能|可不可以|是否|要不要")


def wanted_pictures(
    incoming: Incoming, session: Session, notice: Notice, actor: Actor, now: datetime
) -> tuple[MediaRef, ...]:
    """The pictures to fetch: in a single chat, when a case takes supporting files, a file that may become one is on its
    way, or a stamped table is awaited. A picture among words counts only when the words are about supporting files and
    are no question, or when supporting files are awaited. `now` is campaign time.
    """
    pictures = tuple(ref for ref in incoming.media if ref.kind is MessageKind.IMAGE)
    if not pictures or incoming.chat is not ChatType.SINGLE:
        return ()
    if awaited_files.expected(session, actor.person_id, now, Purpose.SUPPORTING, Purpose.STAMPED) is not None:
        return pictures
    said = plain(incoming.text)
    if said and (_ABOUT_SUPPORT.search(said) is None or _ASKS.search(incoming.text) is not None):
        return ()
    has_case = bool(candidates(session, notice, actor))
    return pictures if has_case or underway.has_file(session, incoming.lane) else ()
