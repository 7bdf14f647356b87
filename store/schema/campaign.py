"""The campaign itself: people, their channel identities, cases, versioned materials, check results, audit, blobs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, event, false, true
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, ORMExecuteState, Session, mapped_column, validates

from domain.names import letters_of
from store.schema.root import Base

_SCHOOL_KEY = 128


class CaseState(StrEnum):
    """Where a case stands on its way from file to award. The moves between states are listed in `store.moves`."""

    RECEIVED = "received"
    NEEDS_FIX = "needs_fix"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    RECOMMENDED = "recommended"
    REPORTED = "reported"
    AWARDED = "awarded"
    NOT_AWARDED = "not_awarded"
    NOT_SELECTED = "not_selected"
    WITHDRAWN = "withdrawn"


class Mark(StrEnum):
    """What a coordinator must know about a submitted case: 未达要求, 请人工确认."""

    BELOW_DEMANDS = "below_demands"
    LOOK_BY_HAND = "look_by_hand"


class MaterialKind(StrEnum):
    """The "1" (案例正文) and the "N" (支撑材料) of "1+N".

    WAITING is a main file that replaces nothing until its owner confirms; SET_ASIDE is one the owner did not want.
    """

    MAIN = "main"
    SUPPORTING = "supporting"
    WAITING = "waiting"
    SET_ASIDE = "set_aside"


class Asked(StrEnum):
    """What the bot last asked a person about themselves and still waits for."""

    UNIT = "unit"
    SCHOOL = "school"
    CONTACT = "contact"


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or delete a row of a table that only grows."""


class Person(Base):
    """Somebody who uses the bot. `app_userid` is the lower-case id of the member of the app, if one is known.

    `self_declared` is whether the person, not the roster, told the unit. `asked` is the open question about unit,
    school or contact. `licence_shown_at` is when the person, sending the first
    material, was shown the originality and licence clause that taking part means to agree to. `on_roster` is whether
    the latest roster holds them, `left_at` when they were taken off it. `admin_by_settings` is for who is an admin as
    long as the installation's settings say so. `contact_asked_at` is when name and phone were asked for, which happens
    once; `looked_up_at` when the directory of WeCom was asked for a name.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    app_userid: Mapped[str | None] = mapped_column(String(128), unique=True)
    name: Mapped[str | None] = mapped_column(String(64))
    phone: Mapped[str | None] = mapped_column(String(32))
    role: Mapped[str] = mapped_column(String(16))
    unit_id: Mapped[str | None] = mapped_column(String(64), index=True)
    school: Mapped[str | None] = mapped_column(String(128))
    self_declared: Mapped[bool] = mapped_column(default=False)
    asked: Mapped[str | None] = mapped_column(String(16))
    licence_shown_at: Mapped[datetime | None]
    on_roster: Mapped[bool] = mapped_column(default=False, server_default=false())
    left_at: Mapped[datetime | None]
    admin_by_settings: Mapped[bool] = mapped_column(default=False, server_default=false())
    contact_asked_at: Mapped[datetime | None]
    looked_up_at: Mapped[datetime | None]


class Identity(Base):
    """An id under which a channel knows a person, lower-case: WeCom compares ids without case."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[str] = mapped_column(String(128))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class Blob(Base):
    """Bytes that lie in the blob store under their hash, whole and synced."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]


class Case(Base):
    """One case (案例). `category` and `unit_id` may still have to be asked for; `marks` holds values of `Mark`.

    `on_time` belongs to `first_arrived_at` and the deadline in force then; nothing that happens later changes it.
    `contact` is whose case it is when a coordinator sent it for a school or teacher of the unit ("" without a name),
    None for the owner's own; `deputed` is whether a coordinator sent it, for its owner or for them; `title_by_hand`: a
    person has set the title, so that no later file changes it.
    `school_key` is what all spellings of the school have in common, kept along with it.
    `award` is the prize's rank from 1. `revision` makes two simultaneous moves of one case fail instead of mixing.
    """

    __tablename__ = "case"
    __table_args__ = (
        # Holds all that the board counts, so that no row of the table itself is read for it.
        Index("ix_case_board", "unit_id", "category", "state", "on_time"),
        Index("ix_case_schools", "unit_id", "school_key", "category", "state"),
        Index("ix_case_owner_id_state", "owner_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[str] = mapped_column(String(32), unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[str | None] = mapped_column(String(64))
    school: Mapped[str | None] = mapped_column(String(128))
    school_key: Mapped[str | None] = mapped_column(String(_SCHOOL_KEY))
    category: Mapped[str | None] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(300))
    contact: Mapped[str | None] = mapped_column(String(64))
    deputed: Mapped[bool] = mapped_column(default=False, server_default=false())
    title_by_hand: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[str] = mapped_column(String(16))
    marks: Mapped[list[str]] = mapped_column(JSON, default=list)
    award: Mapped[int | None]
    first_arrived_at: Mapped[datetime]
    on_time: Mapped[bool]
    submitted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy reads it from the class

    @validates("school")
    def _keep_key(self, _name: str, school: str | None) -> str | None:
        self.school_key = None if school is None else school_key(school)
        return school


@lru_cache(maxsize=4096)
def school_key(school: str) -> str:
    """The same for all spellings of a school's name, and short enough for its column."""
    return letters_of(school)[:_SCHOOL_KEY]


class Material(Base):
    """One stored file of a case. `version` counts from 1 within a case and kind; older versions stay.

    `inbox_id` and `position` name the message and the file in it, so that a repeated run finds what the first one made.
    `on_time` is about this file; a case is on time when its first file was. `title`, `words`, `modified_at` and
    `text_sha256` are what the file says of itself, None where it says nothing: they tell which version is newer.
    """

    __tablename__ = "material"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "version"),
        UniqueConstraint("inbox_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), index=True)
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    arrived_at: Mapped[datetime]
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))
    position: Mapped[int]
    on_time: Mapped[bool] = mapped_column(server_default=true())
    title: Mapped[str | None] = mapped_column(String(300))
    words: Mapped[int | None]
    modified_at: Mapped[datetime | None]
    text_sha256: Mapped[str | None] = mapped_column(String(64))


class LostFile(Base):
    """A file that could not be brought home. Sent again soon, it counts from `arrived_at`; each excuses one file."""

    __tablename__ = "lost_file"
    __table_args__ = (UniqueConstraint("inbox_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"))
    position: Mapped[int]
    arrived_at: Mapped[datetime]
    material_id: Mapped[int | None] = mapped_column(ForeignKey("material.id"))


class RouteTick(Base):
    """Whether a unit has gone one of the notice's official routes (已上传平台, 已发邮箱), as its coordinator says."""

    __tablename__ = "route_tick"

    unit_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    route: Mapped[str] = mapped_column(String(64), primary_key=True)
    done: Mapped[bool]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class CheckResult(Base):
    """The outcome of checking one material as a case of `category`. `rules_digest` tells under which rules."""

    __tablename__ = "check_result"
    __table_args__ = (UniqueConstraint("material_id", "category", "rules_digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"))
    category: Mapped[str] = mapped_column(String(16))
    verdict: Mapped[str] = mapped_column(String(16))
    report: Mapped[dict[str, Any]]
    rules_digest: Mapped[str] = mapped_column(String(64))
    checked_at: Mapped[datetime]


class Audit(Base):
    """What was done, by whom, when. Rows are only ever added."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    act: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    detail: Mapped[dict[str, Any]]


@event.listens_for(Audit, "before_update")
@event.listens_for(Audit, "before_delete")
def _refuse_row(_mapper: Mapper[Audit], _connection: Connection, _target: Audit) -> None:
    raise AppendOnlyError("audit rows are never changed or deleted")


@event.listens_for(Session, "do_orm_execute")
def _refuse_statement(state: ORMExecuteState) -> None:
    if (state.is_update or state.is_delete) and state.bind_mapper is Audit.__mapper__:
        raise AppendOnlyError("audit rows are never changed or deleted")
