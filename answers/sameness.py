"""Whether two things are ruled alike: the same last day, the same place, the same length, number or font."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from answers.demands import tell_pictures, tell_words
from answers.lexicon import Lexicon
from answers.minimums import listed, open_ended, quotas_of
from answers.naming import plain_group
from answers.question import Question
from answers.reply import Draft
from answers.schedule import span, until
from answers.typography import tell_fonts
from domain.notice import Category, Notice, Route, Stage, TextDemand

_SAME = re.compile(
    r"一(?:个)?样(?!本|品|东西|材料)|相同|一致|同一(?:个|天|种|时间|地方|日|处|套)?|(?:吗|都?是|在|用|发|传|交|到|按|就)一(?:个|天|处|套)"
    r"(?=时间|地方|日期|标准|截止|平台|邮箱|规定|要求|不|吗|吧|$|[,?])|(?:字数|时间|截止|标准|要求)统一"
)
_NOT_SAME = re.compile(r"(?:不|两)一?样(?!不)|不(?:相同|同|一致)|不是(?:同)?一(?:个|天|样)")
_IS_IT = re.compile(r"是吗|是不是|对吗|没错|吧[?。!]*$|是(?:同)?一(?:个|天|样)")
_ASKS = re.compile(r"吗|吧|不\??$|没\??$|\?$|是不是|一不一样|同不同")
_OTHERS = re.compile(r"去年|往年|上届|上一届|以前|别的|其他县|外县|奖|哪里不|哪些不|有什么|怎么")
"""What is compared with something outside of the notice, or how two things differ, is asked otherwise."""

_OF_LENGTH = re.compile(r"字数|多少字|几千字|长度|长短|写多长")
_OF_FONTS = re.compile(r"字体|字号|标题|排版|用的字|什么字")
_OF_PICTURES = re.compile(r"图")
_OF_NUMBER = re.compile(r"个数|数量|最低|最少|至少|名额|限额|几个|多少个|任务|指标|报的数")
_OF_TIME = re.compile(r"截止|时间|日期|(?<!每)天(?!天)|什么时候|期限|最后")
_OF_PLACE = re.compile(r"地方|平台|邮箱|地址|渠道|途径|哪里|一处|同处")
_ALL_OF_THEM = re.compile(r"[三五几各每]个?(?:小|大)?类|所有|各个类|类别之间|全部")
_TABLE = re.compile(r"表(?!述|示|达|现|扬|演)|汇总|盖章|扫描")
_MATERIALS = re.compile(r"案例|材料|稿|作品|文章|初选|推荐|上报|平台|电子版")
_REVIEW = re.compile(r"评审|评选|专家|通报|公布|出结果|结果")
_TWO = 2


def judge_same(question: Question, notice: Notice, words: Lexicon) -> tuple[Draft, ...]:
    """The verdicts on two things being ruled alike; none when no two are compared that the notice has rules for."""
    text = question.text
    if not _SAME.search(text) or not _ASKS.search(text) or _OTHERS.search(text):
        return ()
    categories = _compared(question, notice)
    judges: Sequence[tuple[re.Pattern[str], Callable[[], Draft | None]]] = (
        (_OF_LENGTH, lambda: _written(text, categories, _length_of, tell_words(question, notice, words))),
        (_OF_PICTURES, lambda: _written(text, categories, _pictures_of, tell_pictures(question, notice, words))),
        (_OF_NUMBER, lambda: _numbers(question, categories, notice)),
        (_OF_FONTS, lambda: _written(text, categories, _anything, tell_fonts(question, notice, words))),
        (_OF_TIME, lambda: _days(question, notice)),
        (_OF_PLACE, lambda: None if _OF_TIME.search(text) else _places(question, notice)),
    )
    return tuple(draft for asks, judge in judges if asks.search(text) and (draft := judge()) is not None)


def is_compared(text: str) -> bool:
    """Whether two things are said, or asked, to be alike."""
    return _SAME.search(text) is not None


def _compared(question: Question, notice: Notice) -> tuple[Category, ...]:
    """The categories compared: those of two that are named, or of all when all are spoken of."""
    text = question.text
    if _ALL_OF_THEM.search(text):
        return notice.categories
    named = [codes for _, _, codes in question.mentions]
    groups = dict.fromkeys(item.group for item in notice.categories if plain_group(item.group) in text)
    named += [tuple(item.code for item in notice.categories if item.group == group) for group in groups]
    codes = {code for each in named for code in each}
    return tuple(item for item in notice.categories if item.code in codes) if len(set(named)) >= _TWO else ()


def _head(text: str, *, same: bool) -> str:
    """是的 or 不是 where it is said to be so, 一样 or 不一样 where that is only asked."""
    denied = _NOT_SAME.search(text) is not None
    if _IS_IT.search(text):
        told = "一样" if same else "不一样"
        return f"{'是的' if same != denied else '不是'}，{told}："
    return "一样：" if same else "不一样："


def _length_of(demand: TextDemand) -> object:
    return demand.min_words, demand.max_words


def _pictures_of(demand: TextDemand) -> object:
    return demand.max_pictures, demand.pictures_required


def _anything(_: TextDemand) -> object:
    """Fonts are the notice's, whatever the category."""
    return None


def _written(
    text: str, categories: Sequence[Category], ruled: Callable[[TextDemand], object], told: Draft
) -> Draft | None:
    """What is told of the written pieces, and whether what is `ruled` of them is the same in these categories."""
    texts = [item.text for item in categories if item.text is not None]
    if len(texts) < _TWO:
        return None
    same = len(set(map(ruled, texts))) == 1
    return replace(told, text=_head(text, same=same) + told.text, verdict=True)


def _numbers(question: Question, categories: Sequence[Category], notice: Notice) -> Draft | None:
    codes = {item.code for item in categories}
    quotas = tuple(item for item in quotas_of(question, notice) if item.category in codes)
    if len(quotas) < _TWO:
        return None
    same = len({(item.minimum, item.maximum) for item in quotas}) == 1
    text = f"{_head(question.text, same=same)}{listed(quotas)}{open_ended(quotas)}。"
    return Draft(text, tuple(dict.fromkeys(item.clause for item in quotas)), "quota", verdict=True)


def _days(question: Question, notice: Notice) -> Draft | None:
    """Whether two things are due at the same time: all that is handed in is, what is reviewed comes later."""
    text = question.text
    review = next((stage for stage in notice.stages if not stage.accepts), None)
    handed = [ways for ways in (_TABLE, _MATERIALS) if ways.search(text)]
    if handed and review is not None and _REVIEW.search(text):
        stages: tuple[Stage, ...] = (notice.intake_stage, review)
        told = f"{stages[0].name}截止到 {until(stages[0], notice)}；{review.name}在{span(review, notice)}"
        return _dated(f"{_head(text, same=False)}{told}。", tuple(stage.clause for stage in stages))
    if len(handed) < _TWO:
        return None
    stage, table = notice.intake_stage, notice.summary_table
    told = f"案例材料和《{table.title}》都截止到 {until(stage, notice)}。"
    return _dated(_head(text, same=True) + told, (stage.clause,))


def _dated(text: str, clauses: tuple[str, ...]) -> Draft:
    return Draft(text, clauses, "deadline", verdict=True)


def _places(question: Question, notice: Notice) -> Draft | None:
    """Whether the summary table goes where the materials go."""
    text = question.text
    if not (_TABLE.search(text) and _MATERIALS.search(_TABLE.sub("", text.replace("案例汇总表", "汇总表")))):
        return None
    table = [item for item in notice.routes if notice.summary_table.title in item.subject]
    materials = [item for item in notice.routes if item not in table]
    if not (table and materials):
        return None
    same = {item.target for item in table} == {item.target for item in materials}
    told = "；".join(f"{item.subject}发送到{_target(item, notice)}" for item in (*materials, *table))
    clauses = tuple(dict.fromkeys(item.clause for item in notice.routes))
    return Draft(f"{_head(text, same=same)}{told}。", clauses, "routes", verdict=True)


def _target(route: Route, notice: Notice) -> str:
    mail = next((item.mail for item in notice.contacts if item.mail), "")
    return f"{route.target} {mail}" if mail and "邮箱" in route.target and "@" not in route.target else route.target
