"""Supporting files: which case one is for, and what is said when it is attached."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from sqlalchemy.orm import Session

from domain.chat import Choice, Reply
from domain.demands import Category
from domain.notice import Notice
from domain.roles import Actor
from domain.wording import show_instant, show_size
from handlers.casework.case_text import NO_CATEGORY
from handlers.casework.questions import submittable
from handlers.casework.report_text import show_title
from handlers.casework.settling import MINE, decided
from handlers.contract import Attachment, Context
from handlers.said import one_line
from store import awaited_files, cases, checks, lost_files, supporting
from store.moves import OPEN
from store.schema.campaign import Case, CaseState, Material
from validators import judge
from validators.facts import FileKind, Trouble
from validators.json_codec import to_json

TAKEN = "📎《{name}》（{size}）已收下，是《{title}》{category}的第 {number} 份支撑材料。"
LATE = "这份材料在截止后收到，已标注“已过截止时间”。"
SENT_AGAIN = "您{when}第一次发来，当时没有取到；是否按时按那一刻算。"
AGAIN = "《{name}》已经发过，是《{title}》{category}的第 {number} 份支撑材料，不用重发。"
UNREADABLE = "《{name}》没有作为支撑材料收下：{trouble}"
UNNAMED = "未命名文件"
FINISHED = Choice("发完了", "支撑材料发完了")
SEPARATE = Choice("作为单独的案例", "视频作为单独的案例")
_MOST_OTHERS = 4
_VIDEO = frozenset({FileKind.MP4, FileKind.MOV, FileKind.OTHER_VIDEO})
_KINDS = _VIDEO | {
    FileKind.IMAGE,
    FileKind.PDF,
    FileKind.EXCEL,
    FileKind.POWERPOINT,
    FileKind.ZIP,
    FileKind.ARCHIVE,
}
_NEVER = frozenset({FileKind.EMPTY, FileKind.LOCK_FILE})
_USELESS = frozenset({Trouble.DAMAGED, Trouble.HOSTILE})
# Too large to be looked into, such a package is told by its name.
_PACKAGES = frozenset({".zip", ".xlsx", ".pptx"})


def takes_support(notice: Notice, actor: Actor, case: Case) -> bool:
    """Whether the case may get supporting files: nobody has decided about it, and its category has them."""
    if CaseState(case.state) not in OPEN:
        return False
    if case.category is None:
        return any(category.supporting_files for category in submittable(notice, actor))
    return notice.category(case.category).supporting_files


def candidates(session: Session, notice: Notice, actor: Actor) -> list[Case]:
    """The person's cases that may get supporting files, the current one first."""
    return [case for case in cases.of_owner(session, actor.person_id) if takes_support(notice, actor, case)]


def case_for(file: Attachment, ctx: Context) -> Case | None:
    """The case this file is a supporting file of, None when it is none: the awaited one, else the current one.

    A Word file or video with the name of one of the person's cases is that case's next version, whatever is awaited.
    """
    if (file.facts.word is not None or file.facts.kind in _VIDEO) and _continues(file, ctx):
        return None
    awaited = awaited_files.supported(ctx.session, ctx.actor.person_id, ctx.now)
    if awaited is not None and takes_support(ctx.notice, ctx.actor, awaited):
        return awaited
    if file.facts.kind in _KINDS or _is_large_package(file):
        return next(iter(candidates(ctx.session, ctx.notice, ctx.actor)), None)
    return None


def attach(file: Attachment, ctx: Context, case: Case) -> Reply:
    """Keep the file with the case and say with which; other cases, and for a video a case of its own, are offered."""
    name = one_line(file.name) or UNNAMED
    if file.facts.kind in _NEVER or file.facts.trouble_kind in _USELESS:
        return Reply(UNREADABLE.format(name=show_title(name), trouble=file.facts.trouble))
    first = lost_files.first_arrival(
        ctx.session, person_id=ctx.actor.person_id, inbox_id=ctx.inbox_id, arrived_at=ctx.arrived_at
    )
    support = supporting.Support(
        name=name,
        size=file.size,
        sha256=file.sha256,
        arrived_at=ctx.arrived_at,
        on_time=ctx.is_on_time(first.arrived_at if first else ctx.arrived_at),
        inbox_id=ctx.inbox_id,
        position=file.position,
    )
    attached = supporting.attach(ctx.session, case, support, actor_id=ctx.actor.person_id, now=ctx.now)
    if attached is None:
        return decided(ctx.notice, case)
    material, is_new = attached
    is_awaited = awaited_files.supported(ctx.session, ctx.actor.person_id, ctx.now) is not None
    if is_awaited:
        awaited_files.expect_support(ctx.session, ctx.actor.person_id, case, ctx.now)
    lines = [_said(TAKEN if is_new else AGAIN, case, material)]
    if is_new and first is not None:
        lost_files.found(ctx.session, first, material.id)
        lines.append(SENT_AGAIN.format(when=show_instant(first.arrived_at, ctx.notice.timezone)))
    if not material.on_time:
        lines.append(LATE)
    fitting = _as_case(file, ctx) if not is_awaited else ()
    _keep_reports(file, ctx, material, fitting)
    own = ((FINISHED,) if is_awaited else ()) + ((SEPARATE,) if fitting else ())
    return Reply("\n".join(lines), (*own, *others(ctx, case), MINE))


def others(ctx: Context, case: Case) -> tuple[Choice, ...]:
    """The choices to give what was sent last to another case."""
    found = [each for each in candidates(ctx.session, ctx.notice, ctx.actor) if each.id != case.id]
    return tuple(
        Choice(f"改给《{show_title(each.title)}》", f"支撑材料改给 {each.receipt}") for each in found[:_MOST_OTHERS]
    )


def _said(text: str, case: Case, material: Material) -> str:
    return text.format(
        name=show_title(material.name),
        size=show_size(material.size),
        title=show_title(case.title),
        category=case.category or f"（{NO_CATEGORY}）",
        number=material.version,
    )


def _as_case(file: Attachment, ctx: Context) -> tuple[Category, ...]:
    """The categories in which a video could be a case of its own."""
    if file.facts.kind not in _VIDEO:
        return ()
    return tuple(each for each in submittable(ctx.notice, ctx.actor) if each.video is not None)


def _keep_reports(file: Attachment, ctx: Context, material: Material, fitting: Sequence[Category]) -> None:
    """Should the video become a case of its own, it need not be looked at again."""
    for category in fitting:
        report = judge(file.facts, category, ctx.notice)
        checks.record(
            ctx.session,
            material_id=material.id,
            category=category.code,
            verdict=report.verdict,
            report=to_json(report),
            rules_digest=ctx.notice.digest,
            now=ctx.now,
        )


def _continues(file: Attachment, ctx: Context) -> bool:
    title = file.facts.word.title.text if file.facts.word is not None else ""
    return cases.continued_case(ctx.session, ctx.actor.person_id, one_line(title), one_line(file.name)) is not None


def _is_large_package(file: Attachment) -> bool:
    return not file.facts.certain and PurePath(file.name).suffix.lower() in _PACKAGES
