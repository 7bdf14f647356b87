"""代 利川一中 张三 提交: a coordinator sends a case for a school or teacher of the own unit."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, Reply
from domain.policy import Act, may
from handlers.casework.case_text import state_name
from handlers.casework.choosing import UNKNOWN_RECEIPT, own_case
from handlers.casework.decisions import too_late
from handlers.casework.deputing import Whose, known_owner, note_contact, whose_said
from handlers.casework.questions import for_teachers
from handlers.casework.report_text import show_title
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import plain, receipt_in, spoken, without_receipt
from store import awaited_files, particulars
from store.moves import OPEN
from store.schema.campaign import CaseState
from store.schema.intake import Purpose

SEND = "好，请把{whose}的案例文件发给我（半小时内，下一份文件算他们的）。{how}\n发之前改主意，请回复“不代交”。"
OWNED = "名单里有这位老师：案例记在老师名下，老师会收到通知。"
NOT_HERE = "这位老师还没有用过这里：案例由您代管，汇总表的联系人写老师。"
NO_NAME = "没有说老师姓名：汇总表的联系人会空着，可以再发“代 学校 姓名 电话 提交”。"
HOW = "请说清楚代谁交，例如“代 某某中学 张三 提交”，再发文件；几个案例一起交，可以直接发 ZIP。"
ENDED = "好，不代交了。接下来发的文件算您自己的。"
NOTED = "记下了：《{title}》（回执 {receipt}，{state}）是{whose}的。{how}"
OWN_ONLY = "{code} 类由县市自己报，不能算作学校或老师的案例。"
_SAID = re.compile(
    r"(?:我要|帮|请)?(?:代替?|替)(?:交|报|为)?\s*(?P<whose>\S.*?)?\s*(?:提交|交|报|上传|报送)?(?:案例|材料)?"
)
_WORD = re.compile(
    r"(?:我要|帮|请)?(?:代(?:替|交|报|为)?|替)(?:\s|\S)*?(?:提交|交|报|上传|报送)(?:案例|材料)?|代交\s*.*"
)
_NOT = re.compile(r"(?:不|取消)代交了?")


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """代交, 代 … 提交, 不代交."""
    said = _words(message)
    return _NOT.fullmatch(said) is not None or (_WORD.fullmatch(said) is not None and _whose(said) is not False)


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Await the file, or say of one that has come whose it is."""
    decision = may(ctx.actor, Act.SUBMIT_FOR_UNIT)
    if not decision.allowed:
        return [Reply(decision.reason)]
    said = _words(message)
    if _NOT.fullmatch(said):
        awaited_files.expect_no_more(ctx.session, ctx.actor.person_id, Purpose.DEPUTED)
        return [Reply(ENDED)]
    whose = _whose(said)
    if not isinstance(whose, Whose):
        return [Reply(HOW)]
    if receipt_in(message.text) is not None:
        return [_say_whose(message, ctx, whose)]
    awaited_files.expect(
        ctx.session,
        ctx.actor.person_id,
        Purpose.DEPUTED,
        ctx.now,
        school=whose.school,
        contact=" ".join(part for part in (whose.name, whose.phone) if part),
    )
    return [Reply(SEND.format(whose=f"“{whose.shown}”", how=_how(ctx, whose)), (Choice("不代交", "不代交"),))]


def _say_whose(message: Incoming, ctx: Context, whose: Whose) -> Reply:
    case = own_case(message.text, ctx)
    if case is None:
        return Reply(UNKNOWN_RECEIPT)
    if CaseState(case.state) not in OPEN:
        return too_late(ctx, case, "代交")
    if case.category is not None and case.category not in {each.code for each in for_teachers(ctx.notice)}:
        return Reply(OWN_ONLY.format(code=case.category))
    owner = known_owner(ctx, whose)
    particulars.depute(
        ctx.session,
        case,
        owner_id=owner.id if owner else ctx.actor.person_id,
        school=whose.school or (owner.school if owner else None),
        contact=None if owner else whose.name or "",
        actor_id=ctx.actor.person_id,
        now=ctx.now,
    )
    note_contact(ctx, case, whose)
    slots = {"title": show_title(case.title), "receipt": case.receipt, "state": state_name(ctx.notice, case)}
    return Reply(NOTED.format(whose=f"“{whose.shown}”", how=_how(ctx, whose), **slots), (Choice("进度", "进度"),))


def _how(ctx: Context, whose: Whose) -> str:
    if whose.name is None:
        return NO_NAME
    return OWNED if known_owner(ctx, whose) else NOT_HERE


def _words(message: Incoming) -> str:
    return plain(without_receipt(spoken(message)))


def _whose(said: str) -> Whose | bool:
    """For whom; True when nobody is named, False when the words are about something else."""
    found = _SAID.fullmatch(said)
    if found is None or not found["whose"]:
        return True
    return whose_said(found["whose"]) or False


HANDLER = Handler(
    name="submit_for_unit",
    usage="",
    roles=EVERYBODY,
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
