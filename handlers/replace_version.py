"""确定替换, 不替换, 换回第 1 版: the owner decides which version of a case is in use."""

from __future__ import annotations

import re

from domain.chat import Incoming, Reply
from handlers.casework.case_text import receipt_line
from handlers.casework.choosing import UNKNOWN_RECEIPT, looks_after, own_case
from handlers.casework.replacing import NEW_VERSION
from handlers.casework.report_text import show_title
from handlers.casework.settling import MINE, decided, settle
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import receipt_in, spoken, without_receipt
from store import cases, people, versions
from store.schema.campaign import Case

NOTHING_WAITS = "没有等您确认替换的文件。要换成新的一版，把文件直接发给我。"
KEPT = "好，没有替换，《{title}》还是第 {version} 版。刚才的文件也留着。\n{receipt}"
NO_SUCH_VERSION = "《{title}》没有第 {number} 版。发“版本”可以看每一版。"
RESTORED = "已换回第 {number} 版的内容，作为第 {version} 版。以前的版本都留着。"
_YES = re.compile(r"(?:确定|确认|是|要)?替换吧?")
_NO = re.compile(r"不(?:要|用)?替换|保留(?:上一版|原版|旧版)")
_BACK = re.compile(r"(?:换回|恢复到?|改回)第?\s?(\d{1,3})\s?版")


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """确定替换, 不替换, 换回第 n 版, with or without a receipt number."""
    said = without_receipt(spoken(message))
    return any(pattern.fullmatch(said) for pattern in (_YES, _NO, _BACK))


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Do what was decided, and say where the case stands now."""
    said = without_receipt(spoken(message))
    back = _BACK.fullmatch(said)
    case = own_case(message.text, ctx) if back else own_case(message.text, ctx, lambda each: _waits(ctx, each))
    if case is None:
        return [Reply(NOTHING_WAITS if receipt_in(message.text) is None else UNKNOWN_RECEIPT, (MINE,))]
    if back is not None:
        return [restore(ctx, case, int(back.group(1)))]
    return [adopt(ctx, case) if _YES.fullmatch(said) else keep(ctx, case)]


def adopt(ctx: Context, case: Case) -> Reply:
    """The file that waits becomes the version in use of this case, if it is theirs to look after."""
    if not looks_after(ctx.actor, case):
        return Reply(UNKNOWN_RECEIPT, (MINE,))
    waiting = versions.waiting(ctx.session, case.id)
    if waiting is None:
        return Reply(NOTHING_WAITS, (MINE,))
    if not versions.adopt(ctx.session, case, waiting, actor_id=ctx.actor.person_id, now=ctx.now):
        return decided(ctx.notice, case)
    note = NEW_VERSION.format(title=show_title(case.title), version=waiting.version)
    return settle(ctx, people.get(ctx.session, case.owner_id), case, note)


def keep(ctx: Context, case: Case) -> Reply:
    """The version in use stays, if the case is theirs to look after; what waited is set aside."""
    if not looks_after(ctx.actor, case):
        return Reply(UNKNOWN_RECEIPT, (MINE,))
    if not versions.keep_current(ctx.session, case, actor_id=ctx.actor.person_id, now=ctx.now):
        return Reply(NOTHING_WAITS, (MINE,))
    material = cases.latest_material(ctx.session, case.id)
    receipt = receipt_line(ctx.notice, case, material)
    return Reply(KEPT.format(title=show_title(case.title), version=material.version, receipt=receipt), (MINE,))


def restore(ctx: Context, case: Case, number: int) -> Reply:
    """An earlier version becomes the one in use, as a new version, if the case is theirs to look after."""
    if not looks_after(ctx.actor, case):
        return Reply(UNKNOWN_RECEIPT, (MINE,))
    earlier = versions.by_number(ctx.session, case.id, number)
    if earlier is None:
        return Reply(NO_SUCH_VERSION.format(title=show_title(case.title), number=number), (MINE,))
    actor_id = ctx.actor.person_id
    if not versions.restore(ctx.session, case, earlier, inbox_id=ctx.inbox_id, actor_id=actor_id, now=ctx.now):
        return decided(ctx.notice, case)
    version = cases.latest_material(ctx.session, case.id).version
    note = RESTORED.format(number=number, version=version) if version != number else ""
    return settle(ctx, people.get(ctx.session, case.owner_id), case, note)


def _waits(ctx: Context, case: Case) -> bool:
    return versions.waiting(ctx.session, case.id) is not None


HANDLER = Handler(
    name="replace_version",
    usage="",
    roles=EVERYBODY,
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
