"""Cases and their files: every state move, each with its audit row in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePath
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.names import letters_of
from store import audit
from store.blobs import StoredBlob, record
from store.moves import OPEN, STEPS, Move, Moved, allows
from store.people import lock as lock_person
from store.schema.campaign import Case, CaseState, Mark, Material, MaterialKind, Person

TITLE_LENGTH = 300
# A case that comes back into a coordinator's list keeps its place there.
_SUBMITS = frozenset({Move.SUBMIT, Move.SUBMIT_ANYWAY, Move.CLEAR})


class Became(StrEnum):
    """What a file that came in turned out to be.

    REPEATED: this very message was handled before. SAME_BYTES: the person has sent these bytes before. DECIDED: a case
    of this name exists that takes no new version any more (recommended, reported, …); nothing was added. ASKS_FIRST:
    the bytes are kept, the case stays as it was until the owner confirms that they replace its version.
    """

    NEW_CASE = "new_case"
    NEW_VERSION = "new_version"
    SAME_BYTES = "same_bytes"
    REPEATED = "repeated"
    DECIDED = "decided"
    ASKS_FIRST = "asks_first"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A safely stored file about to become a material.

    `title` is the case's name as read from the file, or else from its name. `on_time` was decided by `arrived_at`, the
    campaign time at which the message came, or by `counted_at` where the file was lost before and is sent again.
    `inbox_id` and `position` name the message and the file in it. `words`, `modified_at`, `text_sha256` and
    `written_school` are what the file says of itself. `actor_id` sends it; where that is not the owner, or `contact` is
    given, it is sent for somebody of `school`: see `Case.contact`.
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
    counted_at: datetime | None = None
    words: int | None = None
    modified_at: datetime | None = None
    text_sha256: str | None = None
    school: str | None = None
    contact: str | None = None
    written_school: str = ""
    actor_id: int | None = None


def _never(_current: Material, _earlier: Sequence[Material]) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Received:
    """The case and the material a file became. `material` is the one that holds these bytes, not always the latest."""

    case: Case
    material: Material
    became: Became


def receive_material(
    session: Session,
    arrived: Arrived,
    new_receipt: Callable[[str | None], str],
    now: datetime,
    asks_first: Callable[[Material, Sequence[Material]], bool] = _never,
) -> Received:
    """Make the file a material of a case: of one that it continues, or of a new one with a receipt of its own.

    The same message again, and the same bytes by the same person again, give back what was made the first time. A file
    with the title or the file name of one of the person's open cases is the next version of that case; `asks_first` is
    shown the version in use and those before, and tells whether the owner has to confirm that it is to be replaced.
    """
    owner = lock_person(session, arrived.owner_id)
    known = _made_before(session, arrived)
    if known is not None:
        return known
    case = continued_case(session, arrived.owner_id, arrived.title, arrived.name, _whose(arrived))
    became = Became.NEW_CASE if case is None else Became.NEW_VERSION
    if case is None:
        case = open_case(session, owner, arrived, new_receipt, now)
    elif CaseState(lock(session, case.id).state) not in OPEN:
        return Received(case, latest_material(session, case.id), Became.DECIDED)
    else:
        *earlier, current = of_kind(session, case.id, MaterialKind.MAIN)
        became = Became.ASKS_FIRST if asks_first(current, earlier) else Became.NEW_VERSION
    material = _add_version(session, case, arrived, became, now)
    detail = {"version": material.version, "sha256": material.sha256, "size": material.size}
    actor_id = arrived.actor_id or owner.id
    audit.write(session, at=now, actor_id=actor_id, act=f"case.{became.value}", case_id=case.id, detail=detail)
    return Received(case, material, became)


def move(
    session: Session,
    case: Case,
    step: Move,
    *,
    actor_id: int | None,
    now: datetime,
    marks: tuple[Mark, ...] = (),
    reason: str = "",
    award: int | None = None,
) -> bool:
    """Make one move, if it leads on from the case's state; `marks` replace the old ones. False: not from this state.

    The row is locked and read again first, so of two people who act at the same moment one gets False. `moved` tells
    afterwards what was moved in this transaction. `award` is the prize's rank from 1; raises ValueError where it is
    given with another move than AWARD, or missing with that one.
    """
    if (award is not None) != (step is Move.AWARD):
        raise ValueError("a prize goes with the move AWARD, and with no other")
    locked = lock(session, case.id)
    if not allows(step, CaseState(locked.state)):
        return False
    before, after = CaseState(locked.state), STEPS[step].target
    values = [mark.value for mark in marks]
    _moved_in(session).append(Moved(locked.id, step, before, after, actor_id, reason))
    if before == after and locked.marks == values and locked.award == award:
        return True
    locked.state = after
    locked.marks = values
    locked.award = award
    locked.updated_at = now
    if step in _SUBMITS and before != after:
        locked.submitted_at = now
    session.flush()
    detail: dict[str, Any] = {"from": before.value, "to": after.value, "marks": values}
    detail |= ({"reason": reason} if reason else {}) | ({} if award is None else {"award": award})
    audit.write(session, at=now, actor_id=actor_id, act=f"case.{step.value}", case_id=locked.id, detail=detail)
    return True


def marks_of(case: Case) -> tuple[Mark, ...]:
    """What the case is marked with, for moves that leave the marks as they are."""
    return tuple(Mark(mark) for mark in case.marks)


def moved(session: Session) -> tuple[Moved, ...]:
    """The moves made in this transaction so far, in order: whoever tells people of them need not know who made them."""
    return tuple(_moved_in(session))


def _moved_in(session: Session) -> list[Moved]:
    made: list[Moved] = session.info.setdefault("moved", [])
    return made


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


def set_marks(session: Session, case: Case, marks: tuple[Mark, ...], *, actor_id: int | None, now: datetime) -> bool:
    """Mark a case otherwise, where it stands. False when it is marked so already."""
    locked, values = lock(session, case.id), [mark.value for mark in marks]
    if locked.marks == values:
        return False
    detail = {"from": locked.marks, "to": values}
    locked.marks = values
    locked.updated_at = now
    audit.write(session, at=now, actor_id=actor_id, act="case.marks", case_id=locked.id, detail=detail)
    return True


def set_unit(
    session: Session, case: Case, unit_id: str, school: str | None, *, actor_id: int | None, now: datetime
) -> None:
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


def get(session: Session, case_id: int) -> Case:
    """The case with this id. Raises sqlalchemy.exc.NoResultFound."""
    return session.get_one(Case, case_id)


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


def of_kind(session: Session, case_id: int, kind: MaterialKind) -> list[Material]:
    """A case's files of one kind, oldest version first."""
    query = select(Material).where(Material.case_id == case_id, Material.kind == kind)
    return list(session.scalars(query.order_by(Material.version)))


def next_version(session: Session, case_id: int, kind: MaterialKind) -> int:
    """The number the next file of this kind gets."""
    taken = select(func.max(Material.version)).where(Material.case_id == case_id, Material.kind == kind)
    return (session.scalar(taken) or 0) + 1


def _made_before(session: Session, arrived: Arrived) -> Received | None:
    mine = select(Material, Case).join(Case, Case.id == Material.case_id).where(Case.owner_id == arrived.owner_id)
    if arrived.inbox_id is not None:
        again = mine.where(Material.inbox_id == arrived.inbox_id, Material.position == arrived.position)
        row = session.execute(again).one_or_none()
        if row is not None:
            return Received(row[1], row[0], Became.REPEATED)
    alive = mine.where(Case.state != CaseState.WITHDRAWN, Material.kind != MaterialKind.SUPPORTING)
    same = alive.where(Material.sha256 == arrived.sha256)
    row = session.execute(same.order_by(Material.id.desc()).limit(1)).one_or_none()
    return None if row is None else Received(row[1], row[0], Became.SAME_BYTES)


def continued_case(
    session: Session, owner_id: int, title: str, name: str, whose: tuple[str, str] | None = None
) -> Case | None:
    """The person's case that a file of this title and name continues: an open one first, else one decided already.

    `whose` is the school and the name of whom it is sent for, None for the owner's own cases."""
    alive = [case for case in of_owner(session, owner_id) if case.state != CaseState.WITHDRAWN]
    alive = [case for case in alive if _belongs_to(case) == whose]
    alive.sort(key=lambda case: CaseState(case.state) not in OPEN)
    title, stem = letters_of(title), letters_of(PurePath(name).stem)
    mains = {case.id: of_kind(session, case.id, MaterialKind.MAIN) for case in alive}
    for case in alive:
        titles = {letters_of(each) for each in (case.title, *(file.title or "" for file in mains[case.id]))}
        if title and title in titles:
            return case
    for case in alive:
        if stem and stem in {letters_of(PurePath(file.name).stem) for file in mains[case.id]}:
            return case
    return None


def _whose(arrived: Arrived) -> tuple[str, str] | None:
    return None if arrived.contact is None else (letters_of(arrived.school or ""), letters_of(arrived.contact))


def _belongs_to(case: Case) -> tuple[str, str] | None:
    return None if case.contact is None else (letters_of(case.school or ""), letters_of(case.contact))


def open_case(
    session: Session, owner: Person, arrived: Arrived, new_receipt: Callable[[str | None], str], now: datetime
) -> Case:
    """A new case with a receipt of its own and no file yet."""
    case = Case(
        receipt=new_receipt(arrived.category),
        owner_id=owner.id,
        unit_id=owner.unit_id,
        school=arrived.school or owner.school or arrived.written_school or None,
        contact=arrived.contact,
        deputed=arrived.contact is not None or arrived.actor_id not in {None, owner.id},
        category=arrived.category,
        title=arrived.title[:TITLE_LENGTH],
        state=CaseState.RECEIVED,
        marks=[],
        first_arrived_at=arrived.counted_at or arrived.arrived_at,
        on_time=arrived.on_time,
        created_at=now,
        updated_at=now,
    )
    session.add(case)
    session.flush()
    return case


def _add_version(session: Session, case: Case, arrived: Arrived, became: Became, now: datetime) -> Material:
    record(session, StoredBlob(arrived.sha256, arrived.size), now)
    set_aside_waiting(session, case.id)
    kind = MaterialKind.WAITING if became is Became.ASKS_FIRST else MaterialKind.MAIN
    material = Material(
        case_id=case.id,
        version=next_version(session, case.id, kind),
        kind=kind,
        sha256=arrived.sha256,
        name=arrived.name,
        size=arrived.size,
        arrived_at=arrived.arrived_at,
        inbox_id=arrived.inbox_id,
        position=arrived.position,
        on_time=arrived.on_time,
        title=arrived.title[:TITLE_LENGTH],
        words=arrived.words,
        modified_at=arrived.modified_at,
        text_sha256=arrived.text_sha256,
    )
    session.add(material)
    if kind is MaterialKind.MAIN and not case.title_by_hand:
        case.title = arrived.title[:TITLE_LENGTH]
    case.updated_at = now
    session.flush()
    return material


def living_twin(session: Session, case: Case) -> Case | None:
    """Another case of the same person, not withdrawn, with this case's title or with the very same file."""
    title, sha256 = letters_of(case.title), latest_material(session, case.id).sha256
    for other in of_owner(session, case.owner_id):
        if other.id == case.id or other.state == CaseState.WITHDRAWN:
            continue
        if letters_of(other.title) == title or latest_material(session, other.id).sha256 == sha256:
            return other
    return None


def set_aside_waiting(session: Session, case_id: int) -> None:
    """No file of this case waits to be confirmed any more; the bytes stay."""
    for material in of_kind(session, case_id, MaterialKind.WAITING):
        material.version = next_version(session, case_id, MaterialKind.SET_ASIDE)
        material.kind = MaterialKind.SET_ASIDE
        session.flush()
