"""How far a check is, for the person who waits: the readers' stages in their order, the copies last."""

from __future__ import annotations

COPYING = "批注版和自动排版版"
_WORD = ("文件", "正文", "插图", "字数与标题", COPYING)
_VIDEO = ("文件", "画面")


def show_stage(stage: str) -> str:
    """The stage with its number: 2/5 正文. A stage that every file has, or that is not known, stands alone."""
    for stages in (_WORD, _VIDEO):
        if stage in stages[1:]:
            return f"{stages.index(stage) + 1}/{len(stages)} {stage}"
    return stage
