"""What has happened to a case, told from the audit: each deed in one plain sentence, nothing of what others may not
know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.notice import Notice
from domain.policy import Act, may
from domain.roles import ROLE_NAMES, Role
from domain.wording import show_instant
from handlers.casework.case_text import MARK_NAMES
from handlers.casework.report_text import show_title
from handlers.contract import Context
from store import audit, people
from store.schema.campaign import Audit, Case, Mark

OTHER = "有一项改动"
YOU, SERVICE = "您", "案例管家"

Detail = Mapping[str, Any]
Tell = Callable[[Notice, Detail], str]


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of a history."""

    at: str
    who: str
    what: str
    reason: str


def _plain(text: str) -> Tell:
    return lambda _notice, _detail: text


def _version(text: str) -> Tell:
    return lambda _notice, detail: text.format(version=detail.get("version", ""))


def _submitted(text: str) -> Tell:
    def tell(_notice: Notice, detail: Detail) -> str:
        marks = [MARK_NAMES[Mark(mark)] for mark in detail.get("marks", ())]
        return f"{text}，标注“{'、'.join(marks)}”" if marks else text

    return tell


def _marks(_notice: Notice, detail: Detail) -> str:
    marks = [MARK_NAMES[Mark(mark)] for mark in detail.get("to", ())]
    return f"误判更正后，标注改为“{'、'.join(marks)}”" if marks else "误判更正后，去掉了标注"


def _category(_notice: Notice, detail: Detail) -> str:
    before, after = detail.get("from"), detail.get("to", "")
    return f"把类别从 {before} 改为 {after}" if before else f"选了类别 {after}"


def _unit(notice: Notice, detail: Detail) -> str:
    names = {unit.id: unit.name for unit in notice.units}
    where = "　".join(part for part in (names.get(detail.get("unit") or "", ""), detail.get("school") or "") if part)
    return f"登记了单位：{where}" if where else "登记了单位"


def _award(notice: Notice, detail: Detail) -> str:
    rank, names = detail.get("award") or 0, notice.awards.names
    return f"获得{names[rank - 1]}" if 1 <= rank <= len(names) else "获奖"


# Nobody does these: the check or what is still unknown brings them about.
_BY_ITSELF = frozenset({"case.fail", "case.wait"})
_TOLD: Mapping[str, Tell] = {
    "case.new_case": _plain("交来案例，第 1 版"),
    "case.new_version": _version("交来第 {version} 版"),
    "case.asks_first": _plain("交来一版，等本人确认是否替换"),
    "case.version_kept": _plain("没有采用新交来的一版，继续用原来的"),
    "case.version_restored": _version("改用以前交过的文件，作为第 {version} 版"),
    "case.wait": _plain("收下，等本人补全信息"),
    "case.fail": _plain("检查过了，需要修改"),
    "case.submit": _submitted("提交"),
    "case.submit_anyway": _submitted("仍然提交"),
    "case.reclassify": _plain("改了类别，仍等推荐"),
    "case.clear": _submitted("确认检查误判，直接提交"),
    "case.marks": _marks,
    "case.return": _plain("退回修改"),
    "case.recommend": _plain("推荐"),
    "case.unrecommend": _plain("撤回推荐"),
    "case.report": _plain("随单位上报"),
    "case.pass_over": _plain("单位上报时没有选入"),
    "case.reopen": _plain("单位重开上报，回到已推荐"),
    "case.reconsider": _plain("单位重开上报，回到待推荐"),
    "case.award": _award,
    "case.give_no_award": _plain("没有获奖"),
    "case.withdraw": _plain("撤回案例"),
    "case.revive": _plain("恢复案例"),
    "case.category": _category,
    "case.unit": _unit,
    "case.contact": _plain("登记了汇总表的联系人"),
    "case.handed_over": _plain("原来代交的人离开，案例转给现在的协调员"),
    "case.deputed": _plain("代老师或学校交来"),
    "case.school": _plain("改了学校"),
    "case.title": _plain("改了案例名称"),
    "case.supported": lambda _notice, detail: f"补交支撑材料 {detail.get('number', '')}".rstrip(),
    "case.support_moved": _plain("支撑材料换了所属案例"),
    "case.support_separated": _plain("支撑材料改为单独的案例"),
}


def told(act: str) -> bool:
    """Whether there is a sentence for this act."""
    return act in _TOLD


def history(ctx: Context, case: Case) -> list[Deed]:
    """The case's history, oldest first."""
    rows = audit.of_case(ctx.session, case.id)
    ids = {row.actor_id for row in rows if row.actor_id is not None}
    roles = {each.id: (each.name or "", Role(each.role)) for each in people.of_ids(ctx.session, ids)}
    named = may(ctx.actor, Act.SEE_UNIT_CASES, target_unit=case.unit_id).allowed if case.unit_id else False
    return [_deed(ctx, row, roles, named=named) for row in rows]


def _deed(ctx: Context, row: Audit, roles: Mapping[int, tuple[str, Role]], *, named: bool) -> Deed:
    if row.actor_id is None or row.act in _BY_ITSELF:
        who = SERVICE
    elif row.actor_id == ctx.actor.person_id:
        who = YOU
    else:
        name, role = roles.get(row.actor_id, ("", Role.TEACHER))
        who = (named and show_title(name)) or ROLE_NAMES[role]
    tell = _TOLD.get(row.act)
    what = OTHER if tell is None else tell(ctx.notice, row.detail)
    return Deed(show_instant(row.at, ctx.notice.timezone), who, what, str(row.detail.get("reason", "")))
