"""What every page offers to go to: one line a page, in order."""

from __future__ import annotations

from dataclasses import dataclass

from domain.policy import Act, may
from domain.roles import Actor


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A page of the console. It is offered to whoever may do `act`; the page itself asks again."""

    label: str
    path: str
    act: Act


MENU: tuple[MenuItem, ...] = (
    MenuItem("首页", "/console/", Act.ASK),
    MenuItem("进度", "/console/board", Act.SEE_UNIT_CASES),
    MenuItem("案例", "/console/cases", Act.SEE_UNIT_CASES),
    MenuItem("我的案例", "/console/mine", Act.SEE_OWN_CASES),
    MenuItem("汇总表", "/console/summary", Act.MAKE_SUMMARY),
    MenuItem("导出", "/console/exports", Act.SEE_UNIT_CASES),
    MenuItem("上传文件", "/console/upload", Act.PRECHECK),
)


def menu_for(actor: Actor) -> tuple[MenuItem, ...]:
    """What this person may open."""
    return tuple(item for item in MENU if may(actor, item.act).allowed)
