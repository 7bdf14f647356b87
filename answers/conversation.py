"""What was spoken of before: a follow-up ("那C类呢", "视频呢") is read as the whole question it stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from answers.lexicon import Lexicon
from answers.naming import mentions
from answers.numerals import NUMBER, number
from answers.question import Question, amounts_in, understood
from domain.notice import Notice

_LONGEST_KEPT = 80
_LONGEST_FOLLOW_UP = 16
_PARTED = "\t"
_OPENING = re.compile(r"^(?:那么|那(?![个些里])|然后|还有|如果是|要是|换成|换|改成|对于|至于|关于|就是|是)+")
_CLOSING = re.compile(r"(?:的话|的|呢|又|怎么样|怎么说|吗|也一样|也是|一样|\?|。|!|,)+$")


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one person last asked about, small enough for a column: the plain question (at most 80 characters), its
    topic and the codes of its categories. Empty when nothing has been asked lately."""

    asked: str = ""
    topic: str = ""
    categories: tuple[str, ...] = ()

    def written(self) -> str:
        """This conversation as one line, to be kept in a row."""
        return _PARTED.join((self.asked, self.topic, ",".join(self.categories))) if self.asked else ""

    @staticmethod
    def read(line: str) -> Conversation:
        """The conversation that `written` made a line of; an empty one for any other line."""
        parts = line.split(_PARTED)
        if len(parts) != 3 or not parts[0]:  # noqa: PLR2004 - as many as `written` joins
            return Conversation()
        return Conversation(parts[0], parts[1], tuple(code for code in parts[2].split(",") if code))


NOTHING = Conversation()
"""Nothing has been asked lately."""


def kept(asked: Question, topic: str) -> Conversation:
    """What to remember of a question that was answered."""
    return Conversation(asked.text[:_LONGEST_KEPT].replace(_PARTED, " "), topic, asked.categories)


def resumed(text: str, before: Conversation, notice: Notice, words: Lexicon) -> str:
    """The whole question that the plain `text` stands for after `before`: its own words where it is no follow-up.

    A category alone takes the place of the one spoken of; so does an amount of the same unit; a thing alone is asked
    for the category spoken of."""
    bare = _CLOSING.sub("", _OPENING.sub("", text))
    if not before.asked or not bare or len(bare) > _LONGEST_FOLLOW_UP:
        return text
    if mentions(text, notice) and _is_only_named(bare, notice):
        return _with_category(before.asked, bare, notice)
    amounts = amounts_in(bare, mentions(bare, notice), notice, words)
    amount = amounts[0] if len(amounts) == 1 else None
    stated = bare[amount.start : amount.end] if amount and amount.end - amount.start >= len(bare) - 3 else ""
    if stated or number(bare) is not None:
        unit = amount.unit if amount and stated else ""
        olds = amounts_in(before.asked, mentions(before.asked, notice), notice, words)
        old = next((item for item in olds if not unit or item.unit == unit), None)
        if old is not None:
            written = stated or bare + re.sub(rf"^{NUMBER}", "", before.asked[old.start : old.end])
            return before.asked[: old.start] + written + before.asked[old.end :]
    if before.categories and bare != text and not understood(bare, notice, words).categories:
        return f"{'、'.join(before.categories).lower()}类{words.single.get(bare, text)}"
    return text


def _is_only_named(bare: str, notice: Notice) -> bool:
    """Whether a follow-up names a category and nothing else."""
    rest = bare
    for start, end, _ in reversed(mentions(bare, notice)):
        rest = rest[:start] + rest[end:]
    return not re.sub(r"类|案例|材料|这|那|个|的|和|、|/", "", rest)


def _with_category(asked: str, named: str, notice: Notice) -> str:
    """`asked` about the category that `named` names."""
    old = mentions(asked, notice)
    if not old:
        return f"{named}{asked}"
    for place, (start, end, _) in enumerate(reversed(old)):
        last = place == len(old) - 1
        tail = asked[end:]
        if last and named.endswith("类") and tail.startswith("类"):
            tail = tail[1:]
        asked = asked[:start] + (named if last else "") + tail
    return asked
