"""全部功能: everything the bot can be asked to do by this person, group by group."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.chat import ChatType, Incoming, Reply
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import spoken

ALL = "全部功能"
GROUP = "【{title}】"
ITEM = "· {usage}"
_WORDS = re.compile(
    r"(?:看|查看|列出)?(?:全部|所有|完整)的?(?:功能|菜单|帮助|说明|用法|命令|指令)|(?:功能|命令|指令)(?:清单|列表|大全)"
)


@dataclass(frozen=True, slots=True)
class Group:
    """Handlers that belong together in the list, under a title."""

    title: str
    handlers: tuple[Handler, ...]


def make_handler(groups: Sequence[Group]) -> Handler:
    """The list of what these handlers can be asked for."""

    def run(message: Incoming, ctx: Context) -> list[Reply]:  # noqa: ARG001 - it hangs on the role alone
        lines: list[str] = []
        for group in groups:
            usable = [each.usage for each in group.handlers if each.usage and ctx.actor.role in each.roles]
            if usable:
                lines += [GROUP.format(title=group.title), *(ITEM.format(usage=usage) for usage in usable)]
        return [Reply("\n".join(lines))]

    return Handler("list_functions", f"发“{ALL}”，看我能做的每一件事", EVERYBODY, Mode.INLINE, _matches, run)


def _matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    return message.chat is ChatType.SINGLE and _WORDS.fullmatch(spoken(message)) is not None
