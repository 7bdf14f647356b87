"""Cases and their files: every state move, each with its audit row in the same transaction."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePath

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store import audit
from store.blobs import StoredBlob, record
from store.moves import OPEN, STEPS, Move, allows
from store.people import lock as lock_person
from store.schema.campaign import Case, CaseState, Mark, Material, MaterialKind, Person

TITLE_LENGTH = 300
_NOT_LETTERS = re.compile(r"[\W_]+")


class Became(StrEnum):
    """What a file that came in turned out to be.

    REPEATED: this very message was handled before. SAME_BYTES: the person has sent these bytes before. DECIDED: a case
    of this name exists that takes no new version any more (recommended, reported, …); nothing was added.
    """

    NEW_CASE = "new_case"
    NEW_VERSION = "new_version"
    SAME_BYTES = "same_bytes"
    REPEATED = "repeated"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A safely stored file about to become a material.

    `title` is the case's name as read from the file, or else from its name. `on_time` was decided by `arrived_at`, the
    campaign time at which the message came. `inbox_id` and `position` name the message and the file in it.
    """

    owner_id: int
    title: str
    category: str | None
    name: str
    size: int
    sha256: str
    arrived_at: datetime
    on_time: bool
    inbox_id: int | None
    position: int


@dataclass(frozen=True, slots=True)
class Received:
    """The case and the material a file became. `material` is the one that holds these bytes, not always the latest."""

    case: Case
    material: Material
    became: Became


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases of a unit and category are in a state. `category` is None while it is not known."""

    unit_id: str
    category: str | None
    state: CaseState
    cases: int


def receive_material(
    session: Session, arrived: Arrived, new_receipt: Callable[[str | None], str], now: datetime
) -> Received:
    """Make the file a material of a case: of one that it continues, or of a new one with a receipt of its own.

    The same message again, and the same bytes by the same person again, give back what was made the first time. A file
    with the title or the file name of one of the person's open cases is the next version of that case.
    """
    owner = lock_person(session, arrived.owner_id)
    known = _made_before(session, arrived)
    if known is not None:
        return known
    case = _continued(session, arrived)
    became = Became.NEW_CASE if case is None else Became.NEW_VERSION
    if case is None:
        case = _new_case(session, owner, arrived, new_receipt, now)
    elif CaseState(lock(session, case.id).state) not in OPEN:
        return Received(case, latest_material(session, case.id), Became.DECIDED)
    material = _add_version(session, case, arrived, now)
    detail = {"version": material.version, "sha256": material.sha256, "size": material.size}
    audit.write(session, at=now, actor_id=owner.id, act=f"case.{became.value}", case_id=case.id, detail=detail)
    return Received(case, material, became)


def move(
    session: Session, case: Case, step: Move, *, actor_id: int | None, now: datetime, marks: tuple[Mark, ...] = ()
) -> bool:
    """Make one move, if it leads on from the case's state; `marks` replace the old ones. False: not from this state.

    The row is locked and read again first, so of two people who act at the same moment one gets False.
    """
    locked = lock(session, case.id)
    if not allows(step, CaseState(locked.state)):
        return False
    before, after = locked.state, STEPS[step].target
    values = [mark.value for mark in marks]
    if before == after and locked.marks == values:
        return True
    locked.state = after
    locked.marks = values
    locked.updated_at = now
    if after is CaseState.SUBMITTED and before != after:
        locked.submitted_at = now
    session.flush()
    detail = {"from": before, "to": after.value, "marks": values}
    audit.write(session, at=now, actor_id=actor_id, act=f"case.{step.value}", case_id=locked.id, detail=detail)
    return True


def set_category(session: Session, case: Case, category: str, *, actor_id: int, now: datetime) -> bool:
    """Note or change the category of an open case. The receipt number stays. False when it is decided already."""
    locked = lock(session, case.id)
    if CaseState(locked.state) not in OPEN:
        return False
    before = locked.category
    if before != category:
        locked.category = category
        locked.updated_at = now
        detail = {"from": before, "to": category}
        audit.write(session, at=now, actor_id=actor_id, act="case.category", case_id=locked.id, detail=detail)
    return True


def set_unit(session: Session, case: Case, unit_id: str, school: str | None, *, actor_id: int, now: datetime) -> None:
    """Note to whom a case belongs that came before its owner had told."""
    locked = lock(session, case.id)
    locked.unit_id = unit_id
    locked.school = school or locked.school
    locked.updated_at = now
    detail = {"unit": unit_id, "school": school}
    audit.write(session, at=now, actor_id=actor_id, act="case.unit", case_id=locked.id, detail=detail)


def lock(session: Session, case_id: int) -> Case:
    """The case as it is now, locked until the transaction ends. Raises sqlalchemy.exc.NoResultFound."""
    session.flush()
    return session.scalars(
        select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def by_receipt(session: Session, receipt: str) -> Case | None:
    """The case with this receipt number. Whether somebody may see it is decided by the caller."""
    return session.scalar(select(Case).where(Case.receipt == receipt))


def of_owner(session: Session, owner_id: int) -> list[Case]:
    """A person's cases, the one they touched last first."""
    query = select(Case).where(Case.owner_id == owner_id)
    return list(session.scalars(query.order_by(Case.updated_at.desc(), Case.id.desc())))


def latest_material(session: Session, case_id: int, kind: MaterialKind = MaterialKind.MAIN) -> Material:
    """The newest version of the case's file. Raises sqlalchemy.exc.NoResultFound when there is none."""
    query = select(Material).where(Material.case_id == case_id, Material.kind == kind)
    return session.scalars(query.order_by(Material.version.desc()).limit(1)).one()


def versions(session: Session, case_id: int) -> list[Material]:
    """All files of a case, oldest first."""
    return list(session.scalars(select(Material).where(Material.case_id == case_id).order_by(Material.id)))


def counts(session: Session, unit_id: str | None = None) -> list[Count]:
    """How many cases there are by unit, category and state: of one unit, or of all. A plain query, nothing is stored.

    Cases whose owner has not told a unit yet belong to no unit and are not among them.
    """
    query = select(Case.unit_id, Case.category, Case.state, func.count()).where(Case.unit_id.is_not(None))
    if unit_id is not None:
        query = query.where(Case.unit_id == unit_id)
    rows = session.execute(query.group_by(Case.unit_id, Case.category, Case.state)).all()
    return [Count(unit, category, CaseState(state), number) for unit, category, state, number in rows if unit]


def _made_before(session: Session, arrived: Arrived) -> Received | None:
    mine = select(Material, Case).join(Case, Case.id == Material.case_id).where(Case.owner_id == arrived.owner_id)
    if arrived.inbox_id is not None:
        again = mine.where(Material.inbox_id == arrived.inbox_id, Material.position == arrived.position)
        row = session.execute(again).one_or_none()
        if row is not None:
            return Received(row[1], row[0], Became.REPEATED)
    same = mine.where(Material.sha256 == arrived.sha256, Case.state != CaseState.WITHDRAWN)
    row = session.execute(same.order_by(Material.id.desc()).limit(1)).one_or_none()
    return None if row is None else Received(row[1], row[0], Became.SAME_BYTES)


def _continued(session: Session, arrived: Arrived) -> Case | None:
    """The person's case that this file continues: an open one first, else one that is decided already."""
    alive = [case for case in of_owner(session, arrived.owner_id) if case.state != CaseState.WITHDRAWN]
    alive.sort(key=lambda case: CaseState(case.state) not in OPEN)
    title, stem = _same_name(arrived.title), _same_name(PurePath(arrived.name).stem)
    for case in alive:
        if title and _same_name(case.title) == title:
            return case
    for case in alive:
        if stem and stem in {_same_name(PurePath(material.name).stem) for material in versions(session, case.id)}:
            return case
    return None


def _same_name(text: str) -> str:
    """A title or file stem reduced to its letters: width, case, blanks and signs make no other case of it."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _new_case(
    session: Session, owner: Person, arrived: Arrived, new_receipt: Callable[[str | None], str], now: datetime
) -> Case:
    case = Case(
        receipt=new_receipt(arrived.category),
        owner_id=owner.id,
        unit_id=owner.unit_id,
        school=owner.school,
        category=arrived.category,
        title=arrived.title[:TITLE_LENGTH],
        state=CaseState.RECEIVED,
        marks=[],
        first_arrived_at=arrived.arrived_at,
        on_time=arrived.on_time,
        created_at=now,
        updated_at=now,
    )
    session.add(case)
    session.flush()
    return case


def _add_version(session: Session, case: Case, arrived: Arrived, now: datetime) -> Material:
    record(session, StoredBlob(arrived.sha256, arrived.size), now)
    kind = MaterialKind.MAIN
    taken = select(func.max(Material.version)).where(Material.case_id == case.id, Material.kind == kind)
    material = Material(
        case_id=case.id,
        version=(session.scalar(taken) or 0) + 1,
        kind=kind,
        sha256=arrived.sha256,
        name=arrived.name,
        size=arrived.size,
        arrived_at=arrived.arrived_at,
        inbox_id=arrived.inbox_id,
        position=arrived.position,
    )
    session.add(material)
    case.title = arrived.title[:TITLE_LENGTH]
    case.updated_at = now
    session.flush()
    return material
