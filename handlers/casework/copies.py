"""The copies that go with a check: comments where something was found, the layout where fonts are the fault."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from domain.chat import Reply
from handlers.contract import Context, CopyKind, CopyMade, CopyWish
from validators.report import Reading, Report

TYPOGRAPHY = frozenset(
    {"title.font", "title.size", "title.alignment", "heading.font", "heading.size", "body.font", "body.size"}
)
MENDED = "字体、字号和对齐在自动排版版里已经改好，文字一个没动；核对后可以直接把它发给我。"


def readings_of(reports: Iterable[Report]) -> tuple[Reading, ...]:
    """Reports on one file for several categories, those that say the same as one."""
    alike: dict[tuple[object, ...], tuple[list[str], Report]] = {}
    for report in reports:
        key = report.verdict, tuple(finding.cause for finding in report.findings)
        codes, _ = alike.setdefault(key, ([], report))
        codes.append(report.category or "")
    return tuple(Reading(tuple(codes), report) for codes, report in alike.values())


def with_copies(ctx: Context, reply: Reply, sha256: str, name: str, readings: Sequence[Reading]) -> Reply:
    """The reply with the copies that help with this Word file, and a line about each of them."""
    kinds = helpful(readings)
    made = [ctx.copy(CopyWish(kind, sha256, name, tuple(readings))) for kind in kinds]
    return attached(reply, made, kinds)


def helpful(readings: Sequence[Reading]) -> tuple[CopyKind, ...]:
    """Which copies help: none while some reading finds nothing, since it may be the right one."""
    if not all(reading.report.findings for reading in readings):
        return ()
    names = {finding.name for reading in readings for finding in reading.report.findings}
    annotated = (CopyKind.ANNOTATED,) if names else ()
    return (*annotated, CopyKind.REFORMATTED) if names & TYPOGRAPHY else annotated


def attached(reply: Reply, made: Sequence[CopyMade | None], kinds: Sequence[CopyKind]) -> Reply:
    """The reply with these copies; it says what is mended in one, and why there is none."""
    lines, files = [reply.text], list(reply.files)
    for kind, copy in zip(kinds, made, strict=True):
        if copy is None:
            continue
        if copy.file is not None:
            files.append(copy.file)
            lines += [MENDED] if kind is CopyKind.REFORMATTED else []
        elif copy.refused:
            lines.append(copy.refused)
    return replace(reply, text="\n".join(lines), files=tuple(files))
