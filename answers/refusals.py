"""What the engine will not answer: what the notice leaves open, what is not its subject, what must not be told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from answers.dates import last_day
from answers.lexicon import Lexicon, Phrase
from answers.patterns import Catalogue, Hit, Pattern, best, compiled
from answers.question import Question
from answers.reply import Draft
from answers.settled import is_settled
from answers.topics import Evidence
from domain.notice import Notice, UnitKind
from domain.roles import Role

_LISTED = re.compile(r"[、?。;!]|以及|还有|另外")
"""Between these things are asked for one by one: words on both sides do not make one open topic."""

_STATES = re.compile(r"\d|([\u4e00-\u9fff])不\1|多少|什么|怎么|几")
_PIECE = re.compile(r"[^,、。;?!\n]+")
_INTRODUCES = 8
"""A first segment up to this long may only say what the next one speaks of."""

_SEGMENT = re.compile(r"[^,。;?!\n]+[,。;?!\n]*")
CLEARLY = 1.5
_UNEXPLAINED = 4.0
_WHO_AND_WHAT = ("locate", "categories")
_BESIDE = {"quota": ("quota", "must-report", "addressees"), "deadline": ("deadline", "review", "")}
"""Numbers of cases and days are stated with so many things that a verdict on them counts only beside a topic near."""

_YEARS = re.compile(r"(?<![\da-z])(20\d\d)(?!\d|p|x|\*|字|个|行|够|可以|左右|多|到|以|不到)")
"""A number of characters (字数2000行吗) looks like a year."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A topic this notice is silent about, and how people ask for it; `near` is the closest topic, those in `over` only
    seem to be asked for with it."""

    name: str
    ask: tuple[Pattern, ...]
    near: str
    over: frozenset[str]


@dataclass(frozen=True, slots=True)
class SilenceHit:
    """That a question asks for something the notice leaves open."""

    silence: Silence
    weight: float
    span: frozenset[int]


def silences_of(notice: Notice, words: Lexicon) -> Catalogue[Silence]:
    """The topics of the language data that this notice indeed leaves open."""
    counties = [name for unit in notice.units if unit.kind is UnitKind.COUNTY for name in (unit.name, *unit.aliases)]
    silences = (
        Silence(
            topic.name,
            tuple(compiled(ask.replace("{county}", "|".join(counties))) for ask in topic.ask),
            topic.near,
            frozenset(topic.over),
        )
        for topic in words.silent
        if not is_settled(topic, notice)
    )
    return Catalogue(silences, lambda silence: silence.ask)


def silent_about(silences: Catalogue[Silence], text: str, words: Lexicon) -> SilenceHit | None:
    """The open topic a text asks for most clearly, or None."""
    found = None
    for silence, whole in silences.hits(text, words.light):
        hit = _in_one_piece(silence, text, words) if _asks_apart(whole, text) else whole
        if hit is not None and (found is None or hit.weight > found.weight):
            found = SilenceHit(silence, hit.weight, hit.span)
    return found


def _asks_apart(hit: Hit, text: str) -> bool:
    """Whether the words of a hit stand in parts of the text that are asked one by one."""
    if not hit.span:
        return False
    first, last = min(hit.span), max(hit.span)
    if _LISTED.search(text[first:last]):
        return True
    comma = text.find(",", first, last)
    opening = text[text.rfind(",", 0, first) + 1 : comma]
    return comma >= 0 and (len(opening) > _INTRODUCES or _STATES.search(opening) is not None)


def _in_one_piece(silence: Silence, text: str, words: Lexicon) -> Hit | None:
    """How one piece of the text by itself asks for an open topic."""
    for match in _PIECE.finditer(text):
        hit = best(silence.ask, match.group(), words.light)
        if hit is not None:
            return Hit(hit.weight, frozenset(place + match.start() for place in hit.span))
    return None


def whom_to_ask(notice: Notice, role: Role) -> str:
    """The sentence that names who can tell what the notice does not say."""
    if not notice.contacts:
        return "请直接问发通知的单位。"
    contact = notice.contacts[0]
    first = "可以先问本县市协调员，或问" if role is Role.TEACHER else "可以问"
    return f"{first}{notice.issued_by_short or notice.issued_by}联系人{contact.name}（电话 {contact.phone}）。"


_MADE_IN = re.compile(
    r"20\d\d年?(?:的时候|底|初|\d{1,2}月)?(?:就|开始)?(?:做|拍|写|搞|开展|实施|完成|发表|获|录|立项|启动)"
)
"""The year in which something was made is none of a notice."""


def years_named(text: str) -> set[int]:
    """The years a text names, other than those in which something was made."""
    return {int(year) for year in _YEARS.findall(_MADE_IN.sub("", text))}


def another_year(notice: Notice, text: str) -> bool:
    """Whether a text names a year that this notice is not about."""
    named = years_named(text)
    return bool(named) and named.isdisjoint(stage.closes_at.astimezone(notice.timezone).year for stage in notice.stages)


_OWN_YEAR = re.compile(
    r"^(?:我?(?:记得|听说|看|以为))?(?:[这本该]|[你咱我]们)?(?:个|份|次|回|的)?(?:通知|文件|文|活动|遴选|征集)?(?:是[吗不]?是?|属于|就是)*"
    r"(?:[去前今]年)?(?P<year>20\d\d)年?度?(?:的|发的?|印发的?|出的?|下的?|搞的?|办的?|做的?)*(?:那[个份])?(?:通知|文件|文|活动|遴选|征集)?的?"
    r"(?:吧|吗|嘛|是吗|对吗|对吧|对不对|是不是|,)*[?。!]*$"
)
"""A claim or a question that says nothing of the notice but its year."""


def claimed_year(notice: Notice, text: str) -> Draft | None:
    """The verdict on a year that the plain `text` gives the notice itself; None where it says anything else."""
    match = _OWN_YEAR.match(text)
    if match is None:
        return None
    years = {stage.closes_at.astimezone(notice.timezone).year for stage in notice.stages}
    head = "是的，" if int(match["year"]) in years else "不是。"
    told = f"这份通知是 {'、'.join(map(str, sorted(years)))} 年的，文号 {notice.document_no}。"
    clause = next((item.id for item in notice.clauses if notice.document_no in item.text), "")
    return Draft(head + told, (clause,) if clause else (), "document-no", verdict=True)


_NUMBER = re.compile(r"(?<!\d)1\d{10}(?!\d)")


def unknown_number(notice: Notice, asked: Question) -> str:
    """What is said to who asks whose telephone number it is that the notice does not print; "" where nobody asks."""
    match = _NUMBER.search(asked.text) if not asked.claims else None
    if (
        match is None
        or not re.search("谁|哪|什么", asked.text)
        or match.group() in {item.phone for item in notice.contacts}
    ):
        return ""
    return f"通知里没有 {match.group()} 这个号码。{whom_to_ask(notice, Role.ADMIN)}"


def contested(notice: Notice, beyond: Iterable[Phrase], words: Lexicon) -> tuple[str, ...]:
    """The names this notice has for what it collects that are otherwise words of what is not its subject: 教案."""
    others = {word for phrase in beyond for ask in phrase.ask for group in ask.wanted for word in group}
    own = {word.lower() for item in notice.categories for word in (item.name, item.group, *item.keywords)}
    return tuple(sorted(word for word in own - words.stop if any(word in other for other in others)))


def margin(hit: SilenceHit, strongest: Evidence) -> float:
    """By how much a topic must outweigh an open one: by more when it does not explain the words of the open one."""
    explained = len(hit.span & strongest.span) * 2 > len(hit.span)
    return CLEARLY if explained else _UNEXPLAINED


def settles(draft: Draft, asked: Question, notice: Notice, silence: Silence) -> bool:
    """Whether a verdict says enough beside an open topic, the nearest of which decides: that the last day is in time
    tells neither its last hour nor a respite, that enough are reported not how many one may, where
    a piece belongs not who may write it."""
    near = silence.near
    if draft.topic == "doers" and not draft.text.startswith("不"):
        return False
    if draft.topic in silence.over or near not in _BESIDE.get(draft.topic, (near,)):
        return False
    if (draft.topic == near == "quota" and not draft.text.startswith("不")) or (draft.topic, near) == _WHO_AND_WHAT:
        return False
    last = last_day(notice.intake_stage, notice.timezone)
    return draft.topic != "deadline" or draft.text.startswith("不") or (last not in asked.days and bool(asked.days))


def without_segments(text: str, hit: SilenceHit) -> str:
    """The text without the segments in which the open topic was asked for."""
    kept = (match.group() for match in _SEGMENT.finditer(text) if not hit.span & set(range(*match.span())))
    return "".join(kept)
