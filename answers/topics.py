"""What can be told: topics computed from the notice's data and the facts of its answers.toml, and which of them a
question asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from answers import awards, demands, formats, quotas, schedule, structure, typography, video
from answers.every_notice import Telling, general_topics, printed_values, words_for
from answers.lexicon import Lexicon
from answers.own_words import OwnWords
from answers.patterns import Catalogue, Pattern, compiled
from answers.places import Places
from answers.question import Question
from answers.reply import Draft
from answers.rulings import ruled
from answers.settled import Settled, settled_topics
from answers.slots import filled
from answers.wording_files import OPEN
from domain.notice import Category, Notice, Ruling

Teller = Callable[[Question, datetime], Draft | None]
_COMPUTED_BONUS = 1.2
_QUOTED_MALUS = -0.6
"""A fact written for the thing is told rather than the sentence."""

_LEAST = 1.3
_ADDED_LEAST = 3.0
_ADDED_SHARE = 0.45
_NEW_CHARACTERS = 2
_MOST = 5

_COLLECTED = re.compile(
    r"(?<!一)都(?:要|给我|发我|发给|说|讲|报一|列|告诉)(?!是|交|有|写|得|报|按|必)|一起(?:给|发|说|讲|报)|一并|一次(?:说|讲|给)"
)
_OTHER = "!字|图|张|人|分|页|兆|作者|署名|奖|大小|长"
_OF_MAXIMUMS = (
    f"最多|上限|封顶|至多|限 报|交|推|送|可以|能 几|多少 {_OTHER}",
    f"限报|限额|名额 几|多少|@may|@what {_OTHER}",
    f"上限|封顶|最低数|下限 有|没有|吗 {_OTHER}",
    f"几件|多少件 报|交|限|最|推 {_OTHER}",
)
"""How the most is asked for that may be reported: many notices set only a least."""

_TITLES = re.compile("[与和、及]")
_LIST_ITEM = re.compile(r"[^,、;:。?!和]+")


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that can be told: how people ask for it, what tells it, and the clauses of a fact.
    What is to be told `alone` is not added to anything else."""

    name: str
    ask: tuple[Pattern, ...]
    tell: Teller
    bonus: float = 0.0
    clauses: tuple[str, ...] = ()
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """That a question asks for a topic: how strongly, and by which of its characters."""

    topic: Topic
    weight: float
    span: frozenset[int]


def topics_of(notice: Notice, words: Lexicon, places: Places) -> Catalogue[Topic]:
    """Every topic of this notice: computed ones first, then its facts, then what every notice says."""
    tellers = _tellers(notice, words, places)
    computed = [Topic(name, _asked(name, notice, words), teller, _COMPUTED_BONUS) for name, teller in tellers]
    facts, own = [], OwnWords(notice)
    for fact in notice.facts:
        draft = Draft(filled(notice, fact.say), fact.clauses, fact.id)
        teller = _ruling(draft, fact.rulings) if fact.rulings else _standing(draft)
        asks = tuple(compiled(own.plain(ask)) for ask in (*_read_off(fact.id, notice), *fact.topics))
        facts.append(Topic(fact.id, asks, teller, clauses=fact.clauses))
    general = [
        Topic(name, (*map(compiled, _read_off(name, notice)), *ask), _of_notice(telling, notice), 0.0)
        for name, ask, telling in general_topics(notice)
    ]
    quoted = [_quoted(item) for item in settled_topics(notice, words)]
    described = [
        Topic(item.code, _ways(item), _describing(item), clauses=(item.clause,), alone=True)
        for item in notice.categories
    ]
    sections = [Topic(name, (), _standing(places.written_in(name))) for name in places.sections]
    return Catalogue((*computed, *facts, *general, *quoted, *described, *sections), lambda topic: topic.ask)


def _read_off(name: str, notice: Notice) -> list[str]:
    """How people ask what something is that the notice prints, for the topic it belongs to; what is sent there, or
    claimed of it, is another matter."""
    return [f"{value} !发|交|传|寄|报|送|@claim" for value in printed_values(notice).get(name, ())]


def _of_notice(telling: Telling, notice: Notice) -> Teller:
    return lambda question, _now: telling(question, notice)


def _quoted(settled: Settled) -> Topic:
    """What other notices leave open, quoted from this one."""
    name = OPEN + settled.topic.name
    draft = Draft(f"通知里是这样写的：{settled.sentence.text.rstrip('。')}。", (settled.sentence.clause,), name)
    asks = (ask for ask in settled.topic.ask if "{" not in ask)
    return Topic(name, tuple(map(compiled, asks)), _standing(draft), _QUOTED_MALUS, (settled.sentence.clause,))


def _asked(name: str, notice: Notice, words: Lexicon) -> tuple[Pattern, ...]:
    """How people ask for a computed topic; the table in front of the template also by its own title."""
    title = notice.template.info_title
    own: list[str] = []
    if name == "info" and title:
        own = [f"{title} @what|@how|@must|填|写"]
    if name == "section":
        titles = {part for item in notice.template.sections for part in _TITLES.split(item.title) if len(part) > 1}
        own = [f"{part} 写|填|怎么|包括|要求|哪些 !哪类|哪一类|报" for part in sorted(titles)]
    if name == "video":
        only = {word for item in notice.categories if item.text is None for word in words_for(item)}
        own = [f"{word} 格式|分辨率|清晰度|要求|标准|字幕|音乐|画面" for word in sorted(only)]
    if name == "quota" and any(item.maximum is not None for item in notice.quotas):
        own = list(_OF_MAXIMUMS)
    return (*map(compiled, own), *words.aspects[name])


def _ways(category: Category) -> tuple[Pattern, ...]:
    """How a category itself is asked for."""
    code = category.code.lower()
    name = code if len(code) > 1 else f"{code}类"
    return (compiled(f"{name} @what|@how|@who|@may|@fit !字|图|几|多少|区别"),)


def _describing(category: Category) -> Teller:
    """What the notice says of a category, from its data."""
    parts = [f"{category.code} 类{category.about}"]
    parts += [f"聚焦{'、'.join(category.focus)}"] if category.focus else []
    parts += [f"突出{'、'.join(category.emphasis)}"] if category.emphasis else []
    draft = Draft("，".join(parts) + "。", (category.clause,), category.code)
    return lambda _question, _now: draft


def _ruling(draft: Draft, rulings: tuple[Ruling, ...]) -> Teller:
    """A fact that goes against what somebody supposes: who proposes to do without what it demands hears 不行 first."""
    return lambda question, _now: ruled(draft, rulings, question)


def _standing(draft: Draft) -> Teller:
    return lambda _question, _now: draft


def _tellers(notice: Notice, words: Lexicon, places: Places) -> tuple[tuple[str, Teller], ...]:
    return (
        ("words", lambda question, _: demands.tell_words(question, notice, words)),
        ("pictures", lambda question, _: demands.tell_pictures(question, notice, words)),
        ("fonts", lambda question, _: typography.tell_fonts(question, notice, words)),
        ("formats", lambda question, _: formats.tell_formats(question, notice, words)),
        ("video", lambda question, _: video.tell_video(question, notice, words)),
        ("deadline", lambda question, now: schedule.tell_deadline(question, notice, now)),
        ("opening", lambda question, now: schedule.tell_opening(question, notice, now)),
        ("review", lambda question, now: schedule.tell_review(question, notice, now)),
        ("quota", lambda question, _: quotas.tell_quota(question, notice, words)),
        ("awards", lambda question, _: awards.tell_awards(question, notice, words)),
        ("template", lambda question, _: structure.tell_template(question, notice)),
        ("info", lambda question, _: structure.tell_info(question, notice)),
        ("columns", lambda question, _: structure.tell_columns(question, notice)),
        ("place", lambda question, _: places.mentioned(question) or places.section(question)),
        (
            "section",
            lambda question, _: (
                structure.named_section(question, notice) or places.section(question) or places.likeliest(question)
            ),
        ),
    )


def asked_for(topics: Catalogue[Topic], text: str, words: Lexicon) -> tuple[Evidence, ...]:
    """The topics a text asks for, strongest first; of equals the one that stands first in `topics`."""
    found = [
        Evidence(topic, hit.weight + topic.bonus, hit.span)
        for topic, hit in topics.hits(text, words.light)
        if hit.weight >= _LEAST
    ]
    return tuple(sorted(found, key=lambda item: -item.weight))


@dataclass(frozen=True, slots=True)
class Told:
    """The pieces of an answer, and the characters of the question they answer."""

    drafts: tuple[Draft, ...]
    covered: frozenset[int]


def told(
    evidence: tuple[Evidence, ...], question: Question, now: datetime, taken: frozenset[int] = frozenset()
) -> Told:
    """The strongest topic, then each further one that stands on words of its own.

    `taken` are characters already answered (by a verdict); then even the first topic must stand on others."""
    drafts: list[Draft] = []
    covered = set(taken)
    first = evidence[0].weight if evidence else 0.0
    for item in evidence:
        if (drafts or taken) and item.topic.alone:
            continue
        if drafts or taken:
            fresh = len(item.span - covered)
            own = fresh * 2 > len(item.span) and fresh >= _NEW_CHARACTERS
            listed = _is_listed(question.text, item.span)
            if not own or (item.weight < max(_ADDED_LEAST, first * _ADDED_SHARE) and not listed):
                continue
        draft = item.topic.tell(question, now)
        if draft is None:
            continue
        drafts.append(draft)
        covered |= item.span
        if len(drafts) == _MOST:
            break
    return Told(tuple(drafts), frozenset(covered))


def _is_listed(text: str, span: frozenset[int]) -> bool:
    """Whether the words of a hit make up most of an item of a list: "字数、插图、模板"."""
    if _COLLECTED.search(text):
        return True
    for match in _LIST_ITEM.finditer(text):
        inside = sum(match.start() <= place < match.end() for place in span)
        named = any(not text[place].isascii() for place in span if match.start() <= place < match.end())
        if named and inside * 5 >= (match.end() - match.start()) * 3:
            return True
    return False
