"""报告误判: somebody holds a finding to be wrong; it is kept with what was measured, and the admins are told."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act
from handlers.casework.choosing import UNKNOWN_RECEIPT, may_as_owner, own_case
from handlers.casework.report_text import finding_line, ordered, show_title
from handlers.casework.settling import MINE, all_checks, anyway
from handlers.casework.verdicts import report_of
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import receipt_in, spoken, without_receipt
from store import cases, misjudgements, people
from store.schema.campaign import Case, CaseState
from validators.json_codec import to_json
from validators.report import Finding

NO_CASE = "您还没有检查过的案例。请把案例文件发给我，检查后觉得哪一条不对，可以在这里报告。"
NOTHING_FOUND = "《{title}》的检查没有提出问题，没有可以报告的误判。"
WHICH = "《{title}》哪一条判错了？请点选，或回复“报告误判 第3条”。"
NO_SUCH = "《{title}》的检查结果没有第 {number} 条，共 {count} 条。"
KEPT = "记下了，已转给管理员人工核对：\n{line}\n核对期间不影响您改稿或提交。"
KEPT_BEFORE = "这一条您已经报告过，管理员会人工核对，不用再报：\n{line}"
TOLD = "有人报告误判（M{id}）：《{title}》{category}，{where}{line}\n应为：{expected}　实际：{found}\n回执 {receipt}"
PLACE = "第 {paragraph} 段“{quote}”，"
SEE_ALL = Choice("看误判报告", "误判报告")
_MOST_CHOICES = 12
_SHOWN = 16
_SAID = re.compile(
    r"(?:我要)?(?:报告|举报|反馈)?(?:误判|误报|判错了?|查错了?)(?:反馈|报告)?\s*(?:第?\s*(?P<number>\d{1,3})\s*[条项个]?)?"
)


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """报告误判, 报告误判 第3条, with or without a receipt number."""
    return _SAID.fullmatch(without_receipt(spoken(message))) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Keep the meant finding and tell the admins; ask which one is meant when there are several."""
    case = own_case(message.text, ctx)
    if case is None:
        return [Reply(NO_CASE if receipt_in(message.text) is None else UNKNOWN_RECEIPT, (MINE,))]
    return doubt(ctx, case, _number(message))


def findings_of(ctx: Context, case: Case) -> tuple[Finding, ...]:
    """What the check of the case's newest file found, as it is numbered for people."""
    report = report_of(ctx, case, cases.latest_material(ctx.session, case.id))
    return ordered(report) if report is not None else ()


def doubt(ctx: Context, case: Case, number: int | None) -> list[Reply]:
    """Keep the finding of this case with this number (from 1), if the case is the person's own."""
    decision = may_as_owner(ctx.actor, Act.DOUBT_FINDING, case)
    if not decision.allowed:
        return [Reply(decision.reason, (MINE,))]
    title, findings = show_title(case.title), findings_of(ctx, case)
    if not findings:
        return [Reply(NOTHING_FOUND.format(title=title), (MINE,))]
    if number is None and len(findings) > 1:
        return [Reply(WHICH.format(title=title), _choices(case, findings))]
    if not 1 <= (number or 1) <= len(findings):
        return [Reply(NO_SUCH.format(title=title, number=number, count=len(findings)), _choices(case, findings))]
    return _keep(ctx, case, findings[(number or 1) - 1])


def _keep(ctx: Context, case: Case, finding: Finding) -> list[Reply]:
    material = cases.latest_material(ctx.session, case.id)
    raw = to_json(finding)
    digest = hashlib.sha256(json.dumps(raw, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    number = misjudgements.keep(
        ctx.session,
        case_id=case.id,
        material_id=material.id,
        category=case.category or "",
        finding_key=digest,
        finding=raw,
        person_id=ctx.actor.person_id,
        now=ctx.now,
    )
    line = finding_line(ctx.notice, finding)
    choices = (*((anyway(case),) if case.state == CaseState.NEEDS_FIX else ()), all_checks(case), MINE)
    if number is None:
        return [Reply(KEPT_BEFORE.format(line=line), choices)]
    place = finding.where
    told = TOLD.format(
        id=number,
        title=show_title(case.title),
        category=case.category,
        where="" if place is None else PLACE.format(paragraph=place.paragraph, quote=place.quote),
        line=line,
        expected=finding.expected or "—",
        found=finding.found or "—",
        receipt=case.receipt,
    )
    others = [Reply(told, (SEE_ALL,), to=admin.id, cause=f"misjudged:{number}") for admin in people.admins(ctx.session)]
    return [Reply(KEPT.format(line=line), choices), *others]


def _number(message: Incoming) -> int | None:
    found = _SAID.fullmatch(without_receipt(spoken(message)))
    return int(found["number"]) if found is not None and found["number"] else None


def _choices(case: Case, findings: Sequence[Finding]) -> tuple[Choice, ...]:
    return tuple(
        Choice(f"{number}. {_short(finding.message)}", f"报告误判 {case.receipt} 第{number}条")
        for number, finding in enumerate(findings[:_MOST_CHOICES], start=1)
    )


def _short(message: str) -> str:
    plain = message.rstrip("。")
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"


HANDLER = Handler(
    name="doubt_finding",
    usage="觉得检查判错了，发“报告误判”，管理员会人工核对",
    roles=EVERYBODY,
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
