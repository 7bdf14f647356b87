"""模板发我: the notice's case template as a Word file, with the fonts and sizes already in it."""

from __future__ import annotations

import re
from functools import lru_cache

from documents.case_template import case_template
from domain.chat import Choice, Incoming, Reply
from domain.notice import Attachment, Notice
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import spoken

HERE = (
    "《{title}》的 Word 版发给您：标题、正文标题和正文的字体字号已按通知设好。"
    "把里面的说明文字换成您自己的内容，写完发给我检查。"
)
FOR_WHOM = "{codes} 类用这个模板{others}。"
NOT_ASKED = "；{codes} 类通知没有要求用模板"
CLAUSE = "依据：{clause}"
_FORM = re.compile(r"(?:案例的?|参考|撰写|写作|空白)*(?:模板|模版|范本)")
_DIGITS = "〇一二三四五六七八九"
# A request is made of the template's name and of nothing but such words: any other word makes it a question.
_ASKING = (
    r"[你您]好|老师|请问?|麻烦|有没有|能不能|能否|可不可以|可以|[能可想帮给把将发传送来要求领拿找取看有我你您咱们的里个份版吗吧呗呢啊哈呀了]|"
    r"需要|需|提供|下载|获取|获得|索取|得到|一下|一[份个]|下|过来|好的?|行|谢谢|多谢|谢|在?哪[里儿]?|去|从|怎么|如何|"
    r"通知|word|docx?|电子|文件|文档|格式|[,、。:;?!\s]"
)


def matches(message: Incoming, ctx: Context) -> bool:
    """模板发我, 要个案例模板, 附件2发一下, 模板在哪下载; but not 模板第三部分写什么."""
    template = ctx.notice.template
    return _request(template.title, ctx.notice.attachments).fullmatch(spoken(message).lower()) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:  # noqa: ARG001 - everybody gets the same file
    """The file, and for which categories it is."""
    notice, template = ctx.notice, ctx.notice.template
    file = ctx.keep(f"{template.title}.docx", case_template(notice))
    clause = notice.clause(template.clause)
    text = "\n".join((HERE.format(title=template.title), _for_whom(notice), CLAUSE.format(clause=clause.label)))
    return [Reply(text, (Choice("看模板原文", f"看原文 {template.clause}"),), (file,))]


@lru_cache(maxsize=8)
def _request(title: str, attachments: tuple[Attachment, ...]) -> re.Pattern[str]:
    """How the template of this title is asked for, where the notice has these annexes."""
    names = "|".join(map(re.escape, _names(title, attachments)))
    wanted = rf"(?:{names}|{_FORM.pattern})"
    return re.compile(rf"(?:{_ASKING})*{wanted}(?:{_ASKING}|{wanted})*")


def _names(title: str, attachments: tuple[Attachment, ...]) -> list[str]:
    """What else the notice calls its template: its title, the number of its annex."""
    numbers = [each.number for each in attachments if each.title == title]
    return [
        title.lower(),
        *(f"附件{written}" for number in numbers for written in (number, *_DIGITS[number : number + 1])),
    ]


def _for_whom(notice: Notice) -> str:
    texts = [category for category in notice.categories if category.text is not None]
    on_it = [category.code for category in texts if category.text and category.text.template]
    free = [category.code for category in texts if category.text and not category.text.template]
    others = NOT_ASKED.format(codes="、".join(free)) if free else ""
    return FOR_WHOM.format(codes="、".join(on_it), others=others)


HANDLER = Handler(
    name="send_template",
    usage="发“模板发我”，我把案例模板的 Word 文件发给您",
    roles=EVERYBODY,
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
