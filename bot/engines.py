"""The answer engine with the official answers of this moment: whichever process took one in, all give it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from answers import Engine, OfficialAnswer
from domain.notice import Notice
from store import official, people
from store.schema.questions import OfficialAnswer as Row


class Engines:
    """Keeps the engine that knows the official answers; asks the database with each message whether it still does."""

    def __init__(self, notice: Notice, engine: Engine) -> None:
        self._notice = notice
        self._known = (0, engine)  # replaced as a whole: threads read it without a lock

    def current(self, session: Session) -> Engine:
        """The engine for a question that is asked now."""
        revision, engine = self._known
        newest = official.revision(session)
        if newest != revision:
            engine = engine.with_official(self._answer(session, row) for row in official.in_force(session))
            self._known = (newest, engine)
        return engine

    def _answer(self, session: Session, row: Row) -> OfficialAnswer:
        by = people.get(session, row.person_id).name or ""
        day = row.answered_at.astimezone(self._notice.timezone).date()
        return OfficialAnswer(row.question, row.text, day, f"{self._notice.issued_by}{by}")
