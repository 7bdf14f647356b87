"""What is known of the notice at this moment: the deadline as it was moved, the official answers. Whichever process
took them in, all follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from answers import Engine, OfficialAnswer
from domain.deadlines import Deadlines, notice_with, printed_deadline
from domain.notice import Notice
from store import deadlines, official, people
from store.glance import Glance
from store.schema.questions import OfficialAnswer as Row

_MOST_KEPT = 12  # deadlines at once: everybody's and those of extended units


@dataclass(frozen=True, slots=True)
class Known:
    """The notice with the deadline of one unit, the engine that answers from it, and all deadlines."""

    notice: Notice
    engine: Engine
    deadlines: Deadlines


class Engines:
    """Keeps the engines that know the deadlines and the official answers; asks the database with each message whether
    they still do. An engine for a deadline that is new here takes a quarter of a second."""

    def __init__(self, notice: Notice, engine: Engine) -> None:
        self._notice = notice
        # All replaced as a whole: threads read them without a lock.
        self._deadlines = printed_deadline(notice)
        self._bare = {notice.intake_stage.closes_at: (notice, engine)}
        self._official = (0, dict[datetime, Engine]())

    def known(self, session: Session, unit_id: str | None = None, seen: Glance | None = None) -> Known:
        """What holds for a unit now, without one for everybody. What was `seen` is not asked again."""
        moved = self._deadlines
        if (deadlines.revision(session) if seen is None else seen.deadlines) != moved.revision:
            moved = self._deadlines = deadlines.load(session, moved.printed)
        deadline = moved.of(unit_id)
        notice, bare = self._bare.get(deadline.closes_at) or self._build(moved, unit_id)
        newest = official.revision(session) if seen is None else seen.official
        return Known(notice, self._with_official(session, deadline.closes_at, bare, newest), moved)

    def _build(self, moved: Deadlines, unit_id: str | None) -> tuple[Notice, Engine]:
        deadline = moved.of(unit_id)
        notice = notice_with(self._notice, deadline)
        made = notice, Engine(notice)
        kept = list(self._bare.items())[-_MOST_KEPT:]
        self._bare = {**dict(kept), deadline.closes_at: made}
        return made

    def _with_official(self, session: Session, closes_at: datetime, bare: Engine, newest: int) -> Engine:
        if newest == 0:
            return bare
        revision, engines = self._official
        known = engines.get(closes_at) if newest == revision else None
        if known is not None:
            return known
        engine = bare.with_official(self._answer(session, row) for row in official.in_force(session))
        others = engines if newest == revision else {}
        self._official = (newest, {**dict(list(others.items())[-_MOST_KEPT:]), closes_at: engine})
        return engine

    def _answer(self, session: Session, row: Row) -> OfficialAnswer:
        by = people.get(session, row.person_id).name or ""
        day = row.answered_at.astimezone(self._notice.timezone).date()
        return OfficialAnswer(row.question, row.text, day, f"{self._notice.issued_by}{by}")
