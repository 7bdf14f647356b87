"""The files of a case from the console: the originals as they came, and the annotated and reformatted copies. Whether
the visitor may see the case is asked at each file anew."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

import structlog
from flask import Blueprint, Response

from bot.console.case import find_case
from bot.console.findings import readings
from bot.console.guard import Guard, Visitor
from bot.console.looking import looking
from bot.console.showing import nothing_here, sentence
from bot.copying import Copies, until_copied
from bot.file_response import file_response
from bot.services import Services
from domain.policy import Act
from handlers.contract import CopyKind, CopyMade, CopyWish
from store import cases
from store.blobs import BlobsAwayError
from store.schema.campaign import MaterialKind

_log = structlog.get_logger(__name__)

AWAY = "文件现在取不出来，请过几分钟再试。如果一直这样，请告诉管理员。"
BUSY = "正在做另一份文件，请过几秒再点一次。"
_WHICH = re.compile(r"(?P<kind>[a-z_]{1,16})-(?P<number>[1-9][0-9]{0,5})")


class _UnknownError(Exception):
    """There is no such file, or it is none of the visitor's business."""


class _BusyError(Exception):
    """Another copy is being made in this process."""


def case_files(services: Services, guard: Guard) -> Blueprint:
    """The addresses /console/cases/<receipt>/files/main-2 and …/copies/annotate-2: kind and number of the version."""
    blueprint = Blueprint("case_files", __name__)
    at_work = threading.Lock()  # a copy takes a processor; pages must not wait for many of them

    @blueprint.get("/console/cases/<receipt>/files/<which>")
    @guard.page(Act.SEE_OWN_CASES)
    def original(visitor: Visitor, receipt: str, which: str) -> Response:
        found = _WHICH.fullmatch(which)
        if found is None or found["kind"] not in set(MaterialKind):
            return nothing_here()
        with looking(services, visitor) as ctx:
            case = find_case(ctx, receipt)
            of_kind = [] if case is None else cases.of_kind(ctx.session, case.id, MaterialKind(found["kind"]))
            material = next((each for each in of_kind if each.version == int(found["number"])), None)
        return nothing_here() if material is None else _send(services, material.sha256, material.name)

    @blueprint.get("/console/cases/<receipt>/copies/<which>")
    @guard.page(Act.SEE_OWN_CASES)
    def copy(visitor: Visitor, receipt: str, which: str) -> Response:
        found = _WHICH.fullmatch(which)
        if found is None or found["kind"] not in set(CopyKind):
            return nothing_here()
        look_up = _copy_of(services, visitor, receipt, CopyKind(found["kind"]), int(found["number"]))
        return _copy(services, receipt, look_up, at_work)

    return blueprint


Attempt = Callable[..., CopyMade | None]


def _copy_of(services: Services, visitor: Visitor, receipt: str, kind: CopyKind, version: int) -> Attempt:
    """An attempt to find the copy. Raises _UnknownError where the visitor finds no such case or version."""

    def attempt(copies: Copies, *, last: bool) -> CopyMade | None:
        with looking(services, visitor) as ctx:
            case = find_case(ctx, receipt)
            main = [] if case is None else cases.of_kind(ctx.session, case.id, MaterialKind.MAIN)
            material = next((each for each in main if each.version == version), None)
            if case is None or material is None:
                raise _UnknownError
            wish = CopyWish(kind, material.sha256, material.name, readings(ctx, case, material))
            made = copies.look_up(ctx.session)(wish)
            copies.demand(last=last)
            return made

    return attempt


def _copy(services: Services, receipt: str, attempt: Attempt, at_work: threading.Lock) -> Response:
    copies = Copies(
        services.sandbox,
        services.notice,
        database=services.database,
        blobs=services.blobs,
        clock=services.clock,
        known={},
    )
    try:
        made = attempt(copies, last=True) or _make(copies, attempt, at_work)
    except _UnknownError:
        return nothing_here()
    except _BusyError:
        return sentence(BUSY, 503, title="请稍等", back=f"/console/cases/{receipt}")
    except (FileNotFoundError, BlobsAwayError):
        _log.exception("a file of a case cannot be read")
        return sentence(AWAY, 503, title="暂时取不到")
    if made is None or made.file is None:
        return sentence(made.refused if made else AWAY, 200, title="没有这个副本", back=f"/console/cases/{receipt}")
    return _send(services, made.file.sha256, made.file.name)


def _make(copies: Copies, attempt: Attempt, at_work: threading.Lock) -> CopyMade | None:
    """Make the copy that nobody has made yet. Raises _BusyError while another one is being made."""
    if not at_work.acquire(blocking=False):
        raise _BusyError
    try:
        return until_copied(copies, attempt, lambda: None)
    finally:
        at_work.release()


def _send(services: Services, sha256: str, name: str) -> Response:
    try:
        return file_response(services, sha256, name)
    except (FileNotFoundError, BlobsAwayError):
        _log.exception("a file of a case cannot be read")
        return sentence(AWAY, 503, title="暂时取不到")
