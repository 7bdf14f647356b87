"""The way a file takes to its person: a message of the app when the app can reach them, else a link that expires."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.services import Services
from bot.wecom.api import LEAST_UPLOAD_BYTES, UPLOAD_BYTES
from domain.chat import OutgoingFile
from domain.wording import show_day, show_size
from store import handouts, reach
from store.schema.mail import Handout

FOLLOWS = "📎 {name}（{size}）"
FOLLOWS_ELSEWHERE = "📎 {name}（{size}）由应用单独发给您，请看企业微信里的应用消息。"
LINK = "📎 {name}（{size}），请点开下载，{until}前有效：\n{address}"
NO_WAY = "《{name}》现在没有办法发给您，请告诉管理员：还没有设置下载地址。"


def by_app(services: Services, session: Session, lane: str, file: OutgoingFile) -> bool:
    """Whether the app may send the file: the person is known to it, and the size is what it takes (protocol 5.1)."""
    fits = LEAST_UPLOAD_BYTES <= file.size <= UPLOAD_BYTES["file"]
    return services.api is not None and fits and reach.app_userid(session, lane) is not None


def file_line(services: Services, session: Session, lane: str, file: OutgoingFile, *, in_app: bool) -> str:
    """What the text says about the file: that it follows (`in_app`: in this same chat), or where it can be fetched."""
    if by_app(services, session, lane, file):
        told = FOLLOWS if in_app else FOLLOWS_ELSEWHERE
        return told.format(name=file.name, size=show_size(file.size))
    row = handouts.add(session, lane, file, services.clock.real())
    return link_line(services, row)


def link_line(services: Services, row: Handout) -> str:
    """Open the file's link and tell it; without a public address tell whom to ask."""
    if services.links is None:
        return NO_WAY.format(name=row.name)
    now = services.clock.real()
    handouts.open_link(row, now)
    until = show_day(now + handouts.LINK_FOR, services.notice.timezone)
    address = services.links.address(row.id)
    return LINK.format(name=row.name, size=show_size(row.size), until=until, address=address)
