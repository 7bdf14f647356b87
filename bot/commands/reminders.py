"""`reminders`: each person's messages, past and planned, as the rows tell them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import click
from sqlalchemy.orm import Session

from bot.config import load_settings
from domain.notice import Notice
from domain.notice_loader import load_notice
from domain.reminders import ReminderKind
from domain.roles import Role
from domain.wording import show_instant
from store import people, reminders
from store.database import Database
from store.schema.campaign import Person
from store.schema.mail import Outbox, OutboxState
from store.schema.reminders import Reminder, ReminderState, WhyNot

_ROLES = {Role.TEACHER: "教师", Role.COORDINATOR: "协调员", Role.ADMIN: "管理员"}
_WHY_NOT = {
    WhyNot.NOTHING_OWED: "没发：到时已经不欠",
    WhyNot.TOO_LATE: "没发：过了时候",
    WhyNot.MUTED: "没发：本人不要这个提醒",
    WhyNot.SNOOZED: "没发：本人推迟了",
    WhyNot.LEFT: "没发：已离开",
    WhyNot.UNREACHABLE: "没发：不知道怎么联系到",
}
_ENDS = {
    OutboxState.ACCEPTED: "已送到",
    OutboxState.REFUSED: "没有送到",
    OutboxState.UNKNOWN: "不清楚是否送到",
    OutboxState.DROPPED: "临发时已经不欠，没发",
}
_UNDER_WAY = "正在发"
_PLANNED = "计划"
_REPLACED = "改期后另排"
_MERGED = "并入上一条"
_PUT_OFF = "本人推迟到这天"
_MOVED = "改期"


@dataclass(frozen=True, slots=True)
class _Lines:
    """Writes one person's list. `told` are the messages whose words have been shown."""

    session: Session
    notice: Notice
    told: set[int]

    def of(self, person: Person) -> Iterator[str]:
        unit = next((each.name for each in self.notice.units if each.id == person.unit_id), "没有单位")
        yield f"{person.name or '没有留姓名'}（{person.app_userid or person.id}，{unit}，{_ROLES[Role(person.role)]}）"
        for row in reminders.of_person(self.session, person.id, self.notice.id):
            yield from self._row(row)

    def _row(self, row: Reminder) -> Iterator[str]:
        when = show_instant(row.decided_at or row.due_at, self.notice.timezone)
        kind = self._kind(ReminderKind(row.kind))
        state, words = self._state(row)
        yield f"  {when}　{self._occurrence(row)}　{kind}　{state}"
        for line in words.splitlines():
            yield f"    ｜{line}"

    def _state(self, row: Reminder) -> tuple[str, str]:
        if row.state == ReminderState.PLANNED:
            return _PLANNED, ""
        if row.state == ReminderState.REPLACED:
            return _REPLACED, ""
        message = self.session.get(Outbox, row.outbox_id) if row.outbox_id is not None else None
        if row.state == ReminderState.SKIPPED or message is None:
            return (_WHY_NOT[WhyNot(row.why_not)] if row.why_not else ""), ""
        if message.id in self.told:
            return _MERGED, ""
        self.told.add(message.id)
        return _ENDS.get(OutboxState(message.state), _UNDER_WAY), message.text

    def _occurrence(self, row: Reminder) -> str:
        rounds = {} if self.notice.reminders is None else {each.id: each.name for each in self.notice.reminders.rounds}
        return _MOVED if row.kind == ReminderKind.MOVED else rounds.get(row.occurrence, _PUT_OFF)

    def _kind(self, kind: ReminderKind) -> str:
        return kind.value if self.notice.reminders is None else self.notice.reminders.texts[kind].name


@click.command("reminders", help="列出每个人的提醒：发过的（连同原话）、计划中的、没发的和原因。")
@click.option("--person", metavar="ID", help="只看一个人：企业微信账号，或本系统里的编号。")
def reminders_of(person: str | None) -> None:
    """Print the list of everybody who has any, or of one person."""
    settings = load_settings()
    notice, database = load_notice(settings.notice), Database(settings.effective_database_url)
    try:
        with database.read() as session:
            wanted = _everybody(session, notice) if person is None else [_one(session, person)]
            lines = _Lines(session, notice, set())
            for each in wanted:
                for line in lines.of(each):
                    click.echo(line)
            if not wanted:
                click.echo("现在没有提醒。")
    finally:
        database.close()


def _everybody(session: Session, notice: Notice) -> list[Person]:
    return [people.get(session, each) for each in sorted(reminders.reminded(session, notice.id))]


def _one(session: Session, written: str) -> Person:
    found = people.by_userid(session, written)
    if found is None and written.isdecimal():
        found = session.get(Person, int(written))
    if found is None:
        raise click.BadParameter(f"没有“{written}”这个人", param_hint="--person")
    return found
