"""Whom a broadcast is for, read from how people say it: "还差的县的协调员", "A1类老师", "协调员张三、李四".

Every word has to be understood: a word left over is given back, never guessed at, and nothing is ever taken for wider
than it was said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.notice import Notice, UnitKind
from domain.roles import Role

_ROLE_WORDS: Mapping[str, frozenset[Role]] = {
    "协调员": frozenset({Role.COORDINATOR}),
    "联络员": frozenset({Role.COORDINATOR}),
    "教师": frozenset({Role.TEACHER}),
    "老师": frozenset({Role.TEACHER}),
    "管理员": frozenset({Role.ADMIN}),
}
_EVERYBODY = frozenset({"全体", "全部", "所有", "所有人", "全体人员", "全部人员", "每个人", "大家"})
_FILLERS = ("以及", "人员", "单位", "的", "和", "与", "及", "、", ",", "各", "全", "给", "向", "发", "里", "们", "人")
_OWES = (
    "还没达到最低数",
    "没达到最低数",
    "未达到最低数",
    "没达最低数",
    "未达最低数",
    "还没报齐",
    "没报齐",
    "未报齐",
    "没交齐",
    "未交齐",
    "还差案例",
    "还差",
    "没完成",
    "未完成",
)
_LAST = r"(?:上一?(?:条|次|个|份)?(?:群发|通知)?(?:里|中)?)?"
_UNACKNOWLEDGED = re.compile(rf"{_LAST}还?(?:没有|没|未)(?:确认|回复收到|回复){_LAST}的?人?")
_KIND_WORDS: Mapping[UnitKind, tuple[str, ...]] = {
    UnitKind.COUNTY: ("县市区", "县市", "县区", "县"),
    UnitKind.DIRECT_SCHOOL: ("直属直管学校", "直属学校", "直管学校"),
}
_CATEGORY = r"{code}类?"
_BETWEEN = re.compile(r"[、,和与及]")
_TITLE = r"(?:老师|教师|协调员|管理员|同志)?"
_NAME = re.compile(rf"(?P<name>[一-鿿·]{{2,8}}?)(?:\(编号(?P<number>\d{{1,9}})\))?{_TITLE}")
_PLAIN_NAME = r"{name}(?=(?:老师|教师|协调员|管理员|同志)?\s*(?:$|[、，,和与及]))"
NUMBERED = "{name}（编号{number}）"
"""How one of several people of a name is told apart."""


@dataclass(frozen=True, slots=True)
class Audience:
    """People who satisfy all of it: a role, a unit (`units` and `kinds` None: any), a case in a category, something
    still owed (by the unit; of a teacher, a case that has to be mended), no answer to the last broadcast. Empty sets
    ask for nothing. `names` are single people, asked for by name, `people` those told apart by their number as well.
    `everybody`: no role was left open by accident."""

    roles: frozenset[Role] = frozenset()
    units: frozenset[str] | None = None
    kinds: frozenset[UnitKind] | None = None
    categories: frozenset[str] = frozenset()
    owes: bool = False
    unacknowledged: bool = False
    names: tuple[str, ...] = ()
    people: tuple[tuple[int, str], ...] = ()
    everybody: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether it was said which people are meant: by role, by name, by what they have (not) done, or everybody."""
        told = self.roles or self.names or self.people or self.categories or self.unacknowledged
        return bool(told) or self.everybody


@dataclass(frozen=True, slots=True)
class Heard:
    """The audience as far as it was understood, and the words that were not."""

    audience: Audience
    unknown: str = ""


def read_audience(said: str, notice: Notice) -> Heard:
    """What the words before the text of a broadcast stand for; see the module."""
    rest, audience = _plain(said), Audience()
    unknown: list[str] = []
    while rest:
        # What narrows down after a role is about other people than that role: two units with a role each are not both
        # roles of both units.
        steps = _STEPS if not audience.roles else _AFTER_A_ROLE
        taken = next((taken for step in steps if (taken := step(rest, audience, notice)) is not None), None)
        if taken is None:  # a name, or something we do not know: as far as the next separator
            segment = _BETWEEN.split(rest, maxsplit=1)[0] or rest[0]
            unknown.append(segment)
            taken = len(segment), audience
        rest, audience = rest[taken[0] :], taken[1]
    return Heard(audience, "、".join(unknown))


def _plain(said: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", said))


_Taken = tuple[int, Audience] | None


def _unit(rest: str, audience: Audience, notice: Notice) -> _Taken:
    found: tuple[int, str] | None = None
    for unit in notice.units:
        for name in (unit.name, *unit.aliases):
            plain = _plain(name)
            if rest.startswith(plain) and (found is None or len(plain) > found[0]):
                found = len(plain), unit.id
    if found is None:
        return None
    return found[0], replace(audience, units=(audience.units or frozenset()) | {found[1]})


def _unacknowledged(rest: str, audience: Audience, _notice: Notice) -> _Taken:
    found = _UNACKNOWLEDGED.match(rest)
    return None if found is None else (found.end(), replace(audience, unacknowledged=True))


def _owes(rest: str, audience: Audience, _notice: Notice) -> _Taken:
    word = next((word for word in _OWES if rest.startswith(word)), None)
    return None if word is None else (len(word), replace(audience, owes=True))


def _kind(rest: str, audience: Audience, _notice: Notice) -> _Taken:
    for kind, words in _KIND_WORDS.items():
        word = next((word for word in words if rest.startswith(word)), None)
        if word is not None:
            return len(word), replace(audience, kinds=(audience.kinds or frozenset()) | {kind})
    return None


def _category(rest: str, audience: Audience, notice: Notice) -> _Taken:
    for category in sorted(notice.categories, key=lambda each: -len(each.code)):
        found = re.match(_CATEGORY.format(code=re.escape(category.code)), rest, re.IGNORECASE)
        if found is not None:
            return found.end(), replace(audience, categories=audience.categories | {category.code})
    return None


def _role(rest: str, audience: Audience, _notice: Notice) -> _Taken:
    for word, roles in _ROLE_WORDS.items():
        if rest.startswith(word):
            return len(word), replace(audience, roles=audience.roles | roles)
    return None


def _everybody(rest: str, audience: Audience, _notice: Notice) -> _Taken:
    word = max((word for word in _EVERYBODY if rest.startswith(word)), key=len, default=None)
    return None if word is None else (len(word), replace(audience, everybody=True))


def _filler(rest: str, audience: Audience, _notice: Notice) -> _Taken:
    word = next((word for word in _FILLERS if rest.startswith(word)), None)
    return None if word is None else (len(word), audience)


_STEPS = (_unit, _unacknowledged, _owes, _category, _role, _everybody, _kind, _filler)
_AFTER_A_ROLE = (_role, _filler)


def with_names(heard: Heard) -> Heard:
    """What was not understood, taken for names of people: "张三、李四老师", "张三（编号12）". Nothing is taken if not
    all of it can be names."""
    found = [_NAME.fullmatch(part) for part in heard.unknown.split("、")] if heard.unknown else []
    if not all(found):
        return heard
    names = tuple(one["name"] for one in found if one is not None and one["number"] is None)
    people = tuple((int(one["number"]), one["name"]) for one in found if one is not None and one["number"])
    return Heard(replace(heard.audience, names=names, people=people))


def told_apart(said: str, name: str, number: int) -> str:
    """The same words, this name in them meaning the person with this number."""
    plain = _PLAIN_NAME.format(name=re.escape(name))
    return re.sub(plain, lambda _: NUMBERED.format(name=name, number=number), said, count=1)
