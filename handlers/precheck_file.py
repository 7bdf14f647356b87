"""预检: the next file is only checked; 正式提交 makes a case of what was checked, within a day."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from handlers.casework import questions
from handlers.casework.case_text import state_name
from handlers.casework.intake import Looked, keep_reports, receive
from handlers.casework.prechecking import ANOTHER, ASKED, await_file, submit_choices
from handlers.casework.replacing import NEW_VERSION, ask_to_replace
from handlers.casework.report_text import show_title
from handlers.casework.settling import MINE, decided, settle
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import plain, spoken
from store import awaited_files, cases, people, prechecks
from store.cases import Became
from store.schema.intake import Precheck, Purpose
from validators.json_codec import from_json

SEND = (
    "好，请把要预检的文件发给我{category}。半小时内您发来的下一份文件只作检查：不提交，不计入任何数量，"
    "24 小时后删除。要直接提交，请回复“不预检”再发。"
)
AS_CATEGORY = "，按 {code} 类检查"
INSTEAD = "好，不预检了。接下来发的文件会检查并提交。"
NOTHING_AWAITED = "没有在等预检的文件。直接发文件就是提交；只想检查，请先回复“预检”。"
GONE = "没有找到这份预检：预检只留 24 小时，或已经删除。请把文件直接发给我，就是提交。"
NO_PRECHECK = "您没有可以提交的预检。把文件直接发给我，就是提交；只想检查，请先回复“预检”。"
WHICH = "《{title}》要报哪一类？请点选，选了就提交。"
ALREADY = "《{title}》已经从预检转为提交：{state}。\n回执 {receipt}"
SAME = "这份文件您已经交过，还是同一个案例。\n《{title}》：{state}\n回执 {receipt}"
FROM_PRECHECK = "由预检转为提交。"
_NOT = re.compile(r"(?:不|不用|不要|取消|退出)预检了?")
_SUBMIT = re.compile(r"(?:预检)?(?:正式|转为?)提交\s*(?:预检\s*(?P<precheck>[A-Z2-7]{8}))?\s*(?P<code>[A-Z]\d?)?\s*类?")


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """预检, 预检 B1, 不预检, 正式提交."""
    said = _said(message)
    return any(pattern.fullmatch(said) for pattern in (ASKED, _NOT, _SUBMIT))


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Await a file that is only checked, stop awaiting it, or submit one that was checked."""
    said = _said(message)
    decision = may(ctx.actor, Act.PRECHECK)
    if not decision.allowed:
        return [Reply(decision.reason)]
    if _NOT.fullmatch(said):
        ended = awaited_files.expect_no_more(ctx.session, ctx.actor.person_id, Purpose.PRECHECK)
        return [Reply(INSTEAD if ended else NOTHING_AWAITED)]
    asked = ASKED.fullmatch(said)
    if asked is not None:
        return [_await_file(ctx, asked["code"])]
    found = _SUBMIT.fullmatch(said)
    return [_submit(ctx, found["precheck"], found["code"])] if found is not None else [Reply(NO_PRECHECK)]


def _await_file(ctx: Context, code: str | None) -> Reply:
    known = await_file(ctx, code)
    category = AS_CATEGORY.format(code=known) if known else ""
    return Reply(SEND.format(category=category), (Choice("不预检，直接提交", "不预检"),))


def _submit(ctx: Context, code: str | None, category: str | None) -> Reply:
    person_id = ctx.actor.person_id
    meant = prechecks.latest(ctx.session, person_id, ctx.now) if code is None else None
    kept = prechecks.by_code(ctx.session, person_id, code or (meant.code if meant else ""), ctx.now)
    if kept is None:
        return Reply(GONE if code else NO_PRECHECK, (ANOTHER, MINE))
    if kept.case_id is not None:
        case = cases.get(ctx.session, kept.case_id)
        slots = {"title": show_title(case.title), "state": state_name(ctx.notice, case), "receipt": case.receipt}
        return Reply(ALREADY.format(**slots), (MINE,))
    offered = questions.submittable(ctx.notice, ctx.actor)
    looked = from_json(Looked, kept.looked)
    reports = looked.read_as(offered) if offered else ()
    chosen = tuple(report for report in reports if report.category == category) if category else reports
    if not offered or not chosen:
        reason = may(ctx.actor, Act.SUBMIT_CASE).reason
        return Reply(reason or WHICH.format(title=show_title(looked.title)), submit_choices(ctx, kept, reports))
    if len(chosen) > 1:
        return Reply(WHICH.format(title=show_title(looked.title)), submit_choices(ctx, kept, reports))
    return _make_case(ctx, kept, looked, chosen[0].category or "")


def _make_case(ctx: Context, kept: Precheck, looked: Looked, category: str) -> Reply:
    """As if the file had come now: a day-old precheck does not save a case from being late."""
    reports = [report for report in looked.reports if report.category == category]
    received = receive(ctx, looked, reports, position=0)
    case = received.case
    if received.became is Became.DECIDED:
        return decided(ctx.notice, case)
    prechecks.became_case(ctx.session, kept, case.id)
    keep_reports(ctx, received, looked)
    if received.became is Became.ASKS_FIRST:
        return ask_to_replace(ctx, case, received.material)
    if received.became is Became.SAME_BYTES:
        slots = {"title": show_title(case.title), "state": state_name(ctx.notice, case), "receipt": case.receipt}
        return Reply(SAME.format(**slots), (MINE,))
    if case.category is None:
        cases.set_category(ctx.session, case, category, actor_id=ctx.actor.person_id, now=ctx.now)
    version = received.material.version
    new = NEW_VERSION.format(title=show_title(case.title), version=version) if version > 1 else FROM_PRECHECK
    return settle(ctx, people.get(ctx.session, ctx.actor.person_id), case, new)


def _said(message: Incoming) -> str:
    return plain(spoken(message)).upper()


HANDLER = Handler(
    name="precheck_file",
    usage="发“预检”再发文件：只检查，不提交",
    roles=EVERYBODY,
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
