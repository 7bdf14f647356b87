"""Where a reply's choices lead on the web: each to the page on which the same is seen or done, never straight to an
act. What has no page is left to the chat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.chat import Choice
from domain.receipt import normalise_receipt
from domain.roles import Actor, Role

BOARD, WAITING, MINE = "/console/board", "/console/cases?step=waiting", "/console/mine"
SUMMARY, REPORT, STAMPED, EXPORTS = (
    "/console/summary",
    "/console/summary/report",
    "/console/summary/stamped",
    "/console/exports",
)
_PAGES: Mapping[str, str] = {
    "进度": BOARD,
    "待推荐": WAITING,
    "已推荐": "/console/cases?step=recommended",
    "我的案例": MINE,
    "汇总表": SUMMARY,
    "上报": REPORT,
    "材料包": EXPORTS,
    "发盖章扫描版": STAMPED,
}
# What stands before a receipt number, and the last part of the address.
_OF_CASE: Mapping[str, str] = {
    "看详情": "",
    "看全部检查项": "",
    "推荐": "/recommend",
    "撤回推荐": "/unrecommend",
    "退回": "/return",
    "撤回": "/withdraw",
    "恢复": "/revive",
    "仍然提交": "/submit",
    "报告误判": "/doubt",
    "补交支撑材料": "/support",
}


@dataclass(frozen=True, slots=True)
class Door:
    """A link that looks like a button; filled when it is the `main` one."""

    label: str
    address: str
    main: bool = False


def case_address(receipt: str, act: str = "") -> str:
    """The page of a case, or of one act with it."""
    return f"/console/cases/{receipt}{f'/{act}' if act else ''}"


def doors_of(choices: Iterable[Choice], actor: Actor) -> tuple[Door, ...]:
    """The choices that have a page, each page once, in order."""
    found: dict[str, Door] = {}
    for choice in choices:
        door = _door(choice, actor)
        if door is not None:
            found.setdefault(door.address, door)
    return tuple(found.values())


def _door(choice: Choice, actor: Actor) -> Door | None:
    says = choice.says
    if says in _PAGES:
        address = _PAGES[says]
        return Door(choice.label, address) if address == MINE or actor.role is not Role.TEACHER else None
    word, _, rest = says.partition(" ")
    if word == "确认上报":
        return Door("再看上报预览", REPORT)
    if word == "类别":
        receipt = normalise_receipt(rest.partition(" ")[2])
        return None if receipt is None else Door("选类别", case_address(receipt, "category"))
    receipt = normalise_receipt(rest)
    if receipt is None or word not in _OF_CASE:
        return None
    return Door(choice.label, case_address(receipt) + _OF_CASE[word])
