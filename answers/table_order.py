"""The verdict on the order in which somebody puts the categories into the summary table."""

from __future__ import annotations

import re

from answers.question import Question
from answers.reply import Draft
from domain.notice import Notice

_TABLE = re.compile(r"表(?!述|示|达|现|扬|演)|汇总|[排放摆](?:的|在|着|序|成|法|列|了)?")
_MIXED = re.compile(r"穿插|夹|混|乱|打散|交叉|间隔|不分类|没分类|随便[排放摆]")
_PLACED = re.compile(r"[排放摆夹穿插混序]|前|后|先|再|次序|顺序")
_FIRST = re.compile(r"^[^,。;?a-z]{0,4}(?:[排放摆]在?)?(?:最前|最先|打头|头一个|开头|前头|前面|第一)")
_LAST = re.compile(r"^[^,。;?a-z]{0,4}(?:[排放摆]在?)?(?:最后|末尾|后头|后面|垫底)")
_ALIKE = re.compile(r"同(?:一)?(?:个)?(?:案例)?(?:类|种)(?:型|别)?|一个?类(?:型|别)?的")
_TOGETHER = re.compile(r"一起|一堆|一块|一处|挨|集中|连着|连在|连续|归拢|归到|靠拢|相邻|紧接")
_APART = re.compile(
    r"(?:没有?|不|未)[^,。;?]{0,6}(?:一起|一堆|一块|一处|挨|集中|连|归|相邻)|分开|打散|分散|散着|东一|隔开|隔着"
)
_OTHER = re.compile(r"交|传|报送|发|写|字|截止|审|评|图|视频|音乐|支撑")
_WRONG, _RIGHT, _SO = "不行，", "可以，", "是的，"


def judge_order(question: Question, notice: Notice) -> Draft | None:
    """The verdict; None when no order is spoken of, or the notice asks for none."""
    text, table = question.text, notice.summary_table
    if table.type_order and (together := _grouped(question)) is not None:
        return _told(question, notice, right=together)
    if not table.type_order or not question.wants_verdict or not (_TABLE.search(text) and _PLACED.search(text)):
        return None
    if "还是" in text or question.acts & {"how", "what", "which", "why", "where"} or _OTHER.search(text):
        return None
    spoken = list({start: (start, end, codes) for start, end, codes in question.mentions if codes}.values())
    places = [table.type_order.index(code) for _, _, codes in spoken for code in codes if code in table.type_order]
    if not places:
        return None
    right = _is_in_order(text, spoken, places, len(table.type_order))
    if right is None:
        return None
    return _told(question, notice, right=right)


def _told(question: Question, notice: Notice, *, right: bool) -> Draft:
    table = notice.summary_table
    told = f"要按案例类型集中排序，同类排在一起，即按 {'、'.join(table.type_order)} 的次序。"
    clauses = (*table.remark_clauses[:1],) or (table.clause,)
    assent = _SO if "must" in question.acts else _RIGHT
    return Draft((assent if right else _WRONG) + told, clauses, "table-order", verdict=True)


def _grouped(question: Question) -> bool | None:
    """Whether cases of one kind are said to stand together; None when that is not told."""
    text = question.text
    if not (question.wants_verdict or "must" in question.acts) or "还是" in text or not _ALIKE.search(text):
        return None
    if question.acts & {"how", "what", "which", "why", "where"} or _OTHER.search(text):
        return None
    if _APART.search(text) or _MIXED.search(text):
        return False
    return True if _TOGETHER.search(text) else None


def _is_in_order(
    text: str, spoken: list[tuple[int, int, tuple[str, ...]]], places: list[int], whole: int
) -> bool | None:
    """Whether the categories stand in the table's order; None when that is not told."""
    if _MIXED.search(text):
        return False
    if len(spoken) > 1:
        return places == sorted(places)
    _, end, _ = spoken[0]
    if _FIRST.search(text[end:]):
        return places[0] == 0
    if _LAST.search(text[end:]):
        return places[-1] == whole - 1
    return None
