"""误判报告: the findings that people hold to be wrong, with what was measured, for the admins."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from domain.roles import Role
from domain.wording import show_day
from handlers.casework.report_text import finding_line, show_title
from handlers.contract import Context, Handler, Mode
from handlers.said import spoken
from store import misjudgements
from store.schema.campaign import Case
from store.schema.copies import Misjudgement
from validators.json_codec import from_json
from validators.report import Finding

NONE = "现在没有误判报告。"
NO_SUCH_PAGE = "没有第 {page} 页，误判报告共 {pages} 页。"
HEAD = "误判报告 {count} 条（第 {page}/{pages} 页，新的在前）："
LINE = "M{id}　{day}　《{title}》{category}　{name}\n{line}\n应为：{expected}　实际：{found}　回执 {receipt}"
_PAGE = 4
_SAID = re.compile(r"(?:查?看|看看)?(?:误判|误报)(?:报告|列表)?\s*(?:第?(?P<page>\d{1,3})页?)?")


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """误判报告, 误判报告 第2页: from others than admins the same words report one."""
    return _SAID.fullmatch(spoken(message)) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """One page, newest first."""
    decision = may(ctx.actor, Act.SEE_DOUBTED_FINDINGS)
    if not decision.allowed:
        return [Reply(decision.reason)]
    found = _SAID.fullmatch(spoken(message))
    page = int(found["page"]) if found and found["page"] else 1
    rows, total = misjudgements.newest(ctx.session, limit=_PAGE, offset=max(0, page - 1) * _PAGE)
    pages = -(-total // _PAGE)
    if not total:
        return [Reply(NONE)]
    if not 1 <= page <= pages:
        return [Reply(NO_SUCH_PAGE.format(page=page, pages=pages))]
    lines = [HEAD.format(count=total, page=page, pages=pages), *(_line(ctx, row) for row in rows)]
    choices = [choice for row in rows for choice in _closing(row.id)]
    if page < pages:
        choices.append(Choice("下一页", f"误判报告 第{page + 1}页"))
    return [Reply("\n".join(lines), tuple(choices))]


def _closing(number: int) -> tuple[Choice, Choice]:
    """What an admin can decide about the doubted finding of this number."""
    return Choice(f"M{number} 判错了", f"M{number} 判错了"), Choice(f"M{number} 没判错", f"M{number} 没判错")


def _line(ctx: Context, row: Misjudgement) -> str:
    finding = from_json(Finding, row.finding)
    case = ctx.session.get_one(Case, row.case_id)
    return LINE.format(
        id=row.id,
        day=show_day(row.said_at, ctx.notice.timezone),
        title=show_title(case.title),
        category=row.category,
        name=finding.name,
        line=finding_line(ctx.notice, finding),
        expected=finding.expected or "—",
        found=finding.found or "—",
        receipt=case.receipt,
    )


HANDLER = Handler(
    name="list_misjudgements",
    usage="发“误判报告”，看大家认为判错的检查项",
    roles=frozenset({Role.ADMIN}),
    mode=Mode.INLINE,
    matches=matches,
    run=run,
)
