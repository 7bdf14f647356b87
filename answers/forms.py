"""Verdicts on the form of a case: a video instead of text, text alone, with or without the template."""

from __future__ import annotations

import re

from answers.demands import asked, titles
from answers.question import Question
from answers.reply import Draft
from answers.suppositions import DEVIATING, Stance
from domain.notice import Notice

_VIDEO = re.compile(
    r"(?:只|光|单|仅|就)(?:交|拍|报|发|做|传|用|录)?[^,。;?]{0,8}视频|视频(?:来)?(?:代替|替代|顶替|就行)|不(?:交|写|要|用)[^,。;?]{0,3}(?:文字|文章|文本|文稿)"
    r"|(?:交|用|拍|报|发|做|录)[^,。;?]{0,3}视频(?:来|就|也|的)?(?:可以|行|能|代替|报|吗|好|够|也行|吧|参加)"
)
_FILM = re.compile(r"宣传片|纪录片|专题片|微电影|录像")
_TEXT = re.compile(
    r"(?:用|拿|以|交|写)(?:一?篇)?(?:文章|文字稿?|文本|稿子?)(?:来)?(?:交|报|提交|参加|参评|代替|顶|行|可以|也)|没(?:有)?(?:拍|视频)|拍不了|不会(?:拍|剪|做视频)|"
    r"(?:只|光|单|仅)(?:交|写|报|发)[^,。;?]{0,3}(?:文|word|稿|字)|不(?:拍|交|做|录|要|会拍)[^,。;?]{0,3}视频"
)
_TEMPLATE = re.compile(
    r"(?:要|必须|一定要|可以|能|能不能|可不可以|需要|用|得)[^,。;?]{0,8}模板|(?:不|没)[^,。;?]{0,4}(?:按|用|套|照)[^,。;?]{0,6}模板|模板[^,。;?]{0,4}(?:吗|必须|要不要)"
)
_OTHER = re.compile(r"什么|哪|怎么|几|多少|下载|谁|加|部分|改|增")


def judge_form(question: Question, notice: Notice) -> Draft | None:
    """The verdict on handing in only a video, or only text, for the categories named; None when neither is proposed."""
    text = question.text
    if not question.categories or "支撑" in text or not question.wants_verdict:
        return None
    by_video, by_text = _VIDEO.search(_FILM.sub("视频", text)), _TEXT.search(text)
    if by_video is None and by_text is None:
        return None
    named = asked(question, notice)
    free = tuple(item for item in named if item.video is not None)
    bound = tuple(item for item in named if item.video is None)
    clauses = tuple(dict.fromkeys(item.text.clause for item in named if item.text is not None))
    if by_video is not None and bound:
        other = f"；{titles(free)}才可以只交微视频" if free else ""
        supporting = notice.supporting
        scheme = f"按“{supporting.scheme}”报送，" if supporting else ""
        told = f"不可以。{titles(bound)}{scheme}要有一份文字材料，视频只能作支撑材料{other}。"
        return Draft(told, clauses, "formats", verdict=True)
    if free and not bound:
        refused = question.claims and question.acts & {Stance.REQUIRED, Stance.FORBIDDEN}
        head = "不是。" if refused or _ONE_ONLY.search(question.text) else "可以。"
        told = f"{head}{titles(free)}以文本或微视频的方式提交，选一种即可。"
        return Draft(told, clauses, "formats", verdict=True)
    return None


_ONE_ONLY = re.compile(r"只(?:能|收|要|认|许|准|可以|允许|接受)")
"""Who says that only one form will do is wrong where both do."""

_ALL_VIDEO = re.compile(
    r"(?:必须|都要|都得|一定要|只能|非要|全部|统一)[^,。;?]{0,4}(?:交|做|拍|录|是|用|报)?[^,。;?]{0,2}视频|视频[^,。;?]{0,3}(?:必须|必交|一定要)(?=[交拍做有录吗吧的,。?]|$)"
)


_OF_VIDEO = re.compile(r"支撑|字幕|旁白|音乐|分辨率|清晰|格式|1080|画面")


def judge_all_video(question: Question, notice: Notice) -> Draft | None:
    """The verdict on every case having to be a video; None when that is not said."""
    if _OF_VIDEO.search(question.text) or not _ALL_VIDEO.search(question.text):
        return None
    able = asked(question, notice)
    free = tuple(item for item in able if item.video is not None)
    bound = tuple(item for item in able if item.video is None)
    if not free and not question.exact:
        return None
    clauses = tuple(dict.fromkeys(item.text.clause for item in able if item.text is not None))
    told = f"{titles(bound)}交文字材料" if bound else ""
    told += "；" if bound and free else "。" if bound else ""
    told += f"{titles(free)}以文本或微视频的方式提交，选一种即可。" if free else ""
    return Draft(f"不是必须。{told}", clauses, "formats", verdict=True)


def judge_template(question: Question, notice: Notice) -> Draft | None:
    """Whether the categories named must follow the template; None when that is not asked."""
    text = question.text
    if not question.exact or not question.wants_verdict or not _TEMPLATE.search(text) or _OTHER.search(text):
        return None
    named = asked(question, notice)
    bound = tuple(item for item in named if item.text is not None and item.text.template)
    free = tuple(item for item in named if item not in bound)
    clauses = tuple(dict.fromkeys(item.text.clause for item in named if item.text is not None))
    number = next((f"附件{item.number}" for item in notice.attachments if item.title == notice.template.title), "")
    name = f"{number}《{notice.template.title}》"
    rest = f"通知没有要求{titles(free)}用{name}" if free else ""
    if not bound:
        return Draft(f"{rest}，可以不按它写。", clauses, "template", verdict=True)
    head = "不行，" if question.wants_verdict and question.acts & DEVIATING else "要的，"
    told = f"{head}{titles(bound)}的文字材料按{name}撰稿{'；' + rest if rest else ''}。"
    return Draft(told, clauses, "template", verdict=True)
