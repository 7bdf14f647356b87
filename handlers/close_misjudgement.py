"""M3 判错了 / M3 没判错: an admin has looked at a doubted finding, and who doubted it is told. Upheld, the finding does
not count for that case any more."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from domain.roles import Role
from handlers.casework.clearing import clear
from handlers.casework.report_text import finding_line, show_title
from handlers.casework.settling import MINE, all_checks, anyway
from handlers.contract import Context, Handler, Mode
from handlers.said import spoken
from store import audit, cases, misjudgements
from store.schema.campaign import Case, CaseState
from store.schema.copies import Misjudgement
from validators.json_codec import from_json
from validators.report import Finding

GONE = "M{id} 已经核对过，或者没有这个编号。发“误判报告”看还有哪些。"
UPHELD = "记下了：M{id} 是检查判错了，已告诉报告的人。"
REJECTED = "记下了：M{id} 检查没有判错，已告诉报告的人。"
TOLD_UPHELD = "您报告的误判，管理员核对过了，是检查判错了，这一条不用改：\n{line}\n《{title}》回执 {receipt}"
TOLD_REJECTED = "您报告的误判，管理员核对过了，这一条没有判错：\n{line}\n《{title}》回执 {receipt}"
LIST = Choice("误判报告", "误判报告")
_WRONG = r"(?:是|确实)?判错了?|属实|成立"
_RIGHT = r"(?:没有?|并没有?|不是)判错|不属实|不成立"
_SAID = re.compile(
    rf"(?:误判|误报)?(?:报告)?\s*m\s*(?P<id>\d{{1,9}})\s*[,，:：]?\s*(?:(?P<wrong>{_WRONG})|{_RIGHT})", re.IGNORECASE
)


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """M3 判错了, M3 没判错, 误判 M3 属实, M3 不成立."""
    return _SAID.fullmatch(spoken(message)) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Close it and tell who reported it."""
    decision = may(ctx.actor, Act.CLOSE_DOUBTED_FINDINGS)
    if not decision.allowed:
        return [Reply(decision.reason)]
    found = _SAID.fullmatch(spoken(message))
    number, upheld = (int(found["id"]), found["wrong"] is not None) if found else (0, False)
    row = misjudgements.close(ctx.session, number, upheld=upheld, now=ctx.now)
    if row is None:
        return [Reply(GONE.format(id=number), (LIST,))]
    detail = {"misjudgement": number, "upheld": upheld}
    audit.write(
        ctx.session, at=ctx.now, actor_id=ctx.actor.person_id, act="finding.closed", case_id=row.case_id, detail=detail
    )
    return _upheld(ctx, row) if upheld else [Reply(REJECTED.format(id=number), (LIST,)), _rejected(ctx, row)]


def _upheld(ctx: Context, row: Misjudgement) -> list[Reply]:
    """The finding holds no longer for this case; its owner, and who doubted it before somebody else was, hear it."""
    case = cases.get(ctx.session, row.case_id)
    done = clear(ctx, case, str(row.id))
    about = f"\n《{show_title(case.title)}》{done.said}" if done.said else ""
    own = Reply(UPHELD.format(id=row.id) + about, (LIST,))
    told, cause = TOLD_UPHELD.format(**_slots(ctx, row, case)), f"misjudged-closed:{row.id}"
    owner = Reply("\n".join(filter(None, (told, done.owner_line))), done.choices, to=case.owner_id, cause=cause)
    doubter = () if row.person_id == case.owner_id else (Reply(told, (MINE,), to=row.person_id, cause=cause),)
    return [own, owner, *doubter, *done.told]


def _rejected(ctx: Context, row: Misjudgement) -> Reply:
    case = cases.get(ctx.session, row.case_id)
    text = TOLD_REJECTED.format(**_slots(ctx, row, case))
    choices = (*((anyway(case),) if case.state == CaseState.NEEDS_FIX else ()), all_checks(case), MINE)
    return Reply(text, choices, to=row.person_id, cause=f"misjudged-closed:{row.id}")


def _slots(ctx: Context, row: Misjudgement, case: Case) -> dict[str, str]:
    line = finding_line(ctx.notice, from_json(Finding, row.finding))
    return {"line": line, "title": show_title(case.title), "receipt": case.receipt}


HANDLER = Handler(
    name="close_misjudgement",
    usage="",
    roles=frozenset({Role.ADMIN}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
