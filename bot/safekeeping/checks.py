"""Every promise that the rows can prove, in one visible table: how a break of it is found, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.notice import Notice
from domain.wording import show_instant
from store import deadlines, soundness

_RESTORE = "请从最近的备份恢复（docs/operations.zh-CN.md 第 11 节），先在另一台机器上核对。"
_BY_HAND = "这不是正常使用能造成的，多半有人直接改过数据库：请查是谁改的；" + _RESTORE


# What the numbers promise, as it is told beside a fault.
PROMISES: Mapping[str, str] = {
    "P1": "应答过的消息不丢",
    "P2": "每条消息只办一次",
    "P3": "“收到”就是存好了",
    "P4": "按时与否以到达为准",
    "P6": "提醒只发一次",
    "P7": "发出去的都有结果",
    "P12": "备份能恢复",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One promise broken in one place: the check that saw it, its promise, what it is about, and a Chinese line that
    tells what is wrong and what to do."""

    check: str
    promise: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What is looked at. `now` is real time; times are told in the notice's zone."""

    session: Session
    notice: Notice
    now: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """`name` is stable, for programs. `promise` is one of PROMISES. `find` gives the values for `says`, the first of
    which is the subject."""

    name: str
    promise: str
    says: str
    find: Callable[[Scene], Iterable[tuple[object, ...]]]

    def faults(self, scene: Scene) -> Iterator[Fault]:
        """Everything that breaks the promise now. Raises what the database raises."""
        for found in self.find(scene):
            shown = [_shown(value, scene.notice) for value in found]
            yield Fault(self.name, self.promise, shown[0], self.says.format(*shown))


CHECKS: tuple[Check, ...] = (
    Check(
        "database.whole",
        "P3",
        "数据库文件有损坏：{0}。请停掉服务，不要再写；" + _RESTORE,
        lambda scene: soundness.damage(scene.session),
    ),
    Check(
        "message.handled",
        "P1",
        "收件 {0}（{1}到）等了两小时以上没有人处理。请看 serve 或 worker 是否在运行；在运行就看日志里的错误。",
        lambda scene: soundness.unhandled(scene.session, scene.now),
    ),
    Check(
        "message.given_up",
        "P1",
        "收件 {0}（{1}到）几次都没有处理成，还没有人管。请管理员在聊天里发“失败消息”，查清原因后选“重新处理”。",
        lambda scene: soundness.dead(scene.session),
    ),
    Check(
        "message.answered",
        "P2",
        "收件 {0}（{1}到）记为已处理，却没有留下任何回答。请在日志里查这个时间，并请发信人再发一次。",
        lambda scene: soundness.unanswered(scene.session, scene.now),
    ),
    Check(
        "lease.alive",
        "P1",
        "{0} {1} 做到一半，进程 {2}就没有动静了，也没有别的进程接手。请重启 serve 或 worker，一两分钟后再查一次。",
        lambda scene: soundness.left_leases(scene.session, scene.now),
    ),
    Check(
        "outgoing.ended",
        "P7",
        "要发出的{0} {1}（{2}起）过了一天还没有结果。请看 serve 或 worker 是否在运行、能不能连上企业微信。",
        lambda scene: soundness.unended(scene.session, scene.now),
    ),
    Check(
        "broadcast.ended",
        "P7",
        "群发 {0} 已经结束，却有 {1} 个人不知道收到没有。请管理员用“谁没收到 {0}”核对，必要时另发一次。",
        lambda scene: soundness.forgotten_recipients(scene.session),
    ),
    Check(
        "reminder.sent",
        "P6",
        "提醒 {0} 记为已发，却没有对应的消息。请用 python -m bot reminders 看是谁的，另行通知本人。",
        lambda scene: soundness.unsent_reminders(scene.session),
    ),
    Check(
        "receipt.right",
        "P3",
        "受理号 {0} 的校验位不对。" + _BY_HAND,
        lambda scene: soundness.wrong_numbers(scene.session),
    ),
    Check(
        "receipt.unique",
        "P3",
        "受理号 {0} 用了不止一次。" + _BY_HAND,
        lambda scene: soundness.repeated_numbers(scene.session),
    ),
    Check(
        "case.has_file",
        "P3",
        "案例 {0} 有受理号，却没有任何文件。" + _BY_HAND,
        lambda scene: soundness.cases_without_file(scene.session),
    ),
    Check(
        "file.registered",
        "P3",
        "表 {0} 里有 {1} 行写着一个没有登记、或大小对不上的文件。" + _BY_HAND,
        lambda scene: soundness.unstored(scene.session),
    ),
    Check(
        "report.whole",
        "P3",
        "上报 {0} 里案例 {1} 的文件没有登记，或大小对不上。" + _BY_HAND,
        lambda scene: soundness.reported_without_bytes(scene.session),
    ),
    Check(
        "case.on_time",
        "P4",
        "案例 {0}（{1}到）的“按时”标记和当时的截止时间对不上。" + _BY_HAND,
        lambda scene: soundness.misjudged_in_time(
            scene.session, deadlines.load(scene.session, scene.notice.intake_stage.closes_at)
        ),
    ),
)

_FILE_CHECK = ("file.whole", "P3")
_FILE_SAYS: Mapping[str, str] = {
    "missing": "文件 {sha256} 不见了{whose}。",
    "size": "文件 {sha256} 的大小和收到时不一样{whose}。",
    "bytes": "文件 {sha256} 的内容和收到时不一样，已经坏了{whose}。",
    "unreadable": "文件 {sha256} 读不出来{whose}，请检查磁盘和权限。",
}
_PUT_BACK = "请从备份里把 blobs/{folder}/{sha256} 复制回原处；备份里也没有，就请本人重新发一次。"


def file_fault(sha256: str, wrong: str, receipts: Iterable[str] = (), advice: str = _PUT_BACK) -> Fault:
    """What is said of a file; `wrong` is missing, size, bytes or unreadable, `receipts` those of its cases."""
    whose = "、".join(receipts)
    said = _FILE_SAYS[wrong].format(sha256=sha256, whose=f"（受理号 {whose}）" if whose else "")
    return Fault(*_FILE_CHECK, sha256, said + advice.format(folder=sha256[:2], sha256=sha256))


def _shown(value: object, notice: Notice) -> str:
    return show_instant(value, notice.timezone) if isinstance(value, datetime) else str(value)
