"""The main title is aligned as the notice says.

Counted is the paragraph's own alignment, from its style or set on it. A title that was pushed to the middle with blanks
or tabs is not centred: it moves as soon as the page or the font changes. Nothing is checked when the notice says
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from validators.facts import FileFacts, Paragraph
from validators.rules.contract import Context, Fault, NoParams, Rule, Subject, where, word_of
from validators.rules.titles import has_title

_NAMES = {
    "left": "左对齐",
    "center": "居中",
    "right": "右对齐",
    "both": "两端对齐",
    "justify": "两端对齐",
    "distribute": "分散对齐",
}
_BLANKS = " \t\u3000\xa0"
_PUSHED = 2


def check(facts: FileFacts, _params: NoParams, context: Context) -> Iterator[Fault]:
    """At most one fault."""
    word, demand = word_of(facts), context.notice.title_font
    if demand.alignment is None or not has_title(word, context.notice.template):
        return
    wanted = "both" if demand.alignment == "justify" else demand.alignment
    lines = [paragraph for paragraph in word.paragraphs if paragraph.index in word.title.paragraphs]
    wrong = [paragraph for paragraph in lines if paragraph.alignment != wanted]
    if not wrong:
        return
    first, name = wrong[0], _NAMES[wanted]
    found = _NAMES.get(first.alignment, first.alignment)
    pushed = wanted == "center" and _is_pushed(first)
    how = f"是用空格推到中间的，其实是{found}" if pushed else f"是{found}"
    yield Fault(
        f"{demand.name}{how}，应为{name}。",
        f"请{'去掉标题前的空格，' if pushed else ''}选中标题，点“开始”里的“{name}”。",
        name,
        found,
        where(word, first.index),
        paragraphs=tuple(paragraph.index for paragraph in wrong),
    )


def _is_pushed(paragraph: Paragraph) -> bool:
    text = paragraph.text
    blanks = len(text) - len(text.lstrip(_BLANKS))
    return "\t" in text[:blanks] or blanks >= _PUSHED


RULE = Rule("Y03", "title.alignment", "主标题对齐", Subject.WORD, NoParams, check, documentation=__doc__)
