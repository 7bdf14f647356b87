"""The text of a case for the programs that make files: the same in each, long enough to weigh."""

from __future__ import annotations

from dataclasses import dataclass

SENTENCES = (
    "学校把平台上的课例按单元重新编排，教师备课时随时取用。",
    "学生在空间里提出了36个问题，其中“为什么要这样做”问得最多。",
    "从2022年9月起，项目组每两周碰一次头——先看数据，再议做法……",
    "AI助教批改口算题，教师把时间留给辅导（每天约40分钟）。",
    "经过一个学年，及格率由81.5%提高到93%，家长也渐渐放下心来。",
    "与其求全，不如先把一件小事做透；这是大家的共识。",
)
TITLE = "山乡学校的云端备课之路"
SUBTITLE = "——某县中心小学的三年探索"
INFO = (
    ("案例名称", TITLE),
    ("实施单位", "某县中心小学"),
    ("实施时间", "2021年9月至2023年3月"),
    ("关键词", "备课；共享"),
)
HEADINGS = (
    (1, "一、案例概述"),
    (1, "二、案例实施与成效"),
    (2, "（一）实施背景"),
    (2, "（二）实施方案"),
    (2, "（三）实施效果"),
    (1, "三、案例特点与创新"),
)
PARAGRAPHS = 5


@dataclass(frozen=True)
class Piece:
    """A block of a case: `role` is title, subtitle, h1, h2 or body."""

    role: str
    text: str


def sentences(start: int, count: int) -> str:
    return "".join(SENTENCES[(start * 5 + number * 7) % len(SENTENCES)] for number in range(count))


def before() -> tuple[Piece, ...]:
    """What stands before the table of basic information."""
    return Piece("title", TITLE), Piece("subtitle", SUBTITLE)


def after() -> list[Piece]:
    """What stands after it."""
    blocks = []
    for section, (depth, heading) in enumerate(HEADINGS):
        blocks.append(Piece(f"h{depth}", heading))
        blocks += [Piece("body", sentences(section + number, 3)) for number in range(PARAGRAPHS)]
    return blocks


ROLES = {
    "title": ("方正小标宋简体", 22.0, "center"),
    "subtitle": ("楷体", 16.0, "center"),
    "h1": ("黑体", 16.0, "left"),
    "h2": ("楷体_GB2312", 16.0, "left"),
    "body": ("仿宋", 16.0, "both"),
    "cell": ("仿宋", 14.0, "left"),
}
