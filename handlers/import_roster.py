"""导入名单: an admin sends the roster, sees what it would change, and confirms; or asks for the template."""

from __future__ import annotations

import re

from documents.roster_template import roster_template
from domain.chat import Choice, Incoming, OutgoingFile, Reply
from domain.policy import Act, may
from domain.roles import Role
from domain.roster import Roster, looks_like_roster, read_roster, show_fault
from handlers.casework.report_text import show_title
from handlers.casework.roster_text import difference_lines, plan_lines, role_in_unit
from handlers.contract import Attachment, Context, Handler, Mode
from handlers.said import spoken
from store import roster, roster_drafts
from store.roster import Plan
from store.schema.people import RosterDraft

HERE = (
    "名单模板发给您。每人一行，角色和单位请点选，填好直接发给我。"
    "我先给您看会改动什么，您确认后才导入；有问题会一次列全，一个人都不会先导入。"
)
TEMPLATE_NAME = "名单模板.xlsx"
FAULTS = "《{name}》有 {count} 处要改，改好再发一次。现在一个人都没有导入。"
MORE_FAULTS = "其余 {count} 处在附件里。"
FAULTS_NAME = "名单要改的地方.txt"
PREVIEW = "《{name}》共 {count} 人，导入后："
ALL_THE_SAME = "《{name}》共 {count} 人，和现在登记的一样，不用导入。"
FULL_LIST = "全部改动在附件里。"
FULL_NAME = "名单改动.txt"
SHOWN_ANEW = "您看过之后有人的登记变了，请按现在的情况再看一遍。"
NO_ADMIN = "《{name}》没有导入：导入后就没有管理员了。请在名单里至少留一位管理员。"
DONE = "✅ 已导入《{name}》：新增 {new} 人，改动 {changed} 人，{left}没有变 {same} 人。"
DONE_LEFT = "离开 {count} 人，"
ALREADY = "《{name}》已经导入过了。"
DROPPED = "好的，《{name}》没有导入，什么也没有改。"
GONE = "这份名单已经不在了（只留 48 小时），请重新发一次文件。"
TOLD = "您的登记有改动：现在是{what}。{more}有疑问请联系管理员。"
TOLD_MOVED = "还没有提交的案例跟着您到新单位，已提交的留在原单位。"
CONFIRM, KEEP_OTHERS, CANCEL = "确认导入", "保留名单外的人导入", "取消导入"
_ASKED = re.compile(
    r"(?:给我|发我|要|下载|我要)?(?:一份|个)?(?:人员|导入)?名单(?:的)?(?:模板|模版)(?:发我|给我)?|导入(?:人员)?名单|名单导入"
)
_DECIDED = re.compile(rf"(?P<what>{CONFIRM}|{KEEP_OTHERS}|{CANCEL})\s*(?P<id>\d{{1,9}})")
_ROSTER_WORD = "名单"
_MOST_FAULTS = 20
_MOST_LINES = 25


def matches(message: Incoming, ctx: Context) -> bool:
    """名单模板, 导入名单, a file that is a roster or called one, and what is offered below its preview."""
    said = spoken(message)
    return _roster_of(ctx) is not None or _ASKED.fullmatch(said) is not None or _DECIDED.fullmatch(said) is not None


def matches_for_others(message: Incoming, ctx: Context) -> bool:
    """The same words; but only what certainly is a roster: a list of prizes may be somebody's supporting file."""
    found = _roster_of(ctx)
    if found is not None:
        return found.table is not None and looks_like_roster(found.table)
    return _ASKED.fullmatch(spoken(message)) is not None or _DECIDED.fullmatch(spoken(message)) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """The template, the preview of a file, or what was decided about it."""
    decision = may(ctx.actor, Act.IMPORT_ROSTER)
    if not decision.allowed:
        return [Reply(decision.reason)]
    file = _roster_of(ctx)
    if file is not None:
        return [_preview_file(ctx, file)]
    decided = _DECIDED.fullmatch(spoken(message))
    if decided is None:
        return [Reply(HERE, files=(ctx.keep(TEMPLATE_NAME, roster_template(ctx.notice)),))]
    draft = roster_drafts.find(ctx.session, int(decided["id"]), ctx.actor.person_id, ctx.now)
    return [Reply(GONE)] if draft is None else _decide(ctx, draft, decided["what"])


def _roster_of(ctx: Context) -> Attachment | None:
    tables = [file for file in ctx.attachments if file.table is not None]
    sure = (file for file in tables if file.table is not None and looks_like_roster(file.table))
    return next(sure, None) or next((file for file in tables if _ROSTER_WORD in file.name), None)


def _preview_file(ctx: Context, file: Attachment) -> Reply:
    name = show_title(file.name)
    read = Roster() if file.table is None else read_roster(file.table, ctx.notice)
    if read.faults:
        return _faults(ctx, name, read)
    plan = roster.compare(ctx.session, read.people)
    if plan.without_admin:
        return Reply(NO_ADMIN.format(name=name))
    draft = roster_drafts.keep(
        ctx.session,
        person_id=ctx.actor.person_id,
        inbox_id=ctx.inbox_id,
        name=name,
        rows=read.people,
        shown=plan.digest,
        now=ctx.now,
    )
    return _preview(ctx, draft, plan)


def _faults(ctx: Context, name: str, read: Roster) -> Reply:
    lines = [show_fault(fault) for fault in read.faults]
    text = [FAULTS.format(name=name, count=len(lines)), *lines[:_MOST_FAULTS]]
    if len(lines) <= _MOST_FAULTS:
        return Reply("\n".join(text))
    text.append(MORE_FAULTS.format(count=len(lines) - _MOST_FAULTS))
    return Reply("\n".join(text), files=(_listed(ctx, FAULTS_NAME, lines),))


def _preview(ctx: Context, draft: RosterDraft, plan: Plan, note: str = "") -> Reply:
    if not (plan.new or plan.changed or plan.leaving):
        roster_drafts.drop(draft)
        return Reply(ALL_THE_SAME.format(name=draft.name, count=plan.unchanged + len(plan.kept_admins)))
    count = len(draft.rows)
    lines, whole = plan_lines(ctx.notice, plan), difference_lines(ctx.notice, plan)
    files = (_listed(ctx, FULL_NAME, whole),) if len(whole) > _MOST_LINES else ()
    text = (note, PREVIEW.format(name=draft.name, count=count), *lines, FULL_LIST if files else "")
    keep = (Choice("保留名单外的人", f"{KEEP_OTHERS} {draft.id}"),) if plan.leaving else ()
    choices = (Choice("确认导入", f"{CONFIRM} {draft.id}"), *keep, Choice("取消", f"{CANCEL} {draft.id}"))
    return Reply("\n".join(line for line in text if line), choices, files)


def _decide(ctx: Context, draft: RosterDraft, what: str) -> list[Reply]:
    if draft.imported_at is not None:
        return [Reply(ALREADY.format(name=draft.name))]
    if what == CANCEL:
        roster_drafts.drop(draft)
        return [Reply(DROPPED.format(name=draft.name))]
    plan = roster.compare(ctx.session, roster_drafts.rows_of(draft))
    if plan.without_admin:
        return [Reply(NO_ADMIN.format(name=draft.name))]
    if plan.digest != draft.shown:
        draft.shown = plan.digest
        return [_preview(ctx, draft, plan, SHOWN_ANEW)]
    with_leaving = what == CONFIRM
    roster.carry_out(ctx.session, plan, with_leaving=with_leaving, by=ctx.actor.person_id, now=ctx.now)
    roster_drafts.imported(draft, ctx.now)
    left = DONE_LEFT.format(count=len(plan.leaving)) if with_leaving and plan.leaving else ""
    text = DONE.format(
        name=draft.name, new=len(plan.new), changed=len(plan.changed), left=left, same=plan.unchanged
    )  # fmt: skip
    return [Reply(text), *_told(ctx, draft, plan)]


def _told(ctx: Context, draft: RosterDraft, plan: Plan) -> list[Reply]:
    """Whoever is something else now, or somewhere else, hears of it."""
    replies = []
    for each in plan.changed:
        fields = {difference.field for difference in each.differences}
        if fields & {"角色", "单位"} and each.known.person_id != ctx.actor.person_id:
            what = role_in_unit(ctx.notice, each.row.role, each.row.unit_id)
            text = TOLD.format(what=what, more=TOLD_MOVED if "单位" in fields and each.known.unit_id else "")
            replies.append(Reply(text, to=each.known.person_id, cause=f"roster:{draft.id}"))
    return replies


def _listed(ctx: Context, name: str, lines: list[str]) -> OutgoingFile:
    return ctx.keep(name, "\r\n".join(lines).encode("utf-8-sig"))


HANDLER = Handler(
    name="import_roster",
    usage="发“名单模板”要一份空名单；把填好的名单（xlsx 或 csv）发给我，看过改动再导入",
    roles=frozenset({Role.ADMIN}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
NOT_ALLOWED = Handler(
    name="refuse_roster",
    usage="",
    roles=frozenset({Role.TEACHER, Role.COORDINATOR}),
    mode=Mode.WORKER,
    matches=matches_for_others,
    run=run,
)
