"""What a roster would change, in words: short for a phone, and whole for a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.contact import mask_phone
from domain.notice import Notice
from domain.roles import Role
from domain.roster import RosterRow
from store.roster import Changed, Difference, Known, Plan

ROLE_NAMES: Mapping[Role, str] = {Role.TEACHER: "教师", Role.COORDINATOR: "协调员", Role.ADMIN: "管理员"}
NEW = "新增 {count} 人：{names}"
CHANGED = "改动 {count} 人："
LEAVING = "离开 {count} 人：{names}（马上没有权限，也不再收到消息；已提交的案例留在原单位）"
SAME = "没有变 {count} 人"
NO_COORDINATOR = "⚠️ 导入后没有协调员的单位：{units}"
KEPT = "⚠️ {names} 由安装设置（ADMIN_USERIDS）指定为管理员，名单不改他们的角色"
RETURNS = "重新登记"
REGISTERED = "由自己填写改为名单登记"
NOTHING = "空"
_MOST_NAMES = 10
_MOST_CHANGED = 10


def role_in_unit(notice: Notice, role: Role, unit_id: str | None) -> str:
    """某市协调员; 管理员 for who belongs to no unit."""
    return ROLE_NAMES[role] if unit_id is None else f"{unit_name(notice, unit_id)}{ROLE_NAMES[role]}"


def unit_name(notice: Notice, unit_id: str | None) -> str:
    """The unit's name; of one that the notice does not know any more its id."""
    if unit_id is None:
        return NOTHING
    return next((unit.name for unit in notice.units if unit.id == unit_id), unit_id)


def plan_lines(notice: Notice, plan: Plan) -> list[str]:
    """The plan for a phone: numbers, some names, and what needs a second look."""
    lines = []
    if plan.new:
        lines.append(NEW.format(count=len(plan.new), names=_some([_row(notice, row) for row in plan.new])))
    if plan.changed:
        lines.append(CHANGED.format(count=len(plan.changed)))
        lines += [f"· {_changed(notice, each)}" for each in plan.changed[:_MOST_CHANGED]]
        lines += ["· …"] if len(plan.changed) > _MOST_CHANGED else []
    if plan.leaving:
        names = _some([_known(notice, each) for each in plan.leaving])
        lines.append(LEAVING.format(count=len(plan.leaving), names=names))
    lines.append(SAME.format(count=plan.unchanged))
    if plan.orphaned:
        lines.append(NO_COORDINATOR.format(units="、".join(unit_name(notice, unit) for unit in plan.orphaned)))
    if plan.kept_admins:
        lines.append(KEPT.format(names=_some([row.name or row.userid for row in plan.kept_admins])))
    return lines


def difference_lines(notice: Notice, plan: Plan) -> list[str]:
    """Everything the plan does, one person a line."""
    new = [f"新增　{_row(notice, row)}" for row in plan.new]
    changed = [f"改动　{_changed(notice, each)}" for each in plan.changed]
    return [*new, *changed, *(f"离开　{_known(notice, each)}" for each in plan.leaving)]


def _some(names: Sequence[str]) -> str:
    more = f" 等 {len(names)} 人" if len(names) > _MOST_NAMES else ""
    return "、".join(names[:_MOST_NAMES]) + more


def _row(notice: Notice, row: RosterRow) -> str:
    return f"{row.name or row.userid}（{role_in_unit(notice, row.role, row.unit_id)}）"


def _known(notice: Notice, known: Known) -> str:
    return f"{known.name or known.userid}（{role_in_unit(notice, known.role, known.unit_id)}）"


def _changed(notice: Notice, changed: Changed) -> str:
    name = changed.known.name or changed.row.name or changed.known.userid
    parts = [_difference(notice, each) for each in changed.differences]
    if changed.returns:
        parts.insert(0, RETURNS)
    return f"{name}：{'，'.join(parts or [REGISTERED])}"


def _difference(notice: Notice, each: Difference) -> str:
    return f"{each.field} {_value(notice, each.field, each.before)}→{_value(notice, each.field, each.after)}"


def _value(notice: Notice, field: str, value: str | None) -> str:
    if not value:
        return NOTHING
    if field == "角色":
        return ROLE_NAMES[Role(value)]
    if field == "单位":
        return unit_name(notice, value)
    return mask_phone(value) if field == "电话" else value
