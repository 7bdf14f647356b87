"""Taking the bot's own mention out of a group message, whose text holds the literal `@BotName` (protocol 2.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence

# A mention starts the text or follows white space, so that an address like a@b.cn is none.
_ANY_MENTION = re.compile(r"(?<!\S)@\S+")


def strip_mention(text: str, names: Sequence[str] = ()) -> str:
    """`text` without the mention of the bot, white space around it closed up.

    With `names`, every mention of one of them goes, also when the question follows without a space. Without, the first
    mention goes: the bot only sees group messages in which it was mentioned.
    """
    if names:
        longest_first = sorted(names, key=len, reverse=True)
        pattern = re.compile(r"(?<!\S)@(?:" + "|".join(map(re.escape, longest_first)) + ")")
        bare = pattern.sub(" ", text)
        if bare != text:
            return _close_up(bare)
    return _close_up(_ANY_MENTION.sub(" ", text, count=1))


def _close_up(text: str) -> str:
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(lines).strip()
