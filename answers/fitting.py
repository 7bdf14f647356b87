"""Which category something fits: by what the notice says of each category and by who acts in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import rjieba

from answers.descriptions import Descriptions
from answers.lexicon import Lexicon
from answers.naming import mentions, plain_group
from answers.question import Question
from answers.reply import Draft
from answers.suppositions import DEVIATING
from domain.notice import Category, Notice

_PIECES = re.compile(r"[，。；：、\n]")
_PARTS = re.compile(r"[，。；：\n]")
_LONGEST_QUOTE = 48
_NUMBERED = re.compile(r"^[（(]?\d+[)）.、]\s*")
_EITHER = re.compile(r"是[^,。;?a-z]{1,8}还是(?!a|b|c)[^,。;?a-z]{1,6}")
"""Which of two things is meant, no category among them: no proposal."""

_LIMITED = re.compile(r"哪个主题|哪个题|第几个|只能|只有|必须|一定|限于")
_MAY = "可以，"
_OPEN = re.compile(r"哪些|哪几|哪[个样种]方面|什么方面|哪方面")
_LEVELS = re.compile(r"国家|全国|省|州(?=[里级的上]|平台|空间)")
"""Whose platform is used: of this the piece has to speak that is quoted."""

_IS_NOT = re.compile(r"不是(?:在|用|写|讲)?([^,。;?a-z]{2,6})")
_ALONE = re.compile(r"单独|独自|一家(?!人)|单打独斗|一个部门|一个单位|自己(?:就|来)?[写做报]|光靠|只靠")
_JOINT = re.compile(r"协同|联合|多部门|共同")
"""Who is said to act with others does not act alone."""

_ALL_OF = re.compile(r"都(?:提|写|有|要求|讲|说|包括|包含|强调)")
_HELD = 0.8
_SURE = 2.5
_LEAST = 1.5
_CLOSE = 0.72
_TOLD, _ENOUGH, _FAR = 0.7, 1.2, 1.5
_CLOSE_OWN = 0.6
_ACTOR = 2.0
_ACTOR_INSIDE = 0.8
_SHORTEST_PIECE = 4
_BY_MEANING = 0.5
_LACKS = (
    r"(?:没用|没有用|不用|没涉及|不涉及|没有涉及|不沾|没沾|没关系|没有关系|无关|不相干|没提|不提|没有|脱离)"
    r"(?:到|上|着)?"
)


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a category fits: `content` by its description, `actor` by who acts, and the piece that speaks for it,
    which by itself says as much as `told`."""

    category: Category
    content: float
    actor: float
    clause: str
    piece: str
    told: float

    @property
    def whole(self) -> float:
        """Both together."""
        return self.content + self.actor


class Fitting:
    """Compares what is described with every category of one notice."""

    def __init__(self, notice: Notice, words: Lexicon) -> None:
        self._notice = notice
        self._words = words
        self._pieces = {item.code: _pieces_of(item, notice) for item in notice.categories}
        self._descriptions = Descriptions(
            {
                item.code: "，".join([text for _, text in self._pieces[item.code]] + list(item.keywords))
                for item in notice.categories
            },
            words,
        )
        abouts = [set(rjieba.cut(item.about, False)) for item in notice.categories]
        self._core = sorted(word for word in set.intersection(*abouts) if len(word) > 1) if abouts else []

    def fits(self, text: str, among: tuple[str, ...] = ()) -> tuple[Fit, ...]:
        """The categories (only those `among`, if given), best first, for what `text` describes."""
        bare = _without_codes(text, self._notice)
        shared = self._descriptions.shared(bare)
        levels = set(_LEVELS.findall(bare))
        found = [
            self._fit(item, bare, shared[item.code], levels)
            for item in self._notice.categories
            if not among or item.code in among
        ]
        return tuple(sorted(found, key=lambda fit: -fit.whole))

    def _fit(self, category: Category, text: str, shared: frozenset[str], levels: set[str]) -> Fit:
        weight = self._descriptions.weight
        # Words the text has itself say more than words of the same meaning.
        speaking = {term: weight[term] * (1 if term in text else _BY_MEANING) for term in shared}
        pieces = self._pieces[category.code]
        pieces = [item for item in pieces if any(level in item[1] for level in levels)] or pieces
        clause, piece = pieces[0]
        if speaking:
            clause, piece = max(pieces, key=lambda item: _speaking(item[1], speaking) / (8 + len(item[1])) ** 0.5)
        told = sum(weight[term] for term in shared if term in piece)
        piece = _whole(piece, self._notice.clause(clause).text)
        return Fit(category, self._descriptions.of(shared), self._actor(category, text), clause, piece, told)

    def _actor(self, category: Category, text: str) -> float:
        """What those who act in `text` say for a category: its subject ends with who acts in it; where it does not, any
        named in it will do."""
        own = [actor for actor in self._words.actors if category.subject.endswith(actor.subjects)]
        inside = [actor for actor in self._words.actors if any(word in category.subject for word in actor.subjects)]
        if any(actor.said.search(text) for actor in own):
            return _ACTOR
        return _ACTOR_INSIDE if not own and any(actor.said.search(text) for actor in inside) else 0.0

    def tell(self, question: Question) -> Draft | None:
        """The category that what the question describes belongs to; None when the notice's descriptions do not tell."""
        among = question.categories if question.exact and len(question.categories) > 1 else ()
        fits = self.fits(question.text, among)
        best = fits[0]
        if best.content < _LEAST and (not among or best.whole <= fits[1].whole):
            return None
        if best.content < _LEAST:
            text = f"{best.category.code} 类（{best.category.name}）：写的是{best.category.subject}的做法。"
            return Draft(text, (best.category.clause,), "locate")
        text = f"{best.category.code} 类（{best.category.name}）：{_said(best.piece)}。"
        return Draft(text, (best.clause,), "locate")

    def judge_group(self, question: Question) -> Draft | None:
        """The verdict on which kind of cases a category is said to be (A类是学校案例吧); None when none is said."""
        if not question.acts & {"claim", "may"}:
            return None
        notice, right, clauses = self._notice, True, []
        groups = list(dict.fromkeys(item.group for item in notice.categories))
        spoken = list(question.mentions)
        for group in groups:
            at = question.text.find(plain_group(group))
            members = tuple(item.code for item in notice.categories if item.group == group)
            spoken += [(at, at + len(plain_group(group)), members)] if at >= 0 else []
        for _, end, codes in spoken:
            said = re.match(
                r"(?:类|案例)?(?:就|应该)?(?:是|叫|指|属于|写的是|代表)([^,。;?a-z]{2,14})", question.text[end:]
            )
            named = [group for group in groups if said and plain_group(group) in said.group(1)]
            if named:
                owners = [notice.category(code) for code in codes]
                right = right and all(owner.group == named[0] for owner in owners)
                clauses += [owner.clause for owner in owners]
        if not clauses:
            return None
        listed = "，".join(
            f"{'、'.join(item.code for item in notice.categories if item.group == group)} 是{group}" for group in groups
        )
        head = "是的，" if right else "不是。"
        return Draft(f"{head}{listed}。", tuple(dict.fromkeys(clauses)), "locate", verdict=True)

    def judge(self, question: Question) -> Draft | None:
        """The verdict on writing what the question describes in the one category it names; None when no such thing is
        proposed or the descriptions do not tell."""
        codes = {code for _, _, named in question.mentions for code in named}
        if len(codes) > 1 and _ALL_OF.search(question.text):
            return self._judge_each(question, codes)
        if len(codes) != 1 or not question.acts & {"may", "claim", "fit"} or question.amounts or question.counts:
            return None
        if "many" in question.acts or (_EITHER.search(question.text) and "fit" in question.acts):
            return None
        own = self._notice.category(codes.pop())
        lacking = self._lacking(own, question.text)
        if lacking:
            text = f"不符合。{own.code} 类要写{own.about}，不能离开“{lacking}”。"
            return Draft(text, (own.clause,), "locate", verdict=True)
        if "fit" not in question.acts or _LIMITED.search(question.text) or _OPEN.search(question.text):
            return None
        verdict = _compared(own, self.fits(question.text))
        approved = verdict is not None and verdict.text.startswith(_MAY)
        alone = _ALONE.search(question.text) is not None and _JOINT.search(own.subject) is not None
        left_out = alone or (
            (question.acts & DEVIATING or _denies(question.text, own)) and not _LEVELS.search(question.text)
        )
        return None if approved and (left_out or _denies(question.text, own)) else verdict

    def _judge_each(self, question: Question, codes: set[str]) -> Draft | None:
        """Whether the descriptions of all the categories named hold what the question names."""
        fits = self.fits(question.text, tuple(codes))
        holding = [fit for fit in fits if fit.content >= _HELD and _shares(fit.piece, question.text)]
        if not holding:
            return None
        head = "是的，" if len(holding) == len(fits) else "不是都有。"
        listed = "；".join(f"{fit.category.code} 类{_said(fit.piece)}" for fit in holding)
        return Draft(f"{head}{listed}。", tuple(fit.clause for fit in holding), "locate", verdict=True)

    def _lacking(self, category: Category, text: str) -> str:
        """A word the category is about that the proposal goes without; empty when there is none."""
        for word in dict.fromkeys((*self._core, *category.keywords)):
            if word not in category.about or word.lower() not in text:
                continue
            name = re.escape(word.lower())
            if re.search(rf"{_LACKS}[^,。;?]{{0,4}}{name}|{name}[^,。;?]{{0,2}}{_LACKS}", text):
                return word
        return ""


def _compared(own: Category, fits: tuple[Fit, ...]) -> Draft | None:
    """The verdict on `own` beside the category that fits best; None when the descriptions do not tell."""
    best = fits[0]
    mine = next(fit for fit in fits if fit.category is own)
    near = mine.whole >= best.whole * _CLOSE
    others = mine.actor < _ACTOR and any(fit.actor >= _ACTOR for fit in fits)
    if _belongs(mine, fits, near=near, others=others):
        return Draft(f"{_MAY}属于 {own.code} 类：{_said(mine.piece)}。", (mine.clause,), "locate", verdict=True)
    if best.whole < _ACTOR or near:
        return None
    if best.content < _LEAST and (mine.actor or best.actor < _ACTOR):
        return None
    if not others and mine.content >= _TOLD and best.content - mine.content < _FAR:
        return None
    why = f"：{_said(best.piece)}" if best.content >= _LEAST else ""
    text = (
        f"不合适。{own.code} 类写的是{own.subject}的做法，这样的内容更适合报 {best.category.code} 类"
        f"（{best.category.name}）{why}。"
    )
    return Draft(text, tuple(dict.fromkeys((own.clause, best.clause))), "locate", verdict=True)


def _belongs(mine: Fit, fits: tuple[Fit, ...], *, near: bool, others: bool) -> bool:
    """Whether what the notice says of a category speaks for it: plainly; or enough, where nobody else acts (`others`
    tells that somebody does) and no description says more; or a little, where those of the category act themselves."""
    acting = max((fit.whole for fit in fits if fit.actor >= _ACTOR), default=0.0) if others else 0.0
    if near and mine.content >= _SURE and mine.content >= acting:
        return True
    most = max(fit.content for fit in fits)
    if others or mine.content < most * (_CLOSE_OWN if mine.actor >= _ACTOR else _CLOSE):
        return False
    return mine.told >= _TOLD and mine.content >= (_TOLD if mine.actor >= _ACTOR else _ENOUGH)


def _speaking(piece: str, terms: Mapping[str, float]) -> float:
    """How much a piece speaks for a proposal: what those of the terms weigh that it holds."""
    return sum(weight for term, weight in terms.items() if term in piece)


def _denies(text: str, category: Category) -> bool:
    """Whether what is proposed is said not to be what the category is about: 不是故事."""
    said = (match.group(1) for match in _IS_NOT.finditer(text))
    return any(words[at : at + 2] in category.about for words in said for at in range(len(words) - 1))


def _shares(piece: str, text: str) -> bool:
    """Whether a piece of the notice and a text have four characters in a row in common."""
    return any(text[at : at + _SHORTEST_PIECE] in piece for at in range(len(text) - _SHORTEST_PIECE + 1))


def _said(piece: str) -> str:
    """That the notice says so; quotation marks inside become single ones."""
    inner = piece.replace("“", "‘").replace("”", "’")
    return f"通知写有“{inner}”"


def _whole(piece: str, text: str) -> str:
    """The part of a sentence of the notice that holds a piece, where that is short enough; else the piece."""
    part = next((part.strip() for part in _PARTS.split(text) if piece in part), piece)
    return _NUMBERED.sub("", part) if len(part) <= _LONGEST_QUOTE else piece


def _pieces_of(category: Category, notice: Notice) -> list[tuple[str, str]]:
    """What the notice says of a category, each piece with its clause: its own clause piece by piece, those below it
    whole."""
    pieces = []
    for clause in notice.clauses:
        if clause.id == category.clause:
            pieces += [(clause.id, piece.strip()) for piece in _PIECES.split(clause.text)]
        elif clause.id.startswith(f"{category.clause}."):
            pieces.append((clause.id, _NUMBERED.sub("", clause.text.strip()).rstrip("。；")))
    kept = [
        (clause, piece)
        for clause, piece in pieces
        if len(piece) >= _SHORTEST_PIECE and not re.fullmatch(r"[\d.\s]*[A-Za-z]\d?\s*类", piece)
    ]
    return kept or [(category.clause, category.about or category.name)]


def _without_codes(text: str, notice: Notice) -> str:
    for start, end, _ in reversed(mentions(text, notice)):
        text = text[:start] + "," + text[end:].removeprefix("类")
    return text
