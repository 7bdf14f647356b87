"""What the notice demands of a video: told, and judged against a stated resolution."""

from __future__ import annotations

import re

from answers.comparison import Reading, Side, reading
from answers.demands import asked, titles
from answers.lexicon import Lexicon
from answers.question import Question
from answers.reply import Draft
from answers.suppositions import Stance
from domain.notice import Category, Notice, VideoDemand

_SIDES = re.compile(r"(\d{3,4})\s*[x*×乘]\s*(\d{3,4})")
_LINES = re.compile(
    r"(?<!\d)(240|360|480|540|576|720|768|900|960|1080|1200|1440|2160|4320)(?=p|i|线|的|视频|分辨率|[^\d字张个元号年月%]|$)"
)


_LETTERS = re.compile(r"字幕|屏幕[^,。;?]{0,4}字|视频[^,。;?]{0,12}[加打配上]字(?!数|体|号)")
_NO_NARRATION = re.compile(
    r"(?:没有|没|无|不带|不含|不配)旁白|没(?:有)?(?:一个|任何)?人[^,。;?]{0,2}(?:[说讲念]|开口|出声|发言)"
    r"|(?:一句话|一个字|一声|半句)[^,。;?]{0,3}(?:没有?|不)(?:[说讲念]|[,。;?]|$)|纯(?:画面|音乐)|默片|无声|没有?声音"
    r"|(?:谁|大家|全程|老师|学生)[^,。;?]{0,4}(?:没|不)(?:说话|讲话|开口|出声)"
)
_NARRATION = re.compile(
    r"旁白|从头讲|讲到尾|(?<!没)有人[^,。;?]{0,2}[讲说念]|边[^,。;?]{1,3}边讲|(?:我|老师|学生|里面|全程|一直)[^,。;?]{0,4}(?:讲|说|念|解释|介绍)(?!究)"
    r"|出声|口播|念稿|开口"
)
_NO_SUBTITLES = re.compile(
    r"(?:没有|没|无|不加|不带|没加|没上|不上|不要|不用|不配|没配|懒得上|懒得加|省了|省掉|免了)字幕|(?:没有|没|不|未)(?:加|打|配|上)字(?!数|体|号|幕)"
    r"|字幕(?:就|还|都|我|一个|一句|一行|也|嫌麻烦|太麻烦)*(?:没|不(?!够|清|对|全|同)|忘|省|免|未|懒)"
)


_SUBTITLED = re.compile(
    r"(?<![没不未])(?:加|打|配|上|做)(?:好|上|全|齐)?了?(?:的)?字幕(?![^,。;?]{0,3}[没不])|字幕(?:也|都)?(?:加|打|配|上|做)(?:好|上|全|齐)?了"
)
_SPARED = re.compile(r"(?:不|没|未|免|省|别|懒)[^,。;?]{0,4}(?:加|打|配|上|做)[^,。;?]{0,2}字幕")
_ALSO = re.compile(r"[也都还](?:得|要|必须|需要|非要)")


def _demand(question: Question, notice: Notice) -> tuple[Category, VideoDemand] | None:
    for category in asked(question, notice, video=True):
        if category.video is not None:
            return category, category.video
    return None


def _resolution(demand: VideoDemand) -> str:
    return demand.resolution or f"{demand.min_long_side}×{demand.min_short_side}"


_BESIDES = re.compile(r"除[^,。;?]{1,10}?(?:以外|之外|外|,)")
_ASKING = {
    "formats": r"格式|什么视频",
    "resolution": r"分辨率|多高|多少p|几p|几k|多少k|1080|720|高清",
    "qualities": r"画面|清晰|稳定|构思|新颖|内容|抖|糊|质量",
    "music": r"音乐|配乐|bgm",
    "subtitles": r"旁白|字幕",
}
_ALONE = {
    "music": "可以配背景音乐，不是必须",
    "subtitles": "有旁白请添加字幕，没有旁白的通知没有要求加字幕",
}


def _rules(demand: VideoDemand) -> dict[str, str]:
    """What a video must be, rule by rule."""
    rules = {
        "formats": f"{'、'.join(item.upper() for item in demand.formats)} 格式",
        "resolution": f"分辨率不低于 {_resolution(demand)}",
    }
    if demand.qualities:
        rules["qualities"] = "、".join(demand.qualities)
    if demand.music_allowed:
        rules["music"] = "可配背景音乐"
    if demand.subtitles_if_narrated:
        rules["subtitles"] = "如有旁白请添加字幕"
    return rules


def tell_video(question: Question, notice: Notice, _: Lexicon) -> Draft | None:
    """The demands on a video; only those asked for when the question names one. None when no video is taken."""
    found = _demand(question, notice)
    if found is None:
        return None
    category, demand = found
    rules = _rules(demand)
    asked_for = [name for name in rules if re.search(_ASKING[name], _BESIDES.sub("", question.text))]
    beside = {
        name for name in rules if (match := _BESIDES.search(question.text)) and re.search(_ASKING[name], match.group())
    }
    named = [name for name in asked_for if name not in beside]
    if beside and set(named) <= {"formats"}:
        named = [name for name in rules if name not in beside]
    if not named and any(re.search(asks, question.text) for name, asks in _ASKING.items() if name not in rules):
        return None
    if not named:
        return Draft(f"{titles((category,))}微视频：{'，'.join(rules.values())}。", (demand.clause,), "video")
    parts = [_ALONE.get(name, rules[name]) for name in named]
    return Draft("，".join(parts) + "。", (demand.clause,), "video")


def judge_subtitles(question: Question, notice: Notice, _: Lexicon) -> Draft | None:
    """The verdict on a video said to have no subtitles, or no narration; None when neither is said."""
    found = _demand(question, notice) if _LETTERS.search(question.text) else None
    if found is None or not found[1].subtitles_if_narrated:
        return None
    text = question.text
    if _NO_NARRATION.search(text):
        head = "不是必须。" if _demanded(question) else "可以不加字幕。"
        told = f"{head}通知只要求有旁白时添加字幕。"
    elif _NARRATION.search(text) and _is_subtitled(text) and question.wants_verdict:
        told = "符合。有旁白请添加字幕，没有旁白的通知没有要求加字幕。"
    elif _NARRATION.search(text) and (
        _NO_SUBTITLES.search(text) or _SPARED.search(text) or Stance.LEFT_OUT in question.acts
    ):
        told = "不符合。如有旁白，需要添加字幕。"
    elif _demanded(question) and "旁白" not in text:
        told = "不是必须。如有旁白请添加字幕，没有旁白的通知没有要求加字幕。"
    else:
        return None
    return Draft(told, (found[1].clause,), "video", verdict=True)


_NO_MUSIC = re.compile(
    r"(?:没有|没|不|未|无|省|懒得|少)(?:了|掉|去)?(?:配|加|放|用|要|带)?(?:上|过)?(?:背景)?音乐"
    r"|音乐[^,。;?]{0,3}(?:没有?(?!关系|问题|事)|不(?:配|加|放|要)|省|懒得)"
)


def judge_music(question: Question, notice: Notice, _: Lexicon) -> Draft | None:
    """The verdict on background music said to be demanded; None when that is not said."""
    found = _demand(question, notice) if re.search(_ASKING["music"], question.text) else None
    if found is None or not found[1].music_allowed:
        return None
    if _demanded(question):
        told = "不是必须。可以配背景音乐，通知没有要求一定要配。"
    elif Stance.FORBIDDEN in question.acts and question.claims:
        told = "不是。可以配背景音乐，不是必须。"
    elif question.wants_verdict and _NO_MUSIC.search(question.text):
        told = "可以不配。可以配背景音乐，不是必须。"
    else:
        return None
    return Draft(told, (found[1].clause,), "video", verdict=True)


def _is_subtitled(text: str) -> bool:
    return _SUBTITLED.search(text) is not None and _SPARED.search(text) is None


def _demanded(question: Question) -> bool:
    """Whether something is claimed to be demanded of every video, or asked whether it is."""
    also = _ALSO.search(question.text) is not None and question.claims
    return also or (Stance.REQUIRED in question.acts and (question.claims or "must" in question.acts))


_LOWERED = re.compile(r"(?:压|降|缩|转|改)(?:小|低)?(?:成|到|为)")
"""Who asks whether to lower a resolution states the one there is."""

_TURNED_AWAY = re.compile(r"(?<!要)不(?:能)?(?:收|行|要|让|认|可以|接受|允许|准|许|合格)")


_MUST = re.compile(
    r"(?:必须|一定要|一定得|非要|非得|要不要|硬性要求|需不需要|用不用)[^,。;?\d]{0,6}(?:\d{3,4}|[248]k|超清|蓝光)(?!(?:p|线)?以下)"
)
_OF_PICTURES = re.compile(r"^(?!.*(?:视频|录|片子)).*(?:插图|图片|照片|配图|图像)")


def judge_resolution(  # noqa: PLR0911 - one return for each way of putting it
    question: Question, notice: Notice, words: Lexicon
) -> Draft | None:
    """The verdict on a stated resolution, or None when none is stated."""
    short = _stated_short_side(question.text, words)
    found = _demand(question, notice) if short is not None else None
    if found is None or short is None or "支撑" in question.text or _OF_PICTURES.search(question.text):
        return None
    _, demand = found
    name = _resolution(demand)
    meant = _meant(question, short)
    if _is_least(question, meant, short, demand):
        head = "是的，" if short == demand.min_short_side else "不是。"
        text = f"{head}微视频分辨率不低于 {name} 即可，更高也可以。"
        return Draft(text, (demand.clause,), "video", verdict=True)
    if meant.side is Side.UPPER:
        text = f"不是。{name} 是最低要求，微视频分辨率不低于 {name}，没有上限。"
        return Draft(text, (demand.clause,), "video", verdict=True)
    if not meant.exact and meant.low >= demand.min_short_side and _TURNED_AWAY.search(question.text):
        text = f"不是。{name} 是最低要求，微视频分辨率不低于 {name}，更高也可以。"
        return Draft(text, (demand.clause,), "video", verdict=True)
    if not meant.exact and meant.high == short and short <= demand.min_short_side:
        text = f"不符合。微视频分辨率不低于 {name}，需要换成达到 {name} 的。"
        return Draft(text, (demand.clause,), "video", verdict=True)
    more = meant.exact and short > demand.min_short_side and question.claims and Stance.REQUIRED in question.acts
    if more or (meant.side is Side.LOWER and short != demand.min_short_side):
        return Draft(f"不是。微视频分辨率不低于 {name} 即可。", (demand.clause,), "video", verdict=True)
    if short < demand.min_short_side:
        text = f"不符合。微视频分辨率不低于 {name}，{short} 低于要求，需要换成达到 {name} 的。"
    elif short == demand.min_short_side:
        text = f"符合。微视频分辨率不低于 {name} 即可。"
    elif Stance.REQUIRED in question.acts and question.claims:
        text = f"不是。微视频分辨率不低于 {name} 即可，更高也符合要求。"
    else:
        text = f"可以。微视频分辨率不低于 {name} 即可，更高也符合要求。"
    return Draft(text, (demand.clause,), "video", verdict=True)


_ONLY_THAT = re.compile(
    r"(?:只|光|就)(?:认|收|要|接受|准|许|能(?:交|用|报|传|是))|才(?:收|行|算|要|认|作数|合格|可以|能|过)"
)
"""How the least is claimed: 只认4K, 1080P以上才收."""


def _is_least(question: Question, meant: Reading, short: int, demand: VideoDemand) -> bool:
    """Whether a resolution is said to be the least that is taken, or asked whether it is."""
    text = question.text
    if _MUST.search(text) and short >= demand.min_short_side and not _LOWERED.search(text):
        return True
    below = not meant.exact and meant.high == short
    return question.claims and ((_TURNED_AWAY if below else _ONLY_THAT).search(text) is not None)


_RESOLUTION = re.compile(r"\d{3,4}(?:\s*[x*×乘]\s*\d{3,4})?\s*(?:p|i|线)?|[248]k|超清|全高清|蓝光|标清")


def _meant(question: Question, short: int) -> Reading:
    """How the stated resolution is meant: itself, the least, the most, below, above."""
    text = question.text
    for match in _RESOLUTION.finditer(text):
        meant = reading(text, *match.span(), short)
        if not meant.exact or meant.side is not Side.NONE:
            return meant
    return Reading(short, short)


_REFUSED = re.compile(r"[pi线]?[^,。;?]{0,3}(?:不行|不收|不够|不要|不能|不可以|不达标|的?不算)")
_WILL_DO = re.compile(r"\d{3,4}[pi线]?[^,。;?\d]{0,4}[也都就][^,。;?]{0,2}(?:能|行|可以|够|收|过)")
"""Who says that another one will do as well proposes that one."""


_AS_SUCH = re.compile(r"分辨率[^,。;?\d]{0,4}(\d{3,4})(?![\dx*×乘年k])")
_STANDARD = re.compile(r"(?<!\d)(?:480|540|720|1080|1440|2160)(?:i|线|的)?(?=可以|行|能|收|算|会|不|就|吗|,|\?|$)")
"""Numbers that by themselves say how fine a picture is."""

_SHOT = ("视频", "分辨率", "p", "清", "拍", "录", "mp4", "mov", "avi")


def _stated_short_side(text: str, words: Lexicon) -> int | None:
    pair = _SIDES.search(text)
    if pair:
        return min(int(pair.group(1)), int(pair.group(2)))
    for name, lines in words.resolutions.items():
        if name in text and re.search(rf"(?<![\da-z.]){re.escape(name)}(?![a-z\d])", text):
            return lines
    stated_as_such = _AS_SUCH.search(text)
    if stated_as_such is not None:
        return int(stated_as_such.group(1))
    if not (_STANDARD.search(text) or any(word in text for word in _SHOT)):
        return None
    stated = [int(match.group(1)) for match in _LINES.finditer(text) if not _REFUSED.match(text, match.end())]
    return min(stated[:1] + [lines for lines in stated[1:] if _WILL_DO.search(text)], default=None)


_FILMED = re.compile(r"视频|画面|拍|录像")
_POOR = re.compile(r"抖(?!音)|晃|模糊|糊|不清晰|不清楚|看不清|不稳|缺一段|不完整|有杂音|卡顿|花屏|黑屏")


def judge_quality(question: Question, notice: Notice, _: Lexicon) -> Draft | None:
    """The verdict on a video that is said to be shaky or blurred; None when that is not said."""
    found = _demand(question, notice) if _POOR.search(question.text) and _FILMED.search(question.text) else None
    if found is None or not found[1].qualities:
        return None
    if re.search(r"不(?:能|可以|得|要)?(?:抖|晃|模糊|糊)|没有?(?:抖|晃)", question.text):
        return None
    text = f"不符合。微视频要求{'、'.join(found[1].qualities)}。"
    return Draft(text, (found[1].clause,), "video", verdict=True)
