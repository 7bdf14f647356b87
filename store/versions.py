"""Which version of a case's file is in use: a waiting one adopted or set aside, an earlier one taken back into use."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store import audit, checks
from store.cases import latest_material, lock, next_version, of_kind, set_aside_waiting
from store.moves import OPEN
from store.schema.campaign import Case, CaseState, CheckResult, Material, MaterialKind


def waiting(session: Session, case_id: int) -> Material | None:
    """The file that waits for its owner to confirm that it replaces the version in use."""
    return next(iter(of_kind(session, case_id, MaterialKind.WAITING)), None)


def with_waiting(session: Session, case_ids: Collection[int]) -> frozenset[int]:
    """Those of these cases that have such a file."""
    query = select(Material.case_id).where(Material.case_id.in_(case_ids), Material.kind == MaterialKind.WAITING)
    return frozenset(session.scalars(query))


def by_number(session: Session, case_id: int, number: int) -> Material | None:
    """The version with this number, counted from 1."""
    main = of_kind(session, case_id, MaterialKind.MAIN)
    return next((material for material in main if material.version == number), None)


def wait_again(session: Session, case: Case, material: Material, now: datetime) -> None:
    """A file that was set aside came once more: it waits to be confirmed again."""
    set_aside_waiting(session, case.id)
    material.version = next_version(session, case.id, MaterialKind.WAITING)
    material.kind = MaterialKind.WAITING
    case.updated_at = now
    session.flush()


def adopt(session: Session, case: Case, material: Material, *, actor_id: int, now: datetime) -> bool:
    """The waiting file becomes the case's newest version. False when the case is decided or the file waits no more."""
    locked = lock(session, case.id)
    session.refresh(material)
    if CaseState(locked.state) not in OPEN or material.kind != MaterialKind.WAITING:
        return False
    material.version = next_version(session, case.id, MaterialKind.MAIN)
    material.kind = MaterialKind.MAIN
    _put_in_use(session, locked, material, act="case.new_version", actor_id=actor_id, now=now)
    return True


def keep_current(session: Session, case: Case, *, actor_id: int, now: datetime) -> bool:
    """The waiting file is not wanted: it is kept, and replaces nothing. False when none waits."""
    lock(session, case.id)
    unwanted = waiting(session, case.id)
    if unwanted is None:
        return False
    set_aside_waiting(session, case.id)
    detail = {"sha256": unwanted.sha256}
    audit.write(session, at=now, actor_id=actor_id, act="case.version_kept", case_id=case.id, detail=detail)
    return True


def restore(session: Session, case: Case, earlier: Material, *, inbox_id: int, actor_id: int, now: datetime) -> bool:
    """The bytes of an earlier version become the newest version, with what was found out about them.

    False when the case is decided. Nothing happens when these bytes are in use already.
    """
    locked = lock(session, case.id)
    if CaseState(locked.state) not in OPEN:
        return False
    if latest_material(session, case.id).sha256 == earlier.sha256:
        return True
    set_aside_waiting(session, case.id)
    again = Material(
        case_id=case.id,
        version=next_version(session, case.id, MaterialKind.MAIN),
        kind=MaterialKind.MAIN,
        sha256=earlier.sha256,
        name=earlier.name,
        size=earlier.size,
        arrived_at=earlier.arrived_at,
        inbox_id=inbox_id,
        position=0,
        on_time=earlier.on_time,
        title=earlier.title,
        words=earlier.words,
        modified_at=earlier.modified_at,
        text_sha256=earlier.text_sha256,
    )
    session.add(again)
    session.flush()
    for result in session.scalars(select(CheckResult).where(CheckResult.material_id == earlier.id)).all():
        checks.record(
            session,
            material_id=again.id,
            category=result.category,
            verdict=result.verdict,
            report=result.report,
            rules_digest=result.rules_digest,
            now=result.checked_at,
        )
    _put_in_use(session, locked, again, act="case.version_restored", actor_id=actor_id, now=now)
    return True


def _put_in_use(session: Session, case: Case, material: Material, *, act: str, actor_id: int, now: datetime) -> None:
    if not case.title_by_hand:
        case.title = material.title or case.title
    case.updated_at = now
    session.flush()
    detail = {"version": material.version, "sha256": material.sha256, "size": material.size}
    audit.write(session, at=now, actor_id=actor_id, act=act, case_id=case.id, detail=detail)
