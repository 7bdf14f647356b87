"""The case template and the summary table: what stands where."""

from __future__ import annotations

import re
from dataclasses import replace

from answers import demands
from answers.numerals import NUMBER, number
from answers.question import Question
from answers.reply import Draft
from answers.suppositions import DEVIATING, Stance
from domain.notice import Notice, TemplateSection

_ORDINAL = re.compile(rf"第({NUMBER})(?:部分|大部分|块|章|大块|大点)")
_LAST = re.compile(r"(?:最后|末尾|末了|最末)[^,。;?]{0,2}(?:部分|块|节|章|大点)")
_TELLING = 2
"""A heading is named by its last two characters: 背景 for 实施背景."""


def tell_template(question: Question, notice: Notice) -> Draft:
    """The sections of the template; those under one heading when the question names it; one section's content when
    the question names the section."""
    template = notice.template
    named = [section for section in template.sections if _names(section, question.text)]
    named = named or _numbered(question.text, template.sections)
    if named:
        return _sections(named, notice)
    tops = [_outline(section, template.sections) for section in template.sections if section.level == 1]
    info = f"先填“{template.info_title}”（{'、'.join(template.info_fields)}），再写" if template.info_title else ""
    return Draft(f"《{template.title}》{info}{'；'.join(tops)}。", (template.clause,), "template")


def named_section(question: Question, notice: Notice) -> Draft | None:
    """What a section of the template holds, when the question names one."""
    named = [section for section in notice.template.sections if _names(section, question.text)]
    return _wanted(question, _sections(named, notice)) if named else None


_MUSIC = "背景音乐"


def judge_left_out(question: Question, notice: Notice) -> Draft | None:
    """The verdict on leaving out a section of the template, what a section asks for, or the table in front; None when
    that is not proposed."""
    text = question.text.replace(_MUSIC, "")
    if not (Stance.LEFT_OUT in question.acts and question.wants_verdict) or question.acts & _OPEN:
        return None
    sections = notice.template.sections
    named = [section for section in sections if _names(section, text)] or _numbered(text, sections)
    named = [section for section in named if not any(below in named for below in _below(section, sections))]
    own = [name for name in notice.template.info_fields if name not in notice.summary_table.columns]
    if not named and any(name in text for name in own) and notice.summary_table.title[-3:] not in text:
        return _wanted(question, tell_info(question, notice))
    if not named or "表" in text.replace("表述", ""):
        return None
    asked = demands.asked(question, notice)
    if question.exact and not any(item.text is not None and item.text.template for item in asked):
        clauses = tuple(dict.fromkeys(item.text.clause for item in asked if item.text is not None))
        told = f"可以，通知没有要求{demands.titles(asked)}按《{notice.template.title}》写。"
        return Draft(told, clauses, "template", verdict=True)
    return _wanted(question, _sections([_nearest(section, text, sections) for section in named], notice))


def _nearest(section: TemplateSection, text: str, sections: tuple[TemplateSection, ...]) -> TemplateSection:
    """Of a section that only has others below it the one whose instruction shares most with the text; else itself."""
    below = [item for item in _below(section, sections) if _shared(text, item.hint)] if not section.hint else []
    return max(below, key=lambda item: _shared(text, item.hint), default=section)


_OPEN = frozenset({"section", "which", "how", "what", "where", "who", "many", "why"})
"""Acts that ask for something else than a verdict."""


def _wanted(question: Question, draft: Draft) -> Draft:
    """`draft`, with 不行 in front for who proposes to leave the part out."""
    if not (question.wants_verdict and question.acts & DEVIATING) or "可以不" in draft.text:
        return draft
    return replace(draft, text=f"不行，要按模板写全。{draft.text}", verdict=True)


def _numbered(text: str, sections: tuple[TemplateSection, ...]) -> list[TemplateSection]:
    """The main section asked for by its number: 第三部分."""
    match = _ORDINAL.search(text)
    place = number(match.group(1)) if match else None
    tops = [section for section in sections if section.level == 1]
    if place is None and tops and _LAST.search(text):
        return tops[-1:]
    return [tops[int(place) - 1]] if place is not None and 1 <= place <= len(tops) else []


def _names(section: TemplateSection, text: str) -> bool:
    return section.title[-_TELLING:] in text


def _sections(named: list[TemplateSection], notice: Notice) -> Draft:
    lines = []
    for section in named:
        below = _below(section, notice.template.sections)
        content = section.hint or f"分 {len(below)} 小节：{'、'.join(item.label + item.title for item in below)}。"
        lines.append(f"“{section.label}{section.title}”：{content}")
    clauses = tuple(section.clause or notice.template.clause for section in named)
    return Draft("\n".join(lines), clauses, "template")


def _below(section: TemplateSection, sections: tuple[TemplateSection, ...]) -> list[TemplateSection]:
    start = sections.index(section) + 1
    below = []
    for other in sections[start:]:
        if other.level <= section.level:
            break
        below.append(other)
    return below


def _outline(section: TemplateSection, sections: tuple[TemplateSection, ...]) -> str:
    below = _below(section, sections)
    inner = f"（{'、'.join(item.title for item in below)}）" if below else ""
    return f"{section.label}{section.title}{inner}"


_ATTACHMENT = re.compile(
    rf"附件({NUMBER})(?:就|应该)?(?:是|叫|为|指)(?!什么|哪|谁|不是)([^,。;?]{{2,14}}?)(?=吧|对吗|是吗|没错|吗|对|,|。|\?|$)"
)


def judge_attachment(question: Question, notice: Notice) -> Draft | None:
    """The verdict on what an attachment is said to be; None when none is claimed to be something."""
    match = _ATTACHMENT.search(question.text)
    place = number(match.group(1)) if match else None
    own = next((item for item in notice.attachments if item.number == place), None)
    if match is None or own is None:
        return None
    likeness = {item.number: _shared(match.group(2), item.title) for item in notice.attachments}
    right = likeness[own.number] > 0 and likeness[own.number] == max(likeness.values())
    told = "，".join(f"附件{item.number}是《{item.title}》" for item in notice.attachments)
    return Draft(("是的，" if right else "不是。") + told + "。", (own.clause,), "attachments", verdict=True)


def _shared(said: str, title: str) -> int:
    """How many pairs of characters two names share."""
    return len(
        {said[at : at + 2] for at in range(len(said) - 1)} & {title[at : at + 2] for at in range(len(title) - 1)}
    )


def tell_info(question: Question, notice: Notice) -> Draft:
    """The fields of the basic-information table."""
    template = notice.template
    clause = next((item.id for item in notice.clauses if item.id == f"{template.clause}.0"), template.clause)
    text = f"“{template.info_title}”要填：{'、'.join(template.info_fields)}。"
    return _wanted(question, Draft(text, (clause,), "info"))


def tell_columns(_: Question, notice: Notice) -> Draft:
    """The columns and the head of the summary table."""
    table = notice.summary_table
    text = f"《{table.title}》有 {len(table.columns)} 栏：{'、'.join(table.columns)}；表头填：{'、'.join(table.head)}。"
    return Draft(text, (table.clause,), "columns")
