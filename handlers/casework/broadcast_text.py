"""A broadcast in words: who signs it, what is shown before it goes, how it stands, and how it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from domain.chat import Choice, Reply
from domain.links import without_links
from domain.notice import Notice
from domain.roles import ROLE_NAMES, Actor, Role
from domain.wording import show_instant, show_size
from store.audiences import Member
from store.broadcasts import Ledger, Unreached
from store.schema.broadcasts import BatchState, Broadcast, BroadcastState, Reached

SIGNED = "{text}\n——\n{sender}　{when}（群发 {id}）{ask}"
ASK = "\n看到后请回复“收到 {id}”。"
PREVIEW = "将发给 {total} 人：{who}\n署名：{sender}{ask}{file}\n——\n{text}\n——\n{away}{sure}"
SURE = "确认后马上开始发，发出 24 小时内可以撤回。"
AWAY = "其中 {count} 人只和智能机器人聊过，应用发不到：{names}。等他们下次来聊时给。\n"
FILE = "\n附文件《{name}》（{size}）"
ASKS = "\n请对方回复“收到”"
HEAD = "群发 {id}（{state}）：{who}"
STATES = {
    BroadcastState.DRAFT: "还没有确认",
    BroadcastState.CANCELLED: "已取消",
    BroadcastState.RUNNING: "正在发送",
    BroadcastState.STOPPED: "已停止",
    BroadcastState.DONE: "已发完",
}
REACHED = {
    Reached.ACCEPTED: "企业微信已接收 {count} 人",
    Reached.PLANNED: "还没发 {count} 人",
    Reached.REFUSED: "发不到 {count} 人",
    Reached.UNKNOWN: "不能确定 {count} 人",
    Reached.AWAY: "等对方来聊 {count} 人",
    Reached.STOPPED: "没有发 {count} 人",
}
SHOWN = "（其中已看到 {count} 人）"
PARTS_MISSED = "附件或“收到”卡片有 {count} 批没有送到，文字不受影响。"
ACKNOWLEDGED = "已回复收到 {count} 人"
RECALLED = "已撤回 {done} 批，不能撤回 {failed} 批"
PLUGIN = "微信里收到的那一份撤不回。"
NOBODY_NAME = "没有留姓名"
_FEW = 10


def sender_name(notice: Notice, actor: Actor) -> str:
    """Who signs: the bureau or the unit, the role, the name."""
    office = notice.unit(actor.unit_id).name if actor.role is Role.COORDINATOR and actor.unit_id else issuer(notice)
    return f"{office}{ROLE_NAMES[actor.role]} {actor.name or ''}".strip()


def issuer(notice: Notice) -> str:
    """The bureau's short name."""
    return notice.issued_by_short or notice.issued_by


def signed(notice: Notice, text: str, sender: str, *, number: int | str, now: datetime, asks: bool) -> str:
    """What everybody gets: signed, dated and numbered, so that no two broadcasts are the same bytes."""
    when = show_instant(now, notice.timezone)
    return SIGNED.format(
        text=without_links(text), sender=sender, when=when, id=number, ask=ASK.format(id=number) if asks else ""
    )


def without_signature(text: str) -> str:
    """What the sender wrote of a signed text."""
    return text.rsplit("\n——\n", 1)[0]


def preview(notice: Notice, row: Broadcast, text: str, sender: str, members: Sequence[Member]) -> str:
    """What is shown before it goes: exactly how many, who, who signs, the text, and whom no push reaches."""
    away = [each for each in members if each.userid is None]
    return PREVIEW.format(
        total=len(members),
        who=described(notice, members),
        sender=sender,
        ask=ASKS if row.asks else "",
        file=FILE.format(name=row.file_name, size=show_size(row.file_size or 0)) if row.file_name else "",
        text=text,
        sure=SURE,
        away=AWAY.format(count=len(away), names=_names(away)) if away else "",
    )


def described(notice: Notice, members: Sequence[Member]) -> str:
    """The recipients: by name when they are few, else by role and number of units."""
    if len(members) <= _FEW:
        return _names(members)
    by_role = Counter(each.role for each in members)
    units = {each.unit_id for each in members if each.unit_id}
    named = notice.unit(next(iter(units))).name if len(units) == 1 else f"{len(units)} 个单位"
    return f"{named}的" + "、".join(f"{ROLE_NAMES[role]} {by_role[role]} 人" for role in Role if by_role[role])


def draft_choices(row: Broadcast) -> tuple[Choice, ...]:
    """What can be done with a draft that was shown."""
    file = () if row.file_name else (Choice("附一个文件", f"群发附文件 {row.id}"),)
    return (
        Choice("先发给我看", f"先发给我看 {row.id}"),
        Choice(f"确认发送 {row.total} 人", f"确认群发 {row.id}"),
        Choice("取消", f"取消群发 {row.id}"),
        *file,
    )


def standing(row: Broadcast, ledger: Ledger) -> str:
    """How it stands, on a few lines."""
    lines = [HEAD.format(id=row.id, state=STATES[BroadcastState(row.state)], who=row.audience), _counts(row, ledger)]
    done, failed = ledger.batches[BatchState.RECALLED], ledger.batches[BatchState.NOT_RECALLED]
    if done or failed:
        lines.append(RECALLED.format(done=done, failed=failed))
    return "\n".join(lines)


def ended(notice: Notice, row: Broadcast, ledger: Ledger, missed: Sequence[Unreached]) -> Reply:
    """What the sender is told when the last batch has ended: how many, and the first of those who were missed."""
    lines = [f"群发 {row.id} 已发完，共 {row.total} 人。", _counts(row, ledger)]
    lines += [PARTS_MISSED.format(count=ledger.parts_missed)] if ledger.parts_missed else []
    lines += [unreached_line(notice, each) for each in missed]
    lines += [f"发“谁没收到 {row.id}”看名单和原因。"] if _missed(ledger) else []
    return Reply("\n".join(lines), follow_choices(row, ledger))


def recalled(row: Broadcast, ledger: Ledger) -> Reply:
    """What the sender is told when everything that can be taken back has been."""
    done, failed = ledger.batches[BatchState.RECALLED], ledger.batches[BatchState.NOT_RECALLED]
    return Reply(f"群发 {row.id}：{RECALLED.format(done=done, failed=failed)}。{PLUGIN}")


def unreached_line(notice: Notice, each: Unreached) -> str:
    """One person whom a broadcast has not reached, and why."""
    unit = f"（{notice.unit(each.unit_id).name}）" if each.unit_id else ""
    sure = "不能确定：" if each.state is Reached.UNKNOWN else ""
    return f"{each.name or NOBODY_NAME}{unit}　{sure}{each.reason}"


def follow_choices(row: Broadcast, ledger: Ledger) -> tuple[Choice, ...]:
    """What can be done with a broadcast that has been confirmed."""
    running = row.state == BroadcastState.RUNNING
    choices = [Choice("停止", f"停止群发 {row.id}")] if running else []
    choices.append(Choice("看进度", f"群发进度 {row.id}"))
    if _missed(ledger):
        choices.append(Choice("谁没收到", f"谁没收到 {row.id}"))
    if not running and any(ledger.people[state] for state in (Reached.REFUSED, Reached.AWAY, Reached.STOPPED)):
        choices.append(Choice("补发给没收到的", f"补发 {row.id}"))
    if ledger.batches[BatchState.SENT]:
        choices.append(Choice("撤回", f"撤回群发 {row.id}"))
    return tuple(choices)


def _counts(row: Broadcast, ledger: Ledger) -> str:
    parts = [REACHED[state].format(count=ledger.people[state]) for state in REACHED if ledger.people[state]]
    if ledger.shown:
        parts.append(SHOWN.format(count=ledger.shown))
    if row.asks:
        parts.append(ACKNOWLEDGED.format(count=ledger.acknowledged))
    return "，".join(parts).replace("，（", "（")


def _missed(ledger: Ledger) -> int:
    return sum(ledger.people[state] for state in (Reached.REFUSED, Reached.UNKNOWN, Reached.AWAY, Reached.STOPPED))


def _names(members: Sequence[Member]) -> str:
    names = "、".join(each.name or NOBODY_NAME for each in members[:_FEW])
    return names if len(members) <= _FEW else f"{names}等"
