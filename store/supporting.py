"""Supporting files of cases: attached, moved to another case, made a case of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from store import audit
from store.blobs import StoredBlob, record
from store.cases import Arrived, lock, next_version, of_kind, open_case
from store.moves import OPEN
from store.people import get as get_person
from store.schema.campaign import Case, CaseState, Material, MaterialKind

SAME_BATCH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Support:
    """A safely stored file about to become a supporting file."""

    name: str
    size: int
    sha256: str
    arrived_at: datetime
    on_time: bool
    inbox_id: int
    position: int


def attach(
    session: Session, case: Case, support: Support, *, actor_id: int, now: datetime
) -> tuple[Material, bool] | None:
    """Make the file a supporting file of the case. Returns it and whether it is new; None when the case is decided.

    The same message again, and the same bytes for the same case again, give back what was made the first time.
    """
    locked = lock(session, case.id)
    again = session.scalar(
        select(Material).where(Material.inbox_id == support.inbox_id, Material.position == support.position)
    )
    known = again or next((each for each in of(session, case.id) if each.sha256 == support.sha256), None)
    if known is not None:
        return known, False
    if CaseState(locked.state) not in OPEN:
        return None
    record(session, StoredBlob(support.sha256, support.size), now)
    material = Material(
        case_id=case.id,
        version=next_version(session, case.id, MaterialKind.SUPPORTING),
        kind=MaterialKind.SUPPORTING,
        sha256=support.sha256,
        name=support.name,
        size=support.size,
        arrived_at=support.arrived_at,
        inbox_id=support.inbox_id,
        position=support.position,
        on_time=support.on_time,
    )
    session.add(material)
    locked.updated_at = now
    session.flush()
    detail = {"number": material.version, "sha256": material.sha256, "size": material.size}
    audit.write(session, at=now, actor_id=actor_id, act="case.supported", case_id=case.id, detail=detail)
    return material, True


def of(session: Session, case_id: int) -> list[Material]:
    """The supporting files of a case, in the order they came."""
    return of_kind(session, case_id, MaterialKind.SUPPORTING)


def last_batch(session: Session, owner_id: int) -> list[Material]:
    """The supporting files this person sent last for one case, none more than ten minutes before the newest."""
    mine = select(Material).join(Case, Case.id == Material.case_id)
    mine = mine.where(Case.owner_id == owner_id, Material.kind == MaterialKind.SUPPORTING)
    newest = session.scalars(mine.order_by(Material.id.desc()).limit(1)).first()
    if newest is None:
        return []
    since = newest.arrived_at - SAME_BATCH
    return [each for each in of(session, newest.case_id) if each.arrived_at >= since]


def move_to(session: Session, case: Case, files: Sequence[Material], *, actor_id: int, now: datetime) -> bool:
    """Give these supporting files to another case. False when either case is decided."""
    sources = [lock(session, case_id) for case_id in sorted({each.case_id for each in files} | {case.id})]
    if any(CaseState(each.state) not in OPEN for each in sources):
        return False
    for material in files:
        before = material.case_id
        if before == case.id:
            continue
        material.version = next_version(session, case.id, MaterialKind.SUPPORTING)
        material.case_id = case.id
        session.flush()
        detail = {"sha256": material.sha256, "from": before, "to": case.id}
        for case_id in (before, case.id):
            audit.write(session, at=now, actor_id=actor_id, act="case.support_moved", case_id=case_id, detail=detail)
    case.updated_at = now
    session.flush()
    return True


def separate(
    session: Session,
    material: Material,
    *,
    title: str,
    category: str | None,
    new_receipt: Callable[[str | None], str],
    now: datetime,
) -> Case | None:
    """Make a supporting file the first version of a case of its own. None when the case it was with is decided."""
    source = lock(session, material.case_id)
    if CaseState(source.state) not in OPEN:
        return None
    arrived = Arrived(
        owner_id=source.owner_id,
        title=title,
        category=category,
        name=material.name,
        size=material.size,
        sha256=material.sha256,
        arrived_at=material.arrived_at,
        on_time=material.on_time,
        inbox_id=material.inbox_id,
        position=material.position,
    )
    case = open_case(session, get_person(session, source.owner_id), arrived, new_receipt, now)
    material.case_id, material.kind, material.version = case.id, MaterialKind.MAIN, 1
    material.title = case.title
    session.flush()
    detail = {"sha256": material.sha256, "from": source.id, "to": case.id}
    for case_id in (source.id, case.id):
        audit.write(
            session, at=now, actor_id=source.owner_id, act="case.support_separated", case_id=case_id, detail=detail
        )
    return case
