"""File formats: Word for text, the notice's container for video; told, and judged against those a person names."""

from __future__ import annotations

import re

from answers.demands import asked, meant, titles
from answers.lexicon import Lexicon
from answers.question import Question
from answers.reply import Draft
from domain.notice import Category, Notice

_SUPPORTING = ("支撑", "n里")
_MADE_WITH = re.compile(
    r"视频[^,。;?]{0,4}用[^,。;?]{0,8}(?:做|制作|录|剪|生成)|用[^,。;?]{0,6}(?:录屏|动画|制作)[^,。;?]{0,6}视频"
)
"""How a video was made is not how it is stored."""

_PROGRAM = re.compile(r"wps(?=自带|里|软件|字体|的?字库|写|做|打|排版|编辑|办公)")
"""What a text is written with is not what it is handed in as."""

_CONVERTED = re.compile(r"(?:另存|存|转|导出|改|换|转换|转码)(?:成|为|到)|(?:转|导出|转换)(?=视频|mp4|word|docx)")
_PICTURES = ("插图", "图片要", "照片", "截图", "图片用", "图片格式")
"""Beside these jpg and png speak of the pictures in a text, not of the text."""

_TABLE = (
    "汇总表",
    "扫描",
    "扫成",
    "盖章",
    "表要",
    "表里",
    "表的",
    "这张表",
    "表上",
    "表用",
    "表交",
    "表发",
    "表电子",
)


def named_formats(text: str, words: Lexicon) -> tuple[str, ...]:
    """The families of formats (word, pdf, mov…) that `text` names, in the order of the lexicon."""
    text = _PROGRAM.sub("", text)
    said = [(family, name) for family, names in words.formats.items() for name in names if name in text]
    return tuple(dict.fromkeys(family for family, name in said if _stands(text, name)))


def _without_names(text: str, notice: Notice) -> str:
    """`text` without what the notice calls its categories: where 课件 is collected, the word names no format."""
    names = {word.lower() for item in notice.categories for word in (item.group, *item.keywords) if len(word) > 1}
    for word in sorted(names, key=lambda word: (-len(word), word)):  # the longest first, whatever the order of a set
        text = text.replace(word, ",")
    return text


def _stands(text: str, name: str) -> bool:
    """Whether a name found in the text is no part of a longer word."""
    return not name.isascii() or re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z])", text) is not None


def _of_table(text: str) -> bool:
    """Whether a format is spoken of that the summary table is handed in as, not a piece of writing."""
    return any(word in text for word in _TABLE) and not ("稿" in text and "表" not in text)


def _families(categories: tuple[Category, ...], words: Lexicon, side: str) -> tuple[str, ...]:
    demands = [item.text if side == "text" else item.video for item in categories]
    suffixes = [suffix for demand in demands if demand is not None for suffix in demand.formats]
    return tuple(dict.fromkeys(words.families.get(suffix, suffix) for suffix in suffixes))


_SPOKEN = {"image": "图片", "audio": "音频", "html": "网页", "paper": "手写稿、打印稿", "gif": "动图"}
"""What formats are called that people do not know by their extension."""


def _name(family: str) -> str:
    return _SPOKEN.get(family) or (family.capitalize() if family in {"word", "excel"} else family.upper())


def tell_formats(question: Question, notice: Notice, words: Lexicon) -> Draft:
    """The formats taken: text, and video where the notice takes one."""
    if not question.categories and "视频" in question.text:
        return tell_video_format(question, notice, words)
    able = meant(question, notice.categories)
    groups: dict[tuple[str, ...], list[Category]] = {}
    for item in able:
        if item.text is not None:
            groups.setdefault(_families((item,), words, "text"), []).append(item)
    alike = len(groups) == 1
    parts = [
        f"{'文字材料' if alike else titles(items)}交 {'、'.join(map(_name, families))} 文档"
        for families, items in groups.items()
    ]
    clauses = [item.text.clause for item in able if item.text is not None]
    videos = tuple(item for item in able if item.video is not None)
    if videos:
        either = "也可以" if all(item.text is not None for item in videos) else ""
        parts.append(f"{titles(videos)}{either}交 {'、'.join(map(_name, _families(videos, words, 'video')))} 微视频")
        clauses += [item.video.clause for item in videos if item.video is not None]
    return Draft("；".join(parts) + "。", tuple(dict.fromkeys(clauses)), "formats")


def tell_video_format(question: Question, notice: Notice, words: Lexicon) -> Draft:
    """The container a video must have."""
    able = asked(question, notice, video=True)
    names = "、".join(map(_name, _families(able, words, "video")))
    clauses = tuple(dict.fromkeys(item.video.clause for item in able if item.video is not None))
    return Draft(f"微视频统一为 {names} 格式。", clauses, "formats")


def judge_formats(question: Question, notice: Notice, words: Lexicon) -> Draft | None:
    """The verdict on the formats named, or None when none is named or they concern something else."""
    text = question.text
    files = _CONVERTED.split(text)[-1]
    named = named_formats(files, words) and named_formats(_without_names(files, notice), words)
    old = _old_format(question, notice)
    if old is not None:
        return old
    if not named or _MADE_WITH.search(text):
        return None
    if any(word in text for word in _PICTURES):
        named = tuple(name for name in named if name != "image")
    if not named or any(word in text for word in _SUPPORTING) or _of_table(text):
        return None
    able = meant(question, notice.categories)
    takes_video = tuple(item for item in able if item.video is not None)
    wanted = {"text": _families(able, words, "text"), "video": _families(takes_video, words, "video")}
    wrong = [name for name in named if not any(name in families for families in wanted.values())]
    right = [name for name in named if name not in wrong]
    clauses = [item.text.clause for item in able if item.text is not None]
    clauses += [item.video.clause for item in takes_video if item.video is not None]
    lead = _lead(text, wrong, right, video_named=any(name in wanted["video"] for name in right))
    video = any(name in words.sides["video"] for name in named) and takes_video
    rule = tell_video_format(question, notice, words) if video else tell_formats(question, notice, words)
    return Draft(lead + rule.text, rule.clauses or tuple(clauses), "formats", verdict=bool(lead))


_OLD = re.compile(r"(?<![a-z])doc(?![a-z])")


def _old_format(question: Question, notice: Notice) -> Draft | None:
    """What to do with a .doc file: the notice says Word, this bot reads only the formats in the notice's data."""
    if not _OLD.search(question.text) or any(word in question.text for word in (*_SUPPORTING, *_TABLE)):
        return None
    demands = [item.text for item in asked(question, notice) if item.text is not None]
    suffixes = tuple(dict.fromkeys(suffix for demand in demands for suffix in demand.formats))
    if "doc" in suffixes or not suffixes:
        return None
    readable = "、".join(f".{suffix}" for suffix in suffixes)
    told = f"通知要求 Word 文档，没有区分新旧格式；我只能读 {readable}，.doc 请用 Word 另存为 {readable} 再发。"
    return Draft(told, tuple(dict.fromkeys(demand.clause for demand in demands)), "formats", verdict=True)


_DENIED = re.compile(
    r"(?:没有?|不|懒得)(?:存|做|用|交|发|传|转|要)?(?:成|过)?(?:word|docx?|mp4)|(?:word|docx?|mp4)[^,。;?]{0,3}(?:没有?|不(?!要|能)|懒得|找不|丢)(?:存|做|用|交|发|传|转|要|到|了)"
)


def _lead(text: str, wrong: list[str], right: list[str], *, video_named: bool) -> str:
    """The verdict in front of the rule; empty when nothing was doubted."""
    if wrong and right and _DENIED.search(text) and "还是" not in text:
        return f"不可以，要交 {'、'.join(map(_name, right))}。"
    if wrong and right:
        return f"交 {'、'.join(map(_name, right))}，不要交 {'、'.join(map(_name, wrong))}。"
    if wrong:
        return f"不可以，{'、'.join(map(_name, wrong))} 不符合要求，请改成规定的格式。"
    doubted = any(mark in text for mark in ("吗", "可以", "行", "对", "能", "收不收"))
    return "可以。" if doubted or video_named else ""
