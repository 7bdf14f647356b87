"""Alarm: tells the admins that something waits for them, at most once an hour, however often it happens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from store import outbox, people, reach

GIVEN_UP = "有消息连续三次没有处理成，内容都存着，发件人已经知道会有人联系。发“失败消息”看是谁的。"


def tell_admins(session: Session, now: datetime) -> tuple[int, ...]:
    """Queue the word for every admin who has not had it in this hour; `now` is real time. The ids to send."""
    hour = f"{now:%Y%m%d%H}"
    queued = (
        outbox.put(
            session,
            key=f"alarm:{hour}:to:{admin.id}",
            lane=reach.lane_of(session, admin.id),
            text=GIVEN_UP,
            now=now,
        )
        for admin in people.admins(session)
    )
    return tuple(each for each in queued if each is not None)
