"""What the summary table will say of a new case, as its file has it: shown once, so that its owner can correct it."""

from __future__ import annotations

from handlers.casework.intake import Looked
from handlers.casework.report_text import show_title
from handlers.contract import Context
from store import cases, people
from store.schema.campaign import Asked, Case

BOTH = "汇总表里会写：《{title}》，{school}。不对请回复“改题目”或“改学校”加新的内容。"
TITLE = "汇总表里会写：《{title}》。不对请回复“改题目”加新的题目。"
OTHER_SCHOOL = "文件的“{field}”写的是“{written}”；如果汇总表应该写它，请回复“改学校 {written}”。"
ASK_SCHOOL = "还缺学校：请回复“学校”加全称，汇总表的“所在单位”要用。"


def taken_lines(ctx: Context, case: Case, looked: Looked) -> list[str]:
    """Name and school as noted; what the file says otherwise; and once, with the first case, what is missing."""
    title = show_title(case.title)
    if case.school:
        lines = [BOTH.format(title=title, school=show_title(case.school))]
        if looked.school and not _alike(looked.school, case.school):
            field = ctx.notice.template.school_field
            lines.append(OTHER_SCHOOL.format(field=field, written=show_title(looked.school)))
        return lines
    if case.unit_id is None or len(cases.of_owner(ctx.session, case.owner_id)) > 1:
        return [TITLE.format(title=title)]
    people.ask(people.get(ctx.session, case.owner_id), Asked.SCHOOL)
    return [TITLE.format(title=title), ASK_SCHOOL]


def _alike(one: str, other: str) -> bool:
    """Whether one name is the other, perhaps with the county before it."""
    return one.endswith(other) or other.endswith(one)
