"""Welcome and help: the few things this person will want most, by role; in a group only what is public."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from domain.chat import Channel, ChatType, Choice, Incoming, MessageKind, Reply
from domain.roles import Role
from domain.wording import last_minute, show_deadline, show_left
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import spoken

HELLO = "您好，我是案例管家，帮您报送“{campaign}”的案例。您可以："
MORE = "还能做什么，发“全部功能”看。"
HELLO_GROUP = "您好，我是案例管家。群里可以问我“{campaign}”通知里的要求；交案例、查进度请在单聊里找我。"
ITEM = "· {usage}"
OPEN_UNTIL = "截止 {when}，还有{left}。"
CLOSED = "上报已于 {when} 截止，现在交的材料会标注“已过截止时间”。"
FILES_ELSEWHERE = "交文件请到智能机器人的单聊里发，应用里收不到文件。"
CHOICES = (
    Choice("字数要求", "字数要求是多少"),
    Choice("什么时候截止", "什么时候截止"),
    Choice("我的案例", "我的案例"),
    Choice("全部功能", "全部功能"),
)
STAFF_CHOICES = (Choice("进度", "进度"), *CHOICES)
_STAFF = frozenset({Role.COORDINATOR, Role.ADMIN})
_WORDS = re.compile(
    r"[你您]好[呀啊]?|hi|hello|嗨|哈喽|在[吗么]|(?:早上|上午|中午|下午|晚上)好|帮助|help|菜单|功能|(?:使用)?说明|怎么用|"
    r"[你您]?(?:能做|会|能干)(?:些)?什么|[你您]是谁|开始|机器人|[?？]"
)


def make_handler(handlers: Mapping[Role, Sequence[Handler]]) -> Handler:
    """The greeting that lists what these handlers can be asked for, by the role of whoever is greeted."""

    def run(message: Incoming, ctx: Context) -> list[Reply]:
        campaign = ctx.notice.short_title
        if message.chat is ChatType.GROUP:
            return [Reply(HELLO_GROUP.format(campaign=campaign))]
        usages = [each.usage for each in handlers[ctx.actor.role]]
        lines = [HELLO.format(campaign=campaign), *(ITEM.format(usage=usage) for usage in usages), MORE]
        if message.channel is Channel.APP:
            lines.append(FILES_ELSEWHERE)
        lines.append(_deadline(ctx))
        return [Reply("\n".join(lines), STAFF_CHOICES if ctx.actor.role in _STAFF else CHOICES)]

    return Handler("greet", "发“帮助”，再看一遍这些", EVERYBODY, Mode.INLINE, _matches, run, public=True)


def _matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    said = spoken(message).lower() or message.text.strip()
    return message.kind is MessageKind.ENTER or _WORDS.fullmatch(said) is not None


def _deadline(ctx: Context) -> str:
    stage, zone = ctx.notice.intake_stage, ctx.notice.timezone
    if ctx.now >= stage.closes_at:
        return CLOSED.format(when=show_deadline(stage, zone))
    return OPEN_UNTIL.format(when=show_deadline(stage, zone), left=show_left(last_minute(stage, zone) - ctx.now))
