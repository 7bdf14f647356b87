"""What the notice demands of a video: told, and judged against a stated resolution."""

from __future__ import annotations

import re

from answers.comparison import Reading, Side, reading
from answers.demands import asked, titles
from answers.lexicon import Lexicon
from answers.question import Question
from answers.reply import Draft
from domain.notice import Category, Notice, VideoDemand

_SIDES = re.compile(r"(\d{3,4})\s*[x*×乘]\s*(\d{3,4})")
_LINES = re.compile(
    r"(?<!\d)(240|360|480|540|576|720|768|900|960|1080|1200|1440|2160|4320)(?=p|i|线|的|视频|分辨率|[^\d字张个元号年月%]|$)"
)


_NO_NARRATION = re.compile(r"(?:没有|没|无|不带|不含|不配)旁白")
_NO_SUBTITLES = re.compile(r"(?:没有|没|无|不加|不带|没加|没上|不上|不要|不用|不配|没配)字幕|字幕(?:没|不|忘)")


def _demand(question: Question, notice: Notice) -> tuple[Category, VideoDemand] | None:
    for category in asked(question, notice, video=True):
        if category.video is not None:
            return category, category.video
    return None


def _resolution(demand: VideoDemand) -> str:
    return demand.resolution or f"{demand.min_long_side}×{demand.min_short_side}"


def tell_video(question: Question, notice: Notice, _: Lexicon) -> Draft | None:
    """The demands on a video; only those asked for when the question names one. None when no video is taken."""
    found = _demand(question, notice)
    if found is None:
        return None
    category, demand = found
    text = question.text
    parts = []
    if any(word in text for word in ("旁白", "字幕")) and demand.subtitles_if_narrated:
        parts.append("有旁白请添加字幕，没有旁白的通知没有要求加字幕")
    if any(word in text for word in ("音乐", "配乐", "bgm", "背景乐")) and demand.music_allowed:
        parts.append("可以配背景音乐，不是必须")
    if any(word in text for word in ("分辨率", "多高", "多少p", "几p")):
        parts.append(f"分辨率不低于 {_resolution(demand)}")
    if not parts:
        formats = "、".join(item.upper() for item in demand.formats)
        parts = [f"{titles((category,))}微视频：{formats} 格式", f"分辨率不低于 {_resolution(demand)}"]
        parts += ["、".join(demand.qualities)] if demand.qualities else []
        parts += ["可配背景音乐"] if demand.music_allowed else []
        parts += ["如有旁白请添加字幕"] if demand.subtitles_if_narrated else []
    return Draft("，".join(parts) + "。", (demand.clause,), "video")


def judge_subtitles(question: Question, notice: Notice, _: Lexicon) -> Draft | None:
    """The verdict on a video said to have no subtitles, or no narration; None when neither is said."""
    found = _demand(question, notice)
    if found is None or not found[1].subtitles_if_narrated or "字幕" not in question.text:
        return None
    text = question.text
    if _NO_NARRATION.search(text):
        told = "可以不加字幕。通知只要求有旁白时添加字幕。"
    elif "旁白" in text and _NO_SUBTITLES.search(text):
        told = "不符合。如有旁白，需要添加字幕。"
    else:
        return None
    return Draft(told, (found[1].clause,), "video", verdict=True)


def judge_resolution(question: Question, notice: Notice, words: Lexicon) -> Draft | None:
    """The verdict on a stated resolution, or None when none is stated."""
    found = _demand(question, notice)
    short = _stated_short_side(question.text, words)
    if found is None or short is None:
        return None
    _, demand = found
    name = _resolution(demand)
    meant = _meant(question, short)
    if meant.side is Side.UPPER:
        text = f"不是。{name} 是最低要求，微视频分辨率不低于 {name}，没有上限。"
        return Draft(text, (demand.clause,), "video", verdict=True)
    if not meant.exact and meant.high == short and short <= demand.min_short_side:
        text = f"不符合。微视频分辨率不低于 {name}，需要换成达到 {name} 的。"
        return Draft(text, (demand.clause,), "video", verdict=True)
    if meant.side is Side.LOWER and short != demand.min_short_side:
        return Draft(f"不是。微视频分辨率不低于 {name}。", (demand.clause,), "video", verdict=True)
    if short < demand.min_short_side:
        text = f"不符合。微视频分辨率不低于 {name}，{short} 低于要求，需要换成达到 {name} 的。"
    elif short == demand.min_short_side:
        text = f"符合。微视频分辨率不低于 {name} 即可。"
    else:
        text = f"可以。微视频分辨率不低于 {name} 即可，更高也符合要求。"
    return Draft(text, (demand.clause,), "video", verdict=True)


_RESOLUTION = re.compile(r"\d{3,4}(?:\s*[x*×乘]\s*\d{3,4})?\s*(?:p|i|线)?|[248]k|超清|全高清|蓝光|标清")


def _meant(question: Question, short: int) -> Reading:
    """How the stated resolution is meant: itself, the least, the most, below, above."""
    text = question.text
    for match in _RESOLUTION.finditer(text):
        meant = reading(text, *match.span(), short)
        if not meant.exact or meant.side is not Side.NONE:
            return meant
    return Reading(short, short)


def _stated_short_side(text: str, words: Lexicon) -> int | None:
    pair = _SIDES.search(text)
    if pair:
        return min(int(pair.group(1)), int(pair.group(2)))
    for name, lines in words.resolutions.items():
        if re.search(rf"(?<![\da-z]){re.escape(name)}(?![a-z\d])", text):
            return lines
    if not any(word in text for word in ("视频", "分辨率", "p", "清", "拍", "录", "mp4", "mov", "avi")):
        return None
    lines_found = _LINES.search(text)
    return int(lines_found.group(1)) if lines_found else None
